"""Do the sources answer as described? An ordinary crawl, behind the same guards, that remembers nothing and prints what it met.

    python -m spiders.check ID...

Settings come from the environment (VIETLAO_SOURCES, VIETLAO_CONTACT, ...). Standard output has one JSON object a line:

    {"kind": "place", "source", "address", "by", "status", "items", "newest", "problem"}   a place of discovery, asked
    {"kind": "fate", "source", "url", "stage", "outcome", "reason"}                        an article that brought no page
    {"kind": "page", "source", "page"}                                                     an article (:func:`page_from_json`)
    {"kind": "source", "source", "state", "reason", "seen", "fetched", "failed"}           the end of a source
"""

import base64
import dataclasses
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from spiders.memory import Again, Asked, Outcome, SourceOutcome, Stage, Validators
from spiders.page import Found, Page

ARTICLES = 3  # asked of each source, so that one dead link does not hide that articles can be read


def page_to_json(page: Page) -> dict[str, Any]:
    """A page as values that JSON knows: times in ISO 8601, the body in Base64."""
    data = dataclasses.asdict(page)
    data["body"] = base64.b64encode(page.body).decode("ascii")
    data["fetched"] = page.fetched.isoformat()
    data["found"]["published"] = page.found.published.isoformat() if page.found.published else None
    return data


def page_from_json(data: dict[str, Any]) -> Page:
    """The page that :func:`page_to_json` wrote."""
    published = data["found"]["published"]
    found = Found(**{**data["found"], "published": datetime.fromisoformat(published) if published else None})
    return Page(
        found=found,
        url=data["url"],
        status=data["status"],
        headers=tuple((name, value) for name, value in data["headers"]),
        body=base64.b64decode(data["body"]),
        fetched=datetime.fromisoformat(data["fetched"]),
        request_headers=tuple((name, value) for name, value in data["request_headers"]),
    )


def say(kind: str, source: str, **data: object) -> None:
    """One line, at once, so that whoever reads can show it."""
    print(json.dumps({"kind": kind, "source": source, **data}), flush=True)


class Told:
    """A memory that knows no address and tells what it is told (:class:`spiders.memory.Memory`)."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spidercls.name)

    def discovered(self, found: Found) -> bool:
        fresh = found.url not in self.seen
        self.seen.add(found.url)
        return fresh

    def pending(self, source: str) -> list[Found]:
        return []

    def again(self, source: str) -> list[Again]:
        return []

    def decided(self, url: str, stage: Stage, outcome: Outcome, reason: str, **data: object) -> None:
        if outcome != "ok":
            say("fate", self.source, url=url, stage=stage, outcome=outcome, reason=reason)

    def validators(self, address: str) -> Validators:
        return Validators()

    def asked(self, asked: Asked) -> None:
        newest = asked.newest.isoformat() if asked.newest else None
        what = {"address": asked.address, "by": asked.by, "status": asked.status}
        say("place", self.source, **what, items=asked.items, newest=newest, problem=asked.problem)

    def source_finished(self, outcome: SourceOutcome) -> None:
        say("source", **dataclasses.asdict(outcome))

    def close(self) -> None:
        """Nothing is held."""


class Pages:
    """Item pipeline that prints pages."""

    def process_item(self, item: Page) -> Page:
        say("page", item.found.source, page=page_to_json(item))
        return item


def check_settings() -> Settings:
    """The project's settings for a check: a few articles a source, also of sources that are switched off."""
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    own = {
        "MEMORY": "spiders.check.Told",
        "ITEM_PIPELINES": {"spiders.check.Pages": 1},
        "VIETLAO_LIMIT": ARTICLES,
        "VIETLAO_EVEN_DISABLED": True,
        "VIETLAO_SINCE": "",
        "LOG_LEVEL": "WARNING",
    }
    settings.setdict(own, priority="cmdline")
    return settings


def main(ids: Sequence[str]) -> int:
    """Check the named sources. Returns 0, or 2 when an id or the source file is wrong (said on standard error)."""
    process = AsyncCrawlerProcess(check_settings())
    try:
        crawlers = [process.create_crawler(source) for source in ids]
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    for crawler in crawlers:
        process.crawl(crawler)
    process.start()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
