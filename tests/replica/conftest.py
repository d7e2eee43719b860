"""A real HTTP client that lives in the replica's web, as a crawler does."""

import http.client
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from monitor.replica.server import Replica


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    url: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Visitor:
    """Asks through the proxy, one connection a request; keeps cookies by host and follows redirects when told to."""

    def __init__(self, web: Replica) -> None:
        self.web = web
        self.trust = ssl.create_default_context(cafile=str(web.ca_file))
        self.cookies: dict[str, str] = {}

    def ask(self, url: str, method: str = "GET", **headers: str) -> Reply:
        """One request; header names are written with underscores."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        if host in self.cookies:
            sent["Cookie"] = self.cookies[host]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connection(parts.scheme, host)
        try:
            connection.request(method, path if parts.scheme == "https" else url, headers=sent)
            answer = connection.getresponse()
            reply = Reply(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read(), url)
        finally:
            connection.close()
        self._remember(host, reply)
        return reply

    def visit(self, url: str, steps: int = 6) -> Reply:
        """As a browser would: cookies kept, redirects followed, scripts that set a cookie and reload obeyed."""
        reply = self.ask(url)
        for _ in range(steps):
            if reply.status in (301, 302) and "location" in reply.headers:
                reply = self.ask(reply.headers["location"])
            elif b"window.location.reload" in reply.body:
                self.cookies[urlsplit(reply.url).hostname or ""] = re.findall(r'cookie="([^"]+)"', reply.text)[0]
                reply = self.ask(reply.url)
            else:
                break
        return reply

    def _connection(self, scheme: str, host: str) -> http.client.HTTPConnection:
        proxy = urlsplit(self.web.proxy)
        if scheme == "http":
            return http.client.HTTPConnection(proxy.hostname or "", proxy.port, timeout=20)
        connection = http.client.HTTPSConnection(proxy.hostname or "", proxy.port, timeout=20, context=self.trust)
        connection.set_tunnel(host, 443)
        return connection

    def _remember(self, host: str, reply: Reply) -> None:
        if "set-cookie" in reply.headers:
            self.cookies[host] = reply.headers["set-cookie"].split(";")[0]


@pytest.fixture(scope="session")
def web() -> Iterator[Replica]:
    with Replica() as replica:
        yield replica


@pytest.fixture
def visitor(web: Replica) -> Visitor:
    return Visitor(web)


@pytest.fixture
def visitor_of() -> Callable[[Replica], Visitor]:
    return Visitor
