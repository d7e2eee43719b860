"""Measure the generic path on the test pages of other extractors, which nobody here wrote rules for, peers beside it.

    python benchmarks/extraction_foreign.py fundus=DIR trafilatura=DIR scrapinghub=DIR readability=DIR newspaper4k=DIR

Each DIR is a checkout of the project's repository (flairNLP/fundus, adbar/trafilatura,
scrapinghub/article-extraction-benchmark, mozilla/readability, AndyTheFactory/newspaper4k); name those that are there. What
they expect is their taste, not gold: some keep captions, name organisations as authors, or prefer og:title to the headline
shown. So these figures have no floors; they show where a peer finds what is missed here.
"""

import argparse
import gzip
import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from extraction import ours  # noqa: E402
from extraction_measure import Found, GoldPage, shingle_f1  # noqa: E402
from extraction_peers import peers, timed  # noqa: E402
from lxml import html  # noqa: E402

SEED = 4
COMPARED = ("trafilatura", "readability-lxml")


@dataclass(frozen=True, slots=True)
class Expected:
    """A page and what its project expects; None where it expects nothing. ``page.must`` and ``page.must_not`` are snippets;
    ``page.gold`` is empty where only those are given."""

    page: GoldPage
    authors: tuple[str, ...] = ()


def expected(url: str, body: bytes, gold: str = "", **stated: object) -> Expected:
    date, authors = stated.get("date"), stated.get("authors") or ()
    must, must_not = stated.get("must") or (), stated.get("must_not") or ()
    title = str(stated.get("title") or "")
    page = GoldPage(url, body, gold, title, str(date) if date else None, None, tuple(must), tuple(must_not))  # type: ignore[arg-type]
    return Expected(page, tuple(authors) if isinstance(authors, list | tuple) else (str(authors),))  # type: ignore[arg-type]


def fundus(root: Path) -> Iterator[Expected]:
    """A page has the expectation that shares most paragraphs with it; pages of parsers that are gone have none."""
    for meta in sorted((root / "tests/resources/parser/test_data").glob("*/meta.info")):
        for name, entry in json.loads(meta.read_text("utf-8")).items():
            file, versions = meta.parent / name, meta.parent / (re.split(r"_\d{4}_\d\d_\d\d", name)[0] + ".json")
            if file.exists() and versions.exists():
                body = gzip.decompress(file.read_bytes())
                text = _flat(html.fromstring(body).text_content())
                known = [v for v in json.loads(versions.read_text("utf-8")).values() if v.get("body")]
                best = max(known, key=lambda v: _share(_paragraphs(v), text), default=None)
                if best and _share(_paragraphs(best), text) >= 0.5:
                    stated = {"title": best.get("title"), "date": best.get("publishing_date"), "authors": best.get("authors")}
                    yield expected(entry["url"], body, "\n".join(_paragraphs(best)), **stated)


def _paragraphs(version: dict[str, dict[str, list[dict[str, list[str]]]]]) -> list[str]:
    body = version["body"]
    return [*map(str, body["summary"]), *(p for s in body["sections"] for p in [*s["headline"], *s["paragraphs"]])]


def _share(paragraphs: list[str], text: str) -> float:
    return sum(_flat(paragraph)[:60] in text for paragraph in paragraphs) / max(1, len(paragraphs))


def trafilatura(root: Path) -> Iterator[Expected]:
    for url, entry in json.loads((root / "tests/evaldata.json").read_text("utf-8")).items():
        file = root / "tests/eval" / entry["file"]
        if file.exists() and "title" in entry:
            authors = entry["author"] if isinstance(entry["author"], list) else re.split(r"\s*;\s*", entry["author"])
            named = [author for author in authors if author]
            stated = {"title": entry["title"], "date": entry["date"], "authors": named}
            yield expected(url, file.read_bytes(), must=entry["with"], must_not=entry["without"], **stated)


def scrapinghub(root: Path) -> Iterator[Expected]:
    for name, entry in json.loads((root / "ground-truth.json").read_text("utf-8")).items():
        file = root / "html" / f"{name}.html.gz"
        if file.exists():
            yield expected(entry["url"], gzip.decompress(file.read_bytes()), entry["articleBody"])


def readability(root: Path) -> Iterator[Expected]:
    for folder in sorted((root / "test/test-pages").iterdir()):
        if (folder / "expected.html").exists():
            stated = json.loads((folder / "expected-metadata.json").read_text("utf-8"))
            byline = re.sub(r"^by\s+", "", stated.get("byline") or "", flags=re.IGNORECASE)
            text = " \n ".join(html.fromstring((folder / "expected.html").read_text("utf-8") or "<p></p>").itertext())
            url = f"http://fakehost/test/{folder.name}.html"
            found = {"title": stated.get("title"), "date": stated.get("publishedTime"), "authors": [byline] if byline else ()}
            yield expected(url, (folder / "source.html").read_bytes(), text, **found)


