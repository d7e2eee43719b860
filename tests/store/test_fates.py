"""The course of an address, decision by decision."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.fates import ENDED, GONE_HOURS, RETRY_HOURS, Course, course

STAGES = ("discovered", "allowed", "fetched", "triaged", "extracted", "judged", "stored", "digested")


@pytest.mark.parametrize(
    ("before", "stage", "outcome", "tries", "after"),
    [
        ("waiting", "allowed", "ok", 0, Course("waiting", 0)),
        ("waiting", "fetched", "ok", 0, Course("waiting", 1)),
        ("retry", "fetched", "ok", 2, Course("waiting", 3)),
        ("waiting", "fetched", "failed", 0, Course("retry", 1, timedelta(hours=1))),
        ("retry", "fetched", "failed", 3, Course("retry", 4, timedelta(hours=24))),
        ("retry", "fetched", "failed", 6, Course("failed", 7)),
        ("waiting", "allowed", "failed", 0, Course("retry", 1, timedelta(hours=1))),
        ("waiting", "extracted", "failed", 1, Course("retry", 1, timedelta(hours=1))),
        ("waiting", "fetched", "gone", 0, Course("gone", 1, timedelta(hours=1))),
        ("gone", "fetched", "gone", 2, Course("gone", 3)),
        ("waiting", "allowed", "rejected", 0, Course("rejected", 0, timedelta(hours=24))),
        ("waiting", "fetched", "rejected", 0, Course("rejected", 1)),
        ("waiting", "triaged", "rejected", 1, Course("dropped", 1)),
        ("keep", "fetched", "gone", 1, Course("keep", 1)),
        ("dropped", "fetched", "failed", 1, Course("dropped", 1)),
    ],
)
def test_course(before, stage, outcome, tries, after):
    assert course(before, stage, outcome, tries) == after


@pytest.mark.parametrize(
    ("asked", "waits"), [(60, timedelta(hours=1)), (7200, timedelta(hours=2)), (88 * 3600, timedelta(hours=24))]
)
def test_retry_after_is_honoured_up_to_a_day(asked, waits):
    assert course("waiting", "fetched", "failed", 0, timedelta(seconds=asked)).after == waits


def test_the_distance_between_tries_grows():
    assert list(RETRY_HOURS) == sorted(set(RETRY_HOURS))
    assert list(GONE_HOURS) == sorted(set(GONE_HOURS))


def test_a_page_that_kills_the_process_is_given_up():
    fate, tries, fetched = "waiting", 0, 0
    while fate == "waiting":
        fate, tries = (after := course(fate, "fetched", "ok", tries)).fate, after.tries
        fetched += 1
    assert (fate, fetched) == ("failed", len(RETRY_HOURS) + 1)


@given(st.lists(st.tuples(st.sampled_from(STAGES), st.sampled_from(["failed", "gone", "ok"])), min_size=60, max_size=60))
def test_no_address_is_fetched_for_ever(decisions):
    fate, tries, fetches, due = "waiting", 0, 0, timedelta(0)
    for stage, outcome in decisions:
        if fate in ENDED or (fate != "waiting" and due is None):
            break
        for at, what in (("fetched", outcome), (stage, outcome)):
            after = course(fate, at, what, tries)
            fate, tries, due = after.fate, after.tries, after.after
        fetches += 1
    assert fetches <= len(RETRY_HOURS) + 1
