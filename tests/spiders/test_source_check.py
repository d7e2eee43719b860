"""``python -m spiders.check``: what a check of the sources prints."""

import json
import subprocess
import sys
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from rig_site import CHECKOUT, Answer, clean_environment, source_at, toml

from spiders.check import ARTICLES, page_from_json, page_to_json
from spiders.page import Found, Page


def check(folder, sources, *ids):
    (folder / "sources.toml").write_text(toml(sources))
    environment = clean_environment() | {
        "VIETLAO_SOURCES": str(folder / "sources.toml"),
        "VIETLAO_LOOPBACK": "1",
        "VIETLAO_DELAY": "0",
    }
    command = [sys.executable, "-m", "spiders.check", *ids]
    ended = subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=60, check=False
    )
    return [json.loads(line) for line in ended.stdout.splitlines()], ended


def test_places_articles_and_ends(site, tmp_path):
    items = "".join(f"<item><title>T</title><link>{site.root}/a-{number}.html</link></item>" for number in range(9))
    dated = "<item><link>/z</link><pubDate>Mon, 14 Sep 2026 18:44:00 GMT+7</pubDate></item>"
    site.answers |= {f"/a-{number}.html": Answer("<html><p>An article.</p></html>") for number in range(1, 9)}
    site.answers |= {
        "/f": Answer(f'<rss version="2.0"><channel><title>x</title>{items}{dated}</channel></rss>'),
        "/list": Answer("<p>nothing</p>"),
    }
    working = source_at(site.root, feeds=[f"{site.root}/f"], listings=[{"url": f"{site.root}/list"}])
    off = source_at(site.root, id="off", feeds=[f"{site.root}/nothing"], enabled=False, reason="no longer kept")
    lines, ended = check(tmp_path, [working, off], "paper", "off")
    assert ended.returncode == 0
    of_paper = [line for line in lines if line["source"] == "paper"]
    places = {line["address"]: line for line in of_paper if line["kind"] == "place"}
    assert places[f"{site.root}/f"] | {"kind": ""} == {
        "kind": "", "source": "paper", "address": f"{site.root}/f", "by": "feed", "status": 200, "items": 10,
        "newest": "2026-09-14T11:44:00+00:00", "problem": None,
    }  # fmt: skip
    assert places[f"{site.root}/list"]["problem"] == "the listing page has no links"
    pages = [page_from_json(line["page"]) for line in of_paper if line["kind"] == "page"]
    fates = [line for line in of_paper if line["kind"] == "fate"]
    assert len(pages) + len(fates) == ARTICLES
    assert {page.body for page in pages} == {b"<html><p>An article.</p></html>"}
    assert [fate["outcome"] for fate in fates] == ["gone"]
    (end,) = [line for line in lines if line["source"] == "off" and line["kind"] == "source"]
    assert (end["state"], end["reason"]) == ("failed", f"feed {site.root}/nothing: answered 404 Not Found")


def test_an_unknown_source(tmp_path):
    lines, ended = check(tmp_path, [source_at("https://paper.vn", feeds=["https://paper.vn/f"])], "papier")
    assert (lines, ended.returncode) == ([], 2)
    assert ended.stderr.strip().endswith("did you mean paper?")


TEXT = st.text(max_size=20)
MOMENT = st.integers(0, 4102400000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
FOUND = st.builds(
    Found, TEXT, TEXT, TEXT, TEXT, st.just("feed"), st.none() | TEXT, st.none() | TEXT, st.none() | MOMENT, st.none() | TEXT
)
HEADERS = st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)


@given(st.builds(Page, FOUND, TEXT, st.integers(100, 599), HEADERS, st.binary(max_size=50), MOMENT, HEADERS))
def test_a_page_survives_its_way_as_json(page):
    assert page_from_json(json.loads(json.dumps(page_to_json(page)))) == page
