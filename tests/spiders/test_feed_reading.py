"""Feeds, with the traps that real ones hold."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import feeds
from spiders.discover import Place
from spiders.feeds import read_feed
from spiders.sources import Source
from spiders.urls import canonical

PAPER = Source(
    id="paper",
    name="A paper",
    languages=("vi",),
    home="https://paper.vn/",
    feeds=("https://paper.vn/rss/home.rss",),
    article=r"-\d+\.html$",
    identity=r"-(\d+)\.html$",
)
PLACE = Place(PAPER, "https://paper.vn/rss/home.rss", "feed")


def item(title="A visit", link="https://paper.vn/a-visit-1.html", time="Mon, 14 Sep 2026 18:44:00 +0700", summary=""):
    parts = {"title": title, "link": link, "pubDate": time, "description": summary}
    return f"<item>{''.join(f'<{name}>{value}</{name}>' for name, value in parts.items())}</item>"


def rss(*items, declaration='<?xml version="1.0" encoding="utf-8"?>'):
    return f'{declaration}<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'


def read(text, encoding="utf-8"):
    return read_feed(text.encode(encoding), PLACE)


def test_an_item():
    (found,) = read(rss(item(summary="&lt;img src='x'&gt;Two armies &amp;amp; one border"))).items
    assert found.url == found.seen_as == "https://paper.vn/a-visit-1.html"
    assert (found.source, found.via, found.by) == ("paper", PLACE.via, "feed")
    assert (found.title, found.summary) == ("A visit", "Two armies & one border")
    assert found.published == datetime(2026, 9, 14, 11, 44, tzinfo=UTC)
    assert found.key == "paper:1"


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8"),
        ('<?xml version="1.0" encoding="utf-8"?>', "utf-8-sig"),
        ('\n\n<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-16"),
        ('<?xml version="1.0"?>', "utf-16-le"),
        ('<?xml version="1.0" encoding="windows-1258"?>', "utf-8"),
        ("", "utf-8"),
    ],
)
def test_bytes_decide_the_encoding(declaration, encoding):
    findings = read(rss(item(title="Quân đội hai nước"), declaration=declaration), encoding)
    assert [found.title for found in findings.items] == ["Quân đội hai nước"]
    assert findings.problems == ()


def test_a_declared_old_encoding_is_used_when_the_bytes_are_not_utf_8():
    text = rss(item(title="Café"), declaration='<?xml version="1.0" encoding="iso-8859-1"?>')
    assert read(text, "iso-8859-1").items[0].title == "Café"


def test_double_escapes_in_cdata_and_decomposed_letters():
    (found,) = read(rss(item(title="<![CDATA[L&#224;o &amp;#225; <b>n\u0061\u0306m</b>]]>"))).items
    assert found.title == "Lào á năm"


def test_padded_relative_and_repeated_links():
    links = ["\n  https://paper.vn/a-1.html \n", "http://www.paper.vn/a-1.html?utm_source=rss", "/b-2.html", ""]
    findings = read(rss(*(item(link=link) for link in links)))
    assert [found.url for found in findings.items] == ["https://paper.vn/a-1.html", "https://paper.vn/b-2.html"]


def test_links_are_taken_whatever_their_form():
    assert len(read(rss(item(link="https://paper.vn/a-new-form-of-address"))).items) == 1


def test_atom():
    entry = '<entry><title>A</title><link href="https://paper.vn/a-1.html"/><updated>2026-09-14T11:44:00Z</updated></entry>'
    (found,) = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>').items
    assert found.published == datetime(2026, 9, 14, 11, 44, tzinfo=UTC)


def test_a_broken_feed_gives_what_it_has():
    text = rss(item(), item(link="https://paper.vn/b-2.html", title="Bread & butter <b>")).replace("</channel></rss>", "")
    assert len(read(text).items) == 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "HTML page where XML was expected"),
        (b"<html><script>document.cookie='a=b'</script></html>", "HTML page"),
        (b"Service unavailable", "not XML"),
        (b'{"items": []}', "not XML"),
        (rss().encode(), "no items"),
        (rss(item(link="")).encode(), "no item of the feed has a link"),
        (b"<urlset><url><loc>https://paper.vn/a-1.html</loc></url></urlset>", "not a feed"),
        (b"\xff\xfe\x00", "empty|not XML"),
    ],
)
def test_what_is_no_feed_is_a_stated_problem(body, problem):
    findings = read_feed(body, PLACE)
    assert findings.items == ()
    assert any(word in findings.problems[0] for word in problem.split("|"))


def test_entities_and_document_types_are_refused_before_parsing(monkeypatch):
    monkeypatch.setattr(feeds.feedparser, "parse", lambda *_, **__: pytest.fail("was parsed"))
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + rss(item(title="&b;"), declaration="")
    outside = '<?xml version="1.0"?><!-- x --><!DOCTYPE rss SYSTEM "file:///etc/passwd">' + rss(item(), declaration="")
    for text in (bomb, outside):
        for encoding in ("utf-8", "utf-16"):
            assert "refused" in read(text, encoding).problems[0]


def test_unreadable_times_are_a_problem_when_none_can_be_read():
    assert "no time in the feed can be read" in read(rss(item(time="just now"))).problems[0]
    assert read(rss(item(time="just now"), item(link="/b-2.html"))).problems == ()


def test_a_huge_feed_is_cut_short():
    assert "larger" in read(rss(item(summary="x" * (feeds.LARGEST_FEED + 1)))).problems[0]


def test_a_feed_that_looks_like_an_address_is_not_opened():
    assert read("https://paper.vn/other.rss").problems == ("the answer is not XML",)


def feed_of(text):
    return rss(item(title=text, link=text, time=text)).encode("utf-8", "replace")


@given(st.binary(max_size=200) | st.text(max_size=200).map(feed_of))
def test_any_bytes_give_addresses_or_say_why_not(body):
    findings = read_feed(body, PLACE)
    found = [item.url for item in findings.items]
    assert found or findings.problems
    assert len(set(found)) == len(found)
    assert [canonical(url, PAPER) for url in found] == found
    assert all("\n" not in problem for problem in findings.problems)


def test_an_item_after_a_broken_one_is_found():
    body = rss("<item><title>&bogus; < broken</title></item>", item())
    assert [found.url for found in read(body).items] == ["https://paper.vn/a-visit-1.html"]
