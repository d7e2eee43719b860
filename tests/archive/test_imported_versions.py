"""Pages out of files whose address is known: another wording is a version at its own time, and what was seen last stands."""

import re
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from rig_warcs import packed, response, stories

from spiders.page import Found, Page
from spiders.sources import source_of
from store.archive import Archive
from store.batch.imports import Taken, take_in
from store.database import Store
from store.examine import examine
from store.life import explain_life

DAYS = [datetime(2026, 2, day, 3, tzinfo=UTC) for day in (20, 22, 24, 26)]
SENTENCES = {
    "A": "Hai bên đã trao đổi tình hình biên giới trong quý đầu năm.",
    "B": "Hai bên đã trao đổi tình hình biên giới trong quý hai năm nay.",
    "C": "Hai bên đã trao đổi tình hình biên giới trong quý ba năm nay.",
}


class SameProcess:
    def __init__(self, setup):
        self.setup = setup

    def each(self, jobs):
        for job in jobs:
            yield job, job.task and job.task.done(self.setup)


@pytest.fixture(scope="module")
def paper():
    return next((url, body) for url, body in stories(8, ("keep",)) if b"</p>" in body)


def saying(body, name):
    """The page with one more sentence."""
    head, _, tail = body.partition(b"</p>")
    return head + b" " + SENTENCES[name].encode() + b"</p>" + tail


@pytest.fixture
def take(tmp_path, clock, setup, paper):
    """Import a capture of the page as it was at a time."""

    def take(home, at, name):
        url, body = paper
        home.mkdir(exist_ok=True)
        path = home / f"{at:%d%H}{name}.warc.gz"
        path.write_bytes(packed(response(url, saying(body, name), date=f"{at:%Y-%m-%dT%H:%M:%SZ}")))
        taken = Taken(path.name)
        with Store.open(home, clock) as store, Archive(home, store) as archive:
            list(take_in(store, archive, setup, SameProcess(setup), path, store.begin_run("import"), taken))
        return taken.counts

    return take


@pytest.fixture
def crawl(clock, setup, paper):
    """Read the page as a crawl does."""

    def crawl(home, at, name):
        url, body = paper
        source = source_of(url, setup.sources)
        found = Found(url, url, source.id, source.home, "listing")
        clock.now = at
        with Store.open(home, clock) as store, Archive(home, store) as archive:
            run = store.begin_run("crawl")
            store.discovered(found, run)
            page = Page(found, url, 200, (("Content-Type", "text/html; charset=utf-8"),), saying(body, name), at)
            done = examine(page, source, setup.topic, at)
            store.save_page(page, done.decisions, done.reading, archive.keep(page), run)

    return crawl


def told(home, clock, url):
    """The versions of the article: when each was seen, and which sentence it has; then the sentence of the article itself."""
    with Store.open(home, clock) as store:
        article = store.article(url)
        versions = [(version.seen, said(version.text)) for version in store.history(article.id)]
        assert [version.number for version in store.history(article.id)] == list(range(1, len(versions) + 1))
        return versions, said(article.text)


def said(text):
    (name,) = [name for name, sentence in SENTENCES.items() if sentence in text]
    return name


def test_a_newer_capture_is_a_revision_and_stands_from_then_on(tmp_path, clock, setup, take, crawl, paper):
    crawl(tmp_path, DAYS[0], "A")
    clock.now = DAYS[3]
    assert take(tmp_path, DAYS[1], "B") == {"revised": 1}
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[1], "B")], "B")
    with Store.open(tmp_path, clock) as store:
        (revised,) = store.revised(DAYS[3] + timedelta(days=1), profile="daily")
        (revision,) = revised.revisions
        assert (revision.there, revision.recorded, revision.kind) == (DAYS[0], DAYS[3], "edited")
        life = explain_life(store.life(paper[0]), setup.sources)
        assert store.article(paper[0]).decided == DAYS[0]
    assert f"2026-02-22 10:00 (+07)  It was edited: {revision.reason}." in life
    assert f"the article has the text of 2026-02-22 10:00 (+07) from then on: {revision.reason}" in life


def test_an_older_capture_is_an_earlier_version_and_never_the_current_text(tmp_path, clock, setup, take, crawl, paper):
    crawl(tmp_path, DAYS[2], "B")
    clock.now = DAYS[3]
    assert take(tmp_path, DAYS[0], "A") == {"revised": 1}
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[2], "B")], "B")
    with Store.open(tmp_path, clock) as store:
        life = explain_life(store.life(paper[0]), setup.sources)
    assert "as a version of the article, as it was 2026-02-20 10:00 (+07)" in life


