"""What arrived for an article: whether it can be one, and the page to hand on. Pure."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scrapy.http import Response

from spiders.challenge import NEEDS_A_BROWSER, is_challenge
from spiders.discover import is_article
from spiders.fates import Fate
from spiders.page import Found, Page
from spiders.sources import Source
from spiders.urls import canonical

MARKUP = re.compile(rb"<(!doctype html|html|head|body|meta|title|div|p|article|script|!--)", re.IGNORECASE)
SECRET = ("Cookie", "Authorization", "Proxy-Authorization")
HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "")


def unfit(response: Response, found: Found, source: Source | None) -> Fate | None:
    """Why an answer with a good status is no article page all the same, or None when it may be one. Without a source (an
    archive holds pages of any site) nothing is known of its addresses."""
    kind = content_type(response)
    if is_challenge(response.body):
        return Fate("fetched", "failed", NEEDS_A_BROWSER)
    if not response.body.strip():
        return Fate("fetched", "failed", f"answered {response.status} with an empty page")
    if kind not in HTML_TYPES or not MARKUP.search(response.body[:4096]):
        return Fate("fetched", "rejected", f"is not an HTML page but {kind or 'something else'}")
    if source is not None and is_article(found.url, source) and not is_article(canonical(response.url, source), source):
        return Fate("fetched", "gone", f"sends us to {response.url}, which is not an article")
    return None


def content_type(response: Response) -> str:
    """The media type an answer declares, in lower case and without parameters; empty when it declares none."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()


def page_of(response: Response, found: Found, fetched: datetime) -> Page:
    """The page of an answer, with the headers of both sides as text; ours without those that open doors, as pages are kept."""
    request = response.request
    return Page(
        found=found,
        url=response.url,
        status=response.status,
        headers=tuple(_pairs(response.headers)),
        body=response.body,
        fetched=fetched,
        request_headers=tuple(pair for pair in _pairs(request.headers) if pair[0] not in SECRET) if request is not None else (),
    )


def _pairs(headers: Any) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")


def header(response: Response, name: str) -> str | None:
    """A header of an answer as text, or None."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
