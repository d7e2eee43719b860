"""How many pages a second an import takes, with one and with more processes, and what others make of the same file.

    .venv/bin/python benchmarks/import_pages.py [--pages 300] [--workers 1 2] [--peers PYTHON] [--dask]

Two files are made of the real pages in ../shared/pages (of our own in tests/pages_of_sources where those are missing), each
page as often as needed under an address of its own: ``as they are``, where hardly a page names Laos, as in a crawl of all news,
so that most are put aside at the first look; and ``each read``, where a headline about both armies stands at the head of every
page, so that each is extracted, judged, archived and stored. A first small import is not timed: it starts the processes.
``--peers`` names a Python that has news-please or fundus (``python -m venv peers; peers/bin/pip install news-please fundus``);
they extract every page and store nothing.
"""

import argparse
import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

from relevance.topic import load_topic
from spiders.sources import load_sources
from store.archive import Archive
from store.batch.crew import Crew, LocalCrew
from store.batch.imports import Taken, take_in
from store.batch.work import Setup
from store.database import Store

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "pages"
OWN = ROOT / "tests" / "pages_of_sources"
WARM_UP = 16
RELEVANT = "<h1>Quân đội nhân dân Lào thăm Bộ Quốc phòng Việt Nam</h1><p>Đoàn cán bộ quân đội Lào làm việc với Quân khu 4.</p>"


def pages() -> list[tuple[str, bytes]]:
    """Real pages, else our own: an address, in which {} is to be filled, and bytes."""
    if REAL.is_dir():
        lines = [json.loads(line) for line in (REAL / "index.jsonl").read_text("utf-8").splitlines()]
        chosen = [line for line in lines if line["kind"] in ("article", "listing") and line["file"].endswith(".html")]
        return [(f"{line['url']}?copy={{}}", (REAL / line["file"]).read_bytes()) for line in chosen]
    return [(f"https://{page.parent.name}.example/tin-{{}}", page.read_bytes()) for page in sorted(OWN.glob("*/page.html"))]


def made_relevant(body: bytes) -> bytes:
    return re.sub(rb"(<body\b[^>]*>)", lambda match: match[1] + RELEVANT.encode(), body, count=1)


def write_warc(path: Path, chosen: list[tuple[str, bytes]], count: int) -> int:
    """A file of so many pages; returns the bytes of their bodies."""
    size = 0
    with path.open("wb") as file:
        for number in range(count):
            pattern, body = chosen[number % len(chosen)]
            # no two bodies alike, or the archive would keep them as one
            body += b"<!-- %d -->" % number
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            headers = {
                "WARC-Type": "response",
                "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012d}>",
                "WARC-Target-URI": pattern.format(number),
                "WARC-Date": "2026-03-01T00:00:00Z",
                # fundus reads only records whose digests are right
                "WARC-Block-Digest": sha1(block),
                "WARC-Payload-Digest": sha1(body),
                "Content-Type": "application/http; msgtype=response",
                "Content-Length": len(block),
            }
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            file.write(gzip.compress(b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", 6))
            size += len(body)
    return size


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def imported(setup: Setup, crew: AbstractContextManager[Crew], path: Path, warm_up: Path) -> tuple[float, Taken]:
    """Seconds that the import of a file into a new home takes, and what came of it."""
    with (
        tempfile.TemporaryDirectory() as home,
        Store.open(home) as store,
        Archive(Path(home), store) as archive,
        crew as at_work,
    ):
        run = store.begin_run("import")
        for _ in take_in(store, archive, setup, at_work, warm_up, run, Taken(warm_up.name)):
            pass
        taken = Taken(path.name)
        began = time.perf_counter()
        for _ in take_in(store, archive, setup, at_work, path, run, taken):
            pass
        return time.perf_counter() - began, taken


def dask(setup: Setup, workers: int) -> AbstractContextManager[Crew]:
    from store.batch.on_dask import DaskCrew

    return DaskCrew(setup, "local", workers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--dask", action="store_true")
    options = parser.parse_args()
    setup = Setup(
        load_topic(ROOT / "seeds" / "topic.toml", ROOT / "seeds" / "people.toml"), load_sources(ROOT / "seeds" / "sources.toml")
    )
    chosen = pages()
    for name, found in (("as they are", chosen), ("each read", [(url, made_relevant(body)) for url, body in chosen])):
        with tempfile.TemporaryDirectory() as folder:
            path, warm_up = Path(folder) / "pages.warc.gz", Path(folder) / "warm-up.warc.gz"
            size = write_warc(path, found, options.pages)
            write_warc(warm_up, [(f"{url}&warm", body) for url, body in found], WARM_UP)
            kilobytes, packed = size / options.pages / 1000, path.stat().st_size / 1e6
            print(f"{name}: {options.pages} pages of {kilobytes:.0f} kB, {packed:.1f} MB packed")
            for workers in options.workers:
                tell(
                    f"import, {workers} process{'es' * (workers > 1)}",
                    *imported(setup, LocalCrew(setup, workers), path, warm_up),
                )
            if options.dask:
                most = max(options.workers)
                tell(f"import, Dask with {most}", *imported(setup, dask(setup, most), path, warm_up))
            if options.peers:
                sys.stdout.flush()
                subprocess.run([options.peers, str(Path(__file__).with_name("import_peers.py")), str(path)], check=True)


def tell(who: str, seconds: float, taken: Taken) -> None:
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(taken.counts.items()))
    print(f"  {who:24} {taken.records / seconds:7.1f} pages a second   ({counts})")


if __name__ == "__main__":
    main()
