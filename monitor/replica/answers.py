"""What the replica is asked and what it answers; no sockets here."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie
from threading import Event

WORTH_PACKING = 1024  # bytes; below it gzip only adds


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a site sees it. ``path`` includes the query; header names are lower case."""

    method: str
    scheme: str
    host: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    def cookie(self, name: str) -> str | None:
        """The value of a cookie that came along, or None."""
        try:
            jar = SimpleCookie(self.headers.get("cookie", ""))
        except CookieError:
            return None
        return jar[name].value if name in jar else None


Stream = Callable[[Event], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. ``stream``, when given, is called with the event that ends the replica and yields the body."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    stream: Stream | None = None

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def adding(self, *headers: tuple[str, str]) -> "Answer":
        return replace(self, headers=(*self.headers, *headers))


def page(body: bytes, content_type: str, modified: datetime | None = None, status: int = 200) -> Answer:
    """A whole document with the validators that a conditional request sends back."""
    headers = [("Content-Type", content_type), ("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"')]
    if modified is not None:
        headers.append(("Last-Modified", format_datetime(modified, usegmt=True)))
    return Answer(status, body, tuple(headers))


def sentence(status: int, text: str) -> Answer:
    """A short page in plain words."""
    body = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{status}</title></head><body><p>{text}</p></body></html>\n'
    )
    return Answer(status, body.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(status, b"", (("Location", location),))


def finished(answer: Answer, request: Request) -> Answer:
    """The answer as this client gets it: 304 when it has the document already, gzip when it reads gzip."""
    if answer.status == 200 and answer.stream is None and _has_it_already(answer, request):
        return Answer(304, b"", tuple(header for header in answer.headers if header[0] in ("ETag", "Last-Modified")))
    packable = answer.stream is None and answer.header("Content-Encoding") is None and len(answer.body) >= WORTH_PACKING
    if packable and "gzip" in request.headers.get("accept-encoding", ""):
        packed = replace(answer, body=gzip.compress(answer.body, mtime=0))
        return packed.adding(("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    return answer


def _has_it_already(answer: Answer, request: Request) -> bool:
    """RFC 9110, 13.2.2: If-None-Match counts before If-Modified-Since."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        return answer.header("ETag") in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    since, modified = request.headers.get("if-modified-since"), answer.header("Last-Modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
