"""The shape of an address: what those of one publishing system's articles have in common, and sections do not. Pure."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["end", "start", "number", "code", "slug", "word"]

# Five digits: the numbers of the declared sources have five and more, and a year at the end of a headline has four.
NUMBER_AT_END = re.compile(r"(?P<slug>.+?)(?P<label>[-_.][A-Za-z]{0,5})(?P<number>\d{5,})")
NUMBER_AT_START = re.compile(r"(?P<number>\d{5,})(?P<label>[-_])(?P<slug>.+)")
CODE = re.compile(r"[0-9A-Fa-f]{16,}")
ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
HEADLINE_WORDS = 4  # words from which a slug may be a headline; section names of the declared listings have up to four
SHORTEST_NUMBER = 4  # digits of an article's number that stands alone; a shorter one is the page of a list
LONG_VALUE = 20  # characters of a query value that can name an article

# Folders and labels of pages that list articles or find them, on any publishing system, in both languages.
INDEX = frozenset(
    (
        *("tag", "tags", "topic", "topics", "keyword", "keywords", "label", "category", "author", "authors", "search", "page"),
        *("tu-khoa", "chu-de", "su-kien", "chuyen-muc", "tac-gia", "tim-kiem", "trang", "rss", "feed", "feeds"),
    )
)


@dataclass(frozen=True, slots=True)
class Shape:
    """``inner`` are the folders from the first all-digit one on, as ``number`` or ``word``; ``kind`` says where the last part
    has its number (``slug``: none, but the words of a headline), ``label`` what stands between slug and number."""

    inner: tuple[str, ...]
    kind: Kind
    label: str
    ending: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart, the part below ``base`` only. ``folders`` are the sections before the first all-digit one;
    ``query`` is in the order of the address."""

    url: str
    folders: tuple[str, ...]
    inner: tuple[str, ...]
    slug: str
    number: str
    shape: Shape
    query: tuple[tuple[str, str], ...]


def take_apart(url: str, base: str = "/") -> Address:
    """The parts of an address whose path begins with ``base``."""
    parts = urlsplit(url)
    *folders, last = parts.path.removeprefix(base).strip("/").split("/")
    first = next((at for at, folder in enumerate(folders) if folder.isascii() and folder.isdigit()), len(folders))
    ending = match.group() if (match := ENDING.search(last)) and match.start() else ""
    kind, slug, label, number = _last(last.removesuffix(ending))
    query = tuple((key, value) for key, _, value in (part.partition("=") for part in parts.query.split("&") if part))
    inner = tuple("number" if folder.isascii() and folder.isdigit() else "word" for folder in folders[first:])
    shape = Shape(inner, kind, label, ending, tuple(key for key, _ in query))
    return Address(url, tuple(folders[:first]), tuple(folders[first:]), slug, number, shape, query)


def _last(stem: str) -> tuple[Kind, str, str, str]:
    if stem.isascii() and stem.isdigit() and len(stem) >= 2:
        return "number", "", "", stem
    if CODE.fullmatch(stem):
        return "code", stem, "", ""
    if match := NUMBER_AT_END.fullmatch(stem):
        return "end", match["slug"], match["label"], match["number"]
    if match := NUMBER_AT_START.fullmatch(stem):
        return "start", match["slug"], match["label"], match["number"]
    return ("slug" if len(re.split(r"[-_]+", stem)) >= HEADLINE_WORDS else "word"), stem, "", ""


def is_index(address: Address) -> bool:
    """Whether the address says that it lists or finds articles."""
    label = address.shape.label.strip("-_.").lower()
    return label in INDEX or any(folder.lower() in INDEX for folder in address.folders)


def is_numbered(shape: Shape) -> bool:
    """Whether such addresses carry a number or a code."""
    return shape.kind not in ("slug", "word") or "number" in shape.inner


def may_be_article(address: Address) -> bool:
    """Whether the address alone would let one think of an article: a number, a code, or the words of a headline."""
    if address.shape.kind == "number" and not address.shape.inner:
        return len(address.number) >= SHORTEST_NUMBER
    if address.shape.kind == "slug" or is_numbered(address.shape):
        return True
    return any(re.fullmatch(r"[0-9]{4,}", value) or len(value) >= LONG_VALUE for _, value in address.query)
