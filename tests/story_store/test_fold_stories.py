"""Articles go into stories as they come, stay there, and leave when they must."""

from datetime import UTC, datetime, timedelta

import pytest

from store.database import Store
from store.stories import intake
from store.stories.evaluate import b_cubed

FIRST = ("c01.1", "c01.2", "c02.1", "c02.2", "c12.1", "c12.2", "c12.3")
MONTHS = timedelta(days=100)


def grouping(store):
    """The articles of each story."""
    found = {}
    for article, number in store.db.execute("SELECT article, story FROM story_article ORDER BY article").fetchall():
        found.setdefault(number, []).append(article)
    return found


def test_articles_join_and_found_stories_across_languages(store, tell, vocabulary):
    of = {tell.labelled(store, name): tell.events()[name].event for name in FIRST}
    assert store.unfolded() == len(FIRST)
    folded = store.fold_stories(vocabulary)
    assert (folded.articles, folded.founded, folded.merged, folded.faults) == (7, 3, 0, [])
    assert store.unfolded() == 0
    assert sorted(grouping(store).values()) == [[number for number, event in of.items() if event == one] for one in
                                                ("c01", "c02", "c12")]  # fmt: skip


def test_to_fold_again_changes_nothing(store, tell, vocabulary):
    numbers = [tell.labelled(store, name) for name in FIRST]
    store.fold_stories(vocabulary)
    before = store.stories(), [store.story(one.id) for one in store.stories()]
    store.db.execute("INSERT INTO story_pending SELECT id FROM article")
    folded = store.fold_stories(vocabulary)
    assert (folded.articles, folded.founded, folded.merged) == (len(numbers), 0, 0)
    assert (store.stories(), [store.story(one.id) for one in store.stories()]) == before
    assert store.fold_stories(vocabulary).articles == 0


def test_one_by_one_comes_to_the_same_stories_as_all_at_once(tmp_path, clock, tell, vocabulary):
    names = [name for name in tell.events() if name.startswith(("c0", "c1"))]
    truth = {name: tell.events()[name].event for name in names}
    reached = {}
    for way in ("at once", "one by one"):
        with Store.open(tmp_path / way.replace(" ", "-"), clock) as store:
            store.begin_run("crawl")
            numbers = {}
            for name in names:
                numbers[name] = tell.labelled(store, name)
                if way == "one by one":
                    store.fold_stories(vocabulary)
            store.fold_stories(vocabulary)
            found = store.stories_of(numbers.values())
            reached[way] = {name: found[number].id for name, number in numbers.items()}
    assert b_cubed(reached["at once"], reached["one by one"]).f1 > 0.98
    assert all(b_cubed(truth, found).f1 > 0.95 for found in reached.values())


def test_a_story_is_told_with_all_that_is_known(store, tell, vocabulary):
    for name in FIRST[:2]:
        tell.labelled(store, name)
    store.fold_stories(vocabulary)
    (listed,) = store.stories()
    assert set(listed.headlines) == {"en", "vi"}
    assert listed.event is not None
    assert listed.participants
    assert listed.first_report <= listed.last_report
    assert listed.outlets == ("qdnd.vn", "vietnamnews.vn")
    assert listed.lineage == "2 independent reports, 0 reprints"
    assert [report.role for report in store.story(listed.id).reports] == ["first report", "report"]
    assert store.stories(kind=listed.kind) == [listed]
    assert store.stories(kind="exercise") == []
    assert store.stories(since=listed.last_report + timedelta(seconds=1)) == []
    assert store.stories(until=listed.first_report) == []


def test_the_same_text_at_other_outlets_counts_as_reprints_and_an_outlet_once(store, tell, vocabulary):
    report = tell.events()["c01.1"].report
    for number, host in enumerate(("bao-b.vn", "bao-c.vn", "bao-c.vn")):
        later = report.published + timedelta(hours=number + 1)
        tell.put(store, f"https://{host}/{number}", report.title, report.text, published=later, lang="en")
    first = tell.put(store, "https://bao-a.vn/1", report.title, report.text, published=report.published, lang="en")
    store.fold_stories(vocabulary)
    (found,) = store.stories()
    assert (found.independent, found.reprints) == (1, 2)
    told = store.story(found.id).reports
    assert first == 1  # one article with all its addresses
    assert [(one.outlet, one.role, one.counted) for one in told] == [
        ("bao-a.vn", "first report", "independent"),
        ("bao-b.vn", "reprint", "reprint"),
        ("bao-c.vn", "reprint", "reprint"),
    ]


def shortened(text):
    return " ".join(text.split()[: int(len(text.split()) * 0.75)]) + " and so on.\nSource: qdnd.vn"


def test_a_changed_copy_is_traced_to_the_report_that_was_first_whatever_was_read_first(store, tell, vocabulary):
    report = tell.events()["c01.1"].report
    later = report.published + timedelta(hours=2)
    copy = tell.put(store, "https://bao-b.vn/1", "Another headline", shortened(report.text), published=later, lang="en")
    store.fold_stories(vocabulary)
    original = tell.put(store, "https://bao-a.vn/1", report.title, report.text, published=report.published, lang="en")
    store.fold_stories(vocabulary)
    (found,) = store.stories()
    first, second = store.story(found.id).reports
    assert (first.article, first.role, first.original) == (original, "first report", None)
    assert (second.article, second.role, second.original, second.credit) == (copy, "reprint", original, "qdnd")
    assert second.left_out
    assert first.left_out == ()


