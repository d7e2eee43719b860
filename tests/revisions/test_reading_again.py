"""Articles that are read again: when, what is kept, what is judged anew, and what is told of it."""

from datetime import timedelta

import pytest
from rereading import BODY, MARKET, TITLE, html, source

from spiders.memory import Validators
from store.history import explain_history
from store.life import explain_life

URL = "https://bao-a.vn/tin-1"
NEW = html(body=(BODY[0].replace("12 km", "14 km"), *BODY[1:]))
COUNTERS = '<div class="box"><p>1.204 lượt xem</p><p>Đón 12 hài cốt liệt sĩ về nước</p></div>'


def urls(again):
    return [one.found.url for one in again]


def test_a_kept_article_is_due_in_its_gaps_and_then_never_again(desk):
    desk.read(html(), ETag='"v1"')
    waits = []
    for hours in desk.hours:
        assert desk.again() == []
        desk.wait(hours=hours)
        (again,) = desk.again()
        assert (again.found.url, again.validators) == (URL, Validators('"v1"', None))
        assert desk.again() == []  # it was just handed out
        desk.tell("ok", "answered 304 Not Modified", status=304)
        waits.append(hours)
    desk.wait(days=9999)
    assert desk.again() == []
    assert desk.kinds() == []


def test_what_was_dropped_is_not_read_again_and_an_empty_schedule_reads_nothing(desk):
    desk.read(html("Giá cà phê ở Lào tăng", ("Nông dân Lào bán cà phê được giá.",) * 9), name="2")
    desk.read(html())
    desk.wait(days=1)
    desk.hours = ()
    assert desk.again() == []
    desk.hours = (6,)
    assert urls(desk.again()) == [URL]


def test_what_was_old_when_it_was_found_is_read_again_once_after_the_last_gap(desk):
    desk.read(html(date="2024-01-05T08:00:00+07:00"))
    desk.wait(days=29)
    assert desk.again() == []
    desk.wait(days=1)
    assert urls(desk.again()) == [URL]


@pytest.mark.parametrize(
    "page",
    [
        html(tail=COUNTERS),
        html(tail=COUNTERS.replace("1.204", "88.000").replace("Đón 12 hài cốt", "Ba tàu chiến")),
        html(title=TITLE.replace(" - ", " – ")),
        html(body=(BODY[0], BODY[2].replace("Hòa", "Hoà"), BODY[1])),
        html(body=tuple(f"  {paragraph.replace(' ', '  ')} " for paragraph in BODY)),
        html(date="2026-03-01T17:45:00+07:00"),
    ],
)
def test_noise_on_the_page_is_no_revision(desk, page):
    desk.read(html(tail=COUNTERS))
    desk.wait(hours=6)
    desk.again()
    assert desk.read(page) == {"pages": 1, "reread": 1}
    assert desk.kinds() == []
    with desk.store() as store:
        assert len(list(store.pages())) == 1  # noise is not worth archiving
        watch = store.life(URL).watch
    assert (watch.visits, watch.there) == (1, desk.now)


def test_an_edit_keeps_the_old_wording_and_replaces_the_text(desk):
    first = desk.now
    desk.read(html())
    with desk.store() as store:
        old = store.article(1)
    desk.wait(hours=6)
    desk.again()
    desk.read(NEW, ETag='"v2"')
    with desk.store() as store:
        article, (before, after) = store.article(1), store.history(1)
        assert article.text == after.text == old.text.replace("12 km", "14 km")
        assert (before.text, before.seen, before.number) == (old.text, first, 1)
        assert (after.number, after.seen, after.revision.there, after.revision.reason) == (
            2,
            desk.now,
            first,
            "1 number changed",
        )
        assert (article.decided, article.published) == (old.decided, old.published)
        bodies = [desk.open().session.archive.read(record, place).body for place, record in store.pages()]
    assert bodies == [html(), NEW]
    desk.wait(hours=24)
    (again,) = desk.again()
    assert again.validators.etag == '"v2"'
    desk.read(html(title="Tuần tra song phương trước mùa mưa ở Nghệ An, Lào", body=(BODY[0].replace("12", "14"), *BODY[1:])))
    with desk.store() as store:
        assert [version.number for version in store.history(1)] == [1, 2, 3]
        assert store.history(1)[2].revision.reason == "the headline changed"


