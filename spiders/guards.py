"""Where requests may go: listed hosts only, on every redirect, and never in a circle.

All are downloader middlewares, wired in :mod:`spiders.settings`; one crawler works for one source.
"""

from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import NotConfigured, UsageError
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from spiders.refusals import Refused
from spiders.sources import Source
from spiders.urls import is_listed

REDIRECTS = (301, 302, 303, 307, 308)


def source_of_crawler(crawler: Crawler) -> Source:
    """The source that a crawler works for. Raises UsageError for a spider of another kind: it has no hosts it may ask."""
    source = getattr(crawler.spidercls, "source", None)
    if not isinstance(source, Source):
        raise UsageError(f"the spider {crawler.spidercls.name!r} is made from no source, so there is no host that it may ask")
    return source


class ListedHosts:
    """Refuses every request, redirected ones and robots files included, that leaves the hosts its source lists."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(source_of_crawler(crawler))

    def process_request(self, request: Request) -> None:
        if not is_listed(request.url, self.source):
            raise Refused(off_host(request.url, request.meta.get("redirect_urls", ()), self.source))


def off_host(url: str, came_from: list[str] | tuple[()], source: Source) -> str:
    """Why an address is not asked, in a sentence."""
    where = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
    if came_from:
        return f"redirected to {url}; {where} is not listed for {source.id}"
    return f"{where} is not listed for {source.id}"


class Redirects(RedirectMiddleware):
    """Scrapy's redirects without a Referer, and with a clear end where a site sends us back to the address just asked."""

    keeps_cookies = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        middleware.keeps_cookies = source_of_crawler(crawler).quirks.keeps_cookies
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if response.status in REDIRECTS and "Location" in response.headers and not request.meta.get("dont_redirect"):
            self._refuse_circle(request, response)
        return super().process_response(request, response)

    def _refuse_circle(self, request: Request, response: Response) -> None:
        location = (response.headers["Location"] or b"").decode("latin-1")
        if urldefrag(urljoin(request.url, location)).url != urldefrag(request.url).url:
            return
        if not self.keeps_cookies:
            reason = f"answers {response.status} to its own address, as sites do until a cookie is kept (quirks.keeps_cookies)"
            raise Refused(reason, stage="fetched", outcome="failed")
        if request.url in request.meta.get("redirect_urls", ()):
            reason = f"answers {response.status} to its own address even though its cookie is kept"
            raise Refused(reason, stage="fetched", outcome="failed")


class SessionCookies:
    """Keeps cookies for a source that asks for it, in one jar a crawl; other sources never get one back.

    Scrapy's own middleware would look the public suffix list up on the network to judge a cookie's domain; here one jar
    only ever serves the few hosts of one source, so the standard library's rules are enough.
    """

    def __init__(self) -> None:
        self.jar = CookieJar()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not source_of_crawler(crawler).quirks.keeps_cookies:
            raise NotConfigured
        return cls()

    def process_request(self, request: Request) -> None:
        if request.meta.get("browser") == "inside":
            return  # the browser keeps its own, also those that scripts set
        request.headers.pop("Cookie", None)  # a redirected request brings the header of the one before
        self.jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        self.jar.extract_cookies(response, request)
        return response
