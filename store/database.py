"""The store: one SQLite file, and the only door to it.

Each method is one short transaction; parsing, hashing and rendering are done before it. Errors that a person can mend
arrive as :class:`spiders.errors.UnusableStore`. Writers hold :func:`store.lock.writer_lock` while they work.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from relevance.verdict import Decision
from spiders.memory import Asked, Outcome, SourceOutcome, Stage, Validators
from spiders.page import Found, Page
from spiders.sources import Source
from store import connection
from store.batchwork import BatchStore
from store.exact import text_digest
from store.fates import FATE_OF_DECISION
from store.learning import LearningStore
from store.life import spellings
from store.lock import alive
from store.records import (
    ArchivedPage,
    Coverage,
    Decided,
    Delivery,
    DeliveryState,
    Life,
    Moved,
    PageRecord,
    Reading,
    Run,
    RunState,
    Saved,
    Silence,
    StoredArticle,
    StoredDigest,
)
from store.revisions.revising import RevisingStore, validators_of
from store.search.searching import SearchStore
from store.sql import addresses, articles, coverage, digests, lives, pages, revisions, runs, samples
from store.storykeeping import StoryStore

RELEVANT: tuple[Decision, ...] = ("keep", "marginal")

CRASHED = "the process ended while it was sending; whether the mail went out is not known"

# Deliveries that this process is at right now, by database file. What else says ``sending`` under our process number is of
# a dead process whose number we were given, or of a use of the store that ended with an exception.
_being_sent: set[tuple[Path, int, str]] = set()


class Store(LearningStore, SearchStore, BatchStore, RevisingStore, StoryStore):
    """The store of one home. ``with Store.open(home) as store: ...``"""

    def __init__(self, db: Database, path: Path, clock: Callable[[], datetime]) -> None:
        super().__init__(db, path, clock)
        self._sending: set[tuple[Path, int, str]] = set()

    def close(self) -> None:
        """End the use of the file, and of the deliveries that were not brought to an end with it."""
        _being_sent.difference_update(self._sending)
        super().close()

    def opened(self) -> None:
        """Deliveries that a dead process left in ``sending`` become ``unknown``; what is not in the search index goes in."""
        with self._reading() as db:
            left = [
                (digest, recipient) for digest, recipient, pid in digests.sending(db) if self._is_dead(digest, recipient, pid)
            ]
        for digest, recipient in left:
            self.set_delivery(digest, recipient, "unknown", CRASHED)
        super().opened()

    # Runs and sources

    def begin_run(self, kind: str) -> int:
        """Begin a run (``crawl``, ``digest``) and return its number. Call it under the writer lock: whatever else says that it
        is running or sending is then known to be dead, and is marked ``interrupted`` or ``unknown``."""
        with self._writing() as db:
            for digest, recipient, pid in digests.sending(db):
                if pid != os.getpid():
                    digests.set_delivery(db, digest, recipient, "unknown", CRASHED, self.clock())
            return runs.begin_run(db, kind, self.clock())

    def end_run(self, run: int, state: RunState, detail: str = "") -> RunState:
        """End a run; returns the state recorded, which is ``failed`` instead of ``finished`` when pages broke our code."""
        with self._writing() as db:
            return runs.end_run(db, run, state, detail, self.clock())

    def interrupt_runs(self, detail: str) -> None:
        """End the runs of this process that were not ended, as it was asked to stop."""
        with self._writing() as db:
            runs.interrupt_runs(db, detail, self.clock())

    def run(self, run: int) -> Run | None:
        with self._reading() as db:
            return runs.run_of(db, run)

    def run_outcomes(self, run: int) -> list[SourceOutcome]:
        """How each source fared in a run, by source id."""
        with self._reading() as db:
            return runs.run_outcomes(db, run)

    def broken_pages(self, run: int) -> list[tuple[str, str]]:
        """Pages on which our own code raised an exception in a run: address and what was raised."""
        with self._reading() as db:
            return runs.broken_pages(db, run)

    def know_sources(self, sources: Iterable[Source]) -> None:
        """Take over the names of sources from their list."""
        with self._writing() as db:
            for source in sources:
                runs.know_source(db, source.id, source.name)

    def source_finished(self, outcome: SourceOutcome, run: int) -> None:
        with self._writing() as db:
            runs.source_finished(db, outcome, run, self.clock())

    # Places of discovery and addresses

    def validators(self, address: str) -> Validators:
        with self._reading() as db:
            return runs.validators(db, address)

    def asked(self, asked: Asked, run: int) -> None:
        with self._writing() as db:
            runs.asked(db, asked, run, self.clock())

    def discovered(self, found: Found, run: int) -> bool:
        """Record a sighting. True when the address is to be fetched now, and then only this run is told so, once."""
        with self._writing() as db:
            return addresses.discovered(db, found, run, self.clock())

    def pending(self, source: str, run: int) -> list[Found]:
        """What an earlier run left unfinished and what is due for another try, oldest first."""
        with self._writing() as db:
            return addresses.pending(db, source, run, self.clock())

    def decided(
        self,
        url: str,
        stage: Stage,
        outcome: Outcome,
        reason: str,
        data: Mapping[str, object] | None = None,
        run: int | None = None,
        source: str | None = None,
    ) -> None:
        """Record what happened to an address, also to one that was never discovered. Of one whose article is read again it is
        told apart from its life (:mod:`store.sql.revisions`)."""
        with self._writing() as db:
            address = addresses.address_of(db, url, source, self.clock())
            if revisions.is_watched(db, address):
                revisions.asked(db, address, outcome, reason, (data or {}).get("status"), run, self.clock())
                return
            addresses.decided(db, address, stage, outcome, reason, dict(data or {}), run, self.clock())

    def life(self, url: str, sources: Sequence[Source] = ()) -> Life:
        """Everything known of an address, given in any spelling; ``sources`` help to find the canonical one."""
        with self._reading() as db:
            return lives.life(db, url, spellings(url, sources))

    # Articles and pages

    def save_page(
        self,
        page: Page,
        decisions: Sequence[Decided],
        reading: Reading | None = None,
        record: PageRecord | None = None,
        run: int | None = None,
    ) -> Saved | None:
        """Record everything about one page at once: its decisions, where it is archived, and what it held."""
        digest = text_digest(reading.article.text, reading.article.title) if reading else None
        now = self.clock()
        with self._writing() as db:
            address = addresses.address_of(db, page.found.url, page.found.source or None, now)
            for one in decisions:
                addresses.decided(db, address, one.stage, one.outcome, one.reason, one.data, run, now, broken=one.broken)
            if record is not None:
                pages.add_page(db, address, record, now)
            if reading is None:
                return None
            addresses.note_alias(db, page.url, address)
            saved = articles.save(db, address, reading.article, reading.verdict, digest, now)
            if saved.decision in RELEVANT:
                revisions.watch(db, address, validators_of(page), now)
            fate = FATE_OF_DECISION[saved.decision]
            addresses.decided(db, address, "stored", "ok", str(saved), {"article": saved.article}, run, now, fate=fate)
            return saved

    def articles(self, since: datetime, until: datetime, decisions: Sequence[Decision] = RELEVANT) -> list[StoredArticle]:
        """Articles whose verdict fell in ``[since, until)``, newest first."""
        with self._reading() as db:
            return articles.articles(db, since, until, decisions)

    def undigested(
        self,
        profile: str,
        until: datetime,
        decisions: Sequence[Decision] = RELEVANT,
        since: datetime | None = None,
    ) -> list[StoredArticle]:
        """Articles decided before ``until`` that were in no digest of the profile yet, newest first: what the next digest
        takes, so that nothing is told twice and nothing that came late is skipped."""
        with self._reading() as db:
            return articles.undigested(db, profile, until, decisions, since)

    def article(self, id_or_url: int | str) -> StoredArticle | None:
        """An article by its number or by any address under which it was seen."""
        with self._reading() as db:
            if isinstance(id_or_url, int):
                return articles.article(db, id_or_url)
            row = lives.find_address(db, spellings(id_or_url))
            return articles.article(db, row["article"]) if row and row["article"] else None

    def articles_by_id(self, ids: Sequence[int]) -> list[StoredArticle]:
        """Articles in the order asked for. Raises LookupError for an unknown number."""
        with self._reading() as db:
            return articles.articles_by_id(db, ids)

    def page(self, number: int) -> PageRecord | None:
        with self._reading() as db:
            return pages.page(db, number)

    def same_payload(self, payload_digest: str) -> PageRecord | None:
        """The archived page whose body has this digest, if its bytes are still kept."""
        with self._reading() as db:
            return pages.same_payload(db, payload_digest)

    def archive_end(self, file: str) -> int:
        """Where the last known record of an archive file ends, in bytes."""
        with self._reading() as db:
            return pages.file_end(db, file)

    def pages(
        self, source: str | None = None, since: datetime | None = None, portion: int = 500
    ) -> Iterator[tuple[Found, PageRecord]]:
        """All archived pages with the sighting they came from, in the order they came, read in portions so that no
        transaction stays open while the caller works."""
        after = 0
        while True:
            with self._reading() as db:
                records = pages.pages(db, source, since, after, portion)
                found = [pages.found_of(db, record.id) for record in records]
            yield from ((place, record) for place, record in zip(found, records, strict=True) if place is not None)
            if not records:
                return
            after = records[-1].id

    def archived_pages(self) -> list[ArchivedPage]:
        """Every page whose bytes are kept, as they lie in the files."""
        with self._reading() as db:
            return pages.archived(db)

    def files_of_records(self, records: Sequence[str]) -> dict[str, list[str | None]]:
        """In which files the pages of WARC records lie, None where their bytes are forgotten; unknown records are left out."""
        with self._reading() as db:
            return pages.files_of_records(db, records)

    def move_pages(self, moves: Sequence[tuple[str, int, int]], forgotten: Sequence[int]) -> None:
        """Tell new places of records (file, offset, page number), and which pages' bytes are about to be removed."""
        with connection.told(self.path), connection.durable(self.db), self._writing() as db:
            pages.move(db, moves, forgotten)

    # Coverage

    def coverage(self, since: datetime, until: datetime, sources: Sequence[Source]) -> Coverage:
        """What was read of these sources in ``[since, until)`` and what was not, and why; and, where people have looked at a
        random sample of what was dropped, how much the filter misses."""
        with self._reading() as db:
            return replace(coverage.coverage(db, since, until, sources), recall=samples.recall(db, until))

    def moved_in_run(self, run: int) -> dict[str, Moved]:
        """What became of the addresses that a run moved, by source. Raises LookupError for an unknown run."""
        with self._reading() as db:
            return coverage.moved_in_run(db, run)

    def silent_sources(self, sources: Sequence[Source], now: datetime | None = None) -> list[Silence]:
        """Enabled sources whose newest item is older than usual for them, longest silence first."""
        with self._reading() as db:
            return coverage.silent_sources(db, sources, now or self.clock())

    # Digests and deliveries

    def freeze_digest(
        self,
        profile: str,
        since: datetime,
        until: datetime,
        subject: str,
        html: str,
        text: str,
        articles: Sequence[int],
        run: int | None = None,
        revisions: Sequence[int] = (),
    ) -> StoredDigest:
        """Store a digest as rendered, and which articles and revisions it tells. For a profile and window that has one already,
        that one is returned unchanged."""
        rendered = subject, html, text
        sha256 = digests.sha256_of(*rendered)
        with connection.told(self.path), connection.durable(self.db), self._writing() as db:
            return digests.freeze(db, profile, (since, until), rendered, sha256, articles, run, self.clock(), revisions)

    def digest(self, digest_id: int) -> StoredDigest | None:
        with self._reading() as db:
            return digests.digest(db, digest_id)

    def digest_for(self, profile: str, since: datetime, until: datetime) -> StoredDigest | None:
        with self._reading() as db:
            return digests.digest_for(db, profile, since, until)

    def last_digest_end(self, profile: str) -> datetime | None:
        """Where the last window of a profile ended: where the next one begins."""
        with self._reading() as db:
            return digests.last_end(db, profile)

    def undelivered_digests(self, profile: str | None = None) -> list[StoredDigest]:
        """Digests with a delivery planned that is not ``sent``, oldest first."""
        with self._reading() as db:
            return digests.unfinished(db, profile)

    def plan_deliveries(self, digest_id: int, message_ids: Mapping[str, str]) -> None:
        """A pending delivery for each recipient; those already planned keep their state and message id."""
        with connection.told(self.path), connection.durable(self.db), self._writing() as db:
            digests.plan(db, digest_id, message_ids, self.clock())

    def deliveries(self, digest_id: int) -> list[Delivery]:
        """The deliveries of a digest, by recipient."""
        with self._reading() as db:
            return digests.deliveries(db, digest_id)

    def set_delivery(self, digest_id: int, recipient: str, state: DeliveryState, reply: str | None = None) -> None:
        """Move a delivery on; it is on the disk when this returns. ``sending`` counts an attempt. Raises LookupError for a
        delivery that was not planned."""
        with connection.told(self.path), connection.durable(self.db), self._writing() as db:
            digests.set_delivery(db, digest_id, recipient, state, reply, self.clock())
        for deliveries in (_being_sent, self._sending):
            change = deliveries.add if state == "sending" else deliveries.discard
            change((self.path, digest_id, recipient))

    def _is_dead(self, digest: int, recipient: str, pid: int) -> bool:
        if pid == os.getpid():
            return (self.path, digest, recipient) not in _being_sent
        return not alive(pid)
