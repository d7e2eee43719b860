"""Reading archived pages again: what changes is shown, then made so, each page once for a version."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from rig_warcs import stories

from monitor.cli import main
from relevance.topic import load_topic
from spiders.page import Found, Page
from spiders.sources import load_sources, source_of
from store.archive import Archive
from store.batch.again import Change, Reread, read_again
from store.batch.child import Lost
from store.batch.crew import LocalCrew
from store.batch.work import Setup, code_files
from store.database import Store
from store.examine import examine
from store.life import explain_life

pytestmark = pytest.mark.xdist_group("crew")

FETCHED = datetime(2026, 3, 1, 5, tzinfo=UTC)
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


class SameProcess:
    """The work done here; pages in ``lost`` are survived by no worker."""

    def __init__(self, setup, lost=()):
        self.setup = setup
        self.lost = lost

    def each(self, jobs):
        for number, job in enumerate(jobs):
            lost = number in self.lost
            yield job, Lost("gone", again=False) if lost else job.task and job.task.done(self.setup)


def crawl(home, clock, setup, pages):
    """Store pages as a crawl does: examined, archived, recorded."""
    with Store.open(home, clock) as store, Archive(home, store) as archive:
        store.know_sources(setup.sources)
        run = store.begin_run("crawl")
        for url, body in pages:
            source = source_of(url, setup.sources)
            found = Found(url, url, source.id, source.home, "listing")
            store.discovered(found, run)
            page = Page(found, url, 200, (("Content-Type", "text/html; charset=utf-8"),), body, FETCHED)
            done = examine(page, source, setup.topic, clock())
            store.save_page(page, done.decisions, done.reading, archive.keep(page) if done.named else None, run)
        store.end_run(run, "finished")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory, setup):
    home = tmp_path_factory.mktemp("crawled")
    pages = stories(7, ("keep",)) + stories(2, ("marginal",)) + stories(3, ("drop",))
    crawl(home, lambda: FETCHED.replace(day=2), setup, pages)
    return home


@pytest.fixture
def home(crawled, tmp_path):
    return Path(shutil.copytree(crawled, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def store(home, clock):
    with Store.open(home, clock) as store:
        yield store


def again(store, setup, crew=None, apply=False, stop_after=None, **chosen):
    """Read again what is to be read; the changes that are told, by address, and the counts."""
    numbers = store.to_read_again(setup.version, with_changes=apply, **chosen)
    outcome = Reread()
    changes = {}
    with Archive(store.path.parent, store) as archive:
        run = store.begin_run("reprocess") if apply else None
        work = read_again(store, archive, setup, crew or SameProcess(setup), numbers, outcome, run)
        for number, change in enumerate(work, 1):
            if change is not None and change.is_told:
                changes[change.url] = change
            if number == stop_after:
                work.close()
                break
    return changes, outcome


def article_of(store, decision, number=0):
    rows = store.db.execute("SELECT id FROM article WHERE decision = ? ORDER BY id", [decision]).fetchall()
    return store.article(rows[number][0])


def test_the_same_code_changes_nothing(store, setup):
    changes, outcome = again(store, setup)
    assert (changes, outcome.changed, outcome.faults) == ({}, 0, [])
    assert outcome.pages >= 9
    assert again(store, setup)[1].pages == 0


def spoil(store, article, **columns):
    """Store something else of an article, as an older version of the code may have."""
    names = ", ".join(f"{name} = ?" for name in columns)
    store.db.execute(f"UPDATE article SET {names} WHERE id = ?", [*columns.values(), article.id])
    store.db.conn.commit()


def test_text_time_and_verdict_are_shown_and_then_made_so(store, setup):
    kept, other = article_of(store, "keep"), article_of(store, "keep", 1)
    dropped = article_of(store, "drop")
    spoil(store, kept, text=kept.text.split("\n")[0] + "\nOld box", text_digest="old", author="Somebody")
    spoil(store, other, published="2001-01-01T00:00:00.000000Z", decision="drop", score=0.5)
    spoil(store, dropped, decision="keep", score=9.0)
    changes, _ = again(store, setup)
    assert set(changes) == {kept.url, other.url, dropped.url}
    text = changes[kept.url]
    assert text.removed == ("Old box",)
    assert text.added == tuple(kept.text.split("\n")[1:])[:20]
    assert text.fields["author"] == ("Somebody", kept.author or "")
    assert not text.is_of_verdict
    assert (changes[other.url].before, changes[other.url].after) == ("dropped", "keep")
    assert changes[other.url].fields["published"][0] == "2001-01-01T00:00:00.000000Z"
    assert (changes[dropped.url].before, changes[dropped.url].after) == ("keep", "dropped")
    assert store.article(kept.id).author == "Somebody"

    applied, outcome = again(store, setup, apply=True)
    assert applied == changes
    assert (outcome.pages, outcome.applied) == (3, 3)
    for article in (kept, other, dropped):
        now = store.article(article.id)
        assert (now.text, now.author, now.published, now.decision) == (
            article.text, article.author, article.published, article.decision,
        )  # fmt: skip
    assert store.life(dropped.url).fate == "dropped"
    assert "read again: " in store.life(kept.url).steps[-4].reason
    assert again(store, setup, apply=True)[1].pages == 0


def test_what_reading_again_changed_is_told_in_the_life_and_is_no_revision(store, setup):
    article = article_of(store, "keep")
    spoil(store, article, text="Old box", text_digest="old", author="Somebody")
    again(store, setup, apply=True)
    life = explain_life(store.life(article.url), setup.sources)
    told = f"Newer code reads the same page otherwise: text 7 -> {len(article.text):,} characters, author."
    assert told in life
    assert "edited" not in life
    assert [version.revision for version in store.history(article.id)] == [None]


def test_an_edit_that_the_site_dated_anew_stays_published_when_it_was(store, setup, home):
    """The newest page of an edited article is read again; the time that counts is the one of its first version."""
    article = article_of(store, "keep")
    number = store.db.execute("SELECT id, address FROM page WHERE url = ?", [article.url]).fetchone()
    columns = "address, article, kind, at, there, reason, old_title, old_text, title, text, old_decision, decision"
    values = "SELECT ?, id, 'edited', stored, stored, '', title, 'x', title, text, decision, decision FROM article WHERE id = ?"
    store.db.execute(f"INSERT INTO revision ({columns}) {values}", [number[1], article.id])
    spoil(store, article, published="2001-01-01T00:00:00.000000Z")
    assert again(store, setup, apply=True)[0] == {}
    assert store.article(article.id).published == datetime(2001, 1, 1, tzinfo=UTC)


def test_what_rises_to_keep_is_told_in_the_next_digest(store, setup, clock):
    article = article_of(store, "keep")
    spoil(store, article, decision="marginal", score=3.0)
    later = clock.now.replace(day=3)
    store.freeze_digest("daily", FETCHED, later, "", "", "", [one.id for one in store.undigested("daily", later)])
    clock.now = later
    again(store, setup, apply=True)
    assert [one.id for one in store.undigested("daily", later.replace(day=4))] == [article.id]
    past = store.db.execute("SELECT decision FROM past_verdict WHERE article = ?", [article.id]).fetchall()
    assert past == [("marginal",)]


def test_an_article_that_is_none_any_more_leaves(store, setup, monkeypatch):
    article = article_of(store, "keep")
    monkeypatch.setattr("store.examine.looked_at", lambda *_: (None, "nothing on the page names Laos"))
    monkeypatch.setattr("store.examine.SMALL_PAGE", 0)
    changes, _ = again(store, setup)
    assert (changes[article.url].before, changes[article.url].after) == ("keep", "dropped")
    again(store, setup, apply=True)
    life = store.life(article.url)
    assert (life.fate, life.article.decision, life.article.text) == ("dropped", "drop", article.text)
    assert life.article.why_not_more == "nothing on the page names Laos"


def test_a_page_that_failed_and_is_an_article_now_enters(home, clock, setup, monkeypatch):
    page = stories(8, ("keep",))[7:]
    assert page
    with monkeypatch.context() as broken:
        broken.setattr("store.examine.to_article", lambda *_, **__: 1 / 0)
        crawl(home, clock, setup, page)
    with Store.open(home, clock) as store:
        assert store.life(page[0][0]).fate == "retry"
        changes, _ = again(store, setup, apply=True)
        assert (changes[page[0][0]].before, changes[page[0][0]].after) == ("unread", "keep")
        assert store.life(page[0][0]).fate == "keep"


def test_the_same_text_elsewhere_follows_its_article(home, clock, setup):
    ((_, body),) = stories(1, ("keep",))
    other = next(source for source in setup.sources if source.examples and source.enabled and source.languages == ("vi",))
    crawl(home, clock, setup, [(other.examples[0], body)])
    with Store.open(home, clock) as store:
        article = store.article(other.examples[0])
        assert len(article.sightings) >= 2
        spoil(store, article, text="cut", text_digest="old")
        changes, _ = again(store, setup)
        assert list(changes) == [article.url]
        again(store, setup, apply=True)
        after = store.article(article.id)
        assert (after.text, len(after.sightings)) == (article.text, len(article.sightings))


def test_only_the_newest_page_of_an_address_counts(store, setup):
    before = len(store.to_read_again("v"))
    store.db.execute(
        "INSERT INTO page (address, url, status, fetched, archived, size, payload_digest, file, offset, length, record)"
        " SELECT address, url, status, '2020', archived, size, payload_digest, file, offset, length, record FROM page LIMIT 1"
    )
    store.db.conn.commit()
    assert len(store.to_read_again("v")) == before


def test_pages_are_chosen_by_time_and_source(store, setup):
    source = article_of(store, "keep").source
    of_source = store.db.execute(
        "SELECT count(*) FROM page JOIN address ON address.id = page.address WHERE source = ?", [source]
    ).fetchone()[0]
    assert len(store.to_read_again("v", source=source)) == of_source
    assert store.to_read_again("v", since=FETCHED.replace(day=2)) == []


@pytest.mark.parametrize("stop_after", [1, 5])
def test_stopped_and_continued(store, setup, stop_after):
    article = article_of(store, "keep")
    spoil(store, article, author="Somebody")
    total = len(store.to_read_again(setup.version))
    _, first = again(store, setup, stop_after=stop_after)
    _, second = again(store, setup)
    assert first.pages == stop_after
    assert total - stop_after <= second.pages <= total - stop_after + 1
    (change,) = [Change.from_json(text) for text in store.changes(setup.version)]
    assert (change.url, change.fields["author"][0]) == (article.url, "Somebody")


def test_another_version_reads_everything_again(store, setup, tmp_path):
    again(store, setup)
    topic = tmp_path / "topic.toml"
    topic.write_text((SEEDS / "topic.toml").read_text("utf-8") + "\n# edited\n", "utf-8")
    fewer = Setup(load_topic(SEEDS / "topic.toml", SEEDS / "people.toml"), load_sources(SEEDS / "sources.toml")[:-1])
    assert fewer.version != setup.version
    assert Setup(load_topic(SEEDS / "topic.toml", SEEDS / "people.toml"), setup.sources).version == setup.version
    assert len(store.to_read_again(fewer.version)) == len(store.to_read_again("never"))


def test_the_version_covers_what_reads_and_judges():
    names = {file.name for file in code_files()}
    assert {"to_article.py", "judge.py", "examine.py", "responses.py", "urls.py", "boxes.py"} <= names
    assert all(re.search(r"\.(py|toml)$", name) for name in names)


def test_newer_rules_are_noted_without_being_shown(store, setup):
    article = article_of(store, "keep")
    spoil(store, article, rules="1-older")
    changes, outcome = again(store, setup, apply=True)
    assert (changes, outcome.applied) == ({}, 0)
    assert store.article(article.id).rules == setup.topic.rules


def test_what_cannot_be_read_is_told_and_tried_again(store, setup, home):
    article = article_of(store, "keep")
    (path,) = (home / "archive").iterdir()
    data = bytearray(path.read_bytes())
    place = store.db.execute(
        "SELECT offset, length FROM page JOIN address ON address.id = page.address WHERE address.url = ?", [article.url]
    ).fetchone()
    data[place[0] + place[1] // 2] ^= 0xFF
    path.write_bytes(data)
    for _ in range(2):
        changes, outcome = again(store, setup, apply=True)
        assert [url for url, _ in outcome.faults] == [article.url]
        assert changes == {}
    path.unlink()
    assert "is missing" in again(store, setup)[1].faults[0][1]


def test_a_page_that_no_worker_survives_changes_nothing(store, setup):
    before = store.db.execute("SELECT * FROM article").fetchall()
    _, outcome = again(store, setup, SameProcess(setup, lost={0, 1}), apply=True)
    assert [reason for _, reason in outcome.faults] == ["gone", "gone"]
    assert store.db.execute("SELECT * FROM article").fetchall() == before
    assert again(store, setup)[1].pages == 2


def test_workers_find_the_same_as_one_process(store, setup):
    spoil(store, article_of(store, "keep"), author="Somebody")
    spoil(store, article_of(store, "drop"), decision="keep", score=9.0)
    alone, _ = again(store, setup)
    store.db.execute("DELETE FROM read_again")
    store.db.conn.commit()
    with LocalCrew(setup, 2) as crew:
        together, _ = again(store, setup, crew)
    assert together == alone
    assert len(alone) == 2


def test_a_change_survives_being_stored():
    change = Change("u", "t", "keep", "dropped", (None, 2.0), (1, 2), ("a",), ("b", "c"), {"title": ("x", "y")}, "why")
    assert Change.from_json(change.to_json()) == change


def vietlao(home, *words):
    return CliRunner().invoke(main, ["--home", str(home), *words], prog_name="vietlao")


def test_the_command(home, store):
    article = article_of(store, "keep")
    spoil(store, article, text="One line.", text_digest="old", score=1.0)
    shown = vietlao(home, "reprocess", "--workers", "1", "--source", article.source)
    assert shown.exit_code == 0, shown.output
    assert article.title in shown.output
    assert "      - One line." in shown.output
    assert "1 would change: 0 in verdict, 1 in text, 0 in time" in shown.output
    done = vietlao(home, "reprocess", "--workers", "1", "--source", article.source, "--apply")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "1 page read, 1 changed")
    assert store.article(article.id).text == article.text
    shown = vietlao(home, "reprocess", "--source", article.source).output
    assert "0 pages read now; 0 would change" in shown
    applied = vietlao(home, "reprocess", "--source", article.source, "--apply").output
    for said in (shown, applied):
        assert "nothing to read again: all these pages of the archive were read by this code and these seeds already" in said


def test_an_emptied_archive_file_is_named_with_what_to_do(home, store):
    (path,) = (home / "archive").iterdir()
    path.write_bytes(b"")
    said = vietlao(home, "reprocess", "--workers", "1")
    assert said.exit_code == 1
    assert f"archive/{path.name} is damaged at byte" in said.output
    assert "it ends before the page does" in said.output
    assert f"Put back a copy of archive/{path.name} under {home} and do this again." in said.output
    assert said.output.count("it ends before the page does") == 10
    assert " more pages that cannot be read" in said.output


def test_an_unknown_source_is_told(home):
    said = vietlao(home, "reprocess", "--source", "qdnd-em")
    assert (said.exit_code, "did you mean qdnd-en?" in said.output) == (2, True)
