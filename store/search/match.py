"""A query's tree as an FTS5 expression. Only words in quotation marks and FTS5's operators come out; see
https://sqlite.org/fts5.html#full_text_query_syntax."""

from collections.abc import Callable, Iterable

from store.search.query import LONGEST, Either, Node, Words, WrongQuery
from store.search.words import accented, folded, has_accents

# Words that the beginnings in a query may stand for, and those that stand within a phrase. FTS5 reads all of them side by side:
# 1,000 words took 28 ms, 8,650 phrases of three words 1.1 to 8.4 s (120,000 articles of benchmarks/search.py, quo* and nh*).
MOST_WORDS = 2_000
MOST_PHRASES = 200

Vocabulary = Callable[[str, int], list[str]]
"""Words of the index that begin so, at most so many."""


def expression(node: Node, vocabulary: Vocabulary, *, as_typed: bool) -> str:
    """``as_typed`` asks for the accents that were typed; a word typed without any stands for all. Raises WrongQuery for
    beginnings of too many words."""
    made = _expression(node, vocabulary, as_typed)
    if made.count('"') > 2 * (MOST_WORDS + LONGEST):
        raise WrongQuery(f"what ends in * stands for more than {MOST_WORDS:,} words together: write more of it")
    return made


def _expression(node: Node, vocabulary: Vocabulary, as_typed: bool) -> str:
    if isinstance(node, Words):
        return _words(node, vocabulary, as_typed)
    if isinstance(node, Either):
        return _joined(" OR ", (_expression(one, vocabulary, as_typed) for one in node.choices))
    wanted = _joined(" AND ", (_expression(one, vocabulary, as_typed) for one in node.wanted))
    # what is taken away is taken as typed in any case: NOT Lào must not take "lao động" with it
    unwanted = _joined(" OR ", (_expression(one, vocabulary, True) for one in node.unwanted))
    return f"({wanted} NOT {unwanted})" if node.unwanted else wanted


def _joined(operator: str, parts: Iterable[str]) -> str:
    return f"({operator.join(parts)})"


def _words(node: Words, vocabulary: Vocabulary, as_typed: bool) -> str:
    spelled = spelled_words(node, as_typed)
    if not node.prefix:
        return f'"{" ".join(spelled)}"'
    *before, beginning = spelled
    most = MOST_PHRASES if before else MOST_WORDS
    ends = vocabulary(beginning, most + 1)
    if len(ends) > most:
        inside = " within a phrase" if before else ""
        raise WrongQuery(
            f"{beginning}* is the beginning of more than {most:,} words: that is too many{inside}, write more of it"
        )
    return _joined(" OR ", (f'"{" ".join([*before, end])}"' for end in ends or [beginning]))


def spelled_words(node: Words, as_typed: bool) -> list[str]:
    """As the index has them. A phrase with an accent in it is looked for as it stands, in the accented column."""
    accents = as_typed and any(has_accents(word) for word in node.words)
    return [accented(word) if accents else folded(word) for word in node.words]


def asks_for_accents(words: Iterable[Words]) -> bool:
    return any(has_accents(word) for one in words for word in one.words)
