"""Cheap first: does a page, as raw bytes, name the topic's partner at all?

The answer may be yes too often and must never be no where :func:`relevance.judge.judge` would keep or show the article, so
everything unclear passes: odd charsets, entities, decomposed accents and escapes in scripts are all looked through. It
rests on one rule of the judge: nothing is shown in which the partner is not named by a term of full weight.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from relevance.lexicon import COMMA, NUMBER, pieces, unaccented
from relevance.opening import SEAM, opened_readings
from relevance.topic import Topic
from relevance.words import WORD, is_capital, key_of, nfc, spellings_of

# Greek to Tibetan, Khmer, and Chinese to Korean: letters of the alphabets in which uncovered languages name a partner.
_OTHER_LETTER = re.compile("[\u0380-\u0fff\u1780-\u17ff\u3000-\udfff]")
_TAGS = "(?:<[^<>]*>)*"
_LOOSE_GAP = r"(?:[\s./'’\-–—‑‐]|<[^<>]*>|&(?:amp;)*[#\w]+;|\\[nrt])*"
_TIGHT_GAP = r"(?:[ \-\u00a0]|&nbsp;)"
_DROP_CAPITAL = r"<(?<=[>\s].<)[^<>]*>"
_WINDOW = 80
# A tag within a word ("Là<b>o</b>"): no capital begins behind it, or a capital stands before it. Words that only a tag parts
# look the same, as pieces lose their leading blanks.
_LOWER = "".join(letter for letter in map(chr, range(0x10000)) if letter.islower())
_UPPER = "".join(letter for letter in map(chr, range(0x10000)) if letter.isupper())
_SPLIT = re.compile(f"{SEAM}(?:(?<=[^\\W\\d_]{SEAM})[{_LOWER}]|(?<=[{_UPPER}]{SEAM})[^\\W\\d_])")
_RUN = re.compile(f"[^\\W\\d_]+(?:{SEAM}[^\\W\\d_]+)+")
_WORD_START = re.compile(r"(?<![^\W_])[^\W_]")
# The longest part of a name before the first tag within a word of it.
_NAME_CHARS = 48
# Pages of ../shared/pages have 220 such places at most; where there are far more, nobody looks at each.
_MANY_STARTS = 20_000
_SEAM_INSIDE = f"(?:{SEAM})?+"


@dataclass(frozen=True, slots=True)
class _Needles:
    """``any_of`` finds where some name may stand; ``classes`` pair the names of a kind with the vetoes that undo them;
    ``split`` is a name with tags anywhere within, ``beginnings`` what a word of a name may begin with before the first of them;
    ``abroad`` are the names by which uncovered languages know the partner, each with its first letter that is not Latin."""

    any_of: re.Pattern[str]
    classes: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]
    split: re.Pattern[str]
    beginnings: frozenset[str]
    abroad: tuple[tuple[str, str], ...]


_compiled: "WeakKeyDictionary[Topic, _Needles]" = WeakKeyDictionary()


def mentions_laos(body: bytes, content_type: str | None, topic: Topic) -> bool:
    """Whether the page may name the topic's partner. ``content_type`` is the header's value, if there was one."""
    return any(opened is None or may_name(opened.text, topic) for opened in opened_readings(body, content_type))


def standing_names(text: str, topic: Topic) -> Iterator[int]:
    """Where in an opened text a name of the partner begins that no veto covers."""
    needles = _needles_of(topic)
    match = needles.any_of.search(text)
    while match:
        if any(_stands(text, match.start(), names, vetoes) for names, vetoes in needles.classes):
            yield match.start()
        match = needles.any_of.search(text, match.start() + 1)


def has_split_name(text: str, topic: Topic) -> bool:
    """Whether tags stand within the words of a name, as editors leave them who paste from elsewhere. Vetoes are not asked."""
    starts: set[int] = set()
    beginnings = _needles_of(topic).beginnings
    for seam in _SPLIT.finditer(text):
        if _word_before(seam) in beginnings:
            begin = max(0, seam.start() - _NAME_CHARS)
            starts.update(match.start() for match in _WORD_START.finditer(text, begin, seam.start()))
            if len(starts) > _MANY_STARTS:
                return True
    split = _needles_of(topic).split
    return any(_SPLIT.search(match[0]) for match in (split.match(text, start) for start in starts) if match)


def _word_before(seam: re.Match[str]) -> str:
    """The part of a word that stands right before a tag."""
    start = end = seam.start()
    while start and end - start < _NAME_CHARS and seam.string[start - 1].isalpha():
        start -= 1
    return seam.string[start:end].lower()


def joined(text: str) -> str:
    """An opened text without the tags within words; words that only a tag parts come together too."""
    return _SPLIT.sub(lambda seam: seam[0][len(SEAM) :], text)


def has_split_word(text: str, keys: frozenset[str]) -> bool:
    """Whether tags stand within a word of the given ones (see :func:`relevance.words.key_of`)."""
    return any(_is_split(run[0], keys) for run in _RUN.finditer(text))


def _is_split(run: str, keys: frozenset[str]) -> bool:
    """Whether one of the words comes together when the tags in a run of letters go."""
    apart = run.split(SEAM)
    return any(key_of(word) in keys for word in joined(run).split(SEAM) if word not in apart)


def is_foreign(text: str, topic: Topic) -> bool:
    """Whether some uncovered language has all its hints in the text, as :func:`relevance.judge.foreign_language` asks."""
    return _is_foreign(text, topic, _names_abroad(text, topic))


def _is_foreign(text: str, topic: Topic, named: set[str]) -> bool:
    if not named:
        return False
    lower = text.lower()
    return any(
        not named.isdisjoint(partner.split("|")) and all(any(hint in lower for hint in hints.split("|")) for hints in others)
        for partner, *others in topic.structure.foreign.values()
    )


def _names_abroad(text: str, topic: Topic) -> set[str]:
    """What stands in the text of the names in uncovered languages. Few pages hold other letters than Latin, and then few
    different ones, so that most names are ruled out at once."""
    letters = {"", *_OTHER_LETTER.findall(text)}
    return {name for letter, name in _needles_of(topic).abroad if letter in letters and name in text}


def may_name(text: str, topic: Topic) -> bool:
    """Whether an opened text names the partner, in any language."""
    if any(True for _ in standing_names(text, topic)) or has_split_name(text, topic):
        return True
    named = _names_abroad(text, topic)
    return any(_OTHER_LETTER.search(name) for name in named) or _is_foreign(text, topic, named)


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
        re.compile(_alternatives(set().union(*classes.values()), _LOOSE_GAP, _SEAM_INSIDE, inside=True)),
        frozenset(_beginnings(set().union(*classes.values()))),
        tuple({_with_letter(name) for partner, *_ in topic.structure.foreign.values() for name in partner.split("|")}),
    )


def _beginnings(names: Iterable[str]) -> Iterator[str]:
    """Every beginning of every word of the names, in small letters, whole words left out."""
    for form in {form.lower() for name in names for word in pieces(name) for form in _forms(word)}:
        yield from (form[:end] for end in range(1, len(form)))


def _with_letter(name: str) -> tuple[str, str]:
    letter = _OTHER_LETTER.search(name)
    return (letter[0] if letter else "", name)


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

    Branches that all begin with a letter let the engine skip to the next candidate by itself, and refuse most of these by
    their second letter; this is forty times as fast as the names in a row. A lone capital before a tag may be a drop
    capital, so it counts as a candidate too.
    """
    spelled = (written for name in names for written in _written(name, _LOOSE_GAP, ""))
    tree = _grown([letter, *rest] for first, *rest in spelled for letter in _letters_in(first))
    for below in tree.values():
        below[_DROP_CAPITAL] = {}
    return _pattern(tree)


