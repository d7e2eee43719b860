"""Listing pages: section fronts, tag pages, and the JSON that stands behind a "more" button."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html
from lxml.cssselect import CSSSelector

from spiders.discover import Findings, Place, absolute, distinct, is_article
from spiders.page import Found
from spiders.sources import Listing, Source
from spiders.times import day_in_address, has_clock, read_time
from spiders.urls import canonical
from spiders.xmltext import decode

CLIMB = 5  # how many elements above an anchor its card may be; four levels occur
SHORTEST_HEADLINE = 15  # characters; headlines on the recorded listings have 17 and more
CARD = 600  # characters; a longer text is a whole column, not one story's card
DEEPEST_JSON = 12


def read_listing(body: bytes, place: Place, listing: Listing) -> Findings:
    """The articles that a listing page links to. Never raises: what is wrong comes back as a problem.

    Relative links are tried against the page's ``<base>``, the page itself, its root and the source's home, and the first that
    makes an article address counts: a ``<base>`` that points at the templates is a known trap.
    """
    text = decode(body)
    if text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
        return _read_json(text, place)
    root = _tree(text)
    if root is None:
        return Findings(problems=("the listing page is empty",))
    bases = _bases(root, place)
    anchors = list(_anchors(root, listing))
    named: dict[str, list[tuple[tuple[int, int], Found]]] = {}
    days: dict[str, datetime] = {}
    for anchor in anchors:
        item, day = _item(anchor, place, bases)
        if item is not None:
            named.setdefault(item.url, []).append((_rank(anchor), item))
            days |= {item.url: day} if day else {}
    items = tuple(distinct(map(_best, named.values())))
    return Findings(items, tuple(_problems(anchors, items, listing)), days=days, is_empty=not items)


def page_address(listing: Listing, number: int) -> str | None:
    """The address of page ``number`` (counted as the site counts), or None when the listing ends before it."""
    if listing.pages is None or number > listing.last:
        return None
    return urljoin(listing.url, listing.pages.replace("{page}", str(number)))


def _tree(text: str) -> html.HtmlElement | None:
    if not text.strip():
        return None
    try:
        # bytes, because lxml refuses text that carries an encoding declaration
        return html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _bases(root: html.HtmlElement | None, place: Place) -> tuple[str, ...]:
    stated = () if root is None else root.xpath("//base/@href")[:1]
    base = place.base
    candidates = (*(absolute(href, base) for href in stated), base, urljoin(base, "/"), urljoin(place.source.home, "/"))
    return tuple(dict.fromkeys(filter(None, candidates)))


def _anchors(root: html.HtmlElement, listing: Listing) -> Iterator[html.HtmlElement]:
    """Elements with an address: those the listing selects (or the anchors inside them), else all anchors."""
    if listing.links is None:
        yield from root.xpath("//a[@href]")
        return
    for chosen in CSSSelector(listing.links)(root):
        yield from [chosen] if chosen.get("href") else chosen.xpath(".//a[@href]")


def _item(anchor: html.HtmlElement, place: Place, bases: Iterable[str]) -> tuple[Found | None, datetime | None]:
    url = article_address(anchor.get("href"), bases, place.source)
    if url is None:
        return None, None
    title = anchor.text_content().strip() or anchor.get("title") or next(iter(anchor.xpath(".//img/@alt")), None)
    stated = _stated_time(anchor, place.source)
    time = read_time(stated, place.source.extract.dates == "mdy") if stated else None
    item = place.found(url, title, None, time if stated and has_clock(stated) else None)
    return item, time or day_in_address(url)


def article_address(href: str, bases: Iterable[str], source: Source) -> str | None:
    """The article address that a link means, or None when it means something else."""
    for base in bases:
        address = absolute(href, base)
        if address and is_article(canonical(address, source), source):
            return address
    return None


def _stated_time(anchor: html.HtmlElement, source: Source) -> str | None:
    """The date on the anchor's card: the nearest element around it that has one and does not lead to another article."""
    element, own = anchor, anchor.get("href")
    for _ in range(CLIMB):
        element = element.getparent()
        if element is None or any(
            link != own for link in element.xpath(".//a[starts-with(@href, '/') or contains(@href, '-')]/@href")
        ):
            return None
        for stated in element.xpath(".//time/@datetime"):
            if read_time(stated):
                return str(stated)
        text = " ".join(" ".join(element.itertext()).split())
        if len(text) < CARD and read_time(text, source.extract.dates == "mdy"):
            return text
    return None


def _rank(anchor: html.HtmlElement) -> tuple[int, int]:
    """Of several anchors to one article the lowest is the headline: the shortest text that can be one. Teasers are longer,
    labels such as "Video" or a comment count shorter, and a picture's description only stands in."""
    length = len(" ".join(anchor.text_content().split()))
    return (0 if length >= SHORTEST_HEADLINE else 1 if length else 2), length


def _best(named: list[tuple[tuple[int, int], Found]]) -> Found:
    items = [item for _, item in sorted(named, key=lambda pair: pair[0])]
    title = next((item.title for item in items if item.title), None)
    published = next((item.published for item in items if item.published), None)
    return replace(items[0], title=title, published=published)


def _problems(anchors: list[Any], items: tuple[Found, ...], listing: Listing) -> list[str]:
    if items:
        return []
    if not anchors:
        chosen = f" by {listing.links!r}" if listing.links else ""
        return [f"the listing page has no links{chosen}"]
    return [f"none of the {len(anchors)} links on the listing page has the form of an article address"]


def _read_json(text: str, place: Place) -> Findings:
    """Articles in a JSON answer: every string that is, or in which HTML links to, an article address."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Findings(problems=("the listing is neither HTML nor valid JSON",))
    items = tuple(distinct(_json_items(data, place, {}, 0)))
    return Findings(items, () if items else ("the JSON answer holds no article addresses",), is_empty=not items)


def _json_items(node: Any, place: Place, around: dict[str, Any], depth: int) -> Iterator[Found | None]:
    if depth > DEEPEST_JSON:
        return
    if isinstance(node, dict):
        for value in node.values():
            yield from _json_items(value, place, node, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _json_items(value, place, around, depth + 1)
    elif isinstance(node, str):
        yield from _json_links(node, place, around)


def _json_links(value: str, place: Place, around: dict[str, Any]) -> Iterator[Found | None]:
    bases = _bases(None, place)
    if "<a " in value:
        fragment = _tree(value)
        for anchor in () if fragment is None else fragment.xpath("//a[@href]"):
            yield _item(anchor, place, bases)[0]
    elif "/" in value and " " not in value and (address := article_address(value, bases, place.source)):
        yield place.found(address, *_json_labels(around))


def _json_labels(around: dict[str, Any]) -> tuple[str | None, str | None, datetime | None]:
    """Title, summary and time beside an address in a JSON object, by the names that such answers use."""
    low = {str(key).lower(): value for key, value in around.items() if isinstance(value, str | int)}
    title = next((str(low[key]) for key in ("title", "name", "headline") if low.get(key)), None)
    summary = next((str(low[key]) for key in ("description", "summary", "sapo", "subtitle") if low.get(key)), None)
    stated = next((str(value) for key, value in low.items() if "date" in key or "publish" in key), "")
    return title, summary, read_time(stated)
