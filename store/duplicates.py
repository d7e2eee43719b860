"""Reprints: the same text at another address.

A text is a set of shingles (runs of folded words); MinHash makes of it a short signature that agrees with another's in
as many places as the sets overlap (Broder, "On the resemblance and containment of documents", 1997). Bands of the
signature stand in an indexed table, so that texts that share one are found without looking at the others; what is found
is then compared word by word. Folding makes ``Việt Nam`` and ``Vietnam`` one, and a text without accents equal to one with.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import Match, SequenceMatcher
from itertools import pairwise

import regex
from sqlite_utils import Database

from store.stories.dates import MONTH_OF, WEEKDAYS_EN
from store.stories.fold import Token, alike, tokens, words

SHINGLE = 4
"""Words in a shingle: the same formulas fill unrelated reports, the same four words in a row far less often."""
BANDS, ROWS = 42, 3
"""A shortened copy with a promotional tail overlaps by about 0.45 of the union; 42 bands of 3 then meet with
probability 1 - (1 - 0.45 ** 3) ** 42 = 0.98, two unrelated reports (0.02) with 0.0003."""
_MASK = (1 << 64) - 1
_RANDOM = random.Random(20240607)  # noqa: S311 (fixed on purpose: stored signatures must mean the same for ever)
_FACTORS = tuple(_RANDOM.getrandbits(64) | 1 for _ in range(BANDS * ROWS))

COPIED = 0.5
"""Least share of the shorter text's words that stand in long runs in the other: half, since a promotional tail may be as
long as what a cut left; measured by tests/stories/test_reprints.py."""
REWRITTEN = 0.15
"""Most of the shorter text's words that may stand otherwise between long runs: a copy leaves out and puts in, a report
written anew keeps a quotation here and there."""
RUN = 8
"""Words in a row that are no accident even in formulaic prose."""
LONGEST_CHANGE = 6
"""Words of a replacement that still counts as a fact put in the place of another; longer ones are another sentence."""
SAME_NAME = 0.6
"""Letters that agree this far are two spellings of one name (Vientiane and Viêng Chăn: 0.67; Hà Tĩnh and Hà Tây: 0.55)."""
LATE_DAYS = 60
"""A text that appears again so much later is the same one only when it is whole and nothing in it differs."""
WHOLE = 0.95
"""Share of the longer text that such a late copy repeats."""

LONGEST = 2_000
"""Words of a text that are looked at. Longer ones are speeches, told apart by their first pages; comparing takes time that
grows with the square."""
TABLE = "text_bands"
CALENDARS = tuple({words(name)[0]: number for name, number in names.items()} for names in (MONTH_OF, WEEKDAYS_EN))
CALENDAR = frozenset().union(*CALENDARS)
"""Capitals that are no names, as tokens have them."""
DIGITS = regex.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared: headline apart, since a reprint may have another; ``day`` of publication when known."""

    id: str
    text: str
    lang: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Words that stand in the same place of two texts and differ: a number, or a ``name``."""

    here: str
    there: str
    name: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts with long runs in common. ``share`` of the shorter one's words is in the longer one; ``changed`` are facts
    that differ; ``copy`` is false when those make it another occasion told in the same words."""

    share: float
    changed: tuple[Change, ...]
    copy: bool


def shingles(text: str) -> list[int]:
    """The hashes of the text's shingles, each once; a text shorter than one shingle has a single one."""
    found = [token.word.encode() for token in _beginning(text)]
    runs = {b" ".join(found[at : at + SHINGLE]) for at in range(max(1, len(found) - SHINGLE + 1))}
    return [int.from_bytes(hashlib.blake2b(run, digest_size=8).digest()) for run in runs]


def _beginning(text: str) -> list[Token]:
    return tokens(text[: LONGEST * 12])[:LONGEST]


