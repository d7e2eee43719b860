"""Whole crawls of a real server on loopback: what is asked, what is taken, what is remembered."""

import gzip

import pytest
from rig_site import Answer, run_crawl, serving, source_at

ARTICLE = "<html><body><h1>{0}</h1><p>Something happened at the border.</p></body></html>"


def page(title):
    return Answer(ARTICLE.format(title))


def feed(*items, **headers):
    entries = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for title, link in items)
    return Answer(f'<rss version="2.0"><channel><title>x</title>{entries}</channel></rss>', kind="text/xml", headers=headers)


def links(*paths):
    return Answer("".join(f'<h3><a href="{path}">A headline for {path}</a></h3>' for path in paths))


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory):
    """A source with three feeds (one broken, one unchanged), a sitemap index and a listing."""
    with serving() as site:
        crawl = crawl_ordinary(site, tmp_path_factory.mktemp("ordinary"))
        crawl.root, crawl.site_requests = site.root, list(site.requests)
    return crawl


def crawl_ordinary(site, folder):
    root = site.root
    site.answers |= {
        "/home.rss": feed(
            ("One", f"{root}/one-1.html?utm_source=rss"),
            ("Known", f"{root}/known-9.html"),
            ("Video", f"{root}/video-7.html"),
            ("Long", f"{root}/{'long-' * 500}5.html"),
            ETag='"v2"',
        ),
        "/same.rss": lambda handler: Answer(status=304) if handler.headers["If-None-Match"] == '"v1"' else Answer("", 500),
        "/gone.rss": Answer("no more", 404),
        "/map.xml": Answer(
            f"<sitemapindex><sitemap><loc>{root}/map-2099-1.xml.gz</loc></sitemap></sitemapindex>", kind="text/xml"
        ),
        "/map-2099-1.xml.gz": Answer(
            gzip.compress(
                f"<urlset><url><loc>{root}/two-2.html</loc></url><url><loc>{root}/tags</loc></url></urlset>".encode()
            ),
            kind="application/gzip",
        ),
        "/world": links("/one-1.html#top", "/three-3.html", "/new-name-2.html", "/lost-6.html"),
        "/one-1.html": page("One"),
        "/two-2.html": page("Two"),
        "/new-name-2.html": page("Two"),
        "/three-3.html": page("Three"),
        "/left-8.html": page("Left over"),
    }
    source = source_at(
        root,
        feeds=[f"{root}/home.rss", f"{root}/same.rss", f"{root}/gone.rss"],
        sitemaps=[f"{root}/map.xml"],
        listings=[{"url": f"{root}/world"}],
        identity=r"-(\d+)\.html$",
        skip="/video-",
    )
    left = {
        "url": f"{root}/left-8.html",
        "seen_as": f"{root}/left-8.html",
        "source": "paper",
        "via": f"{root}/old",
        "by": "listing",
    }
    known = {
        "urls": [f"{root}/known-9.html"],
        "pending": [left],
        "validators": {f"{root}/same.rss": {"etag": '"v1"', "last_modified": "Mon, 14 Sep 2026 11:44:00 GMT"}},
    }
    return run_crawl(folder, [source], known=known)


def test_every_way_of_discovery_brings_pages(ordinary):
    names = {url.removeprefix(ordinary.root) for url in ordinary.pages}
    assert len({"/two-2.html", "/new-name-2.html"} & names) == 1
    assert names - {"/two-2.html", "/new-name-2.html"} == {"/one-1.html", "/three-3.html", "/left-8.html"}
    one = ordinary.pages[f"{ordinary.root}/one-1.html"]
    assert one["body"] == ARTICLE.format("One").encode()
    assert one["status"] == 200
    assert one["found"]["seen_as"].startswith(f"{ordinary.root}/one-1.html")
    assert ["Content-Type", "text/html; charset=utf-8"] in one["headers"]
    assert one["fetched"].endswith("+00:00")


def test_known_addresses_and_repeats_are_not_asked(ordinary):
    asked = [request.path for request in ordinary.site_requests]
    assert "/known-9.html" not in asked
    assert asked.count("/one-1.html") == 1
    assert asked.count("/robots.txt") == 1
    assert asked[0] == "/robots.txt"


