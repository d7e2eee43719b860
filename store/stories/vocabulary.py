"""What the clusterer knows before it reads: words of the subject, people and places, each under one key."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import regex

from relevance.shape import PeopleFile, Person, Place
from relevance.words import joined
from spiders.seedfile import load_model
from store.stories.fold import alike, fold, skeleton, tokens, words

SYLLABLE = regex.compile(
    r"(?:b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x)?[aeiouy]{1,3}(?:ch|ng|nh|c|m|n|p|t)?"
)


@cache
def lexicon() -> dict[str, dict[str, Any]]:
    """store/stories/lexicon.toml as parsed."""
    parsed: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files("store.stories").joinpath("lexicon.toml").read_text(encoding="utf-8")
    )
    return parsed


SURNAMES, RANKS, TITLES_EN, TITLES_VI, CALENDAR, PLAIN = (
    frozenset(lexicon()["names"][name]) for name in ("surnames", "ranks", "titles_en", "titles_vi", "calendar", "plain")
)
ONE_PLACE = 0.6
"""Letters of two spellings that agree this far are of one place (Viengchan and Vientiane: 0.67)."""
ONE_PERSON = 0.8
"""Sounds of two spellings that agree this far are of one person; a shared family name alone is below it."""
SCRIPTS = ("vi", "vi-plain", "en")
"""How a text is written: Vietnamese with accents, Vietnamese without, English (or anything else)."""
PROVINCE_KINDS = frozenset({"province", "municipality", "city", "capital", "prefecture"})


class Found(NamedTuple):
    """A term in a list of words: its key and the words ``first`` to ``last`` (exclusive)."""

    key: str
    first: int
    last: int


class Terms:
    """Spelled terms by their first word; found in one pass, the longest at each word."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    def add(self, spelled: tuple[str, ...], key: str) -> None:
        """Adds a spelling of ``key`` as words in the form in which texts will be searched; an empty one is left out."""
        if spelled:
            same = self._by_first.setdefault(spelled[0], [])
            same.append((spelled, key))
            same.sort(key=lambda entry: -len(entry[0]))

    def key_of(self, spelled: tuple[str, ...]) -> str | None:
        """The key under which a spelling was added first."""
        return next((key for other, key in self._by_first.get(spelled[0], ()) if other == spelled), None) if spelled else None

    def find(self, found: list[str]) -> Iterator[Found]:
        """Every term in a list of words, one a starting word."""
        for index, word in enumerate(found):
            for spelled, key in self._by_first.get(word, ()):
                if tuple(found[index : index + len(spelled)]) == spelled:
                    yield Found(key, index, index + len(spelled))
                    break


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A known place: its key, the country (``vietnam``, ``laos``, ...) and whether it is a province or city."""

    key: str
    name: str
    side: str
    province: bool


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A known person: key, name as the people file has it, side and role."""

    key: str
    name: str
    side: str
    role: str


