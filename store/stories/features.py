"""A report as what it tells of an event: who, where, when, what was done, how many. Language falls away."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from store.stories.dates import Span, day_span, event_span, mentions
from store.stories.fold import fold, language_of, tokens
from store.stories.names import names_in
from store.stories.numbers import coded_numbers, counts
from store.stories.vocabulary import RANKS, SYLLABLE, Found, Vocabulary, singular

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LEAD_WORDS = 60
"""Words after the headline in which agencies say who did what where; both languages' leads of the labelled set end by then."""
HEADLINE, LEAD, BODY, TAIL = 2.0, 1.5, 1.0, 0.5
STEP = 0.49
LONGEST = 30_000
"""Characters of a text that are read: an event is told in its first pages."""
TAIL_WORDS = 260
NO_NAMES = frozenset({"b:vietnam", "b:vietlao", "b:laoviet", "b:vietnamlao", "b:dienbienphu", "b:hochiminh", "p:ho chi minh"})
"""Capitals that every report has, and a name that is a place, an order and an anniversary."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is clustered. ``published`` is a time with zone, a day, a month or year as a span, or None; ``lang`` is a code or
    None when unknown."""

    id: str
    title: str
    text: str
    url: str = ""
    site: str = ""
    lang: str | None = None
    published: datetime | date | Span | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """What a report says. Weights are by where a thing stands (headline, lead, body). ``published`` is the local day (or
    month, or year) of publication, ``event`` the day or days the event took, ``days`` all days named. ``terms`` are
    language-free tokens, ``words`` the words of its own language without formulas and small words; ``heads`` are the
    persons and ``where`` the provinces of headline and lead; ``counts`` the numbers there by what is counted;
    ``names`` how unknown persons and places are written."""

    id: str
    lang: str
    site: str
    published: Span | None
    event: Span | None
    days: tuple[Span, ...]
    persons: dict[str, float]
    places: dict[str, float]
    acts: dict[str, float]
    terms: dict[str, float]
    words: dict[str, float]
    heads: frozenset[str]
    where: frozenset[str]
    counts: dict[str, frozenset[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def features_of(report: Report, vocabulary: Vocabulary) -> Features:
    """What a report says, read once; pure."""
    lang = language_of(f"{report.title}\n{report.text}", report.lang)
    reading = _Reading(report, lang, vocabulary)
    published = published_span(report.published)
    days = mentions(reading.text, published)
    persons, places, other = reading.names()
    acts, concepts = reading.subject()
    codes = reading.numbers(days)
    return Features(
        report.id,
        lang,
        report.site,
        published,
        event_span(days, published),
        days,
        persons,
        places,
        acts,
        {**other, **concepts, **codes},
        reading.own_words(),
        frozenset(key for key, weight in persons.items() if weight >= LEAD and key in reading.sure),
        frozenset(key for key, weight in places.items() if weight >= LEAD and _is_province(key, vocabulary)),
        _by_thing(codes),
        reading.written,
    )


def published_span(published: datetime | date | Span | None) -> Span | None:
    """The day in Vietnam on which something was published; a bare day is that day, a span itself."""
    if published is None or isinstance(published, Span):
        return published
    if isinstance(published, datetime):
        return day_span(published.astimezone(HANOI).date() if published.tzinfo else published.date())
    return day_span(published)


class _Reading:
    """One pass over a report; what is found is weighed by where it stands."""

    def __init__(self, report: Report, lang: str, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        title = report.title if report.title != report.title.upper() else report.title.capitalize()
        text = report.text[:LONGEST]
        self.text = unicodedata.normalize("NFC", f"{title}.\n{text}" if title else text)
        self.tokens = tokens(self.text)
        self.folded = [token.word for token in self.tokens]
        self.grammar = "vi" if lang == "vi" else "en"
        self.script = "vi-plain" if lang == "vi" and self.text.isascii() else self.grammar
        self.searched = [token.spelled if self.script == "vi" else singular(token.word) for token in self.tokens]
        self.headline_words = len(tokens(title))
        self.sure: set[str] = set()
        self.written: dict[str, str] = {}

    def by_word(self, index: int) -> float:
        """What a word weighs by its place."""
        if index < self.headline_words:
            return HEADLINE
        if index < self.headline_words + LEAD_WORDS:
            return LEAD
        return BODY if index < TAIL_WORDS else TAIL

    def by_character(self, at: int) -> float:
        """What a character's word weighs by its place."""
        return self.by_word(bisect_left(self.tokens, at, key=lambda token: token.start))

    def names(self) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
        """Persons, places and other capitals."""
        known = [hit for hit in self.vocabulary.names.find(self.folded) if self._is_name(hit)]
        unknown = list(names_in(self._without(known), self.grammar, self.vocabulary))
        self.sure = {hit.key for hit in known} | {name.key for name in unknown if name.sure}
        self.written = {name.key: name.written for name in reversed(unknown)}
        found = _strongest(
            [
                *((hit.key, self.by_word(hit.first)) for hit in known),
                *((name.key, self.by_character(name.at)) for name in unknown),
            ]
        )
        groups: dict[str, dict[str, float]] = {"p": {}, "l": {}, "b": {}}
        for key, weight in found.items():
            if key not in NO_NAMES:
                groups[key[0]][key] = weight
        return groups["p"], groups["l"], groups["b"]

    def _is_name(self, hit: Found) -> bool:
        """Whether a known name is meant: it has a capital, and what right after a rank, or as the last syllable of a run of
        capitals, is a place's name (``Vinh``) is a person's."""
        first = self.tokens[hit.first]
        if not first.capital or hit.first == 0 or not hit.key.startswith("l:"):
            return first.capital
        before = self.tokens[hit.first - 1]
        inside = before.capital and hit.last - hit.first == 1 and self.text[before.end : first.start] in (" ", "-")
        return before.word not in RANKS and not (inside and SYLLABLE.fullmatch(before.word))

    def _without(self, known: list[Found]) -> str:
        """The text with known names blanked by a lower-case letter, so that offsets stay and no run of capitals spans them."""
        text = self.text
        for hit in known:
            start, end = self.tokens[hit.first].start, self.tokens[hit.last - 1].end
            text = text[:start] + "x" * (end - start) + text[end:]
        return text

    def subject(self) -> tuple[dict[str, float], dict[str, float]]:
        """Acts (``talks``, ``patrol``, ...) and what they are about."""
        hits = [(hit.key, self.by_word(hit.first)) for hit in self.vocabulary.subject[self.script].find(self.searched)]
        weights = _strongest(hits, repeated=0.25)
        kinds = self.vocabulary.kind_of_act
        return (
            {key: weight for key, weight in weights.items() if key in kinds},
            {f"c:{key}": weight for key, weight in weights.items() if key not in kinds},
        )

    def numbers(self, days: tuple[Span, ...]) -> dict[str, float]:
        """Markers, units, editions and counts; a number that is part of a date or a code is not counted again."""
        coded = list(coded_numbers(fold.__wrapped__(self.text)))
        taken = {number.token[2:].removeprefix("k") for number in coded}
        dated = bytearray(len(self.text) + 1)
        for span in days:
            dated[span.at : span.end] = b"\1" * (span.end - span.at)
        folded = ["" if dated[token.start] else token.word for token in self.tokens]
        counted = counts(folded, self.searched, self.vocabulary.counted[self.script])
        return _strongest(
            [
                *((number.token, self.by_character(number.at)) for number in coded),
                *((number.token, self.by_word(number.at)) for number in counted if number.token[2:] not in taken),
            ]
        )

    def own_words(self) -> dict[str, float]:
        """Words (and, since a Vietnamese syllable says little, pairs of words) that are not formulas."""
        said = [singular(word) for word in self.folded]
        for hit in self.vocabulary.formulaic[self.script].find(self.searched):
            said[hit.first : hit.last] = [""] * (hit.last - hit.first)
        common = self.vocabulary.common[self.grammar]
        kept = [word if word and not word[0].isdigit() else "" for word in said]
        single = [word for word in kept if len(word) > 1 and word not in common]
        pairs = [f"{a} {b}" for a, b in pairwise(kept) if a and b and not (a in common and b in common)]
        return {token: float(times) for token, times in Counter([*single, *pairs]).items()}


def _strongest(found: Iterable[tuple[str, float]], repeated: float = 0.15) -> dict[str, float]:
    """Each key with its best place's weight and a little more each time it is said again, short of the next better place."""
    best: dict[str, float] = {}
    times: Counter[str] = Counter()
    for key, weight in found:
        best[key] = max(weight, best.get(key, 0.0))
        times[key] += 1
    return {key: weight + min(STEP, repeated * (times[key] - 1)) for key, weight in best.items()}


def _by_thing(codes: dict[str, float]) -> dict[str, frozenset[str]]:
    """Numbers by what is counted, for those that stand in headline or lead."""
    things: dict[str, set[str]] = {}
    for token, weight in codes.items():
        kind, _, rest = token.partition(":")
        number, _, thing = rest.partition(":")
        if kind == "n" and thing and weight >= LEAD:
            things.setdefault(thing, set()).add(number)
    return {thing: frozenset(numbers) for thing, numbers in things.items()}


def _is_province(key: str, vocabulary: Vocabulary) -> bool:
    place = vocabulary.places.get(key)
    return bool(place and place.province)
