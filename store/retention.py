"""How long raw pages are kept: relevant ones (kept, or marked so by a person) for ever, near misses a year, others 60 days.
Decisions are always kept.

A file that holds expired records is written anew without them under the next name (``2026-09-01.1.warc.gz``), the store is
told the new places, and only then the old file goes: whenever the process dies, every record that the store knows is where it
says. Call these under the writer lock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from spiders.errors import UnusableStore
from store.archive import FOLDER, SUFFIX, Archive
from store.batch.members import CUT_OFF
from store.batch.warcs import records
from store.compaction import OURS, is_leftover, rewrite
from store.database import Store
from store.records import ArchivedPage

NEAR_MISS = timedelta(days=365)
OTHERS = timedelta(days=60)
KEPT_FOR: dict[str, timedelta | None] = {"keep": None, "marked": None, "marginal": NEAR_MISS}


@dataclass(frozen=True, slots=True)
class SizeOfFate:
    """The archived pages of one fate: how many, their compressed bytes, and the day on which the first of them goes."""

    fate: str
    pages: int
    size: int
    next_expiry: date | None


@dataclass(frozen=True, slots=True)
class SizeReport:
    """The archive in figures. ``on_disk`` are the bytes of all its files, ``expired`` pages that the next clean-up removes."""

    files: int
    on_disk: int
    fates: tuple[SizeOfFate, ...]
    expired: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a clean-up did: pages whose bytes went, bytes freed, files written anew or removed. ``faults`` say which files are
    damaged, ``unknown`` are files with pages that the store does not know; both stay as they are."""

    pages: int
    freed: int
    files: int
    faults: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def size_report(store: Store, home: Path, now: datetime) -> SizeReport:
    """What the archive holds and for how long."""
    pages = store.archived_pages()
    files = _files(home)
    by_fate: dict[str, list[ArchivedPage]] = {}
    for page in pages:
        by_fate.setdefault(page.fate, []).append(page)
    return SizeReport(
        files=len(files),
        on_disk=sum(path.stat().st_size for path in files),
        fates=tuple(_size_of(fate, by_fate[fate]) for fate in sorted(by_fate)),
        expired=len(expired_pages(pages, now)),
    )


def _size_of(fate: str, pages: list[ArchivedPage]) -> SizeOfFate:
    ends = [end.date() for page in pages if (end := expiry(page)) is not None]
    return SizeOfFate(fate, len(pages), sum(page.length for page in pages), min(ends, default=None))


def expiry(page: ArchivedPage) -> datetime | None:
    """When a page's bytes may go, by what was decided about it; None for never. Pure."""
    kept_for = KEPT_FOR.get(page.fate, OTHERS)
    return None if kept_for is None else page.archived + kept_for


def expired_pages(pages: Iterable[ArchivedPage], now: datetime) -> set[int]:
    """The numbers of pages whose time is over and whose body no page that stays refers to. Pure."""
    pages = list(pages)
    over = {page.id for page in pages if (end := expiry(page)) is not None and end <= now}
    needed = {page.original for page in pages if page.id not in over}
    return over - needed


def unreadable(store: Store, archive: Archive) -> Iterator[tuple[str, str]]:
    """Pages that the archive should have and cannot give back whole: address and what is wrong. Reads every record."""
    for found, record in store.pages():
        try:
            archive.read(record, found)
        except (LookupError, ValueError) as error:
            now = store.page(record.id)
            if now is not None and now.file is not None:  # else its time was over while this was going on
                yield record.url, str(error)


def damaged_records(store: Store, home: Path) -> Iterator[tuple[str, int, str]]:
    """Every place of the archive's files that is no whole record: file, byte, and what is wrong. Reads all of every file, for
    what the store knows of are only the pages. A half-written end that the store knows nothing of is no damage: it is
    being written, or the next crawl cuts it off."""
    for path in _files(home):
        end = store.archive_end(path.name)
        try:
            for record in records(path):
                if record.fault and not (CUT_OFF in record.fault and record.offset >= end):
                    yield path.name, record.offset, record.fault
        except FileNotFoundError:
            continue  # cleaning wrote it anew since
        except OSError as error:
            yield path.name, 0, f"it cannot be read ({error.strerror})"


def clean_up(store: Store, home: Path, now: datetime) -> Cleaned:
    """Remove the bytes of expired pages, and files that nothing refers to any more (left by a process that died). Raises
    UnusableStore when the disk is full or the folder may not be written; what was done until then stays done."""
    try:
        return _clean_up(store, home, now)
    except OSError as error:
        raise UnusableStore(
            f"{Path(home) / FOLDER}: cannot be cleaned ({error.strerror}): make room or mend its rights, then try again"
        ) from error


def _clean_up(store: Store, home: Path, now: datetime) -> Cleaned:
    pages = store.archived_pages()
    over = expired_pages(pages, now)
    totals: Counter[str] = Counter()
    faults = []
    for name, group in groupby(pages, key=lambda page: page.file):
        members = list(group)
        stay = [page for page in members if page.id not in over]
        if len(stay) == len(members):
            continue
        gone = [page.id for page in members if page.id in over]
        path = Path(home) / FOLDER / name
        done = rewrite(store, path, stay, gone)
        totals.update(freed=done.freed, pages=len(gone), files=1)
        if done.damage:
            faults.append(f"{path} is damaged, so it stays as it is, for what cannot be moved out of it: {done.damage}")
    unknown = []
    for path in _unnamed(store, home, now):
        if is_leftover(store, path):
            totals.update(files=1, freed=path.stat().st_size)
            path.unlink()
        else:
            unknown.append(str(path))
    return Cleaned(totals["pages"], totals["freed"], totals["files"], tuple(faults), tuple(unknown))


def _unnamed(store: Store, home: Path, now: datetime) -> list[Path]:
    """Files of ours, older than anything expires, that the store does not name."""
    known = {page.file for page in store.archived_pages()}
    return [path for path in _files(home) if path.name not in known and day_of(path.name, now) <= (now - OTHERS).date()]


def _files(home: Path) -> list[Path]:
    folder = home / FOLDER
    return sorted(path for path in folder.iterdir() if SUFFIX in path.name) if folder.is_dir() else []


def day_of(name: str, now: datetime) -> date:
    """The day of an archive file by its name; today for a name that is none of ours, so that it is left alone."""
    try:
        return date.fromisoformat(name[:10] if OURS.fullmatch(name) else "")
    except ValueError:
        return now.astimezone(UTC).date()
