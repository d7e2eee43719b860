"""Do two reports tell of one event? Evidence for and against, each with a weight, summed; above nought they do.

The weights were fitted by logistic regression on one part of the labelled articles; the other part and the floors in
tests/stories/floors.json measure them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from store.stories.dates import Span
from store.stories.features import HEADLINE, LEAD, Features
from store.stories.fold import alike

Time = Literal["same", "mentioned", "next", "near", "far", "fits", "loose", "unknown"]

WEIGHTS: dict[str, float] = {
    "bias": -5.14,
    "persons": 3.20,
    "heads shared": 1.22,
    "heads differ": -2.24,
    "places": 2.72,
    "places differ": -2.32,
    "terms": 4.63,
    "acts": 2.29,
    "acts differ": -2.08,
    "headlines differ": -1.15,
    "words": 4.62,
    "counts shared": 1.16,
    "counts differ": -2.35,
    "codes shared": 2.55,
    "codes differ": -2.32,
    "time same": 1.62,
    "time mentioned": -0.09,
    "time next": -1.72,
    "time near": -2.56,
    "time fits": 1.34,
    "time loose": -1.00,
    "time unknown": 0.57,
}
"""As ``python -m benchmarks.stories_fit`` printed them (197 labelled articles)."""
VETO = "time far"
"""Days so far apart that nothing makes up for them: the same people say the same words every year."""
SAME_SOUND = 0.84
"""Skeletons that agree this far are one name: the lowest of the true pairs in tests/stories/test_fold.py is 0.86."""
SHORTEST_SOUND = 7
"""Characters of a key (``p:`` and five consonants); shorter skeletons are alike by accident."""
HALF_ENOUGH = 3.0
"""Weight of shared terms at which their likeness counts half: about one that stands in 5 % of reports."""
LIMIT = 6.0
"""No single pair counts more than this either way, so that one oddity does not outvote a story's other reports."""
LATEST = 21
"""Days between two publications after which they are of one event only in a feature story, which is one of its own."""
LEAST_REPORTS = 120
"""Frequencies of fewer reports than these say little: a word met once in ten is not common yet."""


class Frequencies:
    """In how many reports each token stands; what stands in many is weak evidence. Features with one id must be equal."""

    def __init__(self) -> None:
        self.reports = 0
        self._found: Counter[str] = Counter()
        self._weights: dict[str, float] = {}
        self._lengths: dict[tuple[str, str], float] = {}

    def add(self, features: Features) -> None:
        """Counts one report."""
        self.reports += 1
        self._found.update(set(tokens_of(features)))
        self._weights.clear()
        self._lengths.clear()

    def weight(self, token: str) -> float:
        """The inverse document frequency, at least a little above nought."""
        known = self._weights.get(token)
        if known is None:
            known = self._weights[token] = math.log(1 + max(self.reports, LEAST_REPORTS) / (1 + self._found[token]))
        return known

    def length(self, features: Features, part: str) -> float:
        """The length of one part (``persons``, ``words``, ...) of a report as a weighted vector; kept until the next report."""
        known = self._lengths.get((features.id, part))
        if known is None:
            vector: Mapping[str, float] = getattr(features, part)
            prefix = f"{features.lang}:" if part == "words" else ""
            known = math.sqrt(sum((value * self.weight(prefix + key)) ** 2 for key, value in vector.items()))
            self._lengths[features.id, part] = known
        return known