def test_a_capture_between_two_readings_that_found_the_same(tmp_path, clock, take, paper):
    for day, name in ((0, "A"), (2, "A"), (1, "B")):
        take(tmp_path, DAYS[day], name)
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[1], "B"), (DAYS[2], "A")], "A")


def test_a_change_that_somebody_saw_sooner_moves_to_then(tmp_path, clock, take, paper):
    for day, name in ((0, "A"), (3, "B"), (1, "B")):
        take(tmp_path, DAYS[day], name)
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[1], "B")], "B")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::4])
def test_the_order_of_files_does_not_matter(tmp_path, clock, take, paper, order):
    captures = list(zip(DAYS, "ABAC", strict=True))
    for number in order:
        take(tmp_path, *captures[number])
    assert told(tmp_path, clock, paper[0]) == (captures, "C")


def test_the_same_wording_again_adds_nothing(tmp_path, clock, setup, take, paper):
    for minute in (0, 1):
        for day, name in ((0, "A"), (1, "B")):
            take(tmp_path, DAYS[day] + timedelta(minutes=minute), name)
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[1], "B")], "B")
    with Store.open(tmp_path, clock) as store:
        assert "It brought nothing new" in explain_life(store.life(paper[0]), setup.sources)


def test_what_a_crawl_saw_unchanged_later_is_not_replaced(tmp_path, clock, take, crawl, paper):
    crawl(tmp_path, DAYS[0], "A")
    clock.now = DAYS[2]
    with Store.open(tmp_path, clock) as store:
        store.due_again(source_id(store, paper[0]), [1])
        store.decided(paper[0], "fetched", "ok", "answered 304 Not Modified", {"status": 304}, store.begin_run("crawl"))
    take(tmp_path, DAYS[1], "B")
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[1], "B"), (DAYS[2], "A")], "A")


def source_id(store, url):
    return store.life(url).source


def test_history_is_told_in_no_digest(tmp_path, clock, take, crawl, paper):
    crawl(tmp_path, DAYS[0], "A")
    clock.now = DAYS[1] + timedelta(days=15)
    take(tmp_path, DAYS[1], "B")
    assert told(tmp_path, clock, paper[0])[1] == "B"
    with Store.open(tmp_path, clock) as store:
        assert store.revised(clock.now + timedelta(days=1), profile="daily") == ()


def test_a_text_that_could_not_be_read_before_is_filled_in(tmp_path, clock, take, crawl, paper):
    crawl(tmp_path, DAYS[1], "A")
    with Store.open(tmp_path, clock) as store:
        store.db.execute("UPDATE article SET text = ''")
        store.db.conn.commit()
    take(tmp_path, DAYS[0], "A")
    assert told(tmp_path, clock, paper[0])[1] == "A"


@pytest.fixture
def miss(clock, paper):
    """Ask for the page as a crawl does, and do not find it."""

    def miss(home, at):
        clock.now = at
        with Store.open(home, clock) as store:
            store.due_again(source_id(store, paper[0]), [1])
            store.decided(paper[0], "fetched", "gone", "answered 404", {"status": 404}, store.begin_run("crawl"))

    return miss


@pytest.fixture
def bring(clock, setup, paper):
    """Import any page under the address; returns what `why` tells then."""

    def bring(home, body, date, pages=1):
        path = home / "brought.warc.gz"
        path.write_bytes(packed(response(paper[0], body, date=date)))
        taken = Taken(path.name)
        with Store.open(home, clock) as store, Archive(home, store) as archive:
            list(take_in(store, archive, setup, SameProcess(setup), path, store.begin_run("import"), taken))
            assert taken.counts == {"known": 1}
            assert len(store.archived_pages()) == pages
            return explain_life(store.life(paper[0]), setup.sources)

    return bring


def changes(home, clock, url):
    with Store.open(home, clock) as store:
        life = store.life(url)
    return [(one.at, one.kind) for one in life.revisions], life.watch


