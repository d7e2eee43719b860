"""What a record holds: the page as a crawl would have brought it, or why it is none."""

import gzip
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig_warcs import HTML, record, response

from spiders.fates import Fate
from spiders.page import Found, Page
from store.batch.responses import holds_page, is_address, page_of, written
from store.batch.warcs import Record, records

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://bao-a.vn/tin-1"
FOUND = Found(URL, URL, "", "a.warc.gz record 1", "import")
BODY = "<html><title>Quân đội</title><p>".encode() + b"x" * 5000


@pytest.fixture
def taken(tmp_path):
    """The page (or fate) of a record that is written and read."""

    def take(data):
        path = Path(tmp_path / "one.warc")
        path.write_bytes(data)
        return page_of(next(records(path)), FOUND, None, NOW)

    return take


def zipped(data):
    return gzip.compress(data, mtime=0)


def chunked(body, size=1000):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


CODED = {
    "as it is": (BODY, []),
    "gzip": (zipped(BODY), [("Content-Encoding", "gzip")]),
    "x-gzip": (zipped(BODY), [("content-encoding", "X-GZIP")]),
    "deflate": (zlib.compress(BODY), [("Content-Encoding", "deflate")]),
    "br": (brotli.compress(BODY), [("Content-Encoding", "br")]),
    "chunked": (chunked(BODY), [("Transfer-Encoding", "chunked")]),
    "chunked gzip": (chunked(zipped(BODY)), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    "not chunked, as it says": (BODY, [("Transfer-Encoding", "chunked")]),
    "not gzip, as it says": (BODY, [("Content-Encoding", "gzip")]),
    "not br, as it says": (BODY, [("Content-Encoding", "br")]),
    "decoded, as Common Crawl keeps it": (BODY, [("X-Crawler-Content-Encoding", "gzip"), ("X-Crawl-Transfer-Encoding", "")]),
    "an unknown coding": (BODY, [("Content-Encoding", "sdch")]),
}  # fmt: skip


@pytest.mark.parametrize("form", CODED)
def test_bodies_are_decoded(taken, form):
    body, headers = CODED[form]
    page = taken(response(URL, body, headers=[HTML, *headers, ("X-Other", "kept"), ("Content-Length", str(len(body)))]))
    assert (page.url, page.status, page.body, page.found) == (URL, 200, BODY, FOUND)
    assert page.header("X-Other") == "kept"
    assert not any(page.header(name) for name in ("Content-Encoding", "Transfer-Encoding", "Content-Length"))


BOMB = bytes(64 * 2**20)
LARGE = "larger than 16 MiB"


def coded(coding, body):
    return response(URL, body, headers=[HTML, ("Content-Encoding", coding)])


@pytest.mark.parametrize(("data", "stage", "outcome", "reason"), [
    (coded("gzip", zipped(BOMB)), "fetched", "rejected", LARGE),
    (coded("br", brotli.compress(BOMB, quality=1)), "fetched", "rejected", LARGE),
    (coded("gzip, gzip", zipped(zipped(BOMB))), "fetched", "rejected", LARGE),
    (coded("gzip", b"\x1f\x8b\x08" + b"\xff" * 600), "fetched", "failed", "is broken"),
    (response(URL, b"\x89PNG", headers=[("Content-Type", "image/png")]), "fetched", "rejected", "but image/png"),
    (response(URL, b"%PDF-1.7", headers=[HTML]), "fetched", "rejected", "is not an HTML page"),
    (response(URL, b"  "), "fetched", "failed", "empty page"),
    (response(URL, b"", "404 Not Found"), "fetched", "gone", "answered 404 Not Found"),
    (response(URL, b"", "503 Busy"), "fetched", "failed", "answered 503"),
    (response(URL, b"", "301 Moved", [("Location", "https://bao-a.vn/")]), "fetched", "rejected", "sends us to"),
    (response(URL, b"<p>", "2000 OK"), "fetched", "failed", "its status line is none"),
    (response(URL, b"<p>", "OK"), "fetched", "failed", "its status line is none"),
    (record("response", URL, b"<html>"), "fetched", "failed", "it holds no answer of a web server"),
    (record("response", URL, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 90_000), "fetched", "failed", "it holds no answer"),
    (record("response", URL, b""), "fetched", "failed", "it holds no answer"),
    (record("revisit", URL, b""), "fetched", "rejected", "revisit"),
    (response(URL)[:-20], "fetched", "failed", "it is cut off"),
])  # fmt: skip
def test_what_is_no_page_has_a_fate(taken, data, stage, outcome, reason):
    fate = taken(data)
    assert isinstance(fate, Fate)
    assert (fate.stage, fate.outcome) == (stage, outcome)
    assert reason in fate.reason


def test_a_saved_file_is_a_page(taken):
    page = taken(record("resource", URL, BODY, Content_Type="text/html"))
    assert (page.status, page.body, page.header("content-type")) == (200, BODY, "text/html")


def test_headers_that_are_odd(taken):
    headers = [HTML, ("X-Tên", "đường"), ("X-Long", "y" * 20_000), ("", "nameless"), *[("Set-Cookie", "a=b")] * 500]
    page = taken(response(URL, BODY, headers=headers))
    assert isinstance(page, Page)
    assert page.header("X-Long") == "y" * 20_000


@pytest.mark.parametrize(("date", "told"), [
    ("2026-03-01T05:00:00Z", datetime(2026, 3, 1, 5, tzinfo=UTC)),
    ("2026-03-01T05:00:00.123456Z", datetime(2026, 3, 1, 5, 0, 0, 123456, tzinfo=UTC)),
    ("2026-03-01T12:00:00+07:00", datetime(2026, 3, 1, 5, tzinfo=UTC)),
    ("2026-03-01T05:00:00", datetime(2026, 3, 1, 5, tzinfo=UTC)),
    ("0001-01-01T00:00:00+14:00", None),
    ("9999-12-31T23:59:59-12:00", None),
    ("1970-01-01T00:00:00Z", None),
    ((NOW + timedelta(days=2)).isoformat(), None),
    ("yesterday", None),
    ("", None),
])  # fmt: skip
def test_when_a_page_was_fetched(date, told):
    assert written(Record(1, 0, {"warc-date": date}), NOW) == told


@pytest.mark.parametrize(("kind", "url", "holds"), [
    ("response", "https://a.vn/", True),
    ("revisit", "http://a.vn/", True),
    ("resource", "HTTPS://a.vn/", True),
    ("resource", "urn:pageinfo:https://a.vn/", False),
    ("response", "dns:a.vn", False),
    ("request", "https://a.vn/", False),
    ("", "https://a.vn/", False),
])  # fmt: skip
def test_which_records_should_hold_a_page(kind, url, holds):
    assert holds_page(Record(1, 0, {"warc-type": kind, "warc-target-uri": url})) == holds


@pytest.mark.parametrize("url", ["https://", "http://[", "https://[::1", "https:///x", "https://:80/"])
def test_addresses_that_are_none(url):
    assert not is_address(url)


@settings(deadline=None, max_examples=150)
@given(
    head=st.lists(st.sampled_from([b"HTTP/1.1 200 OK", b"Content-Encoding: gzip", b"Content-Encoding: br, zstd", b":",
        b"Transfer-Encoding: chunked", b"Content-Type: a", b"\xff: \0", b" x", b"Content-Encoding: deflate"]), max_size=5),
    body=st.one_of(st.binary(max_size=200), st.sampled_from([zipped(BODY), zlib.compress(BODY), chunked(BODY), BODY])),
    kind=st.sampled_from(["response", "resource", "revisit"]),
)  # fmt: skip
def test_whatever_a_record_holds_it_is_a_page_or_a_fate(head, body, kind):
    block = b"\r\n".join([b"HTTP/1.1 200 OK", *head]) + b"\r\n\r\n" + body
    one = Record(1, 0, {"warc-type": kind, "warc-target-uri": URL, "content-type": "text/html"}, block)
    assert isinstance(page_of(one, FOUND, None, NOW), Page | Fate)
