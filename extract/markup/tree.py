"""A page as a tree, made safe and made small.

The time a page may take is bounded by construction, not by a clock, so that the same page gives the same article on any
machine: at most :data:`MAX_CHARS` characters are parsed, at most :data:`MAX_NODES` elements with :data:`MAX_PIECE`
characters in one piece are kept, nesting beyond :data:`MAX_DEPTH` is flattened, and every algorithm here and in the modules
above is linear in these, times the depth at most. tests/extract/test_hostile.py holds pages that would break this.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from extract.markup.vocabulary import words_of
from extract.text import clean

# The largest of the real pages in ../shared/pages has 592,357 bytes, 1,884 elements and a depth of 21; several times that
# is no article.
MAX_CHARS = 4_000_000
MAX_NODES = 20_000
MAX_DEPTH = 64
# One run of text between two tags: the longest paragraph of the nine gold texts has 1,889 characters.
MAX_PIECE = 50_000

BLOCKS = words_of(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
    """
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAMING = ("class", "id", "type", "role", "itemprop", "data-role", "data-field", "data-type", "rel")
_NAMES = frozenset(_NAMING)
_NAMED = etree.XPath(f"descendant-or-self::*[{' or '.join(f'@{name}' for name in _NAMING)}]")
_STYLED = etree.XPath("descendant-or-self::*[@style or @hidden]")
_TOO_DEEP = etree.XPath("/".join("*" * MAX_DEPTH))
_UNSEEN = (
    "script",
    "style",
    "template",
    "svg",
    "iframe",
    "object",
    "embed",
    "select",
    "textarea",
    "button",
    "canvas",
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[0-9]+")


def parse(text: str) -> HtmlElement:
    """The document element of any string whatever; an empty document when there is no markup in it."""
    text = _XML_DECLARATION.sub("", text[:MAX_CHARS]).replace("\x00", "")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = document_fromstring(b"<html><body></body></html>")
    _cut_to_size(root)
    return root


def _cut_to_size(root: HtmlElement) -> None:
    surplus = [element for number, element in enumerate(root.iter(), 1) if number > MAX_NODES]
    for element in surplus:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    _flatten(root)
    for element in root.iter():
        if element.text and _must_be_mended(element.text) and element.tag != "script":
            element.text = _mended(element.text)
        if element.tail and _must_be_mended(element.tail):
            element.tail = _mended(element.tail)


def _must_be_mended(text: str) -> bool:
    return len(text) > MAX_PIECE or bool(_NOT_XML.search(text))


def _mended(text: str) -> str:
    """The beginning of a text, without the characters that a parser lets through and a tree does not take back."""
    return _NOT_XML.sub(" ", text[:MAX_PIECE])


def _flatten(root: HtmlElement) -> None:
    """Melt what is nested too deeply into one block of text."""
    for element in _TOO_DEEP(root):
        etree.strip_tags(element, "*")
        element.text = _mended(element.text or "")


def body_of(root: HtmlElement) -> HtmlElement:
    """The body, or the root of a page without one."""
    found = root.find("body")
    return root if found is None else found


def remove(element: HtmlElement) -> None:
    """Take an element out of its tree and leave the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()


def remove_unseen(root: HtmlElement) -> None:
    """Take out what no reader sees: scripts, styles, forms' inner parts, and elements that are hidden.

    A hidden element with more than a third of the page's text stays: it is the article, shown by a script later. So does a
    <noscript> that was never closed.
    """
    for element in list(root.iter(*_UNSEEN)):
        remove(element)
    silent = list(root.iter("noscript"))
    hidden = [
        (element, _chars(element)) for element in [*_STYLED(root), *silent] if element.tag == "noscript" or is_hidden(element)
    ]
    whole = _chars(root) if hidden else 0
    for element, chars in hidden:
        if chars * 3 < whole:
            remove(element)


def _chars(element: HtmlElement) -> int:
    """What :func:`sizes` says of one element, without a walk over all others."""
    return sum(map(length, element.itertext()))


class Size(NamedTuple):
    """Characters of an element's text, runs of white space counted as one, and how many of them stand in links."""

    chars: int
    linked: int

    @property
    def link_share(self) -> float:
        """0 to 1."""
        return self.linked / self.chars if self.chars else 0.0


def sizes(root: HtmlElement) -> dict[HtmlElement, Size]:
    """The sizes of an element and everything in it, in one walk."""
    found: dict[HtmlElement, Size] = {}
    for element in reversed(list(root.iter())):
        chars, linked = length(element.text), 0
        for child in element:
            inside = found[child]
            chars += inside.chars + length(child.tail)
            linked += inside.linked
        found[element] = Size(chars, chars if element.tag == "a" else linked)
    return found


def length(text: str | None) -> int:
    """Characters of a text as a browser shows it."""
    return len(" ".join(text.split())) if text else 0


def is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return (style is not None and bool(_HIDDEN.search(style))) or element.get("hidden") is not None


def labelled(root: HtmlElement) -> list[HtmlElement]:
    """The elements of which :func:`label` says anything, in document order."""
    return list(_NAMED(root))


def label(element: HtmlElement) -> str:
    """What the page's makers call an element: tag-independent words of its class, id, role and kin, lower case,
    joined by hyphens with one at each end (``-detail-sapo-main-``), so that whole words can be looked for."""
    names = _NAMES.intersection(element.keys())
    return _label(" ".join(filter(None, map(element.get, sorted(names, key=_NAMING.index))))) if names else ""


@lru_cache(maxsize=4096)
def _label(names: str) -> str:
    return "-" + "-".join(_WORD.findall(names[:400])).lower() + "-" if names else ""


def text_of(element: HtmlElement, limit: int | None = None) -> str:
    """The visible text of an element in one line; block elements and line breaks separate words.

    With a ``limit`` the reading stops once it is passed, so that asking whether a text is short costs little: what comes
    back is then longer than the limit, and no more is known of it.
    """
    if limit is None:
        return clean("".join(_pieces(element)))
    pieces: list[str] = []
    read = 0
    for piece in _pieces(element):
        pieces.append(piece[: 20 * limit])  # indentation is part of a piece, so it may be longer than the text in it
        read += length(pieces[-1])
        if read > limit or len(pieces) > 50 * limit:
            return clean("".join(pieces)).ljust(limit + 1, "…")
    return clean("".join(pieces))


def _pieces(element: HtmlElement) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in BLOCKS or node.tag == "br":
            yield " "
        if event == "start":
            yield node.text or ""
        elif node is not element:
            yield node.tail or ""


def link_share(element: HtmlElement) -> float:
    """How much of an element's text stands in links, 0 to 1."""
    return sizes(element)[element].link_share


def is_within(element: HtmlElement, ancestor: HtmlElement) -> bool:
    """Whether an element is another or stands in it."""
    return element is ancestor or any(above is ancestor for above in element.iterancestors())
