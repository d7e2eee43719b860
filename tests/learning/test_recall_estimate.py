"""The interval holds what it promises, by counting every sample that could be drawn."""

from datetime import UTC, datetime
from math import comb

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digest.recall import explained, statement
from relevance.estimate import RecallEstimate, Stratum, fewest, most

UNTIL = datetime(2026, 11, 21, tzinfo=UTC)


def chance(size: int, relevant: int, looked: int, hits: int) -> float:
    return comb(relevant, hits) * comb(size - relevant, looked - hits) / comb(size, looked)


@pytest.mark.parametrize(("size", "looked"), [(30, 5), (30, 20), (60, 12), (7, 7)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_whatever_the_truth_the_bounds_hold_it_as_often_as_they_say(size: int, looked: int, level: float) -> None:
    bounds = [Stratum("judged", size, looked, hits).bounds(level) for hits in range(looked + 1)]
    for truth in range(size + 1):
        drawn = range(max(0, looked - size + truth), min(truth, looked) + 1)
        covered = sum(chance(size, truth, looked, hits) for hits in drawn if bounds[hits][0] <= truth <= bounds[hits][1])
        assert covered >= level - 1e-9


@given(st.data())
@settings(deadline=None)
def test_the_bounds_are_those_of_the_definition(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    looked = data.draw(st.integers(0, size))
    hits = data.draw(st.integers(0, looked))
    chances = {
        truth: sum(chance(size, truth, looked, few) for few in range(max(0, looked - size + truth), hits + 1))
        for truth in range(hits, size - looked + hits + 1)
    }
    # where the chance is the limit itself, the last digit of a float decides
    assume(all(abs(each - 0.025) > 1e-9 for each in chances.values()))
    possible = [truth for truth, each in chances.items() if each > 0.025]
    assert most(size, looked, hits, 0.025) == max(possible)
    assert fewest(size, looked, hits, 0.025) <= hits * size // max(1, looked) <= most(size, looked, hits, 0.025)


def test_known_figures() -> None:
    """The rule of three: none among 300 of very many leaves at most 1 % (one-sided 95 %)."""
    assert most(10_000_000, 300, 0, 0.05) / 10_000_000 == pytest.approx(0.00994, abs=2e-5)
    assert Stratum("judged", 12, 12, 3).bounds() == (3, 3)
    assert Stratum("judged", 12, 0, 0).bounds() == (0, 12)


def test_what_was_passed_over_counts_against_either_side() -> None:
    plain, unsure = Stratum("judged", 200, 40, 1), Stratum("judged", 200, 40, 1, 2)
    assert unsure.bounds()[0] == plain.bounds()[0]
    assert unsure.bounds()[1] == Stratum("judged", 200, 40, 3).bounds()[1] > plain.bounds()[1]
    assert unsure.expected == pytest.approx(200 / 38)


def estimate(*strata: Stratum, shown: int = 90, known: int = 0, apart: int = 0) -> RecallEstimate:
    return RecallEstimate(UNTIL.replace(month=10), UNTIL, UNTIL, shown, known, apart, strata)


def test_recall_is_what_was_shown_of_all_that_is_relevant() -> None:
    census = estimate(Stratum("judged", 50, 50, 10))
    assert census.share() == (0.9, 0.9, 0.9)
    assert estimate(Stratum("judged", 50, 50, 0), known=10, apart=10).share() == (0.9, 0.9, 0.9)
    assert estimate(Stratum("judged", 50, 0, 0), shown=0).share("judged") == (1.0, 0.0, 1.0)
    assert estimate(Stratum("judged", 0, 0, 0), shown=0).share() is None


def test_a_known_miss_is_never_estimated_away() -> None:
    middle, low, high = estimate(Stratum("judged", 100, 60, 0), known=10).share() or (0, 0, 0)
    assert middle == high == 0.9
    assert low <= 0.9


def test_the_unread_are_told_apart_and_both_together_hold_at_once() -> None:
    both = estimate(Stratum("judged", 500, 100, 1), Stratum("unread", 20_000, 100, 0))
    judged, everything = both.share("judged"), both.share()
    assert judged is not None
    assert everything is not None
    assert everything[1] < judged[1] < judged[0] == everything[0]


def test_it_is_told_with_numbers_interval_and_method() -> None:
    told = statement(estimate(Stratum("judged", 500, 100, 1), Stratum("unread", 20_000, 50, 0, 1)))
    assert "from Wed 21 Oct to Sat 21 Nov 2026" in told
    assert "Of 500 pages dropped after their text was judged, 100 were looked at: 1 was relevant, so at most " in told
    assert "Of 20,000 pages put aside without a text, 50 were looked at by headline: none were relevant and " in told
    assert "1 could not be told" in told
    assert "So of all relevant articles whose text was judged, about " in told
    assert " were shown, and at least " in told
    assert told.endswith(" (95% sure).")
    lines = "\n".join(explained(estimate(Stratum("judged", 500, 100, 1))))
    assert "95% interval" in lines
    assert "hypergeometric" in lines
    assert "Bonferroni" in lines


def test_nothing_is_promised_where_nothing_was_looked_at() -> None:
    told = statement(estimate(Stratum("judged", 500, 0, 0), Stratum("unread", 100, 10, 0)))
    assert "none was looked at yet" in told
    assert "sure" not in told
