"""What changed between two pieces of text, word by word. Pure; the same for a digest, a terminal and a page.

Words are compared without case, typography and the two spellings of Vietnamese tones, so that only what reads differently is
marked. Matching is :mod:`difflib` over words, after the Ratcliff-Obershelp pattern; its time grows with the product of the two
lengths, so what is longer than :data:`MOST_PAIRS` allows once the common ends are off counts as replaced as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import regex

from extract.text import tones
from store.exact import folded

Op = Literal["same", "del", "ins"]

# Word pairs that are compared at most; 500 by 500 words take 0.02 s at worst, and one sentence seldom has more than 100.
MOST_PAIRS = 250_000
# Two texts that share less are told as one replacing the other: matching "the" with "the" explains nothing.
LIKE = 0.3
# Words of unchanged text shown around a change, and of a deletion or insertion, where a short form is wanted.
CONTEXT = 6
LONGEST = 30
MOST_CHARACTERS = 400  # of one run in the short form; Lao writes whole clauses without a blank

_TOKEN = regex.compile(r"(?:[\p{L}\p{M}\p{N}]+(?:[.,:/'’-][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}])\s*")
_MARKS = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed (``same``), went (``del``) or came (``ins``), with the blanks behind it."""

    op: Op
    text: str


def words(text: str) -> list[str]:
    """Words, numbers and marks of a text, each with the blanks behind it."""
    return regex.findall(_TOKEN, text)  # type: ignore[no-any-return]


def key(word: str) -> str:
    """What a word is compared by; empty for a mark of punctuation."""
    return tones(folded(word)).strip("'\"-.,:;!?()[]…« »")


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The way from one text to the other. Where both say the same, the new one's letters stand."""
    before, after = words(old), words(new)
    return tuple(_merged(_tidied(_pieces(before, after, _steps(before, after)))))


def _steps(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Opcodes as difflib gives them, over the whole of both."""
    one, two = [key(word) for word in before], [key(word) for word in after]
    start = _common(one, two)
    end = _common(one[start:][::-1], two[start:][::-1])
    middle = one[start : len(one) - end], two[start : len(two) - end]
    steps = [("equal", 0, start, 0, start)] if start else []
    for tag, i, j, k, m in _matched(*middle, known=start + end):
        steps.append((tag, i + start, j + start, k + start, m + start))
    if end:
        steps.append(("equal", len(one) - end, len(one), len(two) - end, len(two)))
    return steps


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """How many items two sequences begin with alike."""
    return next(
        (place for place, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), min(len(one), len(two))
    )


def _matched(one: list[str], two: list[str], known: int) -> list[tuple[str, int, int, int, int]]:
    if not one and not two:
        return []
    whole = [("replace", 0, len(one), 0, len(two))]
    if not one or not two or len(one) * len(two) > MOST_PAIRS:
        return whole
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    alike = 2 * (known + sum(block.size for block in matcher.get_matching_blocks())) / (2 * known + len(one) + len(two))
    return list(matcher.get_opcodes()) if alike >= LIKE else whole


def _pieces(before: list[str], after: list[str], steps: list[tuple[str, int, int, int, int]]) -> list[tuple[Op, list[str]]]:
    found: list[tuple[Op, list[str]]] = []
    for tag, i, j, k, m in steps:
        if tag == "equal":
            # where one of the two ends, the other still has the blank between this word and the next
            found.append(("same", [max(pair, key=_blanks) for pair in zip(after[k:m], before[i:j], strict=True)]))
        else:  # a comma more or less is no change: the new text's stands
            found.append(("del", before[i:j] if any(map(key, before[i:j])) else []))
            found.append(("ins" if any(map(key, after[k:m])) else "same", after[k:m]))
    return [(op, run) for op, run in found if run]


def _blanks(word: str) -> bool:
    return word[-1:].isspace()


def _tidied(pieces: list[tuple[Op, list[str]]]) -> list[tuple[Op, list[str]]]:
    """A single short word that stayed between two changes is told with them; it would only break the sentence up."""
    tidy: list[tuple[Op, list[str]]] = []
    for place, (op, run) in enumerate(pieces):
        inner = 0 < place < len(pieces) - 1
        if op == "same" and inner and len(run) == 1 and len(run[0].strip()) <= 3 and not any(c.isdigit() for c in run[0]):
            tidy += [("del", run), ("ins", run)]
        else:
            tidy.append((op, run))
    return tidy


def _merged(pieces: list[tuple[Op, list[str]]]) -> Iterable[Piece]:
    """Neighbours of one kind as one piece, deletions before insertions."""
    gone: list[str] = []
    come: list[str] = []
    for op, run in [*pieces, ("same", [])]:
        if op == "del":
            gone += run
        elif op == "ins":
            come += run
        else:
            if gone:
                behind = " " if come and not _blanks(gone[-1]) else ""
                yield Piece("del", "".join(gone) + behind)
            if come:
                yield Piece("ins", "".join(come))
            gone, come = [], []
            if run:
                yield Piece("same", "".join(run))


def shortened(pieces: Sequence[Piece], context: int = CONTEXT, longest: int = LONGEST) -> tuple[Piece, ...]:
    """The changes with a few words around each; what is left out is an ellipsis."""
    last = len(pieces) - 1
    return tuple(
        Piece(one.op, _clipped(one.text, 0 if place == 0 else context, 0 if place == last else context))
        if one.op == "same"
        else Piece(one.op, _clipped(one.text, longest - longest // 3, longest // 3))
        for place, one in enumerate(pieces)
    )


def _clipped(text: str, head: int, tail: int) -> str:
    """The first and last words of a text; all of it where that leaves out next to nothing."""
    found = words(text)
    if len(found) > head + tail + 2:
        rest = found[len(found) - tail :]
        while rest and not key(rest[0]):  # no comma or bracket right behind the ellipsis
            del rest[0]
        text = "".join((*found[:head], "… ", *rest))
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS * 2 // 3]}… {text[-MOST_CHARACTERS // 3 :]}"


def marked(pieces: Iterable[Piece]) -> str:
    """The pieces as plain text, ``[-what went-]`` and ``{+what came+}``."""
    return "".join(_MARKS[one.op].format(one.text.rstrip()) + (" " if _blanks(one.text) else "") for one in pieces).strip()
