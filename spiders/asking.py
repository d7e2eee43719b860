"""A spider that asks a few addresses of one site, one after the other and within a budget, and hands the answers back.

Everything goes through the downloader middlewares of a crawl: listed hosts, robots.txt, delays, redirects.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self
from urllib.parse import urldefrag, urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings

from spiders.challenge import NEEDS_A_BROWSER, is_challenge
from spiders.check import say
from spiders.fates import fate_of, fate_of_status
from spiders.guards import REDIRECTS
from spiders.looked import Looked
from spiders.per_source import source_settings
from spiders.sources import Quirks, Source
from spiders.urls import is_listed

MOST = {"home": 1, "feed": 14, "sitemap": 10, "listing": 8, "page 2": 6, "article": 4}  # requests, robots.txt aside
ANYTHING = "^https?://"


def site(url: str, quirks: Quirks | None = None, article: str = ANYTHING, hosts: Iterable[str] = ()) -> Source:
    """A site as a source whose every address may be an article. Raises ValidationError for what is no web address."""
    return Source(
        id="look",
        name=urlsplit(url).hostname or url,
        languages=("vi",),
        home=url,
        hosts=tuple(hosts),
        article=article,
        quirks=quirks or Quirks(keeps_cookies=True),
        enabled=False,
        reason="looked at for the first time",
    )


class AskingSpider(Spider):
    """Counts what it asks and keeps what it noticed in ``looked``.

    Cookies are kept, so that a site that sends one back to the same address until its cookie returns can be read; whether
    that happened is seen on the raw answers.
    """

    source: ClassVar[Source]

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.left = Counter(MOST)
        self.asked: set[str] = set()
        self.looked = Looked(self.source.home)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(source_settings(cls.source, settings), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.heard, signals.response_downloaded)
        return spider

    def heard(self, response: Response, request: Request) -> None:
        """Any answer, before redirects are followed."""
        if response.status in REDIRECTS:
            location = (response.headers.get("Location") or b"").decode("latin-1")
            self.looked.keeps_cookies |= urldefrag(urljoin(request.url, location)).url == urldefrag(request.url).url

    async def ask(self, url: str, by: str) -> Response | None:
        """An answer with a good status that is no challenge; None, and the reason told, when there is none to be had."""
        if url in self.asked or not self.left[by] or not is_listed(url, self.source):
            return None
        self.left[by] -= 1
        self.asked.add(url)
        try:
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, dont_filter=True))
        except Exception as error:
            fate = fate_of(error, url, self.settings)
            if not fate.expected:
                raise
            self.failed(url, by, None, fate.reason)
            return None
        if is_challenge(response.body, response.headers.get("cf-mitigated")):
            self.looked.needs_browser = True
            self.failed(url, by, response.status, NEEDS_A_BROWSER)
        elif 200 <= response.status < 300:
            return response
        else:
            self.failed(url, by, response.status, fate_of_status(response).reason)
        return None

    def failed(self, url: str, by: str, status: int | None, reason: str) -> None:
        """Tell it; a failed front page or article is also a problem of the look (others were often only guessed)."""
        if by in ("home", "article"):
            self.looked.problems.append(f"{url}: {reason}")
        self.told(by, url, status, problem=reason)

    def told(
        self, by: str, url: str, status: int | None, items: int = 0, newest: datetime | None = None, problem: str | None = None
    ) -> None:
        when = newest.isoformat() if newest else None
        say("place", self.name, address=url, by=by, status=status, items=items, newest=when, problem=problem)
