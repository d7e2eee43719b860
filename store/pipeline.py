"""Scrapy's way into the store: each page is examined, archived and stored before the next one is taken."""

import logging
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro

from relevance.topic import Topic, load_topic
from spiders.errors import UnusableStore
from spiders.page import Page
from spiders.sources import Source
from store.examine import examine_in_time
from store.revised import Remembered
from store.revisions.reread import Reread, reread
from store.session import Session, join_by_settings
from store.timelimit import PAGE_SECONDS, TimeUp, time_limit, told

logger = logging.getLogger(__name__)


class StorePipeline:
    """Item pipeline for :class:`spiders.page.Page`. Counts ``vietlao/pages``, and of these ``/kept``, ``/marginal``,
    ``/dropped``, ``/failed`` and ``/reread`` (known before, and fetched again). When the store cannot be written any more the
    crawl ends: fetching on would lose what is fetched."""

    def __init__(self, session: Session, topic: Topic, source: Source | None, crawler: Crawler) -> None:
        self.session = session
        self.topic = topic
        self.source = source
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Settings used: VIETLAO_HOME, VIETLAO_RUN, VIETLAO_TOPIC, VIETLAO_PEOPLE. Raises ConfigurationError, Locked and
        UnusableStore."""
        topic = topic_by_settings(crawler.settings)
        source = getattr(crawler.spidercls, "source", None)
        return cls(join_by_settings(crawler.settings), topic, source, crawler)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Page):
            try:
                self._count(self.store_page(item))
            except UnusableStore as error:
                self._end_crawl(error)
                raise
        return item

    def store_page(self, page: Page) -> str:
        """Examine, archive and store one page; returns what it counts as."""
        session = self.session
        known = session.store.remembered(page.found.url)
        if known is not None:
            return self.store_reread(page, known)
        examination = examine_in_time(page, self.source, self.topic, session.store.clock(), PAGE_SECONDS)
        record = session.archive.keep(page) if examination.named else None
        session.store.save_page(page, examination.decisions, examination.reading, record, session.run)
        return examination.ended

    def store_reread(self, page: Page, known: Remembered) -> str:
        """Compare a page with what was read at its address before, and store what changed; returns what it counts as."""
        session = self.session
        now = session.store.clock()
        try:
            with time_limit(PAGE_SECONDS):
                found = reread(page, known, lambda: self._archived(known), self.source, self.topic, now)
        except TimeUp:
            found = Reread("failed", told(PAGE_SECONDS))
        record = session.archive.keep(page) if found.kind == "edited" else None
        session.store.save_reread(page, known, found, record, session.run)
        return "failed" if found.kind == "failed" else "reread"

    def _archived(self, known: Remembered) -> Page | None:
        try:
            return self.session.archive.read(known.page, known.found) if known.page else None
        except (LookupError, ValueError) as error:
            logger.warning("%s: the page read before cannot be compared with: %s", known.found.url, error)
            return None

    def close_spider(self) -> None:
        self.session.leave()

    def _count(self, ended: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value("vietlao/pages")
            self.crawler.stats.inc_value(f"vietlao/{ended}")

    def _end_crawl(self, error: UnusableStore) -> None:
        self.session.fault = str(error)
        if self.crawler.engine is not None:
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=str(error)))


def topic_by_settings(settings: BaseSettings) -> Topic:
    """The topic that Scrapy's settings name, else the one that comes with the program."""
    seeds = Path(str(files("seeds")))
    topic = Path(settings.get("VIETLAO_TOPIC") or seeds / "topic.toml")
    people = Path(settings.get("VIETLAO_PEOPLE") or seeds / "people.toml")
    return _topic(topic, people, _stamps(topic, people))


@lru_cache(maxsize=4)
def _topic(topic: Path, people: Path, stamps: tuple[tuple[int, int], ...]) -> Topic:
    """One topic for all crawlers of a process. ``stamps`` tell a file that was edited in between."""
    return load_topic(topic, people)


def _stamps(*paths: Path) -> tuple[tuple[int, int], ...]:
    """Size and time of change; of a missing file nothing, as loading it tells what is wrong."""
    found = [path.stat() for path in paths if path.exists()]
    return tuple((stat.st_size, stat.st_mtime_ns) for stat in found)
