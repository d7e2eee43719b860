"""Articles that the memory wants to be read again: asked conditionally, and told how it went."""

import pytest
from rig_site import Answer, run_crawl, source_at

FEED = '<rss version="2.0"><channel><title>x</title><item><title>New</title><link>{0}/new-9.html</link></item></channel></rss>'
PAGE = Answer("<html><body><h1>One</h1><p>Something happened at the border.</p></body></html>", headers={"ETag": '"v2"'})


@pytest.fixture
def crawl(site, tmp_path):
    root = site.root

    def old(number):
        url = f"{root}/old-{number}.html"
        found = {"url": url, "seen_as": url, "source": "paper", "via": f"{root}/home.rss", "by": "feed"}
        return {"found": found, "validators": {"etag": '"v1"', "last_modified": None}}

    site.answers |= {
        "/home.rss": Answer(FEED.format(root), kind="text/xml"),
        "/new-9.html": PAGE,
        "/old-1.html": lambda handler: Answer(status=304) if handler.headers["If-None-Match"] == '"v1"' else PAGE,
        "/old-2.html": PAGE,
        "/old-3.html": Answer("gone", 410),
        "/old-4.html": Answer("", 302, headers={"Location": "/"}),
        "/": Answer("<html><body>home</body></html>"),
        "/old-5.html": Answer("down", 503),
    }
    known = {"again": [old(number) for number in range(1, 6)]}
    return run_crawl(tmp_path, [source_at(root, feeds=[f"{root}/home.rss"])], known=known)


def test_how_each_went_is_told(crawl, site):
    root = site.root
    assert crawl.fate(f"{root}/old-1.html") == ("fetched", "ok", "answered 304 Not Modified")
    assert crawl.fate(f"{root}/old-3.html") == ("fetched", "gone", "answered 410 Gone")
    assert crawl.fate(f"{root}/old-4.html")[:2] == ("fetched", "gone")
    assert crawl.fate(f"{root}/old-5.html")[:2] == ("fetched", "failed")
    assert set(crawl.pages) == {f"{root}/new-9.html", f"{root}/old-2.html"}
    (told,) = [line for line in crawl.of("decided") if line["url"].endswith("old-1.html")]
    assert told["data"] == {"status": 304}


def test_only_what_is_read_again_is_asked_conditionally(crawl, site):
    articles = [asked for asked in site.requests if ".html" in asked.path]
    conditional = {asked.path for asked in articles if asked.headers.get("if-none-match") == '"v1"'}
    assert conditional == {f"/old-{number}.html" for number in range(1, 6)}
