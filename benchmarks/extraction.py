"""Measure extraction on pages with gold text, generic and with source rules, peers beside it in the same run.

    python benchmarks/extraction.py [--pages DIR] [--no-peers] [--update]

Prints a table and compares with ``extraction_floors.toml``; exit code 1 when a figure is below its floor. ``--update`` raises
the floors to what was reached and never lowers one.
"""

import argparse
import sys
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from extraction_measure import Figures, Found, GoldPage, figures, load_pages  # noqa: E402
from extraction_peers import peers, timed  # noqa: E402

from extract.output import article_json  # noqa: E402
from extract.to_article import to_article  # noqa: E402
from spiders import page as pages  # noqa: E402
from spiders.sources import Source, load_sources, source_of  # noqa: E402

FLOORS = HERE / "extraction_floors.toml"
RULES = HERE / "extraction_sources.toml"
SEEDS = HERE.parent / "seeds" / "sources.toml"
# The gold pages were fetched before this day; the clock is fixed, so that dates are judged alike in any year.
NOW = datetime(2026, 12, 31, tzinfo=UTC)
MORE_IS_WORSE = ("leaked",)


def ours(page: GoldPage, source: Source | None) -> Found:
    """What vietlao finds on a page, in the form in which peers are measured."""
    found = pages.Found(page.url, page.url, source.id if source else "", "benchmark", "given")
    fetched = pages.Page(found, page.url, 200, (("Content-Type", "text/html"),), page.body, NOW)
    started = time.perf_counter()
    article = article_json(to_article(fetched, source, now=NOW))
    values = {key: str(article[key] or "") for key in ("text", "title", "published", "author")}
    return Found(**values, seconds=time.perf_counter() - started)


def sources() -> tuple[Source, ...]:
    """The shipped sources, behind them those of gold pages that are no source of ours."""
    return (*load_sources(SEEDS), *load_sources(RULES))


def measure_ours(gold: list[GoldPage]) -> dict[str, Figures]:
    """Both rows that have floors."""
    known = sources()
    ours(gold[0], None)  # the first page pays for imports and compiled patterns
    return {
        "generic": figures(gold, [ours(page, None) for page in gold]),
        "rules": figures(gold, [ours(page, source_of(page.url, known)) for page in gold]),
    }


def measure_peers(gold: list[GoldPage]) -> tuple[dict[str, Figures], list[str]]:
    """Figures of the peers that are installed, and the names of those that are not."""
    measured, missing = {}, []
    for name, load in peers().items():
        try:
            extractor = load()
        except ImportError:
            missing.append(name)
            continue
        timed(extractor, gold[0])
        measured[name] = figures(gold, [timed(extractor, page) for page in gold])
    return measured, missing


def table(rows: dict[str, Figures]) -> str:
    """The figures as aligned text, one row an extractor."""
    lines = [f"{'':18} {'F1':>7} {'must':>6} {'leaked':>6} {'title':>6} {'time':>6} {'author':>6} {'ms/page':>8}"]
    for name, row in rows.items():
        shares = f"{row.must:6.0%} {row.leaked:6d} {row.title:6.0%} {row.published:6.0%} {row.author:6.0%}"
        lines.append(f"{name:18} {row.f1:7.4f} {shares} {row.seconds * 1000:8.0f}")
    return "\n".join(lines)


def read_floors(path: Path = FLOORS) -> dict[str, dict[str, float]]:
    return tomllib.loads(path.read_text("utf-8"))


def below(measured: dict[str, Figures], floors: dict[str, dict[str, float]]) -> list[str]:
    """A sentence for every figure that is worse than its floor."""
    worse = []
    for row, limits in floors.items():
        for key, floor in limits.items():
            reached = getattr(measured[row], key)
            if (reached > floor) if key in MORE_IS_WORSE else (reached < floor - 1e-9):
                worse.append(f"{row}: {key} is {reached:.4g}, the floor is {floor:.4g}")
    return worse


def raised(measured: dict[str, Figures], floors: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The floors moved up to what was reached (F1 rounded down to three places), never down."""
    better: dict[str, dict[str, float]] = {}
    for row, limits in floors.items():
        better[row] = {}
        for key, floor in limits.items():
            reached = getattr(measured[row], key)
            rounded = int(reached * 1000) / 1000
            better[row][key] = min(floor, reached) if key in MORE_IS_WORSE else max(floor, rounded)
    return better


def write_floors(floors: dict[str, dict[str, float]], path: Path = FLOORS) -> None:
    head = path.read_text("utf-8").split("\n[")[0].rstrip()
    parts = [f"[{row}]\n" + "".join(f"{key} = {value}\n" for key, value in limits.items()) for row, limits in floors.items()]
    path.write_text(head + "\n\n" + "\n".join(parts), "utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pages", type=Path, default=HERE.parent.parent / "shared" / "pages")
    parser.add_argument("--no-peers", action="store_true", help="measure our own two rows only")
    parser.add_argument("--update", action="store_true", help="raise the floors to what was reached")
    options = parser.parse_args(arguments)
    if not (options.pages / "index.jsonl").exists():
        print(f"There are no gold pages in {options.pages}; name a folder with --pages.")
        return 2
    gold = load_pages(options.pages)
    measured = measure_ours(gold)
    others, missing = ({}, []) if options.no_peers else measure_peers(gold)
    print(f"{len(gold)} pages with gold text\n{table({**measured, **others})}")
    if missing:
        print(f"not installed and not measured: {', '.join(missing)}")
    worse = below(measured, read_floors())
    print("\n".join(worse) if worse else "no figure is below its floor")
    if options.update and not worse:
        write_floors(raised(measured, read_floors()))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