@pytest.mark.parametrize(("name", "more"), [("A", []), ("B", [(DAYS[3], "edited")])])
def test_a_page_that_was_gone_is_back_when_a_file_shows_it_later(tmp_path, clock, take, crawl, miss, paper, name, more):
    crawl(tmp_path, DAYS[0], "A")
    miss(tmp_path, DAYS[1])
    miss(tmp_path, DAYS[2])
    assert changes(tmp_path, clock, paper[0])[0] == [(DAYS[2], "gone")]
    clock.now = DAYS[3] + timedelta(hours=5)
    take(tmp_path, DAYS[3], name)
    told, watch = changes(tmp_path, clock, paper[0])
    assert told == [(DAYS[2], "gone"), (DAYS[3], "back"), *more]
    assert (watch.gone, watch.missing, watch.there) == (False, None, DAYS[3])
    with Store.open(tmp_path, clock) as store:
        (revised,) = store.revised(clock.now + timedelta(days=1), profile="daily")
    assert [one.kind for one in revised.revisions] == ["gone", "back", *(kind for _, kind in more)]


def test_what_a_file_saw_before_it_was_missed_does_not_bring_it_back(tmp_path, clock, take, crawl, miss, paper):
    crawl(tmp_path, DAYS[0], "A")
    miss(tmp_path, DAYS[2])
    miss(tmp_path, DAYS[3])
    take(tmp_path, DAYS[1], "A")
    told, watch = changes(tmp_path, clock, paper[0])
    assert told == [(DAYS[3], "gone")]
    assert (watch.gone, watch.there) == (True, DAYS[1])


def test_being_missed_once_is_forgotten_when_a_file_shows_it_later(tmp_path, clock, take, crawl, miss, paper):
    crawl(tmp_path, DAYS[0], "A")
    miss(tmp_path, DAYS[1])
    clock.now = DAYS[2] + timedelta(hours=1)
    take(tmp_path, DAYS[2], "A")
    miss(tmp_path, DAYS[3])
    told, watch = changes(tmp_path, clock, paper[0])
    assert (told, watch.missing) == ([], DAYS[3])


def test_a_page_without_its_text_does_not_bring_it_back(tmp_path, clock, bring, crawl, miss, paper):
    crawl(tmp_path, DAYS[0], "A")
    miss(tmp_path, DAYS[1])
    miss(tmp_path, DAYS[2])
    clock.now = DAYS[3] + timedelta(hours=5)
    empty = re.sub(rb"<body\b.*</body>", b"<body></body>", paper[1], flags=re.DOTALL)
    life = bring(tmp_path, empty, "2026-02-26T03:00:00Z")
    assert "; the page has no text that could be compared with it" in life
    assert changes(tmp_path, clock, paper[0])[0] == [(DAYS[2], "gone")]


def test_a_page_that_states_no_time_is_not_taken_for_the_newest(tmp_path, clock, bring, crawl, paper):
    crawl(tmp_path, DAYS[0], "A")
    clock.now = DAYS[3]
    life = bring(tmp_path, saying(paper[1], "B"), "yesterday")
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A")], "A")
    assert "; the page does not say when it was fetched" in life


def test_a_capture_of_the_address_that_another_leads_to_is_of_the_same_article(tmp_path, clock, setup, paper, bring):
    """The crawl was led from a short address to the one that the file has."""
    url, body = paper
    source = source_of(url, setup.sources)
    short = Found(f"{source.home}s/1", f"{source.home}s/1", source.id, source.home, "listing")
    clock.now = DAYS[0]
    with Store.open(tmp_path, clock) as store, Archive(tmp_path, store) as archive:
        run = store.begin_run("crawl")
        store.discovered(short, run)
        page = Page(short, url, 200, (("Content-Type", "text/html; charset=utf-8"),), saying(body, "A"), DAYS[0])
        done = examine(page, source, setup.topic, DAYS[0])
        store.save_page(page, done.decisions, done.reading, archive.keep(page), run)
    clock.now = DAYS[3]
    life = bring(tmp_path, saying(body, "A"), "2026-02-22T03:00:00Z", pages=2)
    assert "It brought nothing new" in life
    with Store.open(tmp_path, clock) as store:
        assert store.life(url).url == short.url
        assert list(store.pending(source.id, store.begin_run("crawl"))) == []
        assert {page.fate for page in store.archived_pages()} == {"keep"}


def test_a_capture_by_a_clock_that_is_ahead_stands_until_the_page_is_read_again(tmp_path, clock, take, crawl, paper):
    crawl(tmp_path, DAYS[0], "A")
    clock.now = DAYS[1]
    take(tmp_path, DAYS[1] + timedelta(hours=20), "B")
    assert told(tmp_path, clock, paper[0]) == ([(DAYS[0], "A"), (DAYS[1], "B")], "B")
    clock.now = DAYS[1] + timedelta(hours=1)
    take(tmp_path, clock.now, "C")
    assert told(tmp_path, clock, paper[0])[1] == "C"
