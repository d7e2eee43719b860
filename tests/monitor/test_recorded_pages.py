"""Real feeds, listings and pages, recorded once, through the real spiders, extractor, filter and store.

Needs the recordings in ``../shared/pages`` and is skipped where they are absent. The figures reached are printed (``-s`` or
``-rP`` shows them).
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.replica.answers import Answer, Request, page
from monitor.replica.server import Replica
from store.database import Store

PAGES = Path(__file__).resolve().parents[3] / "shared" / "pages"
pytestmark = [
    pytest.mark.skipif(not (PAGES / "index.jsonl").exists(), reason="the recorded pages (../shared/pages) are not here"),
    pytest.mark.xdist_group("recorded"),
]

# What an article's address looks like on these publishing systems: a long slug with a number, and the system's ending.
ARTICLE = r"^https?://[^/]+/(?:[\w-]+/)*[\w-]*\d{4,}[\w-]*\.(?:html?|chn|htm)$|^https://vneconomy\.vn/[\w-]{20,}\.htm$"
TYPES = {"feed": "text/xml; charset=utf-8", "listing": "text/html; charset=utf-8", "article": "text/html; charset=utf-8"}
Recording = dict[str, Any]


def recordings() -> list[Recording]:
    lines = (PAGES / "index.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    # one address was recorded twice; JSON endpoints and tables are no places that a source can declare
    first = {entry["url"]: entry for entry in reversed(found) if entry["kind"] in TYPES and not entry["file"].endswith(".json")}
    return list(first.values())


class RecordedWeb:
    """Answers for the recorded addresses with the recorded bytes, for other articles of those hosts with a short page of ours,
    and 404 for robots files and whatever else is asked."""

    def __init__(self, entries: list[Recording]) -> None:
        self.source_ids = ()
        self.entries = {_key(entry["url"]): entry for entry in entries}
        self.hosts = {host for host, _ in self.entries}

    def knows(self, host: str) -> bool:
        return host in self.hosts

    def certificate_name(self, host: str) -> str | None:
        return None

    def answer(self, request: Request) -> Answer:
        entry = self.entries.get(_key(request.url))
        if entry is None and re.search(ARTICLE, request.url):
            return page(b"<!DOCTYPE html><title>Not recorded</title><p>This article was not recorded.</p>", "text/html")
        if entry is None:
            return page(b"not recorded", "text/plain", status=404)
        return page((PAGES / entry["file"]).read_bytes(), TYPES[entry["kind"]])


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


def sources_toml(entries: list[Recording]) -> str:
    """A source a site, with its recorded feeds and listings; a front page that leads to the recorded articles."""
    by_host: dict[str, list[Recording]] = defaultdict(list)
    for entry in entries:
        by_host[urlsplit(entry["url"]).hostname or ""].append(entry)
    tables = []
    for host, found in by_host.items():
        feeds = [entry["url"] for entry in found if entry["kind"] == "feed"]
        listings = [entry["url"] for entry in found if entry["kind"] == "listing"]
        if feeds or listings:
            listed = "\n".join(f'[[source.listings]]\nurl = "{url}"' for url in listings)
            tables.append(
                f'[[source]]\nid = "{re.sub("[^a-z0-9]+", "-", host)}"\nname = "{host}"\nlanguages = ["vi"]\n'
                f"home = \"https://{host}/\"\nfeeds = {feeds!r}\narticle = '{ARTICLE}'\ndelay = 0\n{listed}\n"
            )
    return "\n".join(tables)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.CompletedProcess[str]]]:
    home = tmp_path_factory.mktemp("recorded")
    (home / "seeds").mkdir()
    (home / "seeds" / "sources.toml").write_text(sources_toml(recordings()), encoding="utf-8")
    with Replica(web=RecordedWeb(recordings())) as web:
        environment = os.environ | web.environment | {"VIETLAO_LOOPBACK": "1"}
        command = [sys.executable, "-m", "monitor.cli", "--home", str(home), "crawl", "--since", "2015-01-01"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout)
    yield home, done


def test_every_recorded_place_is_read_and_every_address_on_it_has_a_fate(crawled) -> None:
    home, done = crawled
    assert done.returncode == 0, done.stdout + done.stderr
    with Store.open(home) as store:
        places = {row["place"]: row for row in store.db.query("select place, status, items from visit order by id desc")}
        fates = {row["fate"]: row["n"] for row in store.db.query("select fate, count(*) as n from address group by fate")}
    for entry in recordings():
        if entry["kind"] == "article" or entry["url"] not in places:
            continue
        expected = entry.get("items") or entry.get("n_article_links")
        print(f"{entry['url']}: {places[entry['url']]['items']} items, {expected} by hand")
    print(fates)
    asked = {address for address in places if places[address]["status"] == 200}
    assert {entry["url"] for entry in recordings() if entry["kind"] in ("feed", "listing")} <= asked
    assert fates.get("waiting", 0) == 0
    assert sum(fates.values()) > 400


def test_recorded_articles_that_a_place_leads_to_are_extracted_with_title_and_time(crawled) -> None:
    home, _ = crawled
    reached = right = 0
    with Store.open(home) as store:
        for entry in recordings():
            if entry["kind"] != "article":
                continue
            life = store.life(entry["url"])
            steps = {step.stage: step for step in life.steps}
            reached += "fetched" in steps
            right += "triaged" in steps
            print(f"{entry['url']}: {life.fate}, {[step.reason for step in life.steps]}")
            if life.article:
                assert life.article.title == entry["title"]
                assert life.article.published == datetime.fromisoformat(entry["published"])
    print(f"{reached} of the recorded articles reached from recorded places")
    assert reached >= 5
    assert right == reached
