"""What a search is asked and what it gives."""

from dataclasses import dataclass
from datetime import datetime

from relevance.verdict import Decision
from store.search.snippet import Marked

LIMIT = 20
MOST = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked at. Times are of publication (of storing, where a page states none), ``since`` included and ``until`` not;
    ``sources`` are ids, any of those under which a text was seen; empty means all."""

    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. ``exact`` is False where it matches only without regard to the accents that were typed."""

    article: int
    url: str
    source: str
    source_name: str
    title: Marked
    snippet: Marked
    published: datetime | None
    decided: datetime
    decision: Decision
    score: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The hits: those with the accents that were typed first, each part newest first. ``more`` says that there are further
    ones; ``unindexed`` articles were stored before there was an index and are not in it yet."""

    hits: tuple[Hit, ...]
    more: bool
    unindexed: int = 0


def as_json(hit: Hit) -> dict[str, object]:
    """A hit as plain data; marks are (start, end) offsets in characters."""
    return {
        "article": hit.article,
        "url": hit.url,
        "source": hit.source,
        "source_name": hit.source_name,
        "title": hit.title.text,
        "title_marks": hit.title.marks,
        "snippet": hit.snippet.text,
        "snippet_marks": hit.snippet.marks,
        "published": hit.published.isoformat() if hit.published else None,
        "decided": hit.decided.isoformat(),
        "decision": hit.decision,
        "score": hit.score,
        "exact": hit.exact,
    }