def test_what_is_dropped_later_leaves_its_story_and_an_empty_story_is_not_listed(store, tell, vocabulary):
    one, other = (tell.labelled(store, name) for name in ("c01.1", "c12.1"))
    store.fold_stories(vocabulary)
    gone = store.story_of_article(one)
    store.judged_anew(one, tell.verdict("drop"), "drop")
    store.fold_stories(vocabulary)
    assert [story.id for story in store.stories()] == [store.story_of_article(other)]
    assert store.story(gone) is None
    assert store.story_number(gone) == gone
    store.judged_anew(one, tell.verdict("keep"), "keep")
    store.fold_stories(vocabulary)
    assert len(store.stories()) == 2


def test_a_copy_of_what_was_dropped_is_nobodys_copy(store, tell, vocabulary):
    report = tell.events()["c01.1"].report
    original = tell.put(store, "https://bao-a.vn/1", report.title, report.text, published=report.published, lang="en")
    text = shortened(report.text).replace("\nSource: qdnd.vn", "")
    copy = tell.put(store, "https://bao-b.vn/1", "B", text, published=report.published + timedelta(hours=1), lang="en")
    store.fold_stories(vocabulary)
    assert store.db.execute("SELECT original FROM story_article WHERE article = ?", [copy]).fetchone() == (original,)
    store.judged_anew(original, tell.verdict("drop"), "drop")
    store.fold_stories(vocabulary)
    assert store.db.execute("SELECT article, role, original FROM story_article").fetchall() == [(copy, "first report", None)]
    assert store.db.execute("SELECT DISTINCT article FROM text_bands").fetchall() == [(copy,)]


def test_a_text_that_is_read_anew_is_compared_anew(store, tell, vocabulary):
    number = tell.labelled(store, "c01.1")
    tell.labelled(store, "c12.1")
    store.fold_stories(vocabulary)
    assert len(store.stories()) == 2
    other = tell.events()["c12.3"].report
    tell.put(store, store.article(number).url, other.title, other.text, published=other.published, lang=other.lang)
    store.fold_stories(vocabulary)
    assert list(grouping(store).values()) == [[1, 2]]


def test_only_the_window_of_a_new_article_is_read(store, tell, vocabulary, monkeypatch):
    """Ten articles a hundred days apart; a new one beside the last has to do with that one alone."""
    report = tell.events()["c01.1"].report
    start = datetime(2023, 1, 1, tzinfo=UTC)
    for number in range(10):
        text = f"{report.text} Lần thứ {number} ở xã {number * 7}."
        tell.put(store, f"https://bao-a.vn/{number}", f"Tin {number}", text, published=start + number * MONTHS, lang="vi")
    store.fold_stories(vocabulary)
    read = []
    real = intake.Reader.read
    monkeypatch.setattr(intake.Reader, "read", lambda self, article: read.append(article.id) or real(self, article))
    new = tell.put(store, "https://bao-b.vn/1", "Tin khác", "Một tin khác hẳn. " * 9, published=start + 9 * MONTHS, lang="vi")
    store.fold_stories(vocabulary)
    assert sorted(set(read)) == [10, new]


def test_an_article_that_breaks_our_code_is_told_and_keeps_no_other_out(store, tell, vocabulary, monkeypatch):
    bad = tell.labelled(store, "c01.1")
    good = tell.labelled(store, "c12.1")
    real = intake.features_of

    def broken(report, vocabulary):
        if report.id == str(bad):
            raise ValueError("what a text")
        return real(report, vocabulary)

    monkeypatch.setattr(intake, "features_of", broken)
    folded = store.fold_stories(vocabulary)
    assert folded.faults == [(store.article(bad).url, "ValueError: what a text")]
    assert store.story_of_article(bad) is None
    assert store.story_of_article(good) is not None
    assert store.unfolded() == 0


def test_interrupted_work_goes_on_where_it_was(store, tell, vocabulary, monkeypatch):
    for name in FIRST:
        tell.labelled(store, name)
    monkeypatch.setattr(intake, "PORTION", 3)

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.fold_stories(vocabulary, stop)
    assert store.unfolded() == len(FIRST) - 3
    store.fold_stories(vocabulary)
    assert sorted(map(len, grouping(store).values())) == [2, 2, 3]


def test_last_years_same_meeting_is_named(store, tell, vocabulary):
    for name in ("c04.1", "c05.1", "c06.1", "c12.1"):
        tell.labelled(store, name)
    store.fold_stories(vocabulary)
    earlier, later = (store.story_of_article(store.article(f"https://baonghean.vn/{name}").id) for name in ("c04.1", "c05.1"))
    assert [one.id for one in store.earlier_stories(later, vocabulary)] == [earlier]
    assert store.earlier_stories(earlier, vocabulary) == []
    assert store.earlier_stories(999, vocabulary) == []