def newspaper4k(root: Path) -> Iterator[Expected]:
    for meta in sorted((root / "tests/data/metadata").glob("*.json")):
        page, text = (root / "tests/data" / kind / f"{meta.stem}.{kind}" for kind in ("html", "txt"))
        if page.exists() and text.exists():
            stated = json.loads(meta.read_text("utf-8"))
            found = {"title": stated.get("title"), "date": stated.get("publish_date"), "authors": stated.get("authors")}
            yield expected(stated.get("url") or "http://fakehost/", page.read_bytes(), text.read_text("utf-8"), **found)


SETS: dict[str, Callable[[Path], Iterator[Expected]]] = {
    reader.__name__: reader for reader in (fundus, trafilatura, scrapinghub, readability, newspaper4k)
}


def _flat(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return " ".join(plain.split())


def scores(want: Expected, found: Found) -> dict[str, float]:
    """What can be told of one page, 0 to 1 each; ``found`` and ``leaked`` count snippets."""
    told: dict[str, float] = {}
    if want.page.gold.strip():
        told["f1"] = shingle_f1(found.text, want.page.gold)
    if want.page.title:
        told["title"] = _flat(found.title).casefold() == _flat(want.page.title).casefold()
    if want.page.published:
        told |= _times(want.page.published, found.published)
    if want.authors:
        told["author"] = _names(want.authors) == _names((found.author,))
    if want.page.must or want.page.must_not:
        text = _flat(found.text)
        told["found"] = sum(_flat(snippet) in text for snippet in want.page.must) / max(1, len(want.page.must))
        told["leaked"] = sum(_flat(snippet) in text for snippet in want.page.must_not)
    return told


def _times(stated: str, found: str) -> dict[str, float]:
    """The day as either states it, and the minute where one is stated. Without a zone the clock alone is compared."""
    told: dict[str, float] = {"day": stated[:10] == found[:10]}
    clock = re.search(r"[T ](\d\d:\d\d)", stated)
    if clock and clock.group(1) != "00:00":
        try:
            gold, mine = (datetime.fromisoformat(value).replace(second=0, microsecond=0) for value in (stated, found))
        except ValueError:
            return told | {"time": 0.0}
        both = gold.tzinfo is not None and mine.tzinfo is not None
        same = gold == mine if both else gold.replace(tzinfo=None) == mine.replace(tzinfo=None)
        told |= {"time": same, "day": same or told["day"]}
    return told


def _names(authors: tuple[str, ...]) -> list[str]:
    parts = [part for author in authors for part in re.split(r"\s*(?:,|;| and | und )\s*", _flat(author))]
    return sorted(part.casefold() for part in parts if part)


def row(name: str, pages: list[Expected], extract: Callable[[GoldPage], Found]) -> str:
    told = [scores(page, extract(page.page)) for page in pages]
    cells = []
    for key in ("f1", "title", "day", "time", "author", "found", "leaked"):
        values = [scored[key] for scored in told if key in scored]
        if values:
            cells.append(f"{key} {sum(values) if key == 'leaked' else sum(values) / len(values):.3g} ({len(values)})")
    return f"  {name:18} {'  '.join(cells)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("sets", nargs="+", metavar="SET=DIR", help=f"SET is one of {', '.join(SETS)}")
    parser.add_argument("--sample", type=int, default=250, help="at most so many pages of a set, drawn with a fixed seed")
    options = parser.parse_args()
    loaded = {name: load for name, load in peers().items() if name in COMPARED}
    for given in options.sets:
        name, _, folder = given.partition("=")
        if name not in SETS or not Path(folder).is_dir():
            parser.error(f"{given} is no SET=DIR; SET is one of {', '.join(SETS)}, DIR a folder that exists")
        pages = list(SETS[name](Path(folder)))
        pages = random.Random(SEED).sample(pages, options.sample) if len(pages) > options.sample else pages
        print(f"{name}: {len(pages)} pages")
        print(row("vietlao", pages, lambda page: ours(page, None)))
        for peer, load in loaded.items():
            try:
                extractor = load()
            except ImportError:
                print(f"  {peer:18} not installed")
                continue
            print(row(peer, pages, lambda page, run=extractor: timed(run, page)))  # type: ignore[misc]
    return 0


if __name__ == "__main__":
    sys.exit(main())
