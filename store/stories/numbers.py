"""Numbers under one alphabet: counts with what they count, border markers, units and editions."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from store.stories.vocabulary import Terms

_LINK = r"(?:\s*(?:-|–|to|and|den|va|,|through|until|with)\s*(?:(?:moc|marker|landmark)s?\s*)?(?:so|no\.?|number)?\s*)"
MARKERS = regex.compile(
    r"\b(?:moc|cot moc|markers?|landmarks?|mileposts?|milestones?|stones?|posts? no\.?)\b"
    r"(?:\s+(?:quoc gioi|gioi|bien gioi|so|no\.?|numbers?|numbered|from))*\s*"
    r"(?P<all>\d{1,4}(?:[/(]\d)?(?:" + _LINK + r"\d{1,4})*)(?![\d%])"
)
UNIT_WORDS = (
    "dai doi|company|tieu doan|battalion|doan|team|doi|trung doan|regiment|lu doan|brigade|su doan|division|ban chi dao|"
    "steering committee|steering board|committee|binh doan|army corps|corps|unit|doi quy tap"
)
UNIT_KINDS = (
    r"bien phong|border guard|border|so|no\.?|kinh te quoc phong|kt-qp|bao ve bien gioi|chuyen trach|quoc gia|bo binh|infantry"
)
UNITS = regex.compile(rf"\b(?:{UNIT_WORDS})\b(?:\s+(?:{UNIT_KINDS}))*\s*(?P<n>k?\d{{1,4}})\b")
UNITS_AFTER = regex.compile(
    r"\b(?P<n>k?\d{1,4})(?:st|nd|rd|th)?\s+(?:border guard |border |defence-economic |infantry )?"
    r"(?:company|team|corps|division|brigade|regiment|battalion|unit)\b"
)
REGIONS = regex.compile(
    r"\b(?:quan khu|military (?:region|zone)|qk)\s*(?P<n>\d)\b|\b(?P<o>\d)(?:st|nd|rd|th) military (?:region|zone)"
)
ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)
ORDINALS_VI = {"nhat": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
EDITIONS = regex.compile(
    r"\blan (?:thu )?(?P<vi>\d{1,2}|" + "|".join(ORDINALS_VI) + r"|[ivx]+)\b"
    r"|\b(?P<en>\d{1,2})(?:st|nd|rd|th)\b(?! (?:century|founding|anniversary|military|of))"
    r"|\b(?P<word>" + "|".join(ORDINALS) + r")\b"
)
ROMAN = {"i": 1, "v": 5, "x": 10}
NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6,
    "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
ABOUT = frozenset(
    {"gan", "hon", "khoang", "tren", "nearly", "over", "almost", "about", "around", "some", "than", "approximately"}
)
REACH = 4
"""How many words after a number may stand before what it counts (``103 bộ hài cốt``, ``96 sets of soldiers' remains``)."""


@dataclass(frozen=True, slots=True)
class Number:
    """A token (``m:406``, ``u:213``, ``e:5``, ``n:103:remains_set``, ``n:103``) at a character or word position."""

    token: str
    at: int


def coded_numbers(folded: str) -> Iterator[Number]:
    """Markers, units, regions and editions of a folded text; positions are characters."""
    for match in MARKERS.finditer(folded):
        for number in regex.findall(r"\d{1,4}", match["all"]):
            if len(number) > 1:
                yield Number(f"m:{number}", match.start())
    for pattern in (UNITS, UNITS_AFTER):
        for match in pattern.finditer(folded):
            yield Number(f"u:{match['n']}", match.start())
    for match in REGIONS.finditer(folded):
        yield Number(f"r:{match['n'] or match['o']}", match.start())
    for match in EDITIONS.finditer(folded):
        edition = _edition(match)
        if edition > 1:
            yield Number(f"e:{edition}", match.start())


def counts(found: list[str], searched: list[str], counted: Terms) -> Iterator[Number]:
    """Counted things in a list of folded words (``searched`` is the same list in the form ``counted`` expects); positions
    are words. A rounded number (``nearly 300``) is no count."""
    things = {hit.first: hit for hit in reversed(list(counted.find(searched)))}
    for index, word in enumerate(found):
        value = _value(word)
        if value is None or any(previous in ABOUT for previous in found[max(0, index - 2) : index]):
            continue
        reach = REACH if word[0].isdigit() else 2 if len(word) > 4 else 1
        thing = next((things[at] for at in range(index + 1, index + 1 + reach) if at in things), None)
        between = found[index + 1 : thing.first] if thing else []
        if thing and not any(_value(other) for other in between):
            yield Number(f"n:{value:g}:{thing.key}", index)
        elif word[:1].isdigit() and value > 9 and not 1900 <= value <= 2100:
            yield Number(f"n:{value:g}", index)


def _value(word: str) -> float | None:
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    if not word[:1].isdigit():
        return None
    if regex.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", word):
        return float(regex.sub(r"[.,]", "", word))
    return float(word.replace(",", ".")) if regex.fullmatch(r"\d+(?:[.,]\d+)?", word) else None


def _edition(match: "regex.Match[str]") -> int:
    if match["word"]:
        return ORDINALS.index(match["word"]) + 1
    text = match["vi"] or match["en"]
    if text.isdigit():
        return int(text)
    return ORDINALS_VI.get(text) or _roman(text)


def _roman(text: str) -> int:
    values = [ROMAN[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
