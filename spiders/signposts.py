"""What a page of a site points to: its name, feeds, the sections in its menu, and how its pages are turned. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from spiders.discover import absolute, plain
from spiders.xmltext import decode

FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
FEED_ADDRESS = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom)(?=$|[/._?=-]|\d)", re.IGNORECASE)
COMMENTS = re.compile(r"comments?/feed|feedburner", re.IGNORECASE)
MENU = (
    "//nav//a[@href] | //header//a[@href] | //*[contains(@class, 'menu') or contains(@class, 'nav') "
    "or contains(@id, 'menu') or contains(@id, 'nav')]//a[@href]"
)
LONGEST_SECTION = 40  # characters of a section's name in a menu; the declared listings' names have up to 34
FEWEST_IN_MENU = 3  # links; with fewer the page has no menu that can be told, and short links stand in
TITLE_MARKS = re.compile(r"\s+[|–—-]\s+")


@dataclass(frozen=True, slots=True)
class Signs:
    """Absolute addresses in the order of the page. ``feeds`` may also lead to pages that list feeds; ``menu`` are links that
    can be sections, none of them off the site."""

    name: str | None = None
    feeds: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()


def read_signs(body: bytes, base: str) -> Signs:
    """The signs of a page that was answered at ``base``; empty ones for what is no HTML. Never raises."""
    root = _tree(body)
    return Signs() if root is None else Signs(_name(root), tuple(_feeds(root, base)), tuple(_menu(root, base)))


def turning(body: bytes, listing: str) -> str | None:
    """The address of page N of a listing with ``{page}`` in it, read off its link to page 2; None when it has none."""
    root = _tree(body)
    for anchor in () if root is None else root.xpath("//a[@href]"):
        if (anchor.get("rel") or "").lower() != "next" and anchor.text_content().strip() != "2":
            continue
        address = absolute(anchor.get("href"), listing)
        if address and _same_site(address, listing) and (template := _numbered(address, listing)):
            return template
    return None


def _numbered(address: str, listing: str) -> str | None:
    """The address with its last 2 that stands alone replaced, when that makes the difference to the listing's own."""
    twos = list(re.finditer(r"(?<!\d)0?2(?!\d)", address))
    if not twos or "{" in address or "}" in address or address.rstrip("/") == listing.rstrip("/"):
        return None
    return f"{address[: twos[-1].start()]}{{page}}{address[twos[-1].end() :]}"


def _tree(body: bytes) -> html.HtmlElement | None:
    text = decode(body)
    if "<" not in text:
        return None
    try:
        return html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _name(root: html.HtmlElement) -> str | None:
    """What the site calls itself: og:site_name, else the shortest part of its title that is no slogan's length."""
    stated = root.xpath("//meta[@property='og:site_name']/@content")
    if stated and (name := plain(stated[0])):
        return name
    title = plain(root.findtext(".//title")) or ""
    return TITLE_MARKS.split(title)[0].strip() or None


def _feeds(root: html.HtmlElement, base: str) -> Iterator[str]:
    alternates = root.xpath("//link[contains(concat(' ', @rel, ' '), ' alternate ')][@href]")
    stated = [link.get("href") for link in alternates if FEED_TYPE.search(link.get("type") or "")]
    linked = [anchor.get("href") for anchor in root.xpath("//a[@href]") if _names_feed(anchor.get("href"))]
    found = (absolute(href, base) for href in (*stated, *linked))
    yield from dict.fromkeys(address for address in found if address and not COMMENTS.search(address))


def _names_feed(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return bool(FEED_ADDRESS.search(f"{parts.path}?{parts.query}" if parts.query else parts.path))


def _menu(root: html.HtmlElement, base: str) -> Iterator[str]:
    named = list(dict.fromkeys(_sections(root.xpath(MENU), base)))
    yield from named if len(named) >= FEWEST_IN_MENU else dict.fromkeys((*named, *_sections(root.xpath("//a[@href]"), base)))


def _sections(anchors: list[html.HtmlElement], base: str) -> Iterator[str]:
    for anchor in anchors:
        address = absolute(anchor.get("href").partition("#")[0], base)
        text = " ".join(anchor.text_content().split())
        if not address or not text or len(text) > LONGEST_SECTION or _names_feed(address) or not _same_site(address, base):
            continue
        if urlsplit(address).path.strip("/") and address.rstrip("/") != base.rstrip("/"):
            yield address


def _same_site(address: str, base: str) -> bool:
    hosts = ((urlsplit(each).hostname or "").removeprefix("www.") for each in (address, base))
    return len(set(hosts)) == 1
