"""Fetch addresses that a person names, behind the same guards as a crawl, and print the pages.

    python -m spiders.given URL...

Standard output has one JSON object a line, of kind ``page`` or ``fate`` as in :mod:`spiders.check`. An address of no known
source is asked under rules made for its host alone.
"""

import re
import sys
from collections.abc import Sequence
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from spiders.check import Told, check_settings
from spiders.loader import sources_path, spider_for
from spiders.news import NewsSpider
from spiders.page import Found
from spiders.sources import Source, load_sources, source_of


class Given(Told):
    """A memory whose only pending addresses are the ones given."""

    def __init__(self, source: str, addresses: Sequence[str]) -> None:
        super().__init__(source)
        self.addresses = addresses

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spidercls.name, getattr(crawler.spidercls, "given", ()))

    def pending(self, source: str) -> list[Found]:
        return [Found(address, address, source, "the command line", "given") for address in self.addresses]


def source_for(url: str, sources: Sequence[Source]) -> Source:
    """The source an address belongs to without its places of discovery, or one made for its host."""
    known = source_of(url, sources)
    if known is not None:
        return known.model_copy(update={"feeds": (), "sitemaps": (), "listings": ()})
    parts = urlsplit(url)
    return Source(
        id="given",
        name=parts.hostname or url,
        languages=("vi",),
        home=f"{parts.scheme}://{parts.netloc}/",
        article=re.escape(url),
        enabled=False,
        reason="made for an address given by hand",
    )


def spider_of(source: Source, addresses: Sequence[str]) -> type[NewsSpider]:
    """The spider that asks just these addresses."""
    spider = spider_for(source)
    spider.given = tuple(addresses)  # type: ignore[attr-defined]
    return spider


def settings() -> Settings:
    """As for a check, without its limit of articles."""
    own = check_settings()
    own.setdict({"MEMORY": "spiders.given.Given", "VIETLAO_LIMIT": 0}, priority="cmdline")
    return own


def main(urls: Sequence[str]) -> int:
    """Fetch the addresses, each source's in its own order."""
    process = AsyncCrawlerProcess(settings())
    sources = load_sources(sources_path(process.settings))
    wanted: dict[str, tuple[Source, list[str]]] = {}
    for url in urls:
        source = source_for(url, sources)
        wanted.setdefault(source.home if source.id == "given" else source.id, (source, []))[1].append(url)
    for source, addresses in wanted.values():
        process.crawl(spider_of(source, addresses))
    process.start()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
