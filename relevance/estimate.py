"""How much the filter misses, from a random sample of what it dropped, with bounds that hold for small samples.

The dropped pages are a finite population in strata, and the sample is drawn from each without replacement. How many relevant
pages a stratum holds is bounded exactly by the hypergeometric distribution: the finite-population form of the interval of
Clopper and Pearson (Biometrika 26, 1934), as W. G. Cochran, Sampling Techniques (3rd ed., 1977, section 3.6) gives it. The
strata's bounds are added, each at a level that lets all of them hold together (Bonferroni), so the sum holds at the level
stated or a better one. It is wider than approximations (Wilson, Wald), which promise too much where few or no hits were found,
and that is the rule here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, lgamma

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the dropped pages: ``size`` pages, of which ``looked`` were looked at in random order; ``relevant`` of these
    should not have been dropped, and ``unsure`` were passed over without an answer."""

    name: str
    size: int
    looked: int
    relevant: int
    unsure: int = 0

    @property
    def expected(self) -> float:
        """How many relevant pages it holds by the share among those answered."""
        answered = self.looked - self.unsure
        return self.size * self.relevant / answered if answered else 0.0

    def bounds(self, level: float = LEVEL) -> tuple[int, int]:
        """The fewest and the most relevant pages it holds. Those passed over count as irrelevant for the one and as relevant
        for the other, because what is hard to tell is not passed over at random."""
        low = fewest(self.size, self.looked, self.relevant, (1 - level) / 2)
        return low, most(self.size, self.looked, self.relevant + self.unsure, (1 - level) / 2)


@dataclass(frozen=True, slots=True)
class RecallEstimate:
    """What share of the relevant articles of ``[since, until)`` was shown. ``shown`` articles were; ``known`` are dropped ones
    that somebody marked as relevant, ``apart`` those of them that are not in the strata (marked before the sample was drawn).
    """

    since: datetime
    until: datetime
    drawn: datetime
    shown: int
    known: int
    apart: int
    strata: tuple[Stratum, ...]
    level: float = LEVEL

    @property
    def looked(self) -> int:
        """How many pages were looked at in all."""
        return sum(stratum.looked for stratum in self.strata)

    def share(self, *names: str) -> tuple[float, float, float] | None:
        """Recall and its bounds, over the strata of these names (over all without any); None when nothing was relevant."""
        chosen = [stratum for stratum in self.strata if not names or stratum.name in names]
        return share(self.shown, self.known, self.apart, chosen, self.level)


def share(
    shown: int, known: int, apart: int, strata: Sequence[Stratum], level: float = LEVEL
) -> tuple[float, float, float] | None:
    """``shown`` of all relevant ones: the estimate, then its lower and upper bound. Pure arithmetic on the counts."""
    each = 1 - (1 - level) / max(1, sum(stratum.looked < stratum.size for stratum in strata))
    bounds = [stratum.bounds(each) for stratum in strata]
    fewest_missed = max(known, apart + sum(low for low, _ in bounds))
    most_missed = max(known, apart + sum(high for _, high in bounds))
    missed = max(float(known), apart + sum(stratum.expected for stratum in strata))
    if not shown + most_missed:
        return None
    return _of(shown, missed), _of(shown, most_missed), _of(shown, fewest_missed)


def _of(shown: int, missed: float) -> float:
    return shown / (shown + missed) if shown + missed else 1.0


def most(size: int, looked: int, hits: int, tail: float) -> int:
    """The largest number of relevant ones among ``size`` with which ``hits`` or fewer in ``looked`` still have probability
    ``tail``."""
    return _search(hits, size - (looked - hits), lambda count: _at_most(size, count, looked, hits) > tail)


def fewest(size: int, looked: int, hits: int, tail: float) -> int:
    """The smallest number with which ``hits`` or more in ``looked`` still have probability ``tail``."""
    return size - most(size, looked, looked - hits, tail)


def _search(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The largest number from ``low`` (which holds) to ``high`` for which a condition holds that ends once."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _at_most(size: int, relevant: int, looked: int, hits: int) -> float:
    """The probability of ``hits`` or fewer relevant ones among ``looked`` drawn from ``size`` that hold ``relevant``."""
    first = max(0, looked - (size - relevant))
    whole = _log_choose(size, looked)
    return sum(
        exp(_log_choose(relevant, found) + _log_choose(size - relevant, looked - found) - whole)
        for found in range(first, min(hits, relevant, looked) + 1)
    )


def _log_choose(size: int, chosen: int) -> float:
    return lgamma(size + 1) - lgamma(chosen + 1) - lgamma(size - chosen + 1)
