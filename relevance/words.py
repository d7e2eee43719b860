"""Words of a text as they are compared: one spelling for what Vietnamese writes in several.

Comparison keeps accents (``Lào`` is a country, ``lao`` is labour) and drops only what carries no meaning: letter case,
the place of the tone mark (``hoà``/``hòa``) and final y or i (``sỹ``/``sĩ``, ``Phongsaly``/``Phongsali``).
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLD_PLACE = {
    plain[0] + unicodedata.normalize("NFC", plain[1] + tone): unicodedata.normalize("NFC", plain[0] + tone) + plain[1]
    for plain in ("oa", "oe", "uy")
    for tone in _TONES
}
_OLD_AT_END = re.compile("(?<!q)(" + "|".join(_OLD_PLACE) + ")$")
_NEW_PLACE = {new: old for old, new in _OLD_PLACE.items()}
_NEW_AT_END = re.compile("(?<!q)(" + "|".join(_NEW_PLACE) + ")$")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_I_TO_Y = str.maketrans("iìíỉĩị", "yỳýỷỹỵ")
_FINAL_Y = re.compile("(?<=[bcdđghklmnprstvxz])[yỳýỷỹỵ]$")
_FINAL_I = re.compile("(?<=[bcdđghklmnprstvxz])[iìíỉĩị]$")


class Key(NamedTuple):
    """A word as compared, and whether it was written with a capital."""

    word: str
    capital: bool


class Word(NamedTuple):
    """A word of a text with its offsets (in code points)."""

    key: str
    capital: bool
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def key_of(word: str) -> Key:
    """The comparison key of one NFC word."""
    lower = word.lower()
    if len(lower) != len(word):  # İ and the like grow; they are in no term
        lower = word
    if not lower.isascii():
        lower = _OLD_AT_END.sub(lambda match: _OLD_PLACE[match[1]], lower)
    return Key(_FINAL_Y.sub(lambda match: match[0].translate(_Y_TO_I), lower), word[0] != lower[0])


def words_of(text: str) -> list[Word]:
    """All words of an NFC text, in order."""
    found = []
    for match in WORD.finditer(text):
        key, capital = key_of(match[0])
        found.append(Word(key, capital, match.start(), match.end()))
    return found


def spellings_of(key: str) -> set[str]:
    """Every lower-case spelling that :func:`key_of` folds to ``key``."""
    forms = {key, _FINAL_I.sub(lambda match: match[0].translate(_I_TO_Y), key)}
    return forms | {_NEW_AT_END.sub(lambda match: _NEW_PLACE[match[1]], form) for form in forms}


def nfc(text: str) -> str:
    """The text in NFC; free when it already is."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def without_accents(text: str) -> str:
    """ASCII letters for Vietnamese ones (``Đường`` becomes ``Duong``)."""
    stripped = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", stripped).replace("đ", "d").replace("Đ", "D")


def joined(term: str) -> set[str]:
    """The ways a hyphenated name is written: ``Bô-ly`` gives ``Bô ly`` and ``Bôly``; a space never closes up."""
    ways = []
    for part in term.split():
        syllables = part.split("-")
        seams = product((" ", ""), repeat=len(syllables) - 1)
        ways.append({syllables[0] + "".join(s + t for s, t in zip(seam, syllables[1:], strict=True)) for seam in seams})
    return {" ".join(choice) for choice in product(*ways)}
