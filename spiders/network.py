"""Which addresses a connection may go to, checked on the connection itself.

A name can resolve to a public address when it is looked at and to a private one when it is used (DNS rebinding), and redirects,
robots and sitemap requests all open connections of their own. So the peer of every new connection is looked at after it
stands and before a single byte is sent.

Behind a proxy the peer is the proxy. It was chosen by whoever runs this (``http_proxy``, ``https_proxy``), so its address is
not questioned, wherever it is; it resolves the names, and we still ask it for listed hosts only.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from spiders.refusals import Refused

GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is given out so far (RFC 4291, IANA)
# IPv6 forms that carry an IPv4 address, and with it a way around every rule about IPv4 (RFC 4291, 6052, 3056, 4380)
CARRIERS = tuple(map(IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


def refusal(address: str, loopback: bool = False) -> str | None:
    """Why a peer address is refused, or None when it may be talked to.

    Only globally routable unicast addresses pass: no private, loopback, link-local, shared (CGNAT), reserved, multicast or
    unspecified ones, and no IPv6 address that carries an IPv4 one. ``loopback`` lets loopback pass, nothing else.
    """
    try:
        peer = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address!r} is not an IP address"
    if peer.is_loopback:
        return None if loopback else f"{address} is a loopback address"
    if isinstance(peer, IPv6Address) and any(peer in carrier for carrier in CARRIERS):
        return f"{address} carries an IPv4 address inside an IPv6 one"
    if peer.is_multicast:
        return f"{address} is a multicast address"
    public = peer.is_global and (peer.version == 4 or peer in GLOBAL_UNICAST)
    return None if public else f"{address} is not a public address"


def guarded(factory: type[Any], loopback: bool) -> type[Any]:
    """A Twisted client factory that refuses a connection whose peer is not allowed."""

    class Guarded(factory):  # type: ignore[misc]
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
            reason = refusal(addr.host, loopback)
            if reason is not None:
                raise Refused(f"the host's name leads to an address that is not asked: {reason}")
            return super().buildProtocol(addr)

    return Guarded


class GuardedDownloadHandler(BaseDownloadHandler):
    """Scrapy's HTTP handler with every direct connection guarded; connections to a proxy are kept in a pool of their own."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.direct = HTTP11DownloadHandler.from_crawler(crawler)
        self.proxied = HTTP11DownloadHandler.from_crawler(crawler)
        # the pool is where connections are made; Scrapy itself puts its own factory there
        pool = self.direct._pool
        pool._factory = guarded(pool._factory, crawler.settings.getbool("VIETLAO_LOOPBACK"))

    async def download_request(self, request: Request) -> Response:
        handler = self.proxied if request.meta.get("proxy") else self.direct
        return await handler.download_request(request)

    async def close(self) -> None:
        await self.direct.close()
        await self.proxied.close()
