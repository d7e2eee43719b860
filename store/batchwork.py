"""What the store keeps of work in bulk: pages that were read again with newer code, and files that pages were taken from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from spiders.page import Found, Page
from store.bulk import Import, ToReadAgain
from store.records import Decided, PageRecord, Reading, Saved
from store.revised import Captured
from store.revisions.placing import Placed
from store.sql import batch, pages
from store.storefile import StoreFile


class BatchStore(StoreFile):
    """The part of :class:`store.database.Store` that batch work needs. Reading again may look while others write; to apply and
    to import takes the writer lock."""

    def to_read_again(
        self, version: str, since: datetime | None = None, source: str | None = None, *, with_changes: bool = False
    ) -> list[int]:
        """The newest archived page of each address that was not read under a version yet; ``with_changes`` adds those that
        were, and whose change was not applied."""
        with self._reading() as db:
            return batch.to_read_again(db, version, since, source, with_changes)

    def page_with_article(self, number: int, version: str) -> ToReadAgain | None:
        with self._reading() as db:
            return batch.page_with_article(db, number, version)

    def note_read(self, number: int, version: str, change: str, digest: str | None, *, applied: bool) -> None:
        """Remember that a page was read under a version; ``change`` is JSON, empty for no change."""
        with self._writing() as db:
            batch.note_read(db, number, version, change, digest, applied, self.clock())

    def changes(self, version: str, since: datetime | None = None, source: str | None = None) -> list[str]:
        """The changes found under a version and not applied, as JSON."""
        with self._reading() as db:
            return batch.changes(db, version, since, source)

    def begin_import(self, name: str, fingerprint: str, size: int, *, again: bool = False) -> Import:
        """The import of a file, with how far it came; ``again`` forgets that."""
        with self._writing() as db:
            return batch.begin_import(db, name, fingerprint, size, again, self.clock())

    def note_progress(self, number: int, done: int, counts: Mapping[str, int], *, finished: bool = False) -> None:
        with self._writing() as db:
            batch.note_progress(db, number, done, counts, self.clock(), finished=finished)

    def note_fault(self, number: int, record: int, offset: int, reason: str) -> None:
        """What is wrong at a place of a file, where no address is known that could tell it."""
        with self._writing() as db:
            batch.note_fault(db, number, record, offset, reason)

    def captured(self, found: Found) -> Captured | None:
        """What is known of the address of a page, where that has an article."""
        with self._reading() as db:
            return batch.captured(db, found)

    def page_at(self, address: int, at: datetime) -> PageRecord | None:
        """The archived page that was the last one of an address at a time; before all of them, the first."""
        with self._reading() as db:
            return batch.page_at(db, address, at)

    def page_kept(self, url: str, payload_digest: str, fetched: datetime, origin: str) -> PageRecord | None:
        """The archived page with these bytes of this address, fetched at that time or taken from that place of a file."""
        with self._reading() as db:
            return pages.page_kept(db, url, payload_digest, fetched, origin)

    def take_in(
        self,
        page: Page,
        decisions: Sequence[Decided],
        reading: Reading | None,
        record: PageRecord | None,
        run: int,
        progress: tuple[int, int, Mapping[str, int]],
        known: Captured | None = None,
        placed: Placed | None = None,
    ) -> Saved | None:
        """Record a page from a file, and how far the import is by now (number of the import, records done, counts), at once. Of
        an address with an article (``known``), ``placed`` says what the page adds to its versions."""
        now = self.clock()
        with self._writing() as db:
            saved = batch.take_in(db, page, decisions, reading, record, run, now, known, placed)
            batch.note_progress(db, *progress, now)
            return saved
