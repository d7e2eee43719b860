"""Words as the search index has them: folded, and with their accents where they have any.

The index holds two spellings of each text. The folded one (:func:`folded`) is found however a query is spelled; the accented
one (:func:`accented`) tells "Lào" from "lao", so that what is spelled as the query is comes first. Texts and queries alike go
through here.
"""

import re
from functools import lru_cache

from extract.text import clean, fold, tones

WORD = re.compile(r"[^\W_]+")

# Letters for private use: FTS5's tokenizer takes them as letters, WORD never does, so that no text holds what begins so.
SOURCE, DECISION, DASH = "\ue000", "\ue001", "\ue002"

# A syllable list of Vietnamese has some 7,000 entries; the rest is names and numbers, most of them seen once
CACHED_WORDS = 50_000


@lru_cache(CACHED_WORDS)
def folded(word: str) -> str:
    """``Quân`` as ``quan``."""
    return fold(word)


@lru_cache(CACHED_WORDS)
def accented(word: str) -> str:
    """``Thuỷ`` as ``thủy``: lower case, NFC, tone marks in one place."""
    return tones(word.lower())


def has_accents(word: str) -> bool:
    return accented(word) != folded(word)


def words_of(text: str) -> list[str]:
    """The words of a text as they stand in it, NFC."""
    return WORD.findall(clean(text))


def spellings_of(*texts: str) -> tuple[str, str]:
    """What the two columns of the index hold of these texts: folded, and accented (empty where nothing has accents)."""
    words = [words_of(text) for text in texts]
    plain = _joined([[folded(word) for word in part] for part in words])
    marked = _joined([[accented(word) for word in part] for part in words])
    return plain, "" if marked == plain else marked


def _joined(parts: list[list[str]]) -> str:
    """The dash keeps a phrase from beginning in one text and ending in the next."""
    return f" {DASH} ".join(" ".join(part) for part in parts)


def facet(kind: str, value: str) -> str:
    """The word that stands in the index for a source or a decision."""
    return kind + "".join(letter if letter.isascii() and letter.isalnum() else DASH for letter in value.lower())
