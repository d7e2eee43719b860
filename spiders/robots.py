"""robots.txt as RFC 9309 has it, with Crawl-delay.

Scrapy's own middleware takes a server error or an unreachable file for permission and leaves Crawl-delay alone.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from spiders.agent import TOKEN
from spiders.challenge import is_challenge
from spiders.fates import fate_of
from spiders.guards import source_of_crawler
from spiders.patience import Throttle
from spiders.refusals import Refused

LARGEST = 500 * 1024  # bytes read of a robots file; RFC 9309, 2.5
LONGEST_DELAY = 60.0  # seconds; a longer Crawl-delay would let one source hold up a whole run

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots file came to: a parsed file, no file (all allowed), or ``unreachable`` (nothing is asked now)."""

    parsed: Protego | None = None
    unreachable: str | None = None

    def refusal(self, url: str) -> Refused | None:
        """Why an address may not be asked, or None."""
        host = urlsplit(url).netloc
        if self.unreachable:
            reason = f"the robots.txt of {host} could not be read ({self.unreachable}), so the site is left alone for now"
            return Refused(reason, outcome="failed")
        if self.parsed is not None and not self.parsed.can_fetch(url, TOKEN):
            return Refused(f"the robots.txt of {host} disallows it")
        return None

    @property
    def delay(self) -> float:
        """Seconds between requests that the file asks for, 0 when it asks for nothing."""
        return float((self.parsed.crawl_delay(TOKEN) if self.parsed else None) or 0)


def read_robots(status: int, body: bytes) -> Rules:
    """Rules from an answer: a 4xx means that there is no file, 429 and 5xx that this is no time to ask. An HTML page where
    the file should be is no file either."""
    if status == 429 or status >= 500:
        return Rules(unreachable=f"status {status}")
    text = body[:LARGEST].decode("utf-8-sig", "replace").lstrip()
    if not 200 <= status < 300 or text.startswith("<"):
        return Rules()
    return Rules(Protego.parse(text))


class Robots:
    """Downloader middleware: every request waits for the robots file of its host, asked once a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.asked: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.asked:
            self.asked[site] = asyncio.ensure_future(self.ask(site))
        rules = await asyncio.shield(self.asked[site])
        if refusal := rules.refusal(request.url):
            raise refusal

    async def ask(self, site: str) -> Rules:
        """Fetch and read the robots file of a site, and slow the crawl down to what it asks for."""
        try:
            response = await self.look(site, browser="without")
        except Refused:
            return Rules()  # redirected off the listed hosts, or in a circle: as good as absent (RFC 9309, 2.3.1.2)
        except Exception as error:  # noqa: BLE001 - whatever kept the file from us, the answer is to leave the site alone
            return self.unreachable(error, site)
        if self.in_browser and is_challenge(response.body, response.headers.get("cf-mitigated")):
            try:
                response = await self.look(site)
            except Exception as error:  # noqa: BLE001 - as above; that it was answered by a script tells us nothing
                return self.unreachable(error, site)
        rules = read_robots(response.status, response.body)
        self.slow_down(rules.delay, site)
        return rules

    async def look(self, site: str, **how: str) -> Response:
        meta = {"is_robots": True, **how}
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta=meta, dont_filter=True)
        return await self.crawler.engine.download_async(request)

    def unreachable(self, error: Exception, site: str) -> Rules:
        return Rules(unreachable=fate_of(error, f"{site}/robots.txt", self.crawler.settings).reason)

    @property
    def in_browser(self) -> bool:
        return source_of_crawler(self.crawler).quirks.needs_browser

    def slow_down(self, delay: float, site: str) -> None:
        throttle: Any = self.crawler.get_extension(Throttle)
        if delay > LONGEST_DELAY:
            logger.warning("%s asks for %g seconds between requests; %g are kept", site, delay, LONGEST_DELAY)
        if delay and throttle is not None:
            throttle.at_least(min(delay, LONGEST_DELAY))
