"""Not hammering: delays that never go below what was asked for, and Retry-After."""

import asyncio
import logging
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.settings import BaseSettings

from spiders.refusals import Refused
from spiders.times import retry_after

LONGEST_WAIT = 60.0  # seconds that a run waits for one host; one that asks for more is left alone until the next run

logger = logging.getLogger(__name__)


class Throttle(AutoThrottle):
    """Scrapy's AutoThrottle whose floor can be raised while the crawl goes on."""

    mindelay = 0.0

    def at_least(self, seconds: float) -> None:
        """Let no host of this crawl be asked more often than every ``seconds``, from now on."""
        self.mindelay = max(self.mindelay, seconds)
        self.maxdelay = max(self.maxdelay, self.mindelay)
        downloader = self.crawler.engine.downloader
        downloader._delay = max(downloader._delay, seconds)
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, seconds)


class PatientRetry(RetryMiddleware):
    """Scrapy's retries, but a host that says when to come back (429 or 503 with Retry-After) is not asked before.

    Every request to it waits meanwhile. When it asks for more than LONGEST_WAIT seconds, the rest of its requests end as
    failed in this run, and the reason says so.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.free_at: dict[str, float] = {}

    async def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        while (wait := self.free_at.get(host, 0.0) - monotonic()) > 0:
            if wait > LONGEST_WAIT:
                reason = f"{host} asked to be left alone for {wait:.0f} more seconds (Retry-After)"
                raise Refused(reason, stage="fetched", outcome="failed", retry_after=wait)
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is None or response.status not in (429, 503):
            return super().process_response(request, response)
        host = urlsplit(request.url).netloc
        logger.info("%s answered %d and asked for %.0f seconds of rest", host, response.status, asked)
        self.crawler.stats.max_value("vietlao/retry_after", asked)
        self.free_at[host] = max(self.free_at.get(host, 0.0), monotonic() + asked)
        return response if asked > LONGEST_WAIT else super().process_response(request, response)
