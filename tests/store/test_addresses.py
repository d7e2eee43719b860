"""Sightings, decisions, retries: the life of addresses between runs."""

from datetime import timedelta

import pytest

from store.fates import RETRY_HOURS
from store.records import Step


def fate(store, url):
    return store.life(url).fate


def test_a_new_address_is_to_be_fetched_once(store, run, make):
    assert store.discovered(make.found(), run)
    assert not store.discovered(make.found(), run)
    assert store.pending("bao-a", run) == []


def test_what_a_run_left_is_pending_for_the_next(store, run, make, clock):
    first = make.found(
        "1", title="Tiêu đề", summary="Tóm tắt", published=make.start, key="bao-a:1", seen_as="http://bao-a.vn/tin-1?x"
    )
    store.discovered(first, run)
    clock.pass_(minutes=1)
    store.discovered(make.found("2"), run)
    later = store.begin_run("crawl")
    assert store.pending("bao-a", later) == [first, make.found("2")]
    assert store.pending("bao-a", later) == []
    assert not store.discovered(first, later)


def test_pending_is_of_one_source(store, run, make):
    store.discovered(make.found(of="bao-b"), run)
    assert store.pending("bao-a", store.begin_run("crawl")) == []


def test_an_address_that_ended_is_known(store, run, make):
    store.discovered(make.found(), run)
    make.save(store, run=run)
    later = store.begin_run("crawl")
    assert not store.discovered(make.found(), later)
    assert store.pending("bao-a", later) == []


def test_a_new_name_of_an_article_that_is_gone_is_tried_once(store, run, make):
    old, renamed = make.found("old", key="bao-a:1"), make.found("renamed", key="bao-a:1")
    store.discovered(old, run)
    store.decided(old.url, "fetched", "gone", "answered 404", run=run)
    later = store.begin_run("crawl")
    assert not store.discovered(old, later)
    assert store.discovered(renamed, later)
    store.decided(renamed.url, "fetched", "gone", "answered 404", run=later)
    assert not store.discovered(renamed, store.begin_run("crawl"))
    assert store.life(renamed.url).url == old.url


def test_failures_come_due_again_until_given_up(store, run, make, clock):
    place = make.found()
    store.discovered(place, run)
    for hours in RETRY_HOURS:
        store.decided(place.url, "fetched", "failed", "answered 503", run=run)
        run = store.begin_run("crawl")
        clock.pass_(hours=hours, seconds=-1)
        assert store.pending("bao-a", run) == []
        assert not store.discovered(place, run)
        clock.pass_(seconds=1)
        assert store.pending("bao-a", run) == [place]
    store.decided(place.url, "fetched", "failed", "answered 503", run=run)
    clock.pass_(days=365)
    assert fate(store, place.url) == "failed"
    assert not store.discovered(place, store.begin_run("crawl"))


def test_a_failed_address_that_is_listed_again_is_fetched_when_due(store, run, make, clock):
    store.discovered(make.found(), run)
    store.decided(make.found().url, "fetched", "failed", "timed out", {"retry_after": 7200}, run)
    clock.pass_(hours=1, minutes=59)
    assert not store.discovered(make.found(), store.begin_run("crawl"))
    clock.pass_(minutes=1)
    assert store.discovered(make.found(), store.begin_run("crawl"))


def test_a_missing_page_is_asked_for_again_only_while_it_is_listed(store, run, make, clock):
    store.discovered(make.found(), run)
    store.decided(make.found().url, "fetched", "gone", "answered 404", run=run)
    clock.pass_(hours=2)
    later = store.begin_run("crawl")
    assert store.pending("bao-a", later) == []
    assert store.discovered(make.found(), later)


def test_a_rejected_address_may_be_allowed_a_day_later(store, run, make, clock):
    store.discovered(make.found(), run)
    store.decided(make.found().url, "allowed", "rejected", "robots.txt disallows it", run=run)
    assert not store.discovered(make.found(), store.begin_run("crawl"))
    clock.pass_(days=1)
    assert store.discovered(make.found(), store.begin_run("crawl"))


def test_another_slug_with_the_same_number_is_another_name(store, run, make):
    store.discovered(make.found("cu", key="bao-a:7"), run)
    assert not store.discovered(make.found("moi", key="bao-a:7"), run)
    life = store.life("https://bao-a.vn/tin-moi")
    assert (life.url, life.known) == ("https://bao-a.vn/tin-cu", True)


def test_a_rejected_address_that_nobody_discovered_has_a_life(store, run):
    store.decided("https://elsewhere.vn/x", "allowed", "rejected", "not a listed host", {"by": "redirect"}, run, source="bao-a")
    life = store.life("https://elsewhere.vn/x")
    assert (life.known, life.source, life.fate) == (True, "bao-a", "rejected")
    assert [(step.stage, step.outcome, step.reason, step.data) for step in life.steps] == [
        ("allowed", "rejected", "not a listed host", {"by": "redirect"})
    ]


def test_each_place_of_discovery_is_told_once(store, run, make, clock):
    for via in ("https://bao-a.vn/rss", "https://bao-a.vn/sitemap.xml", "https://bao-a.vn/rss"):
        store.discovered(make.found(via=via, by="sitemap" if "sitemap" in via else "feed"), run)
        clock.pass_(hours=1)
    data = {"seen_as": "https://bao-a.vn/tin-1", "source": "bao-a", "title": "Tin 1"}
    assert store.life(make.found().url).steps == (
        Step(make.start, "discovered", "ok", "in the feed https://bao-a.vn/rss", data),
        Step(make.start + timedelta(hours=1), "discovered", "ok", "in the sitemap https://bao-a.vn/sitemap.xml", data),
    )


def test_the_same_decision_again_is_counted_not_repeated(store, run, make, clock):
    for _ in range(3):
        store.decided("https://x.vn/1", "allowed", "rejected", "robots.txt disallows it", run=run)
        clock.pass_(days=1)
    (step,) = store.life("https://x.vn/1").steps
    assert step.at == make.start
    assert step.data == {"times": 3, "last": "2026-03-03T05:00:00.000000Z"}


def test_later_sightings_fill_in_what_was_missing(store, run, make):
    store.discovered(make.found(title=None), run)
    store.discovered(make.found(title="Tiêu đề", published=make.start, key="k"), run)
    store.discovered(make.found(title="Khác"), run)
    (left,) = store.pending("bao-a", store.begin_run("crawl"))
    assert (left.title, left.published, left.key) == ("Tiêu đề", make.start, "k")


@pytest.mark.parametrize("hostile", ["a\x00b", "\ud800", "e\u0301", "'; DROP TABLE address; --", "x" * 100_000])
def test_hostile_text_is_stored(store, run, make, hostile):
    store.discovered(make.found(title=hostile, summary=hostile), run)
    store.decided(make.found().url, "fetched", "failed", hostile, {"what": hostile, "set": {1, 2}}, run)
    assert store.life(make.found().url).steps[-1].stage == "fetched"
