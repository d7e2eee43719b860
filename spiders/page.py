"""What the spiders bring home: an address that was found, and a page that was fetched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FoundBy = Literal["feed", "sitemap", "listing", "given", "import"]


@dataclass(frozen=True, slots=True)
class Found:
    """An article address seen in a feed, sitemap or listing; nothing was fetched yet.

    ``url`` is canonical (:func:`spiders.urls.canonical`), ``seen_as`` is what stood there. ``published`` is
    timezone-aware UTC; title, summary and published are what the place claimed, and places lie. ``key`` is the article's
    number at its source (:func:`spiders.urls.article_key`) where the slug in its address may change: two addresses with one
    key are one article.
    """

    url: str
    seen_as: str
    source: str
    via: str
    by: FoundBy
    title: str | None = None
    summary: str | None = None
    published: datetime | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One response as fetched: ``body`` is decoded from its transfer and content codings, nothing else.

    ``url`` is where it was finally answered (after redirects), ``found.url`` what was asked for. Header names keep
    the sender's spelling. ``fetched`` is timezone-aware UTC.
    """

    found: Found
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched: datetime
    request_headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
