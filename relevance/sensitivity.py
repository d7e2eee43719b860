"""What each number of a topic file is worth: how far it can move before the labelled texts are decided worse or better.

One number at a time is moved away from its value in steps (one-at-a-time sensitivity analysis, Saltelli et al., *Global
Sensitivity Analysis*, 2008, chapter 1), and the first step down and the first step up that change an outcome are reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from relevance.evaluate import GATED, Item, Judged, evaluate
from relevance.shape import PeopleFile, TopicFile
from relevance.topic import build

STEPS = (1.25, 1.5, 2.0, 4.0)
"""Factors by which a number is moved, either way; a whole number moves by at least one."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the topic file: ``place`` leads to it from the top of the file, the last part being its key."""

    place: tuple[str | int, ...]
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Texts of the gated languages: core kept, core shown, marginal kept, marginal shown, not relevant but kept, not relevant
    but shown."""

    core_kept: int
    core_shown: int
    marginal_kept: int
    marginal_shown: int
    wrong_kept: int
    wrong_shown: int

    def __str__(self) -> str:
        kept = f"kept {self.core_kept} core, {self.marginal_kept} marginal, {self.wrong_kept} wrong"
        return f"{kept}; shown {self.core_shown} core, {self.marginal_shown} marginal, {self.wrong_shown} wrong"

    def against(self, now: "Outcome") -> str:
        """What differs from ``now``, in words; empty when nothing does."""
        differences = (
            (self.core_kept - now.core_kept, "core kept"),
            (self.core_shown - now.core_shown, "core shown"),
            (self.marginal_kept - now.marginal_kept, "marginal kept"),
            (self.marginal_shown - now.marginal_shown, "marginal shown"),
            (self.wrong_kept - now.wrong_kept, "wrong kept"),
            (self.wrong_shown - now.wrong_shown, "wrong shown"),
        )
        return ", ".join(f"{difference:+d} {what}" for difference, what in differences if difference)


@dataclass(frozen=True, slots=True)
class Worth:
    """``below`` and ``above``: the nearest values tried that change something, with the change; None when none does."""

    number: Number
    below: tuple[float, str] | None
    above: tuple[float, str] | None

    def __str__(self) -> str:
        """As a comment for the topic file."""
        changes = [f"{value:g}: {change}" for value, change in filter(None, (self.below, self.above))]
        free = " and ".join(side for side, change in (("below", self.below), ("above", self.above)) if change is None)
        nothing = [f"{free}: no change up to {STEPS[-1]:g} times"] if free else []
        return "; ".join([*changes, *nothing])


def numbers(topic: TopicFile) -> list[Number]:
    """Every number of the file, in the order of its tables."""
    found = [
        Number((table, key), f"{table}.{key}", value)
        for table in ("places", "limits")
        for key, value in getattr(topic, table).model_dump().items()
    ]
    for table in ("group", "from_people"):
        found += [
            Number((table, index, "weight"), f"{entry.id}.weight", entry.weight)
            for index, entry in enumerate(getattr(topic, table))
        ]
    found += [
        Number(("veto", index, "at_least"), f"{veto.id}.at_least", veto.at_least)
        for index, veto in enumerate(topic.veto)
        if veto.at_least > 1
    ]
    return found


def worth(number: Number, topic: TopicFile, people: PeopleFile, items: list[Item], now: Outcome) -> Worth:
    """Moves one number both ways. ``now`` is the outcome of the file as it stands."""
    sides = []
    for steps in (tuple(1 / step for step in STEPS), STEPS):
        tried = ((value, _outcome_with(number, value, topic, people, items)) for value in _values(number, steps))
        changes = ((value, found.against(now)) for value, found in tried if found)
        sides.append(next(((value, change) for value, change in changes if change), None))
    return Worth(number, *sides)


def outcome(judged: list[Judged]) -> Outcome:
    """The counts of what was decided."""
    gated = [(each.item.label, each.verdict.decision) for each in judged if each.item.lang in GATED]
    counts = []
    for label in (2, 1, 0):
        decisions = [decision for found, decision in gated if found == label]
        counts += [decisions.count("keep"), len(decisions) - decisions.count("drop")]
    return Outcome(*counts)


def _values(number: Number, steps: tuple[float, ...]) -> Iterator[float]:
    if not isinstance(number.value, int):
        yield from (float(f"{number.value * step:.3g}") for step in steps)
        return
    whole = {round(number.value * step) for step in steps} | {number.value + (1 if steps[0] > 1 else -1)}
    yield from sorted(whole - {number.value}, key=lambda value: abs(value - number.value))


def _outcome_with(number: Number, value: float, topic: TopicFile, people: PeopleFile, items: list[Item]) -> Outcome | None:
    """The outcome with another value; None where the file would not be valid."""
    tables: dict[Any, Any] = topic.model_dump()
    holder = tables
    for step in number.place[:-1]:
        holder = holder[step]
    holder[number.place[-1]] = value
    try:
        varied = TopicFile.model_validate(tables)
    except ValidationError:
        return None
    return outcome(evaluate(items, build(varied, people, "varied")))
