"""The life of an address in sentences."""

from datetime import timedelta

import pytest

from spiders.sources import Listing
from store.life import explain_life, spellings
from store.records import Decided, Life, Reading, Step


def told(store, url, *sources):
    return explain_life(store.life(url, sources), sources).splitlines()


def test_a_kept_article(store, run, make, clock):
    source = make.source()
    store.know_sources([source])
    place = make.found()
    store.discovered(place, run)
    clock.pass_(minutes=5)
    store.decided(place.url, "fetched", "ok", "answered 200 with 512 bytes", run=run)
    article = make.article(place, published=make.start - timedelta(hours=1))
    steps = [Decided("extracted", "ok", "380 characters by rule"), Decided("judged", "ok", "keep, score 5")]
    store.save_page(make.page(place), steps, Reading(article, make.verdict()), None, run)
    make.save(store, make.found(of="bao-b"))
    assert told(store, place.url, source) == [
        "https://bao-a.vn/tin-1 (Báo bao-a)",
        "2026-03-01 12:00 (+07)  It was found: in the feed https://bao-a.vn/rss",
        "2026-03-01 12:05 (+07)  It was fetched: answered 200 with 512 bytes",
        "2026-03-01 12:05 (+07)  Its text was extracted: 380 characters by rule",
        "2026-03-01 12:05 (+07)  It was judged: keep, score 5",
        "2026-03-01 12:05 (+07)  It was stored: as article 1",
        "It is kept.",
        "Article 1: Tuần tra chung, published 2026-03-01 11:00 (+07)",
        "Verdict: keep, score 5.",
        "  +3  quân đội Lào (laos, headline)",
        "  +2  tuần tra (defence, body)",
        "The same text was seen at https://bao-b.vn/tin-1 (bao-b) 2026-03-01 12:05 (+07)",
        "It was in no digest yet; the next one takes it.",
    ]
    store.freeze_digest("daily", make.start, clock.pass_(hours=1), "", "", "", [1])
    lines = told(store, place.url, source)
    assert "2026-03-01 13:05 (+07)  It was told: in digest 1 (daily)" in lines
    assert lines[-1] == "It was in digest 1."


def test_a_dropped_article_says_what_was_missing(store, run, make):
    make.save(store, decision="drop", title=None)
    lines = told(store, make.found().url)
    assert "It is in no digest, because it was not found relevant." in lines
    assert "Article 1: without headline, publication time unknown" in lines
    assert "Verdict: drop, score 5. no defence word near Laos" in lines


def test_an_address_that_is_tried_again(store, run, make, clock):
    place = make.found()
    store.discovered(place, run)
    for _ in range(2):
        store.decided(place.url, "fetched", "failed", "answered 503", run=run)
        clock.pass_(hours=1)
    assert told(store, place.url)[-2:] == [
        "2026-03-01 12:00 (+07)  Fetching it failed: answered 503 (2 times, last 2026-03-01 13:00 (+07))",
        "It could not be read so far. It is tried again after 2026-03-01 17:00 (+07), when a run meets it.",
    ]


def test_an_address_that_was_given_up(make):
    life = Life("https://x.vn/1", "https://x.vn/1", True, None, (), fate="failed", tries=7)
    assert explain_life(life, ()).splitlines()[-1] == "It was given up after 7 tries and will not be tried again."


def test_a_rejected_address(store, run):
    store.decided("https://elsewhere.vn/x", "allowed", "rejected", "the host is not listed", run=run)
    assert told(store, "https://elsewhere.vn/x") == [
        "https://elsewhere.vn/x",
        "2026-03-01 12:00 (+07)  It was not fetched: the host is not listed",
        "It is not to be fetched. It is tried again after 2026-03-02 12:00 (+07), when a run meets it.",
    ]


def test_an_unknown_step_is_told_plainly(make):
    step = Step(make.start, "digested", "rejected", "of a kind that nobody foresaw", {})
    life = Life("u", "u", True, None, (step,), fate="keep")
    assert "digested: rejected: of a kind that nobody foresaw" in explain_life(life, ())


@pytest.mark.parametrize(
    "asked",
    [
        "http://bao-a.vn/tin-1",
        "https://www.bao-a.vn/tin-1/",
        "https://bao-a.vn/tin-1?utm_source=fb&fbclid=1#top",
        "HTTPS://BAO-A.VN/tin-1",
        "bao-a.vn/tin-1",
        " http://bao-a.vn/tin-1\n",
        "https://bao-a.vn/amp/tin-1",
    ],
)
def test_any_spelling_finds_it(store, run, make, asked):
    store.discovered(make.found(), run)
    lines = told(store, asked, make.source())
    assert lines[0] == f"https://bao-a.vn/tin-1 (Báo bao-a), asked for as {asked.strip()}"
    assert store.life(asked).known


class TestNeverSeen:
    def told(self, store, url, *sources):
        _, *rest = told(store, url, *sources)
        assert rest[0] == "This address was never seen."
        return " ".join(rest[1:])

    def test_of_no_source(self, store, make):
        assert self.told(store, "https://x.vn/tin-1", make.source()) == "Its host, x.vn, belongs to no source in the list."

    def test_of_a_switched_off_source(self, store, make):
        off = make.source(enabled=False, reason="the site is gone")
        assert "switched off: the site is gone" in self.told(store, "https://bao-a.vn/tin-1", off)

    def test_that_is_no_article(self, store, make):
        assert "does not look like an article there" in self.told(store, "https://bao-a.vn/video/9", make.source())

    def test_that_the_list_skips(self, store, make):
        source = make.source(skip="tin-video")
        assert "says to skip addresses that match tin-video" in self.told(store, "https://bao-a.vn/tin-video1", source)

    def test_that_no_place_listed(self, store, make):
        source = make.source(listings=(Listing(url="https://bao-a.vn/lao"),))
        text = self.told(store, "https://bao-a.vn/tin-9", source)
        assert "no reading of its 2 feeds, sitemaps and listings" in text
        assert text.endswith("To look further back: vietlao crawl bao-a --since DATE")

    @pytest.mark.parametrize("url", ["", "nonsense", "mailto:a@b.vn", "https://", "http://[::1", "\x00", "javascript:alert(1)"])
    def test_that_is_none(self, store, make, url):
        assert self.told(store, url, make.source())


def test_the_canonical_spelling_comes_last(make):
    assert spellings("http://www.bao-a.vn/tin-1?utm_source=x", [make.source()])[-1] == "https://bao-a.vn/tin-1"
