"""What two verdicts on one document differ in. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from relevance.verdict import Decision, Reason

RANK: dict[Decision, int] = {"drop": 0, "marginal": 1, "keep": 2}

# Weights are rounded to three places when a verdict is made; less than this is no difference.
SAME = 0.0005


@dataclass(frozen=True, slots=True)
class Shift:
    """A term whose weight is another one: ``before`` or ``after`` is 0 where it did not count."""

    term: str
    group: str
    place: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before

    def __str__(self) -> str:
        where = f"{self.term} ({self.group}, {self.place})"
        if not self.before:
            return f"{self.after:+.2f}  {where}"
        told = "no longer counts" if not self.after else f"now {self.after:+.2f}"
        return f"{self.change:+.2f}  {where}, {told}"


def shifts(before: Iterable[Reason], after: Iterable[Reason]) -> tuple[Shift, ...]:
    """The terms that count differently, those that made the greatest difference first."""
    old, new = _weights(before), _weights(after)
    changed = [
        Shift(*(new if key in new else old)[key][0], old.get(key, _NONE)[1], new.get(key, _NONE)[1])
        for key in {**old, **new}
        if abs(new.get(key, _NONE)[1] - old.get(key, _NONE)[1]) > SAME
    ]
    return tuple(sorted(changed, key=lambda shift: (-abs(shift.change), shift.term, shift.place, shift.group)))


_NONE: tuple[tuple[str, str, str], float] = (("", "", ""), 0.0)


def _weights(reasons: Iterable[Reason]) -> dict[tuple[str, str, str], tuple[tuple[str, str, str], float]]:
    """The weight of each term in a place, under a key that ignores how it is written, beside how it is written."""
    found: dict[tuple[str, str, str], tuple[tuple[str, str, str], float]] = {}
    for reason in reasons:
        key = (reason.term.lower(), reason.group, reason.place)
        spelled, weight = found.get(key, ((reason.term, reason.group, reason.place), 0.0))
        found[key] = (spelled, weight + reason.weight)
    return found
