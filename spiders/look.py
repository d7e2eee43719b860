"""Look at sites that are no sources yet, behind the same guards as a crawl, and print what could be declared about each.

    python -m spiders.look [--browser] URL...

Asked are the address itself, feeds, sitemaps, sections of the menu and a few articles, of one site one after the other and
never more than ``MOST`` of each (:mod:`spiders.asking`). Standard output has one JSON object a line, whose ``source`` is the
address as given: ``place`` and ``page`` as in :mod:`spiders.check`, and one ``look`` (:class:`spiders.looked.Looked`).
"""

import dataclasses
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from pydantic import ValidationError
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from spiders.arrival import page_of, unfit
from spiders.asking import AskingSpider, site
from spiders.check import check_settings, say
from spiders.discover import Findings, Place
from spiders.feeds import read_feed
from spiders.induce import base_of, induce, tell_apart
from spiders.listings import read_listing
from spiders.looked import Seen, as_json
from spiders.page import Found, FoundBy, Page
from spiders.per_source import why_skipped
from spiders.robots import Robots, Rules
from spiders.signposts import Signs, read_signs, turning
from spiders.sitemaps import read_sitemap
from spiders.sources import Listing, Quirks, Source
from spiders.urls import is_listed, plain_host, twin_key

ENOUGH_ARTICLES = 2
MOST_CHILDREN = 3  # sitemaps of an index that are tried until one holds addresses
MOST_ADDRESSES = 2000  # of a sitemap that are compared
FEWEST_ITEMS = 3  # articles that a section lists; the side column of an about page has some too
SIBLING = 2  # articles in feeds from which another host of the site is named in ``hosts``

# Of the declared sources 19 have /rss/home.rss and 16 /sitemap.xml; /rss is where sites list their feeds for people.
FEED_INDEX = "/rss"
USUAL_FEEDS = ("/rss/home.rss", "/feed", "/rss.xml")
USUAL_SITEMAPS = ("/sitemap.xml", "/google-news-sitemap.xml", "/sitemap-news.xml", "/sitemap/sitemap-index.xml")
EVER = datetime(1995, 1, 1, tzinfo=UTC)


