"""A page as a tree, made safe and made small.

The time a page may take is bounded by construction, not by a clock: at most :data:`MAX_CHARS` characters are parsed, at
most :data:`MAX_NODES` elements are kept, libxml2 refuses deeper nesting than 256 by itself, and every algorithm here and
in the modules above walks the tree a fixed number of times.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from extract.markup.vocabulary import words_of
from extract.text import clean

# The largest real page measured (../shared/pages) has 592,357 bytes and 3,100 elements; ten times that is no article.
MAX_CHARS = 4_000_000
MAX_NODES = 60_000

BLOCKS = words_of(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
    """
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN = (
    "script",
    "style",
    "noscript",
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


def count(root: HtmlElement) -> int:
    """How many elements a tree has."""
    return sum(1 for _ in root.iter())


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

    A hidden element with more than a third of the page's text stays: it is the article, shown by a script later.
    """
    for element in list(root.iter(*_UNSEEN)):
        remove(element)
    whole = len(root.text_content())
    for element in list(root.iter()):
        if is_hidden(element) and len(element.text_content()) * 3 < whole:
            remove(element)


def is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return (style is not None and bool(_HIDDEN.search(style))) or element.get("hidden") is not None


def label(element: HtmlElement) -> str:
    """What the page's makers call an element: tag-independent words of its class, id, role and kin, lower case,
    joined by hyphens with one at each end (``-detail-sapo-main-``), so that whole words can be looked for."""
    values = [
        element.get(name)
        for name in ("class", "id", "type", "role", "itemprop", "data-role", "data-field", "data-type", "rel")
        if element.get(name)
    ]
    if not values:
        return ""
    return "-" + "-".join(_WORD.findall(" ".join(v for v in values if v)[:400])).lower() + "-"


def text_of(element: HtmlElement) -> str:
    """The visible text of an element in one line; block elements and line breaks separate words."""
    return clean("".join(_pieces(element)))


def _pieces(element: HtmlElement) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end")):
        broken = node.tag in BLOCKS or node.tag == "br"
        if broken:
            yield " "
        if event == "start":
            yield node.text or ""
        elif node is not element:
            yield node.tail or ""


def link_share(element: HtmlElement) -> float:
    """How much of an element's text stands in links, 0 to 1."""
    whole = len(clean(element.text_content()))
    if not whole:
        return 0.0
    inside = sum(len(clean(link.text_content())) for link in element.iter("a"))
    return min(1.0, inside / whole)


def is_within(element: HtmlElement, ancestor: HtmlElement) -> bool:
    """Whether an element is another or stands in it."""
    return element is ancestor or any(above is ancestor for above in element.iterancestors())
