"""A WARC record as the page that a crawl would have brought home, or the reason why it is none. Pure.

The answer goes the way of an answer off the net: Scrapy undoes its content coding under the crawl's limit of size, and
:func:`spiders.arrival.unfit` looks at it.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.statscollectors import DummyStatsCollector
from warcio.statusandheaders import StatusAndHeadersParser

from spiders.arrival import unfit
from spiders.fates import Fate, fate_of_status
from spiders.page import Found, Page
from spiders.settings import DOWNLOAD_MAXSIZE
from spiders.sources import Source
from store.batch.warcs import LARGEST_HEAD, Record

# What holds no page and is only counted: how a page was asked for, what is known about a file, names that were looked up.
NO_PAGES = frozenset({"warcinfo", "request", "metadata", "conversion", "continuation"})
PAGES = frozenset({"response", "resource", "revisit"})
# Common Crawl writes decoded bodies and keeps what they were under such names
ORIGINAL = ("x-crawler-", "x-crawl-")
CODED = frozenset({"content-encoding", "transfer-encoding"})
HEAD_END = re.compile(rb"\r?\n\r?\n")
CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
# The first web page is of August 1991; what claims to be older, or to come from the future, has a wrong clock.
OLDEST = datetime(1991, 8, 6, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(days=1)

_parser = StatusAndHeadersParser([*(f"HTTP/{version}" for version in ("1.0", "1.1", "2.0", "2", "3")), "HTTP/"])


def holds_page(record: Record) -> bool:
    """Whether a record should hold a page, so that it needs a fate of its own: answers of web servers."""
    return record.kind in PAGES and record.url.lower().startswith(("http:", "https:"))


def written(record: Record, now: datetime) -> datetime | None:
    """When the page was fetched, as the record says; None where that cannot be true."""
    try:
        at = datetime.fromisoformat(record.headers.get("warc-date", "").strip())
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if OLDEST <= at <= now + CLOCKS_DIFFER else None


def is_address(url: str) -> bool:
    """Whether an address can be asked for at all."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def page_of(record: Record, found: Found, source: Source | None, fetched: datetime) -> Page | Fate:
    """The page that a record holds, with its body decoded from transfer and content codings, or what came of it."""
    if record.fault:
        return Fate("fetched", "failed", record.fault)
    if record.kind == "revisit":
        return Fate("fetched", "rejected", "it only says that the page was the same as one that is kept elsewhere (revisit)")
    if record.kind == "resource":
        headers = (("Content-Type", record.headers.get("content-type", "")),)
        return _fit(Page(found, record.url, 200, headers, record.block, fetched), source)
    head = HEAD_END.search(record.block, 0, LARGEST_HEAD)
    if head is None or not record.block.startswith(b"HTTP/"):
        return Fate("fetched", "failed", "it holds no answer of a web server")
    parsed = _parser.parse(BytesIO(record.block[: head.end()]))
    status = parsed.get_statuscode()
    if not re.fullmatch(r"[1-9]\d\d", status):
        return Fate("fetched", "failed", f"its status line is none ({status[:40]!r})")
    body = _decoded(record.block[head.end() :], parsed.headers)
    if isinstance(body, Fate):
        return body
    return _fit(Page(found, record.url, int(status), received(parsed.headers), body, fetched), source)


def received(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers as the site sent them, but for the codings, which are undone, and the length, which was theirs."""
    named = [(_original(name), value) for name, value in headers]
    return tuple((name, value) for name, value in named if name.lower() not in CODED | {"content-length"})


def _original(name: str) -> str:
    prefix = next((prefix for prefix in ORIGINAL if name.lower().startswith(prefix)), "")
    return name[len(prefix) :]


def _fit(page: Page, source: Source | None) -> Page | Fate:
    headers = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in page.headers]
    response = Response(page.url, status=page.status, headers=headers, body=page.body)
    if not 200 <= page.status < 300:
        return fate_of_status(response) if page.status >= 400 else Fate("fetched", "rejected", _elsewhere(page))
    return unfit(response, page.found, source) or page


def _elsewhere(page: Page) -> str:
    place = page.header("Location")
    return f"answered {page.status}" + (f", which sends us to {place[:500]}" if place else "")


def _decoded(body: bytes, headers: list[tuple[str, str]]) -> bytes | Fate:
    """The body without its codings. Crawlers differ in what they leave on: a body that is not coded as said stays as it is."""
    named = [(name.lower(), value.lower().strip()) for name, value in headers]
    if any(name == "transfer-encoding" and "chunked" in value for name, value in named):
        body = _joined(body)
    codings = [part.strip() for name, value in named if name == "content-encoding" for part in value.split(",")]
    if not codings or not body.startswith(MAGIC.get(codings[-1], b"")):
        return body
    return _uncompressed(body, ", ".join(codings))


def _uncompressed(body: bytes, codings: str) -> bytes | Fate:
    coded = Response("http://archive.invalid/", headers={"Content-Encoding": codings}, body=body)
    decoder = _decoder()
    try:
        answer = decoder.process_response(Request(coded.url), coded)
    except IgnoreRequest:
        return Fate("fetched", "rejected", f"the answer is larger than {DOWNLOAD_MAXSIZE // 2**20} MiB")
    except Exception as error:  # noqa: BLE001 - each codec has exceptions of its own; what they mean is the same
        if b"<" in body[:512]:
            return body
        return Fate("fetched", "failed", f"the compressed answer is broken: {type(error).__name__}: {error}")
    return answer.body if isinstance(answer, Response) else body


@cache
def _decoder() -> HttpCompressionMiddleware:
    crawler = Crawler(Spider, {"DOWNLOAD_MAXSIZE": DOWNLOAD_MAXSIZE, "DOWNLOAD_WARNSIZE": 0})
    crawler.stats = DummyStatsCollector(crawler)
    return HttpCompressionMiddleware(crawler=crawler)


def _joined(body: bytes) -> bytes:
    """The chunks of a body joined; one that is not in chunks stays as it is, of one that breaks off the whole chunks count."""
    parts: list[bytes] = []
    at = 0
    while head := CHUNK_SIZE.match(body, at):
        size = int(head.group(1), 16)
        if not size:
            return b"".join(parts)
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size
        at += len(body[at : at + 2]) - len(body[at : at + 2].lstrip(b"\r\n"))
    return b"".join(parts) or body
