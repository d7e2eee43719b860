"""Places of discovery on their way: what is asked, what an answer means, and whether to go on. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from spiders.challenge import NEEDS_A_BROWSER, is_challenge
from spiders.discover import Findings, Place
from spiders.feeds import read_feed
from spiders.listings import page_address, read_listing
from spiders.memory import Validators
from spiders.page import FoundBy
from spiders.sitemaps import read_sitemap
from spiders.sources import Listing, Source

# How far back a sitemap is read when no date is asked for. Google News sitemaps hold two days, and so do we; a home that
# crawls more seldom says --since.
SITEMAP_WINDOW = timedelta(days=2)
USUAL_PAGES = 3  # pages of a listing walked while they are mostly new and no date is asked for
DEEP_PAGES = 10  # and once the feeds have failed


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a place of discovery. ``depth`` counts the sitemap indexes above it. For listings, ``page`` is the page as
    the site counts, ``deep`` says that the feeds have failed, and ``walked`` collects what the pages before showed."""

    address: str
    by: FoundBy
    listing: Listing | None = None
    page: int = 0
    depth: int = 0
    deep: bool = False
    walked: set[str] = field(default_factory=set)

    @property
    def is_later_page(self) -> bool:
        """Whether this is a page of a listing after its first one."""
        return self.listing is not None and self.page >= self.listing.first

    @property
    def next_page(self) -> "Visit | None":
        """The page after this one, or None where the listing ends."""
        address = page_address(self.listing, self.page + 1) if self.listing else None
        return Visit(address, self.by, self.listing, self.page + 1, deep=self.deep, walked=self.walked) if address else None

    def children(self, findings: Findings) -> list["Visit"]:
        """The sitemaps that an index named."""
        return [Visit(child.address, "sitemap", depth=self.depth + 1) for child in findings.children]


def visits_of(source: Source) -> list[Visit]:
    """Every declared place of a source: feeds, then sitemaps, then the first page of each listing."""
    feeds = [Visit(address, "feed") for address in source.feeds]
    maps = [Visit(address, "sitemap") for address in source.sitemaps]
    return feeds + maps + [first_page(listing) for listing in source.listings]


def first_page(listing: Listing, deep: bool = False) -> Visit:
    """The listing at its own address, which is the page before ``listing.first``."""
    return Visit(listing.url, "listing", listing, listing.first - 1, deep=deep)


def conditions(known: Validators) -> dict[str, str]:
    """Headers of a conditional request."""
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def read_place(body: bytes, answered: str, visit: Visit, source: Source, since: datetime) -> Findings:
    """What an answer holds. ``since`` (UTC) bounds sitemaps."""
    place = Place(source, visit.address, visit.by, answered)
    if is_challenge(body):
        return Findings(problems=(NEEDS_A_BROWSER,))
    if visit.listing is not None:
        return read_listing(body, place, visit.listing)
    return read_feed(body, place) if visit.by == "feed" else read_sitemap(body, place, since)


def problem_of(findings: Findings, visit: Visit) -> str | None:
    """What to record as wrong. That a sitemap inside an index is empty, or a listing page behind the first, is not."""
    if findings.is_empty and (visit.depth > 0 or visit.is_later_page):
        return None
    return "; ".join(findings.problems) or None


def goes_on(visit: Visit, findings: Findings, fresh: int, since: datetime | None) -> bool:
    """Whether the next page of a listing is worth asking for. Adds what this page brought to ``visit.walked``.

    With a date: until what this page brought into the walk lies before it; what no page dates lets the walk go on. Without:
    while most of a page is new (``fresh`` of its items), or anything at all once the feeds have failed.
    """
    brought = {item.url for item in findings.items} - visit.walked
    visit.walked.update(brought)
    if visit.listing is None or not brought:
        return False
    if since is not None:
        days = [findings.days[url] for url in brought if url in findings.days]
        return not days or max(days) >= since - timedelta(days=1)
    enough, most = (fresh > 0, DEEP_PAGES) if visit.deep else (fresh * 2 > len(findings.items), USUAL_PAGES)
    return enough and visit.page + 1 < visit.listing.first - 1 + most