class LookSpider(AskingSpider):
    """Asks in order and keeps what it learns in ``looked``; yields the pages of a few articles.

    What it learns on the way is kept in its own attributes; ``looked`` has what is printed at the end.
    """

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.certain: dict[str, Found] = {}  # articles by address, from feeds and news sitemaps
        self.mapped: dict[str, list[str]] = {}  # sitemap -> the addresses in it
        self.listed: dict[str, Found] = {}
        self.feed_items: list[set[str]] = []

    async def start(self) -> AsyncIterator[Page]:
        if skipped := why_skipped(self.source.model_copy(update={"enabled": True}), self.settings):
            self.looked.problems.append(skipped)
        elif (home := await self.ask(self.source.home, "home")) is not None:
            self.looked.reached = True
            self.looked.home = urldefrag(home.url).url
            async for page in self.look(home):
                yield page
        say("look", self.name, **as_json(dataclasses.asdict(self.looked)))

    async def look(self, home: Response) -> AsyncIterator[Page]:
        """The whole look, from the answer of the front page on."""
        self.reading = site(self.looked.home)
        signs = read_signs(home.body, home.url)
        self.looked.name = signs.name
        self.told("home", home.url, home.status)
        await self.look_for_feeds(signs)
        await self.look_for_sitemaps()
        shown = read_listing(home.body, self.place(self.looked.home, "listing", home), Listing(url=self.looked.home))
        declared = self.learn(shown)
        if declared is None:
            return
        await self.look_for_listings(declared, signs, home)
        async for page in self.read_articles(declared):
            yield page

    def place(self, address: str, by: FoundBy, response: Response, source: Source | None = None) -> Place:
        return Place(source or self.reading, address, by, response.url)

    # -- feeds

    async def look_for_feeds(self, signs: Signs) -> None:
        """Those the front page names, those that a page of feeds names, and only without any the usual addresses."""
        index = urljoin(self.looked.home, FEED_INDEX)
        queue = list(dict.fromkeys((*signs.feeds, index)))
        for address in queue:
            queue += [further for further in await self.feed(address) if further not in queue]
        for address in USUAL_FEEDS:
            if not self.looked.feeds:
                await self.feed(urljoin(self.looked.home, address))
        away = [address for address in queue if not is_listed(address, self.source)]
        self.looked.problems += [f"the feed {address} is on another host, which was not asked" for address in away]
        self.looked.not_asked += [address for address in queue if address not in self.asked and address not in away]

    async def feed(self, address: str) -> tuple[str, ...]:
        """Read a feed; returns the feeds that it names when it is a page for people instead."""
        response = await self.ask(address, "feed")
        if response is None:
            return ()
        findings = read_feed(response.body, self.place(address, "feed", response))
        if not findings.items:
            named = read_signs(response.body, response.url).feeds
            problem = f"a page that names {len(named)} feeds" if named else "; ".join(findings.problems)
            self.told("feed", address, response.status, problem=problem)
            return named
        items = self.take(findings.items)
        self.told("feed", address, response.status, len(items), findings.newest)
        if away := len(findings.items) - len(items):
            self.looked.problems.append(f"{away} of {len(findings.items)} items of the feed {address} lie on other sites")
        if items and set(items) not in self.feed_items:  # under two names a feed is one
            self.feed_items.append(set(items))
            self.looked.feeds.append(Seen(address, len(items), findings.newest))
        return ()

    def take(self, items: Iterable[Found]) -> list[str]:
        """Keep certain articles that lie on this site; returns their addresses."""
        found = [item for item in items if self.is_of_site(item.url)]
        for item in found:
            self.certain.setdefault(item.url, item)
        return [item.url for item in found]

    def is_of_site(self, url: str) -> bool:
        """Whether an address is on the host that was looked at or one below the same name."""
        host, own = plain_host(urlsplit(url).hostname), twin_key(plain_host(urlsplit(self.looked.home).hostname))
        return twin_key(host) == own or host.endswith(f".{own}")

    # -- sitemaps

    async def look_for_sitemaps(self) -> None:
        """Those that robots.txt names; without any usable one the usual addresses."""
        robots = self.crawler.get_downloader_middleware(Robots)
        rules = await robots.asked[self.root] if robots and self.root in robots.asked else Rules()
        self.looked.delay = rules.delay
        for address in dict.fromkeys(rules.parsed.sitemaps if rules.parsed else ()):
            if is_listed(address, self.source):
                await self.sitemap(address)
            else:
                self.looked.problems.append(f"the sitemap {address} is on another host, which was not asked")
        for address in () if self.mapped else USUAL_SITEMAPS:
            await self.sitemap(urljoin(self.looked.home, address))

    @property
    def root(self) -> str:
        parts = urlsplit(self.looked.home)
        return f"{parts.scheme}://{parts.netloc}"

    async def sitemap(self, address: str) -> None:
        """Read a sitemap, or of an index the newest children until one holds addresses."""
        findings = await self.read_sitemap(address)
        newest, children = findings.newest, findings.children[:MOST_CHILDREN]
        for child in children:
            if findings.items:
                break
            findings = await self.read_sitemap(child.address)
            newest = findings.newest or child.until
        if findings.items:
            self.take(item for item in findings.items if item.title or item.published)
            self.mapped[address] = [item.url for item in findings.items[:MOST_ADDRESSES] if self.is_of_site(item.url)]
            self.looked.sitemaps.append(Seen(address, len(findings.items), newest, is_index=bool(children)))

    async def read_sitemap(self, address: str) -> Findings:
        response = await self.ask(address, "sitemap")
        if response is None:
            return Findings()
        place = self.place(address, "sitemap", response)
        findings = read_sitemap(response.body, place, EVER)
        if findings.items and not findings.newest:  # a plain sitemap says when a page changed, and only of what is left out
            latest = read_sitemap(response.body, place, datetime.now(UTC) + timedelta(days=1)).latest
            findings = dataclasses.replace(findings, latest=latest)
        problem = "; ".join(findings.problems) or None
        self.told("sitemap", address, response.status, len(findings.items) or len(findings.children), findings.newest, problem)
        return findings

    # -- what the articles have in common

    def learn(self, shown: Findings) -> Source | None:
        """The site with its article pattern, or None when it shows nothing that can be an article."""
        linked = {item.url: item.title or "-" for item in shown.items if self.is_of_site(item.url)}
        linked |= {url: "" for urls in self.mapped.values() for url in urls if url not in linked}
        base = base_of(self.looked.home)
        articles, others = tell_apart(self.certain, linked, base)
        if not articles:
            self.looked.problems.append("nothing on it looks like the address of an article")
            return None
        found = induce(articles, [*others, *(seen.address for seen in self.looked.feeds)], self.looked.home)
        if found.named:
            self.looked.problems.append(f"the article pattern names {found.named} single addresses: look for a better one")
        self.looked.article, self.looked.identity = found.article, found.identity
        self.looked.hosts = tuple(self.siblings(articles))
        self.keep_useful_sitemaps(found.article)
        return site(self.looked.home, article=found.article, hosts=self.looked.hosts)

    def age(self, url: str) -> float:
        """For sorting the newest first; what has no time comes last, in its order."""
        published = self.certain[url].published if url in self.certain else None
        return -published.timestamp() if published else 0.0

    def siblings(self, articles: Iterable[str]) -> Iterator[str]:
        """Further hosts that carry articles of this edition."""
        home = plain_host(urlsplit(self.looked.home).hostname)
        counted = Counter(plain_host(urlsplit(url).hostname) for url in articles)
        for host, count in counted.items():
            if twin_key(host) != twin_key(home) and count >= SIBLING:
                yield host

    def keep_useful_sitemaps(self, article: str) -> None:
        useful = {address for address, urls in self.mapped.items() if any(re.search(article, url) for url in urls)}
        self.looked.sitemaps = [seen for seen in self.looked.sitemaps if seen.address in useful]

    # -- listings and articles

    async def look_for_listings(self, declared: Source, signs: Signs, home: Response) -> None:
        """Sections of the menu that list articles, and the front page when it shows what no other place has."""
        base = base_of(self.looked.home)
        sections = [
            each for each in signs.menu if urlsplit(each).path.startswith(base) and not re.search(declared.article, each)
        ]
        for address in sections:
            response = await self.ask(address, "listing")
            if response is not None:
                await self.listing(declared, address, response)
        self.looked.not_asked += [address for address in sections if address not in self.asked]
        front = read_listing(home.body, self.place(self.looked.home, "listing", home, declared), Listing(url=self.looked.home))
        if {item.url for item in front.items} - set(self.certain) - set(self.listed):
            self.looked.listings.insert(0, await self.seen(declared, self.looked.home, home, front))
        self.listed |= {item.url: item for item in front.items if item.url not in self.listed}

    async def listing(self, declared: Source, address: str, response: Response) -> None:
        findings = read_listing(response.body, self.place(address, "listing", response, declared), Listing(url=address))
        self.told(
            "listing", address, response.status, len(findings.items), findings.newest, "; ".join(findings.problems) or None
        )
        fresh = {item.url for item in findings.items} - set(self.listed)
        if len(findings.items) >= FEWEST_ITEMS and fresh:
            self.looked.listings.append(await self.seen(declared, address, response, findings))
            self.listed |= {item.url: item for item in findings.items if item.url not in self.listed}

    async def seen(self, declared: Source, address: str, response: Response, findings: Findings) -> Seen:
        """The listing, with how its pages are turned when page 2 really shows other articles."""
        newest = max(findings.days.values(), default=None)
        pages = turning(response.body, response.url)
        second = await self.ask(pages.replace("{page}", "2"), "page 2") if pages else None
        if pages and second is not None:
            further = read_listing(second.body, self.place(address, "listing", second, declared), Listing(url=address))
            self.told("page 2", second.url, second.status, len(further.items), further.newest)
            if {item.url for item in further.items} - {item.url for item in findings.items}:
                return Seen(address, len(findings.items), newest, pages)
        return Seen(address, len(findings.items), newest)

    async def read_articles(self, declared: Source) -> AsyncIterator[Page]:
        """The pages of a few articles, the newest of those that have a time."""
        mapped = (url for urls in self.mapped.values() for url in urls)
        known = {**self.listed, **self.certain}
        matching = [url for url in dict.fromkeys((*known, *mapped)) if re.search(declared.article, url)]
        self.looked.examples = ()
        for url in sorted(matching, key=self.age):
            if len(self.looked.examples) == ENOUGH_ARTICLES or not self.left["article"]:
                return
            response = await self.ask(url, "article")
            if response is None:
                continue
            found = known.get(url) or Found(url, url, self.source.id, self.looked.home, "sitemap")
            fate = unfit(response, found, declared)
            if fate is None:
                self.looked.examples += (url,)
                self.told("article", url, response.status)
                yield page_of(response, dataclasses.replace(found, source=self.name), datetime.now(UTC))
            else:
                self.failed(url, "article", response.status, fate.reason)


def spider_of(url: str, browser: bool) -> type[LookSpider]:
    """The spider that looks at this site, named after its address. Raises ValidationError for what is no web address."""
    source = site(url, Quirks(keeps_cookies=True, needs_browser=browser))
    return type("LookSpider", (LookSpider,), {"name": url, "source": source, "__module__": __name__})


def main(arguments: Sequence[str]) -> int:
    """Look at sites. Returns 0, or 2 when an address is none (said on standard error)."""
    urls = [argument for argument in arguments if argument != "--browser"]
    process = AsyncCrawlerProcess(check_settings())
    for url in urls:
        try:
            process.crawl(spider_of(url, "--browser" in arguments))
        except ValidationError as error:
            print(f"{url}: {error.errors()[0]['msg'].removeprefix('Value error, ')}", file=sys.stderr)
            return 2
    process.start()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
