"""Pages that need a script, in Debian's Chromium: crawled like others, and kept from everything that others may not do."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from gated_site import ROBOTS, furnish, listening, page
from rig_site import Answer, Crawl, Site, run_crawl, serving, source_at

from monitor.replica.expected import expected
from monitor.replica.server import Replica
from spiders.sources import load_sources
from store.database import Store

pytestmark = pytest.mark.xdist_group("browser")

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "sources.toml"
BEHIND_SCRIPTS = ("laodong", "mod", "baodienbienphu")
SECONDS = 20  # that a page may take here; those that never end take them all, side by side


@dataclass(frozen=True)
class Hostile:
    """One crawl of the gated site."""

    site: Site
    crawl: Crawl
    called: list[str]
    left_behind: list[str]

    def fate(self, path: str) -> tuple[str, str, str]:
        return self.crawl.fate(self.site.root + path)


@pytest.fixture(scope="module")
def hostile(chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    with serving() as site, listening() as listener, tempfile.TemporaryDirectory() as scratch:
        furnish(site, listener.port)
        places = {"feeds": [f"{site.root}/home.rss"], "listings": [{"url": f"{site.root}/"}, {"url": f"{site.root}/busy"}]}
        source = source_at(site.root, quirks={"needs_browser": True}, **places)
        settings = {"VIETLAO_RENDER_TIMEOUT": SECONDS, "VIETLAO_CHROMIUM_SANDBOX": "0", "VIETLAO_CONTACT": "me@example.org"}
        crawl = run_crawl(tmp_path_factory.mktemp("hostile"), [source], settings, env={"TMPDIR": scratch})
        left_behind = [path.name for path in Path(scratch).iterdir()]
    yield Hostile(site, crawl, listener.calls, left_behind)


def test_listing_feed_and_articles_are_read_behind_the_gate(hostile: Hostile) -> None:
    titles = {urlsplit(url).path: page["body"] for url, page in hostile.crawl.pages.items()}
    assert sorted(titles) == ["/fed-10.html", "/moved-2.html", "/plain-1.html", "/target-3.html"], hostile.crawl.log
    assert b"<h1>Target</h1>" in titles["/moved-2.html"]
    assert hostile.crawl.asked(f"{hostile.site.root}/")["items"] == 9
    assert hostile.crawl.asked(f"{hostile.site.root}/home.rss")["items"] == 1


def test_articles_are_kept_as_the_server_sent_them(hostile: Hostile) -> None:
    assert hostile.crawl.pages[f"{hostile.site.root}/plain-1.html"]["body"] == page("Plain").encode()
    assert "/never.js" not in hostile.site.paths()


def test_nobody_outside_the_listed_hosts_was_called(hostile: Hostile) -> None:
    assert hostile.called == []


def test_only_documents_scripts_and_their_data_were_asked_for_by_get(hostile: Hostile) -> None:
    asked = {path for path in hostile.site.paths() if not path.endswith(".html")}
    assert asked == {"/", "/busy", "/fill.js", "/data.json", "/home.rss", "/robots.txt"}
    assert "/frame-99.html" not in hostile.site.paths()


def test_every_request_says_who_we_are_and_comes_from_our_own_client(hostile: Hostile) -> None:
    for asked in hostile.site.requests:
        assert asked.headers["user-agent"].startswith("vietlao/"), asked
        assert "me@example.org" in asked.headers["user-agent"]
        assert "referer" not in asked.headers
        assert not any(name.startswith("sec-") for name in asked.headers), "the browser itself has asked"


def test_the_robots_file_behind_the_gate_counts(hostile: Hostile) -> None:
    stage, outcome, reason = hostile.fate("/secret-8.html")
    assert (stage, outcome) == ("allowed", "rejected")
    assert "disallows" in reason
    assert "/secret-8.html" not in hostile.site.paths()


@pytest.mark.parametrize(
    ("path", "outcome", "words"),
    [
        ("/away-4.html", "rejected", "is not listed for paper"),
        ("/lured-5.html", "rejected", "is not listed for paper"),
        ("/circle-6.html", "failed", "leads on from page to page"),
        ("/gone-7.html", "gone", "404"),
        ("/asleep-9.html", "failed", "in a browser, too, only with a script that sets a cookie"),
    ],
)
def test_what_brings_no_article_is_a_fate_with_its_reason(hostile: Hostile, path: str, outcome: str, words: str) -> None:
    assert hostile.fate(path)[1] == outcome
    assert words in hostile.fate(path)[2]


def test_a_script_without_end_costs_its_own_page_only(hostile: Hostile) -> None:
    assert hostile.crawl.asked(f"{hostile.site.root}/busy")["problem"] == f"took longer than {SECONDS} seconds in a browser"
    assert hostile.crawl.outcome["state"] == "partly"
    assert hostile.crawl.code == 0
    assert "Traceback" not in hostile.crawl.log


def test_nothing_of_the_browser_is_left_behind(hostile: Hostile) -> None:
    assert hostile.left_behind == []


def test_a_loopback_address_is_refused_in_a_browser_too(chromium: None, tmp_path: Path) -> None:
    with serving() as site:
        source = source_at(site.root, quirks={"needs_browser": True}, listings=[{"url": f"{site.root}/"}])
        crawl = run_crawl(tmp_path, [source], {"VIETLAO_LOOPBACK": "0", "VIETLAO_CHROMIUM_SANDBOX": "0"})
        assert "loopback" in crawl.asked(f"{site.root}/")["problem"]
        assert site.requests == []


def test_a_chromium_that_does_not_start_is_said_once(chromium: None, tmp_path: Path) -> None:
    with serving() as site:
        places = [{"url": f"{site.root}/"}, {"url": f"{site.root}/busy"}]
        source = source_at(site.root, quirks={"needs_browser": True}, listings=places)
        site.answers["/robots.txt"] = Answer(ROBOTS, kind="text/plain")
        crawl = run_crawl(tmp_path, [source], {"VIETLAO_CHROMIUM": "false"})
    assert crawl.outcome["state"] == "failed"
    assert "Chromium does not start, the log says why" in crawl.outcome["reason"]
    assert crawl.log.count("ERROR: Chromium does not start") == 1
    assert "Traceback" not in crawl.log


def vietlao(web: Replica, home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    plain = {"VIETLAO_LOOPBACK": "1", "VIETLAO_CRAWL__DELAY": "0", "VIETLAO_CHROMIUM_SANDBOX": "0", "COLUMNS": "200"}
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), *words]
    environment = os.environ | web.environment | plain | more
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def home_of(folder: Path) -> Path:
    (folder / "vietlao.toml").write_text(f"[crawl]\nsources = {list(BEHIND_SCRIPTS)!r}\n", encoding="utf-8")
    return folder


def test_the_replicas_sources_behind_scripts_are_crawled_like_others(chromium: None, tmp_path: Path) -> None:
    """Over HTTPS, with certificates verified against the replica's own authority."""
    home = home_of(tmp_path)
    with Replica() as web:
        done = vietlao(web, home, "crawl")
        assert done.returncode == 0, done.stdout + done.stderr
        listed = vietlao(web, home, "sources").stdout
    fetched = {f"https://{asked.host}{asked.path}" for asked in web.requests if asked.status == 200}
    wanted = [entry for entry in expected() if entry.source in BEHIND_SCRIPTS and entry.listed and entry.event]
    assert len(wanted) > 8
    with Store.open(home) as store:
        for entry in wanted:
            assert entry.url in fetched
            life = store.life(entry.url)
            assert ("fetched", "ok") in [(step.stage, step.outcome) for step in life.steps], entry.url
            assert life.article is not None or entry.outcome == "drop", entry.url
    hosts = {host for source in load_sources(SEEDS) if source.id in BEHIND_SCRIPTS for host in source.allowed_hosts}
    assert {asked.host for asked in web.requests} <= hosts
    assert not [asked for asked in web.requests if asked.path.endswith((".jpg", ".css", ".woff2"))]
    assert "on, in a browser" in listed


def test_without_chromium_the_source_says_what_to_do_everywhere(tmp_path: Path) -> None:
    home, nowhere = home_of(tmp_path), "/nowhere/chromium"
    with Replica() as web:
        done = vietlao(web, home, "run", VIETLAO_CHROMIUM=nowhere)
        checked = vietlao(web, home, "sources", "check", "laodong", VIETLAO_CHROMIUM=nowhere)
        listed = vietlao(web, home, "sources", VIETLAO_CHROMIUM=nowhere)
        assert web.requests == []
    said = f"needs a browser: VIETLAO_CHROMIUM names {nowhere}, which is no program"
    assert "needs a browser" in listed.stdout
    assert said in checked.stdout
    digest = next((home / "digests").glob("*.txt")).read_text(encoding="utf-8")
    assert said in " ".join(digest.split()), done.stdout
