"""The crawl itself, in a process of its own: a stopped Twisted reactor cannot start again.

Reads one JSON object from standard input, ``{"sources": [ids], "settings": {...}, "seeds": whose}``, and writes one JSON object
a line to standard output: ``{"event": "counts" | "closed" | "bug", "source": id, ...}``. Everything for people goes to the log.
"""

import json
import logging
import sys
from typing import Any, Self, TextIO

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.asyncio import create_looping_call

from monitor.logs import use_vietnam_time

COUNTS = ("pages", "kept", "marginal", "dropped", "failed", "known")

logger = logging.getLogger("crawl")


def say(out: TextIO, event: str, source: str, **data: object) -> None:
    """Write one event line at once, so that the parent can show it."""
    print(json.dumps({"event": event, "source": source, **data}, ensure_ascii=False), file=out, flush=True)


class Report:
    """Scrapy extension that tells the parent how each spider fares: counts once a second, bugs, and the end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.last: dict[str, int] = {}
        self.timer: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        report = cls(crawler)
        connect = crawler.signals.connect
        connect(report.opened, signals.spider_opened)
        connect(report.closed, signals.spider_closed)
        connect(report.spider_bug, signals.spider_error)
        connect(report.item_bug, signals.item_error)
        return report

    def counts(self) -> dict[str, int]:
        stats = self.crawler.stats
        return {name: int(stats.get_value(f"vietlao/{name}", 0)) for name in COUNTS}

    def tell_counts(self) -> None:
        counts = self.counts()
        if counts != self.last:
            self.last = counts
            say(sys.stdout, "counts", self.crawler.spidercls.name, **counts)

    def opened(self, spider: Spider) -> None:
        self.timer = create_looping_call(self.tell_counts)
        self.timer.start(1.0)

    def closed(self, spider: Spider, reason: str) -> None:
        if self.timer is not None and self.timer.running:
            self.timer.stop()
        say(sys.stdout, "closed", spider.name, reason=reason, **self.counts())

    def spider_bug(self, failure: Any, response: Any, spider: Spider) -> None:
        say(sys.stdout, "bug", spider.name, error=failure.getErrorMessage(), url=getattr(response, "url", None))

    def item_bug(self, item: Any, response: Any, spider: Spider, failure: Any) -> None:
        say(sys.stdout, "bug", spider.name, error=failure.getErrorMessage(), url=getattr(item, "url", None))


def settings_from(order: dict[str, Any]) -> Settings:
    """The project's settings with the parent's over them."""
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    extensions = settings.getdict("EXTENSIONS") | {"monitor.crawl_child.Report": 0}
    settings.setdict({"EXTENSIONS": extensions, **order["settings"]}, priority="cmdline")
    return settings


def main() -> int:
    """Run the spiders that standard input names. Returns 0, or 1 when a spider could not even be built."""
    order = json.load(sys.stdin)
    use_vietnam_time()
    process = AsyncCrawlerProcess(settings_from(order))
    for chatty in ("scrapy", "scrapy-playwright"):  # seventy lines of settings and components a source
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logger.info("%d sources; sources and rules: %s", len(order["sources"]), order["seeds"])
    tasks = {source: process.crawl(source) for source in order["sources"]}
    process.start()
    broken = 0
    for source, task in tasks.items():
        if task.cancelled() or not task.done():
            continue
        error = task.exception()
        if error is not None:
            broken = 1
            say(sys.stdout, "bug", source, error=f"{type(error).__name__}: {error}", url=None)
    return broken


if __name__ == "__main__":
    sys.exit(main())
