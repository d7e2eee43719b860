"""Cheap first: does a page, as raw bytes, name the topic's partner at all?

The answer may be yes too often and must never be no where :func:`relevance.judge.judge` would keep or show the article, so
everything unclear passes: odd charsets, entities, decomposed accents and escapes in scripts are all looked through. It
rests on one rule of the judge: nothing is shown in which the partner is not named by a term of full weight.
"""

import codecs
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from relevance.lexicon import NUMBER, unaccented
from relevance.topic import Topic
from relevance.words import WORD, key_of, nfc, spellings_of

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LETTER_ENTITY = re.compile(r"&(?:amp;)*(?:#|[A-Za-z]{1,2}(?:acute|grave|circ|tilde|uml|breve|horn|hook|dot|strok|shy)|shy)")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")
_COMBINING = re.compile("[\u0300-\u036f]")
_TAGS = "(?:<[^<>]*>)*"
_LOOSE_GAP = r"(?:[\s.\-–—‑‐]|<[^<>]*>|&[#\w]+;|\\[nrt])*"
_TIGHT_GAP = r"(?:[ \-\u00a0]|&nbsp;)"
_WINDOW = 80


@dataclass(frozen=True, slots=True)
class _Needles:
    """``any_of`` finds where some name may stand; ``classes`` pair the names of a kind with the vetoes that undo them."""

    any_of: re.Pattern[str]
    classes: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]
    foreign: tuple[str, ...]


_compiled: "WeakKeyDictionary[Topic, _Needles]" = WeakKeyDictionary()


def mentions_laos(body: bytes, content_type: str | None, topic: Topic) -> bool:
    """Whether the page may name the topic's partner. ``content_type`` is the header's value, if there was one."""
    needles = _needles_of(topic)
    return any(text is None or _names(text, needles) for text in _readings(body, content_type))


def _readings(body: bytes, content_type: str | None) -> Iterator[str | None]:
    """The page as text, in every reading that its bytes and its declarations allow; None where there is none."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            yield _decoded(body, codec)
            return
    declared = _declared(body, content_type)
    utf8 = _decoded(body, "utf-8")
    if utf8 is not None:
        yield utf8
    wide = body.count(b"\0", 0, 2000) * 4 > min(len(body), 2000)
    others = {codec for codec in declared if codec not in ("utf-8", "ascii")} | ({"utf-16-le", "utf-16-be"} if wide else set())
    if utf8 is None and not others:
        others = {"cp1258"}
    if utf8 is not None and body.isascii() and not wide:
        others.clear()
    for codec in sorted(others):
        yield _decoded(body, codec)


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


def _names(text: str, needles: _Needles) -> bool:
    text = _plain(text)
    if any(word in text for word in needles.foreign):
        return True
    match = needles.any_of.search(text)
    while match:
        if any(_stands(text, match.start(), names, vetoes) for names, vetoes in needles.classes):
            return True
        match = needles.any_of.search(text, match.start() + 1)
    return False


def _plain(text: str) -> str:
    """The text with everything opened that can hide a letter."""
    for _ in range(3):
        if not _LETTER_ENTITY.search(text):
            break
        text = html.unescape(text)
    if "\\u" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFC", text) if _COMBINING.search(text) else text


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
    naming = [index for index, kind in enumerate(topic.kinds) if kind.role == "partner" and topic.names_partner(index)]
    classes: dict[frozenset[int], set[str]] = {}
    for spelling, kind in topic.spellings:
        if kind in naming:
            vetoes = frozenset(index for index, cancelled in enumerate(topic.cancels) if kind in cancelled)
            classes.setdefault(_by_words(vetoes, topic), set()).update({spelling, *unaccented([spelling])})
    parts = {vetoes: _alternatives(_needed(names), _LOOSE_GAP, _TAGS) for vetoes, names in classes.items()}
    return _Needles(
        re.compile("|".join(parts.values())),
        tuple((re.compile(part), _veto_pattern(vetoes, topic)) for vetoes, part in parts.items()),
        topic.foreign_partners,
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


def _alternatives(terms: Iterable[str], gap: str, seam: str) -> str:
    """One pattern for all terms, shared beginnings once. ``seam`` may stand behind a first letter (drop capitals)."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for term in terms:
        for pieces in _pieces(term, gap, seam):
            node = tree
            for piece in pieces:
                node = node.setdefault(piece, {})
            node[""] = {}
    return _pattern(tree)


def _pieces(term: str, gap: str, seam: str) -> list[list[str]]:
    """A term as lists of pattern pieces, one list for each spelling of its words."""
    lists: list[list[str]] = [[]]
    for number, word in enumerate(part for written in term.replace(NUMBER, f" {NUMBER} ").split() for part in _parts(written)):
        forms = [[r"\d+"]] if word == NUMBER else [_letters(form, key_of(word).capital, seam) for form in _forms(word)]
        lists = [[*before, *([gap] if number else []), *form] for before in lists for form in forms]
    return lists


def _parts(written: str) -> list[str]:
    return [NUMBER] if written == NUMBER else WORD.findall(written)


def _forms(word: str) -> set[str]:
    return {nfc(form) for form in spellings_of(key_of(word).word)}


def _letters(word: str, capital: bool, seam: str) -> list[str]:
    first, rest = word[0], word[1:]
    start = re.escape(first.upper()) if capital else _either(first)
    return [start, *([seam] if seam and rest else []), *map(_either, rest)]


def _either(letter: str) -> str:
    upper = letter.upper()
    return re.escape(letter) if upper == letter or len(upper) > 1 else f"[{upper}{letter}]"


def _pattern(tree: dict[str, dict]) -> str:  # type: ignore[type-arg]
    """The tree as a pattern; longer terms are tried first, and every term ends at the end of a word."""
    branches = [piece + _pattern(below) for piece, below in tree.items() if piece]
    if "" in tree:
        branches.append(r"(?![^\W_])")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