def test_places_are_asked_conditionally(ordinary):
    (same,) = [request for request in ordinary.site_requests if request.path == "/same.rss"]
    assert same.headers["if-none-match"] == '"v1"'
    assert same.headers["if-modified-since"] == "Mon, 14 Sep 2026 11:44:00 GMT"
    unchanged = ordinary.asked(f"{ordinary.root}/same.rss")
    assert (unchanged["status"], unchanged["problem"]) == (304, None)
    assert ordinary.asked(f"{ordinary.root}/home.rss")["validators"]["etag"] == '"v2"'


def test_no_condition_is_kept_where_a_304_would_hide_something(ordinary):
    """An index may stay the same while its children grow, and an error page may carry an ETag."""
    for place in ("/map.xml", "/gone.rss"):
        assert ordinary.asked(f"{ordinary.root}{place}")["validators"] == {"etag": None, "last_modified": None}


def test_what_each_place_gave_is_recorded(ordinary):
    home = ordinary.asked(f"{ordinary.root}/home.rss")
    assert (home["status"], home["items"], home["problem"]) == (200, 4, None)
    assert ordinary.asked(f"{ordinary.root}/map-2099-1.xml.gz")["items"] == 1
    assert ordinary.asked(f"{ordinary.root}/gone.rss")["problem"] == "answered 404 Not Found"
    sightings = [line for line in ordinary.of("discovered") if line["url"] == f"{ordinary.root}/one-1.html"]
    assert {line["by"] for line in sightings} == {"feed", "listing"}


def test_addresses_that_are_not_fetched_have_a_reason(ordinary):
    assert ordinary.fate(f"{ordinary.root}/video-7.html") == (
        "allowed",
        "rejected",
        "the skip pattern of paper leaves it out",
    ) or not [line for line in ordinary.of("discovered") if "video" in line["url"]]


def test_fetched_addresses_have_their_steps(ordinary):
    steps = [
        (line["stage"], line["outcome"]) for line in ordinary.of("decided") if line["url"] == f"{ordinary.root}/one-1.html"
    ]
    assert steps == [("allowed", "ok"), ("fetched", "ok")]


def test_one_failed_place_makes_the_source_partly_read(ordinary):
    outcome = ordinary.outcome
    assert (outcome["state"], outcome["fetched"], outcome["failed"]) == ("partly", 4, 0)
    assert outcome["reason"] == f"feed {ordinary.root}/gone.rss: answered 404 Not Found"
    assert ordinary.lines[-1] == {"kind": "closed", "known": 1}
    assert ordinary.code == 0


def test_we_say_who_we_are_and_nothing_more(ordinary):
    for request in ordinary.site_requests:
        assert request.headers["user-agent"].startswith("vietlao/")
        assert "(+" in request.headers["user-agent"]
        assert request.headers["accept-encoding"] == "gzip, deflate"
        assert "referer" not in request.headers
        assert "cookie" not in request.headers


def test_a_dead_slug_does_not_hide_the_living_one(site, tmp_path):
    site.answers |= {
        "/slugs.rss": feed(*((name, f"{site.root}/{name}-5.html") for name in ("dead", "deader", "living", "later"))),
        "/living-5.html": page("Alive"),
    }
    crawl = run_crawl(tmp_path, [source_at(site.root, feeds=[f"{site.root}/slugs.rss"], identity=r"-(\d+)\.html$")])
    assert list(crawl.pages) == [f"{site.root}/living-5.html"]
    assert crawl.fate(f"{site.root}/dead-5.html")[1] == crawl.fate(f"{site.root}/deader-5.html")[1] == "gone"
    assert "/later-5.html" not in site.paths()


def listing_pages(site, count, date):
    """Pages of two articles each, dated one a day back from the 20th."""
    for number in range(1, count + 1):
        paths = [f"/p{number}-{letter}-{number}{index}.html" for index, letter in enumerate("ab")]
        dated = "".join(
            f'<div><h3><a href="{path}">A headline of page {number}</a></h3><span>{date.format(21 - number)}</span></div>'
            for path in paths
        )
        box = '<div><h3><a href="/box-99.html">A box on every page</a></h3><span>20/11/2026 08:00</span></div>'
        site.answers[f"/list/{number}" if number > 1 else "/list"] = Answer(dated + box)
        site.answers |= {path: page(path) for path in paths}
    site.answers["/box-99.html"] = page("box")


