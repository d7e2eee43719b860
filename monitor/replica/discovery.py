"""Feeds, sitemaps and listings of the replica, written the way each site writes them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from monitor.replica.sites import Feeds, Place, Site, Trap
from monitor.replica.stories import Story

LONGEST_FEED = 50  # items; what the real feeds carry at most


@dataclass(frozen=True, slots=True)
class Item:
    """An address as a place of discovery shows it."""

    url: str
    title: str
    summary: str
    published: datetime
    section: str | None


def items_of(site: Site, stories: Iterable[Story]) -> tuple[Item, ...]:
    """What a site lists, newest first: its articles, and its traps in every section."""
    own = [Item(story.url, story.title, story.lead, story.published, story.section) for story in stories if story.site is site]
    odd = [_trap_item(site, trap) for trap in site.traps if trap.published is not None]
    return tuple(sorted([*own, *odd], key=lambda item: (item.published, item.url), reverse=True))


def _trap_item(site: Site, trap: Trap) -> Item:
    assert trap.published is not None
    host = trap.host or site.host
    return Item(f"{site.scheme}://{host}{trap.path}", trap.title, "", trap.published, None)


def in_sections(items: Iterable[Item], sections: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(item for item in items if "*" in sections or item.section is None or item.section in sections)


def newest(items: Iterable[Item]) -> datetime | None:
    return max((item.published for item in items), default=None)


def feed(site: Site, items: tuple[Item, ...]) -> bytes:
    """An RSS 2.0 document. The bytes are UTF-8, whatever the declaration says."""
    style = site.feeds
    entries = "".join(_feed_item(item, style) for item in items[:LONGEST_FEED])
    text = (
        f'<?xml version="1.0" encoding="{style.declared}"?>\n<rss version="2.0">\n<channel>\n'
        f"<title>{escape(site.name)}</title>\n<link>{site.root}/</link>\n<description>{escape(site.name)} RSS</description>\n"
        f"<language>{site.lang}</language>\n{entries}</channel>\n</rss>\n"
    )
    return text.encode("utf-8-sig" if style.bom else "utf-8")


def _feed_item(item: Item, style: Feeds) -> str:
    title, summary = (_cdata(text, style) for text in (item.title, item.summary))
    link = escape(item.url + style.tracking)
    date = _feed_date(item.published, style)
    return (
        f"<item>\n<title>{title}</title>\n<link>{link}</link>\n<guid>{link}</guid>\n"
        f"<description>{summary}</description>\n{date}</item>\n"
    )


def _cdata(text: str, style: Feeds) -> str:
    if style.entities:
        text = "".join(f"&#{ord(char)};" if 0xA0 <= ord(char) < 0x100 else char for char in text)
    return f"<![CDATA[{text}]]>"


def _feed_date(when: datetime, style: Feeds) -> str:
    forms = {
        "rfc": lambda: format_datetime(when),
        "gmt7": lambda: f"{format_datetime(when).rsplit(' ', 1)[0]} GMT+7",
        "us": lambda: (
            f"{when.month}/{when.day}/{when.year} {when.hour % 12 or 12}:{when:%M:%S} {'AM' if when.hour < 12 else 'PM'}"
        ),
    }
    return f"<pubDate>{forms[style.dates]()}</pubDate>\n" if style.dates != "none" else ""


SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def sitemap_children(site: Site, items: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    """The children of a sitemap index by path, newest first."""
    children: dict[str, list[Item]] = {}
    for item in items:
        children.setdefault(_child(site, item.published), []).append(item)
    return {path: tuple(entries) for path, entries in children.items()}


def _child(site: Site, when: datetime) -> str:
    """Sites write months and days with or without a zero: ``{month}`` or ``{month:02}``."""
    return site.sitemaps.children.format(year=when.year, month=when.month, day=when.day)


def sitemap_index(site: Site, items: tuple[Item, ...]) -> bytes:
    children = sitemap_children(site, items)
    entries = "".join(
        f"<sitemap><loc>{site.root}{escape(path)}</loc><lastmod>{_w3c(listed[0].published)}</lastmod></sitemap>\n"
        for path, listed in children.items()
    )
    others = "".join(f"<sitemap><loc>{site.root}{path}</loc></sitemap>\n" for path in site.sitemaps.others)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {SITEMAP}>\n{others}{entries}</sitemapindex>\n'.encode()


def sitemap(items: Iterable[Item]) -> bytes:
    entries = "".join(f"<url><loc>{escape(item.url)}</loc><lastmod>{_w3c(item.published)}</lastmod></url>\n" for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SITEMAP}>\n{entries}</urlset>\n'.encode()


def sections_sitemap(site: Site) -> bytes:
    """A child that lists section pages and no article at all (categories.xml, topics.xml)."""
    entries = "".join(f"<url><loc>{site.root}{escape(place.path)}</loc></url>\n" for place in site.listings)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SITEMAP}>\n{entries}</urlset>\n'.encode()


def news_sitemap(site: Site, items: Iterable[Item]) -> bytes:
    entries = "".join(
        f"<url><loc>{escape(item.url)}</loc><news:news><news:publication><news:name>{escape(site.name)}</news:name>"
        f"<news:language>{site.lang}</news:language></news:publication>"
        f"<news:publication_date>{_w3c(item.published)}</news:publication_date>"
        f"<news:title>{escape(item.title)}</news:title></news:news></url>\n"
        for item in items
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SITEMAP} {NEWS}>\n{entries}</urlset>\n'.encode()


def _w3c(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def service(site: Site, items: Iterable[Item]) -> bytes:
    """The JSON behind a listing that a script fills; it names articles by their paths."""
    listed = [
        {"title": item.title, "path": item.url.removeprefix(site.root), "publishTime": _w3c(item.published)} for item in items
    ]
    return json.dumps({"data": listed}, ensure_ascii=False).encode()


def listing_page(place: Place, items: tuple[Item, ...], number: int) -> tuple[Item, ...]:
    """The items of page ``number`` (the first is 1) of a listing."""
    start = (number - 1) * place.size
    return items[start : start + place.size]
