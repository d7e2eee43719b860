"""Bytes of a file that nobody vouches for, a little at a time: a plain file as one stream, a gzip file member by member.

What is read costs time and memory in proportion to what was asked for, whatever the file claims. A member that is damaged or
was given up does not end the file: the next one that begins a WARC record is looked for.
"""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 16
MAGIC = b"\x1f\x8b\x08"
# The first bytes of every record (ISO 28500, 5.1)
RECORD = b"WARC/"
# A file in which so many places look like the beginning of a member and are none is not searched any further.
MOST_CANDIDATES = 100_000
# How far something is skipped or searched through before the member is given up. Pages are taken up to a quarter of that;
# a bomb of this size costs 0.1 s.
FAR = 64 * 2**20
MOST_PUSHED_BACK = 1000
CUT_OFF = "the file ends in the middle of it"


class Damaged(Exception):
    """The bytes cannot be read further, and why in words."""


class Member:
    """One gzip member, or a plain file, read from its beginning. ``offset`` is where it lies in the file."""

    def __init__(self, file: BinaryIO, offset: int, *, compressed: bool) -> None:
        self.offset = offset
        self._file = file
        self._next = offset
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16) if compressed else None
        self._buffer = b""
        self._at = 0
        self._pushed = 0
        self.damage: Damaged | None = None

    @property
    def end(self) -> int | None:
        """Where the member ends in the file; None as long as that is not known."""
        ended = self._inflater is not None and self._inflater.eof
        return self._next - len(self._inflater.unused_data) if ended and self._inflater else None

    def readline(self, limit: int) -> bytes:
        """Up to and with the next line feed, at most ``limit`` bytes; empty at the end. Raises Damaged."""
        while (cut := self._buffer.find(b"\n", self._at, self._at + limit)) < 0 and self._left < limit and self._fill():
            pass
        return self._take(limit if cut < 0 else cut + 1 - self._at)

    def read(self, count: int) -> bytes:
        """``count`` bytes, fewer where the member ends or is damaged before (``damage`` says so)."""
        parts = [self._take(count)]
        missing = count - len(parts[0])
        while missing > 0 and self._filled():
            parts.append(self._take(missing))
            missing -= len(parts[-1])
        return b"".join(parts)

    def peek(self, count: int) -> bytes:
        """The next bytes, which stay unread. Raises Damaged."""
        while self._left < count and self._fill():
            pass
        return self._buffer[self._at : self._at + count]

    def push_back(self, data: bytes) -> None:
        """Make bytes unread again. Raises Damaged when that has happened too often: each time costs reading them twice."""
        self._pushed += 1
        if self._pushed > MOST_PUSHED_BACK:
            self.damage = Damaged("too many of its records have a wrong length")
            raise self.damage
        self._buffer, self._at = data + self._buffer[self._at :], 0

    def skip(self, count: int) -> bool:
        """Pass over so many bytes; False when that is too far or there are not so many. Raises Damaged."""
        if self._inflater is None:
            beyond = self._next + count - self._left
            if beyond > self._file.seek(0, 2):
                return False
            self._take(count)
            self._next = max(self._next, beyond)
            return True
        if count > FAR:
            return False
        count -= len(self._take(count))
        while count and self._fill():
            count -= len(self._take(count))
        return not count

    def find(self, needle: bytes) -> bool:
        """Pass over everything before the next ``needle``; False when there is none near enough. Raises Damaged."""
        passed = 0
        while (found := self._buffer.find(needle, self._at)) < 0:
            passed += len(self._take(max(0, self._left - len(needle) + 1)))
            if (self._inflater is not None and passed > FAR) or not self._fill():
                return False
        self._at = found
        return True

    @property
    def _left(self) -> int:
        return len(self._buffer) - self._at

    def _take(self, count: int) -> bytes:
        taken = self._buffer[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def _add(self, data: bytes) -> None:
        self._buffer, self._at = self._buffer[self._at :] + data, 0

    def _fill(self) -> bool:
        """Add some bytes to the buffer; False at the end. Raises Damaged, and then always."""
        filled = self._filled()
        if self.damage is not None:
            raise self.damage
        return filled

    def _filled(self) -> bool:
        if self.damage is not None:
            return False
        if self._inflater is None:
            data = self._raw()
            self._add(data)
            return bool(data)
        while not self._inflater.eof:
            data = self._inflater.unconsumed_tail or self._raw()
            if not data:
                self.damage = Damaged(CUT_OFF)
                return False
            try:
                inflated = self._inflater.decompress(data, CHUNK)
            except zlib.error as error:
                self.damage = Damaged(f"its compression is damaged ({error})")
                return False
            if inflated:
                self._add(inflated)
                return True
        return False

    def _raw(self) -> bytes:
        self._file.seek(self._next)
        data = self._file.read(CHUNK)
        self._next += len(data)
        return data


def members(file: BinaryIO) -> Iterator[Member]:
    """The members of a gzip file, or the whole of a plain one. Whoever reads one need not read it to its end."""
    if file.read(2) != MAGIC[:2]:
        yield Member(file, 0, compressed=False)
        return
    offset: int | None = 0
    while offset is not None:
        member = Member(file, offset, compressed=True)
        yield member
        offset = _after(file, member)


def _after(file: BinaryIO, member: Member) -> int | None:
    """Where the next member begins: right behind this one, else where one is found that holds a record."""
    if member.end is None:
        return next_member(file, member.offset + len(MAGIC))
    file.seek(member.end)
    follows = file.read(len(MAGIC))
    if not follows:
        return None
    return member.end if follows == MAGIC else next_member(file, member.end)


def next_member(file: BinaryIO, start: int) -> int | None:
    """The first place from ``start`` on at which a gzip member with a WARC record begins; None when there is none."""
    candidates = 0
    file.seek(start)
    base, data = start, file.read(CHUNK)
    while data:
        found = data.find(MAGIC)
        while found >= 0:
            candidates += 1
            if candidates > MOST_CANDIDATES:
                return None
            if _begins_record(file, base + found, data[found : found + 512]):
                return base + found
            found = data.find(MAGIC, found + 1)
        file.seek(base + len(data))
        more = file.read(CHUNK)
        base, data = base + len(data) - 2, data[-2:] + more
        if not more:
            return None
    return None


def _begins_record(file: BinaryIO, offset: int, data: bytes) -> bool:
    if len(data) < 512:
        file.seek(offset)
        data = file.read(512)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, len(RECORD)) == RECORD
    except zlib.error:
        return False
