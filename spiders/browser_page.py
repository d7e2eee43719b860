"""One page in Chromium: what it asks for is fetched by Scrapy, and when it has come to rest. Needs the extra ``browser``.

Chromium has no network. Each request of the page is answered here with what Scrapy's downloader brought, so it passed the
listed hosts, the robots file, the delay between requests, Retry-After, the checks of address and certificate, the time limit
and the size limit like any other request of the crawl, with our User-Agent and the proxy of the environment.

A page is given its documents. Its scripts and what they ask for are fetched for listings, which scripts fill, and on pages
that only set a cookie and reload; an article is taken as its server sent it. Images, media, fonts, styles, frames and anything
but GET are left out everywhere.
"""

import asyncio
import html
import json
import logging
from time import monotonic
from urllib.parse import urldefrag, urljoin

from playwright.async_api import Error, Page, Route
from playwright.async_api import Request as Asked
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from spiders.arrival import content_type, header
from spiders.challenge import is_challenge
from spiders.guards import REDIRECTS
from spiders.refusals import Refused

PARTS = ("script", "xhr", "fetch")  # what is fetched beside documents
MOST_DOCUMENTS = 8  # a redirect, a cookie page or two, and the page itself; more go in a circle
MOST_PARTS = 30  # requests of one page beside its documents; VIETLAO_RENDER_TIMEOUT leaves time for them at a delay of five
KEPT = 16 * 2**20  # bytes of scripts that a crawl keeps, so that each is asked for once
STUCK = 10.0  # seconds without a new document after which a page that only sets a cookie and reloads is given up
QUIET = 1.0  # seconds without a request after which a listing counts as filled
HTML = ("text/html", "application/xhtml+xml")
NOT_SENT = {b"content-length", b"content-encoding", b"transfer-encoding", b"connection", b"content-disposition"}
CONDITIONS = ("If-None-Match", "If-Modified-Since")

logger = logging.getLogger(__name__)


async def always(asked: Asked) -> bool:
    """For scrapy-playwright's own handling of requests: none of them goes past :class:`BrowserPage`."""
    return True


class Scripts(dict[str, Response]):
    """The scripts that a crawl fetched, by address."""

    size = 0

    def keep(self, url: str, response: Response) -> None:
        if response.status == 200 and self.size + len(response.body) <= KEPT:
            self[url] = response
            self.size += len(response.body)