def test_the_same_page_under_a_better_extractor_is_no_edit(desk):
    """What is stored was read by older code: the archived page, read by the code of now, is what counts."""
    desk.read(html())
    with desk.store() as store, store._writing() as db:
        db.execute("UPDATE article SET text = 'Đọc sai. ' || text, title = 'Sai'")
    desk.wait(hours=6)
    desk.again()
    desk.read(html(tail=COUNTERS))
    assert desk.kinds() == []
    desk.wait(hours=24)
    desk.again()
    desk.read(NEW)
    with desk.store() as store:
        _, after = store.history(1)
    assert after.revision.reason == "1 number changed"
    assert "Đọc sai" not in after.revision.old_text


def test_an_article_whose_archived_page_is_lost_is_compared_with_what_is_stored(desk):
    desk.read(html())
    for file in (desk.home / "archive").iterdir():
        file.unlink()
    desk.wait(hours=6)
    desk.again()
    desk.read(NEW)
    assert desk.kinds() == ["edited"]


def test_an_edit_is_judged_anew_and_the_old_verdict_kept(desk):
    desk.read(html())
    with desk.store() as store:
        old = store.article(1)
        store.freeze_digest("daily", desk.now, desk.wait(hours=1), "", "", "", [1])
    desk.wait(hours=6)
    desk.again()
    desk.read(html("Chợ phiên vùng cao", (MARKET,) * 3))
    with desk.store() as store:
        new, life = store.article(1), store.life(URL)
        past = store.db.execute("SELECT decision, score FROM past_verdict").fetchall()
        told = explain_life(life, [])
    assert (old.decision, new.decision, life.fate) == ("keep", "drop", "dropped")
    assert past == [("keep", old.score)]
    assert "after an edit (the headline changed; 3 sentences added; 3 sentences removed): drop" in told
    assert "It was edited: the headline changed; 3 sentences added; 3 sentences removed." in told
    assert "It is not relevant any more." in told
    desk.wait(days=2)
    assert urls(desk.again()) == [URL]  # the analyst was told of it: it stays watched
    desk.read(html())
    with desk.store() as store:
        assert store.article(1).decision == "keep"
        assert [one.id for one in store.undigested("daily", desk.wait(hours=1))] == []  # told as kept before


def test_gone_is_gone_once_a_later_run_confirms_it_and_may_come_back(desk):
    desk.read(html())
    there = desk.now
    desk.wait(hours=6)
    desk.again()
    desk.tell("gone", "answered 410 Gone")
    assert desk.kinds() == []
    with desk.store() as store:
        told = explain_life(store.life(URL), [])
    assert "It is missing since 2026-03-01 18:00 (+07) (answered 410 Gone); a later run has to confirm that." in told
    desk.wait(hours=5)
    assert desk.again() == []
    desk.wait(hours=1)
    assert urls(desk.again()) == [URL]
    desk.tell("gone", "answered 410 Gone")
    with desk.store() as store:
        gone = store.history(1)[-1]
        assert (gone.text, gone.revision.kind, gone.revision.there, gone.seen) == (None, "gone", there, desk.now)
        assert store.article(1).text.startswith("Sáng 28/2")
        assert store.life(URL).fate == "keep"
        assert "Gone: answered 410 Gone. It was last there 2026-03-01 12:00 (+07); version 1 is kept." in explain_history(
            store.history(1)
        )
    desk.wait(hours=24)
    assert urls(desk.again()) == [URL]
    desk.read(NEW)
    assert desk.kinds() == ["gone", "back", "edited"]


def test_two_misses_in_one_run_are_one(desk):
    desk.read(html())
    desk.wait(hours=6)
    pipeline = desk.open()
    store, run = pipeline.session.store, pipeline.session.run
    for _ in range(2):  # under its canonical address and as it was linked
        store.decided(URL, "fetched", "gone", "answered 404 Not Found", run=run)
    desk.close()
    assert desk.kinds() == []


@pytest.mark.parametrize("outcome", ["failed", "rejected"])
def test_a_site_that_is_down_is_not_gone(desk, outcome):
    desk.read(html())
    desk.wait(hours=6)
    for hours in (1, 4, 12):
        assert urls(desk.again()) == [URL]
        desk.tell(outcome, "answered 503 Service Unavailable")
        assert desk.again() == []
        desk.wait(hours=hours)
    desk.tell("gone", "answered 404 Not Found")
    desk.wait(hours=6)
    desk.again()
    desk.tell("ok", "answered 304 Not Modified", status=304)
    assert desk.kinds() == []
    with desk.store() as store:
        assert store.life(URL).watch.missing is None


