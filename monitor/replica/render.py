"""Articles and listings as HTML, in the structure of each site's real pages (templates in ``sites/``)."""

import json
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.replica.discovery import Item
from monitor.replica.sites import FOLDER, Place, Site
from monitor.replica.stories import Story

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # the five marks that windows-1258 keeps apart from their letter


def _json_ld(story: Story) -> Markup:
    """The NewsArticle object that sites put into the head, ready for a script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url},
        "headline": story.title,
        "description": story.lead,
        "datePublished": story.published.isoformat(),
        "dateModified": story.modified.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": story.site.name},
    }
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - "<" is escaped above


def visible_date(site: Site, when: datetime) -> str:
    """The date line of a page; American portals print New York time."""
    local = when.astimezone(NEW_YORK if site.layout == "marketscreener" else HANOI)
    form = site.visible.replace("{weekday}", WEEKDAYS[local.weekday()]).replace("{day}", str(local.day))
    return local.strftime(form.replace("{month}", str(local.month))).replace("{ampm}", local.strftime("%p").lower())


_templates = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_templates.globals.update(json_ld=_json_ld, visible_date=visible_date)


def article(story: Story, others: Iterable[Item]) -> bytes:
    """A page of one article; ``others`` fill its boxes of further news."""
    html = _templates.get_template(f"{story.site.layout}.html").render(
        site=story.site, story=story, others=tuple(others), date=visible_date(story.site, story.published)
    )
    return encoded(html, story.site.encoding)


def listing(site: Site, place: Place, items: Iterable[Item], number: int, last: int) -> bytes:
    template = "_filled.html" if place.service else "_listing.html"
    html = _templates.get_template(template).render(site=site, place=place, items=tuple(items), number=number, last=last)
    return encoded(html, site.encoding)


def filler() -> bytes:
    """The script that fills a listing in the browser."""
    return (FOLDER / "_filler.js").read_bytes()


def notice(site: Site, title: str, text: str, canonical: str = "") -> bytes:
    """A page of the site that is no article: not found, removed, empty."""
    html = _templates.get_template("_notice.html").render(site=site, title=title, text=text, canonical=canonical)
    return encoded(html, site.encoding)


def index(entries: Iterable[tuple[Site, tuple[str, ...], tuple[Item, ...]]]) -> bytes:
    """The page that shows every site to a browser: its places of discovery and its newest items."""
    return _templates.get_template("_index.html").render(entries=tuple(entries)).encode()


def encoded(html: str, encoding: str) -> bytes:
    return html.encode() if encoding == "utf-8" else _with_loose_tones(html).encode(encoding, "xmlcharrefreplace")


def _with_loose_tones(text: str) -> str:
    """Vietnamese letters as windows-1258 has them: circumflex, breve and horn on the letter, the tone mark after it."""
    pieces = []
    for char in text:
        base, *marks = list(unicodedata.normalize("NFD", char))
        letter = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in TONES))
        pieces.append(letter + "".join(mark for mark in marks if mark in TONES))
    return "".join(pieces)