class Vocabulary:
    """Everything known, compiled. Build it once; it is read-only afterwards."""

    def __init__(self, words_of_subject: dict[str, dict[str, Any]], people: PeopleFile) -> None:
        self._lexicon = words_of_subject
        self.subject = {script: Terms() for script in SCRIPTS}
        self.formulaic = {script: Terms() for script in SCRIPTS}
        self.counted = {script: Terms() for script in SCRIPTS}
        self.names = Terms()
        self.kind_of_act: dict[str, str] = {}
        self.parts_of_act: dict[str, frozenset[str]] = {}
        self.places: dict[str, PlaceEntry] = {}
        self.persons: dict[str, PersonEntry] = {}
        self._add_subject()
        for names in words_of_subject["provinces"]["vietnam"]:
            name, *others = names.split("|")
            self._add_place(Place(name=name, side="vietnam", kind="province", spellings=tuple(others)))
        self._add_people(people)

    @cached_property
    def common(self) -> dict[str, frozenset[str]]:
        """Words that are no evidence, by language."""
        return {lang: frozenset(map(singular, map(fold, self._lexicon["common"][lang]))) for lang in ("vi", "en")}

    @cached_property
    def plain_english(self) -> frozenset[str]:
        """English words that are no names although a headline may write them with a capital."""
        entries = (*self._lexicon["acts"].values(), *self._lexicon["concepts"].values())
        return (
            frozenset(word for entry in entries for term in entry["en"] for word in words(term))
            | self.common["en"]
            | PLAIN
            | TITLES_EN
            | CALENDAR
        )

    def _add_subject(self) -> None:
        for lang in ("vi", "en"):
            for table in ("acts", "concepts"):
                for name, entry in self._lexicon[table].items():
                    self._add(self.subject, lang, entry[lang], name)
            self._add(self.formulaic, lang, self._lexicon["formulaic"][lang], "formula")
            self._add_counted(lang)
        self.kind_of_act = {name: entry["kind"] for name, entry in self._lexicon["acts"].items()}
        self.parts_of_act = {name: frozenset(entry.get("holds", ())) for name, entry in self._lexicon["acts"].items()}

    def _add_counted(self, lang: str) -> None:
        table = self._lexicon["counted"]
        concepts = self._lexicon["concepts"]
        for name in table["concepts"]:
            self._add(self.counted, lang, concepts[name][lang], name)
        for name, terms in table[lang].items():
            self._add(self.counted, lang, terms, name)

    def _add(self, found_by: dict[str, Terms], lang: str, terms: list[str], key: str) -> None:
        """Vietnamese terms are searched as spelled; in a text without accents only those of several words, since a bare
        syllable (``tang``) is half a dozen words."""
        for term in terms:
            read = tokens(term)
            if lang == "vi":
                found_by["vi"].add(tuple(token.spelled for token in read), key)
            if lang == "en" or len(read) > 1:
                found_by["en" if lang == "en" else "vi-plain"].add(tuple(singular(token.word) for token in read), key)

    def _add_people(self, people: PeopleFile) -> None:
        for place in people.place:
            for one in _single_places(place):
                self._add_place(one)
        for person in people.person:
            for single in _single_persons(person):
                self._add_person(single)

    def _add_person(self, person: Person) -> None:
        key = "p:" + person_key(person.name)
        self.persons.setdefault(key, PersonEntry(key, person.name, person.side, person.role))
        for spelling in _ways(person):
            if len(words(spelling)) > 1:
                self.names.add(tuple(words(spelling)), key)

    def _add_place(self, place: Place) -> None:
        name = self.names.key_of(tuple(words(place.name)))
        key = name or "l:" + place_key(place.name)
        known = PlaceEntry(key, place.name, place.side, place.kind in PROVINCE_KINDS)
        self.places.setdefault(key, known)
        for spelling in _ways(place):
            self.names.add(tuple(words(spelling)), key)


def load_vocabulary(people_path: Path) -> Vocabulary:
    """The vocabulary with the people and places of a TOML file. Raises ConfigurationError when that file is wrong."""
    return Vocabulary(lexicon(), load_model(people_path, PeopleFile))


def singular(word: str) -> str:
    """An English plural's singular, roughly; Vietnamese syllables do not end in s."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def person_key(name: str) -> str:
    """One key for all spellings of a name: a Vietnamese name without accents, any other by its sound."""
    return " ".join(words(name)) if is_vietnamese_name(name) else skeleton(name)


def place_key(name: str) -> str:
    """One key for a place; the sound alone is too little for short names, so its letters are kept without accents."""
    return "".join(words(name))


def is_vietnamese_name(name: str) -> bool:
    """Two to four syllables, the first a Vietnamese family name, none joined by a hyphen."""
    parts = fold(name).split()
    return 2 <= len(parts) <= 4 and parts[0] in SURNAMES and "-" not in name and all(map(SYLLABLE.fullmatch, parts))


def _single_places(place: Place) -> Iterator[Place]:
    """The places of an entry that lists several under one name, each as its own; a partner's place is always one."""
    if place.side == "laos":
        yield place
        return
    own = [spelling for spelling in place.spellings if alike(place_key(spelling), place_key(place.name)) >= ONE_PLACE]
    yield place.model_copy(update={"spellings": tuple(own)})
    for spelling in place.spellings:
        if spelling not in own:
            yield Place(name=spelling, side=place.side, kind="town" if place.kind in PROVINCE_KINDS else place.kind)


def _single_persons(person: Person) -> Iterator[Person]:
    """The persons of an entry that lists several under the first one's name, each as its own (without the first's role)."""
    own = [spelling for spelling in person.spellings if _one_person(spelling, person.name)]
    yield person.model_copy(update={"spellings": tuple(own)})
    for spelling in person.spellings:
        part = skeleton(spelling) in skeleton(person.name)
        if spelling not in own and not part and (is_vietnamese_name(spelling) or len(spelling.split()) > 1):
            yield Person(name=spelling, side=person.side)


def _one_person(spelling: str, name: str) -> bool:
    if is_vietnamese_name(spelling) or is_vietnamese_name(name):
        return person_key(spelling) == person_key(name)
    return alike(skeleton(spelling), skeleton(name)) >= ONE_PERSON


def _ways(named: Person | Place) -> Iterator[str]:
    for spelling in (named.name, *named.spellings):
        yield from joined(spelling)
