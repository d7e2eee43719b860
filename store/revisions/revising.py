"""What the store knows of reading articles again."""

from collections.abc import Sequence
from datetime import datetime

from spiders.memory import Again, Validators
from spiders.page import Page
from store.exact import text_digest
from store.life import spellings
from store.records import PageRecord
from store.revised import Remembered, Revised, Version
from store.revisions.reread import Reread
from store.revisions.versions import versions
from store.sql import addresses, articles, lives, pages, revisions, rewording
from store.storefile import StoreFile


class RevisingStore(StoreFile):
    """The part of :class:`store.database.Store` that reads articles again, and tells what had changed."""

    def due_again(self, source: str, hours: Sequence[float]) -> list[Again]:
        """Articles of a source whose gap since the last reading is over (:mod:`store.revisions.schedule`), longest due first,
        at most ``AT_ONCE``. Each is waited for some hours before it is handed out again."""
        with self._writing() as db:
            return revisions.due(db, source, hours, self.clock())

    def remembered(self, url: str) -> Remembered | None:
        """What was last read at an address that is read again; None for any other address."""
        with self._reading() as db:
            row = lives.find_address(db, spellings(url))
            return revisions.remembered(db, row) if row else None

    def save_reread(
        self, page: Page, known: Remembered, found: Reread, record: PageRecord | None = None, run: int | None = None
    ) -> None:
        """Record what fetching an article again came to: its new text, with the old one kept, or that it was not there."""
        now, reading = self.clock(), found.reading
        digest = text_digest(reading.article.text, reading.article.title) if reading else None
        with self._writing() as db:
            if found.kind == "missing":
                revisions.missing(db, known.address, found.reason, run, now)
                return
            if found.kind == "failed":
                revisions.failed(db, known.address, found.reason)
                if found.fault is not None:
                    fault = found.fault
                    addresses.decided(
                        db, known.address, fault.stage, fault.outcome, fault.reason, fault.data, run, now, broken=True
                    )
                return
            revisions.came_back(db, known.address, run, now)
            if reading is not None and found.old is not None:
                archived = pages.add_page(db, known.address, record, now) if record else None
                rewording.reword(db, known, found.old, found.reason, reading, digest, archived, run, now)
            revisions.seen(db, known.address, now)
            revisions.watch(db, known.address, validators_of(page), now)

    def history(self, article: int) -> tuple[Version, ...]:
        """Everything that ever stood at the addresses of an article, by address, the article's own first; with a single version
        for an address that never changed. Empty for an unknown number."""
        with self._reading() as db:
            found = articles.article(db, article)
            if found is None:
                return ()
            return versions(found, revisions.revisions_of(db, "article", article), revisions.first_read(db, article))

    def revised(self, until: datetime, since: datetime | None = None, profile: str | None = None) -> tuple[Revised, ...]:
        """What changed in ``[since, until)`` at the addresses of articles, the latest first; with a profile only what none of
        its digests told yet."""
        with self._reading() as db:
            return revisions.revised(db, until, since, profile)


def validators_of(page: Page) -> Validators:
    """What to ask conditionally with when a page is read again."""
    return Validators(page.header("ETag"), page.header("Last-Modified"))
