"""One alphabet for Vietnamese and English text: folded words, and the sound of a name.

Vietnamese papers write a Lao name by ear (Chăn-xạ-mỏn Chăn-nha-lạt), English ones romanise it (Chansamone Chanyalath).
Both keep the order of the consonants; the skeleton is that order, in classes that the two spellings do not tell apart.
"""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import regex

from relevance.words import key_of

WORD = regex.compile(r"[kK]\d+|\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)?|\d+(?:[.,]\d+)*")
JOINED = {("viet", "nam"): "vietnam", ("ha", "noi"): "hanoi"}

# Longest first: a digraph is one sound. Evidence: the spellings listed in seeds/people.toml, each pair a test.
SOUNDS = tuple(
    (regex.compile(pattern), sound)
    for pattern, sound in (
        ("ngh|ng", "n"),
        ("ch(?![aeiouyăâêôơưh])", "k"),
        ("ph|f", "p"),
        ("kh|gh|qu|q|c(?!h)|g(?!i)", "k"),
        ("tth|th", "t"),
        ("nh|ny", "n"),
        ("x", "s"),
        ("gi", "z"),
        ("w", "v"),
        ("r", "l"),
        ("[aeiouyăâêôơư]+", "."),
    )
)
DOUBLED = regex.compile(r"(\w)\1+")
NO_SOUND = regex.compile(r"[^\w]|_")
SILENT_H = regex.compile(r"h$|h(?=[ .])(?<!^h)(?<![ .]h)")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; đ is d. ``Điện Biên`` and ``DIEN BIEN`` are one."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c))).replace("’", "'")


class Token(NamedTuple):
    """A word of a text: folded, as Vietnamese spells it (accents kept), whether it has a capital, and its offsets."""

    word: str
    spelled: str
    capital: bool
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words and numbers of an NFC text in order. ``Việt Nam`` and ``Hà Nội`` are one word each, as in English."""
    found: list[Token] = []
    for match in WORD.finditer(text):
        written = match[0]
        spelled = key_of(written)
        token = Token(fold(spelled).removesuffix("'s"), spelled, written[0].isupper(), match.start(), match.end())
        joined = JOINED.get((found[-1].word, token.word)) if found and token.capital else None
        if joined:
            token = Token(joined, joined, True, found.pop().start, token.end)
        found.append(token)
    return found


def words(text: str) -> list[str]:
    """The folded words and numbers of a text in order."""
    return [token.word for token in tokens(text)]


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """The consonants of a name as heard: ``Khamliang Outhakaysone`` and ``Khăm-liêng Ụ-thạ-cay-sỏn`` are ``kmlntksn``."""
    sounds = fold(name).replace("-", " ").replace("'", "")
    for pattern, sound in SOUNDS:
        sounds = pattern.sub(sound, sounds)
    sounds = SILENT_H.sub("", sounds)
    consonants = NO_SOUND.sub("", DOUBLED.sub(r"\1", sounds))
    return str(DOUBLED.sub(r"\1", consonants))


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> float:
    """How far two skeletons agree, 0 to 1: twice the longest common subsequence over their lengths."""
    if one == other:
        return 1.0
    row = [0] * (len(other) + 1)
    for a in one:
        before = 0
        for index, b in enumerate(other, 1):
            before, row[index] = row[index], before + 1 if a == b else max(row[index], row[index - 1])
    return 2 * row[-1] / (len(one) + len(other)) if one and other else 0.0


def language_of(text: str, stated: str | None) -> str:
    """``vi``, ``en`` or what the article states of itself; told by accents and the commonest small words when it says
    nothing. Names put accents into one English word in ten, Vietnamese has them in more than half."""
    if stated in ("vi", "en"):
        return stated
    found = tokens(text)
    accented = sum(1 for token in found if ACCENTED.search(token.spelled))
    small = [sum(1 for token in found if token.word in common) for common in (SMALL_VI, SMALL_EN)]
    if accented * 3 > len(found) or (small[0] > small[1] and small[0] * 25 > len(found)):
        return "vi"
    return "en" if small[1] * 12 > len(found) else stated or "other"


ACCENTED = regex.compile("[à-ýăđĩũơưạ-ỹ]")
SMALL_VI = frozenset({"va", "cua", "cac", "duoc", "tai", "voi", "nhung", "nguoi", "trong", "ngay"})
SMALL_EN = frozenset({"the", "of", "and", "in", "for", "with", "was", "to", "a", "at", "on", "by"})
