"""What a place of discovery gave: article addresses, what was wrong, and where to look further.

The readers (:mod:`spiders.feeds`, :mod:`spiders.sitemaps`, :mod:`spiders.listings`) are pure: bytes in, :class:`Findings` out.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from spiders.page import Found, FoundBy
from spiders.sources import Source
from spiders.urls import article_key, canonical, cleaned

TAG = re.compile(r"<[^>]*>")
LONGEST = 1000  # characters kept of a title or summary; real ones stay below half of it


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap named in a sitemap index; ``until`` is the newest moment it can hold, when known."""

    address: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """``items`` are distinct and in the order of the place. ``problems`` are sentences for people. ``older`` counts entries
    left out because they lie before the asked time. ``days`` tells for addresses of a listing the day it shows beside them,
    or that their address carries: by it a walk back knows where it is. ``is_empty`` says that the only problem is
    that a well-formed place lists nothing; ``latest`` is the time of the youngest entry that was left out."""

    items: tuple[Found, ...] = ()
    problems: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    older: int = 0
    days: Mapping[str, datetime] = field(default_factory=dict)
    is_empty: bool = False
    latest: datetime | None = None

    @property
    def newest(self) -> datetime | None:
        """The latest time on the place, also when it was too old to be taken: it shows how long a place has been silent."""
        times = [item.published for item in self.items if item.published]
        return max([*times, *([self.latest] if self.latest else [])], default=None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where addresses are being read from: ``via`` is the address of the feed, sitemap or listing as declared, ``answered``
    where it was answered after redirects, against which relative links are read."""

    source: Source
    via: str
    by: FoundBy
    answered: str | None = None

    @property
    def base(self) -> str:
        """The address that relative links start from."""
        return self.answered or self.via

    def found(
        self, address: str, title: str | None = None, summary: str | None = None, published: datetime | None = None
    ) -> Found | None:
        """An item for an address, absolute or relative to the place; None when it is not an http address."""
        seen_as = absolute(address, self.base)
        if seen_as is None:
            return None
        url = canonical(seen_as, self.source)
        key = article_key(url, self.source)
        return Found(url, seen_as, self.source.id, self.via, self.by, plain(title), plain(summary), published, key)


def absolute(address: str, base: str) -> str | None:
    """An address as linked, made absolute; None for anything but http and https."""
    try:
        joined = urljoin(base, cleaned(address))
    except ValueError:
        return None
    return joined if joined.lower().startswith(("http://", "https://")) else None


def plain(text: str | None) -> str | None:
    """Text of a title or summary: tags and (double) escapes resolved, white space folded, NFC. None when nothing is left."""
    if not text:
        return None
    for _ in range(2):  # &amp;#225; in CDATA is an escape of an escape
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", TAG.sub(" ", text)).replace("\ufeff", "")
    return " ".join(text.split())[:LONGEST] or None


def distinct(items: Iterable[Found | None]) -> Iterator[Found]:
    """The items without repeats of an address. Other slugs of one article stay: which of them lives is not known here."""
    seen: set[str] = set()
    for item in items:
        if item is not None and item.url not in seen:
            seen.add(item.url)
            yield item


def is_skipped(url: str, source: Source) -> bool:
    """Whether the source declares that this address is not to be read (pictures, videos, subscriptions)."""
    return source.skip is not None and re.search(source.skip, url) is not None


def is_article(url: str, source: Source) -> bool:
    """Whether the address has the form of the source's articles and is not skipped."""
    return re.search(source.article, url) is not None and not is_skipped(url, source)
