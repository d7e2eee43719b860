"""The rules behind the guards, one by one."""

import zlib
from types import SimpleNamespace

import pytest
from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from service_identity.exceptions import DNSMismatch
from service_identity.hazmat import DNS_ID
from twisted.internet import error as network
from twisted.internet.protocol import ClientFactory
from twisted.python.failure import Failure
from twisted.web._newclient import ResponseNeverReceived

from spiders.agent import user_agent
from spiders.challenge import is_challenge
from spiders.fates import fate_of
from spiders.network import guarded, refusal
from spiders.refusals import Refused
from spiders.robots import LARGEST, read_robots


@pytest.mark.parametrize("address", ["93.184.215.14", "203.162.0.181", "2001:ee0:4004::1", "2606:4700::6810:84e5"])
def test_public_addresses_pass(address):
    assert refusal(address) is None


NOT_PUBLIC = """
127.0.0.1 127.8.8.8 ::1 0.0.0.0 :: 10.0.0.1 172.16.9.1 192.168.1.1 169.254.169.254 fe80::1%eth0 100.64.0.1 100.127.255.254
224.0.0.251 239.1.1.1 ff02::1 240.0.0.1 255.255.255.255 192.0.2.7 198.18.0.1 fc00::1 fec0::1 4000::1 ::ffff:10.0.0.1
::ffff:93.184.215.14 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 localhost 2130706433
"""


@pytest.mark.parametrize("address", [*NOT_PUBLIC.split(), ""])
def test_other_addresses_are_refused(address):
    assert refusal(address)


def test_the_loopback_mode_is_for_loopback_only():
    assert refusal("127.0.0.1", loopback=True) is None
    assert refusal("::1", loopback=True) is None
    for address in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0"):
        assert refusal(address, loopback=True)


def test_the_peer_that_was_reached_is_what_counts():
    """A name that led to a public address when it was looked at may lead inside when it is connected to."""
    factory = guarded(ClientFactory, loopback=False)()
    with pytest.raises(Refused, match=r"10\.1\.2\.3"):
        factory.buildProtocol(SimpleNamespace(host="10.1.2.3", port=80))
    factory.protocol = lambda: SimpleNamespace()
    assert factory.buildProtocol(SimpleNamespace(host="93.184.215.14", port=80)) is not None


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        (200, b"User-agent: *\nDisallow: /a", False),
        (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", False),
        (200, b"User-agent: vietlao\nDisallow: /a\n\nUser-agent: *\nAllow: /", False),
        (200, b"User-agent: vietlao\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        (200, b"User-agent: other\nDisallow: /", True),
        (200, b"<!DOCTYPE html><html>Disallow: /</html>", True),
        (200, b"\n  <html><script>document.cookie=1</script>", True),
        (200, b"", True),
        (200, b"\xff\xfe\x00\x00", True),
        (200, b"#" * LARGEST + b"\nUser-agent: *\nDisallow: /", True),
        (404, b"User-agent: *\nDisallow: /", True),
        (403, b"", True),
        (429, b"", False),
        (500, b"User-agent: *\nAllow: /", False),
        (503, b"", False),
    ],
)
def test_robots_files(status, body, allowed):
    assert (read_robots(status, body).refusal("https://paper.vn/a-1.html") is None) is allowed


def test_a_disallowed_address_is_rejected_and_an_unreadable_file_is_a_failure():
    assert read_robots(200, b"User-agent: *\nDisallow: /").refusal("https://paper.vn/a").outcome == "rejected"
    assert read_robots(503, b"").refusal("https://paper.vn/a").outcome == "failed"


def test_crawl_delay():
    assert read_robots(200, b"User-agent: *\nCrawl-delay: 7.5").delay == 7.5
    assert read_robots(200, b"User-agent: *\nCrawl-delay: soon").delay == 0
    assert read_robots(404, b"User-agent: *\nCrawl-delay: 7").delay == 0


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (b'<html><script>document.cookie="D1N=1";window.location.reload(true);</script></html>', True),
        (b"<script>document.cookie = 'a=b'; location.href = '/'</script><noscript>Please turn on scripts</noscript>", True),
        (b"<html><script>document.cookie='seen=1'</script><body>An article.</body></html>", False),
        (b"<html><script>document.cookie='a=1';location.reload()</script>" + b"<p>A long article. </p>" * 40, False),
        (b"<p>document.cookie</p>", False),
        (b"", False),
    ],
)
def test_challenges(body, is_one):
    assert is_challenge(body) is is_one


def test_cloudflare_says_so_itself():
    assert is_challenge(b"<html>Just a moment</html>", b"challenge")


def failed(inner):
    """A failure as Scrapy hands it on: its own exception around Twisted's list of failures."""
    error = DownloadFailedError("x")
    error.__cause__ = ResponseNeverReceived([Failure(inner)])
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (network.ConnectionLost(), "the connection to paper.vn failed"),
        (network.ConnectError(), "the connection to paper.vn failed"),
        (OSError("no route"), "the connection to paper.vn failed: OSError: no route"),
        (
            failed(SSL.Error([("SSL routines", "", "certificate verify failed")])),
            "the certificate of paper.vn could not be verified",
        ),
        (
            failed(VerificationError([DNSMismatch(mismatched_id=DNS_ID("paper.vn"))])),
            "the certificate of paper.vn could not be",
        ),
        (
            failed(ConnectionResetError(104, "reset")),
            "the connection to paper.vn failed: ConnectionResetError: [Errno 104] reset",
        ),
        (TunnelError("502"), "the proxy opened no tunnel to paper.vn: 502"),
        (zlib.error("bad data"), "the compressed answer is broken: error: bad data"),
        (HttpError(Response("https://paper.vn/a", status=599)), "answered 599"),
    ],
)
def test_expected_failures(error, reason):
    fate = fate_of(error, "https://paper.vn/a", Settings())
    assert (fate.stage, fate.outcome, fate.expected) == ("fetched", "failed", True)
    assert fate.reason.startswith(reason)


def test_a_bug_is_told_as_one():
    fate = fate_of(KeyError("x"), "https://paper.vn/a", Settings())
    assert not fate.expected
    assert "error in the program: KeyError" in fate.reason


def test_who_we_are():
    assert user_agent("desk@example.org").endswith(" (+desk@example.org)")
    assert "\r" not in user_agent("x\r\nCookie: a=b")
    assert user_agent("").endswith("(+no contact given)")
