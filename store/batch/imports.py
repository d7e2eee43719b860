"""Taking pages from WARC files of anybody: a crawl of Common Crawl's news, another crawler's, an archive of this program.

Every page goes through the stages that a fetched one goes through; what is kept is archived here too, and says where it comes
from. The file is trusted in nothing: see :mod:`store.batch.warcs`, and :mod:`store.batch.child` for what pages may do.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from spiders.errors import MonitorError
from spiders.page import Found, Page
from spiders.sources import Source, source_of
from spiders.urls import article_key, canonical
from store.archive import FOLDER, SUFFIX, Archive
from store.batch.crew import Answer, Crew, Job
from store.batch.responses import holds_page, is_address, written
from store.batch.warcs import Record, records
from store.batch.work import Examined, Setup, TakeIn
from store.bulk import Import
from store.database import Store
from store.examine import Examination, read
from store.records import Decided, Reading
from store.revised import Captured
from store.revisions.changes import Wording
from store.revisions.placing import NO_TEXT, NO_TIME, Placed, place
from store.revisions.reread import MISSING, UNSEEN
from store.wording import local_time

# The ends of a file and its size tell it from others; reading a gigabyte only to name it would take as long as reading it.
END = 1 << 20
# How many records without a page may pass before it is written down how far the import is.
NOTE_EVERY = 1000
DAMAGED = "damaged"
REVISED = "revised"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RecordJob(Job[TakeIn]):
    """A record in its place. ``found`` is set where it should hold a page, ``kind`` says what else it is."""

    record: Record
    kind: str = ""
    found: Found | None = None
    fetched: datetime | None = None


@dataclass(slots=True)
class Taken:
    """What a file came to: ``counts`` of records by what became of them, ``faults`` of this time (number of the record, what is
    wrong), ``failed`` pages of this time that could not be read (address, why), ``before`` the records done earlier."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    before: int = 0
    records: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    finished: bool = False


def fingerprint_of(path: Path) -> tuple[str, int]:
    """What identifies a file's content, and its size in bytes. Raises MonitorError when it cannot be read."""
    try:
        if not path.is_file():
            raise MonitorError(f"{path}: is no file" if path.exists() else f"{path}: there is no such file")
        size = path.stat().st_size
        with path.open("rb") as file:
            digest = hashlib.sha256(str(size).encode() + file.read(END))
            file.seek(max(END, size - END))
            digest.update(file.read(END))
    except OSError as error:
        raise MonitorError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest(), size


def refuse_own(store: Store, home: Path, path: Path) -> None:
    """Raises MonitorError for a file of the home's own archive whose pages the store has already, and for the one that is
    written today: an import appends to that what it keeps, and would go on to read it."""
    if path.resolve().parent != (Path(home) / FOLDER).resolve():
        return
    if store.archive_end(path.resolve().name):
        raise MonitorError(
            f"{path}: is a file of this home's own archive, and its pages are in the store."
            " `vietlao reprocess` reads archived pages again with the code of now."
        )
    if path.name == f"{store.clock().astimezone(UTC):%Y-%m-%d}{SUFFIX}":
        raise MonitorError(
            f"{path}: is the file that this home's archive writes to today. Move it out of {FOLDER}/ and import it from there."
        )


def take_in(
    store: Store,
    archive: Archive,
    setup: Setup,
    crew: Crew,
    path: Path,
    run: int,
    taken: Taken,
    *,
    again: bool = False,
) -> Iterator[Taken]:
    """Take in the pages of a file, beginning where an earlier import of it ended; ``again`` begins anew. Yields ``taken`` after
    each record that is done. Ending it early loses nothing but the pages under way."""
    known = store.begin_import(taken.name, *fingerprint_of(path), again=again)
    taken.before = taken.records = known.records
    taken.counts.update(known.counts)
    taken.finished = known.finished is not None
    if taken.finished:
        return
    writer = _Writer(store, archive, setup, known, run, taken)
    for job, answer in crew.each(_jobs(path, taken.name, setup, known.records, store.clock())):
        writer.write(job, answer)
        yield taken
    store.note_progress(known.id, taken.records, taken.counts, finished=True)
    taken.finished = True


def _jobs(path: Path, name: str, setup: Setup, done: int, now: datetime) -> Iterator[RecordJob]:
    for record in records(path):
        if record.number > done:
            yield _job(record, name, setup, now)


def _job(record: Record, name: str, setup: Setup, now: datetime) -> RecordJob:
    if not holds_page(record) or not is_address(record.url):
        return RecordJob(None, record, DAMAGED if record.fault or holds_page(record) else record.kind or DAMAGED)
    found = found_in(record, name, setup.sources)
    fetched = min(written(record, now) or now, now)  # a clock that is ahead must not outdo what is read from now on
    return RecordJob(TakeIn(record, found, fetched), record, "", found, fetched)


