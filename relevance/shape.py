"""The shape of seeds/topic.toml and seeds/people.toml, checked when they are loaded."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Role = Literal["partner", "home", "defence", "joint", "act", "echo", "third", "alone"]
Reach = Literal["words", "sentence", "text"]
# The longest name among the seeds has 3 hyphens in a word, one number and two word lists; 8 hyphens are 256 spellings.
_MOST = {"-": 8, "#": 4, "{": 3}
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")


def _term(value: str) -> str:
    if not re.search(r"[^\W_]|#|\{", value):
        raise ValueError(f"{value!r} has no letter or digit")
    if value.count("{") != value.count("}") or value.count("(") != value.count(")"):
        raise ValueError(f"{value!r} has a bracket without its partner")
    for sign, most in _MOST.items():
        if max(word.count(sign) for word in (value.split() if sign == "-" else [value])) > most:
            raise ValueError(f"{value!r} has more than {most} of {sign!r}, each of which multiplies the spellings to look for")
    return value


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is not of the form lower-case-words")
    return value


Term = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_term)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Weight = Annotated[float, Field(gt=0, le=5)]


class Strict(BaseModel):
    """Unknown keys are errors and values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Labels(Strict):
    """What the two countries and the field are called in explanations."""

    partner: str
    home: str
    defence: str


class Places(Strict):
    """What a link is worth by where it stands; see seeds/topic.toml for the evidence behind each number."""

    headline: Weight
    lead: Weight
    body: Weight
    near: Weight
    caption: Annotated[float, Field(ge=0, le=5)]
    fade: Annotated[float, Field(gt=0, le=1)]


class Limits(Strict):
    """Where the decisions lie and what an article must show to reach them."""

    keep: Weight
    marginal: Weight
    keep_partner: Weight
    keep_defence: Weight
    marginal_defence: Weight
    full_share: Annotated[float, Field(gt=0, le=1)]
    short_sentences: Annotated[int, Field(ge=1)]
    body_links: Annotated[int, Field(ge=1)]
    body_share: Annotated[float, Field(gt=0, le=1)]
    list_countries: Annotated[int, Field(ge=1)]
    menu_places: Annotated[int, Field(ge=2)]
    caption_words: Annotated[int, Field(ge=1)]
    lead_words: Annotated[int, Field(ge=10)]
    more_terms: Annotated[float, Field(ge=0, le=1)]
    group_cap: Weight
    third_country: Annotated[float, Field(ge=0, le=5)]
    third_share: Annotated[float, Field(ge=0, le=5)]
    home_share: Annotated[float, Field(ge=0, lt=1)]


class Group(Strict):
    """Terms of one kind and what each weighs. ``names`` marks proper names: in other languages than Vietnamese they also
    match without accents. ``opens`` marks names of the partner without one of which nothing is shown, and on whose absence
    pages are refused before they are read. ``shared`` marks words that tell by themselves that both sides have a part in it,
    ``force`` the home country's forces, of whom a short text need not say more. ``abroad`` marks words of other languages
    that mean something else in Vietnamese."""

    id: Identifier
    role: Role
    weight: Weight
    terms: tuple[Term, ...] = Field(min_length=1)
    names: bool = False
    opens: bool = False
    shared: bool = False
    force: bool = False
    abroad: bool = False
    note: str = ""


class FromPeople(Strict):
    """Which entries of people.toml become evidence of which group."""

    id: Identifier
    role: Role
    weight: Weight
    what: Literal["person", "place"]
    side: str
    kinds: tuple[str, ...] = ()
    military: bool | None = None
    opens: bool = False
    shared: bool = False
    force: bool = False
    note: str = ""


class Veto(Strict):
    """Words that cancel evidence: where they overlap it (``words``), in the same sentence, or in the whole text once
    ``at_least`` of them stand there. ``cancels`` names groups or roles."""

    id: Identifier
    cancels: tuple[str, ...] = Field(min_length=1)
    terms: tuple[Term, ...] = Field(min_length=1)
    reach: Reach = "words"
    at_least: Annotated[int, Field(ge=1)] = 1
    note: str = ""


class Structure(Strict):
    """Words that tell a paragraph's part in the page."""

    tail: tuple[str, ...]
    abbreviations: tuple[str, ...]
    foreign: dict[str, tuple[str, str, str]] = {}


class TopicFile(Strict):
    """seeds/topic.toml."""

    name: str
    labels: Labels
    places: Places
    limits: Limits
    structure: Structure
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    words: dict[str, tuple[Term, ...]] = {}
    group: tuple[Group, ...] = Field(min_length=1)
    from_people: tuple[FromPeople, ...] = ()
    veto: tuple[Veto, ...] = ()

    @property
    def evidence(self) -> "list[Group | FromPeople]":
        """All groups of evidence, listed here or taken from the people file."""
        return [*self.group, *self.from_people]

    @property
    def listed(self) -> "list[Group | Veto]":
        """Everything that lists terms here."""
        return [*self.group, *self.veto]

    @model_validator(mode="after")
    def _consistent(self) -> "TopicFile":
        faults = [*_repeated(self), *_unknown_cancels(self), *_unknown_words(self), *_missing_roles(self)]
        if self.limits.marginal > self.limits.keep:
            faults.append("limits.marginal is above limits.keep")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class Person(Strict):
    """Somebody the articles name. ``since`` and ``until`` are years and only inform the reader."""

    name: Term
    side: str
    spellings: tuple[Term, ...] = ()
    role: str = ""
    military: bool = False
    since: int | None = Field(default=None, ge=1900, le=2100)
    until: int | None = Field(default=None, ge=1900, le=2100)

    @model_validator(mode="after")
    def _ordered(self) -> "Person":
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        return self


class Place(Strict):
    """A place with every spelling met. A hyphen in a spelling stands for hyphen, space or nothing."""

    name: Term
    side: str
    kind: str
    spellings: tuple[Term, ...] = ()


class PeopleFile(Strict):
    """seeds/people.toml."""

    person: tuple[Person, ...] = ()
    place: tuple[Place, ...] = ()


def placeholders(term: str) -> list[str]:
    """The names of word lists a term refers to: ``{rank} {surname}`` has two."""
    return _PLACEHOLDER.findall(term)


def _identifiers(topic: TopicFile) -> list[str]:
    return [*(entry.id for entry in topic.evidence), *(veto.id for veto in topic.veto)]


def _repeated(topic: TopicFile) -> list[str]:
    seen = _identifiers(topic)
    return [f"the id {name!r} is used twice" for name in sorted({name for name in seen if seen.count(name) > 1})]


def _unknown_cancels(topic: TopicFile) -> list[str]:
    known = {*_identifiers(topic), *(entry.role for entry in topic.evidence)}
    return [
        f"veto {veto.id} cancels {name!r}, which is no group or role"
        for veto in topic.veto
        for name in veto.cancels
        if name not in known
    ]


def _unknown_words(topic: TopicFile) -> list[str]:
    return [
        f"{entry.id}: {term!r} refers to the word list {name!r}, which is not in [words]"
        for entry in topic.listed
        for term in entry.terms
        for name in placeholders(term)
        if name not in topic.words
    ]


def _missing_roles(topic: TopicFile) -> list[str]:
    roles = {entry.role for entry in topic.evidence}
    faults = [f"no group has the role {role!r}" for role in ("partner", "home", "defence") if role not in roles]
    faults += [
        f"{entry.id} has opens = true but is no partner" for entry in topic.evidence if entry.opens and entry.role != "partner"
    ]
    if not any(entry.opens for entry in topic.evidence):
        faults.append("no group has opens = true, so that nothing could ever be shown")
    return faults
