"""What the store keeps of the analyst's judgement: marks, random samples, and verdicts that fell anew.

Marking needs no writer lock: each mark is one short transaction, so that an analyst can mark while a crawl runs. Judging anew
does; it is a run like a crawl.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlite_utils import Database

from relevance.estimate import RecallEstimate
from relevance.verdict import Verdict
from spiders.page import Found
from spiders.sources import Source
from spiders.urls import canonical
from store.life import spellings
from store.marked import Candidate, Label, Mark, Marked, Sample
from store.records import PageRecord
from store.sql import marks, samples, verdicts
from store.sql.articles import article
from store.sql.lives import find_address
from store.storefile import StoreFile


class LearningStore(StoreFile):
    """The part of :class:`store.database.Store` that learns from people."""

    def mark(
        self,
        what: int | str,
        label: Label,
        by: str,
        note: str = "",
        sources: Sequence[Source] = (),
        sample: int | None = None,
    ) -> Mark:
        """Say what an article is, given by its number or by any address that the store knows, dropped ones as well. The last
        mark counts, all are kept. ``sample`` is the sample that asked. Raises LookupError for what was never seen."""
        with self._writing() as db:
            address = _article_address(db, what) if isinstance(what, int) else _known_address(db, what, sources)
            return marks.add_mark(db, address, label, note, by, sample, self.clock())

    def last_marks(self) -> list[Marked]:
        """All that was marked, each with the mark that counts, in the order in which those were made."""
        with self._reading() as db:
            return marks.last_marks(db)

    def labels(self) -> tuple[dict[int, Label], dict[str, Label]]:
        """The label that counts, by article number and, for what has no article, by address."""
        with self._reading() as db:
            return marks.labels(db)

    def addresses_near(self, url: str) -> list[str]:
        """The newest known addresses at the host of an address."""
        host = _host(url)
        with self._reading() as db:
            return marks.near(db, host) if host else []

    def borderline(self, keep: float, marginal: float, since: datetime, limit: int) -> list[Candidate]:
        """Unmarked articles decided since then that lie near a border: marginal ones, then those whose score is close to the
        score that parts ``keep`` from marginal, or ``marginal`` from dropped."""
        with self._reading() as db:
            return marks.borderline(db, keep, marginal, since, limit)

    def draw_sample(self, since: datetime, until: datetime, count: int, seed: int, by: str) -> Sample:
        """Draw up to ``count`` dropped addresses of each stratum at random and remember the draw."""
        with self._writing() as db:
            return samples.draw(db, since, until, count, seed, by, self.clock())

    def last_sample(self) -> Sample | None:
        with self._reading() as db:
            return samples.last_sample(db)

    def unanswered(self, sample: int, limit: int) -> list[Candidate]:
        """What a sample still asks, in its random order, strata in turn; what was skipped before comes last."""
        with self._reading() as db:
            return samples.unanswered(db, sample, limit)

    def skip(self, sample: int, url: str) -> None:
        """Note that a drawn item was passed over without an answer."""
        with self._writing() as db:
            samples.skip(db, sample, url, self.clock())

    def recall(self, before: datetime | None = None) -> RecallEstimate | None:
        """The estimate of recall by the latest sample (drawn before a moment) of which something was looked at."""
        with self._reading() as db:
            return samples.recall(db, before or self.clock())

    def stale_articles(self, rules: str, since: datetime | None = None) -> list[int]:
        """Articles that these rules have not judged: those stored since then, and whatever was marked relevant."""
        with self._reading() as db:
            return verdicts.stale(db, rules, since)

    def unread_pages(self, since: datetime | None = None) -> list[int]:
        """Archived pages of which no article came, the newest of each address."""
        with self._reading() as db:
            return verdicts.unread_pages(db, since)

    def page_to_read(self, number: int) -> tuple[Found, PageRecord] | None:
        with self._reading() as db:
            return verdicts.page_to_read(db, number)

    def put_aside(self, since: datetime | None = None, portion: int = 5000) -> Iterator[tuple[str, str]]:
        """Addresses that were put aside unread, each with the headline and summary that its place gave it."""
        after = 0
        while True:
            with self._reading() as db:
                found = verdicts.put_aside(db, since, after, portion)
            yield from ((url, claim) for _, url, claim in found)
            if not found:
                return
            after = found[-1][0]

    def fetch_again(self, url: str, told: str, run: int | None = None) -> None:
        """Let the next crawl fetch an address anew that was put aside; ``told`` says why."""
        with self._writing() as db:
            verdicts.fetch_again(db, url, told, run, self.clock())

    def judged_anew(self, number: int, verdict: Verdict, told: str, run: int | None = None) -> None:
        """Replace an article's verdict, keeping the one it had; ``told`` is the decision in words, for the lives of its
        addresses. Raises LookupError for an unknown number."""
        with self._writing() as db:
            verdicts.judged_anew(db, number, verdict, told, run, self.clock())


def _host(url: str) -> str | None:
    try:
        return urlsplit(canonical(url)).hostname
    except ValueError:
        return None


def _article_address(db: Database, number: int) -> int:
    found = article(db, number)
    row = find_address(db, [found.url]) if found else None
    if row is None:
        raise LookupError(f"there is no article {number}")
    return int(row["id"])


def _known_address(db: Database, url: str, sources: Sequence[Source]) -> int:
    row = find_address(db, spellings(url, sources))
    if row is None:
        raise LookupError(f"{url} was never seen")
    return int(row["id"])
