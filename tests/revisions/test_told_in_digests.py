"""Which changes a digest tells: each once in a profile, none skipped."""

from datetime import timedelta

import pytest
from rereading import BODY, html, source

from digest.make import make_digest


@pytest.fixture
def edited(desk):
    """Read and told, and edited six hours later."""
    desk.read(html())
    desk.wait(minutes=5)
    make(desk)
    desk.wait(hours=6)
    edit(desk, "14 km")
    return desk


def edit(desk, length):
    desk.again()
    desk.read(html(body=(BODY[0].replace("12 km", length), *BODY[1:])))
    desk.wait(minutes=5)


def make(desk, profile="daily", since=None):
    with desk.store() as store:
        return make_digest(store, [source("bao-a")], profile, since, None, desk.now, desk.home)


def test_an_edit_is_told_once_in_each_profile(edited):
    assert "[-12-] {+14+} km" in make(edited).text
    edited.wait(hours=1)
    assert "EDITED" not in make(edited).text
    assert "[-12-] {+14+} km" in make(edited, "weekly").text


def test_a_frozen_digest_stays_as_it_was(edited):
    first = make(edited)
    with edited.store() as store:
        assert store.freeze_digest("daily", first.since, first.until, "", "", "", (), None, (1,)) == first
        assert store.db.execute("SELECT digest, revision FROM digest_revision").fetchall() == [(first.id, 1)]


def test_two_edits_between_two_digests_are_told_as_one(edited):
    edited.wait(hours=24)
    edit(edited, "15 km")
    text = make(edited).text
    assert "Edited 2 times" in text
    assert "[-12-] {+15+} km" in text
    assert "14" not in text[text.index("EDITED") : text.index("COVERAGE")].replace("14:", "")


def test_an_edit_that_was_taken_back_is_told_as_that(edited):
    edited.wait(hours=24)
    edit(edited, "12 km")
    assert "it says again what it said before" in " ".join(make(edited).text.split())


def test_what_was_seen_while_the_last_digest_was_made_is_in_the_next(edited):
    """Its time lies before the end of the last window."""
    with edited.store() as store:
        end = edited.now + timedelta(hours=1)
        store.freeze_digest("daily", edited.now - timedelta(hours=1), end, "", "", "", ())
    edited.wait(hours=2)
    digest = make(edited)
    assert "{+14+}" in digest.text
    assert digest.since < end


def test_a_review_tells_the_changes_of_its_window_and_uses_nothing_up(edited):
    assert "{+14+}" in make(edited, since=edited.now - timedelta(hours=1)).text
    assert "EDITED" not in make(edited, since=edited.now - timedelta(minutes=1)).text
    assert "{+14+}" in make(edited).text


def test_a_removal_is_told_with_when_it_was_last_there(desk):
    desk.read(html())
    make(desk)
    for _ in range(2):
        desk.wait(hours=6)
        desk.again()
        desk.tell("gone", "answered 404 Not Found")
    desk.wait(minutes=5)
    told = " ".join(make(desk).text.split())
    assert "Gone, confirmed Mon 2 Mar, 00:00: answered 404 Not Found. Last there Sun 1 Mar, 12:00. Its text is kept." in told
