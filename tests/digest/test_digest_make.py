"""From a real store to a frozen digest and its files."""

from datetime import timedelta

import pytest

from digest.make import make_digest
from extract.article import Article
from relevance.verdict import Reason, Verdict
from spiders.memory import SourceOutcome
from spiders.page import Found, Page
from spiders.sources import Source
from store.database import Store
from store.records import Decided, Reading

SOURCE = Source(
    id="bao-mau",
    name="Báo Mẫu",
    languages=("vi",),
    home="https://mau.example/",
    feeds=("https://mau.example/rss",),
    article="tin",
)
OTHER = SOURCE.model_copy(update={"id": "bao-hai", "name": "Báo Hai"})


@pytest.fixture
def clock(sample):
    class Clock:
        now = sample.SINCE

        def __call__(self):
            return self.now

        def to(self, hour):
            self.now = sample.hours(hour)
            return self.now

    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path, clock=clock) as store:
        store.know_sources([SOURCE, OTHER])
        yield store


def save(store, name, decision="keep"):
    """An article as a crawl leaves it, decided at the clock's time."""
    url = f"https://mau.example/tin-{name}"
    found = Found(url, url, "bao-mau", "https://mau.example/rss", "feed")
    text = f"Hai đồn biên phòng gặp nhau lần {name} để bàn lịch tuần tra. Họ hẹn gặp lại vào tháng sau tại cột mốc {name}."
    reading = Reading(
        Article(url, url, "mau.example", f"Hai đồn gặp nhau lần {name}", None, text, lang="vi"),
        Verdict(
            decision, 5.0, (Reason("biên phòng", "defence", "body", 2.0),), "" if decision == "keep" else "too little", "1"
        ),
    )
    store.save_page(Page(found, url, 200, (), b"", store.clock()), [Decided("judged", "ok", decision)], reading)
    return store.article(url).id


def make(store, clock, hour, **window):
    now = clock.to(hour)
    window = {"since": None, "until": None, "profile": "daily"} | window
    return make_digest(store, [SOURCE, OTHER], now=now, home=store.path.parent, **window)


def test_windows_abut_and_each_article_is_in_one_digest(store, clock, sample):
    first_ids = {save(store, "1"), save(store, "2", "marginal")}
    first = make(store, clock, 1)
    second_ids = {save(store, "3")}
    second, third = make(store, clock, 2), make(store, clock, 3)
    assert (set(first.articles), set(second.articles), set(third.articles)) == (first_ids, second_ids, set())
    assert first.until == second.since == sample.hours(1)
    assert second.until == third.since == sample.hours(2)
    assert "Hai đồn gặp nhau lần 3" in second.html
    assert "Hai đồn gặp nhau lần 3" in second.text
    assert "Hai đồn gặp nhau lần 1" not in second.html


def test_the_first_digest_takes_all_there_is(store, clock, sample):
    clock.now = sample.hours(-24 * 300)
    old = save(store, "1")
    assert make(store, clock, 1).articles == (old,)


def test_a_clock_that_went_back_loses_nothing(store, clock):
    make(store, clock, 10)
    clock.to(5)
    late = save(store, "1")
    digest = make(store, clock, 6)
    assert digest.articles == (late,)
    assert digest.since <= digest.until


def test_what_came_late_is_in_the_next_digest_and_the_frozen_one_stays(store, clock):
    save(store, "1")
    first = make(store, clock, 1)
    clock.to(0.5)
    save(store, "2")
    again = make_digest(store, [SOURCE], "daily", None, first.until, first.until, store.path.parent)
    assert again.since < first.until
    assert len(again.articles) == 1
    assert set(first.articles).isdisjoint(again.articles)
    assert store.digest(first.id) == first


def test_looking_back_shows_everything_again_and_takes_nothing_away(store, clock, sample):
    told = save(store, "1")
    daily = make(store, clock, 1)
    fresh = save(store, "2")
    review = make(store, clock, 3, since=sample.hours(-1), until=sample.hours(2))
    assert review.profile == "daily-review"
    assert set(review.articles) == {told, fresh}
    assert make(store, clock, 3, since=sample.hours(-1), until=sample.hours(2)) == review
    after = make(store, clock, 4)
    assert after.articles == (fresh,)
    assert after.since == daily.until


def test_a_window_does_not_reach_into_the_future(store, clock, sample):
    assert make(store, clock, 1, until=sample.hours(100)).until == sample.hours(1)


def test_files_are_written_and_written_later_when_a_run_died_before(store, clock, tmp_path):
    save(store, "1")
    lost = make(store, clock, 1)
    for path in (tmp_path / "digests").iterdir():
        path.unlink()
    make(store, clock, 2)
    names = sorted(path.name for path in (tmp_path / "digests").iterdir())
    assert names == [
        "2026-11-20-0800-daily.html",
        "2026-11-20-0800-daily.txt",
        "2026-11-20-0900-daily.html",
        "2026-11-20-0900-daily.txt",
        "index.html",
    ]
    assert (tmp_path / "digests" / names[0]).read_text(encoding="utf-8") == lost.html


def test_coverage_says_what_was_read_in_the_window(store, clock):
    run = store.begin_run("crawl")
    store.source_finished(SourceOutcome("bao-mau", "read", None, 3, 2, 0), run)
    store.source_finished(SourceOutcome("bao-hai", "failed", "no answer within 30 seconds", 0, 0, 0), run)
    store.end_run(run, "finished")
    digest = make(store, clock, 1)
    assert "1 crawl in this window; 1 of 2 sources read." in digest.text
    assert "Báo Hai: no answer within 30 seconds; never read so far" in digest.text
    assert "(1 source not read)" in digest.subject
    assert "No crawl in this window" in make(store, clock, 2).text


def test_the_life_of_an_address_tells_its_digest(store, clock):
    save(store, "1")
    digest = make(store, clock, 1)
    assert store.life("https://mau.example/tin-1").digests == (digest.id,)


def test_a_window_that_ends_before_it_begins_is_refused(store, clock, sample):
    with pytest.raises(ValueError, match="before it begins"):
        make(store, clock, 5, since=sample.hours(4), until=sample.hours(4) - timedelta(minutes=1))
