"""Raw pages as gzip WARC files, one a day, under ``HOME/archive``.

Each page is a response record and its request record (ISO 28500, WARC/1.1, each record its own gzip member). A body that
the archive already has becomes a revisit record. Bodies are stored as they were decoded from transfer and content codings, so
the headers that spoke of those codings are kept under an ``X-Crawler-`` name, as Common Crawl does.
"""

import base64
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.errors import UnusableStore
from spiders.page import Found, Page
from store.database import Store
from store.records import PageRecord

FOLDER = "archive"
SUFFIX = ".warc.gz"
VERSION = "1.1"
SOFTWARE = "vietlao (warcio)"
CODED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
ORIGINAL = "X-Crawler-"
# what a request may carry that no archive should
SECRET = frozenset({"authorization", "proxy-authorization"})
CHUNK = 1 << 16


class Archive:
    """The archive of one home; only the process that holds the writer lock may write to it."""

    def __init__(self, home: Path, store: Store) -> None:
        self.folder = Path(home) / FOLDER
        self.store = store
        self._name = ""
        self._file: int | None = None

    def close(self) -> None:
        """Close the file of the day. Harmless when done twice."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def keep(self, page: Page, origin: str = "crawl") -> PageRecord:
        """Write a page and return where it lies, for :meth:`Store.save_page`; the bytes are on the disk by then.

        Raises UnusableStore when the disk is full or the folder may not be written; nothing half-written stays.
        """
        digest = payload_digest(page.body)
        original = self.store.same_payload(digest)
        if original is not None and not (self.folder / (original.file or "")).is_file():
            original = None  # somebody took the file away; a reference to it would keep nothing
        record_id, response, request = records(page, digest, original)
        try:
            name, offset = self._append(self.store.clock(), response + request)
        except OSError as error:
            raise UnusableStore(
                f"{self.folder}: the page cannot be archived ({error.strerror}): make room or mend its rights"
            ) from error
        return PageRecord(
            id=0,
            url=page.url,
            address=page.found.url,
            status=page.status,
            content_type=page.header("Content-Type"),
            fetched=page.fetched,
            size=len(page.body),
            payload_digest=digest,
            file=name,
            offset=offset,
            length=len(response),
            record=record_id,
            original=original.id if original else None,
            origin=origin,
        )

    def keep_once(self, page: Page, origin: str) -> PageRecord:
        """The same for a page that may have been kept before: what comes out of a file of this archive, or is imported again,
        is not written a second time. The record has its number then."""
        before = self.store.page_kept(page.url, payload_digest(page.body), page.fetched, origin)
        if before is not None and (self.folder / (before.file or "")).is_file():
            return before
        return self.keep(page, origin)

    def read(self, record: PageRecord, found: Found) -> Page:
        """The page as it was fetched. Raises LookupError when retention has removed its bytes or the file is not there, and
        ValueError when what lies there is damaged."""
        return page_from(record, found, self.parts(record))

    def parts(self, record: PageRecord) -> tuple[bytes, ...]:
        """The compressed records that make up a page, for :func:`page_from`: its own, and for a revisit the one that has the
        body. Raises LookupError when they are not there (any more)."""
        if record.original is None:
            return (self._bytes(record),)
        original = self.store.page(record.original)
        if original is None:
            raise LookupError(f"the body of {record.url} was in page {record.original}, which is gone")
        return self._bytes(record), self._bytes(original)

    def _bytes(self, record: PageRecord) -> bytes:
        if record.file is None or record.offset is None or record.length is None:
            raise LookupError(f"the bytes of {record.url} are no longer kept")
        path = self.folder / record.file
        try:
            with path.open("rb") as file:
                file.seek(record.offset)
                return file.read(record.length)
        except FileNotFoundError:
            now = self.store.page(record.id)
            if now is not None and now.file != record.file:
                return self._bytes(now)  # it was moved since by cleaning, which waits for no reader
            raise LookupError(f"{FOLDER}/{path.name} is missing, and the page with it") from None
        except OSError as error:
            raise LookupError(f"{FOLDER}/{path.name} cannot be read ({error.strerror})") from error

    def _append(self, at: datetime, data: bytes) -> tuple[str, int]:
        """Add bytes to the file of a day, all or none of them; returns its name and where they begin."""
        file = self._day_file(f"{at.astimezone(UTC):%Y-%m-%d}{SUFFIX}")
        offset = os.lseek(file, 0, os.SEEK_END)
        head = b"" if offset else warcinfo(self._name)
        try:
            _write(file, head + data)
            os.fsync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, offset)
            raise
        return self._name, offset + len(head)

    def _day_file(self, name: str) -> int:
        if self._file is None or name != self._name:
            self.close()
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / name
            mend_tail(path, self.store.archive_end(name))
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            self._name = name
        return self._file


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def payload_digest(body: bytes) -> str:
    """The body's SHA-256 in the form WARC writes digests: base 32, the algorithm in front."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")


