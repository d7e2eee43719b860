"""How long raw pages are kept: relevant ones for ever, near misses a year, others 60 days. Decisions are always kept.

A file that holds expired records is written anew without them under the next name (``2026-09-01.1.warc.gz``), the store is
told the new places, and only then the old file goes: whenever the process dies, every record that the store knows is where it
says. Call these under the writer lock.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, groupby
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from store.archive import FOLDER, SUFFIX, Archive, warcinfo
from store.database import Store
from store.records import ArchivedPage

NEAR_MISS = timedelta(days=365)
OTHERS = timedelta(days=60)
KEPT_FOR: dict[str, timedelta | None] = {"keep": None, "marginal": NEAR_MISS}


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
    """What a clean-up did: pages whose bytes went, bytes freed, files written anew or removed."""

    pages: int
    freed: int
    files: int


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
            yield record.url, str(error)


def clean_up(store: Store, home: Path, now: datetime) -> Cleaned:
    """Remove the bytes of expired pages, and files that nothing refers to any more (left by a process that died)."""
    pages = store.archived_pages()
    over = expired_pages(pages, now)
    totals: Counter[str] = Counter()
    for name, group in groupby(pages, key=lambda page: page.file):
        members = list(group)
        gone = [page for page in members if page.id in over]
        if gone:
            totals.update(pages=len(gone), files=1, freed=_rewrite(store, home, name, members, over))
    known = {page.file for page in store.archived_pages()}
    for path in _files(home):
        if path.name not in known and day_of(path.name, now) <= (now - OTHERS).date():
            totals.update(files=1, freed=path.stat().st_size)
            path.unlink()
    return Cleaned(totals["pages"], totals["freed"], totals["files"])


def _rewrite(store: Store, home: Path, name: str, pages: list[ArchivedPage], over: set[int]) -> int:
    """Write a file anew without some of its pages; returns the bytes freed."""
    old = home / FOLDER / name
    size = old.stat().st_size if old.exists() else 0
    stay = {page.record: page for page in pages if page.id not in over}
    moves: list[tuple[str, int, int]] = []
    if stay:
        new = old.with_name(_next_name(old))
        moves = _copy(old, new, stay)
        size -= new.stat().st_size
    store.move_pages(moves, forgotten=[page.id for page in pages if page.id in over])
    old.unlink(missing_ok=True)
    return size


def _copy(old: Path, new: Path, stay: dict[str, ArchivedPage]) -> list[tuple[str, int, int]]:
    """Copy the records that stay, byte for byte; returns their new places as file, offset, page."""
    moves = []
    part = new.with_name(new.name + ".part")
    with old.open("rb") as source, part.open("wb") as target:
        target.write(warcinfo(new.name))
        for record, of, offset, length in _records(old):
            if of in stay:
                if record == of:
                    moves.append((new.name, target.tell(), stay[of].id))
                source.seek(offset)
                target.write(source.read(length))
        target.flush()
        os.fsync(target.fileno())
    part.replace(new)
    return moves


def _records(path: Path) -> Iterator[tuple[str, str, int, int]]:
    """Each record of a file: its id, the response it belongs to, its offset and length in bytes."""
    with path.open("rb") as file:
        records: Any = ArchiveIterator(file)
        for record in records:
            headers = record.rec_headers
            number = headers.get_header("WARC-Record-ID")
            of = headers.get_header("WARC-Concurrent-To") or number
            yield number, of, records.get_record_offset(), records.get_record_length()


def _files(home: Path) -> list[Path]:
    folder = home / FOLDER
    return sorted(path for path in folder.iterdir() if SUFFIX in path.name) if folder.is_dir() else []


def _next_name(path: Path) -> str:
    day = path.name.split(".", 1)[0]
    names = (f"{day}.{number}{SUFFIX}" for number in count(1))
    return next(name for name in names if not path.with_name(name).exists())


def day_of(name: str, now: datetime) -> date:
    """The day of an archive file by its name; today for a name that is none of ours, so that it is left alone."""
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return now.astimezone(UTC).date()
