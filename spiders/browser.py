"""Sources whose pages need a script: their requests are opened in Chromium, through scrapy-playwright.

A downloader middleware, the last before the network. It stands in for the download of such a source's requests; what the
pages ask for in turn (:mod:`spiders.browser_page`) goes through the downloader as usual, marked in ``meta["browser"]``:

    absent      opened in the browser
    "inside"    made for a page in the browser; fetched as usual
    "without"   fetched as usual (the first look at a robots file)
"""

import asyncio
import logging
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object

from spiders.guards import source_of_crawler
from spiders.per_source import why_skipped
from spiders.refusals import Refused

LONGEST_CLOSE = 10.0  # seconds that a page may take to close; a script that never ends can hold it

logger = logging.getLogger(__name__)


class Browser:
    """Opens requests in Chromium, in one fresh context a crawl: no profile, no downloads, no service workers."""

    def __init__(self, crawler: Crawler) -> None:
        # imported here, because both need the extra
        from playwright.async_api import Error

        from spiders import browser_page

        self.crawler = crawler
        self.handler: Any = build_from_crawler(
            load_object("scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"), crawler
        )
        self.pages, self.error = browser_page, Error
        self.scripts = browser_page.Scripts()
        self.free = asyncio.Semaphore(crawler.settings.getint("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT"))
        self.limit = crawler.settings.getfloat("VIETLAO_RENDER_TIMEOUT")
        crawler.signals.connect(self.close, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        source = source_of_crawler(crawler)
        if not source.quirks.needs_browser or why_skipped(source, crawler.settings):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        if "browser" in request.meta:
            return None
        request.meta["dont_retry"] = True  # what the page asked for was tried again already
        page = self.pages.BrowserPage(self.crawler, request, self.scripts)
        try:
            async with self.free, asyncio.timeout(self.limit):
                await self.open(request, page)
        except TimeoutError:
            reason = f"took longer than {self.limit:g} seconds in a browser"
            raise Refused(reason, stage="fetched", outcome="failed") from None
        except self.error as error:
            reason = f"the browser failed: {str(error).strip().splitlines()[0]}"
            raise Refused(reason, stage="fetched", outcome="failed") from None
        return page.response()

    async def open(self, request: Request, page: Any) -> None:
        """Let scrapy-playwright open the address and wait until the page is there; it is closed in any case."""
        meta = {
            "playwright": True,
            "playwright_include_page": True,  # we close it, also when the time is over
            "playwright_context_kwargs": {
                "user_agent": self.crawler.settings["USER_AGENT"],
                "locale": "vi-VN",
                "accept_downloads": False,
                "service_workers": "block",
            },
            "playwright_page_init_callback": page.attach,
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": self.limit * 1000},
            "playwright_page_methods": [load_object("scrapy_playwright.page.PageMethod")(page.settle)],
        }
        opened = Request(request.url, meta=meta, dont_filter=True)
        try:
            await self.handler.download_request(opened)
        finally:
            await self.shut(opened.meta.get("playwright_page"))

    async def shut(self, page: Any) -> None:
        if page is None or page.is_closed():
            return
        try:
            await asyncio.wait_for(page.close(), LONGEST_CLOSE)
        except (TimeoutError, self.error) as error:
            logger.warning("a page could not be closed: %s", error or "it does not answer")

    async def close(self) -> None:
        await self.handler.close()