def records(page: Page, digest: str, original: PageRecord | None) -> tuple[str, bytes, bytes]:
    """A page as WARC: the response's record id, the compressed response (or revisit), the compressed request."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    response = _response_record(writer, page, digest, original)
    writer.write_record(response)
    length = out.tell()
    record_id = response.rec_headers.get_header("WARC-Record-ID")
    request = _request_record(writer, page)
    request.rec_headers.add_header("WARC-Concurrent-To", record_id)
    writer.write_record(request)
    written = out.getvalue()
    return record_id, written[:length], written[length:]


def _response_record(writer: WARCWriter, page: Page, digest: str, original: PageRecord | None) -> Any:
    status = StatusAndHeaders(f"{page.status} {_phrase(page.status)}".strip(), stored_headers(page), protocol="HTTP/1.1")
    names = {"WARC-Date": warc_date(page.fetched)}
    if original is not None:
        return writer.create_revisit_record(
            page.url, digest, original.url, warc_date(original.fetched), http_headers=status, warc_headers_dict=names
        )
    return writer.create_warc_record(
        page.url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=status,
        warc_headers_dict=names | {"WARC-Payload-Digest": digest},
    )


def _request_record(writer: WARCWriter, page: Page) -> Any:
    parts = urlsplit(page.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = [(_ascii(name), _one_line(value)) for name, value in page.request_headers if name.lower() not in SECRET]
    if not any(name.lower() == "host" for name, _ in sent):
        sent.insert(0, ("Host", _ascii(parts.netloc)))
    line = StatusAndHeaders(f"GET {_ascii(target)} HTTP/1.1", sent, is_http_request=True)
    return writer.create_warc_record(
        page.url, "request", http_headers=line, warc_headers_dict={"WARC-Date": warc_date(page.fetched)}
    )


def stored_headers(page: Page) -> list[tuple[str, str]]:
    """The response's headers with those on codings renamed and the length of what is stored added."""
    headers = [(ORIGINAL + name if name.lower() in CODED else _ascii(name), _one_line(value)) for name, value in page.headers]
    return [*headers, ("Content-Length", str(len(page.body)))]


def as_received(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The opposite of :func:`stored_headers`."""
    return tuple((name.removeprefix(ORIGINAL), value) for name, value in headers if name.lower() != "content-length")


def _one_line(value: str) -> str:
    """A header's value as warcio can write it: what it makes of other characters is not always ASCII, and then it fails."""
    return _ascii(" ".join(value.split()))


def _ascii(text: str) -> str:
    return "".join(char if char.isascii() else quote(char, errors="replace") for char in text)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def warc_date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def warcinfo(name: str) -> bytes:
    """The record that opens a file."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    about = {"software": SOFTWARE, "format": f"WARC File Format {VERSION}", "robots": "obey"}
    writer.write_record(writer.create_warcinfo_record(name, about))
    return out.getvalue()


def page_from(record: PageRecord, found: Found, parts: tuple[bytes, ...]) -> Page:
    """A page out of its compressed records (:meth:`Archive.parts`). Pure. Raises ValueError where they are damaged."""
    where = f"{FOLDER}/{record.file} is damaged at byte {record.offset:,}"
    if len(parts[0]) < (record.length or 0):
        raise ValueError(f"{where}: it ends before the page does")
    status, headers, body = _parsed(parts[0], where, record.record)
    if len(parts) > 1:
        body = _parsed(parts[1], f"{where}, or where its body lies")[2]
    if payload_digest(body) != record.payload_digest:
        raise ValueError(f"{where}: what lies there is not what was fetched")
    return Page(found, record.url, status, headers, body, record.fetched)


def _parsed(data: bytes, where: str, record_id: str | None = None) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and body of a response record, which is the one with that id where one is given."""
    try:
        # inflated here and not by warcio, which takes what it cannot inflate for text
        record = next(iter(ArchiveIterator(BytesIO(gzip.decompress(data)))), None)
    except (zlib.error, EOFError, gzip.BadGzipFile, ArchiveLoadFailed) as error:
        raise ValueError(f"{where}: {error}") from error
    if record is None or record_id not in (None, record.rec_headers.get_header("WARC-Record-ID")):
        raise ValueError(f"{where}: another record lies there than should ({record_id})")
    headers = record.http_headers
    return int(headers.get_statuscode()), as_received(headers.headers), record.content_stream().read()


def mend_tail(path: Path, known_end: int) -> None:
    """Cut off the half-written record that a killed process or a power cut may have left at the end of a file, for no WARC tool
    reads past it. Whole records stay, also those that the store does not know."""
    if not path.exists() or path.stat().st_size <= known_end:
        return
    with path.open("r+b") as file:
        end = max(members(file, known_end), default=known_end)
        if end < path.stat().st_size:
            file.truncate(end)


def members(file: Any, start: int) -> Iterator[int]:
    """The ends of the whole gzip members from ``start`` on, in bytes from the beginning of the file."""
    file.seek(start)
    position, data = start, file.read(CHUNK)
    while data:
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not inflater.eof:
            if not data:
                return
            try:
                _skip(inflater, data)
            except zlib.error:
                return
            position += len(data) - len(inflater.unused_data)
            data = inflater.unused_data or file.read(CHUNK)
        yield position


def _skip(inflater: Any, data: bytes) -> None:
    """Inflate and throw away, a little at a time: a record may be far larger than its compressed form."""
    inflater.decompress(data, CHUNK)
    while inflater.unconsumed_tail and not inflater.eof:
        inflater.decompress(inflater.unconsumed_tail, CHUNK)
