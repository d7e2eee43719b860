"""What a query finds, in which spelling, and in which order."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from store.database import Store
from store.search.found import Filter

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("quan doi nhan dan lao", {"army", "plain"}),
        ("quân đội nhân dân Lào", {"army", "plain"}),
        ("QUÂN ĐỘI", {"army", "plain"}),
        ("bo truong quoc phong", {"minister"}),
        ("dai tuong", {"army"}),
        ("Đại tướng", {"army"}),
        ("Dien Bien", {"army", "english"}),
        ("Điện Biên", {"army", "english"}),
        ("hoà bình", {"minister"}),
        ("hòa bình", {"minister"}),
        ("thỏa thuận", {"minister"}),
        ("thuỷ lợi", {"minister"}),
        ("thủy lợi", {"minister"}),
        ('"quân đội nhân dân Lào"', {"army", "plain"}),
        ('"nhan dan quan doi"', set()),
        ("“Điện Biên”", {"army", "english"}),
        ("viet-nam", {"english"}),
        ("Việt Nam - Lào", {"english"}),
        ("people's army", {"english"}),
        ("quô*", {"minister"}),
        ("quo* ph*", {"minister"}),
        ('"bo truong quo*"', {"minister"}),
        ("patr*", {"english"}),
        ("zzz*", set()),
        ("bệnh OR patrol", {"labour", "english"}),
        ("lao NOT quân", {"english", "plain"}),
        ("lao -army -động", {"army", "plain"}),
        ("lao (thăm OR patrol) -ha", {"army", "english"}),
        ("lao AND army", {"english"}),
        ("tiep khach lao", {"army"}),
    ],
)
def test_found(library, query, names):
    for spelled in (query, unicodedata.normalize("NFD", query)):
        assert set(library.find(spelled)) == names


def test_a_phrase_does_not_run_from_the_headline_into_the_text(library):
    assert library.find('"tiếp khách đoàn"') == []


def test_accents_that_were_typed_come_first(library):
    assert library.exact("Lào") == {"army": True, "labour": False, "english": False, "plain": False}
    assert library.find("Lào")[0] == "army"
    assert library.exact('"quân đội nhân dân Lào"') == {"army": True, "plain": False}


def test_both_places_of_a_tone_mark_are_the_same_accent(library):
    for query in ("hoà bình", "hòa bình", "thuỷ lợi", "thủy lợi", '"thỏa thuận"', '"thoả thuận"'):
        assert library.exact(query) == {"minister": True}


def test_words_typed_without_accents_prefer_none(library):
    assert set(library.exact("lao").values()) == {True}


def test_plain_words_of_an_accented_query_stand_for_all_spellings(shelf):
    shelf.add("general", "Đại tướng Phan Văn Giang")
    shelf.add("other", "Đại tướng Phạn Văn Giảng")
    assert shelf.exact("Phan Văn Giang") == {"general": True, "other": True}
    assert shelf.exact('"Phan Văn Giang"') == {"general": True, "other": False}


def test_exact_ones_come_first_however_many_newer_ones_there_are(shelf):
    shelf.add("old", "Đoàn cán bộ Lào sang thăm", published=DAY - timedelta(days=900))
    for number in range(30):
        shelf.add(f"new-{number}", f"người lao động số {number}", published=DAY)
    found = shelf.store.search("Lào", limit=5)
    assert [shelf.names[found.hits[0].article], len(found.hits), found.more] == ["old", 5, True]


def test_what_is_taken_away_is_taken_as_typed(library):
    assert set(library.find("lao -Lào")) == {"labour", "english", "plain"}
    assert library.find("lao -lao") == []


def test_newest_first_and_limits(shelf):
    for number, days in enumerate([3, 1, 2, 0, 4]):
        shelf.add(str(days), f"tuần tra lần {number}", published=DAY - timedelta(days=days))
    assert shelf.find("tuần tra") == ["0", "1", "2", "3", "4"]
    assert shelf.find("tuần tra", limit=2) == ["0", "1"]
    assert shelf.store.search("tuần tra", limit=5).more is False
    assert shelf.store.search("tuần tra", limit=4).more is True


def test_newest_first_within_a_day(shelf):
    shelf.add("noon", "tuần tra buổi trưa", published=DAY)
    shelf.add("early", "tuần tra buổi sáng", published=DAY - timedelta(hours=5))
    assert shelf.find("tuần tra") == ["noon", "early"]


def test_a_span_of_time_is_kept_to_the_second(shelf):
    for days in range(5):
        shelf.add(str(days), f"tuần tra lần {days}", published=DAY + timedelta(days=days))
    span = Filter(DAY + timedelta(days=1), DAY + timedelta(days=3))
    assert shelf.find("tuần tra", span) == ["2", "1"]
    assert shelf.find("tuần tra", Filter(since=DAY + timedelta(days=3, seconds=1))) == ["4"]
    assert shelf.find("tuần tra", Filter(until=DAY + timedelta(seconds=1))) == ["0"]


def test_a_date_in_the_future_is_not_believed(shelf):
    shelf.add("liar", "tuần tra tương lai", published=DAY + timedelta(days=9000))
    assert shelf.find("tuần tra", Filter(until=datetime(2026, 4, 1, tzinfo=UTC))) == ["liar"]


def test_sources_and_decisions(library):
    assert set(library.find("lao", Filter(sources=("bao-b",)))) == {"english"}
    assert set(library.find("lao", Filter(decisions=("marginal",)))) == {"plain"}
    assert set(library.find("lao OR bo", Filter(decisions=("marginal", "drop")))) == {"plain", "minister"}
    assert library.find("lao", Filter(sources=("bao-b",), decisions=("drop",))) == []
    assert library.find("lao", Filter(sources=('" OR "lao',))) == []


def test_a_text_seen_at_two_sources_is_found_at_both(shelf):
    text = "Hai nước tổ chức tuần tra chung. " * 5
    shelf.add("one", text, "Tuần tra")
    shelf.add("one-again", text, "Tuần tra", source="bao-b")
    for source in ("bao-a", "bao-b"):
        assert shelf.find("tuần tra", Filter(sources=(source,))) == ["one"]


def test_a_changed_text_is_found_by_its_new_words_only(shelf):
    shelf.add("one", "Hai bên ký bản ghi nhớ", "Cũ")
    shelf.add("one", "Hai bên hoãn lễ duyệt binh", "Mới", decision="drop")
    assert shelf.find("ghi nhớ") == []
    assert shelf.find("cũ") == []
    assert shelf.find("duyệt binh") == ["one"]
    assert shelf.find("mới", Filter(decisions=("drop",))) == ["one"]
    assert shelf.find("mới", Filter(decisions=("keep",))) == []


def test_what_is_rolled_back_is_not_found(shelf):
    shelf.add("one", "tuần tra chung")
    with pytest.raises(RuntimeError), shelf.store._writing() as db:
        db.execute("UPDATE article SET text = 'duyệt binh'")
        raise RuntimeError
    assert shelf.find("tuần tra") == ["one"]
    assert shelf.find("duyệt") == []


def test_what_another_program_writes_is_found_after_the_next_change(shelf):
    shelf.add("one", "tuần tra chung")
    shelf.store.db.execute("UPDATE article SET text = 'lễ duyệt binh'")
    assert shelf.store.unindexed() == 1
    shelf.store.begin_run("crawl")
    assert shelf.find("duyệt binh") == ["one"]
    assert shelf.find("tuần tra") == []


def test_a_removed_article_is_not_found(shelf):
    shelf.add("one", "tuần tra chung")
    with shelf.store._writing() as db:
        db.execute("UPDATE address SET article = NULL")
        db.execute("DELETE FROM article")
    assert shelf.find("tuần tra") == []


def test_made_anew(shelf):
    shelf.add("one", "tuần tra chung")
    shelf.store.forget_index()
    assert (shelf.find("tuần tra"), shelf.store.unindexed()) == ([], 1)
    told = []
    shelf.store.index_all(told.append)
    assert (shelf.find("tuần tra"), told) == (["one"], [1])


def test_an_old_store_is_indexed_when_it_is_opened(shelf, tmp_path):
    shelf.add("one", "tuần tra chung")
    before_search(shelf.store)
    shelf.store.close()
    with Store.open(tmp_path) as opened:
        assert [hit.article for hit in opened.search("tuần tra").hits] == [1]
        assert opened.search("tuần tra").unindexed == 0


def before_search(store):
    """Put the tables back to what they were before there was an index."""
    for name in ("search_new", "search_changed", "search_seen"):
        store.db.execute(f"DROP TRIGGER {name}")
    for name in ("search", "search_entry", "search_word", "search_pending"):
        store.db.execute(f"DROP TABLE {name}")
    store.db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%search'")
    store.db.conn.commit()


def test_the_parts_that_match_are_marked(library):
    (hit,) = library.store.search("dai tuong dien bien").hits
    assert [text for text, match in hit.title.pieces() if match] == ["Đại", "tướng"]
    assert [text for text, match in hit.snippet.pieces() if match] == ["Điện", "Biên"]
