"""``sources record``: a page kept as an example, with what must come out of it, in the form that the suite reads."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lxml.html import HtmlElement

from extract.article import Article
from extract.encoding import decode
from extract.markup.tree import parse, remove_unseen, text_of
from extract.quality import SENTENCES
from extract.to_article import to_article
from spiders.errors import ConfigurationError, MonitorError
from spiders.page import Page
from spiders.sources import Source, source_of
from store.wording import counted

FIELDS = ("title", "lead", "text", "author", "published", "modified", "credit", "translator", "lang")
PLACED = ("title", "lead", "author", "credit", "translator")  # the fields that stand on a page as they are
FEWEST_STRINGS = 4  # that the suite wants of must_not
MOST_STRINGS = 12  # suggested; the pages in the suite have up to 15
SHORTEST, LONGEST = 8, 240  # characters of such a string; a longer one is hard to compare by eye
LABEL = 16  # characters below which a string outside the body is the name of a section or a button, and proves little
HEADERS = (("Content-Type", "text/html"),)  # all that the suite tells of a page
TIMES = {
    "jsonld": "JSON-LD in the head",
    "meta": "a meta element",
    "time": "a time element",
    "rule": "the source's date rule",
    "text": "the visible text",
    "url": "the address",
    "feed": "the feed",
}


class Unfit(MonitorError):
    """A page that cannot stand for its source."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """``html`` is what goes into page.html, ``expected`` into expected.json; ``places`` says of fields where they stand."""

    html: bytes
    expected: dict[str, object]
    article: Article
    places: dict[str, str]


def make_pair(page: Page, source: Source, sources: Sequence[Source]) -> Pair:
    """The pair for a page of ``source``. Pure; raises Unfit when its address is not one of that source's articles."""
    url = address_of(page, source, sources)
    kept = replace(page, url=url, headers=HEADERS, body=saved_form(page))
    article = to_article(kept, source, now=page.fetched)
    root = parse(decode(kept.body, "text/html").text)
    places = {name: place for name in PLACED if (place := stands_in(root, getattr(article, name)))}
    remove_unseen(root)
    expected: dict[str, object] = {"url": url, "structure": "reported", "fetched": page.fetched.isoformat()}
    expected |= {name: _shown(getattr(article, name)) for name in FIELDS}
    expected["must_not"] = left_out(root, article)
    return Pair(kept.body, expected, article, places)


def address_of(page: Page, source: Source, sources: Sequence[Source]) -> str:
    """Where the page was answered, or asked, whichever is an article of the source. Raises Unfit when neither is."""
    for url in (page.url, page.found.url):
        if source_of(url, sources) is source and re.search(source.article, url):
            return url
    other = source_of(page.url, sources)
    where = f"belongs to the source {other.id}" if other and other is not source else "is no article address of that source"
    raise Unfit(f"{page.url} {where}, so it cannot stand for {source.id}")


def saved_form(page: Page) -> bytes:
    """The body, or where only the HTTP header tells its encoding, the same text as UTF-8 with a byte order mark."""
    told = decode(page.body, page.header("Content-Type")).text
    return page.body if decode(page.body, "text/html").text == told else told.encode("utf-8-sig")


def stands_in(root: HtmlElement, value: object) -> str | None:
    """Where a string stands as a whole: the innermost element on the page, and a meta element. None for what is no string."""
    if not isinstance(value, str):
        return None
    shown = [element for element in root.iter("*") if element.tag not in ("script", "style") and text_of(element) == value]
    metas = [meta for meta in root.iter("meta") if meta.get("content") == value]
    found = [described(shown[-1])] if shown else []
    found += [f"meta {metas[0].get('property') or metas[0].get('name') or metas[0].get('itemprop')}"] if metas else []
    return ", ".join(found) or "nowhere as a whole: compare it by hand"


def described(element: HtmlElement) -> str:
    """An element as a selector would name it, with the one around it: ``div.sapo > h2``."""
    parent = element.getparent()
    around = f"{_named(parent)} > " if parent is not None else ""
    return around + _named(element)


def _named(element: HtmlElement) -> str:
    return ".".join([str(element.tag), *(element.get("class") or "").split()[:2]])


def left_out(root: HtmlElement, article: Article) -> list[str]:
    """Strings on the page that did not get into the text, the nearest to it first chosen, in the order of the page."""
    units = [text for element in root.iter("*") if _has_own_text(element) and (text := text_of(element))]
    inside = [at for at, text in enumerate(units) if len(text) >= SHORTEST and text in article.text]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    near = {}
    for at, text in reversed(list(enumerate(units))):
        distance = max(first - at, at - last, 0)
        enough = (LABEL if distance else SHORTEST) <= len(text) <= LONGEST
        if enough and text not in article.text and text not in (article.title or ""):
            near[text] = distance, at
    chosen = sorted(near, key=lambda text: near[text])[:MOST_STRINGS]
    return sorted(chosen, key=lambda text: near[text][1])


def _has_own_text(element: HtmlElement) -> bool:
    if element.tag in ("html", "head", "title", "body"):
        return False
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _shown(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def write_pair(pair: Pair, folder: Path, *, force: bool = False) -> None:
    """Write page.html and expected.json into ``folder``, made when absent.

    Raises ConfigurationError when it holds one of them already (unless ``force``) or cannot be written.
    """
    files = {folder / "page.html": pair.html, folder / "expected.json": _json(pair.expected)}
    there = [file for file in files if file.exists()]
    if there and not force:
        raise ConfigurationError.about(there[0], "is there already; --force replaces it, --out names another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            file.write_bytes(content)
    except OSError as error:
        raise ConfigurationError.about(error.filename or folder, f"cannot be written: {error.strerror}") from None


def _json(expected: dict[str, object]) -> bytes:
    return (json.dumps(expected, ensure_ascii=False, indent=2) + "\n").encode()


def review(pair: Pair) -> Iterator[str]:
    """What a person has to look at before the pair counts as true, a line each."""
    article = pair.article
    for name in FIELDS:
        value = _shown(getattr(article, name))
        if name == "text":
            continue
        place = TIMES[article.published_source] if name == "published" and article.published_source else pair.places.get(name)
        yield f"{name:11} {value if value else '(none)'}" + (f"\n{'':11} from {place}" if value and place else "")
    blocks = article.text.splitlines() or ["(none)"]
    found = f"{counted(len(article.text), 'character')} in {counted(len(blocks), 'block')}"
    yield f"{'text':11} {found}, found by {article.extractor or 'nothing'}"
    yield f"{'  begins':11} {blocks[0]}"
    yield f"{'  ends':11} {blocks[-1]}"
    yield from (f"{'note':11} {note}" for note in article.notes)
    yield from (f"{'wrong':11} {code}: {SENTENCES[code]}" for code in article.quality)
    yield from _review_left_out(pair.expected["must_not"])


def _review_left_out(strings: object) -> Iterator[str]:
    assert isinstance(strings, list)
    yield "must_not    left out of the text; strike those that belong into it, and mend the source's rules:"
    yield from (f"{'':11} {text}" for text in strings)
    if len(strings) < FEWEST_STRINGS:
        yield f"{'':11} the suite wants {FEWEST_STRINGS} of them: add some"
