"""A topic: what counts as evidence and what it weighs, read from two TOML files that need no programmer."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from relevance.lexicon import Lexicon, expand, unaccented
from relevance.shape import FromPeople, Labels, Limits, PeopleFile, Person, Place, Places, Structure, TopicFile, Veto
from relevance.words import nfc
from spiders.errors import ConfigurationError, Problem
from spiders.seedfile import problems_of, read_toml

Model = TypeVar("Model", TopicFile, PeopleFile)

ENGINE = "4"
"""Version of the judging code; raise it with every change that can alter a verdict."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a hit stands for: a group of evidence, or a veto (``role`` is then ``veto``). ``opens`` marks names of the partner;
    nothing is shown without one of them. ``shared`` marks what both sides have a part in, ``force`` the home country's
    forces."""

    id: str
    role: str
    opens: bool = False
    shared: bool = False
    force: bool = False
    veto: Veto | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class Topic:
    """A loaded topic.

    ``exact`` finds terms as written, ``named`` also proper names without accents, ``plain`` every term without accents.
    ``outlets`` and ``languages`` are the home country's own, ``covered`` the languages that the terms are written in.
    ``cancels[k]`` are the kinds that the veto of kind ``k`` cancels; ``spellings`` pairs every spelling with its kind.
    ``rules`` identifies the rule set.
    """

    name: str
    labels: Labels
    places: Places
    limits: Limits
    structure: Structure
    outlets: tuple[str, ...]
    languages: tuple[str, ...]
    covered: tuple[str, ...]
    kinds: tuple[Kind, ...]
    exact: Lexicon
    named: Lexicon
    plain: Lexicon
    cancels: tuple[frozenset[int], ...]
    spellings: tuple[tuple[str, int], ...]
    rules: str

    def __repr__(self) -> str:
        return f"<Topic {self.name}, rules {self.rules}>"

    def is_home_outlet(self, site: str) -> bool:
        """Whether the host name belongs to an outlet of the home country."""
        host = "." + site.lower().removeprefix("www.")
        return any(host.endswith(outlet if outlet.startswith(".") else "." + outlet) for outlet in self.outlets)


@dataclass(frozen=True, slots=True)
class _Spelling:
    text: str
    kind: int
    weight: float
    name: bool
    abroad: bool = False


def load_topic(topic_path: Path, people_path: Path) -> Topic:
    """The topic of the two files. Raises ConfigurationError with every problem of both, each with file, key and reason."""
    topic, people = read_topic(topic_path, people_path)
    raw = b"\0".join((ENGINE.encode(), topic_path.read_bytes(), people_path.read_bytes()))
    return build(topic, people, f"{ENGINE}-{hashlib.sha256(raw).hexdigest()[:12]}")


def read_topic(topic_path: Path, people_path: Path) -> tuple[TopicFile, PeopleFile]:
    """The two files, checked but not compiled. Raises ConfigurationError as `load_topic` does."""
    problems: list[Problem] = []
    topic, people = _checked(topic_path, TopicFile, problems), _checked(people_path, PeopleFile, problems)
    if topic and people:
        problems += [*_unused(topic, people, topic_path), *_repeated_people(people, people_path)]
        if not problems:
            return topic, people
    raise ConfigurationError(problems)


def build(topic: TopicFile, people: PeopleFile, rules: str) -> Topic:
    """The compiled topic. ``rules`` is the identity it will carry."""
    kinds = (
        *(Kind(entry.id, entry.role, entry.opens, entry.shared, entry.force) for entry in topic.evidence),
        *(Kind(veto.id, "veto", veto=veto) for veto in topic.veto),
    )
    spellings = [*_of_groups(topic, kinds), *_of_people(topic, people, kinds)]
    exact = [(each.text, each.kind, each.weight) for each in spellings if not each.abroad]
    abroad = [(each.text, each.kind, each.weight) for each in spellings if each.abroad]
    named = [(bare, each.kind, each.weight) for each in spellings if each.name for bare in unaccented([each.text])]
    plain = [(bare, each.kind, each.weight) for each in spellings if not each.name for bare in unaccented([each.text])]
    return Topic(
        topic.name,
        topic.labels,
        topic.places,
        topic.limits,
        topic.structure,
        tuple(outlet.lower() for outlet in topic.outlets),
        topic.languages,
        topic.covered,
        kinds,
        Lexicon(exact),
        Lexicon([*exact, *abroad, *named]),
        Lexicon([*exact, *abroad, *named, *plain]),
        tuple(frozenset(_cancelled(kind, kinds)) for kind in kinds),
        tuple((spelling.text, spelling.kind) for spelling in spellings),
        rules,
    )


def _checked(path: Path, model: type[Model], problems: list[Problem]) -> Model | None:
    try:
        return model.model_validate(read_toml(path))
    except ConfigurationError as error:
        problems += error.problems
    except ValidationError as error:
        problems += problems_of(error, path)
    return None


def _cancelled(kind: Kind, kinds: tuple[Kind, ...]) -> Iterator[int]:
    wanted = kind.veto.cancels if kind.veto else ()
    return (index for index, other in enumerate(kinds) if other.id in wanted or other.role in wanted)


def _of_groups(topic: TopicFile, kinds: tuple[Kind, ...]) -> Iterator[_Spelling]:
    index = {kind.id: number for number, kind in enumerate(kinds)}
    lists = {name: tuple(map(nfc, words)) for name, words in topic.words.items()}
    for group in topic.group:
        for term in group.terms:
            for text in expand(nfc(term), lists):
                yield _Spelling(text, index[group.id], group.weight, group.names, group.abroad)
    for veto in topic.veto:
        for term in veto.terms:
            for text in expand(nfc(term), lists):
                yield _Spelling(text, index[veto.id], 0.0, True)


def _of_people(topic: TopicFile, people: PeopleFile, kinds: tuple[Kind, ...]) -> Iterator[_Spelling]:
    index = {kind.id: number for number, kind in enumerate(kinds)}
    for rule in topic.from_people:
        for entry in people.person if rule.what == "person" else people.place:
            if _applies(rule, entry):
                for term in (entry.name, *entry.spellings):
                    for text in expand(nfc(term), {}):
                        yield _Spelling(text, index[rule.id], rule.weight, True)


def _applies(rule: FromPeople, entry: Person | Place) -> bool:
    if entry.side != rule.side:
        return False
    if isinstance(entry, Place):
        return not rule.kinds or entry.kind in rule.kinds
    return rule.military is None or entry.military == rule.military


def _unused(topic: TopicFile, people: PeopleFile, path: Path) -> list[Problem]:
    return [
        Problem(str(path), f"from_people {rule.id}", f"no {rule.what} in the people file is of side {rule.side!r} and fits")
        for rule in topic.from_people
        if not any(_applies(rule, entry) for entry in (people.person if rule.what == "person" else people.place))
    ]


def _repeated_people(people: PeopleFile, path: Path) -> list[Problem]:
    names = [("person", entry.name, entry.side) for entry in people.person]
    names += [("place", entry.name, f"{entry.side} {entry.kind}") for entry in people.place]
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [Problem(str(path), f"{what} {name}", "stands in the file twice") for what, name, _ in repeated]
