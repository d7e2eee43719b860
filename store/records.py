"""What the store hands out: rows as frozen values, times as timezone-aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from relevance.verdict import Decision, Reason


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where a text was seen: an address, the source it belongs to, and when."""

    url: str
    source: str
    source_name: str
    seen: datetime
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with its verdict. ``published`` falls back to None, never to the time of fetching; ``decided`` is when
    the verdict fell, and that is the time by which a digest's window takes it. ``sightings`` has the article's own
    address first, then the others under which the same text was seen."""

    id: int
    url: str
    source: str
    source_name: str
    title: str | None
    lead: str | None
    text: str
    author: str | None
    credit: str | None
    lang: str | None
    published: datetime | None
    published_source: str | None
    decided: datetime
    decision: Decision
    score: float
    reasons: tuple[Reason, ...]
    why_not_more: str
    quality: tuple[str, ...]
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """How one source fared in a window. ``state``: read, partly, failed, skipped, disabled or untried; ``reason`` says why
    for all but read; counts are of addresses whose life moved in the window."""

    source: str
    name: str
    state: Literal["read", "partly", "failed", "skipped", "disabled", "untried"]
    reason: str | None
    last_read: datetime | None
    newest: datetime | None
    seen: int
    kept: int
    marginal: int
    dropped: int
    failed: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read in a window and what was not. ``attention`` are pages whose extraction went wrong (address, what)."""

    runs: int
    sources: tuple[SourceCoverage, ...]
    seen: int
    kept: int
    marginal: int
    dropped: int
    failed: int
    waiting: int
    attention: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest as rendered and frozen; ``id`` is unique, and so is (profile, since, until)."""

    id: int
    profile: str
    since: datetime
    until: datetime
    created: datetime
    subject: str
    html: str
    text: str
    sha256: str
    articles: tuple[int, ...]


DeliveryState = Literal["pending", "sending", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest to one recipient. ``message_id`` is the same on every try."""

    digest: int
    recipient: str
    state: DeliveryState
    attempts: int
    message_id: str
    reply: str | None
    changed: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One line in the life of an address: when, at which stage, with what outcome, and why."""

    at: datetime
    stage: str
    outcome: str
    reason: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class Life:
    """Everything known of an address. ``known`` is False for one never seen; ``same_as`` is the canonical address when it
    differs from what was asked."""

    asked: str
    url: str
    known: bool
    source: str | None
    steps: tuple[Step, ...]
    article: StoredArticle | None = None
    digests: tuple[int, ...] = ()
