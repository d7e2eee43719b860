"""The main job on the small web of papers: what every address came to, twice in a row, through the real command."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.replica.expected import expected
from monitor.replica.server import Asked, Replica
from spiders.chromium import missing
from spiders.sources import load_sources
from store.database import Store
from store.records import Coverage, SourceCoverage
from store.stories.evaluate import b_cubed

pytestmark = pytest.mark.xdist_group("whole-job")

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SOURCES = Path(__file__).resolve().parents[2] / "seeds" / "sources.toml"


@dataclass(frozen=True)
class Job:
    """A home that crawled the replica twice, and what was said and asked each time."""

    home: Path
    web: Replica
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    asked_first: tuple[Asked, ...]
    asked_second: tuple[Asked, ...]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return vietlao(self.web, self.home, *words)


def vietlao(web: Replica, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    plain = {"VIETLAO_LOOPBACK": "1", "VIETLAO_CRAWL__DELAY": "0", "VIETLAO_CHROMIUM_SANDBOX": "0"}
    environment = os.environ | web.environment | plain
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    home = tmp_path_factory.mktemp("whole-job")
    with Replica() as web:
        (home / "vietlao.toml").write_text(f"[crawl]\nsources = {list(web.source_ids)!r}\n", encoding="utf-8")
        first = vietlao(web, home, "run")
        asked_first = tuple(web.requests)
        second = vietlao(web, home, "run")
        yield Job(home, web, first, second, asked_first, tuple(web.requests[len(asked_first) :]))


def crawled() -> set[str]:
    """The replica's sources that a crawl reads here: those that need a browser only where there is one."""
    without = missing(os.environ.get("VIETLAO_CHROMIUM", "")) is not None
    return {source.id for source in load_sources(SOURCES) if not (source.quirks.needs_browser and without)}


def test_both_runs_say_what_was_read_kept_and_left_out(job: Job) -> None:
    for done in (job.first, job.second):
        assert done.returncode == 0, done.stdout + done.stderr
        assert "unexpected" not in done.stderr
    assert f" of {len(job.web.source_ids)} sources read: " in job.first.stdout
    assert " kept" in job.first.stdout
    assert job.first.stdout.endswith("archive cleaned: 0 pages removed, 0.0 MB freed, 0 files changed\n")
    with Store.open(job.home) as store:
        runs = [store.run(number) for number in range(1, 7)]
    assert [(run.kind, run.state) for run in runs] == [(kind, "finished") for kind in ("crawl", "digest", "clean") * 2]


def test_the_crawl_and_the_digest_count_alike(job: Job) -> None:
    """By the ledger: what a source's line, the crawl's last line and the digest's coverage statement say is one thing."""
    with Store.open(job.home) as store:
        coverage = store.coverage(*ALWAYS, [source for source in load_sources(SOURCES) if source.id in job.web.source_ids])
        text = store.digest(1).text
    words = {"seen": "seen", "kept": "kept", "marginal": "marginal", "dropped": "dropped", "rejected": "refused"}
    words |= {"gone": "gone", "failed": "failed"}

    def told(of: Coverage | SourceCoverage) -> str:
        return ", ".join(f"{getattr(of, name)} {word}" for name, word in words.items())

    assert f"sources read: {told(coverage)}\n" in job.first.stdout
    assert f"Pages: {told(coverage)} (tried again), 0 waiting." in " ".join(text.split())
    assert coverage.retried == coverage.failed == coverage.waiting > 0
    assert coverage.gone
    for source in coverage.sources:
        assert source.state in ("read", "partly", "skipped"), source
        if source.state != "skipped":
            assert f"\n{source.source}: {told(source)}\n" in f"\n{job.first.stdout}"


def test_every_article_is_decided_as_its_writer_meant(job: Job) -> None:
    """Also those that no place lists, but another address of which is listed (twins, reprints) when they are known."""
    wrong = []
    with Store.open(job.home) as store:
        for entry in expected():
            if entry.outcome not in ("keep", "marginal", "drop") or not entry.listed or entry.source not in crawled():
                continue
            life = store.life(entry.url)
            decided = life.article.decision if life.article else life.fate
            if {"dropped": "drop"}.get(str(decided), decided) != entry.outcome:
                wrong.append((entry.url, entry.outcome, decided, [step.reason for step in life.steps][-2:]))
    assert wrong == []


def test_every_failure_is_a_recorded_fate_with_its_reason(job: Job) -> None:
    with Store.open(job.home) as store:
        for entry in expected():
            if entry.outcome not in ("failed", "rejected") or not entry.listed or entry.source not in crawled():
                continue
            life = store.life(entry.url)
            assert life.known, entry.url
            assert life.article is None, entry.url
            # another place may list it again once it has failed
            last = [step for step in life.steps if step.stage != "discovered"][-1]
            assert last.outcome in ("failed", "gone", "rejected"), entry.url
            assert last.reason, entry.url


