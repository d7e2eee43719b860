"""What changed at addresses that were read again, as values."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from relevance.verdict import Decision
from spiders.page import Found

if TYPE_CHECKING:
    from store.records import PageRecord, StoredArticle
    from store.revisions.changes import Wording

RevisionKind = Literal["edited", "gone", "back"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One change at the address of an article that was read before. ``at`` is when it was seen (by whoever fetched the page),
    ``recorded`` when we learned of it, ``there`` when the address was last seen as it was before, ``reason`` what changed or
    how it was gone. For ``edited`` the headline and text before and after are given in full; for ``gone`` and ``back`` they
    are None. ``decision`` is the article's verdict afterwards."""

    id: int
    url: str
    source_name: str
    article: int
    kind: RevisionKind
    at: datetime
    there: datetime
    reason: str
    old_title: str | None
    old_text: str | None
    title: str | None
    text: str | None
    old_decision: Decision
    decision: Decision
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What stood at one address of an article for a while, numbered from 1. ``seen`` is when it was first read, ``revision``
    the change that brought it (None for the first). An absence is a version without a text: ``text`` is None while the article
    was gone. ``title`` and ``text`` of the version after it are what came back."""

    url: str
    source_name: str
    number: int
    seen: datetime
    title: str | None
    text: str | None
    decision: Decision
    revision: Revision | None = None


@dataclass(frozen=True, slots=True)
class Revised:
    """An address at which something changed, with its changes in order of time and the article that they happened to."""

    article: "StoredArticle"
    url: str
    source_name: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """How it goes with reading an address again: how often it was (``visits``), when it was last found there and last asked
    for, since when it is ``missing`` (``gone`` once that was confirmed), and what went wrong the last time."""

    visits: int
    there: datetime
    asked: datetime
    missing: datetime | None
    gone: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was last read at an address that is read again. ``title`` and ``text`` are None where the address only ever showed
    another address's text; ``page`` is the archived page it was read from, with the sighting ``found``."""

    address: int
    article: int
    is_own: bool
    title: str | None
    text: str | None
    decision: Decision
    page: "PageRecord | None"
    found: Found


@dataclass(frozen=True, slots=True)
class Captured:
    """What is known of an address that has an article, for a page of it out of a file: what stands (``current``, None where
    only another address's text was seen there), its edits and the times at which it was read, oldest first."""

    remembered: Remembered
    current: "Wording | None"
    edits: tuple[Revision, ...]
    times: tuple[datetime, ...]

    @property
    def first(self) -> datetime:
        return self.times[0]

    @property
    def newest(self) -> datetime:
        return self.times[-1]
