"""Cheap first: does a page, as raw bytes, name the topic's partner at all?

The answer may be yes too often and must never be no where :func:`relevance.judge.judge` would keep or show the article, so
everything unclear passes: odd charsets, entities, decomposed accents and escapes in scripts are all looked through. It
rests on one rule of the judge: nothing is shown in which the partner is not named by a term of full weight.
"""

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from relevance.lexicon import COMMA, NUMBER, pieces, unaccented
from relevance.topic import Topic
from relevance.words import WORD, is_capital, key_of, nfc, spellings_of

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# References that can be letters or accents; the usual ones for blanks, quotes and dashes (U+0020-2F, A0, 20xx) cannot.
_LETTER_ENTITY = re.compile(
    r"&(?:amp;)*(?:#(?!0*(?:9|10|13|160|3[2-9]|4[0-7]|82(?!03)\d\d);|[xX]0*(?:[aA]0|2\w|20(?!0[bB])\w\w);)[xX]?\w+"
    r"|[A-Za-z]{1,2}(?:acute|grave|circ|tilde|uml|breve|horn|hook|dot|strok|shy)|shy);?"
)
# First bytes in UTF-8 of what NFC changes in Latin text, and of the alphabets that are neither Latin nor punctuation.
_COMBINING_LEADS = (b"\xcc", b"\xcd", b"\xe2\x84\xaa")
_OTHER_LEADS = (*(bytes([lead]) for lead in (*range(0xCE, 0xE1), *range(0xE3, 0xEE))), b"\xe1\x9e", b"\xe1\x9f")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_EMBEDDED = re.compile(r"base64,[\w+/=]{64,}")
_INVISIBLE = "\u00ad\u200b\ufeff"
_TAGS = "(?:<[^<>]*>)*"
_LOOSE_GAP = r"(?:[\s.\-–—‑‐]|<[^<>]*>|&(?:amp;)*[#\w]+;|\\[nrt])*"
_TIGHT_GAP = r"(?:[ \-\u00a0]|&nbsp;)"
_WINDOW = 80


@dataclass(frozen=True, slots=True)
class _Needles:
    """``any_of`` finds where some name may stand; ``classes`` pair the names of a kind with the vetoes that undo them."""

    any_of: re.Pattern[str]
    classes: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]


_compiled: "WeakKeyDictionary[Topic, _Needles]" = WeakKeyDictionary()


def mentions_laos(body: bytes, content_type: str | None, topic: Topic) -> bool:
    """Whether the page may name the topic's partner. ``content_type`` is the header's value, if there was one."""
    return any(text is None or _names(text, topic) for text in opened_readings(body, content_type))


def opened_readings(body: bytes, content_type: str | None) -> Iterator[str | None]:
    """The page as text without code and with everything opened that can hide a letter, in every reading that its bytes and
    its declarations allow; None where it cannot be read."""
    return (None if text is None else _plain(_without_code(text)) for text in _readings(body, content_type))


def standing_names(text: str, topic: Topic) -> Iterator[int]:
    """Where in an opened text a name of the partner begins that no veto covers."""
    needles = _needles_of(topic)
    match = needles.any_of.search(text)
    while match:
        if any(_stands(text, match.start(), names, vetoes) for names, vetoes in needles.classes):
            yield match.start()
        match = needles.any_of.search(text, match.start() + 1)


def _readings(body: bytes, content_type: str | None) -> Iterator[str | None]:
    """The page as text, in every reading that its bytes and its declarations allow; None where there is none."""
    marked = next((codec for bom, codec in _BOMS if body.startswith(bom)), None)
    if marked:
        yield _decoded(body, marked)
        return
    utf8 = _decoded(body, "utf-8")
    if utf8 is not None:
        yield utf8
    for codec in _others(body, content_type, utf8):
        yield _decoded(body, codec)


