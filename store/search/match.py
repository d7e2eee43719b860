"""A query's tree as an FTS5 expression. Only words in quotation marks and FTS5's operators come out; see
https://sqlite.org/fts5.html#full_text_query_syntax."""

from collections.abc import Callable, Iterable

from store.search.query import Either, Node, Words, WrongQuery
from store.search.words import accented, folded, has_accents

# Words that a beginning may stand for, in all of a query. FTS5 reads each from the index side by side: with a million articles
# 500 of them take some 20 ms (benchmarks/search.py).
MOST_WORDS = 500

Vocabulary = Callable[[str, int], list[str]]
"""Words of the index that begin so, at most so many."""


def expression(node: Node, vocabulary: Vocabulary, *, as_typed: bool) -> str:
    """``as_typed`` asks for the accents that were typed; a word typed without any stands for all. Raises WrongQuery for a
    beginning of too many words."""
    if isinstance(node, Words):
        return _words(node, vocabulary, as_typed)
    if isinstance(node, Either):
        return _joined(" OR ", (expression(one, vocabulary, as_typed=as_typed) for one in node.choices))
    wanted = _joined(" AND ", (expression(one, vocabulary, as_typed=as_typed) for one in node.wanted))
    # what is taken away is taken as typed in any case: NOT Lào must not take "lao động" with it
    unwanted = _joined(" OR ", (expression(one, vocabulary, as_typed=True) for one in node.unwanted))
    return f"({wanted} NOT {unwanted})" if node.unwanted else wanted


def _joined(operator: str, parts: Iterable[str]) -> str:
    return f"({operator.join(parts)})"


def _words(node: Words, vocabulary: Vocabulary, as_typed: bool) -> str:
    spelled = spelled_words(node, as_typed)
    if not node.prefix:
        return f'"{" ".join(spelled)}"'
    *before, beginning = spelled
    ends = vocabulary(beginning, MOST_WORDS + 1)
    if len(ends) > MOST_WORDS:
        raise WrongQuery(f"{beginning}* is the beginning of more than {MOST_WORDS} words: write more of it")
    return _joined(" OR ", (f'"{" ".join([*before, end])}"' for end in ends or [beginning]))


def spelled_words(node: Words, as_typed: bool) -> list[str]:
    """As the index has them. A phrase with an accent in it is looked for as it stands, in the accented column."""
    accents = as_typed and any(has_accents(word) for word in node.words)
    return [accented(word) if accents else folded(word) for word in node.words]


def asks_for_accents(words: Iterable[Words]) -> bool:
    return any(has_accents(word) for one in words for word in one.words)
