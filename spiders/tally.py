"""How one source fares in one run, counted as it goes and summed up at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spiders.memory import SourceOutcome, State
from spiders.page import FoundBy

# Why a crawl can end before its work is done, by the names that Scrapy has for it.
STOPS: Mapping[str, str] = {
    "shutdown": "the crawl was stopped",
    "closespider_timeout": "its time for one crawl was over",
}
MOST_REASONS = 3  # problems spelled out in the outcome; every one is recorded at its place


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """One place of discovery, asked: ``readable`` when its content (or that it is unchanged) arrived."""

    address: str
    by: FoundBy
    readable: bool
    problem: str | None


@dataclass(slots=True)
class Tally:
    """The counts of a source: distinct addresses seen, pages fetched, articles that failed, and its places."""

    source: str
    seen: set[str] = field(default_factory=set)
    fetched: int = 0
    failed: int = 0
    places: list[PlaceRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def all_failed(self, by: FoundBy, count: int) -> bool:
        """Whether all ``count`` places of a kind were asked and none could be read."""
        asked = [place for place in self.places if place.by == by]
        return len(asked) >= count and not any(place.readable for place in asked)

    def problems(self) -> list[str]:
        """What was wrong with places, one sentence a problem: a host that is down is the same problem at all of its places."""
        places: dict[str, list[str]] = {}
        for place in self.places:
            if place.problem:
                places.setdefault(place.problem, []).append(f"{place.by} {place.address}")
        return [f"{found[0]}{_and_more(len(found) - 1)}: {problem}" for problem, found in places.items()]

    def outcome(self, stopped: str | None = None, articles: int = 0, places: int = 0) -> SourceOutcome:
        """The summary. ``stopped`` is Scrapy's word for why the crawl ended before its work did, when that many known articles
        and places were not asked yet."""
        problems = self.problems()
        if self.failed:
            problems.append(f"{self.failed} article{'s' if self.failed > 1 else ''} could not be fetched")
        if not self.places and not places:
            problems.append("no place of discovery was asked")
        if stopped:
            problems.insert(0, _told_stop(stopped, articles, places))
        readable = any(place.readable for place in self.places)
        state: State = "failed" if not readable else "partly" if problems else "read"
        reason = "; ".join((*_shortened(problems), *self.notes)) or None
        return SourceOutcome(self.source, state, reason, len(self.seen), self.fetched, self.failed, articles + places)


def _told_stop(stopped: str, articles: int, places: int) -> str:
    """``the crawl was stopped before 19 articles and 1 place were asked; the next crawl goes on with them``."""
    why = STOPS.get(stopped, stopped)
    found = ((articles, "article"), (places, "place"))
    left = " and ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in found if count)
    were = "was" if articles + places == 1 else "were"
    return f"{why} before {left} {were} asked; the next crawl goes on there" if left else why


def _and_more(count: int) -> str:
    return f" and {count} more {'place' if count == 1 else 'places'}" if count else ""


def _shortened(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_REASONS
    return [*problems[:MOST_REASONS], *([f"and {more} more problems"] if more > 0 else [])]
