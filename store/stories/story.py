"""A story as it is told to people: headlines, day, place, who took part, what it was, and the earlier ones like it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.stories.dates import Span
from store.stories.features import HEADLINE, LEAD, Features, Report
from store.stories.likeness import WEIGHTS, Frequencies, evidence_of, same_sound
from store.stories.lineage import Lineage, lineage, outlet_of, published_at
from store.stories.vocabulary import Vocabulary

EARLIER_DAYS = 60
"""A like occasion at least so long before is an earlier one (last year's meeting), not the same visit's other half."""
UNTIMED = frozenset({"counts differ", "codes differ", "counts shared", "heads differ"})
"""What may well differ between this year's occasion and last year's."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody whom headline or lead of a report names. ``role`` and ``side`` are empty when the people file has neither."""

    key: str
    name: str
    role: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One event. ``headlines`` by language (of the earliest report in it that is no copy); ``event`` the day or days, None
    when no report says; ``first`` and ``last`` report by publication; ``outlets`` in the order in which they came."""

    id: int
    headlines: dict[str, str]
    event: Span | None
    place: str
    participants: tuple[Participant, ...]
    kind: str
    first: str
    last: str
    outlets: tuple[str, ...]
    reports: tuple[str, ...]
    lineage: Lineage
    related: tuple[int, ...] = ()


def story_of(
    number: int,
    reports: Sequence[Report],
    features: Mapping[str, Features],
    originals: Mapping[str, str],
    vocabulary: Vocabulary,
    related: Iterable[int] = (),
) -> Story:
    """The story that these reports tell; ``features`` by report id. There must be at least one report."""
    ordered = sorted(reports, key=published_at)
    told = [features[report.id] for report in ordered]
    return Story(
        number,
        _headlines(ordered, told, originals),
        _event(told),
        _place(told, vocabulary),
        _participants(told, vocabulary),
        _kind(told, vocabulary),
        ordered[0].id,
        ordered[-1].id,
        tuple(dict.fromkeys(outlet_of(report.site) for report in ordered)),
        tuple(report.id for report in ordered),
        lineage(reports, originals),
        tuple(related),
    )


def earlier_like(
    story: Sequence[Features], others: Mapping[int, Sequence[Features]], frequencies: Frequencies
) -> tuple[int, ...]:
    """Ids of stories at least ``EARLIER_DAYS`` older that are the same occasion of another time, the most alike first."""
    day = min((one.published.first for one in story if one.published), default=None)
    found: list[tuple[float, int]] = []
    for number, reports in others.items():
        last = max((one.published.last for one in reports if one.published), default=None)
        if day is None or last is None or (day - last).days < EARLIER_DAYS:
            continue
        best = max(_untimed(one, other, frequencies) for one in story for other in reports)
        if best > 0:
            found.append((-best, number))
    return tuple(number for _, number in sorted(found))


def _untimed(one: Features, other: Features, frequencies: Frequencies) -> float:
    evidence = evidence_of(one, other, frequencies)
    known = {name: value for name, value in evidence.items() if name not in UNTIMED and not name.startswith("time ")}
    return WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in known.items())


def _headlines(ordered: Sequence[Report], told: Sequence[Features], originals: Mapping[str, str]) -> dict[str, str]:
    headlines: dict[str, str] = {}
    for copies in (False, True):
        for report, features in zip(ordered, told, strict=True):
            if (report.id in originals) == copies and report.title:
                headlines.setdefault(features.lang, report.title)
    return headlines


def _event(told: Iterable[Features]) -> Span | None:
    days = Counter((one.event.first, one.event.last) for one in told if one.event and not one.event.yearless)
    if not days:
        return None
    first, last = max(days, key=lambda span: (days[span], span))
    return Span(first, last)


def _place(told: Iterable[Features], vocabulary: Vocabulary) -> str:
    weights: dict[str, float] = defaultdict(float)
    for one in told:
        for key, weight in one.places.items():
            known = vocabulary.places.get(key)
            if known:
                weights[known.name] += weight * (2 if known.province else 1)
    return max(weights, key=lambda name: (weights[name], name), default="")


def _participants(told: Iterable[Features], vocabulary: Vocabulary) -> tuple[Participant, ...]:
    weights: dict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    for one in told:
        for key in one.heads:
            if one.persons[key] >= LEAD:
                weights[key] += one.persons[key]
                names[key] = max(names.get(key, ""), one.names.get(key, ""), key=len)
    chosen: list[str] = []
    for key in sorted(weights, key=lambda key: (-weights[key], key)):
        # two reports may spell a Lao name so differently that only its sound is nearly the same
        if not any(same_sound(key, other) for other in chosen):
            chosen.append(key)
    return tuple(_participant(key, names[key], vocabulary) for key in chosen)


def _participant(key: str, written: str, vocabulary: Vocabulary) -> Participant:
    known = vocabulary.persons.get(key)
    return Participant(key, known.name, known.role, known.side) if known else Participant(key, written)


def _kind(told: Iterable[Features], vocabulary: Vocabulary) -> str:
    weights: dict[str, float] = defaultdict(float)
    for one in told:
        if one.terms.get("c:remains_set", 0.0) >= HEADLINE or one.terms.get("c:martyrs", 0.0) >= HEADLINE:
            weights["remains"] += HEADLINE**2
        acts = _without_parts(one.acts, vocabulary)
        best = max(acts.values(), default=0.0)
        for act, weight in acts.items():
            # what the headline does counts; an act far below it is something else that happened
            weights[vocabulary.kind_of_act[act]] += weight**2 if weight >= best - 0.5 else 0.0
    return max(weights, key=lambda kind: (weights[kind], kind), default="other")


def _without_parts(acts: Mapping[str, float], vocabulary: Vocabulary) -> dict[str, float]:
    """The acts without those that an occasion in headline or lead holds, but for what the headline tells."""
    parts = {part for act, weight in acts.items() if weight >= LEAD for part in vocabulary.parts_of_act[act]}
    return {act: weight for act, weight in acts.items() if act not in parts or weight >= HEADLINE}
