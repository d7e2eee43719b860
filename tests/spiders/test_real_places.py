"""Recorded feeds and listings of real sites through the readers; the figures are printed (``pytest -rP``)."""

import json
from pathlib import Path

import pytest

from spiders.discover import Place, is_article
from spiders.feeds import read_feed
from spiders.listings import read_listing
from spiders.sources import Listing, Source, load_sources, source_of

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "pages"
if not (RECORDED / "index.jsonl").exists():
    pytest.skip(f"the recorded pages are not here ({RECORDED})", allow_module_level=True)

ENTRIES = [json.loads(line) for line in (RECORDED / "index.jsonl").read_text(encoding="utf-8").splitlines()]
FEEDS = {entry["file"]: entry for entry in ENTRIES if entry["kind"] == "feed" and not entry["file"].endswith(".json")}
LISTINGS = {entry["file"]: entry for entry in ENTRIES if entry["kind"] == "listing" or entry["file"].endswith(".json")}
COUNTS = {  # items by hand count of <item>; links that end as articles do, counted once, by a look at the file
    "dantri.com.vn__dantri_bom.rss": 100,
    "vietnambiz.vn__vietnambiz_utf16.rss": 30,
    "vietstock.vn__vietstock_feed.xml": 27,
    "vneconomy.vn__vneconomy_feed.xml": 50,
    "vneconomy.vn__vneconomy_capture_feed.xml": 3,
    "vnexpress.net__vnexpress_tin-moi-nhat_2017-08-30.extracted.rss": 25,
}
ANY_ARTICLE = r"^https?://[^/]+/(?:.+/)?[a-z0-9-]*\d{5,}\.(?:html?|chn)$"


def source_for(entry):
    """The declared source of a recorded place, else one that takes any address ending in a number for an article."""
    site = entry["site"]
    file = Path(__file__).resolve().parents[2] / "seeds" / "sources.toml"
    known = source_of(entry["url"], load_sources(file)) if file.exists() else None
    if known is not None:
        return known
    home = f"https://{site}/"
    return Source(id="recorded", name=site, languages=("vi",), home=home, feeds=(home,), article=ANY_ARTICLE)


@pytest.mark.parametrize("name", FEEDS)
def test_recorded_feeds(name):
    entry = FEEDS[name]
    findings = read_feed((RECORDED / name).read_bytes(), Place(source_for(entry), entry["url"], "feed"))
    dated = sum(found.published is not None for found in findings.items)
    print(f"{name}: {len(findings.items)} items, {dated} dated, newest {findings.newest}")
    assert len(findings.items) == dated == COUNTS[name]
    assert findings.problems == ()
    assert all(found.title and "&#" not in found.title and "<" not in found.title for found in findings.items)
    assert all(found.url.startswith("https://") or found.url.startswith("http://vietstock") for found in findings.items)


@pytest.mark.parametrize("name", LISTINGS)
def test_recorded_listings(name):
    entry = LISTINGS[name]
    source = source_for(entry)
    listing = Listing(url=entry["url"])
    findings = read_listing((RECORDED / name).read_bytes(), Place(source, entry["url"], "listing"), listing)
    titled = sum(found.title is not None for found in findings.items)
    print(f"{name}: {len(findings.items)} articles, {titled} titled, {len(findings.days)} with a day ({source.id})")
    assert len(findings.items) >= 3
    assert titled == len(findings.items)
    assert all(is_article(found.url, source) for found in findings.items)
    assert len({found.url for found in findings.items}) == len(findings.items)