def test_one_that_never_says_how_it_went_is_given_up_for_the_next_gap(desk):
    """A page that kills the process is not fetched for ever."""
    desk.read(html())
    handed_out = 0
    for _ in range(20 * 24):
        desk.wait(hours=1)
        handed_out += len(desk.again())
    assert handed_out == 7 + 6  # the first gap's tries, and those of the week's gap up to now


@pytest.mark.parametrize(
    "page",
    [
        html("Không tìm thấy trang", ("Bài viết không tồn tại hoặc đã bị xóa.",)),
        b'<html><head><title>B</title><link rel="canonical" href="https://bao-a.vn/"></head><body><h1>B</h1><p>x</p></body></html>',
    ],
)
def test_a_page_that_says_that_the_article_was_removed_counts_as_not_there(desk, page):
    desk.read(html())
    for hours in (6, 6):
        desk.wait(hours=hours)
        desk.again()
        assert desk.read(page) == {"pages": 1, "reread": 1}
    assert desk.kinds() == ["gone"]


def test_a_challenge_page_is_neither_an_edit_nor_a_removal(desk):
    desk.read(html())
    desk.wait(hours=6)
    desk.again()
    challenge = b"<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p></body></html>"
    assert desk.read(challenge) == {"pages": 1, "failed": 1}
    assert desk.kinds() == []
    with desk.store() as store:
        assert store.life(URL).watch.problem


def test_an_error_of_our_own_fails_the_run_and_changes_nothing(desk, monkeypatch):
    desk.read(html())
    desk.wait(hours=6)
    desk.again()

    def fails(*_args, **_kwargs):
        raise KeyError("lost")

    monkeypatch.setattr("store.revisions.reread.read", fails)
    assert desk.read(NEW) == {"pages": 1, "failed": 1}
    with desk.store() as store:
        run = store.db.execute("SELECT id, state, detail FROM run ORDER BY id DESC LIMIT 1").fetchone()
        assert (run[1], "KeyError" in run[2]) == ("failed", True)
        assert store.life(URL).fate == "keep"
    assert desk.kinds() == []


def test_each_address_of_a_text_has_its_own_history(desk):
    """One outlet edits its copy, the other does not: the article keeps its text and its verdict."""
    desk.read(html())
    desk.read(html(), of="bao-b")
    desk.wait(hours=6)
    assert [one.found.source for of in ("bao-a", "bao-b") for one in desk.again(of)] == ["bao-a", "bao-b"]
    desk.read(html("Chợ phiên vùng cao", (MARKET,) * 3), of="bao-b")
    desk.read(html(tail=COUNTERS))
    with desk.store() as store:
        one, first, second = store.history(1)
        assert (one.url, one.number) == (URL, 1)
        assert (first.url, first.number, second.number) == ("https://bao-b.vn/tin-1", 1, 2)
        assert store.article(1).decision == "keep"
        assert store.article(1).text.startswith("Sáng 28/2")
        assert len(store.articles(desk.now - timedelta(days=9), desk.now, ("keep", "marginal", "drop"))) == 1


def test_reading_again_moves_no_life_and_no_count(desk):
    """A digest's coverage counts what was found and decided, not what was looked at once more."""
    desk.read(html())
    desk.wait(hours=6)
    since = desk.now
    desk.again()
    desk.read(NEW)
    desk.wait(hours=1)
    with desk.store() as store:
        coverage = store.coverage(since, desk.now, [source("bao-a")])
        assert (coverage.seen, coverage.kept, coverage.gone) == (0, 0, 0)
        assert [step.stage for step in store.life(URL).steps].count("stored") == 1


def test_no_more_than_so_many_at_once_and_the_longest_due_first(desk, monkeypatch):
    monkeypatch.setattr("store.sql.revisions.AT_ONCE", 2)
    for number in (3, 1, 2):
        desk.read(html(body=(*BODY, f"Tổ tuần tra thứ {number} đi sau cùng.")), name=str(number))
        desk.wait(minutes=10)
    desk.wait(hours=6)
    assert urls(desk.again()) == ["https://bao-a.vn/tin-3", "https://bao-a.vn/tin-1"]
    assert urls(desk.again()) == ["https://bao-a.vn/tin-2"]
