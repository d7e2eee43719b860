"""Words of a text as they are compared: one spelling for what Vietnamese writes in several.

Comparison keeps accents (``Lào`` is a country, ``lao`` is labour) and drops only what carries no meaning: letter case,
the place of the tone mark (``hoà``/``hòa``) and final y or i (``sỹ``/``sĩ``, ``Phongsaly``/``Phongsali``).
"""

import re
import unicodedata
from itertools import accumulate, product

WORD = re.compile(r"[^\W_]+")
_CUT = re.compile(r"([^\W_]+)")
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


class Words:
    """A text cut into words and gaps: gap ``i`` stands before word ``i``, the last gap after the last word."""

    __slots__ = ("_pieces", "gaps", "keys", "words")

    def __init__(self, text: str) -> None:
        self._pieces = _CUT.split(text)
        self.gaps = self._pieces[::2]
        self.words = self._pieces[1::2]
        self.keys = list(map(_KEYS.__getitem__, self.words))

    def offsets(self) -> list[int]:
        """Offsets in the text (in code points): word ``i`` begins at ``[2 * i]`` and ends at ``[2 * i + 1]``."""
        return list(accumulate(map(len, self._pieces)))


class _Keys(dict[str, str]):
    """The comparison keys of the words that were met, forgotten together once there are too many: a look into a dict takes
    half the time of a call, and every word of every text asks."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        key = self[word] = _key_of(word)
        return key


_REMEMBERED = 1 << 16
_KEYS = _Keys()


def key_of(word: str) -> str:
    """The comparison key of one NFC word."""
    return _KEYS[word]


def _key_of(word: str) -> str:
    lower = word.lower()
    if len(lower) != len(word):  # İ and the like grow; they are in no term
        lower = word
    if not lower.isascii():
        lower = _OLD_AT_END.sub(lambda match: _OLD_PLACE[match[1]], lower)
    return _FINAL_Y.sub(lambda match: match[0].translate(_Y_TO_I), lower)


def is_capital(word: str) -> bool:
    """Whether it begins with a capital letter."""
    return word[0] != word[0].lower()


def spellings_of(key: str) -> set[str]:
    """Every lower-case spelling that :func:`key_of` folds to ``key``."""
    forms = {key, _FINAL_I.sub(lambda match: match[0].translate(_I_TO_Y), key)}
    return forms | {_NEW_AT_END.sub(lambda match: _NEW_PLACE[match[1]], form) for form in forms}


def nfc(text: str) -> str:
    """The text in NFC; cheap when it already is."""
    return unicodedata.normalize("NFC", text)


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
