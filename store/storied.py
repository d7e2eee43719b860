"""Stories as they are told: one event, whoever reported it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from relevance.verdict import Decision
from store.stories.story import Participant
from store.wording import counted

Role = Literal["first report", "report", "reprint"]
Counted = Literal["independent", "reprint", ""]


@dataclass(frozen=True, slots=True)
class Told:
    """The latest digest of a profile that told a story: its number, the end of its window, and the most it made of it."""

    digest: int
    until: datetime
    decision: Decision


@dataclass(frozen=True, slots=True)
class StoryReport:
    """One article at one outlet. ``published`` is when it appeared there, by what the page or else its feed says, or when it
    was first seen. ``counted`` says as what the story's lineage counts it: an outlet counts once, so a second report of an
    outlet is "". ``original`` is the article whose text it repeats, ``credit`` the house that it says its text is from.
    ``left_out`` and ``added`` are sentences of the original and of the copy that the other does not have, ``changed`` facts
    that differ (there, here); they are filled for a single story only."""

    article: int
    url: str
    outlet: str
    title: str
    lang: str | None
    published: datetime
    decision: Decision
    role: Role
    counted: Counted
    original: int | None = None
    credit: str | None = None
    left_out: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredStory:
    """One event. ``headlines`` by language; ``event`` its first and last day, None when no report says; ``first_report`` and
    ``last_report`` when it was reported; ``outlets`` in the order in which they came. ``reports`` are filled where asked for,
    by time; ``told`` says which digest of the profile asked for told it before. ``decision`` is "marginal" when none of its
    articles is kept."""

    id: int
    headlines: Mapping[str, str]
    event: tuple[date, date] | None
    place: str
    kind: str
    participants: tuple[Participant, ...]
    first_report: datetime
    last_report: datetime
    independent: int
    reprints: int
    outlets: tuple[str, ...]
    reports: tuple[StoryReport, ...] = ()
    told: Told | None = None
    decision: Decision = "keep"

    @property
    def lineage(self) -> str:
        """``3 independent reports, 11 reprints``."""
        return f"{counted(self.independent, 'independent report')}, {counted(self.reprints, 'reprint')}"


@dataclass(slots=True)
class Folded:
    """What putting articles into stories came to. ``faults`` are articles that broke our own code, with what was raised."""

    articles: int = 0
    founded: int = 0
    merged: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
