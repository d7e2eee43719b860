"""How long one lookup among stored signatures takes, and how much memory the process uses.

    python -m benchmarks.stories_lookup [--signatures 1000000] [--lookups 2000] [--keep FILE]

Fills a table of text bands with made-up signatures (random bands, as unrelated texts have, and one in twenty a copy that
shares most bands with an earlier one), then asks for texts of which half have a copy. With datasketch installed the same
bands are put into its in-memory MinHashLSH (version 2) beside it, in a process of its own. Printed: 50th and 95th percentile
of a lookup, the greatest resident size of the process that looks up, the size of the file.
"""

import argparse
import importlib.util
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlite_utils import Database

from store.duplicates import BANDS, ROWS, TABLE, band_keys, candidates, create_tables

SHARED = 0.7
"""Share of bands that a made-up copy has in common with its original."""
WORDS = ("quân", "đội", "tuần", "tra", "mốc", "biên", "giới", "Lào", "Việt", "Nam", "hợp", "tác", "tỉnh", "huyện", "bản")


def keys_of(number):
    """The bands of made-up article ``number``: random, or mostly those of its original."""
    rng = random.Random(number)
    keys = [rng.getrandbits(64) - (1 << 63) for _ in range(BANDS)]
    if number % 20 == 19:
        original = keys_of(number - 7)
        return [old if rng.random() < SHARED else new for old, new in zip(original, keys, strict=True)]
    return keys


def fill(path, signatures, batch=20_000):
    """A file with that many signatures, filled in order of arrival as a store is."""
    db = Database(path)
    create_tables(db)
    db.conn.execute("PRAGMA journal_mode = WAL")
    db.conn.execute("PRAGMA synchronous = OFF")
    for start in range(0, signatures, batch):
        rows = sorted((key, number) for number in range(start, min(start + batch, signatures)) for key in keys_of(number))
        with db.conn:
            db.conn.executemany(f"INSERT OR IGNORE INTO {TABLE} VALUES (?, ?)", rows)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def asked(signatures, lookups):
    """Bands to look up: half those of a stored copy, half of nothing stored."""
    rng = random.Random(1)
    for turn in range(lookups):
        yield keys_of(rng.randrange(signatures) // 20 * 20 + 19 if turn % 2 else signatures + turn * 20)


def measure(look, signatures, lookups):
    """Milliseconds of each lookup, sorted, and how many found something."""
    times, hits = [], 0
    for keys in asked(signatures, lookups):
        start = time.perf_counter()
        hits += bool(look(keys))
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times), hits


def report(name, times, hits, extra):
    """One line of result."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{name:12} p50 {p50:.3f} ms, p95 {p95:.3f} ms, {hits} of {len(times)} found, peak {peak:.0f} MB{extra}", flush=True)


def look_up_in_table(path, signatures, lookups):
    """Lookups in the SQLite table."""
    db = Database(path)
    times, hits = measure(lambda keys: candidates(db, keys), signatures, lookups)
    report("bands table", times, hits, f", file {Path(path).stat().st_size / 1e6:.0f} MB")


def look_up_in_datasketch(signatures, lookups):
    """The same in datasketch's in-memory LSH: its hash tables get the bands as they are."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))

    def signature(keys):
        values = [key % (1 << 32) for key in keys for _ in range(ROWS)]
        return MinHash(num_perm=BANDS * ROWS, hashvalues=values, scheme="legacy")

    for number in range(signatures):
        index.insert(number, signature(keys_of(number)), check_duplication=False)
    times, hits = measure(lambda keys: index.query(signature(keys)), signatures, lookups)
    report("datasketch", times, hits, "")


def signing_speed():
    """Time to make the bands of one article of 500 words."""
    text = " ".join(random.Random(2).choices(WORDS, k=500))
    start = time.perf_counter()
    for _ in range(20):
        band_keys(text)
    print(f"{'signing':12} {(time.perf_counter() - start) * 50:.1f} ms an article of 500 words", flush=True)


def main():
    """Runs each part in a process of its own, so that peaks are its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--signatures", type=int, default=1_000_000)
    parser.add_argument("--lookups", type=int, default=2_000)
    parser.add_argument("--keep", metavar="FILE", help="fill this file, or use it as it is")
    parser.add_argument("--part", choices=("fill", "table", "datasketch"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part == "fill":
        return fill(options.keep, options.signatures)
    if options.part == "table":
        return look_up_in_table(options.keep, options.signatures, options.lookups)
    if options.part == "datasketch":
        return look_up_in_datasketch(options.signatures, options.lookups)
    signing_speed()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or str(Path(folder) / "bands.db")
        sizes = ["--signatures", str(options.signatures), "--lookups", str(options.lookups)]
        run = [sys.executable, "-m", "benchmarks.stories_lookup", *sizes]
        if not Path(path).exists():
            start = time.perf_counter()
            subprocess.run([*run, "--keep", path, "--part", "fill"], check=True)
            print(f"{'filling':12} {options.signatures} signatures in {time.perf_counter() - start:.0f} s", flush=True)
        subprocess.run([*run, "--keep", path, "--part", "table"], check=True)
    if importlib.util.find_spec("datasketch"):
        subprocess.run([*run, "--part", "datasketch"], check=False)
    else:
        print("datasketch   not installed, skipped")
    return None


if __name__ == "__main__":
    main()
