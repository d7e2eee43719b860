"""The part of a text that shows why it was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from extract.text import clean
from store.search.query import Words
from store.search.words import WORD, accented, folded, has_accents

LENGTH = 200  # characters, some three lines of a terminal
BEFORE = 60  # of them before the first match


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of text and the places in it that match, as (start, end) offsets in characters."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it matches."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [(text, marked) for text, marked in [*found, (self.text[at:], False)] if text]


def marked(text: str, looked_for: Sequence[Words]) -> Marked:
    """A text, on one line, with everything that matches; where some of it has the accents that were typed, only that."""
    text = clean(text)
    spans = [match.span() for match in WORD.finditer(text)]
    words = [text[start:end] for start, end in spans]
    marks: set[tuple[int, int]] = set()
    for one in looked_for:
        places = _places(words, one, as_typed=True) or _places(words, one, as_typed=False)
        marks |= {(spans[at][0], spans[at + len(one.words) - 1][1]) for at in places}
    return Marked(text, _apart(sorted(marks)))


def _places(words: list[str], wanted: Words, *, as_typed: bool) -> list[int]:
    """Where the wanted words begin, as numbers of words."""
    accents = as_typed and any(map(has_accents, wanted.words))
    spell = accented if accents else folded
    typed = [spell(word) for word in wanted.words]
    *whole, last = typed
    spelled = [spell(word) for word in words]
    ends = [spelled[n].startswith(last) if wanted.prefix else spelled[n] == last for n in range(len(spelled))]
    size = len(whole)
    return [n - size for n in range(size, len(ends)) if ends[n] and spelled[n - size : n] == whole]


def _apart(marks: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in marks:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def snippet(text: str, looked_for: Sequence[Words]) -> Marked:
    """The stretch of a text with the most different matches, cut at words; its beginning where nothing matches."""
    whole = marked(text, looked_for)
    start = _best_start(whole)
    end = min(len(whole.text), start + LENGTH)
    if end < len(whole.text):
        end = max(whole.text.rfind(" ", start, end), _last_end(whole, start, end), start + LENGTH // 2)
    before, after = "… " if start else "", " …" if end < len(whole.text) else ""
    moved = len(before) - start
    marks = tuple((one + moved, min(other, end) + moved) for one, other in whole.marks if one >= start and one < end)
    return Marked(f"{before}{whole.text[start:end]}{after}", marks)


def _last_end(whole: Marked, start: int, end: int) -> int:
    return max((other for one, other in whole.marks if start <= one and other <= end), default=start)


def _best_start(whole: Marked) -> int:
    """Where to begin so that the most different words are shown; the first such place of a few."""
    best, most = 0, 0
    for first, _ in whole.marks:
        inside = {
            folded(whole.text[one:other]) for one, other in whole.marks if first <= one and other <= first + LENGTH - BEFORE
        }
        if len(inside) > most:
            best, most = first, len(inside)
    if best <= BEFORE:
        return 0
    return whole.text.rfind(" ", 0, best - BEFORE // 2) + 1