class BrowserPage:
    """Serves one page for one request of the crawl. ``rendered`` in its meta asks for the page as scripts have made it."""

    def __init__(self, crawler: Crawler, request: Request, scripts: Scripts) -> None:
        self.crawler, self.request, self.scripts = crawler, request, scripts
        self.wants_scripts = bool(request.meta.get("rendered"))
        self.begin()

    def begin(self) -> None:
        self.answer: Response | None = None  # the newest document
        self.error: Exception | None = None
        self.dom: str | None = None
        self.documents = self.parts = self.open = 0
        self.moved = asyncio.Event()
        self.last = monotonic()

    async def attach(self, page: Page, request: Request) -> None:
        """scrapy-playwright calls this before it opens the address, once more when the page crashed and is tried again."""
        self.begin()
        self.page = page
        await page.route("**/*", self.serve)

    # -- requests of the page

    async def serve(self, route: Route) -> None:
        """Answer a request of the page. Never raises but for bugs: what went wrong becomes the page's own end."""
        self.open += 1
        try:
            if route.request.is_navigation_request() and route.request.frame == self.page.main_frame:
                await self.serve_document(route)
            elif self.may_have(route.request):
                await self.serve_part(route)
            else:
                await route.abort("blockedbyclient")
        except Error:
            if not self.page.is_closed():
                raise
        finally:
            self.open -= 1
            self.last = monotonic()

    def may_have(self, asked: Asked) -> bool:
        """Whether a request beside the documents is worth its place."""
        wanted = self.wants_scripts or self.is_stuck
        return wanted and asked.resource_type in PARTS and asked.method == "GET" and self.parts < MOST_PARTS

    async def serve_document(self, route: Route) -> None:
        try:
            answer = await self.document(route.request)
        except Exception as error:  # noqa: BLE001 - however it failed, the crawl is told as for any other request
            self.error = error
            self.moved.set()
            await route.fulfill(status=200, content_type="text/plain", body="")
            return
        target = onward(answer)
        if target is None:
            self.answer = answer
            self.moved.set()
        # what is no page is not shown to Chromium, which would want to save it
        shows = target is None and content_type(answer) in HTML
        body = answer.body if shows else step_to(target) if target else b""
        kind = {} if shows else {"content-type": "text/html" if target else "text/plain"}
        status = answer.status if shows else 200
        await route.fulfill(status=status, headers=headers_of(answer) | kind, body=body)

    async def document(self, asked: Asked) -> Response:
        self.documents += 1
        if self.documents > MOST_DOCUMENTS:
            raise failed(f"leads on from page to page, more than {MOST_DOCUMENTS} times, in a browser")
        if asked.method != "GET":
            raise failed("wants to send a form before it shows anything")
        conditions = {name: value for name in CONDITIONS if (value := self.request.headers.get(name))}
        return await self.fetch(asked.url, conditions)

    async def serve_part(self, route: Route) -> None:
        asked = route.request
        answer = self.scripts.get(asked.url)
        if answer is None:
            self.parts += 1
            try:
                answer = await self.part(asked.url)
            except Exception as error:  # noqa: BLE001 - a page may do without a part of it, as in any browser
                logger.debug("%s goes without %s: %s", self.request.url, asked.url, error)
                await route.abort("failed")
                return
            if asked.resource_type == "script":
                self.scripts.keep(asked.url, answer)
        await route.fulfill(status=answer.status, headers=headers_of(answer), body=answer.body)

    async def part(self, url: str) -> Response:
        for _ in range(self.crawler.settings.getint("REDIRECT_MAX_TIMES") + 1):
            answer = await self.fetch(url, {})
            target = onward(answer)
            if target is None:
                return answer
            url = target
        raise failed("redirects too often")

    async def fetch(self, url: str, conditions: dict[str, bytes]) -> Response:
        """Through the whole downloader, as one more request of the crawl."""
        cookies = await self.page.context.cookies([url])
        line = "; ".join(f"{cookie.get('name')}={cookie.get('value')}" for cookie in cookies)
        headers = {**conditions, **({"Cookie": line} if line else {})}
        meta = {"browser": "inside", "dont_redirect": True, "is_robots": self.request.meta.get("is_robots", False)}
        request = Request(urldefrag(url).url, callback=NO_CALLBACK, headers=headers, meta=meta, dont_filter=True)
        return await self.crawler.engine.download_async(request)

    # -- coming to rest

    @property
    def is_stuck(self) -> bool:
        """Whether all that came so far is a page that sets a cookie and reloads."""
        return self.answer is not None and is_challenge(self.answer.body, self.answer.headers.get("cf-mitigated"))

    async def settle(self, page: Page) -> None:
        """Wait until the page is there: past cookies and redirects, and filled where scripts fill it."""
        while self.error is None:
            if self.answer is None or self.is_stuck:
                await self.next_document()
            elif not self.wants_scripts or content_type(self.answer) not in HTML or await self.filled(page):
                return

    async def next_document(self) -> None:
        self.moved.clear()
        while True:
            try:
                await asyncio.wait_for(self.moved.wait(), STUCK)
                return
            except TimeoutError:
                if not self.open:
                    raise failed("answers in a browser, too, only with a script that sets a cookie and reloads") from None

    async def filled(self, page: Page) -> bool:
        """Take the page as it stands once it is quiet. False when it moved on meanwhile."""
        before = self.documents
        await page.wait_for_load_state("load")
        while self.open or monotonic() - self.last < QUIET:
            await asyncio.sleep(QUIET / 10)
        if self.documents != before:
            return False
        self.dom = await page.content()
        return self.documents == before

    def response(self) -> Response:
        """What the crawl gets. Raises what kept the page's document from us."""
        if self.error is not None:
            raise self.error
        if self.answer is None:
            raise failed("showed nothing in a browser")
        if self.dom is None:
            return self.answer.replace(request=self.request)
        headers = self.answer.headers.copy()
        headers["Content-Type"] = "text/html; charset=utf-8"
        body = self.dom.encode("utf-8", "replace")
        if len(body) > (largest := self.crawler.settings.getint("DOWNLOAD_MAXSIZE")):
            raise Refused(f"is larger than {largest // 2**20} MiB once its scripts have run", stage="fetched")
        url, status = self.answer.url, self.answer.status
        return HtmlResponse(url, status=status, headers=headers, body=body, encoding="utf-8", request=self.request)


def failed(reason: str) -> Refused:
    """An end that a later run may not meet."""
    return Refused(reason, stage="fetched", outcome="failed")


def onward(answer: Response) -> str | None:
    """Where a redirect leads."""
    location = header(answer, "Location")
    return urljoin(answer.url, location) if answer.status in REDIRECTS and location else None


def step_to(url: str) -> bytes:
    """A page that goes to an address at once. Chromium would follow a redirect by itself, without asking us."""
    words = json.dumps(url).replace("<", "\\u003c")
    return f"<!DOCTYPE html><title>{html.escape(url)}</title><script>location.replace({words})</script>".encode()


def headers_of(answer: Response) -> dict[str, str]:
    """Headers as Playwright takes them: several cookies are parted by line ends."""
    named: dict[str, str] = {}
    for name, values in answer.headers.items():
        if name.lower() not in NOT_SENT:
            named[name.decode("latin-1").lower()] = "\n".join(value.decode("latin-1") for value in values)
    return named
