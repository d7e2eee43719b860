"""The replica serves what seeds/sources.toml says of its sources: every place answers, every article can be found."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import feedparser
import pytest
from lxml import etree, html

import seeds
from monitor.replica.expected import Expected, expected
from monitor.replica.web import Web
from spiders.sources import Listing, Source, load_sources
from spiders.urls import article_key, canonical

SOURCES = {source.id: source for source in load_sources(Path(seeds.__file__).parent / "sources.toml")}
SERVED = Web().source_ids
SEED_SYSTEMS = {
    "vietnamnews", "vietnamplus", "vietnamplus-en", "vietnamvn", "vietnamvn-en", "thoidai", "mod", "mod-en",
    "marketscreener", "laodong", "laodong-en", "qdnd", "qdnd-en",
}  # fmt: skip
ENTRIES = expected()


def test_at_least_fourteen_sources_and_every_seed_system_are_served(web):
    assert len(web.source_ids) >= 14
    assert set(web.source_ids) >= SEED_SYSTEMS
    assert len(set(web.source_ids)) == len(web.source_ids)


@cache
def places(source: Source) -> tuple[str, ...]:
    return (*source.feeds, *source.sitemaps, *(listing.url for listing in source.listings))


@pytest.mark.parametrize("source_id", SERVED)
def test_every_place_of_discovery_shows_articles_of_its_source(visitor, source_id):
    source = SOURCES[source_id]
    for place in places(source):
        found = [url for url in addresses(visitor, place) if re.search(source.article, canonical(url, source))]
        assert found, f"{place} shows no article"


@pytest.mark.parametrize("source_id", SERVED)
def test_every_listed_article_is_shown_by_a_declared_place(visitor, source_id):
    source = SOURCES[source_id]
    shown = {canonical(url, source) for place in places(source) for url in addresses(visitor, place)}
    shown |= {canonical(url, source) for listing in source.listings for url in older_pages(visitor, listing)}
    missing = {entry.url for entry in ENTRIES if entry.source == source_id and entry.listed} - shown
    assert {url for url in missing if canonical(url, source) not in shown} == set()


@pytest.mark.parametrize("source_id", SERVED)
def test_pages_of_listings_turn_until_there_is_none(visitor, source_id):
    for listing in SOURCES[source_id].listings:
        if listing.pages:
            assert visitor.visit(listing.pages.format(page=listing.last + 1)).status == 404


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.event], ids=lambda entry: entry.url[8:70])
def test_every_article_answers_under_its_canonical_address(visitor, entry: Expected):
    if entry.source in SOURCES:
        source = SOURCES[entry.source]
        assert re.search(source.article, entry.url)
        assert not (source.skip and re.search(source.skip, entry.url))
        assert canonical(entry.url, source) == entry.url
    reply = visitor.visit(entry.url)
    if reply.status == 503:
        reply = visitor.visit(entry.url)
    assert reply.status == 200
    assert len(html.fromstring(reply.body).text_content().split()) > 100


def test_twins_have_the_key_or_the_canonical_address_of_their_article():
    for twin in (entry for entry in ENTRIES if entry.outcome == "twin"):
        source = SOURCES[twin.source]
        assert twin.of in {entry.url for entry in ENTRIES if entry.event}
        assert article_key(canonical(twin.url, source), source) == article_key(twin.of, source)


def addresses(visitor, place: str) -> Iterator[str]:
    """What a feed, a sitemap with its children, or a listing points to."""
    reply = visitor.visit(place)
    assert reply.status == 200, f"{place} answers {reply.status}"
    if b"<rss" in reply.body[:400]:
        undeclared = re.sub(rb"^\xef\xbb\xbf|<\?xml.*?\?>", b"", reply.body)  # one feed declares what it is not
        yield from (entry.link for entry in feedparser.parse(undeclared).entries)
    elif reply.headers["content-type"].startswith("text/xml"):
        tree = etree.fromstring(reply.body)
        found = [loc.text for loc in tree.iterfind(".//{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
        if tree.tag.endswith("sitemapindex"):
            for child in found:
                yield from addresses(visitor, child)
        else:
            yield from found
    else:
        page = html.fromstring(reply.body, base_url=reply.url)
        page.make_links_absolute()
        yield from (link for element, _, link, _ in page.iterlinks() if element.tag == "a")
        for frame in page.xpath("//*[@data-service]"):  # filled by a script from there
            listed = json.loads(visitor.visit(frame.get("data-service")).body)["data"]
            yield from (frame.get("data-root") + item["path"] for item in listed)


def older_pages(visitor, listing: Listing) -> Iterator[str]:
    for number in range(listing.first, listing.last + 1) if listing.pages else ():
        url = listing.pages.format(page=number)
        if visitor.visit(url).status == 404:
            return
        yield from addresses(visitor, url)
