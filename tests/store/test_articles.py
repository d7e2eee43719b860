"""Articles, their verdicts, and exact duplicates."""

from datetime import timedelta

import pytest

from relevance.verdict import Reason
from store.records import Saved, Sighting, StoredArticle

DAY = timedelta(days=1)


def test_an_article_as_stored(store, run, make, clock):
    store.know_sources([make.source()])
    place = make.found(published=make.start - timedelta(hours=2))
    store.discovered(place, run)
    clock.pass_(minutes=5)
    details = {"author": "An Bình", "credit": "TTXVN", "translator": "Mai", "lang": "vi", "image": "https://bao-a.vn/1.jpg"}
    times = {"published": make.start - timedelta(hours=3), "published_source": "jsonld", "modified": make.start}
    make.save(store, place, "marginal", run, **details, **times, captions=("Ảnh 1", "Ảnh 2"), quality=("too-short",))
    assert store.article(1) == StoredArticle(
        id=1,
        url="https://bao-a.vn/tin-1",
        source="bao-a",
        source_name="Báo bao-a",
        title="Tuần tra chung",
        lead="Hai bên",
        text=make.text,
        decided=make.start + timedelta(minutes=5),
        decision="marginal",
        score=5.0,
        reasons=(Reason("quân đội Lào", "laos", "headline", 3.0, 4, 16), Reason("tuần tra", "defence", "body", 2.0, 0, 0)),
        why_not_more="no defence word near Laos",
        quality=("too-short",),
        sightings=(Sighting(place.url, "bao-a", "Báo bao-a", make.start, make.start - timedelta(hours=2)),),
        rules="rules-1",
        captions=("Ảnh 1", "Ảnh 2"),
        **details,
        **times,
    )


def test_text_is_stored_composed(store, run, make):
    make.save(store, title="Tua\u0302\u0300n tra")
    assert store.article(1).title == "Tuần tra"


def test_an_article_is_found_by_any_of_its_addresses(store, run, make):
    place = make.found(seen_as="https://bao-a.vn/tin-1?utm_source=x")
    store.discovered(place, run)
    make.save(store, place)
    for url in (1, place.url, place.seen_as, "http://www.bao-a.vn/tin-1/"):
        assert store.article(url).id == 1
    assert store.article("https://bao-a.vn/tin-2") is None
    assert store.article(2) is None


def test_windows_are_by_decision_and_abut(store, run, make, clock):
    for number in range(4):
        make.save(store, make.found(str(number)), text=f"{number} {make.text}")
        clock.pass_(hours=1)
    middle = make.start + timedelta(hours=2)
    before = [article.id for article in store.articles(make.start, middle)]
    after = [article.id for article in store.articles(middle, middle + DAY)]
    assert (before, after) == ([2, 1], [4, 3])


def test_newest_first_by_publication(store, run, make):
    for number, hours in (("a", 3), ("b", 1), ("c", 2)):
        make.save(store, make.found(number), text=number + make.text, published=make.start - timedelta(hours=hours))
    assert [article.url[-1] for article in store.articles(make.start, make.start + DAY)] == ["b", "c", "a"]


def test_only_the_decisions_asked_for(store, run, make):
    for decision in ("keep", "marginal", "drop"):
        make.save(store, make.found(decision), decision, text=decision + make.text)
    window = make.start, make.start + DAY
    assert {article.decision for article in store.articles(*window)} == {"keep", "marginal"}
    assert {article.decision for article in store.articles(*window, ("drop",))} == {"drop"}


class TestSameText:
    def test_is_one_article_with_several_sightings(self, store, run, make, clock):
        make.save(store)
        clock.pass_(hours=1)
        saved = make.save(store, make.found(of="bao-b"), text=make.text.upper(), title="Tít khác")
        assert saved == Saved(1, "keep", "https://bao-a.vn/tin-1")
        (article,) = store.articles(make.start, make.start + DAY)
        assert article.sightings == (
            Sighting("https://bao-a.vn/tin-1", "bao-a", "bao-a", make.start),
            Sighting("https://bao-b.vn/tin-1", "bao-b", "bao-b", make.start + timedelta(hours=1)),
        )

    def test_tells_both_lives(self, store, run, make):
        make.save(store)
        make.save(store, make.found(of="bao-b"))
        life = store.life("https://bao-b.vn/tin-1")
        assert life.steps[-1].reason == "same text as https://bao-a.vn/tin-1 (article 1)"
        assert (life.fate, life.article.id) == ("keep", 1)

    def test_the_more_relevant_verdict_stands_for_all(self, store, run, make, clock):
        make.save(store, decision="drop")
        clock.pass_(hours=1)
        saved = make.save(store, make.found(of="bao-b"), "keep")
        assert saved == Saved(1, "keep", "https://bao-a.vn/tin-1", risen_from="drop")
        assert store.article(1).decided == make.start + timedelta(hours=1)
        assert store.life("https://bao-a.vn/tin-1").fate == "keep"

    def test_a_less_relevant_verdict_changes_nothing(self, store, run, make, clock):
        make.save(store)
        clock.pass_(hours=1)
        make.save(store, make.found(of="bao-b"), "drop")
        assert (store.article(1).decision, store.article(1).decided) == ("keep", make.start)
        assert store.life("https://bao-b.vn/tin-1").fate == "keep"

    def test_pages_without_text_stay_apart(self, store, run, make):
        assert [make.save(store, make.found(name), text="").article for name in "ab"] == [1, 2]


class TestSamePage:
    def test_a_page_that_names_another_address_as_its_own_is_that_article(self, store, run, make):
        make.save(store)
        twin = make.found(of="amp-a")
        assert make.save(store, twin, text="Khác hẳn", canonical_url=make.found().url).same_as == make.found().url

    @pytest.mark.parametrize("title", ["Tin khác", None])
    def test_but_not_under_another_headline(self, store, run, make, title):
        make.save(store)
        assert make.save(store, make.found("2"), text="Khác hẳn", canonical_url=make.found().url, title=title).same_as is None


class TestReadAgain:
    def test_the_row_is_renewed_and_keeps_its_number(self, store, run, make):
        make.save(store)
        make.save(store, text="Bản sửa. " * 40)
        assert store.article(1).text == "Bản sửa. " * 40
        assert store.article(2) is None

    def test_it_enters_no_other_window_unless_the_decision_changes(self, store, run, make, clock):
        make.save(store)
        clock.pass_(days=1)
        make.save(store)
        assert store.article(1).decided == make.start
        make.save(store, decision="marginal")
        assert store.article(1).decided == make.start + DAY

    def test_reasons_are_those_of_the_last_verdict(self, store, run, make):
        make.save(store)
        make.save(store)
        assert len(store.article(1).reasons) == 2


def test_articles_by_id_in_the_order_asked_for(store, run, make):
    for name in "abc":
        make.save(store, make.found(name), text=name + make.text)
    assert [article.id for article in store.articles_by_id([3, 1])] == [3, 1]
    with pytest.raises(LookupError, match="no article 9"):
        store.articles_by_id([1, 9])
