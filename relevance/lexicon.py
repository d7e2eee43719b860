"""All terms of a topic as one tree of words, walked once over a text."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from relevance.shape import placeholders
from relevance.words import WORD, Word, joined, key_of, without_accents

NUMBER = "#"
_GAPS = frozenset(" -–—‑‐\u00a0\u2009\u202f")


class Entry(NamedTuple):
    """A term in one spelling: which group it speaks for, what it weighs, and which words need a capital."""

    group: int
    weight: float
    capitals: tuple[bool, ...]


class Hit(NamedTuple):
    """A term found: the words ``first`` to ``last`` (exclusive), and the entry."""

    first: int
    last: int
    entry: Entry


class Node:
    """A state of the tree. ``entries`` are the terms that end here."""

    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.entries: list[Entry] = []


class Lexicon:
    """A set of spelled terms that can be found in a list of words in one pass."""

    def __init__(self) -> None:
        self._root = Node()

    def add(self, spelling: str, group: int, weight: float) -> None:
        """Adds one spelling; ``#`` stands for any number."""
        written = [NUMBER if word == NUMBER else word for word in spelling.replace(NUMBER, f" {NUMBER} ").split()]
        parts = [part for word in written for part in ([word] if word == NUMBER else WORD.findall(word))]
        node = self._root
        for part in parts:
            node = node.next.setdefault(part if part == NUMBER else key_of(part).word, Node())
        entry = Entry(group, weight, tuple(part != NUMBER and key_of(part).capital for part in parts))
        if entry not in node.entries:
            node.entries.append(entry)

    def find(self, text: str, words: Sequence[Word]) -> list[Hit]:
        """Every hit, also overlapping ones, in order of their first word."""
        hits: list[Hit] = []
        start = self._root.next
        for index, word in enumerate(words):
            node = start.get(word.key)
            if node is not None:
                self._walk(text, words, index, node, hits)
        return hits

    @staticmethod
    def _walk(text: str, words: Sequence[Word], first: int, node: Node, hits: list[Hit]) -> None:
        index, limit = first, len(words)
        while True:
            hits.extend(
                Hit(first, index + 1, entry)
                for entry in node.entries
                if all(words[first + at].capital for at, needed in enumerate(entry.capitals) if needed)
            )
            index += 1
            if index == limit or not node.next or not _adjacent(text, words[index - 1].end, words[index].start):
                return
            key = words[index].key
            following = node.next.get(key) or (node.next.get(NUMBER) if key.isdigit() else None)
            if following is None:
                return
            node = following


def _adjacent(text: str, end: int, start: int) -> bool:
    """Whether nothing but blanks and hyphens (or the point of an abbreviation) stands between two words."""
    if start - end == 1:
        gap = text[end]
        return gap in _GAPS or gap in "./"
    return start - end <= 3 and all(char in _GAPS or char == "." for char in text[end:start])


def expand(term: str, lists: dict[str, tuple[str, ...]]) -> Iterable[str]:
    """A term with its word lists put in and its hyphens opened: every spelling to look for."""
    names = placeholders(term)
    for choice in product(*(lists[name] for name in names)):
        filled = term
        for name, word in zip(names, choice, strict=True):
            filled = filled.replace("{" + name + "}", word, 1)
        yield from sorted(joined(filled))


def unaccented(spellings: Iterable[str]) -> set[str]:
    """The spellings that change when accents go, without them."""
    return {plain for spelling in spellings if (plain := without_accents(spelling)) != spelling}