def band_keys(text: str) -> tuple[int, ...]:
    """The text's bands as signed 64-bit integers, one a band; equal keys mean an equal band."""
    hashes = shingles(text)
    lows = [min([value * factor & _MASK for value in hashes]) for factor in _FACTORS]
    return tuple(_key(band, lows[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))


def _key(band: int, rows: list[int]) -> int:
    digest = hashlib.blake2b(repr((band, rows)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def create_tables(db: Database) -> None:
    """The table of bands: clustered by key, so that one lookup touches one leaf a band."""
    db.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} "
        "(key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article)) WITHOUT ROWID"
    )


def remember(db: Database, article: int, keys: Iterable[int]) -> None:
    """Stores an article's bands. Storing them again changes nothing."""
    db.conn.executemany(f"INSERT OR IGNORE INTO {TABLE} (key, article) VALUES (?, ?)", ((key, article) for key in keys))  # noqa: S608


def forget(db: Database, article: int, keys: Iterable[int]) -> None:
    """Takes an article's bands out again, as when its text was extracted anew."""
    db.conn.executemany(f"DELETE FROM {TABLE} WHERE key = ? AND article = ?", ((key, article) for key in keys))  # noqa: S608


def candidates(db: Database, keys: Iterable[int], limit: int = 20) -> list[int]:
    """Articles that share a band, those that share most first, at most ``limit``."""
    wanted = tuple(keys)
    marks = ",".join("?" * len(wanted))
    query = f"SELECT article FROM {TABLE} WHERE key IN ({marks}) GROUP BY article ORDER BY count(*) DESC, article LIMIT ?"  # noqa: S608
    return [row[0] for row in db.conn.execute(query, (*wanted, limit))]


def compare(one: Text, other: Text) -> Likeness | None:
    """Whether the two are one text; None when they have too little in common to ask. Symmetric but for the order of what
    changed. A changed number, date or name inside otherwise repeated prose makes another occasion, not a reprint."""
    if one.lang and other.lang and one.lang != other.lang:
        return None
    mine, theirs = _beginning(one.text), _beginning(other.text)
    matcher = SequenceMatcher(None, [token.word for token in mine], [token.word for token in theirs], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= RUN]
    repeated = sum(block.size for block in blocks)
    if not blocks or repeated < COPIED * min(len(mine), len(theirs)) or not _begins_early(blocks, mine, theirs):
        return None
    if _rewritten(blocks) > REWRITTEN * min(len(mine), len(theirs)):
        return None
    changed = tuple(_changes(matcher, blocks, mine, theirs))
    late = _days_apart(one, other) > LATE_DAYS and repeated < WHOLE * max(len(mine), len(theirs))
    return Likeness(repeated / min(len(mine), len(theirs)), changed, not late and _is_slip(changed, one, other))


def _changes(
    matcher: SequenceMatcher[str], blocks: Sequence[Match], mine: list[Token], theirs: list[Token]
) -> Iterator[Change]:
    """Facts that stand in the same place of both and differ: short replacements between repeated words, and a name left
    out while another came in. What follows the last long run is credit or promotion."""
    start = matcher.get_matching_blocks()[0].a
    end = blocks[-1].a + blocks[-1].size
    left_out: list[Token] = []
    came_in: list[Token] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal" or i1 < start or i2 > end or max(i2 - i1, j2 - j1) > LONGEST_CHANGE:
            continue
        if tag != "replace":
            left_out += mine[i1:i2]
            came_in += theirs[j1:j2]
        elif change := _change(mine[i1:i2], theirs[j1:j2]):
            yield change
    swapped = _change(left_out, came_in)
    if swapped and swapped.name:
        yield swapped


def _change(here: Sequence[Token], there: Sequence[Token]) -> Change | None:
    numbers = [{token.word for token in side if token.word[-1].isdigit()} for side in (here, there)]
    names = ["".join(token.word for token in side if token.capital and token.word not in CALENDAR) for side in (here, there)]
    renamed = all(names) and alike(*names) < SAME_NAME
    counted_anew = all(numbers) and not numbers[0] & numbers[1] and _digits(here) != _digits(there)
    if not renamed and not counted_anew and not _another_day(here, there):
        return None
    before, after = (" ".join(token.word for token in side) for side in (here, there))
    return Change(before, after, renamed)


def _digits(side: Sequence[Token]) -> list[str]:
    """The groups of digits, so that ``5.3`` and ``5/3`` are one date."""
    return [digits for token in side for digits in DIGITS.findall(token.word)]


def _another_day(here: Sequence[Token], there: Sequence[Token]) -> bool:
    """Whether both name a month, or both a weekday, and not the same: ``Thursday`` for ``June 2`` is house style."""
    for names in CALENDARS:
        mine, theirs = (
            {names[token.word] for token in side if token.capital and token.word in names} for side in (here, there)
        )
        if mine and theirs and not mine & theirs:
            return True
    return False


def _rewritten(blocks: Sequence[Match]) -> int:
    """Words between long runs for which the other text has others there: neither left out nor put in."""
    gaps = [(b.a - a.a - a.size, b.b - a.b - a.size) for a, b in pairwise(blocks)]
    return sum(min(gap) for gap in gaps)


def _begins_early(blocks: Sequence[Match], mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether what is repeated starts in the first quarter of either text; else only a disclaimer or a promotional tail is."""
    return min(blocks[0].a / len(mine), blocks[0].b / len(theirs)) < 0.25


def _days_apart(one: Text, other: Text) -> int:
    """Days between two publications, 0 when either is unknown."""
    return abs((one.day - other.day).days) if one.day and other.day else 0


def _is_slip(changes: Sequence[Change], one: Text, other: Text) -> bool:
    """Whether what differs is at most one number that was put right within two days."""
    near = bool(one.day and other.day and abs((one.day - other.day).days) <= 2)
    return not changes or (near and len(changes) == 1 and not changes[0].name)


def originals(texts: Sequence[Text], same: Mapping[tuple[int, int], Likeness | None]) -> dict[str, str]:
    """For each copy the id of the first text of its group. ``texts`` are in the order in which they became known; ``same``
    has the outcome of :func:`compare` for each pair of positions that was compared (lower first).

    Pairs are joined nearest day first, and never into a group that holds a text known to be another occasion."""
    group = list(range(len(texts)))
    members = {number: [number] for number in group}
    others = {pair for pair, found in same.items() if found and not found.copy}
    copies = [(_days_apart(texts[a], texts[b]), -found.share, a, b) for (a, b), found in same.items() if found and found.copy]
    for _, _, one, other in sorted(copies):
        a, b = group[one], group[other]
        if a != b and not any((min(x, y), max(x, y)) in others for x in members[a] for y in members[b]):
            for number in members.pop(b):
                group[number] = a
                members[a].append(number)
    return dict(_to_first(texts, list(members.values())))


def _to_first(texts: Sequence[Text], groups: list[list[int]]) -> Iterator[tuple[str, str]]:
    for numbers in groups:
        first = min(numbers, key=lambda number: (texts[number].day or date.max, number))
        yield from ((texts[number].id, texts[first].id) for number in numbers if number != first)


class Reprints:
    """Texts in the order in which they become known, and which of them repeat which. The bands live in ``db``."""

    def __init__(self, db: Database) -> None:
        create_tables(db)
        self._db = db
        self._texts: list[Text] = []
        self._same: dict[tuple[int, int], Likeness | None] = {}

    def add(self, text: Text) -> None:
        """Takes a text in and compares it with those that share a band."""
        number, keys = len(self._texts), band_keys(text.text)
        for other in candidates(self._db, keys):
            self._same[other, number] = compare(self._texts[other], text)
        remember(self._db, number, keys)
        self._texts.append(text)

    def originals(self) -> dict[str, str]:
        """For each copy the id of the text it repeats."""
        return originals(self._texts, self._same)
