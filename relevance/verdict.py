"""What the filter says of an article, and why."""

from dataclasses import dataclass
from typing import Literal

Decision = Literal["keep", "marginal", "drop"]


@dataclass(frozen=True, slots=True)
class Document:
    """What is judged. ``site`` is a host name, ``lang`` a two-letter code or None when unknown."""

    text: str
    title: str = ""
    lead: str = ""
    url: str = ""
    site: str = ""
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: the ``term`` as written in the text, its ``group`` in the topic file, the ``place`` where it
    stands (headline, lead, body, ...), the ``weight`` it brought (negative for a veto), and the offsets of the first
    occurrence in that place's text."""

    term: str
    group: str
    place: str
    weight: float
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with its score, the reasons that made it, and why it was not the next one up (empty for keep).
    ``rules`` identifies the rule set (a digest of the topic and people files and of the engine's version)."""

    decision: Decision
    score: float
    reasons: tuple[Reason, ...]
    why_not_more: str
    rules: str
