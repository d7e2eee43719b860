"""The records of any WARC file, compressed or not, whole or damaged (ISO 28500).

warcio reads well-formed files; this reader stands in front of it for files of strangers. It never raises for what a file holds,
never holds more of it than one record of bounded size, and goes on behind whatever is wrong: each fault is a record of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeadersParser

from store.batch.members import RECORD, Damaged, Member, members

# A crawl takes pages of up to 16 MiB (DOWNLOAD_MAXSIZE); the record holds the answer's headers too.
LARGEST_BLOCK = 16 * 2**20 + 2**17
LARGEST_HEAD = 2**16
LINE = 100
VERSION = re.compile(rb"WARC/\d\.\d+\s*\Z")
LENGTH = re.compile(r"\d{1,15}")
BETWEEN = b"\r\n\r\n"
BLANK_LINES = 100

_parser = StatusAndHeadersParser(["WARC/"])


@dataclass(frozen=True, slots=True)
class Record:
    """One record, or a place where one should be. ``number`` counts from 1, ``offset`` is where its gzip member begins (if
    it is one), ``headers`` have lower-case names. ``fault`` says what is wrong, and is empty for a whole one."""

    number: int
    offset: int
    headers: dict[str, str]
    block: bytes = b""
    fault: str = ""

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "").strip().lower()

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">")


def records(path: Path) -> Iterator[Record]:
    """All records of a file in its order. Raises OSError when the file cannot be read."""
    number = 0
    with path.open("rb") as file:
        for member in members(file):
            for headers, block, fault in _of_member(member):
                number += 1
                yield Record(number, member.offset, headers, block, fault)


Parts = tuple[dict[str, str], bytes, str]


def _of_member(member: Member) -> Iterator[Parts]:
    told = False
    try:
        while _more(member):
            told = False
            parts = _record(member)
            told = bool(parts[2])
            yield parts
            if told and not _at_next(member):
                return
    except Damaged as damage:
        if not told:
            yield {}, b"", str(damage)


def _more(member: Member) -> bool:
    """Pass over the blank lines between records; False at the end."""
    for _ in range(BLANK_LINES):
        if member.peek(1) not in (b"\r", b"\n"):
            break
        member.readline(LARGEST_HEAD)
    return bool(member.peek(1))


def _at_next(member: Member) -> bool:
    """Go on to where the next record seems to begin."""
    if not member.find(b"\n" + RECORD):
        return False
    member.read(1)
    return True


def _record(member: Member) -> Parts:
    """A record's headers and block, or what is wrong with it; headers that could be read are there even so."""
    if not VERSION.match(member.readline(LINE) if member.peek(len(RECORD)) == RECORD else b""):
        return {}, b"", "no WARC record begins here"
    headers = _headers(member)
    if headers is None:
        return {}, b"", "its headers have no end"
    stated = headers.get("content-length", "").strip()
    if not LENGTH.fullmatch(stated):
        return headers, b"", f"it states no usable length ({stated[:40]!r})"
    length = int(stated)
    if length > LARGEST_BLOCK:
        return headers, b"", _passed_over(member, length)
    block = member.read(length)
    return headers, *_checked(member, block, length)


def _headers(member: Member) -> dict[str, str] | None:
    lines, size = [b"WARC/1.1\r\n"], 0
    while (line := member.readline(LARGEST_HEAD)).strip():
        lines.append(line)
        size += len(line)
        if size > LARGEST_HEAD:
            return None
    if not line:
        return None
    parsed = _parser.parse(BytesIO(b"".join(lines)))
    return {name.lower(): value for name, value in reversed(parsed.headers)}


def _passed_over(member: Member, length: int) -> str:
    if not member.skip(length):
        return f"it is said to have {length:,} bytes, and they are not there or too many"
    return f"it has {length:,} bytes, more than the {LARGEST_BLOCK:,} that are taken"


def _checked(member: Member, block: bytes, length: int) -> tuple[bytes, str]:
    """The block, or why it cannot be what its record says: a length that is wrong cuts a page off, or takes in the next."""
    follows = member.peek(len(BETWEEN + RECORD)) if member.damage is None else b""
    if len(block) == length and not follows[: len(BETWEEN)].strip(b"\r\n"):
        return block, ""
    swallowed = (block + follows).find(BETWEEN + RECORD, 0, len(block) + len(follows) - 1)
    if swallowed >= 0:
        member.push_back(block[swallowed:])
        return b"", f"its length is wrong: another record begins after {swallowed:,} of its {length:,} bytes"
    if len(block) < length:
        why = f" ({member.damage})" if member.damage else ""
        return b"", f"it is cut off: {len(block):,} of its {length:,} bytes are there{why}"
    return b"", f"its length is wrong: it goes on behind its {length:,} bytes"
