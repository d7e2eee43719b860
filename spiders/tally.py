"""How one source fares in one run, counted as it goes and summed up at the end."""

from dataclasses import dataclass, field

from spiders.memory import SourceOutcome, State
from spiders.page import FoundBy

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

    def outcome(self, stopped: str | None = None) -> SourceOutcome:
        """The summary. ``stopped`` says why the crawl ended before its work did."""
        problems = self.problems()
        if self.failed:
            problems.append(f"{self.failed} article{'s' if self.failed > 1 else ''} could not be fetched")
        if not self.places:
            problems.append("no place of discovery was asked")
        if stopped:
            problems.insert(0, f"stopped early: {stopped}")
        readable = any(place.readable for place in self.places)
        state: State = "failed" if not readable else "partly" if problems else "read"
        reason = "; ".join((*_shortened(problems), *self.notes)) or None
        return SourceOutcome(self.source, state, reason, len(self.seen), self.fetched, self.failed)


def _and_more(count: int) -> str:
    return f" and {count} more {'place' if count == 1 else 'places'}" if count else ""


def _shortened(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_REASONS
    return [*problems[:MOST_REASONS], *([f"and {more} more problems"] if more > 0 else [])]