def tokens_of(features: Features) -> Iterable[str]:
    """Everything in a report that is counted."""
    return (
        *features.persons,
        *features.places,
        *features.acts,
        *features.terms,
        *(f"{features.lang}:{word}" for word in features.words),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """The sum of the evidence and the evidence: name to strength (0 to about 2, before its weight)."""

    score: float
    evidence: dict[str, float]


def likeness(one: Features, other: Features, frequencies: Frequencies, weights: Mapping[str, float] = WEIGHTS) -> Likeness:
    """How far two reports tell of one event; symmetric, within ``LIMIT`` either way."""
    if f"time {time_between(one, other)}" == VETO:
        return Likeness(-LIMIT, {VETO: 1.0})
    evidence = evidence_of(one, other, frequencies)
    score = weights["bias"] + sum(weights[name] * strength for name, strength in evidence.items())
    return Likeness(max(-LIMIT, min(LIMIT, score)), evidence)


def evidence_of(one: Features, other: Features, frequencies: Frequencies) -> dict[str, float]:
    """The strengths only."""
    same_name = _same_names(one.persons, other.persons)
    evidence = {
        "persons": _cosine(one, other, "persons", frequencies, same_name),
        "places": _cosine(one, other, "places", frequencies),
        "terms": _cosine(one, other, "terms", frequencies) * _enough(one.terms, other.terms, frequencies),
        "acts": _cosine(one, other, "acts", frequencies),
        "acts differ": _differ(one.acts, other.acts, LEAD),
        "headlines differ": _differ(one.acts, other.acts, HEADLINE),
        "words": _cosine(one, other, "words", frequencies) if one.lang == other.lang else 0.0,
        f"time {time_between(one, other)}": 1.0,
        **_heads(one, other, same_name),
        **_counts(one, other),
        **_codes(one, other, frequencies),
    }
    if _places_differ(one, other):
        evidence["places differ"] = 1.0
    return {name: strength for name, strength in evidence.items() if strength}


def time_between(one: Features, other: Features) -> Time:
    """How the days of two reports stand to one another: the event's where both state it, else also publication's."""
    if one.published and other.published and one.published.distance(other.published) > LATEST:
        return "far"
    if one.event and other.event:
        return _between_events(one, other, one.event, other.event)
    if one.event:
        return _reported_after(one.event, other.published)
    if other.event:
        return _reported_after(other.event, one.published)
    if one.published is None or other.published is None:
        return "unknown"
    gap = one.published.distance(other.published)
    return (
        "far" if gap > 3 else "unknown" if _vague(one.published) or _vague(other.published) else "loose" if gap > 1 else "fits"
    )


def _between_events(one: Features, other: Features, first: Span, second: Span) -> Time:
    gap = first.distance(second)
    if gap == 0:
        return "same"
    if any(first.distance(day) == 0 for day in other.days) or any(second.distance(day) == 0 for day in one.days):
        return "mentioned" if gap <= 3 else "near"
    return "next" if gap == 1 else "near" if gap <= 3 else "far"


def _reported_after(event: Span, published: Span | None) -> Time:
    if published is None or event.yearless:
        return "unknown"
    if published.last < event.first - timedelta(1) or published.first > event.last + timedelta(6):
        return "far"
    if _vague(published):
        return "unknown"
    return "fits" if published.first <= event.last + timedelta(2) else "loose"


def _vague(published: Span) -> bool:
    return published.last - published.first > timedelta(2)


def _cosine(
    one: Features, other: Features, part: str, frequencies: Frequencies, same: Mapping[str, str] | None = None
) -> float:
    """The cosine of one part of two reports; ``same`` pairs keys that mean the same where equality does not tell."""
    mine: Mapping[str, float] = getattr(one, part)
    theirs: Mapping[str, float] = getattr(other, part)
    pairs = same.items() if same is not None else [(key, key) for key in sorted(mine.keys() & theirs.keys())]
    prefix = f"{one.lang}:" if part == "words" else ""
    weight = frequencies.weight
    dot = sum(mine[a] * theirs[b] * weight(prefix + a) * weight(prefix + b) for a, b in pairs)
    return dot / (frequencies.length(one, part) * frequencies.length(other, part)) if dot else 0.0


def _enough(one: Mapping[str, float], other: Mapping[str, float], frequencies: Frequencies) -> float:
    """How far what two reports share is enough to compare them by: the one term of a short text is alike by accident."""
    shared = sum(frequencies.weight(key) for key in sorted(one.keys() & other.keys()))
    return shared / (shared + HALF_ENOUGH)


def _same_names(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, str]:
    """Persons of one report with the same person in the other, by key or, for names told by sound, by a near one."""
    pairs = {key: key for key in one if key in other}
    for key in one:
        if key not in pairs:
            near = max(other, key=lambda name: alike(key, name), default="")
            if near not in pairs.values() and same_sound(key, near):
                pairs[key] = near
    return pairs


def same_sound(one: str, other: str) -> bool:
    """Whether two keys of persons are one foreign name; Vietnamese names (keys with spaces) are alike only when equal."""
    told_by_sound = " " not in one + other and min(len(one), len(other)) >= SHORTEST_SOUND
    return told_by_sound and alike(one[2:], other[2:]) >= SAME_SOUND


def _heads(one: Features, other: Features, same: Mapping[str, str]) -> dict[str, float]:
    """Whether the people of headline and lead are the same: a visit's talks and its courtesy call share the guest only."""
    if not one.heads or not other.heads:
        return {}
    shared = sum(1 for a, b in same.items() if a in one.heads and b in other.heads)
    left = sum(1 for head in one.heads if head not in same)
    right = sum(1 for head in other.heads if head not in same.values())
    return {"heads shared": shared / min(len(one.heads), len(other.heads)), "heads differ": float(min(left, right, 2))}


def _places_differ(one: Features, other: Features) -> bool:
    """Provinces in both headlines or leads, and none of either is anywhere in the other."""
    return bool(one.where and other.where) and not one.where & other.places.keys() and not other.where & one.places.keys()


def _differ(one: Mapping[str, float], other: Mapping[str, float], least: float) -> float:
    """1.0 when both have acts of that weight, and none in common."""
    mine, theirs = ({act for act, weight in acts.items() if weight >= least} for acts in (one, other))
    return float(bool(mine and theirs) and not mine & theirs)


def _counts(one: Features, other: Features) -> dict[str, float]:
    """Things that both count in headline or lead: the same number, or numbers of which the other report has none."""
    both = one.counts.keys() & other.counts.keys()
    agree = sum(1 for thing in both if one.counts[thing] & other.counts[thing])
    if agree:
        return {"counts shared": float(min(agree, 2))}
    mine, theirs = (_numbers(side) for side in (one, other))
    return {"counts differ": float(any(not one.counts[thing] & theirs and not other.counts[thing] & mine for thing in both))}


def _numbers(features: Features) -> set[str]:
    return {token.split(":")[1] for token in features.terms if token.startswith("n:")}


def _codes(one: Features, other: Features, frequencies: Frequencies) -> dict[str, float]:
    """Border markers and numbered units: shared ones are telling, and so are differing markers."""
    result: dict[str, float] = {}
    for kind in ("m:", "u:"):
        mine = {token for token in one.terms if token.startswith(kind)}
        theirs = {token for token in other.terms if token.startswith(kind)}
        if mine & theirs:
            rarest = max(frequencies.weight(token) for token in mine & theirs)
            result["codes shared"] = result.get("codes shared", 0.0) + rarest / 4
        elif mine and theirs and kind == "m:":
            result["codes differ"] = 1.0
    return result
