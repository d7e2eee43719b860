"""Listing pages and the JSON behind them."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discover import Place
from spiders.listings import page_address, read_listing
from spiders.sources import Listing, Source

LISTING = Listing(url="https://paper.vn/world", pages="/world/p{page}", last=4)
PAPER = Source(
    id="paper",
    name="A paper",
    languages=("en",),
    home="https://paper.vn/",
    listings=(LISTING,),
    article=r"^https://paper\.vn/[a-z-]+-\d+\.html$",
    skip="/video-",
)


def read(text, listing=LISTING, answered="https://paper.vn/world"):
    return read_listing(text.encode(), Place(PAPER, listing.url, "listing", answered), listing)


def urls(findings):
    return [found.url for found in findings.items]


def test_anchors_that_are_articles():
    findings = read(
        '<a href="/border-talks-1.html">Border talks open</a><a href="https://paper.vn/visit-2.html?utm_source=x#c">Visit</a>'
        '<a href="/about.html">About</a><a href="https://else.example/x-3.html">x</a><a href="/video-tour-4.html">Video</a>'
        '<a href="javascript:void(0)">-</a><a href="mailto:a@b.vn">-</a><a>-</a>'
    )
    assert urls(findings) == ["https://paper.vn/border-talks-1.html", "https://paper.vn/visit-2.html"]
    assert findings.items[0].title == "Border talks open"
    assert findings.problems == ()


@pytest.mark.parametrize("base", ["https://paper.vn/static/templates/", "https://cdn.example/", "//cdn.example", "::", "/"])
def test_a_misleading_base_does_not_lose_links(base):
    assert urls(read(f'<head><base href="{base}"></head><a href="talks-1.html">Talks</a>')) == ["https://paper.vn/talks-1.html"]


def test_a_base_that_is_meant():
    source = PAPER.model_copy(update={"article": r"^https://paper\.vn/news/[a-z-]+-\d+\.html$"})
    body = b'<base href="https://paper.vn/news/"><a href="talks-1.html">Talks</a>'
    assert urls(read_listing(body, Place(source, LISTING.url, "listing"), LISTING)) == ["https://paper.vn/news/talks-1.html"]


def test_one_item_for_picture_headline_and_teaser():
    teaser = "A teaser that goes on for much longer than any headline would"
    findings = read(
        '<a href="/talks-1.html"><img alt="Officers at a table"></a><a href="/talks-1.html">Two armies open border talks</a>'
        f'<a href="/talks-1.html">{teaser}</a><a href="/talks-1.html">12</a><a href="/b-2.html"><img alt="A photo"></a>'
    )
    assert [found.title for found in findings.items] == ["Two armies open border talks", "A photo"]


def test_links_of_the_selected_boxes_only():
    listing = Listing(url="https://paper.vn/world", links="div.list")
    findings = read('<div class=list><h3><a href="/in-1.html">In</a></h3></div><a href="/out-2.html">Out</a>', listing)
    assert urls(findings) == ["https://paper.vn/in-1.html"]
    assert "no links by 'div.list'" in read('<a href="/out-2.html">Out</a>', listing).problems[0]


def test_dates_beside_links():
    findings = read(
        '<div class=item><a href="/a-1.html">First story of the day</a><span>14/09/2026 18:44</span></div>'
        '<div class=item><a href="/b-2.html">Second story of the day</a><span>13/09/2026</span></div>'
        '<div class=item><time datetime="2026-09-12T08:00:00+07:00">Saturday</time><a href="/c-3.html">Third story</a></div>'
        '<div class=item><a href="/d-4.html">Fourth story</a></div>'
    )
    assert [found.published for found in findings.items] == [
        datetime(2026, 9, 14, 11, 44, tzinfo=UTC),
        None,
        datetime(2026, 9, 12, 1, tzinfo=UTC),
        None,
    ]
    assert {found[-8:]: day.date().isoformat() for found, day in findings.days.items()} == {
        "a-1.html": "2026-09-14",
        "b-2.html": "2026-09-12",
        "c-3.html": "2026-09-12",
    }


def test_json():
    data = {
        "data": [
            {"title": "Talks", "url": "/talks-1.html", "date": 1789386240},
            {"html": '<a href="/visit-2.html">Visit</a>'},
            {"url": "/x"},
        ]
    }
    findings = read(json.dumps(data))
    assert urls(findings) == ["https://paper.vn/talks-1.html", "https://paper.vn/visit-2.html"]
    assert findings.items[0].published == datetime(2026, 9, 14, 11, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("<p>Nothing here</p>", "no links"),
        ('<a href="/about.html">About</a>', "none of the 1 links"),
        ("{broken", "neither HTML nor valid JSON"),
        ("[]", "no article addresses"),
        ("[" * 100_000, "neither HTML nor valid JSON"),
    ],
)
def test_problems(text, problem):
    findings = read(text)
    assert findings.items == ()
    assert problem in findings.problems[0]


def test_pages_until_the_last():
    assert [page_address(LISTING, number) for number in (2, 4, 5)] == [
        "https://paper.vn/world/p2",
        "https://paper.vn/world/p4",
        None,
    ]
    assert page_address(Listing(url="https://paper.vn/world"), 2) is None


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f'<a href="{text}">{text}</a>'.encode("utf-8", "replace"))
)
def test_any_bytes_give_articles_or_say_why_not(body):
    findings = read_listing(body, Place(PAPER, LISTING.url, "listing"), LISTING)
    assert findings.items or findings.problems
    assert all(re.search(PAPER.article, url) and PAPER.skip not in url for url in urls(findings))
