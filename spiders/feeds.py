"""RSS and Atom feeds."""

from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser

from spiders.discover import Findings, Place, distinct
from spiders.page import Found
from spiders.times import read_time
from spiders.xmltext import Unreadable, unpacked, xml_text

LARGEST_FEED = 4 * 2**20  # bytes; the largest of the recorded feeds has 90 kB
MOST_ITEMS = 1000  # items taken of one feed; real ones hold 10 to 100


def read_feed(body: bytes, place: Place) -> Findings:
    """The items of a feed. Never raises: what is wrong comes back as a problem.

    Every linked item counts, whatever its address looks like: a feed holds articles only, and the article pattern of a
    source may lag behind the site.
    """
    try:
        text = xml_text(unpacked(body, LARGEST_FEED))
    except Unreadable as problem:
        return Findings(problems=(f"{problem}",))
    if len(text) > LARGEST_FEED:
        return Findings(problems=(f"the feed is larger than {LARGEST_FEED // 2**20} MiB",))
    parsed = _parse(text)
    if not parsed.entries:
        return Findings(problems=(_empty(parsed),), is_empty=bool(parsed.get("version")))
    items = tuple(distinct(_item(entry, place) for entry in parsed.entries[:MOST_ITEMS]))
    return Findings(items, tuple(_problems(parsed.entries, items)))


def _parse(text: str) -> Any:
    # a stream, never a string: feedparser opens strings that look like an address or a file name
    return feedparser.parse(
        BytesIO(text.encode("utf-8")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _empty(parsed: Any) -> str:
    if parsed.get("version"):
        return "the feed has no items"
    error = parsed.get("bozo_exception")
    return f"the answer is not a feed{f' ({error})' if error else ''}"


def _item(entry: Any, place: Place) -> Found | None:
    link = entry.get("link") or next((given["href"] for given in entry.get("links", ()) if given.get("href")), "")
    if not link and str(entry.get("id", "")).startswith("http"):
        link = entry["id"]
    if not link.strip():
        return None
    return place.found(link, entry.get("title"), entry.get("summary"), published(entry, place))


def published(entry: Any, place: Place) -> datetime | None:
    """When an entry says it was published: its own words read by us, because feedparser takes a bare time for UTC."""
    month_first = place.source.extract.dates == "mdy"
    for field in ("published", "updated", "created"):
        # dict's own get: feedparser's gives "published" for a missing "updated", with a warning
        if (text := dict.get(entry, field)) and (time := read_time(text, month_first)):
            return time
    return None


def _problems(entries: Any, items: tuple[Found, ...]) -> list[str]:
    problems = []
    if not items:
        problems.append("no item of the feed has a link")
    stated = [entry["published"] for entry in entries if entry.get("published")]
    if stated and not any(item.published for item in items):
        problems.append(f"no time in the feed can be read, such as {stated[0][:40]!r}")
    return problems
