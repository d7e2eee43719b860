"""Sitemaps, news sitemaps and indexes."""

import gzip
import tracemalloc
from datetime import UTC, datetime

import pytest

from spiders import sitemaps
from spiders.discover import Place
from spiders.sitemaps import read_sitemap, until
from spiders.sources import Source
from spiders.times import VIETNAM

PAPER = Source(
    id="paper",
    name="A paper",
    languages=("vi",),
    home="https://paper.vn/",
    sitemaps=("https://paper.vn/sitemap.xml",),
    article=r"-\d+\.html$",
)
PLACE = Place(PAPER, "https://paper.vn/sitemap.xml", "sitemap")
SINCE = datetime(2026, 11, 18, 17, tzinfo=UTC)
NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*urls):
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMES}>{"".join(urls)}</urlset>'.encode()


def url(loc, lastmod="", news=""):
    stated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{loc}</loc>{stated}{news}</url>"


def news(title, time):
    return f"<news:news><news:publication_date>{time}</news:publication_date><news:title>{title}</news:title></news:news>"


def index(*children):
    entries = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{lastmod}</lastmod></sitemap>" for loc, lastmod in children)
    return f"<sitemapindex {NAMES}>{entries}</sitemapindex>".encode()


def read(body):
    return read_sitemap(body, PLACE, SINCE)


def test_a_news_sitemap():
    findings = read(urlset(url("https://paper.vn/any-form", news=news("Hai nước &amp; một", "2026-11-20T08:00:00+07:00"))))
    (found,) = findings.items
    assert (found.title, found.by) == ("Hai nước & một", "sitemap")
    assert found.published == findings.newest == datetime(2026, 11, 20, 1, tzinfo=UTC)


def test_articles_of_a_plain_sitemap_since_a_date():
    findings = read(
        urlset(
            url("https://paper.vn/new-1.html", "2026-11-20"),
            url("\n http://www.paper.vn/undated-2.html?utm_source=x \n"),
            url("https://paper.vn/old-3.html", "2026-11-17T10:00:00+07:00"),
            url("https://paper.vn/tag/defence", "2026-11-20"),
            url("https://paper.vn/new-1.html", "2026-11-21"),
        )
    )
    assert [found.url for found in findings.items] == ["https://paper.vn/new-1.html", "https://paper.vn/undated-2.html"]
    assert [found.published for found in findings.items] == [None, None]
    assert findings.older == 1


def test_a_silent_sitemap_shows_how_long():
    findings = read(urlset(url("https://paper.vn/old-3.html", "2024-01-02T10:00:00Z")))
    assert findings.items == ()
    assert findings.problems == ()
    assert findings.newest == datetime(2024, 1, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "last_day"),
    [
        ("https://a.vn/sitemaps/news-2026-7.xml", "2026-07-31"),
        ("https://a.vn/sitemaps/sitemaps-2026-6-21-25.xml", "2026-06-25"),
        ("https://a.vn/sitemap-post/2026-11-20.xml", "2026-11-20"),
        ("https://a.vn/sitemaps/2026/6/article.xml", "2026-06-30"),
        ("https://a.vn/sitemap-20261120.xml.gz", "2026-11-20"),
        ("https://a.vn/sitemap-2026-2.xml", "2026-02-28"),
    ],
)
def test_the_name_of_a_child_tells_its_period(address, last_day):
    end = until(address, "2030-01-01")
    assert (end.astimezone(VIETNAM).replace(hour=0) - end.resolution).date().isoformat() == last_day


def test_only_children_that_can_hold_news_are_named():
    body = index(
        ("https://paper.vn/sitemaps/news-2026-10.xml", "2026-11-21T00:00:00Z"),
        ("https://paper.vn/sitemaps/news-2026-11.xml", "2026-11-21T00:00:00Z"),
        ("https://paper.vn/fresh.xml", "2026-11-20T00:00:00Z"),
        ("https://paper.vn/stale.xml", "2025-11-20T00:00:00Z"),
        ("https://paper.vn/categories.xml", ""),
        ("/relative.xml", ""),
    )
    children = [child.address for child in read(body).children]
    assert children == [
        "https://paper.vn/sitemaps/news-2026-11.xml",
        "https://paper.vn/fresh.xml",
        "https://paper.vn/categories.xml",
    ]


def test_few_of_many_undated_children():
    findings = read(index(*((f"https://paper.vn/part-{letter}.xml", "") for letter in "abcdefghij")))
    assert len(findings.children) == sitemaps.MOST_UNDATED


def test_gzip():
    body = gzip.compress(urlset(url("https://paper.vn/new-1.html")))
    assert len(read(body).items) == 1
    assert "ends before" in read(body[:-20]).problems[0]


def test_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(bytes(sitemaps.LARGEST_SITEMAP + 2**20))
    tracemalloc.start()
    findings = read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "more than 50 MiB" in findings.problems[0]
    assert peak < 3 * sitemaps.LARGEST_SITEMAP


def test_counts_are_capped(monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 3)
    monkeypatch.setattr(sitemaps, "MOST_CHILDREN", 2)
    findings = read(urlset(*(url(f"https://paper.vn/a-{number}.html") for number in range(10))))
    assert len(findings.items) == 3
    assert "more than 3 addresses" in findings.problems[0]
    assert len(read(index(*((f"https://paper.vn/2026-11-2{day}.xml", "") for day in range(5)))).children) == 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty"),
        (urlset(), "no addresses"),
        (index(), "names no sitemaps"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>', "refused"),
        (b"<rss><channel/></rss>", "no addresses"),
    ],
)
def test_problems(body, problem):
    findings = read(body)
    assert findings.items == ()
    assert problem in findings.problems[0]


def test_a_broken_sitemap_gives_what_it_has():
    findings = read(urlset(url("https://paper.vn/new-1.html"), "<url><loc>https://paper.vn/x-2.html?a=1&b=2</loc></url>")[:-9])
    assert "https://paper.vn/new-1.html" in [found.url for found in findings.items]


def test_deep_nesting_costs_nothing_that_stands_before_it():
    assert read(b"<a>" * 5000 + b"</a>" * 5000).problems == ("the sitemap has no addresses",)
    findings = read(urlset(url("https://paper.vn/new-1.html"))[: -len("</urlset>")] + b"<url>" * 5000)
    assert ([found.url for found in findings.items], findings.problems) == (["https://paper.vn/new-1.html"], ())
