"""Random samples of what was dropped: really random, kept, and honest whatever comes in between."""

from datetime import UTC, datetime, timedelta

import pytest

from extract.article import Article
from relevance.verdict import Verdict
from spiders.page import Found, Page
from store.database import Store
from store.records import Decided, Reading

START = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
END = START + timedelta(days=30)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path, Clock()) as opened:
        opened.begin_run("crawl")
        yield opened


def place(name: str) -> Found:
    url = f"https://paper.vn/{name}"
    return Found(url, url, "paper", "https://paper.vn/rss", "feed", f"Tin {name}")


def judged(store: Store, name: str, decision: str = "drop", score: float = 0.5, text: str = "") -> None:
    found = place(name)
    store.discovered(found, 1)
    article = Article(found.url, found.url, "paper.vn", name, None, text or f"Một bài về {name}. " * 20)
    page = Page(found, found.url, 200, (), b"", START)
    steps = [Decided("judged", "rejected" if decision == "drop" else "ok", decision)]
    store.save_page(page, steps, Reading(article, Verdict(decision, score, (), "", "rules-1")))


def unread(store: Store, name: str) -> None:
    store.discovered(place(name), 1)
    store.decided(place(name).url, "triaged", "rejected", "nothing on the page names Laos")


def fill(store: Store, dropped: int = 40, aside: int = 60, kept: int = 5) -> None:
    for number in range(dropped):
        judged(store, f"dropped-{number}")
    for number in range(aside):
        unread(store, f"unread-{number}")
    for number in range(kept):
        judged(store, f"kept-{number}", "keep", 9.0)


def ends_of(candidates) -> list[str]:
    return [one.url.rsplit("/", 1)[1] for one in candidates]


def test_a_draw_is_kept_with_its_seed_sizes_and_order(store) -> None:
    fill(store)
    sample = store.draw_sample(START, END, 30, 7, "an")
    assert (sample.seed, sample.drawn_by, sample.since, sample.until) == ("7", "an", START, END)
    assert sample.sizes == (("judged", 40), ("unread", 60))
    assert sample.items == (("judged", 30), ("unread", 30))
    asked = store.unanswered(sample.id, 100)
    assert len({one.url for one in asked}) == 60
    assert [one.stratum for one in asked[:4]] == ["judged", "unread", "judged", "unread"]
    assert asked == store.unanswered(sample.id, 100)
    assert asked[0].article is not None
    assert (asked[1].article, asked[1].title) == (None, f"Tin {ends_of(asked)[1]}")
    assert asked[1].reason == "nothing on the page names Laos"


def test_the_seed_decides_the_draw_and_every_page_has_the_same_chance(store) -> None:
    fill(store, dropped=8, aside=0, kept=0)
    first = {}
    for seed in range(400):
        sample = store.draw_sample(START, END, 2, seed, "an")
        name = ends_of(store.unanswered(sample.id, 1))[0]
        first[name] = first.get(name, 0) + 1
        if seed == 3:
            again = store.draw_sample(START, END, 2, seed, "an")
            assert ends_of(store.unanswered(again.id, 9)) == ends_of(store.unanswered(sample.id, 9))
    # 50 each are expected; with seeds 0 to 399 the draw is what it is, and 6 standard deviations off would be a fault
    assert len(first) == 8
    assert all(10 < count < 90 for count in first.values())


def test_only_what_was_dropped_in_the_window_and_is_not_marked_can_be_drawn(store) -> None:
    fill(store)
    judged(store, "marginal", "marginal", 3.0)
    store.mark("https://paper.vn/dropped-1", "irrelevant", "an")
    store.mark("https://paper.vn/unread-1", "relevant", "an")
    sample = store.draw_sample(START, END, 300, 1, "an")
    assert sample.sizes == (("judged", 39), ("unread", 59))
    assert not {"marginal", "dropped-1", "unread-1", "kept-1"} & set(ends_of(store.unanswered(sample.id, 300)))
    assert store.draw_sample(END, END + timedelta(days=1), 300, 1, "an").sizes == (("judged", 0), ("unread", 0))


def test_a_text_seen_at_two_addresses_is_drawn_once(store) -> None:
    judged(store, "one", text="Cùng một bài viết. " * 20)
    judged(store, "two", text="Cùng một bài viết. " * 20)
    article = store.article("https://paper.vn/one")
    if store.article("https://paper.vn/two").id == article.id:
        assert store.draw_sample(START, END, 300, 1, "an").sizes == (("judged", 1), ("unread", 0))
    else:
        pytest.fail("the two were not recognised as one text")