def found_in(record: Record, name: str, sources: tuple[Source, ...]) -> Found:
    """The sighting of an address in a file. An address of no source has none: its host speaks for it."""
    source = source_of(record.url, sources)
    url = canonical(record.url, source)
    key = article_key(url, source) if source else None
    return Found(url, record.url, source.id if source else "", f"{name} record {record.number}", "import", key=key)


@dataclass(slots=True)
class _Writer:
    """Writes what comes back, in the order of the file."""

    store: Store
    archive: Archive
    setup: Setup
    known: Import
    run: int
    taken: Taken
    unnoted: int = 0

    def write(self, job: RecordJob, answer: Answer) -> None:
        self.taken.records = job.record.number
        if job.found is None or job.fetched is None:
            self._pass_over(job)
            return
        examined = answer if isinstance(answer, Examined) else Examined(_lost(answer))
        page = examined.page or Page(job.found, job.record.url, 0, (), b"", job.fetched)
        self._write_page(page, examined.examination, job.record)

    def _pass_over(self, job: RecordJob) -> None:
        """A record without a page is only counted; a damaged one is noted, for no address tells of it."""
        self.taken.counts[job.kind] += 1
        if job.kind == DAMAGED:
            reason = job.record.fault or f"it names no address that a page can have ({job.record.url[:200]!r})"
            self.taken.faults.append((job.record.number, reason))
            self.store.note_fault(self.known.id, job.record.number, job.record.offset, reason)
        self.unnoted += 1
        if self.unnoted >= NOTE_EVERY:
            self.store.note_progress(self.known.id, *self._progress[1:])
            self.unnoted = 0

    def _write_page(self, page: Page, examination: Examination, record: Record) -> None:
        known = self.store.captured(page.found)
        decisions, reading = list(examination.decisions), examination.reading
        placed = None
        if known is not None and reading is not None:
            placed = self._placed(known, page, reading) if written(record, page.fetched) else NO_TIME
            decisions.append(Decided("stored", "ok" if placed.is_new else "rejected", _told(placed, known, page.fetched)))
        kind = _kind(examination, known, placed)
        self.taken.counts[kind] += 1
        if kind == FAILED:
            self.taken.failed.append((page.found.url, decisions[-1].reason))
        if record.fault:
            self.taken.faults.append((record.number, f"{record.url}: {record.fault}"))
        # what cannot be compared was no reading of the article, and must not be taken for its newest page
        is_kept = examination.named and (placed is None or placed.kind != "nothing")
        place = self.archive.keep_once(page, page.found.via) if is_kept else None
        self.store.take_in(page, decisions, reading, place, self.run, self._progress, known, placed)
        self.unnoted = 0

    def _placed(self, known: Captured, page: Page, reading: Reading) -> Placed:
        """What the page adds to an address that has an article: a page without its text adds nothing."""
        article = reading.article
        if any(code in MISSING + UNSEEN for code in article.quality):
            return NO_TEXT
        return place(known, page.fetched, Wording(article.title, article.text), lambda: self._archived(known, page))

    def _archived(self, known: Captured, page: Page) -> Wording | None:
        """What the address said at that time, out of the archive and by the code of now."""
        record = self.store.page_at(known.remembered.address, page.fetched)
        if record is None:
            return None
        try:
            article = read(self.archive.read(record, page.found), self.setup.by_id.get(page.found.source), record.fetched)
        except (LookupError, ValueError):
            return None  # a page that is gone, or damaged, tells nothing; what is stored does
        seen = article.text and not any(code in MISSING + UNSEEN for code in article.quality)
        return Wording(article.title, article.text) if seen else None

    @property
    def _progress(self) -> tuple[int, int, Counter[str]]:
        return self.known.id, self.taken.records, self.taken.counts


def _kind(examination: Examination, known: Captured | None, placed: Placed | None) -> str:
    """What a page counts as: of an address that has an article, whether it brought another wording of it."""
    if known is None:
        return examination.ended
    return REVISED if placed is not None and placed.is_new else "known"


def _told(placed: Placed, known: Captured, at: datetime) -> str:
    """What became of a page whose address has an article, in words."""
    day = local_time(at)
    if placed.kind == "current":
        return f"the article has the text of {day} from then on: {placed.reason}"
    if placed.kind == "earlier":
        return f"as a version of the article, as it was {day}; beside what stood there: {placed.reason}"
    stored = f"the article is stored as it was {local_time(known.newest)}"
    if placed.kind == "nothing":
        return f"{stored}; the page {placed.reason}"
    return f"{stored}, and the page of {day} says nothing else"


def _lost(answer: Answer) -> Examination:
    return Examination([Decided("extracted", "failed", str(answer))])
