"""Archive files written anew without the pages that are to go, and files that nothing needs any more.

Only what the store knows is copied, by the places that it knows, and each record is looked through first: what is damaged is
not copied, and its file stays as it is. A file is only taken for a leftover of a process that died when every page
in it is either forgotten or known to lie in another file; a store that was lost, or put back from a copy, knows less than the
archive holds, and must not cost it pages.
"""

import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from store.archive import SUFFIX, members, warcinfo
from store.database import Store
from store.records import ArchivedPage

OURS = re.compile(r"\d{4}-\d\d-\d\d(\.\d+)?\.warc\.gz(\.part)?")
PART = ".part"
PAGES = ("response", "revisit")


class Damaged(Exception):
    """A record that should stay cannot be copied whole."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """``freed`` bytes; ``damage`` says what could not be copied, for which the old file stays as it is beside the new one."""

    freed: int
    damage: str = ""


def rewrite(store: Store, old: Path, stay: Sequence[ArchivedPage], gone: Sequence[int]) -> Rewritten:
    """Write a file anew with the pages that stay (in the order in which they lie) and without those that go. Of a file that
    somebody took away the pages that go are forgotten. Raises OSError.

    Of a damaged file, what can be read moves, and what cannot stays where it is: so a copy of the file can be put back, the
    damage costs nothing else, and the next time there is nothing to do.
    """
    if not old.exists():
        store.move_pages([], forgotten=gone)
        return Rewritten(0)
    new = old.with_name(_next_name(old))
    moves, damages = _copy(old, new, stay) if stay else ([], [])
    store.move_pages(moves, forgotten=gone)
    if damages:
        return Rewritten(0, f"{damages[0]}{f', and {len(damages) - 1:,} more' if len(damages) > 1 else ''}")
    freed = old.stat().st_size - (new.stat().st_size if moves else 0)
    old.unlink()
    return Rewritten(freed)


def _copy(old: Path, new: Path, stay: Sequence[ArchivedPage]) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Copy the records that stay, byte for byte; returns their new places as file, offset, page, and what is damaged. There is
    no new file when nothing could be copied."""
    moves, damages = [], []
    part = new.with_name(new.name + PART)
    try:
        with old.open("rb") as source, part.open("wb") as target:
            target.write(warcinfo(new.name))
            for page in stay:
                try:
                    data = _whole(source, page)
                except Damaged as damage:
                    damages.append(str(damage))
                    continue
                moves.append((new.name, target.tell(), page.id))
                target.write(data)
            target.flush()
            os.fsync(target.fileno())
        if moves:
            part.replace(new)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(new.parent)
    return moves, damages


def _whole(source: BinaryIO, page: ArchivedPage) -> bytes:
    """The bytes of a page's record and of the request behind it. Raises Damaged."""
    told = f"the record at byte {page.offset:,} cannot be read whole"
    try:
        ends = members(source, page.offset)
        end = next(ends, None)
        if end != page.offset + page.length:
            raise Damaged(told)
        behind = next(ends, end)
        source.seek(page.offset)
        data = source.read(page.length)
        request = source.read(behind - end)
    except OSError as error:  # a disk that has gone bad in places
        raise Damaged(f"{told} ({error.strerror})") from error
    return data + request if request and _concurrent_to(request) == page.record else data


def _concurrent_to(data: bytes) -> str | None:
    """The record id of the answer that a request record belongs to."""
    for record in ArchiveIterator(BytesIO(data)):
        found: str | None = record.rec_headers.get_header("WARC-Concurrent-To")
        return found
    return None


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk before the store relies on it and the old one goes."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _next_name(path: Path) -> str:
    day = path.name.split(".", 1)[0]
    names = (f"{day}.{number}{SUFFIX}" for number in count(1))
    return next(name for name in names if not path.with_name(name).exists())


def is_leftover(store: Store, path: Path) -> bool:
    """Whether a file that the store does not name holds nothing that only it has."""
    if path.name.endswith(PART):
        return True
    try:
        theirs = list(_page_records(path))
    except (OSError, ValueError, zlib.error, EOFError, ArchiveLoadFailed):
        return False
    files = store.files_of_records(theirs)
    return all(
        record in files and all(name is None or path.with_name(name).exists() for name in files[record]) for record in theirs
    )


def _page_records(path: Path) -> Iterator[str]:
    """The ids of the records of a file that hold pages. Raises ValueError where not all of it can be read."""
    with path.open("rb") as file:
        if max(members(file, 0), default=0) != path.stat().st_size:
            raise ValueError(f"{path} is damaged")
        file.seek(0)
        records: Any = ArchiveIterator(file)
        for record in records:
            if record.rec_type in PAGES:
                yield record.rec_headers.get_header("WARC-Record-ID")
