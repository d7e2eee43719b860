"""Whether an article that was read again says something else, and what. Pure.

Headline and text are compared, sentence by sentence, as readers read them: without case, white space, punctuation, typographic
signs, and whichever way tones are placed or syllables are joined ("Viet Nam", "Vietnam"; "5.3", "5/3"). What then differs:

- Sentences of running text count, down to a single word, name or figure; their order does not, as boxes wander.
- Lines that are no sentences (link lists, subheadings, captions, counters) count only where a line much like them stood
  before, and something other than a counter, date or time of day changed in them. After the last sentence they never count:
  there stand other stories' headlines, tags and counters.

Two headlines or texts of which one is missing are no change: extraction may fail, and says so elsewhere.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import regex

from extract.text import sentences, tones
from store.exact import folded
from store.revisions.worddiff import Piece, key, word_diff, words
from store.wording import counted

# A line of so many words or characters is running text, whatever it ends with. Of 487 headlines (the labelled texts and pages)
# the longest has 23 words and 145 characters. Characters count for Lao, which has neither blanks nor, mostly, full stops.
PROSE_WORDS = 35
PROSE_CHARACTERS = 240
# Share of words (Dice) from which two sentences are one sentence edited, and two lines one line edited: lines are short, and
# headlines on one topic share half of their words.
LIKE_SENTENCE = 0.5
LIKE_LINE = 0.7
# Pairs of sentences that are compared at most, 0.5 s; a longer rewrite is told as sentences that went and others that came.
MOST_COMPARED = 40_000

_END = regex.compile(r"[.!?…。][\"'”’»)\]\s]*$")
_SILENT = regex.compile(r"[^\p{L}\p{M}\p{N}%‰°$€£₫]+")
_COUNTER = regex.compile(
    r"\b\d[\d.,]*\s*[km]?\s*(?:lượt (?:xem|đọc|thích|chia sẻ)|bình luận|chia sẻ|thích|ý kiến"
    r"|views?|reads?|comments?|shares?|likes?)\b"
    r"|\b(?:lượt (?:xem|đọc|thích|chia sẻ)|bình luận|chia sẻ|thích|ý kiến|views?|reads?|comments?|shares?|likes?)"
    r"\s*[:(]?\s*\d[\d.,]*\s*[km]?\b"
)
_TIME = regex.compile(
    r"\b\d+ (?:giây|phút|giờ|ngày|tuần|tháng|năm) trước\b|\b(?:an?|\d+) (?:second|minute|min|hour|day|week|month|year)s? ago\b"
    r"|\b\d{1,2}[:h]\d{2}(?::\d{2})?\b|\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?\b"
    r"|\b(?:hôm nay|hôm qua|today|yesterday)\b"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article says: its headline, and its text one block a line."""

    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence before and after; empty where there was, or is, none."""

    old: str
    new: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return word_diff(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two wordings of an article. ``headline`` is None where that stayed; ``edits`` are in the order of
    the new text, what is left out first. ``numbers``, ``names`` and ``words`` count what changed within sentences."""

    headline: Edit | None
    edits: tuple[Edit, ...]
    numbers: int = 0
    names: int = 0
    words: int = 0

    @property
    def added(self) -> int:
        return sum(not edit.old for edit in self.edits)

    @property
    def removed(self) -> int:
        return sum(not edit.new for edit in self.edits)

    def __str__(self) -> str:
        """``the headline, 1 number and 2 words changed; 1 sentence added``."""
        told = [(self.numbers, "number"), (self.names, "name"), (self.words, "word")]
        changed = ["the headline"] if self.headline else []
        changed += [counted(number, what) for number, what in told if number]
        parts = [f"{_listed(changed)} changed"] if changed else []
        parts += [
            f"{counted(number, 'sentence')} {how}"
            for number, how in ((self.added, "added"), (self.removed, "removed"))
            if number
        ]
        return "; ".join(parts) or "sentences were put differently"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or line, with what it is compared by: all of it, and without what may change in a line that is no sentence
    (empty where nothing else is left, or where it stands after the last sentence)."""

    text: str
    key: str
    bare: str
    is_prose: bool


def change(old: Wording, new: Wording) -> Change | None:
    """What changed from one wording to the other; None when nothing did that counts."""
    headline = _headline(old.title, new.title)
    edits = _edits(_units(old.text), _units(new.text)) if old.text and new.text else ()
    if headline is None and not edits:
        return None
    numbers, names, others = _counted(edit for edit in edits if edit.old and edit.new)
    return Change(headline, tuple(edits), numbers, names, others)


def _headline(old: str | None, new: str | None) -> Edit | None:
    if not old or not new or _key(old) == _key(new):
        return None
    return Edit(old, new)


def _key(text: str) -> str:
    """Letters, figures and signs that mean something; blanks only between two figures."""
    parts = [part for part in _SILENT.split(tones(folded(text))) if part]
    joined = ""
    for part in parts:
        joined += f" {part}" if joined[-1:].isdigit() and part[0].isdigit() else part
    return joined


def _units(text: str) -> list[_Unit]:
    found = [_unit(sentence) for sentence in sentences(text)]
    last = max((place for place, unit in enumerate(found) if unit.is_prose), default=len(found) - 1)
    return [*found[: last + 1], *(replace(unit, bare="") for unit in found[last + 1 :])]


def _unit(text: str) -> _Unit:
    is_prose = bool(_END.search(text)) or len(text) >= PROSE_CHARACTERS or len(text.split()) >= PROSE_WORDS
    plain = folded(text)
    rest = _COUNTER.sub(" ", plain)
    if len(rest.strip()) < len(plain) / 2:
        is_prose = False  # "1.204 lượt xem." ends like a sentence
    whole = _key(text)
    return _Unit(text, whole, whole if is_prose else _key(_TIME.sub(" ", rest)), is_prose)


def _edits(old: list[_Unit], new: list[_Unit]) -> tuple[Edit, ...]:
    gone, come = _without(old, new, _whole), _without(new, old, _whole)
    gone, come = [unit for unit in gone if unit.bare], [unit for unit in come if unit.bare]
    gone, come = _without(gone, come, _bare), _without(come, gone, _bare)
    if "".join(map(_bare, gone)) == "".join(map(_bare, come)):
        return ()  # the same words, cut into sentences otherwise
    pairs = _paired(gone, come)
    left = [Edit(unit.text, "") for place, unit in enumerate(gone) if place not in pairs.values() and unit.is_prose]
    there = [
        Edit(gone[pairs[place]].text if place in pairs else "", unit.text)
        for place, unit in enumerate(come)
        if place in pairs or unit.is_prose
    ]
    return (*left, *there)


def _whole(unit: _Unit) -> str:
    return unit.key


def _bare(unit: _Unit) -> str:
    return unit.bare


def _without(units: list[_Unit], others: list[_Unit], said: Callable[[_Unit], str]) -> list[_Unit]:
    """Those that the others do not have, or have fewer times."""
    there = Counter(map(said, others))
    left = []
    for unit in units:
        there[said(unit)] -= 1
        if there[said(unit)] < 0:
            left.append(unit)
    return left


def _paired(gone: list[_Unit], come: list[_Unit]) -> dict[int, int]:
    """Which new sentence is which old one edited, by their places; the most alike first."""
    if len(gone) * len(come) > MOST_COMPARED:
        return {}
    bags = [Counter(map(key, words(unit.text))) for unit in gone], [Counter(map(key, words(unit.text))) for unit in come]
    alike = (
        (_dice(bags[0][i], bags[1][j]), -abs(i - j), -j, i, j)
        for i, one in enumerate(gone)
        for j, two in enumerate(come)
        if one.is_prose == two.is_prose
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for likeness, _, _, i, j in sorted(alike, reverse=True):
        if likeness >= (LIKE_SENTENCE if come[j].is_prose else LIKE_LINE) and i not in taken and j not in pairs:
            pairs[j] = i
            taken.add(i)
    return pairs


def _dice(one: Counter[str], two: Counter[str]) -> float:
    return 2 * (one & two).total() / ((one.total() + two.total()) or 1)


def _counted(edits: Iterable[Edit]) -> tuple[int, int, int]:
    """Numbers, names and other words that differ: a replacement counts once, by the side that has more of a kind."""
    totals = [0, 0, 0]
    for edit in edits:
        before: list[int] = [0, 0, 0]
        begins = True
        for piece in (*edit.pieces, Piece("same", "")):
            kinds = _kinds(piece.text, begins)
            begins = begins and piece.op == "del"
            if piece.op == "same":
                before = [0, 0, 0]
            elif piece.op == "del":
                before = kinds
                totals = [total + more for total, more in zip(totals, kinds, strict=True)]
            else:
                totals = [total + max(0, more - had) for total, more, had in zip(totals, kinds, before, strict=True)]
    return totals[0], totals[1], totals[2]


def _kinds(text: str, begins: bool) -> list[int]:
    """How many numbers, names and other words there are. The first word of a sentence has its capital from that."""
    kinds = [0, 0, 0]
    for place, word in enumerate(word for word in words(text) if key(word)):
        if any(c.isdigit() for c in word):
            kinds[0] += 1
        elif word[0].isupper() and not (begins and place == 0):
            kinds[1] += 1
        else:
            kinds[2] += 1
    return kinds


def _listed(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