def test_nothing_is_left_hanging_and_nothing_forbidden_was_asked(job: Job) -> None:
    with Store.open(job.home) as store:
        coverage = store.coverage(*ALWAYS, load_sources(SOURCES))
    due_again = [entry.url for entry in expected() if entry.why in ("answers 500", "answers 503 each time")]
    assert coverage.waiting == len(due_again)
    forbidden = [entry.url for entry in expected() if entry.why == "robots.txt forbids it"]
    assert forbidden
    asked = {f"https://{request.host}{request.path}" for request in job.asked_first}
    assert asked.isdisjoint(forbidden)


def test_the_second_run_asks_conditionally_and_fetches_no_known_article(job: Job) -> None:
    def articles(requests: tuple[Asked, ...]) -> set[tuple[str, str]]:
        known = {entry.url.split("://")[1] for entry in expected() if entry.outcome in ("keep", "marginal", "drop")}
        return {(request.host, request.path) for request in requests if f"{request.host}{request.path}" in known}

    assert len(articles(job.asked_first)) > 40
    assert articles(job.asked_second) == set()
    assert sum(request.status == 304 for request in job.asked_second) > 20


def test_stories_and_reprints_are_those_that_were_written(job: Job) -> None:
    """Each event of the small web is one story, each text that was copied has one original. Nothing is put together that does
    not belong together; what is missed are reports of one event that share too little, or tell another part of it."""
    events: dict[str, str] = {}
    texts: dict[str, str] = {}
    stories: dict[str, int] = {}
    originals: dict[str, int] = {}
    with Store.open(job.home) as store:
        for entry in expected():
            article = store.article(entry.url)
            if article is None or article.decision == "drop" or not entry.event:
                continue
            number = store.story_of_article(article.id)
            assert number is not None, entry.url
            story = store.story(number)
            assert story is not None, entry.url
            own = next(report for report in story.reports if report.article == article.id and report.url == article.url)
            events[entry.url], stories[entry.url] = entry.event, number
            texts[entry.url], originals[entry.url] = entry.group, own.original or article.id
    for told, truth, found, floor in (("stories", events, stories, 0.94), ("reprints", texts, originals, 0.99)):
        scores = b_cubed(truth, found)
        assert scores.precision >= 0.99, told
        assert scores.f1 >= floor, (told, scores)


def test_the_first_digest_tells_everything_kept_and_the_second_nothing_again(job: Job) -> None:
    with Store.open(job.home) as store:
        kept = store.articles(*ALWAYS, ("keep", "marginal"))
        first, second = store.digest(1), store.digest(2)
    assert first is not None
    assert second is not None
    assert len(kept) > 40
    assert sorted(first.articles) == sorted(article.id for article in kept)
    assert second.articles == ()
    assert [path.name for path in sorted((job.home / "digests").glob("*.html"))][-1] == "index.html"


def test_why_answers_for_kept_dropped_failed_forbidden_and_unknown_addresses(job: Job) -> None:
    by_outcome = {entry.outcome: entry for entry in expected() if entry.listed and entry.source in crawled()}
    words = {
        "keep": "It is kept.",
        "drop": "It is in no digest, because it was not found relevant.",
        "failed": "It was",
        "rejected": "It is not to be fetched.",
    }
    for outcome, told in words.items():
        done = job.command("why", by_outcome[outcome].url)
        assert done.returncode == 0, done.stderr
        assert told in done.stdout, (by_outcome[outcome].url, done.stdout)
    assert "This address was never seen" in job.command("why", "https://vietnamnews.vn/politics-laws/1/never.html").stdout


def test_one_address_can_be_extracted_from_the_web_behind_the_same_guards(job: Job) -> None:
    entry = next(entry for entry in expected() if entry.outcome == "keep" and entry.source == "vietnamnews")
    done = job.command("extract", "--json", entry.url)
    assert done.returncode == 0, done.stderr
    assert '"site": "vietnamnews.vn"' in done.stdout
    refused = job.command("extract", "--json", "https://unlisted.example/story")
    assert refused.returncode == 1
    assert '"error"' in refused.stdout
    assert "Traceback" not in refused.stderr


def test_a_source_check_reports_places_and_an_article_and_stores_nothing(job: Job, tmp_path: Path) -> None:
    done = vietlao(job.web, tmp_path, "sources", "check", "qdnd-en")
    assert done.returncode == 0, done.stderr
    assert "en.qdnd.vn" in done.stdout
    assert "published" in done.stdout
    assert not (tmp_path / "news.db").exists()
