"""Reports into stories: average linkage over the likeness of pairs, recomputed where new reports arrive.

The grouping is a function of the reports in view, not of the order they came in. What order does decide is only the id:
a story keeps the id of its first report's founding, merges leave a redirect, and the analyst's corrections bind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from itertools import combinations

from store.stories.features import Features
from store.stories.likeness import LATEST, LIMIT, WEIGHTS, Frequencies, likeness

WINDOW = timedelta(LATEST)
"""How far apart in publication two reports are compared at all."""
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What the analyst decided: pairs of reports whose stories are one, and pairs that are in two. They outweigh any
    likeness."""

    together: frozenset[frozenset[str]] = frozenset()
    apart: frozenset[frozenset[str]] = frozenset()


BOUND = 1000.0
"""A score that no sum of likenesses within ``LIMIT`` over a story of a hundred reports makes up for."""


@dataclass(slots=True)
class Clusterer:
    """Reports in view and how alike they are. ``add`` takes one in; ``groups`` says which belong together now."""

    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    corrections: Corrections = field(default_factory=Corrections)
    copies: dict[str, str] = field(default_factory=dict)
    frequencies: Frequencies = field(default_factory=Frequencies)
    reports: dict[str, Features] = field(default_factory=dict)

    def add(self, features: Features, copy_of: str | None = None) -> None:
        """Takes a report in; ``copy_of`` is the id of the report whose text it repeats."""
        self.reports[features.id] = features
        self.frequencies.add(features)
        if copy_of is not None:
            self.copies[features.id] = copy_of

    def groups(self) -> list[list[str]]:
        """The stories as lists of report ids, each in order of arrival, the lists by their first report."""
        order = {id_: number for number, id_ in enumerate(self.reports)}
        groups = united(linked(sorted(self.reports), self._scores()), self.corrections.together)
        return sorted((sorted(group, key=order.__getitem__) for group in groups), key=lambda group: order[group[0]])

    def _scores(self) -> dict[Pair, float]:
        """The likeness of all pairs that lie within the window; other pairs are as unlike as can be."""
        scores: dict[Pair, float] = {}
        for one, other in _near(self.reports.values()):
            pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
            scores[pair] = likeness(one, other, self.frequencies, self.weights).score
        for copy, original in self.copies.items():
            if original in self.reports:
                scores[min(copy, original), max(copy, original)] = LIMIT * 2
        for first, second in map(sorted, self.corrections.apart):
            if first in self.reports and second in self.reports:
                scores[first, second] = -BOUND
        return scores


def united(groups: list[set[str]], together: Iterable[frozenset[str]]) -> list[set[str]]:
    """The groups with those joined that hold one report each of a pair."""
    for pair in together:
        holding = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair] + ([set().union(*holding)] if holding else [])
    return groups


def linked(ids: Iterable[str], scores: Mapping[Pair, float], floor: float = -LIMIT) -> list[set[str]]:
    """Average-linkage groups: the two most alike join while their mean score is above nought. Ties go to the smaller ids,
    so the result does not depend on any order. A pair that is not scored counts ``floor``."""
    groups = {id_: {id_} for id_ in ids}
    sums: dict[str, dict[str, float]] = {id_: {} for id_ in groups}
    for (one, other), score in scores.items():
        sums[one][other] = sums[other][one] = score
    waiting = [(-score, one, other, 2) for (one, other), score in scores.items() if score > 0]
    heapify(waiting)
    while waiting:
        _, one, other, size = heappop(waiting)
        # an entry of a group that has grown or gone since is stale; its successor waits too
        if one not in groups or other not in groups or len(groups[one]) + len(groups[other]) != size:
            continue
        _join(one, other, groups, sums, floor)
        for third, total in sums[one].items():
            pairs = len(groups[one]) * len(groups[third])
            if total > 0:
                heappush(waiting, (-total / pairs, min(one, third), max(one, third), len(groups[one]) + len(groups[third])))
    return list(groups.values())


def _join(one: str, other: str, groups: dict[str, set[str]], sums: dict[str, dict[str, float]], floor: float) -> None:
    """Makes the two groups one, under the smaller id, with the sums of both to every third."""
    mine, theirs = sums[one], sums.pop(other)
    size_one, size_other = len(groups[one]), len(groups[other])
    joined: dict[str, float] = {}
    for third in (mine.keys() | theirs.keys()) - {one, other}:
        size = len(groups[third])
        joined[third] = mine.get(third, floor * size_one * size) + theirs.get(third, floor * size_other * size)
        sums[third].pop(other, None)
        sums[third][one] = joined[third]
    sums[one] = joined
    groups[one] |= groups.pop(other)


def _near(reports: Iterable[Features]) -> Iterable[tuple[Features, Features]]:
    """Pairs whose publication lies within the window; a report of unknown day is near all."""
    placed = sorted(((_day(report), report) for report in reports), key=lambda entry: (entry[0] or date.min, entry[1].id))
    undated = [report for day, report in placed if day is None]
    dated = [(day, report) for day, report in placed if day is not None]
    for index, (day, report) in enumerate(dated):
        for later, other in dated[index + 1 :]:
            if later - day > WINDOW:
                break
            yield report, other
        for other in undated:
            yield report, other
    yield from combinations(undated, 2)


def _day(report: Features) -> date | None:
    """The day of publication, None when it is unknown or no more than a month or year."""
    span = report.published
    return span.first if span and span.first == span.last else None
