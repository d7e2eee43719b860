"""Judging anew what was read before: stored texts, and archived pages of which no article came.

Nothing is written here but in :func:`apply`; what comes out says what would enter and leave, and which words did it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from relevance.compare import RANK, Shift, shifts
from relevance.judge import judge
from relevance.topic import Topic
from relevance.triage import mentions_laos
from relevance.verdict import Decision, Document, Verdict
from spiders.page import Page
from spiders.sources import Source
from store.archive import Archive
from store.database import Store
from store.examine import Examination, examine, verdict_told
from store.marked import Label
from store.records import StoredArticle

Way = Literal["enters", "rises", "sinks", "leaves", "stays"]

PORTION = 200


@dataclass(frozen=True, slots=True)
class Anew:
    """One text judged anew. ``before`` is the decision that stands, None for a page of which no article came; ``fate`` is what
    has become of its address. ``page`` and ``examination`` are set for such a page."""

    url: str
    title: str | None
    article: StoredArticle | None
    before: Decision | None
    verdict: Verdict
    label: Label | None = None
    page: Page | None = None
    examination: Examination | None = None

    @property
    def way(self) -> Way:
        """What becomes of it: ``enters`` the digests, ``rises`` from marginal to keep, ``sinks`` the other way, ``leaves``."""
        old, new = RANK[self.before or "drop"], RANK[self.verdict.decision]
        if old == new:
            return "stays"
        if new > old:
            return "rises" if old else "enters"
        return "sinks" if new else "leaves"

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The words that did it."""
        return shifts(self.article.reasons if self.article else (), self.verdict.reasons)

    @property
    def is_lost(self) -> bool:
        """Marked as relevant, and no longer to be shown."""
        return self.label == "relevant" and self.way == "leaves"


@dataclass(slots=True)
class Outcome:
    """What judging anew came to: ``judged`` stored texts and ``read`` archived pages; ``changed`` are those decided otherwise.
    ``missed`` are marked relevant, were not shown before and would not be; ``unjudged`` could not be judged, and why.
    ``named`` were put aside unread, so no text is there, but are listed under a headline that names the partner by now."""

    rules: str
    judged: int = 0
    read: int = 0
    changed: list[Anew] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unjudged: list[tuple[str, str]] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    def add(self, anew: Anew) -> None:
        if anew.page is None:
            self.judged += 1
        else:
            self.read += 1
        if anew.way != "stays":
            self.changed.append(anew)
        elif anew.label == "relevant" and anew.verdict.decision == "drop":
            self.missed.append(anew.url)

    def going(self, *ways: Way) -> list[Anew]:
        """Those that go one of these ways."""
        return [anew for anew in self.changed if anew.way in ways]

    @property
    def lost(self) -> list[Anew]:
        return [anew for anew in self.changed if anew.is_lost]


def document_of_stored(article: StoredArticle, url: str | None = None) -> Document:
    """What the filter needs of a stored article, as seen at its own address or at another ``url``."""
    place = url or article.url
    return Document(article.text, article.title or "", article.lead or "", place, site_of(place), article.lang)


def site_of(url: str) -> str:
    """The host as extraction names it, without ``www.``; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def judge_stored(article: StoredArticle, topic: Topic) -> Verdict:
    """The verdict on a stored article. Of the outlets that carried the text the one that makes most of it counts, as it did
    when each was stored: an outlet may say more than the text does."""
    places = {topic.is_home_outlet(site_of(one.url)): one.url for one in reversed(article.sightings)}
    urls = list(dict.fromkeys((article.url, *places.values())))
    verdicts = [judge(document_of_stored(article, url), topic) for url in urls]
    return max(verdicts, key=lambda verdict: RANK[verdict.decision])


class Work:
    """The texts of a store on which a topic's rules have not judged yet. ``len()`` says how many; iterating judges them one by
    one. ``outcome`` is what it came to so far."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        topic: Topic,
        sources: Sequence[Source],
        since: datetime | None = None,
    ) -> None:
        self.store = store
        self.archive = archive
        self.topic = topic
        self.sources = {source.id: source for source in sources}
        self.outcome = Outcome(topic.rules)
        self.since = since
        self.articles = store.stale_articles(topic.rules, since)
        self.pages = store.unread_pages(since)
        self.of_articles, self.of_addresses = store.labels()

    def __len__(self) -> int:
        return len(self.articles) + len(self.pages)

    def __iter__(self) -> Iterator[Anew | None]:
        """None stands for a page that held no article (again), or could not be read."""
        for anew in self._all():
            if anew is not None:
                self.outcome.add(anew)
            yield anew
        self._without_text()
        self.outcome.named += [url for url, claim in self.store.put_aside(self.since) if _names(claim, self.topic)]

    def _all(self) -> Iterator[Anew | None]:
        for start in range(0, len(self.articles), PORTION):
            for article in self.store.articles_by_id(self.articles[start : start + PORTION]):
                label = self.of_articles.get(article.id)
                yield Anew(article.url, article.title, article, article.decision, judge_stored(article, self.topic), label)
        for number in self.pages:
            yield self._read(number)

    def _read(self, number: int) -> Anew | None:
        """An archived page taken through triage, extraction and judging again, as of the moment it was fetched."""
        place = self.store.page_to_read(number)
        if place is None:
            return None
        found, record = place
        try:
            page = self.archive.read(record, found)
        except (LookupError, ValueError) as error:
            self.outcome.unjudged.append((found.url, str(error)))
            return None
        examination = examine(page, self.sources.get(found.source), self.topic, record.fetched)
        if examination.reading is None:
            return None
        title, verdict = examination.reading.article.title, examination.reading.verdict
        return Anew(found.url, title, None, None, verdict, self.of_addresses.get(found.url), page, examination)

    def _without_text(self) -> None:
        """What somebody marked as relevant and of which no text is there to be judged."""
        judged = {anew.url for anew in self.outcome.changed} | set(self.outcome.missed)
        judged |= {url for url, _ in self.outcome.unjudged}
        self.outcome.unjudged += [
            (url, "it is marked relevant, and no text of it is stored")
            for url, label in self.of_addresses.items()
            if label == "relevant" and url not in judged
        ]


def _names(claim: str, topic: Topic) -> bool:
    return mentions_laos(claim.encode("utf-8", "replace"), "text/plain; charset=utf-8", topic)


def apply(store: Store, anew: Anew, run: int, told: Callable[[Verdict], str] = verdict_told) -> None:
    """Write one verdict. The one that it replaces is kept; a page of which an article came now is stored like a new one."""
    if anew.article is not None:
        store.judged_anew(anew.article.id, anew.verdict, f"judged anew: {told(anew.verdict)}", run)
    elif anew.page is not None and anew.examination is not None:
        store.save_page(anew.page, anew.examination.decisions, anew.examination.reading, None, run)
