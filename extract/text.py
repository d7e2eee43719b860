"""Unicode and sentences: what every other module takes for granted about a string.

Stored text keeps its accents; :func:`fold` and :func:`tones` exist for searching and comparing, never for storing.
"""

import html
import re
import unicodedata

# Characters that are invisible in print and split words when searched: zero-width spaces and joiners, the byte-order mark,
# the soft hyphen, the combining grapheme joiner, word joiner, and direction marks.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_CONTROL = dict.fromkeys([*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)], " ")
_TABLE: dict[int, str | None] = {**_INVISIBLE, **_CONTROL, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
# Looking whether anything is to be replaced costs a tenth of replacing.
_REPLACED = re.compile("[" + "".join(map(re.escape, map(chr, _TABLE))) + "]")


def clean(value: str) -> str:
    """One line of visible text: NFC, no invisible characters, every run of white space one space."""
    if _REPLACED.search(value):
        value = value.translate(_TABLE)
    return " ".join(unicodedata.normalize("NFC", value).split())


def unescape(value: str) -> str:
    """Character references resolved, also those that were escaped twice (``&amp;#7871;``)."""
    for _ in range(3):
        plain = html.unescape(value)
        if plain == value:
            break
        value = plain
    return value


def fold(value: str) -> str:
    """Lower case without accents, ``đ`` as ``d``: for searching and comparing only, because folded "Lào" is "lao"."""
    decomposed = unicodedata.normalize("NFD", value.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


_OPEN_PAIRS = {
    **dict(zip(("oà", "oá", "oả", "oã", "oạ"), ("òa", "óa", "ỏa", "õa", "ọa"), strict=True)),
    **dict(zip(("oè", "oé", "oẻ", "oẽ", "oẹ"), ("òe", "óe", "ỏe", "õe", "ọe"), strict=True)),
    **dict(zip(("uỳ", "uý", "uỷ", "uỹ", "uỵ"), ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True)),
}
_OPEN_PAIR = re.compile(rf"(?<![qQ])(?:{'|'.join(_OPEN_PAIRS)})(?!\w)", re.IGNORECASE)


def tones(value: str) -> str:
    """Tone marks where the older spelling puts them (``hoà`` becomes ``hòa``, ``thuỷ`` ``thủy``; ``quý`` stays).

    Both spellings are in daily use, even within one outlet; bring both sides of a comparison to this one.
    """
    return _OPEN_PAIR.sub(_as_older, unicodedata.normalize("NFC", value))


def _as_older(match: re.Match[str]) -> str:
    pair = match.group()
    older = _OPEN_PAIRS[pair.lower()]
    return "".join(new.upper() if old.isupper() else new for new, old in zip(older, pair, strict=True))


def words(value: str) -> list[str]:
    """Lower-case words of letters and digits, accents kept."""
    return re.findall(r"\w+", value.lower())


def same(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, accents' spelling, punctuation and spaces."""
    return words(tones(one)) == words(tones(other))


# Abbreviations after which a full stop ends no sentence: ranks and titles of both languages, months, "TP." and kin.
_ABBREVIATION = re.compile(
    r"(?:\b(?:tp|ths|ts|pgs|gs|bs|ths|ks|lt|sr|jr|gen|col|maj|capt|sgt|brig|cmdr|adm|mr|mrs|ms|dr|prof|st|no|vs|art|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|gov|rep|sen|hon|inc|co|ltd|etc|e\.g|i\.e|a\.m|p\.m|u\.s|u\.n)"
    r"|\b[A-ZĐ])\.$",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-ZÀ-ỸĐ0-9])|(?<=[。！？])")


def sentences(value: str) -> list[str]:
    """The sentences of a text, in order. A line break always ends one; ranks and initials (``Lt. Gen.``) do not."""
    found: list[str] = []
    for line in value.splitlines():
        found.extend(_sentences_of_line(line))
    return found


def _sentences_of_line(line: str) -> list[str]:
    found: list[str] = []
    held = ""
    start = 0
    for stop in [*(m.end() for m in _STOP.finditer(line)), len(line)]:
        held += line[start:stop]
        start = stop
        if held.strip() and not (_ABBREVIATION.search(held.rstrip()) and stop < len(line)):
            found.append(held.strip())
            held = ""
    return found