def test_answers_count_in_order_so_a_session_may_end_anywhere(store) -> None:
    fill(store)
    sample = store.draw_sample(START, END, 30, 7, "an")
    asked = [one for one in store.unanswered(sample.id, 100) if one.stratum == "judged"]
    assert store.recall() is None
    store.mark(asked[0].url, "irrelevant", "an", sample=sample.id)
    store.skip(sample.id, asked[1].url)
    store.mark(asked[2].url, "relevant", "an", sample=sample.id)
    store.mark(asked[9].url, "relevant", "an")
    estimate = store.recall()
    (looked, _) = estimate.strata
    assert (looked.size, looked.looked, looked.relevant, looked.unsure) == (40, 3, 1, 1)
    assert (estimate.shown, estimate.known, estimate.apart) == (5, 2, 0)
    rest = store.unanswered(sample.id, 100)
    assert asked[0].url not in {one.url for one in rest}
    assert rest[-1].url == asked[1].url


def test_what_was_marked_before_the_draw_is_counted_beside_the_sample(store) -> None:
    fill(store)
    store.mark("https://paper.vn/dropped-3", "relevant", "an")
    sample = store.draw_sample(START, END, 30, 7, "an")
    for one in store.unanswered(sample.id, 100):
        store.mark(one.url, "irrelevant", "an", sample=sample.id)
    estimate = store.recall()
    assert (estimate.known, estimate.apart) == (1, 1)
    assert estimate.share()[0] == pytest.approx(5 / 6)
    assert estimate.share("judged")[1] < 5 / 6


def test_a_miss_that_is_kept_by_now_is_none(store) -> None:
    fill(store)
    sample = store.draw_sample(START, END, 30, 7, "an")
    missed = next(one for one in store.unanswered(sample.id, 100) if one.stratum == "judged")
    store.mark(missed.url, "relevant", "an", sample=sample.id)
    assert store.recall().strata[0].relevant == 1
    store.judged_anew(missed.article.id, Verdict("keep", 9.0, (), "", "rules-2"), "keep")
    estimate = store.recall()
    assert (estimate.strata[0].looked, estimate.strata[0].relevant, estimate.shown, estimate.known) == (1, 0, 6, 0)


def test_kept_articles_count_as_relevant_until_somebody_says_otherwise(store) -> None:
    fill(store)
    judged(store, "marginal-1", "marginal", 3.0)
    judged(store, "marginal-2", "marginal", 3.0)
    store.mark("https://paper.vn/kept-0", "irrelevant", "an")
    store.mark("https://paper.vn/kept-1", "marginal", "an")
    store.mark("https://paper.vn/marginal-1", "relevant", "an")
    sample = store.draw_sample(START, END, 3, 7, "an")
    store.skip(sample.id, store.unanswered(sample.id, 1)[0].url)
    assert store.recall().shown == 4


def test_an_untouched_new_sample_does_not_hide_what_the_last_one_said(store) -> None:
    fill(store)
    first = store.draw_sample(START, END, 30, 7, "an")
    store.mark(store.unanswered(first.id, 1)[0].url, "irrelevant", "an", sample=first.id)
    second = store.draw_sample(START, END, 30, 8, "an")
    assert store.last_sample().id == second.id
    assert store.recall().drawn == first.drawn
    assert store.recall(before=first.drawn) is None


def test_coverage_carries_the_estimate(store) -> None:
    fill(store)
    sample = store.draw_sample(START, END, 30, 7, "an")
    assert store.coverage(START, END, []).recall is None
    store.mark(store.unanswered(sample.id, 1)[0].url, "irrelevant", "an", sample=sample.id)
    assert store.coverage(START, END, []).recall == store.recall()


def test_borderline_items_are_the_marginal_ones_and_those_close_to_a_limit(store) -> None:
    for name, decision, score in [
        ("sure", "keep", 20.0),
        ("barely", "keep", 4.5),
        ("almost", "drop", 1.5),
        ("never", "drop", 0.2),
        ("between", "marginal", 3.0),
        ("known", "marginal", 3.0),
    ]:
        judged(store, name, decision, score)
    store.mark("https://paper.vn/known", "relevant", "an")
    assert ends_of(store.borderline(4.0, 2.0, START, 10)) == ["between", "almost", "barely"]
    assert ends_of(store.borderline(4.0, 2.0, START, 2)) == ["between", "almost"]
    assert store.borderline(4.0, 2.0, END, 10) == []
