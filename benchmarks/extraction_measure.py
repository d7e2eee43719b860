"""How well a text extractor does on pages with gold text: the figures, and nothing about any extractor.

A page set is a folder with ``index.jsonl`` (one JSON object a file: ``file``, ``kind``, ``url``, ``title``, ``published``,
``author``, ``must``, ``must_not``, ``gold``) as in ../shared/pages.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SHINGLE = 4


@dataclass(frozen=True, slots=True)
class GoldPage:
    """An article as a reader sees it. ``published`` is ISO 8601 with offset; it and ``author`` are None where the page
    states none; ``gold`` is the text, a block a line."""

    url: str
    body: bytes
    gold: str
    title: str
    published: str | None
    author: str | None
    must: tuple[str, ...]
    must_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What an extractor gave for a page; empty strings where it gave nothing. ``seconds`` is how long it took."""

    text: str
    title: str = ""
    published: str = ""
    author: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares are 0 to 1 of the pages (of the strings for ``must``); ``leaked`` counts boilerplate strings found."""

    f1: float
    must: float
    leaked: int
    title: float
    published: float
    author: float
    seconds: float


def load_pages(folder: Path) -> list[GoldPage]:
    """The articles with gold text in a folder of pages."""
    lines = (folder / "index.jsonl").read_text("utf-8").splitlines()
    return [_page(folder, entry) for entry in map(json.loads, lines) if entry.get("gold")]


def _page(folder: Path, entry: dict[str, object]) -> GoldPage:
    return GoldPage(
        url=str(entry["url"]),
        body=(folder / str(entry["file"])).read_bytes(),
        gold=(folder / str(entry["gold"])).read_text("utf-8"),
        title=str(entry["title"]),
        published=entry.get("published"),  # type: ignore[arg-type]
        author=entry.get("author"),  # type: ignore[arg-type]
        must=tuple(entry.get("must") or ()),  # type: ignore[arg-type]
        must_not=tuple(entry.get("must_not") or ()),  # type: ignore[arg-type]
    )


def shingle_f1(text: str, gold: str) -> float:
    """F1 of the overlap of 4-word shingles, counted with repetition; words are compared in NFC and lower case."""
    mine, theirs = _shingles(text), _shingles(gold)
    common = sum((mine & theirs).values())
    return 2 * common / (sum(mine.values()) + sum(theirs.values())) if common else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    found = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    return Counter(tuple(found[start : start + SHINGLE]) for start in range(max(1, len(found) - SHINGLE + 1)))


def strings_in(strings: Iterable[str], text: str) -> int:
    """How many strings stand in a text, white space and Unicode form aside."""
    flat = _flat(text)
    return sum(_flat(string) in flat for string in strings)


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def figures(pages: list[GoldPage], found: list[Found]) -> Figures:
    """Measure what was found against gold. Titles, times and authors count only where the page states them."""
    pairs = list(zip(pages, found, strict=True))
    return Figures(
        f1=_mean(shingle_f1(f.text, p.gold) for p, f in pairs),
        must=sum(strings_in(p.must, f.text) for p, f in pairs) / max(1, sum(len(p.must) for p in pages)),
        leaked=sum(strings_in(p.must_not, f.text) for p, f in pairs),
        title=_mean(_flat(f.title) == _flat(p.title) for p, f in pairs),
        published=_mean(_same_time(f.published, p.published) for p, f in pairs if p.published),
        author=_mean(_flat(f.author) == _flat(p.author) for p, f in pairs if p.author),
        seconds=_mean(f.seconds for f in found),
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _same_time(found: str, gold: str) -> bool:
    """Whether both state the same moment and the same zone."""
    try:
        mine, theirs = datetime.fromisoformat(found), datetime.fromisoformat(gold)
    except ValueError:
        return False
    return mine.tzinfo is not None and mine == theirs and mine.utcoffset() == theirs.utcoffset()
