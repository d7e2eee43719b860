"""How a source fared, and when a walk goes on."""

from datetime import UTC, datetime, timedelta

from spiders.discover import Findings
from spiders.memory import Validators
from spiders.page import Found
from spiders.sources import Listing
from spiders.tally import PlaceRead, Tally
from spiders.visits import USUAL_PAGES, conditions, first_page, goes_on

LISTING = Listing(url="https://paper.vn/list", pages="/list/{page}", last=30)
SINCE = datetime(2026, 11, 10, tzinfo=UTC)


def tally(*places):
    return Tally("paper", places=[PlaceRead(f"a{number}", "feed", *place) for number, place in enumerate(places)])


def test_states_of_a_source():
    assert tally((True, None), (True, None)).outcome().state == "read"
    assert tally((True, None), (False, "answered 500")).outcome().state == "partly"
    assert tally((True, "no time can be read")).outcome().state == "partly"
    assert tally((False, "answered 500"), (False, "answered 500")).outcome().state == "failed"
    assert tally().outcome().state == "failed"


def test_failed_articles_and_an_early_stop_are_said():
    counted = tally((True, None))
    counted.failed = 2
    outcome = counted.outcome("closespider_timeout", 19, 1)
    assert (outcome.state, outcome.unread) == ("partly", 20)
    why = "its time for one crawl was over before 19 articles and 1 place were asked; the next crawl goes on there"
    assert outcome.reason == f"{why}; 2 articles could not be fetched"
    assert counted.outcome("shutdown", 0, 1).reason.startswith("the crawl was stopped before 1 place was asked; the next")
    assert tally().outcome("shutdown", 0, 2).reason == (
        "the crawl was stopped before 2 places were asked; the next crawl goes on there"
    )


def test_one_problem_of_many_places_is_told_once():
    outcome = tally(*[(False, "the name cannot be resolved")] * 4).outcome()
    assert outcome.reason == "feed a0 and 3 more places: the name cannot be resolved"


def test_many_problems_are_counted_rather_than_listed():
    outcome = tally(*[(False, f"answered {status}") for status in range(500, 509)]).outcome()
    assert outcome.reason.count("answered 50") == 3
    assert outcome.reason.endswith("and 6 more problems")


def test_a_relaxed_rule_is_said_of_a_source_that_was_read():
    counted = tally((True, None))
    counted.notes.append("certificates are not verified: old chain")
    assert (counted.outcome().state, counted.outcome().reason) == ("read", "certificates are not verified: old chain")


def test_feeds_have_failed_when_all_of_them_have():
    assert tally((False, "x"), (False, "y")).all_failed("feed", 2)
    assert not tally((False, "x")).all_failed("feed", 2)
    assert not tally((False, "x"), (True, None)).all_failed("feed", 2)


def found(*names):
    urls = [f"https://paper.vn/{name}" for name in names]
    return tuple(Found(url, url, "paper", LISTING.url, "listing") for url in urls)


def test_a_walk_goes_on_while_most_is_new():
    findings = Findings(found("a", "b", "c"))
    assert goes_on(first_page(LISTING), findings, 2, None)
    assert not goes_on(first_page(LISTING), findings, 1, None)
    assert goes_on(first_page(LISTING, deep=True), findings, 1, None)
    assert not goes_on(first_page(LISTING, deep=True), findings, 0, None)


def test_a_walk_without_a_date_is_short():
    visit, pages = first_page(LISTING), 1
    while goes_on(visit, Findings(found(f"a{pages}")), 1, None):
        visit, pages = visit.next_page, pages + 1
    assert pages == USUAL_PAGES


def test_a_walk_back_looks_at_what_a_page_brings():
    old, new = SINCE - timedelta(days=3), SINCE + timedelta(days=3)
    box = {"https://paper.vn/box": new}
    visit = first_page(LISTING)
    assert goes_on(visit, Findings(found("box", "a"), days=box | {"https://paper.vn/a": old}), 0, SINCE)
    assert not goes_on(visit.next_page, Findings(found("box", "b"), days=box | {"https://paper.vn/b": old}), 0, SINCE)
    assert goes_on(first_page(LISTING), Findings(found("undated")), 0, SINCE)


def test_a_page_that_repeats_ends_the_walk():
    visit = first_page(LISTING)
    assert goes_on(visit, Findings(found("a")), 0, SINCE)
    assert not goes_on(visit.next_page, Findings(found("a")), 0, SINCE)


def test_conditions_hold_only_what_is_known():
    assert conditions(Validators()) == {}
    assert conditions(Validators(etag='"x"')) == {"If-None-Match": '"x"'}
