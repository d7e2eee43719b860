"""``sources add`` on the replica: the entries it prints read the articles that the declared sources read."""

import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.replica.server import Asked, Replica
from monitor.replica.stories import load_stories
from spiders.asking import MOST
from spiders.sources import Source, load_sources
from spiders.urls import canonical

pytestmark = pytest.mark.xdist_group("recorder")

# One a structure: feeds whose bytes are not what they declare, sitemaps by month, cookies, month-first dates, no feed at all,
# an old encoding, an edition in a folder, twins of articles. Sites whose robots file asks for a delay are left out: it is kept.
SITES = ("vietnamnews", "vietnamplus", "qdnd", "qdnd-en", "baochinhphu", "bienphong", "marketscreener", "tuoitre")
SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "sources.toml"
DECLARED = {source.id: source for source in load_sources(SEEDS) if source.id in SITES}


@dataclass(frozen=True)
class Added:
    """What was printed for each of SITES, the requests made for it, and the pages that a crawl then reads."""

    sources: dict[str, Source]
    stderr: str
    requests: tuple[Asked, ...]
    by_entries: dict[str, set[str]]
    by_seeds: dict[str, set[str]]


def vietlao(web: Replica, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | web.environment | {"VIETLAO_CRAWL__DELAY": "0"}
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def read_by_crawl(web: Replica, home: Path, ids: list[str]) -> dict[str, set[str]]:
    """The addresses that brought a page, by source, back to the oldest of the replica."""
    ended = vietlao(web, home, "crawl", "--since", "2015-01-01", *ids)
    assert ended.returncode == 0, ended.stderr
    with sqlite3.connect(home / "news.db") as database:
        rows = database.execute(
            "SELECT DISTINCT address.source, address.url FROM decision JOIN address ON address.id = decision.address"
            " WHERE decision.stage = 'fetched' AND decision.outcome = 'ok'"
        ).fetchall()
    return {source: {url for named, url in rows if named == source} for source, _ in rows}


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Added]:
    homes = {name: tmp_path_factory.mktemp(name) for name in ("looking", "entries", "declared")}
    with Replica() as web:
        ended = vietlao(web, homes["looking"], "sources", "add", *(DECLARED[site].home for site in SITES))
        assert ended.returncode == 0, ended.stderr
        requests = tuple(web.requests)
        seeds = homes["entries"] / "seeds"
        seeds.mkdir()
        (seeds / "sources.toml").write_text(ended.stdout, encoding="utf-8")
        entries = dict(zip(SITES, load_sources(seeds / "sources.toml"), strict=True))
        read = read_by_crawl(web, homes["entries"], [entry.id for entry in entries.values()])
        by_entries = {site: read.get(entry.id, set()) for site, entry in entries.items()}
        by_seeds = read_by_crawl(web, homes["declared"], list(SITES))
    yield Added(entries, ended.stderr, requests, by_entries, by_seeds)


def numbers(urls: set[str], source: Source) -> set[str]:
    """Articles by the number that stays when their slug changes: which slug was met first is chance."""
    found = ((re.search(source.identity, url) if source.identity else None, url) for url in urls)
    return {match.group(1) if match else url for match, url in found}


@pytest.mark.parametrize("site", SITES)
def test_the_entry_reads_what_the_declared_source_reads(added: Added, site: str) -> None:
    declared = DECLARED[site]
    by_seeds = numbers(added.by_seeds[site], declared)
    assert by_seeds, "the declared source reads nothing, so this shows nothing"
    assert numbers(added.by_entries[site], declared) == by_seeds


@pytest.mark.parametrize("site", SITES)
def test_the_pattern_fits_every_article_and_no_page_that_lists_them(added: Added, site: str) -> None:
    entry, declared = added.sources[site], DECLARED[site]
    stories = [canonical(story.url, declared) for story in load_stories() if story.site.source == site]
    assert [url for url in stories if not re.search(entry.article, url)] == []
    places = {*entry.places, *declared.places}
    assert [place for place in places if re.search(entry.article, canonical(place))] == []


def test_the_languages_are_those_of_the_edition(added: Added) -> None:
    assert {site: entry.languages for site, entry in added.sources.items()} == {
        site: declared.languages for site, declared in DECLARED.items()
    }


@pytest.mark.parametrize("site", [site for site in SITES if DECLARED[site].identity])
def test_the_number_is_found_where_the_declared_source_has_it(added: Added, site: str) -> None:
    entry, declared = added.sources[site], DECLARED[site]
    assert entry.identity is not None
    for url in added.by_seeds[site]:
        mine, theirs = re.search(entry.identity, url), re.search(declared.identity or "", url)
        assert mine and theirs and mine.group(1) == theirs.group(1), url


def test_places_that_are_declared_and_shown_are_found(added: Added) -> None:
    for site in ("vietnamplus", "tuoitre", "qdnd", "vietnamnews", "baochinhphu"):
        assert len(set(added.sources[site].feeds) & set(DECLARED[site].feeds)) >= 2
    for site in ("vietnamplus", "tuoitre"):
        assert set(added.sources[site].sitemaps) == set(DECLARED[site].sitemaps)
    assert added.sources["bienphong"].listings[0].url == DECLARED["bienphong"].listings[0].url


def test_quirks_and_delays(added: Added) -> None:
    assert {site for site, entry in added.sources.items() if entry.quirks.keeps_cookies} == {"qdnd", "qdnd-en"}
    assert not any(entry.quirks.needs_browser for entry in added.sources.values())


def test_a_site_is_asked_little_and_never_what_its_robots_file_forbids(added: Added) -> None:
    asked = Counter(request.host for request in added.requests if request.method == "GET" and request.status != 302)
    assert max(asked.values()) <= sum(MOST.values()) + 1  # and the robots file
    assert not [request for request in added.requests if request.path.startswith(("/preview/", "/tim-kiem"))]
    robots = Counter(request.host for request in added.requests if request.path == "/robots.txt")
    assert max(robots.values()) == 1


def test_entries_are_toml_alone_and_progress_is_on_standard_error(added: Added) -> None:
    assert "lies on a site that the source qdnd watches already" in added.stderr
    assert "feed     https://vietnamnews.vn/rss/home.rss: 10 found" in added.stderr
    assert all(entry.enabled for entry in added.sources.values())


def test_a_site_that_cannot_be_reached(tmp_path: Path) -> None:
    with Replica(faults=["robots-unavailable"]) as web:
        ended = vietlao(web, tmp_path, "sources", "add", "baonghean.vn", "https://paper.example/")
    assert ended.returncode == 1
    assert "the robots.txt of baonghean.vn could not be read (status 503)" in ended.stderr
    assert "paper.example" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_an_address_that_is_none(tmp_path: Path) -> None:
    ended = vietlao_alone(tmp_path, "sources", "add", "ftp://paper.vn/")
    assert ended.returncode == 1
    assert "is not an absolute http or https address" in ended.stderr
    assert ended.stdout == ""


def vietlao_alone(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)
