"""The query language: words, "phrases", prefix*, OR, NOT or -word, parentheses. All words must be found unless OR says else.

    query   = every { "OR" every }
    every   = [ "NOT" | "-" ] one { [ "AND" ] [ "NOT" | "-" ] one }
    one     = "(" query ")" | '"' words '"' | word [ "*" ]

Operators are in capitals, so that "and", "or" and "not" can be looked for. Punctuation inside a word makes a phrase of it
(``Viet-Lao``), punctuation alone is passed over. A query that cannot be understood raises :class:`WrongQuery`; nothing that is
typed reaches FTS5's own syntax.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from extract.text import clean
from spiders.errors import MonitorError
from store.search.words import words_of

LONGEST = 64  # words in a query; FTS5 would take more, nobody types more
DEEPEST = 20  # parentheses within parentheses


class WrongQuery(MonitorError):
    """A query that cannot be understood; the text says why and what to write instead."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand side by side, as typed. With ``prefix`` the last one is the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of ``wanted`` (one at least) and nothing of ``unwanted``."""

    wanted: tuple["Node", ...]
    unwanted: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of these at least."""

    choices: tuple["Node", ...]


Node: TypeAlias = Words | Every | Either


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: words, and, or, not, open, close; ``typed`` is what stands in the query."""

    kind: str
    typed: str
    words: Words = Words(())


_PIECE = re.compile(
    r"""\s*(?: (?P<quoted>["“”„«»])(?P<inside>[^"“”„«»]*)(?P<end>["“”„«»]|$)(?P<star>\*?)
        | (?P<open>\() | (?P<close>\)) | (?P<minus>-)(?=[^\s\-]) | (?P<bare>[^\s()"“”„«»]+) )""",
    re.VERBOSE,
)
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}


def parse(query: str) -> Node:
    """The tree of a query. Raises WrongQuery."""
    tokens = _tokens(clean(query))
    if sum(len(token.words.words) for token in tokens) > LONGEST:
        raise WrongQuery(f"the query has more than {LONGEST} words: leave out what is less telling")
    if not any(token.kind == "words" for token in tokens):
        raise WrongQuery('the query has no word to look for: write for example quân đội Lào, or "tuần tra chung"')
    return _Parser(tokens).query()


def _tokens(query: str) -> list[Token]:
    tokens = []
    for piece in _PIECE.finditer(query):
        if piece["quoted"] and not piece["end"]:
            raise WrongQuery(f"a quotation mark is opened and not closed: {piece['quoted']}{piece['inside']}")
        token = _token(piece)
        if token is not None:
            tokens.append(token)
    return tokens


def _token(piece: re.Match[str]) -> Token | None:
    typed = piece.group().strip()
    for kind, name in (("open", "open"), ("close", "close"), ("minus", "not")):
        if piece[kind]:
            return Token(name, typed)
    if piece["quoted"]:
        return _looked_for(piece["inside"] + piece["star"], typed)
    return Token(_OPERATORS[typed], typed) if typed in _OPERATORS else _looked_for(piece["bare"], typed)


def _looked_for(text: str, typed: str) -> Token | None:
    text = text.strip()
    words = tuple(words_of(text.rstrip("*")))
    if "*" in text.rstrip("*") or (text.endswith("*") and not words):
        raise WrongQuery(f"{typed}: * stands for the end of a word only, as in quốc*")
    return Token("words", typed, Words(words, text.endswith("*"))) if words else None


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def query(self) -> Node:
        node = self.either()
        if self.at < len(self.tokens):
            raise WrongQuery("a parenthesis is closed that was not opened")
        return node

    def next_is(self, *kinds: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind in kinds

    def take(self, *kinds: str) -> bool:
        taken = self.next_is(*kinds)
        self.at += taken
        return taken

    def either(self) -> Node:
        choices = [self.every()]
        while self.take("or"):
            choices.append(self.every())
        return choices[0] if len(choices) == 1 else Either(tuple(choices))

    def every(self) -> Node:
        wanted: list[Node] = []
        unwanted: list[Node] = []
        while True:
            (unwanted if self.take("not") else wanted).append(self.one())
            self.join()
            if not self.next_is("words", "open", "not"):
                break
        if not wanted:
            raise WrongQuery("NOT (or -) takes away from what is found: say also what is to be found, as in Lào -bóng")
        return wanted[0] if len(wanted) == 1 and not unwanted else Every(tuple(wanted), tuple(unwanted))

    def join(self) -> None:
        """An AND between two; it changes nothing, and must have something behind it."""
        if self.take("and") and not self.next_is("words", "open", "not"):
            self.missing()

    def one(self) -> Node:
        if self.take("words"):
            return self.tokens[self.at - 1].words
        if not self.take("open"):
            self.missing()
        self.depth += 1
        if self.depth > DEEPEST:
            raise WrongQuery(f"there are more than {DEEPEST} parentheses within each other: write it simpler")
        node = self.either()
        if not self.take("close"):
            raise WrongQuery("a parenthesis is opened and not closed")
        self.depth -= 1
        return node

    def missing(self) -> None:
        before = f" after {self.tokens[self.at - 1].typed}" if self.at else " at the beginning"
        found = f"{self.tokens[self.at].typed} stands there" if self.at < len(self.tokens) else "there is nothing"
        raise WrongQuery(
            f"a word is missing{before}: {found} (AND, OR and NOT stand between words; in small letters they are words)"
        )


def looked_for(node: Node) -> tuple[Words, ...]:
    """The words and phrases that a text found holds some of, without those that are unwanted."""
    if isinstance(node, Words):
        return (node,)
    inner = node.wanted if isinstance(node, Every) else node.choices
    return tuple(words for one in inner for words in looked_for(one))
