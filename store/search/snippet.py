"""The part of a text that shows why it was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extract.text import clean
from store.search.query import Words
from store.search.words import WORD, accented, folded, has_accents

LENGTH = 200  # characters, some three lines of a terminal
BEFORE = 60  # of them before the first match, at most

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of text and the places in it that match, as (start, end) offsets in characters, in order and apart."""

    text: str
    marks: tuple[Span, ...] = ()

    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it matches."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [(text, marked) for text, marked in [*found, (self.text[at:], False)] if text]


def marked(text: str, looked_for: Sequence[Words]) -> Marked:
    """A text, on one line, with everything in it that matches."""
    text = clean(text)
    return Marked(text, _apart([span for span, _ in _matches(text, looked_for)]))


def snippet(text: str, looked_for: Sequence[Words]) -> Marked:
    """The stretch of a text with the most different matches, cut at words; its beginning where nothing matches."""
    text = clean(text)
    matches = _matches(text, looked_for)
    start = _start(text, matches)
    end = _end(text, start, matches)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    moved = len(before) - start
    inside = [(one + moved, min(other, end) + moved) for (one, other), _ in matches if start <= one < end]
    return Marked(f"{before}{text[start:end]}{after}", _apart(inside))


def _matches(text: str, looked_for: Sequence[Words]) -> list[tuple[Span, int]]:
    """Every place that matches, in order, with the number of what was looked for. Where some of the places have the accents
    that were typed, only those count."""
    spans = [match.span() for match in WORD.finditer(text)]
    words = [text[start:end] for start, end in spans]
    plain = [folded(word) for word in words]
    found: list[tuple[Span, int]] = []
    for number, one in enumerate(looked_for):
        places = _places(plain, [folded(word) for word in one.words], one.prefix)
        if places and any(map(has_accents, one.words)):
            places = [at for at in places if _as_typed(words[at : at + len(one.words)], one)] or places
        found += [((spans[at][0], spans[at + len(one.words) - 1][1]), number) for at in places]
    return sorted(found)


def _places(spelled: list[str], wanted: list[str], prefix: bool) -> list[int]:
    """Where the wanted words begin, as numbers of words."""
    *whole, last = wanted
    size = len(whole)
    if prefix:
        ends = [n for n, word in enumerate(spelled) if word.startswith(last)]
    else:
        ends = [n for n, word in enumerate(spelled) if word == last]
    return [n - size for n in ends if n >= size and spelled[n - size : n] == whole]


def _as_typed(words: list[str], wanted: Words) -> bool:
    return _places([accented(word) for word in words], [accented(word) for word in wanted.words], wanted.prefix) == [0]


def _apart(marks: list[Span]) -> tuple[Span, ...]:
    """Marks that overlap as one."""
    found: list[Span] = []
    for start, end in marks:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _start(text: str, matches: list[tuple[Span, int]]) -> int:
    """Where to begin so that the most different things are shown, as early as possible, with some words before them."""
    best, most, first = 0, 0, 0
    shown: Counter[int] = Counter()
    for at, ((_, end), number) in enumerate(matches):
        shown[number] += 1
        while first < at and end - matches[first][0][0] > LENGTH - BEFORE:
            shown[matches[first][1]] -= 1
            first += 1
        different = sum(count > 0 for count in shown.values())
        if different > most:
            best, most = matches[first][0][0], different
    return 0 if best <= BEFORE else text.rfind(" ", best - BEFORE, best - BEFORE // 2) + 1 or best


def _end(text: str, start: int, matches: list[tuple[Span, int]]) -> int:
    """Where to end: between words, and not before the end of the last match that fits."""
    end = start + LENGTH
    if end >= len(text):
        return len(text)
    cut = text.rfind(" ", start + LENGTH // 2, end + 1)
    last = max((other for (one, other), _ in matches if start <= one and other <= end), default=start)
    return max(end if cut < 0 else cut, last)
