"""An extension that ends a crawl as soon as its delay was raised, and logs it: waiting for a minute proves no more."""

import logging

from scrapy import signals
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import deferred_from_coro

from spiders.patience import Throttle


class Impatient:
    def __init__(self, crawler):
        self.crawler = crawler
        crawler.signals.connect(self.look, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler)

    def look(self, response, request, spider):
        call_later(0.1, self.end)

    def end(self):
        throttle = self.crawler.get_extension(Throttle)
        for name, slot in self.crawler.engine.downloader.slots.items():
            if slot.delay >= throttle.mindelay > 0:
                logging.getLogger(__name__).info("the delay of %s is %g", name, slot.delay)
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = 0
            if slot.latercall:
                slot.latercall.cancel()
                slot.latercall = None
            self.crawler.engine.downloader._process_queue(slot)
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="seen"))