def test_a_walk_back_ends_at_its_date(site, tmp_path):
    listing_pages(site, 9, "{}/11/2026 10:00")
    source = source_at(site.root, listings=[{"url": f"{site.root}/list", "pages": "/list/{page}"}])
    crawl = run_crawl(tmp_path, [source], {"VIETLAO_SINCE": "2026-11-17T00:00:00+07:00"})
    walked = [line["address"].removeprefix(site.root) for line in crawl.of("asked")]
    assert walked == ["/list", "/list/2", "/list/3", "/list/4", "/list/5", "/list/6"]  # the day before the date, and one to see
    assert crawl.outcome["state"] == "read"


def test_failed_feeds_send_us_deeper_into_the_listings(site, tmp_path):
    listing_pages(site, 9, "no date {}")
    source = source_at(
        site.root, feeds=[f"{site.root}/dead.rss"], listings=[{"url": f"{site.root}/list", "pages": "/list/{page}", "last": 6}]
    )
    known = {"urls": [f"{site.root}/p1-{letter}-1{index}.html" for index, letter in enumerate("ab")]}
    site.answers["/dead.rss"] = Answer("<!DOCTYPE html><html><body>Moved</body></html>", headers={"ETag": '"moved"'})
    crawl = run_crawl(tmp_path / "failing", [source], known=known)
    walked = {line["address"].removeprefix(site.root) for line in crawl.of("asked")}
    assert walked == {"/dead.rss", "/list", *(f"/list/{number}" for number in range(2, 7))}
    assert "HTML page where XML was expected" in crawl.outcome["reason"]
    assert crawl.asked(f"{site.root}/dead.rss")["validators"]["etag"] is None
    site.answers["/dead.rss"] = feed(("Box", f"{site.root}/box-99.html"))
    steady = run_crawl(tmp_path / "steady", [source], known=known)
    assert {line["address"].removeprefix(site.root) for line in steady.of("asked")} == {"/dead.rss", "/list"}


def test_nested_indexes_and_circles_end(site, tmp_path):
    def index(*names):
        entries = "".join(f"<sitemap><loc>{site.root}/{name}</loc></sitemap>" for name in names)
        return Answer(f"<sitemapindex>{entries}</sitemapindex>", kind="text/xml")

    site.answers |= {
        f"/deep{letter}.xml": index(f"deep{following}.xml", "deepa.xml")
        for letter, following in zip("abcdefg", "bcdefgh", strict=True)
    }
    crawl = run_crawl(tmp_path, [source_at(site.root, sitemaps=[f"{site.root}/deepa.xml"])])
    asked = [line["address"][-9:] for line in crawl.of("asked")]
    assert asked == ["deepa.xml", "deepb.xml", "deepc.xml", "deepd.xml"]


def test_a_bug_at_one_place_spares_the_others_and_is_not_called_well(site, tmp_path):
    site.answers |= {"/bad": links("/poison-1.html"), "/good": links("/fine-2.html"), "/fine-2.html": page("Fine")}
    source = source_at(site.root, listings=[{"url": f"{site.root}/bad"}, {"url": f"{site.root}/good"}])
    crawl = run_crawl(tmp_path, [source], {"MEMORY": "rig_recorder.Stumbling"})
    assert list(crawl.pages) == [f"{site.root}/fine-2.html"]
    assert crawl.outcome["state"] == "partly"
    assert "1 place ended in an error of the program" in crawl.outcome["reason"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"enabled": False, "reason": "closed in 2025"}, "disabled: closed in 2025"),
        ({"quirks": {"needs_browser": True}}, "needs a browser: VIETLAO_CHROMIUM names /nowhere/chromium, which is no program"),
    ],
)
def test_skipped_sources_say_why_and_are_not_asked(site, tmp_path, more, reason):
    source = source_at(site.root, feeds=[f"{site.root}/home.rss"], **more)
    crawl = run_crawl(tmp_path, [source], {"VIETLAO_CHROMIUM": "/nowhere/chromium"})
    assert (crawl.outcome["state"], crawl.outcome["reason"]) == ("skipped", reason)
    assert site.requests == []
    assert reason in crawl.log
