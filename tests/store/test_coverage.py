"""What was read in a window and what was not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.memory import SourceOutcome
from store.database import Store
from store.records import Coverage, Decided, NotRead, Silence, SourceCoverage
from store.sql.coverage import MOVED, is_silent, longest_pause, state_of

DAY = timedelta(days=1)
AT = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)


def test_a_window_in_full(store, make, clock):
    sources = [make.source("bao-a"), make.source("bao-b", enabled=False, reason="the site is gone")]
    run = store.begin_run("crawl")
    for name, published in (("keep", 1), ("drop", 5), ("wait", 2), ("gone", None), ("retry", 30)):
        store.discovered(make.found(name, published=published and make.start - timedelta(hours=published)), run)
    make.save(store, make.found("keep"), run=run)
    make.save(store, make.found("drop"), "drop", run, text="Bài khác. " * 40)
    store.decided(make.found("gone").url, "fetched", "gone", "answered 404", run=run)
    store.decided(make.found("retry").url, "fetched", "failed", "answered 503", run=run)
    store.decided("https://bao-a.vn/no", "allowed", "rejected", "robots.txt disallows it", run=run, source="bao-a")
    attention = Decided("extracted", "ok", "no text. The page has no headline.", {"quality": ["no-title"]})
    store.save_page(make.page(make.found("wait")), [attention], run=run)
    store.source_finished(SourceOutcome("bao-a", "partly", "1 article could not be fetched", 5, 3, 1), run)
    assert store.coverage(make.start, make.start + DAY, sources) == Coverage(
        runs=1,
        sources=(
            SourceCoverage(
                source="bao-a",
                name="Báo bao-a",
                state="partly",
                reason="1 article could not be fetched; 1 address found and not read yet; the next crawl goes on there",
                last_read=make.start,
                newest=make.start - timedelta(hours=1),
                seen=6,
                kept=1,
                marginal=0,
                dropped=1,
                failed=1,
                rejected=1,
                gone=1,
                unread=1,
            ),
            SourceCoverage("bao-b", "Báo bao-b", "disabled", "the site is gone", None, None, 0, 0, 0, 0, 0),
        ),
        seen=6,
        kept=1,
        marginal=0,
        dropped=1,
        failed=1,
        rejected=1,
        gone=1,
        waiting=2,
        retried=1,
        not_read=(
            NotRead("https://bao-a.vn/no", "Báo bao-a", None, "refused", "robots.txt disallows it"),
            NotRead("https://bao-a.vn/tin-gone", "Báo bao-a", make.found("gone").title, "gone", "answered 404"),
            NotRead("https://bao-a.vn/tin-retry", "Báo bao-a", make.found("retry").title, "tried again", "answered 503"),
        ),
        attention=(("https://bao-a.vn/tin-wait", "no text. The page has no headline."),),
    )


def test_an_empty_window_says_why(store, make):
    coverage = store.coverage(make.start - DAY, make.start, [make.source()])
    assert (coverage.runs, coverage.seen, coverage.attention) == (0, 0, ())
    assert (coverage.sources[0].state, coverage.sources[0].reason) == ("untried", "no run tried it")


def test_an_interrupted_run_is_named(store, make):
    run = store.begin_run("crawl")
    store.db.execute("UPDATE run SET state = 'interrupted' WHERE id = ?", [run])
    (source,) = store.coverage(make.start, make.start + DAY, [make.source()]).sources
    assert source.reason == "the run was interrupted before it came to this source"


def test_what_a_stopped_crawl_left_is_counted_until_a_later_run_asks_it(store, make, clock):
    begun = store.begin_run("crawl")
    stopped = SourceOutcome("bao-a", "partly", "the crawl was stopped before 2 places were asked", unread=2)
    store.source_finished(stopped, begun)
    assert store.run_outcomes(begun) == [stopped]
    later = clock.pass_(hours=1)
    (source,) = store.coverage(make.start, later, [make.source()]).sources
    assert (source.state, source.reason, source.unread) == ("partly", stopped.reason, 2)
    run = store.begin_run("crawl")
    store.source_finished(SourceOutcome("bao-a", "read"), run)
    (source,) = store.coverage(make.start, clock.pass_(hours=1), [make.source()]).sources
    assert (source.state, source.unread) == ("read", 0)


def test_a_source_whose_addresses_nobody_looked_at_was_not_read_to_the_end(store, make, run, clock):
    """As after a crawl that was killed in the middle: it could say nothing."""
    store.source_finished(SourceOutcome("bao-a", "read"), run)
    store.discovered(make.found("seen"), run)
    (source,) = store.coverage(make.start, clock.pass_(hours=1), [make.source()]).sources
    assert (source.state, source.unread) == ("partly", 1)
    assert source.reason == "1 address found and not read yet; the next crawl goes on there"


def test_being_listed_again_or_digested_moves_no_life(store, run, make, clock):
    store.discovered(make.found(), run)
    make.save(store, run=run)
    tomorrow = clock.pass_(days=1)
    store.discovered(make.found(via="https://bao-a.vn/other-feed"), run)
    store.freeze_digest("daily", make.start, tomorrow, "", "", "", [1])
    assert store.coverage(make.start, tomorrow, [make.source()]).seen == 1
    assert store.coverage(tomorrow, tomorrow + DAY, [make.source()]).seen == 0


def test_a_run_is_counted_without_a_walk_through_all_decisions(store):
    values = {"since": "2026-03-01", "until": "9999", "run": 1}
    plan = [row[3] for row in store.db.execute(f"EXPLAIN QUERY PLAN {MOVED}", values)]
    assert any(step.startswith("SEARCH decision USING INDEX decision_time") for step in plan), plan


def test_a_past_window_keeps_its_figures(store, run, make, clock):
    store.discovered(make.found(), run)
    store.decided(make.found().url, "fetched", "failed", "answered 503", run=run)
    tomorrow = clock.pass_(days=1)
    make.save(store, run=run)
    windows = (make.start, tomorrow), (tomorrow, tomorrow + DAY)
    coverages = [store.coverage(*window, [make.source()]) for window in windows]
    assert [(one.failed, one.kept) for one in coverages] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], ("untried", "no run tried it")),
        ([("read", None)], ("read", None)),
        ([("failed", "503"), ("read", "a note")], ("read", None)),
        ([("failed", "503"), ("failed", "timeout")], ("failed", "timeout")),
        ([("read", None), ("failed", "503")], ("partly", "read at 2026-03-01 12:00 (+07), but not later: 503")),
        ([("read", None), ("skipped", "asked for other sources")], ("read", None)),
        ([("skipped", "needs a browser")], ("skipped", "needs a browser")),
        ([("failed", None)], ("failed", "no reason was recorded")),
    ],
    ids=lambda value: "-".join(state for state, _ in value) if isinstance(value, list) else "",
)
def test_state_of_a_source(make, states, expected):
    tried = [(state, reason, AT + timedelta(hours=n)) for n, (state, reason) in enumerate(states)]
    assert state_of(make.source(), tried, False) == expected


END = st.sampled_from(["keep", "marginal", "drop", "failed", "gone", "rejected", "none"])


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ends=st.lists(st.tuples(st.integers(0, 5), END, st.integers(0, 2)), max_size=25))
def test_every_address_of_a_window_is_counted_once(make, tmp_path_factory, ends):
    clock = make.Clock()
    with Store.open(tmp_path_factory.mktemp("store"), clock) as store:
        run = store.begin_run("crawl")
        for name, end, hours in ends:
            place = make.found(str(name))
            store.discovered(place, run)
            if end in ("keep", "marginal", "drop"):
                make.save(store, place, end, run, text=f"{name} {make.text}")
            elif end != "none":
                store.decided(place.url, "allowed" if end == "rejected" else "fetched", end, end, run=run)
            clock.pass_(hours=hours)
        coverage = store.coverage(make.start, clock.pass_(hours=1), [make.source()])
        waiting = store.db.execute("SELECT count(*) FROM address WHERE fate = 'waiting'").fetchone()[0]
    counted = coverage.kept + coverage.marginal + coverage.dropped + coverage.failed + coverage.gone + coverage.rejected
    assert coverage.seen == len({name for name, _, _ in ends}) == counted + waiting


class TestSilence:
    def items(self, store, run, make, hours):
        for hour in hours:
            store.discovered(make.found(str(hour), published=make.start - timedelta(hours=hour)), run)

    def test_a_source_whose_newest_item_is_older_than_usual(self, store, run, make):
        self.items(store, run, make, range(30, 60, 3))
        assert store.silent_sources([make.source(name="Báo A")]) == [
            Silence("bao-a", "Báo A", make.start - timedelta(hours=30), timedelta(hours=30), timedelta(hours=3))
        ]

    def test_a_source_that_is_seldom_anyway(self, store, run, make):
        self.items(store, run, make, range(30, 300, 20))
        assert store.silent_sources([make.source()]) == []

    def test_a_switched_off_source(self, store, run, make):
        self.items(store, run, make, range(30, 60, 3))
        assert store.silent_sources([make.source(enabled=False, reason="gone")]) == []

    def test_items_from_the_future_do_not_hide_it(self, store, run, make):
        self.items(store, run, make, [-500, *range(30, 60, 3)])
        assert [silence.silent_for for silence in store.silent_sources([make.source()])] == [timedelta(hours=30)]

    def test_too_few_items_say_nothing(self):
        assert longest_pause([AT - timedelta(hours=n) for n in range(7)]) is None

    def test_a_day_at_least(self):
        assert not is_silent(timedelta(hours=24), timedelta(minutes=10))
        assert is_silent(timedelta(hours=25), timedelta(minutes=10))