def _letters_in(piece: str) -> list[str]:
    """The letters that a piece of a pattern stands for, one by one."""
    return list(piece[1:-1]) if piece.startswith("[") else [piece]


def _alternatives(terms: Iterable[str], gap: str, seam: str, *, inside: bool = False) -> str:
    """One pattern for all terms, for matching at a given place. ``seam`` may stand behind a first letter (drop capitals), or
    ``inside`` a word behind any."""
    return _pattern(_grown(written for term in terms for written in _written(term, gap, seam, inside=inside)))


def _grown(spelled: Iterable[list[str]]) -> dict[str, dict]:  # type: ignore[type-arg]
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for written in spelled:
        node = tree
        for piece in written:
            node = node.setdefault(piece, {})
        node[""] = {}
    return tree


def _written(term: str, gap: str, seam: str, *, inside: bool = False) -> list[list[str]]:
    """A term as lists of pattern pieces, one list for each spelling of its words."""
    lists: list[list[str]] = [[]]
    for number, word in enumerate(part for part in pieces(term) if part != COMMA):
        forms = (
            [[r"\d+"]] if word == NUMBER else [_letters(form, is_capital(word), seam, inside=inside) for form in _forms(word)]
        )
        lists = [[*before, *([gap] if number else []), *form] for before in lists for form in forms]
    return lists


def _forms(word: str) -> set[str]:
    return {nfc(form) for form in spellings_of(key_of(word))}


def _letters(word: str, capital: bool, seam: str, *, inside: bool) -> list[str]:
    first, rest = word[0], word[1:]
    start = re.escape(first.upper()) if capital else _either(first)
    if inside:
        return [start, *(piece for letter in rest for piece in (seam, _either(letter)))]
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
