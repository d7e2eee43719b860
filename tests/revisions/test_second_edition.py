"""The whole way: the small web is crawled, turns to its second edition, is crawled again, and the digest tells what changed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.replica.expected import Expected, expected
from monitor.replica.server import Asked, Replica

pytestmark = pytest.mark.xdist_group("second-edition")

LATER = {entry.later: entry for entry in expected() if entry.later}


@dataclass(frozen=True)
class Way:
    """What each command said; ``asked`` are the requests of the second and the third crawl."""

    home: Path
    web: Replica
    crawls: tuple[subprocess.CompletedProcess[str], ...]
    asked: tuple[tuple[Asked, ...], tuple[Asked, ...]]
    digest: subprocess.CompletedProcess[str]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return vietlao(self.web, self.home, *words)

    def answers(self, entry: Expected) -> list[int]:
        """The statuses that an address was answered with after the first crawl."""
        host, _, path = entry.url.removeprefix("https://").partition("/")
        return [one.status for asked in self.asked for one in asked if (one.host, one.path) == (host, f"/{path}")]


def vietlao(web: Replica, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | web.environment | {"VIETLAO_LOOPBACK": "1", "VIETLAO_CRAWL__DELAY": "0"}
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """Due at once: the only gap between two readings is no time at all."""
    home = tmp_path_factory.mktemp("second-edition")
    with Replica() as web:
        sources = sorted({entry.source for entry in LATER.values()})
        (home / "vietlao.toml").write_text(f"[crawl]\nsources = {sources!r}\nrevisit = [0]\n", encoding="utf-8")
        crawls, asked = [vietlao(web, home, "run")], []
        web.turn_to(2)
        for _ in range(2):
            before = len(web.requests)
            crawls.append(vietlao(web, home, "crawl"))
            asked.append(tuple(web.requests[before:]))
        digest = vietlao(web, home, "digest")
        yield Way(home, web, tuple(crawls), (asked[0], asked[1]), digest)


def test_all_went_well(way: Way) -> None:
    for done in (*way.crawls, way.digest):
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_kept_is_asked_conditionally_and_once_and_what_is_missing_once_more(way: Way) -> None:
    assert way.answers(LATER["edited"]) == [200]
    assert way.answers(LATER["noise"]) == [200]
    assert way.answers(LATER["gone"]) == [410, 410]
    articles = {
        entry.url.partition("://")[2] for entry in expected() if entry.outcome in ("keep", "marginal") and not entry.later
    }
    statuses = [one.status for one in way.asked[0] if f"{one.host}{one.path}" in articles]
    assert len(statuses) > 5
    assert set(statuses) == {304}


def test_history_and_why_tell_the_edit_word_by_word_and_nothing_of_noise(way: Way) -> None:
    told = way.command("history", LATER["edited"].url).stdout
    assert "Version 2: the headline and 1 number changed." in told
    assert "[-1,100-] {+1,200+} men" in told
    assert "Headline: Lao army studies " in told
    assert "It was edited: the headline and 1 number changed." in way.command("why", LATER["edited"].url).stdout
    assert "It was not seen to change." in way.command("history", LATER["noise"].url).stdout
    assert "Gone: answered 410 Gone." in way.command("history", LATER["gone"].url).stdout


def test_the_digest_tells_the_edit_and_the_removal_and_no_other(way: Way) -> None:
    assert "2 edited or gone" in way.digest.stdout
    page = max((way.home / "digests").glob("*-daily*.html"), key=lambda path: path.stem).read_text(encoding="utf-8")
    text = max((way.home / "digests").glob("*-daily*.txt"), key=lambda path: path.stem).read_text(encoding="utf-8")
    assert "[-1,100-] {+1,200+}" in text
    assert ">1,100</del>" in page
    assert ">1,200</ins>" in page
    section = text[text.index("EDITED OR REMOVED") : text.index("COVERAGE")]
    assert [url for url in section.split() if url.startswith("https://")] == [LATER["gone"].url, LATER["edited"].url]
    assert "0 stories" in way.digest.stdout


def test_the_next_digest_does_not_tell_it_again(way: Way) -> None:
    assert "edited or gone" not in way.command("digest").stdout
