"""The whole small web as one function from a request to an answer. Knows nothing of sockets."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

from monitor.replica import discovery, render
from monitor.replica.answers import Answer, Request, page, redirect
from monitor.replica.gates import gate
from monitor.replica.sites import Place, Site, by_host, load_sites
from monitor.replica.stories import Story, load_stories
from monitor.replica.traps import GONE_TEXT, spring

FAULTS = {
    "slow": "the slow page drips on for ten minutes instead of two seconds",
    "endless": "the page without end goes on until the client hangs up, instead of ending at 24 MiB",
    "robots-unavailable": "the robots file of baonghean.vn answers 503",
    "wrong-certificate": "thoidai.com.vn presents the certificate of another host",
}
MISCONFIGURED = {"thoidai.com.vn": "another-host.example"}
WITHOUT_ROBOTS = "baonghean.vn"
HOME = Place(path="/", size=20)  # every site has a front page, also those whose front page is no place of discovery
FILLER = "/_next/static/chunks/section.js"
EDITIONS = (1, 2)
OTHERS = 5  # articles in the boxes of further news
HTML, XML = "text/html", "text/xml"


class Web:
    """All sites with their articles. ``answer`` is pure but for one thing: it remembers which busy pages were asked before.

    In the second ``edition`` some articles were edited and one is gone (``second`` in ``articles/``); feeds, sitemaps and
    listings stay as they were.
    """

    def __init__(self, faults: frozenset[str] = frozenset(), edition: int = 1) -> None:
        unknown = faults - FAULTS.keys()
        if unknown:
            raise ValueError(f"there is no fault {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
        self.faults = faults
        self.turn_to(edition)
        self.sites = load_sites()
        self.source_ids = tuple(site.source for site in self.sites.values() if site.source)
        self._by_host = by_host(self.sites.values())
        self._items = {site.id: discovery.items_of(site, load_stories()) for site in self.sites.values()}
        self._by_path = {(story.site.id, story.path.rstrip("/")): story for story in load_stories()}
        self._by_number = {(story.site.id, story.number): story for story in load_stories()}
        self._asked_once: set[str] = set()

    def turn_to(self, edition: int) -> None:
        """From now on answer with another edition. Raises ValueError for one that there is not."""
        if edition not in EDITIONS:
            raise ValueError(f"there is no edition {edition}; there are {', '.join(map(str, EDITIONS))}")
        self.edition = edition

    def knows(self, host: str) -> bool:
        return host in self._by_host

    def certificate_name(self, host: str) -> str | None:
        """Another host's name when this one is to show a wrong certificate."""
        return MISCONFIGURED.get(host) if "wrong-certificate" in self.faults else None

    def answer(self, request: Request) -> Answer:
        """What the site says. The host must be one that :meth:`knows` knows."""
        editions = self._by_host[request.host]
        first = editions[0]
        if request.scheme != first.scheme:
            return redirect(f"{first.scheme}://{request.host}{request.path}", 301)
        if request.host in first.moved:
            return redirect(first.root + request.path, 301)
        steps: tuple[Callable[[Site, Request], Answer | None], ...] = (
            gate, self._robots, self._trap, self._feed, self._sitemap, self._script, self._listing, self._article,
            self._front_page,
        )  # fmt: skip
        answers = (step(site, request) for step in steps for site in editions)
        return next((answer for answer in answers if answer is not None), None) or self._missing(first)

    def items(self, site: Site) -> tuple[discovery.Item, ...]:
        return self._items[site.id]

    def _robots(self, site: Site, request: Request) -> Answer | None:
        if request.path != "/robots.txt":
            return None
        if "robots-unavailable" in self.faults and site.host == WITHOUT_ROBOTS:
            return Answer(503, b"", (("Retry-After", "3600"),))
        return page(site.robots.encode(), "text/plain; charset=utf-8")

    def _trap(self, site: Site, request: Request) -> Answer | None:
        bare = request.path.partition("?")[0]
        trap = next((trap for trap in site.traps if (trap.host or site.host, trap.path) == (request.host, bare)), None)
        if trap is None:
            return None
        if trap.kind == "twin":
            return self._page_of(self._by_number[site.id, trap.of])
        return spring(trap, site, self.faults)

    def _feed(self, site: Site, request: Request) -> Answer | None:
        sections = site.feeds.paths.get(request.path)
        if sections is None:
            return None
        items = discovery.in_sections(self.items(site), sections)
        return _document(discovery.feed(site, items), f"{XML}; charset=utf-8", discovery.newest(items))

    def _sitemap(self, site: Site, request: Request) -> Answer | None:
        maps, items = site.sitemaps, self.items(site)
        if request.path in maps.index:
            return _document(discovery.sitemap_index(site, items), XML, discovery.newest(items))
        if request.path in maps.news:
            return _document(discovery.news_sitemap(site, items), XML, discovery.newest(items))
        if request.path in maps.others:
            return _document(discovery.sections_sitemap(site), XML, None)
        listed = discovery.sitemap_children(site, items).get(request.path) if maps.children else None
        return None if listed is None else _document(discovery.sitemap(listed), XML, discovery.newest(listed))

    def _script(self, site: Site, request: Request) -> Answer | None:
        """What a listing that is filled in the browser needs: its script, and the JSON that the script asks for."""
        filled = [place for place in site.listings if place.service]
        if filled and request.path == FILLER:
            return page(render.filler(), "text/javascript; charset=utf-8")
        for place in filled:
            if request.path == place.service:
                items = discovery.in_sections(self.items(site), place.sections)[: place.size]
                return _document(discovery.service(site, items), "application/json; charset=utf-8", discovery.newest(items))
        return None

    def _listing(self, site: Site, request: Request) -> Answer | None:
        for place in site.listings:
            number = _page_number(place, request.path)
            if number is not None:
                return self._listing_page(site, place, number)
        return None

    def _front_page(self, site: Site, request: Request) -> Answer | None:
        return self._listing_page(site, HOME, 1) if request.path == HOME.path else None

    def _listing_page(self, site: Site, place: Place, number: int) -> Answer | None:
        items = discovery.in_sections(self.items(site), place.sections)
        last = max(1, -(-len(items) // place.size))
        if not 1 <= number <= last:
            return None
        shown = discovery.listing_page(place, items, number)
        return _document(render.listing(site, place, shown, number, last), _html(site), discovery.newest(shown))

    def _article(self, site: Site, request: Request) -> Answer | None:
        story = self._story(site, request.path)
        if story is None:
            return None
        if story.busy_once and story.url not in self._asked_once:
            self._asked_once.add(story.url)
            return Answer(503, b"", (("Retry-After", "1"),))
        if self.edition > 1 and story.later == "gone":
            return page(render.notice(site, "410", GONE_TEXT), _html(site), status=410)
        return self._page_of(story)

    def _story(self, site: Site, path: str) -> Story | None:
        """By path, else by the number in it: real sites answer under an old slug, and whatever the query adds."""
        bare = path.partition("?")[0]
        number = re.search(site.identity, bare)
        named = (self._by_path.get((site.id, form.rstrip("/"))) for form in (path, bare))
        numbered = self._by_number.get((site.id, number.group(1))) if number else None
        return next((story for story in named if story is not None), numbered)

    def _page_of(self, story: Story) -> Answer:
        skipped = 2 if self.edition > 1 and story.later == "noise" else 0
        others = islice((item for item in self.items(story.site) if item.url != story.url), skipped, skipped + OTHERS)
        if self.edition > 1 and story.second is not None:
            story = story.second
        return _document(render.article(story, others), _html(story.site), story.modified)

    def _missing(self, site: Site) -> Answer:
        return page(render.notice(site, "404", "Trang không tồn tại / Page not found"), _html(site), status=404)


def _page_number(place: Place, path: str) -> int | None:
    """Which page of a listing an address is, or None when it is none of it."""
    if path in (place.path, place.path.rstrip("/")):
        return 1
    if not place.pages:
        return None
    before, _, after = place.pages.partition("{page}")
    match = re.fullmatch(f"{re.escape(before)}([0-9]{{1,4}}){re.escape(after)}", path)
    return int(match.group(1)) if match else None


def _document(body: bytes, content_type: str, modified: datetime | None) -> Answer:
    return page(body, content_type, None if modified is None else modified.astimezone(UTC))


def _html(site: Site) -> str:
    """Pages in an old encoding declare it in the page alone, as old servers do."""
    return f"{HTML}; charset=utf-8" if site.encoding == "utf-8" else HTML
