"""All terms of a topic as one tree of words, walked once over a text."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import product
from typing import NamedTuple

from relevance.shape import placeholders
from relevance.words import Words, is_capital, joined, key_of, without_accents

NUMBER = "#"
COMMA = ","
_SPECIAL = re.compile(r"#|,|[^\W_]+")
_GAPS = frozenset(" -–—‑‐\u00a0\u2009\u202f")


class Entry(NamedTuple):
    """A term in one spelling: which group it speaks for, what it weighs, and which of its words need a capital."""

    group: int
    weight: float
    capitals: tuple[int, ...]


class Hit(NamedTuple):
    """A term found: the words ``first`` to ``last`` (exclusive), and the entry."""

    first: int
    last: int
    entry: Entry


class Node:
    """A state of the tree. ``entries`` are the terms that end here, ordered by their group. ``open`` says that no look at the
    next word can tell that nothing is found: a term ends here, or a number or a comma may follow."""

    __slots__ = ("entries", "next", "open")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.entries: tuple[Entry, ...] = ()
        self.open = False


class Lexicon:
    """A set of spelled terms that can be found in a list of words in one pass. The tree grows when it is first needed."""

    def __init__(self, spelled: Iterable[tuple[str, int, float]]) -> None:
        """``spelled`` are spellings with their group and weight; ``#`` stands for any number, a comma for itself."""
        self._spelled = spelled

    @cached_property
    def _root(self) -> Node:
        root = Node()
        shared: dict[tuple[Entry, ...], tuple[Entry, ...]] = {}
        for spelling, group, weight in self._spelled:
            node = _grown(root, spelling)
            entries = _with(node.entries, _entry(spelling, group, weight))
            node.entries = shared.setdefault(entries, entries)
            node.open = True
        _share_numbers(root)
        return root

    def find(self, words: Words) -> list[Hit]:
        """Every hit, also overlapping ones, in order of their first word, their last, and their group."""
        hits: list[Hit] = []
        following = [*words.keys[1:], ""]
        for index, node in enumerate(map(self._root.next.get, words.keys)):
            if node is not None and (node.open or following[index] in node.next):
                _walk(words, index, node, hits)
        return hits


def _grown(root: Node, spelling: str) -> Node:
    """The state at the end of a spelling, after the tree has grown by it."""
    node = root
    for part in pieces(spelling):
        special = part in (NUMBER, COMMA)
        node.open = node.open or special
        key = part if special else key_of(part)
        node = node.next.get(key) or node.next.setdefault(key, Node())
    return node


def _entry(spelling: str, group: int, weight: float) -> Entry:
    words = [part for part in pieces(spelling) if part != COMMA]
    return Entry(group, weight, tuple(index for index, part in enumerate(words) if is_capital(part)))


def _with(entries: tuple[Entry, ...], entry: Entry) -> tuple[Entry, ...]:
    return entries if entry in entries else tuple(sorted((*entries, entry), key=lambda entry: entry.group))


def _share_numbers(node: Node) -> None:
    """What goes on with any number goes on with each number that a term names (Corps # also where there is a Corps 15)."""
    any_number = node.next.get(NUMBER)
    for key, child in node.next.items():
        if any_number is not None and key.isdigit():
            _merge(child, any_number)
        _share_numbers(child)


def _merge(node: Node, other: Node) -> None:
    for entry in other.entries:
        node.entries = _with(node.entries, entry)
    node.open = node.open or other.open
    for key, child in other.next.items():
        _merge(node.next.setdefault(key, Node()), child)


def _walk(words: Words, first: int, node: Node, hits: list[Hit]) -> None:
    """Follows the tree from a word on and notes every term that ends on the way."""
    index, limit = first, len(words.keys)
    following: Node | None = node
    while following is not None:
        index += 1
        for entry in following.entries:
            if not entry.capitals or _are_capital(words.words, first, entry.capitals):
                hits.append(Hit(first, index, entry))
        if index == limit or not following.next:
            return
        gap, key = words.gaps[index], words.keys[index]
        following = (following.next.get(key) if gap == " " else None) or _follow(following, gap, key)


def _are_capital(words: list[str], first: int, places: tuple[int, ...]) -> bool:
    for at in places:  # noqa: SIM110 - all() takes twice as long for the one or two there are
        if not is_capital(words[first + at]):
            return False
    return True


def _follow(node: Node, gap: str, key: str) -> Node | None:
    """The state behind a gap and a word, if a term goes on there."""
    if gap not in _GAPS and not _is_gap(gap):
        comma = node.next.get(COMMA) if gap == ", " else None
        if comma is None:
            return None
        node = comma
    return node.next.get(key) or (node.next.get(NUMBER) if key.isdigit() else None)


def pieces(spelling: str) -> list[str]:
    """The words, number signs and commas of a term."""
    return _SPECIAL.findall(spelling)


def _is_gap(gap: str) -> bool:
    """Whether nothing but blanks and hyphens (or the point of an abbreviation, or an apostrophe) stands between two words."""
    return len(gap) <= 3 and all(char in _GAPS or char in "./'’" for char in gap)


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
