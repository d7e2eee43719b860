"""Runs, how sources fared in them, and the places of discovery."""

import subprocess
import sys
from datetime import timedelta

import pytest

from spiders.memory import Asked, SourceOutcome, Validators
from store.database import Store
from store.records import Decided, Run

FEED = "https://bao-a.vn/rss"


def test_a_run(store, make, clock):
    run = store.begin_run("crawl")
    assert store.run(run) == Run(1, "crawl", "running", make.start, None, "")
    clock.pass_(minutes=3)
    assert store.end_run(run, "finished") == "finished"
    assert store.run(run) == Run(1, "crawl", "finished", make.start, make.start + timedelta(minutes=3), "")


def test_a_run_that_never_was(store):
    assert store.run(9) is None


def test_a_dead_run_is_interrupted_by_the_next(store, tmp_path):
    code = (
        "import os, signal, sys; from store.database import Store\n"
        "Store.open(sys.argv[1]).begin_run('crawl'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert store.run(1).state == "running"
    own = store.begin_run("crawl")
    store.begin_run("digest")
    assert [store.run(number).state for number in (1, own, 3)] == ["interrupted", "running", "running"]
    assert store.run(1).detail == "the process ended without saying so"


def test_a_run_in_which_our_code_broke_has_not_finished(store, run, make):
    broken = Decided("judged", "failed", "an error in the program: KeyError: 'x'", broken=True)
    store.save_page(make.page(), [broken], run=run)
    assert store.end_run(run, "finished", "2 sources") == "failed"
    assert store.run(run).detail == (
        "2 sources; 1 page could not be processed: https://bao-a.vn/tin-1: an error in the program: KeyError: 'x'"
    )
    assert store.broken_pages(run) == [("https://bao-a.vn/tin-1", "an error in the program: KeyError: 'x'")]
    assert store.life(make.found().url).fate == "retry"


def test_outcomes_of_sources(store, run):
    read = SourceOutcome("bao-b", "read", None, 5, 3, 0)
    failed = SourceOutcome("bao-a", "failed", "feed: answered 503", 0, 0, 0)
    for outcome in (read, SourceOutcome("bao-a", "read"), failed):
        store.source_finished(outcome, run)
    assert store.run_outcomes(run) == [failed, read]
    assert store.run_outcomes(run + 1) == []


@pytest.mark.parametrize(
    ("status", "problem", "expected"),
    [
        (200, None, Validators('"new"', "Mon")),
        (200, "is not a feed", Validators('"new"', "Mon")),
        (304, None, Validators('"old"', None)),
        (503, "answered 503", Validators('"old"', None)),
        (None, "timed out", Validators('"old"', None)),
    ],
)
def test_only_a_full_answer_replaces_validators(store, run, status, problem, expected):
    assert store.validators(FEED) == Validators()
    store.asked(Asked("bao-a", FEED, "feed", 200, validators=Validators('"old"')), run)
    store.asked(Asked("bao-a", FEED, "feed", status, problem=problem, validators=Validators('"new"', "Mon")), run)
    assert store.validators(FEED) == expected


def test_the_newest_item_of_a_place_never_goes_back(store, run, make):
    for hours in (2, 1, None):
        newest = None if hours is None else make.start + timedelta(hours=hours)
        store.asked(Asked("bao-a", FEED, "feed", 200, 1, 1, newest), run)
    assert store.db.execute("SELECT newest FROM place").fetchall() == [("2026-03-01T07:00:00.000000Z",)]


def test_every_visit_is_recorded(store, run, make):
    store.asked(Asked("bao-a", FEED, "feed", 200, 20, 4, make.start), run)
    store.asked(Asked("bao-a", FEED, "feed", None, problem="took longer than 60 seconds"), run)
    assert store.db.execute("SELECT place, run, status, items, fresh, newest, problem FROM visit").fetchall() == [
        (FEED, run, 200, 20, 4, "2026-03-01T05:00:00.000000Z", None),
        (FEED, run, None, 0, 0, None, "took longer than 60 seconds"),
    ]


def test_names_of_sources_are_renewed(store, run, make):
    store.discovered(make.found(), run)
    make.save(store)
    assert store.article(1).source_name == "bao-a"
    store.know_sources([make.source(name="Báo A")])
    store.know_sources([make.source(name="Báo A mới")])
    assert store.article(1).source_name == "Báo A mới"


def test_a_store_may_be_closed_twice(tmp_path):
    store = Store.open(tmp_path)
    run = store.begin_run("digest")
    store.close()
    store.close()
    with Store.open(tmp_path) as again:
        assert again.run(run).kind == "digest"
