"""The one spider there is. What it reads is said by its source."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from urllib.parse import urldefrag

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure

from spiders.arrival import header, page_of, unfit
from spiders.discover import Findings, is_skipped
from spiders.fates import Fate, fate_of
from spiders.guards import off_host
from spiders.memory import Again, Asked, Memory, SourceOutcome, Validators
from spiders.page import Found, FoundBy, Page
from spiders.per_source import lax_rules, source_settings, why_skipped
from spiders.sitemaps import DEEPEST
from spiders.sources import Source
from spiders.tally import PlaceRead, Tally
from spiders.times import read_time
from spiders.urls import is_listed
from spiders.visits import SITEMAP_WINDOW, Visit, conditions, first_page, goes_on, problem_of, read_place, visits_of

PRIORITY: dict[FoundBy, int] = {"feed": 30, "sitemap": 20, "listing": 10}  # articles have 0, the warm-up goes first
WARM_UP = 100
READ_BEFORE = -10  # what is read again waits for the news
LONGEST_ADDRESS = 2083  # characters; what browsers and servers agree on
ALLOWED = "its host is listed and its robots.txt allows it"


def utc_now() -> datetime:
    return datetime.now(UTC)


class NewsSpider(Spider):
    """Reads one source: its places of discovery, then every article it did not know.

    Yields :class:`spiders.page.Page`. Everything else that happens to an address is told to the memory (setting ``MEMORY``), so
    that nothing ends without a recorded reason. Settings: VIETLAO_SINCE, VIETLAO_LIMIT, VIETLAO_EVEN_DISABLED.
    """

    source: ClassVar[Source]
    clock: Callable[[], datetime] = staticmethod(utc_now)
    memory: Memory
    since: datetime | None
    limit: int

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.skipped: str | None = None
        self.tally = Tally(self.source.id)
        self.places_asked: set[str] = set()
        self.taken: dict[str, str] = {}  # address or article key -> the address it is asked at in this run
        self.read_before: set[str] = set()  # addresses of what is only to be read again
        self.brought: dict[str, bool] = {}  # address -> whether it brought a page in this run
        self.other_names: dict[str, list[Found]] = {}  # address -> the same article under other slugs, until that is known

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(source_settings(cls.source, settings), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.memory = build_from_crawler(load_object(crawler.settings["MEMORY"]), crawler)
        spider.since = read_time(crawler.settings.get("VIETLAO_SINCE") or "")
        spider.limit = crawler.settings.getint("VIETLAO_LIMIT")
        return spider

    # -- beginning and end

    async def start(self) -> AsyncIterator[Any]:
        self.skipped = why_skipped(self.source, self.settings)
        if self.skipped:
            self.logger.warning("%s is skipped: %s", self.source.id, self.skipped)
            return
        for note in lax_rules(self.source):
            self.tally.notes.append(note)
            self.logger.warning("%s: %s", self.source.id, note)
        if warm_up := self.source.quirks.warm_up:
            yield Request(warm_up, self.warmed_up, errback=self.not_warmed_up, priority=WARM_UP, dont_filter=True)
            return
        for request in self.begin():
            yield request

    def warmed_up(self, response: Response) -> Iterator[Request]:
        yield from self.begin()

    def not_warmed_up(self, failure: Failure) -> Iterator[Request]:
        reason = self.fate(failure).reason
        self.tally.notes.append(f"the warm-up address {self.source.quirks.warm_up} failed: {reason}")
        yield from self.begin()

    def begin(self) -> Iterator[Request]:
        """What an earlier run left, every place of discovery, and what is to be read again."""
        for found in self.memory.pending(self.source.id):
            yield from self.ask_article(found)
        for visit in visits_of(self.source):
            yield from self.ask(visit)
        for old in self.memory.again(self.source.id):
            yield from self.ask_again(old)

    def closed(self, reason: str) -> None:
        try:
            self.memory.source_finished(self.outcome(reason))
        finally:
            self.memory.close()

    def outcome(self, reason: str) -> SourceOutcome:
        """How the source fared, also logged as one line."""
        if self.skipped:
            return SourceOutcome(self.source.id, "skipped", self.skipped)
        unanswered = len(self.places_asked) - len(self.tally.places)
        if reason != "finished":
            outcome = self.stopped(reason, unanswered)
        elif unanswered:
            places = "1 place" if unanswered == 1 else f"{unanswered} places"
            outcome = self.tally.outcome(f"{places} ended in an error of the program, which the log tells")
        else:
            outcome = self.tally.outcome()
        counts = f"{outcome.seen} seen, {outcome.fetched} fetched, {outcome.failed} failed"
        self.logger.info(
            "%s: %s, %s%s", outcome.source, outcome.state, counts, f" ({outcome.reason})" if outcome.reason else ""
        )
        return outcome

    def stopped(self, reason: str, places: int) -> SourceOutcome:
        """How it fared when the crawl ended early. What is only to be read again is not missing; who was just done was read."""
        articles = len({address for address in self.taken.values() if address not in self.brought} - self.read_before)
        return self.tally.outcome(reason if articles or places or not self.places_asked else None, articles, places)

    # -- places of discovery

    def ask(self, visit: Visit) -> Iterator[Request]:
        """A request to a place of discovery, once a run; conditional, unless a walk needs the content, changed or not."""
        if visit.address in self.places_asked:
            return
        self.places_asked.add(visit.address)
        rendered = self.source.quirks.needs_browser and visit.listing is not None
        whole = self.since or visit.is_later_page or rendered  # a frame that scripts fill stays the same to the byte
        yield Request(
            visit.address,
            self.read_place,
            errback=self.place_failed,
            headers={} if whole else conditions(self.memory.validators(visit.address)),
            priority=PRIORITY[visit.by],
            dont_filter=True,
            meta={"handle_httpstatus_list": [304], "rendered": rendered},
            cb_kwargs={"visit": visit},
        )

    def read_place(self, response: Response, visit: Visit) -> Iterator[Request]:
        if response.status == 304:
            self.asked(visit, 304)
            return
        findings = read_place(response.body, response.url, visit, self.source, self.since or self.clock() - SITEMAP_WINDOW)
        requests, fresh = self.take(findings.items)
        problem = problem_of(findings, visit)
        # recorded after its addresses: a run that dies in between must not meet a 304 next time
        self.asked(visit, response.status, findings, fresh, problem, self.validators(response, findings, problem))
        yield from requests
        yield from self.further(visit, findings, fresh)
        if problem and not findings.items:
            yield from self.fall_back()

    def validators(self, response: Response, findings: Findings, problem: str | None) -> Validators:
        """What to ask conditionally with next time. Nothing after a problem, as a 304 would hide it; and nothing for a sitemap
        index, which often stays the same to the byte while its children grow."""
        if problem or findings.children:
            return Validators()
        return Validators(header(response, "ETag"), header(response, "Last-Modified"))

    def asked(
        self,
        visit: Visit,
        status: int | None,
        findings: Findings | None = None,
        fresh: int = 0,
        problem: str | None = None,
        validators: Validators | None = None,
    ) -> None:
        """Record a request to a place of discovery."""
        items = findings.items if findings else ()
        readable = bool(items) or problem is None
        self.tally.places.append(PlaceRead(visit.address, visit.by, readable, problem))
        newest = findings.newest if findings else None
        self.memory.asked(
            Asked(
                self.source.id, visit.address, visit.by, status, len(items), fresh, newest, problem, validators or Validators()
            )
        )

    def place_failed(self, failure: Failure) -> Iterator[Request]:
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        fate = self.fate(failure)
        response = getattr(failure.value, "response", None)
        past_the_end = visit.is_later_page and fate.outcome == "gone"
        self.asked(visit, response.status if response is not None else None, problem=None if past_the_end else fate.reason)
        yield from self.fall_back()
        self.raise_if_bug(fate, failure)

    def fall_back(self) -> Iterator[Request]:
        """When no feed can be read, listings are walked further than usual."""
        if self.source.feeds and self.tally.all_failed("feed", len(self.source.feeds)) and not self.limit:
            for listing in self.source.listings:
                if second := first_page(listing, deep=True).next_page:
                    yield from self.ask(second)

    def further(self, visit: Visit, findings: Findings, fresh: int) -> Iterator[Request]:
        """Where a place leads on: the children of a sitemap index, the next page of a listing."""
        if findings.children and visit.depth >= DEEPEST:
            self.logger.warning("%s: sitemap indexes are nested deeper than %d", visit.address, DEEPEST)
            return
        for child in visit.children(findings):
            yield from self.ask(child)
        if goes_on(visit, findings, fresh, self.since) and not self.limit and (following := visit.next_page):
            yield from self.ask(following)

    # -- articles

    def take(self, items: Iterable[Found]) -> tuple[list[Request], int]:
        """Record sightings. Returns the requests for those to be fetched, and how many were never seen before."""
        requests: list[Request] = []
        fresh = 0
        for found in items:
            wanted = self.memory.discovered(found)
            first = found.url not in self.tally.seen
            self.tally.seen.add(found.url)
            if self.taken.get(found.key or "", found.url) != found.url:
                requests += self.keep_name(found)
            elif not wanted:
                self.count("known", int(first and found.url not in self.taken))
            elif (fate := self.why_not(found)) is not None:
                self.memory.decided(found.url, fate.stage, fate.outcome, fate.reason)
            else:
                fresh += int(first)
                requests += self.ask_article(found)
        return requests, fresh

    def keep_name(self, found: Found) -> Iterator[Request]:
        """Another slug of an article that is asked for in this run: it is tried should that one turn out to be dead."""
        other = self.taken[found.key or ""]
        self.other_names.setdefault(other, []).append(found)
        if self.brought.get(other) is False:
            yield from self.try_other_names(other)

    def try_other_names(self, dead: str) -> Iterator[Request]:
        """Ask for an article under the first of its other names; the rest wait for how that one fares."""
        names = self.other_names.pop(dead, [])
        usable = [found for found in names if found.url not in self.taken and self.why_not(found) is None]
        if usable:
            self.other_names[usable[0].url] = usable[1:]
            yield from self.ask_article(usable[0])

    def why_not(self, found: Found) -> Fate | None:
        """The fate of an address that is not to be fetched although nothing is known of it."""
        if not is_listed(found.url, self.source):
            return Fate("allowed", "rejected", off_host(found.url, (), self.source))
        if len(found.url) > LONGEST_ADDRESS:
            return Fate("allowed", "rejected", f"its address is longer than {LONGEST_ADDRESS} characters")
        if is_skipped(found.url, self.source):
            return Fate("allowed", "rejected", f"the skip pattern of {self.source.id} leaves it out")
        return None

    def ask_article(self, found: Found) -> Iterator[Request]:
        """A request for an article, once a run, within the limit."""
        if found.url in self.taken or (self.limit and self.asked_articles >= self.limit):
            return
        self.taken[found.url] = found.url
        if found.key:
            self.taken[found.key] = found.url
        yield self.article_request(found, found.url)

    def ask_again(self, old: Again) -> Iterator[Request]:
        """A conditional request for an article that was read before."""
        meta = {"handle_httpstatus_list": [304]}
        for request in self.ask_article(old.found):
            self.read_before.add(old.found.url)
            yield request.replace(headers=conditions(old.validators), priority=READ_BEFORE, meta=meta)

    @property
    def asked_articles(self) -> int:
        return len(set(self.taken.values()))

    def article_request(self, found: Found, address: str) -> Request:
        kwargs = {"found": found, "asked_at": address}
        return Request(address, self.read_article, errback=self.article_failed, dont_filter=True, cb_kwargs=kwargs)

    def read_article(self, response: Response, found: Found, asked_at: str) -> Iterator[Page | Request]:
        if response.status == 304:
            self.memory.decided(found.url, "fetched", "ok", "answered 304 Not Modified", status=304)
            self.brought[found.url] = True
            return
        fate = unfit(response, found, self.source)
        if fate is not None:
            yield from self.ended(found, fate)
            return
        moved = f", redirected to {response.url}" if response.url != asked_at else ""
        reason = f"answered {response.status} with {len(response.body)} bytes{moved}"
        self.memory.decided(found.url, "allowed", "ok", ALLOWED)
        self.memory.decided(found.url, "fetched", "ok", reason, status=response.status, answered_at=response.url)
        self.tally.fetched += 1
        yield page_of(response, found, self.clock())
        self.brought[found.url] = True

    def article_failed(self, failure: Failure) -> Iterator[Request]:
        found: Found = failure.request.cb_kwargs["found"]  # type: ignore[attr-defined]
        asked_at: str = failure.request.cb_kwargs["asked_at"]  # type: ignore[attr-defined]
        fate = self.fate(failure)
        if asked_at == found.url and self.worth_asking_as_seen(found, fate):
            yield self.article_request(found, found.seen_as)
            return
        yield from self.ended(found, fate)
        self.raise_if_bug(fate, failure)

    def worth_asking_as_seen(self, found: Found, fate: Fate) -> bool:
        """Whether the address as it was linked may fare better than the canonical one: not every site answers to both."""
        seen_as = urldefrag(found.seen_as).url
        other = seen_as != found.url and is_listed(seen_as, self.source)
        return other and fate.stage == "fetched" and fate.outcome != "rejected" and fate.expected

    def ended(self, found: Found, fate: Fate) -> Iterator[Request]:
        """Record that an address brought no page."""
        if fate.stage == "fetched":
            self.memory.decided(found.url, "allowed", "ok", ALLOWED)
        self.memory.decided(found.url, fate.stage, fate.outcome, fate.reason, **fate.data)
        if fate.outcome == "failed":
            self.tally.failed += 1
            self.count("failed")
        self.brought[found.url] = False
        yield from self.try_other_names(found.url)

    # -- small things

    def fate(self, failure: Failure) -> Fate:
        return fate_of(failure.value, failure.request.url, self.settings)  # type: ignore[arg-type,attr-defined]

    def raise_if_bug(self, fate: Fate, failure: Failure) -> None:
        if not fate.expected:
            failure.raiseException()

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"vietlao/{name}", by)
