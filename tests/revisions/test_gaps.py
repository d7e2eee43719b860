"""When something is read again."""

from datetime import UTC, datetime, timedelta

import pytest

from store.fates import RETRY_HOURS
from store.revisions.schedule import REVISIT_HOURS, gap_at, hours_from, is_due, wait_after

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_fresh_article_takes_every_gap_in_turn() -> None:
    asked = published = NOW
    visits = []
    for step in range(len(REVISIT_HOURS)):
        gap = gap_at(step, asked - published, REVISIT_HOURS)
        assert gap == step
        due = asked + timedelta(hours=REVISIT_HOURS[gap])
        assert not is_due(asked, gap, REVISIT_HOURS, due - HOUR)
        assert is_due(asked, gap, REVISIT_HOURS, due)
        visits.append((due - published) / HOUR)
        asked = due
    assert visits == [6, 30, 198, 918]
    assert not is_due(asked, len(REVISIT_HOURS), REVISIT_HOURS, NOW + timedelta(days=9999))


@pytest.mark.parametrize(("days", "gap"), [(0, 0), (0.3, 1), (2, 2), (9, 3), (4000, 3)])
def test_what_is_old_already_is_past_the_short_gaps(days: float, gap: int) -> None:
    assert gap_at(0, timedelta(days=days), REVISIT_HOURS) == gap


def test_failures_wait_longer_and_longer_and_are_given_up() -> None:
    waits = [wait_after(failures) for failures in range(1, len(RETRY_HOURS) + 1)]
    assert waits == [timedelta(hours=hours) for hours in RETRY_HOURS]
    assert wait_after(len(RETRY_HOURS) + 1) is None


def test_gaps_as_a_setting() -> None:
    assert hours_from("6,24,0.5") == (6, 24, 0.5)
    assert hours_from("") == ()