def _others(body: bytes, content_type: str | None, utf8: str | None) -> list[str]:
    """The charsets to try beside UTF-8: what was declared, UTF-16 where zeros say so, else the one of old Vietnamese pages."""
    wide = body.count(b"\0", 0, 2000) * 4 > min(len(body), 2000)
    if wide:
        return ["utf-16-be", "utf-16-le"]
    if utf8 is not None and body.isascii():
        return []
    declared = sorted(_declared(body, content_type) - {"utf-8", "ascii"})
    return declared or ([] if utf8 is not None else ["cp1258"])


def _declared(body: bytes, content_type: str | None) -> set[str]:
    """The codecs that the header and the head of the page name, by Python's names; unknown ones keep theirs."""
    named = [*_CHARSET.findall((content_type or "").encode("utf-8", "replace")), *_CHARSET.findall(body[:4096])]
    return {_codec(name.decode("ascii", "replace")) for name in named}


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return name


def _decoded(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (LookupError, UnicodeError, ValueError):
        return None


def _names(text: str, topic: Topic) -> bool:
    if any(True for _ in standing_names(text, topic)):
        return True
    return not text.isascii() and _has_other_script(text) and any(word in text for word in topic.foreign_partners)


def _has_other_script(text: str) -> bool:
    """Whether letters beyond Latin stand in the text, by their first bytes in UTF-8: ten times as fast as to look for words."""
    raw = text.encode("utf-8", "surrogatepass")
    return any(lead in raw for lead in _OTHER_LEADS)


def _without_code(text: str) -> str:
    """The text without scripts, styles and embedded images, which no extractor reads. Data in JSON stays, and so
    does all that is unclear: code inside comments, and code without an end."""
    kept, at = [], 0
    while (start := text.find("<s", at)) >= 0:
        tag = next((tag for tag in ("script", "style") if text.startswith(tag, start + 1)), None)
        end = text.find(f"</{tag}", start) if tag else -1
        opened = text.find(">", start)
        if end < 0 or "json" in text[start:opened] or text.rfind("<!--", at, start) > text.rfind("-->", at, start):
            kept.append(text[at : start + 2])
            at = start + 2
        else:
            kept.append(text[at:start])
            at = end
    kept.append(text[at:])
    return _EMBEDDED.sub("", "".join(kept))


def _plain(text: str) -> str:
    """The text with everything opened that can hide a letter. Pages that hide none, which is most, come back as they are."""
    text = _LETTER_ENTITY.sub(_letter, text)
    if "\\u" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    raw = text.encode("utf-8", "surrogatepass")
    if any(lead in raw for lead in _COMBINING_LEADS):
        text = nfc(text)
    if any(mark.encode() in raw for mark in _INVISIBLE):
        text = re.sub(f"[{_INVISIBLE}]", "", text)
    return text


def _letter(match: re.Match[str]) -> str:
    """The letter of a reference, however often its ampersand was escaped."""
    return html.unescape("&" + match[0].lstrip("&").replace("amp;", ""))


def _stands(text: str, start: int, names: re.Pattern[str], vetoes: re.Pattern[str] | None) -> bool:
    """Whether a name begins here that no veto covers."""
    match = names.match(text, start)
    if match is None or (start and text[start - 1].isalnum() and text[max(0, start - 2)] != "\\"):
        return False
    if vetoes is None:
        return True
    return not any(
        veto.start() <= match.start() and match.end() <= veto.end()
        for veto in vetoes.finditer(text, max(0, start - _WINDOW), match.end() + _WINDOW)
    )


def _needles_of(topic: Topic) -> _Needles:
    needles = _compiled.get(topic)
    if needles is None:
        needles = _compiled[topic] = _compile(topic)
    return needles


def _compile(topic: Topic) -> _Needles:
    classes: dict[frozenset[int], set[str]] = {}
    for spelling, kind in topic.spellings:
        if topic.kinds[kind].opens:
            vetoes = frozenset(index for index, cancelled in enumerate(topic.cancels) if kind in cancelled)
            classes.setdefault(_by_words(vetoes, topic), set()).update({spelling, *unaccented([spelling])})
    parts = {vetoes: _alternatives(_needed(names), _LOOSE_GAP, _TAGS) for vetoes, names in classes.items()}
    return _Needles(
        re.compile(_anywhere(set().union(*(_needed(names) for names in classes.values())))),
        tuple((re.compile(part), _veto_pattern(vetoes, topic)) for vetoes, part in parts.items()),
    )


def _by_words(vetoes: frozenset[int], topic: Topic) -> frozenset[int]:
    return frozenset(index for index in vetoes if (veto := topic.kinds[index].veto) and veto.reach == "words")


def _veto_pattern(vetoes: frozenset[int], topic: Topic) -> re.Pattern[str] | None:
    terms = {spelling for spelling, kind in topic.spellings if kind in vetoes}
    return re.compile(r"\b" + _alternatives(terms, _TIGHT_GAP, "")) if terms else None


def _needed(names: Iterable[str]) -> set[str]:
    """The names without those that hold another whole name of one word, which is found anyway."""
    names = set(names)
    single = {name for name in names if len(WORD.findall(name)) == 1}
    return single | {name for name in names - single if single.isdisjoint(WORD.findall(name))}


def _anywhere(names: Iterable[str]) -> str:
    """One pattern for searching that finds every name, and some words that only end like one.

    A plain set of first letters lets the engine skip to the next candidate by itself, and branches that begin with a
    letter are refused without being entered; together this is ten times as fast as the names in a row. A lone capital
    before a tag may be a drop capital, so it counts as a candidate too.
    """
    spelled = [written for name in names for written in _written(name, _LOOSE_GAP, "")]
    letters = sorted({letter for first, *_ in spelled for letter in first.strip("[]")})
    tails = _pattern(_grown(rest for _, *rest in spelled))
    return f"[{''.join(letters)}](?:{tails}|<(?<=[>\\s].<)[^<>]*>)"


def _alternatives(terms: Iterable[str], gap: str, seam: str) -> str:
    """One pattern for all terms, for matching at a given place."""
    return _pattern(_tree(terms, gap, seam))


def _tree(terms: Iterable[str], gap: str, seam: str) -> dict[str, dict]:  # type: ignore[type-arg]
    """All terms with shared beginnings once. ``seam`` may stand behind a first letter (drop capitals)."""
    return _grown(written for term in terms for written in _written(term, gap, seam))


def _grown(spelled: Iterable[list[str]]) -> dict[str, dict]:  # type: ignore[type-arg]
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for written in spelled:
        node = tree
        for piece in written:
            node = node.setdefault(piece, {})
        node[""] = {}
    return tree


def _written(term: str, gap: str, seam: str) -> list[list[str]]:
    """A term as lists of pattern pieces, one list for each spelling of its words."""
    lists: list[list[str]] = [[]]
    for number, word in enumerate(part for part in pieces(term) if part != COMMA):
        forms = [[r"\d+"]] if word == NUMBER else [_letters(form, is_capital(word), seam) for form in _forms(word)]
        lists = [[*before, *([gap] if number else []), *form] for before in lists for form in forms]
    return lists


def _forms(word: str) -> set[str]:
    return {nfc(form) for form in spellings_of(key_of(word))}


def _letters(word: str, capital: bool, seam: str) -> list[str]:
    first, rest = word[0], word[1:]
    start = re.escape(first.upper()) if capital else _either(first)
    return [start, *([seam] if seam and rest else []), *map(_either, rest)]


def _either(letter: str) -> str:
    upper = letter.upper()
    return re.escape(letter) if upper == letter or len(upper) > 1 else f"[{upper}{letter}]"


def _pattern(tree: dict[str, dict]) -> str:  # type: ignore[type-arg]
    """The tree as a pattern; every term ends at the end of a word."""
    branches = [piece + _pattern(below) for piece, below in tree.items() if piece]
    if "" in tree:
        branches.append(r"(?![^\W_])")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
