"""A machine that is not online: one sentence about that, and short lines."""

import io
from itertools import repeat

import pytest
from rich.console import Console
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError
from scrapy.settings import Settings

from monitor.app import App
from monitor.checks import show
from monitor.commands.crawl import report
from monitor.crawl import CrawlResult
from monitor.offline import briefly, common_fault
from spiders.fates import fate_of
from spiders.memory import SourceOutcome
from spiders.sources import Source
from store.records import Moved

UNRESOLVED = (
    "feed https://{0}/rss and 7 more places: the robots.txt of {0} could not be read (the name {0} cannot be resolved), so the"
    " site is left alone for now; listing https://{0}/b: the name {0} cannot be resolved"
)


def said(app: App) -> str:
    return app.console.file.getvalue()


@pytest.fixture
def app() -> App:
    app = App(".")
    app.console = Console(file=io.StringIO(), width=80)
    return app


def test_one_sentence_comes_first_when_nothing_can_be_reached(app: App) -> None:
    outcomes = tuple(SourceOutcome(name, "failed", UNRESOLVED.format(f"{name}.vn")) for name in ("bao-a", "bao-b"))
    skipped = SourceOutcome("bao-c", "skipped", "needs a browser")
    report(app, CrawlResult(1, (*outcomes, skipped), Moved(), ()))
    first, _, *lines = said(app).splitlines()
    assert first == "no source could be reached: is this machine online? (no name of theirs could be resolved)"
    assert lines == [
        "  bao-a failed: the name bao-a.vn cannot be resolved",
        "  bao-b failed: the name bao-b.vn cannot be resolved",
        "  bao-c skipped: needs a browser",
    ]


@pytest.mark.parametrize(
    "reasons",
    [
        ["feed https://a.vn/rss: the name a.vn cannot be resolved"],
        ["the name a.vn cannot be resolved", "b.vn refused the connection"],
        ["answered 503 Service Unavailable"] * 2,
        [],
    ],
    ids=["one-source", "two-kinds", "they-answered", "nothing-tried"],
)
def test_what_may_be_the_papers_own_fault_is_not_laid_to_this_machine(reasons: list[str]) -> None:
    assert common_fault(reasons) is None


def test_a_source_that_was_read_shows_that_this_machine_is_online(app: App) -> None:
    outcomes = (SourceOutcome("bao-a", "failed", UNRESOLVED.format("a.vn")), SourceOutcome("bao-b", "read"))
    report(app, CrawlResult(1, outcomes, Moved(), ()))
    assert "online" not in said(app)
    assert "the robots.txt of a.vn could not be read" in said(app)


@pytest.mark.parametrize(
    ("reason", "brief"),
    [
        ("feed https://a.vn/r: a.vn refused the connection; and 3 more problems", "a.vn refused the connection"),
        ("feed https://a.vn/r: the connection to a.vn failed: ConnectError", "the connection to a.vn failed"),
        ("the robots.txt could not be read (took longer than 60 seconds)", "took longer than 60 seconds"),
        ("(the proxy opened no tunnel to a.vn: 502)", "the proxy opened no tunnel to a.vn"),
        ("answered 404 Not Found", "answered 404 Not Found"),
    ],
)
def test_the_fault_alone(reason: str, brief: str) -> None:
    assert briefly(reason) == brief


@pytest.mark.parametrize(
    "error", [CannotResolveHostError(), DownloadConnectionRefusedError(), DownloadFailedError(), TimeoutError(), TunnelError()]
)
def test_the_words_of_the_spiders_for_network_faults_are_known(error: Exception) -> None:
    reason = fate_of(error, "https://a.vn/r", Settings({"DOWNLOAD_TIMEOUT": 60})).reason
    assert common_fault([reason, reason]) is not None


def test_a_check_in_a_pipe_breaks_no_address_and_repeats_no_problem(app: App) -> None:
    address = f"https://bao.vn/{'rat-dai-' * 20}rss"
    problem = "the robots.txt of bao.vn could not be read (the name bao.vn cannot be resolved), so the site is left alone"
    place = {"kind": "place", "by": "feed", "address": address, "status": None, "items": 0, "newest": None, "problem": problem}
    end = {"kind": "source", "state": "failed", "reason": "feed and 2 more places: it failed"}
    source = Source(
        id="bao", name="Báo", languages=("vi",), home="https://bao.vn/", article="bao", feeds=("https://bao.vn/rss",)
    )
    show(app, source, [*repeat(place, 3), end])
    rows = [line for line in said(app).splitlines() if line.startswith("feed  ")]
    assert [address in row for row in rows] == [True] * 3
    assert [row.rpartition("  ")[2] for row in rows] == [problem, "as above", "as above"]
