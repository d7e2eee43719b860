"""What can go wrong with the file: every method, told in words that say what to do."""

import inspect
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from sqlite_utils import Database

from spiders.errors import UnusableStore
from spiders.memory import Asked, SourceOutcome
from store import connection
from store.connection import open_database
from store.database import Store
from store.records import Decided, PageRecord, Reading
from store.revisions.reread import Reread
from store.schema import APPLICATION_ID, migrations
from store.stories.vocabulary import load_vocabulary

DAY = timedelta(days=1)


@cache
def vocabulary():
    return load_vocabulary(Path(str(files("seeds"))) / "people.toml")


@pytest.fixture
def used(store, run, make):
    """A store with a little of everything in it."""
    store.discovered(make.found(), run)
    make.save(store, run=run)
    make.save(store, make.found("2"), text=make.text + "Theo Báo A.", run=run)
    store.fold_stories(vocabulary())
    make.save(store, make.found("3"), text="Hai xã biên giới kết nghĩa. " * 9, run=run)
    store.freeze_digest("daily", make.start, make.start + DAY, "", "", "", [1])
    store.begin_import("b.warc.gz", "other digest", 1)
    store.save_page(make.page(), [Decided("triaged", "ok", "")], None, archived(make))
    store.plan_deliveries(1, {"an@example.org": "<1@x>"})
    return store


def archived(make):
    """The place of a page in the archive."""
    values = "https://bao-a.vn/tin-1", "https://bao-a.vn/tin-1", 200, None, make.start, 1, "sha256:Y", "a.warc.gz", 0, 1, "<r>"
    return PageRecord(0, *values, None, "crawl")


# Every public method with arguments that make it read or write. WRITES says which need the write lock.
def merge_one(store):
    """There is only one story here, which cannot be merged with itself: the store says so after it has written."""
    with suppress(LookupError):
        store.merge_stories(1, 1, vocabulary())


CALLS = {
    "begin_run": lambda s, m: s.begin_run("crawl"),
    "end_run": lambda s, m: s.end_run(1, "finished"),
    "interrupt_runs": lambda s, m: s.interrupt_runs("stopped by hand"),
    "know_sources": lambda s, m: s.know_sources([m.source()]),
    "source_finished": lambda s, m: s.source_finished(SourceOutcome("bao-a", "read"), 1),
    "asked": lambda s, m: s.asked(Asked("bao-a", "https://bao-a.vn/rss", "feed", 200), 1),
    "discovered": lambda s, m: s.discovered(m.found("9"), 1),
    "pending": lambda s, m: s.pending("bao-a", 1),
    "decided": lambda s, m: s.decided("https://bao-a.vn/tin-9", "allowed", "ok", "fine"),
    "save_page": lambda s, m: s.save_page(
        m.page(m.found("9")), [Decided("judged", "ok", "")], Reading(m.article(), m.verdict())
    ),
    "mark": lambda s, m: s.mark(1, "relevant", "an"),
    "draw_sample": lambda s, m: s.draw_sample(m.start, m.start + DAY, 5, 1, "an"),
    "skip": lambda s, m: s.skip(1, "https://bao-a.vn/tin-1"),
    "judged_anew": lambda s, m: s.judged_anew(1, m.verdict("marginal"), "marginal"),
    "fetch_again": lambda s, m: s.fetch_again("https://bao-a.vn/tin-1", "anew"),
    "move_pages": lambda s, m: s.move_pages([], [1]),
    "freeze_digest": lambda s, m: s.freeze_digest("weekly", m.start, m.start + DAY, "", "", "", []),
    "plan_deliveries": lambda s, m: s.plan_deliveries(1, {"binh@example.org": "<1@y>"}),
    "index_all": lambda s, m: s.index_all(lambda done: None),
    "forget_index": lambda s, m: s.forget_index(),
    "note_read": lambda s, m: s.note_read(1, "v1", "", None, applied=False),
    "begin_import": lambda s, m: s.begin_import("a.warc.gz", "digest", 1),
    "note_progress": lambda s, m: s.note_progress(1, 5, {"kept": 1}),
    "note_fault": lambda s, m: s.note_fault(1, 2, 0, "it is cut off"),
    "take_in": lambda s, m: s.take_in(
        m.page(m.found("9", by="import")), [Decided("fetched", "gone", "")], None, None, 1, (1, 1, {"failed": 1})
    ),
    "due_again": lambda s, m: s.due_again("bao-a", (0,)),
    "save_reread": lambda s, m: s.save_reread(m.page(), s.remembered(m.found().url), Reread("unchanged")),
    "fold_stories": lambda s, m: s.fold_stories(vocabulary()),
    "merge_stories": lambda s, m: merge_one(s),
    "split_story": lambda s, m: s.split_story(1, [2], vocabulary()),
    "set_delivery": lambda s, m: s.set_delivery(1, "an@example.org", "sending"),
    "remembered": lambda s, m: s.remembered("https://bao-a.vn/tin-1"),
    "history": lambda s, m: s.history(1),
    "revised": lambda s, m: s.revised(m.start + DAY, profile="daily"),
    "run": lambda s, m: s.run(1),
    "run_outcomes": lambda s, m: s.run_outcomes(1),
    "broken_pages": lambda s, m: s.broken_pages(1),
    "validators": lambda s, m: s.validators("https://bao-a.vn/rss"),
    "life": lambda s, m: s.life("https://bao-a.vn/tin-1"),
    "articles": lambda s, m: s.articles(m.start, m.start + DAY),
    "undigested": lambda s, m: s.undigested("daily", m.start + DAY),
    "article": lambda s, m: s.article(1),
    "articles_by_id": lambda s, m: s.articles_by_id([1]),
    "page": lambda s, m: s.page(1),
    "pages": lambda s, m: list(s.pages()),
    "same_payload": lambda s, m: s.same_payload("sha256:X"),
    "archive_end": lambda s, m: s.archive_end("2026-03-01.warc.gz"),
    "archived_pages": lambda s, m: s.archived_pages(),
    "coverage": lambda s, m: s.coverage(m.start, m.start + DAY, [m.source()]),
    "silent_sources": lambda s, m: s.silent_sources([m.source()]),
    "digest": lambda s, m: s.digest(1),
    "digest_for": lambda s, m: s.digest_for("daily", m.start, m.start + DAY),
    "last_digest_end": lambda s, m: s.last_digest_end("daily"),
    "undelivered_digests": lambda s, m: s.undelivered_digests(),
    "deliveries": lambda s, m: s.deliveries(1),
    "last_marks": lambda s, m: s.last_marks(),
    "labels": lambda s, m: s.labels(),
    "addresses_near": lambda s, m: s.addresses_near("https://bao-a.vn/tin-2"),
    "borderline": lambda s, m: s.borderline(4.0, 2.0, m.start, 10),
    "last_sample": lambda s, m: s.last_sample(),
    "unanswered": lambda s, m: s.unanswered(1, 10),
    "recall": lambda s, m: s.recall(),
    "stale_articles": lambda s, m: s.stale_articles("rules-2"),
    "unread_pages": lambda s, m: s.unread_pages(),
    "put_aside": lambda s, m: list(s.put_aside()),
    "page_to_read": lambda s, m: s.page_to_read(1),
    "search": lambda s, m: s.search("tuần tra"),
    "unfolded": lambda s, m: s.unfolded(),
    "stories": lambda s, m: s.stories(),
    "story": lambda s, m: s.story(1),
    "story_number": lambda s, m: s.story_number(1),
    "story_of_article": lambda s, m: s.story_of_article(1),
    "stories_of": lambda s, m: s.stories_of([1], "daily"),
    "earlier_stories": lambda s, m: s.earlier_stories(1, vocabulary()),
    "unindexed": lambda s, m: s.unindexed(),
    "to_read_again": lambda s, m: s.to_read_again("v1"),
    "page_with_article": lambda s, m: s.page_with_article(1, "v1"),
    "changes": lambda s, m: s.changes("v1"),
    "moved_in_run": lambda s, m: s.moved_in_run(1),
    "captured": lambda s, m: s.captured(m.found()),
    "page_kept": lambda s, m: s.page_kept(m.page().url, "sha256:", m.start, "crawl"),
    "page_at": lambda s, m: s.page_at(1, m.start),
    "files_of_records": lambda s, m: s.files_of_records(["urn:uuid:1"]),
}
WRITES = list(CALLS)[: list(CALLS).index("set_delivery") + 1]
NEITHER = {"open", "opened", "close"}


def test_the_table_of_calls_is_complete():
    public = {name for name, member in inspect.getmembers(Store, callable) if not name.startswith("_")}
    assert public - NEITHER == set(CALLS)


@pytest.mark.parametrize("method", CALLS)
def test_every_method_works_on_a_sound_store(used, make, method):
    CALLS[method](used, make)


@pytest.fixture
def impatient(used, tmp_path, clock):
    with Store.open(tmp_path, clock, busy_seconds=0.01) as opened:
        yield opened


@pytest.mark.parametrize("method", CALLS)
def test_locked_by_another_program(impatient, tmp_path, make, method):
    """A program that writes keeps others from writing, never from reading."""
    other = sqlite3.connect(tmp_path / "news.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        if method in WRITES:
            with pytest.raises(UnusableStore, match=r"news.db: another program is writing to it: close that program"):
                CALLS[method](impatient, make)
        else:
            CALLS[method](impatient, make)
    finally:
        other.close()
    CALLS[method](impatient, make)


@pytest.mark.parametrize("method", WRITES)
def test_read_only(used, make, method):
    used.db.execute("PRAGMA query_only = ON")
    with pytest.raises(UnusableStore, match=r"it may not be written, .* mend the rights"):
        CALLS[method](used, make)


def test_a_read_only_file(used, tmp_path):
    used.close()
    for path in (tmp_path / "news.db", tmp_path):
        path.chmod(0o555)
    try:
        if os.access(tmp_path / "news.db", os.W_OK):
            pytest.skip("this user (root) may write everywhere")
        with pytest.raises(UnusableStore, match=r"mend the rights|cannot be opened"), Store.open(tmp_path) as opened:
            opened.begin_run("crawl")
    finally:
        tmp_path.chmod(0o755)


def test_a_full_disk_keeps_what_was_there(used, tmp_path, make, clock):
    used.db.execute(f"PRAGMA max_page_count = {used.db.execute('PRAGMA page_count').fetchone()[0]}")
    before = used.articles(make.start, make.start + DAY)
    with pytest.raises(UnusableStore, match=r"is full: make room"):
        make.save(used, make.found("9"), text="Dài. " * 100_000)
    assert used.articles(make.start, make.start + DAY) == before
    assert not used.life("https://bao-a.vn/tin-9").known
    used.db.execute("PRAGMA max_page_count = 1000000")
    assert make.save(used, make.found("9"), text="Dài. " * 100_000).article == 4


class TestOpening:
    def test_makes_the_home(self, tmp_path):
        with Store.open(tmp_path / "a" / "b") as store:
            assert store.path == tmp_path.resolve() / "a" / "b" / "news.db"

    def test_settings_of_the_file(self, store):
        def pragma(name):
            return store.db.execute(f"PRAGMA {name}").fetchone()[0]

        names = ("journal_mode", "foreign_keys", "synchronous", "application_id", "busy_timeout")
        assert [pragma(name) for name in names] == ["wal", 1, 1, APPLICATION_ID, 10_000]

    def test_the_journal_mode_is_set_at_creation_only(self, tmp_path):
        Store.open(tmp_path).close()
        db = sqlite3.connect(tmp_path / "news.db")
        db.execute("PRAGMA journal_mode = DELETE")
        db.close()
        with Store.open(tmp_path) as store:
            assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"

    def test_an_empty_file_becomes_a_store(self, tmp_path):
        (tmp_path / "news.db").touch()
        with Store.open(tmp_path) as store:
            run = store.begin_run("crawl")
        with Store.open(tmp_path, make=False) as store:
            assert store.run(run).kind == "crawl"

    @pytest.mark.parametrize("content", [b"hello", b"SQLite format 3", b"\0" * 5000])
    def test_no_database(self, tmp_path, content):
        (tmp_path / "news.db").write_bytes(content)
        with pytest.raises(UnusableStore, match=r"news.db is not a database: move that file away"):
            Store.open(tmp_path)
        assert (tmp_path / "news.db").read_bytes() == content

    def test_another_programs_database(self, tmp_path):
        Database(tmp_path / "news.db")["mine"].insert({"a": 1})
        with pytest.raises(UnusableStore, match=r"is a database, but not one of vietlao"):
            Store.open(tmp_path)

    def test_a_newer_store(self, tmp_path):
        Store.open(tmp_path).close()
        db = Database(tmp_path / "news.db")
        db["_sqlite_migrations"].insert({"migration_set": "store", "name": "m999_future", "applied_at": "2030"})
        db.close()
        with pytest.raises(UnusableStore, match=r"written by a newer vietlao \(m999_future\): upgrade"):
            Store.open(tmp_path)

    def test_a_damaged_file(self, used, tmp_path, make):
        used.close()
        path = tmp_path / "news.db"
        data = bytearray(path.read_bytes())
        data[100:] = b"\xa5" * (len(data) - 100)
        path.write_bytes(data)
        with pytest.raises(UnusableStore, match=r"damaged|not a database"), Store.open(tmp_path) as store:
            store.articles(make.start, make.start + DAY)

    def test_a_folder_that_cannot_be(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(UnusableStore, match=r"cannot be made"):
            Store.open(tmp_path / "file" / "home")

    def test_a_bug_of_ours_keeps_its_traceback(self, store):
        with pytest.raises(sqlite3.OperationalError, match=r"no such table"), connection.told(store.path):
            store.db.execute("SELECT * FROM nowhere")


class TestMigrations:
    NAMES = tuple(migration.name for migration in migrations.pending(Database(memory=True)))

    def schema(self, path):
        db = sqlite3.connect(path)
        found = db.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name").fetchall()
        db.close()
        return found

    @pytest.mark.parametrize("applied", range(1, len(NAMES)))
    def test_from_every_earlier_version(self, tmp_path, applied):
        old, new = tmp_path / "old", tmp_path / "new"
        old.mkdir()
        db = Database(old / "news.db")
        migrations.apply(db, stop_before=self.NAMES[applied])
        db.execute("INSERT INTO source (id, name) VALUES ('bao-a', 'Báo A')")
        db.close()
        Store.open(new).close()
        with Store.open(old) as store:
            names = store.db.execute("SELECT name FROM source").fetchall()
        assert names == [("Báo A",)]
        assert self.schema(old / "news.db") == self.schema(new / "news.db")

    def test_a_copy_of_the_old_state_is_left(self, tmp_path):
        db = Database(tmp_path / "news.db")
        migrations.apply(db, stop_before="m004_digests_and_deliveries")
        db.execute("INSERT INTO source (id, name) VALUES ('bao-a', 'Báo A')")
        db.close()
        Store.open(tmp_path).close()
        copy = Database(tmp_path / "news-before-upgrade.db")
        assert [row["id"] for row in copy["source"].rows] == ["bao-a"]
        assert "digest" not in copy.table_names()

    def test_an_upgrade_that_fails_changes_nothing(self, tmp_path, monkeypatch):
        db = Database(tmp_path / "news.db")
        migrations.apply(db, stop_before="m004_digests_and_deliveries")
        db.close()
        before = self.schema(tmp_path / "news.db")
        monkeypatch.setattr("store.schema.DIGESTS", "CREATE TABLE digest (id INTEGER);\nCREATE TABLE digest (id INTEGER);\n")
        with pytest.raises(sqlite3.OperationalError, match=r"already exists"):
            Store.open(tmp_path)
        assert self.schema(tmp_path / "news.db") == before

    def test_an_upgrade_that_would_orphan_rows_is_refused(self, tmp_path):
        db = Database(tmp_path / "news.db")
        migrations.apply(db, stop_before="m004_digests_and_deliveries")
        db.execute(
            "INSERT INTO source_run (run, source, state, seen, fetched, failed, at) VALUES (9, 'x', 'read', 0, 0, 0, '')"
        )
        db.close()
        with pytest.raises(UnusableStore, match=r"cannot be upgraded: 2 rows point to rows that are missing"):
            Store.open(tmp_path)

    def test_two_processes_make_one_store(self, tmp_path):
        code = "import sys; from store.database import Store; Store.open(sys.argv[1]).close()"
        processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
        assert [process.wait() for process in processes] == [0, 0, 0]
        assert open_database(tmp_path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from extract.article import Article
from relevance.verdict import Verdict
from spiders.page import Found, Page
from store.archive import Archive
from store.database import Store
from store.records import Decided, Reading

home = Path(sys.argv[1])
with Store.open(home) as store, Archive(home, store) as archive:
    run = store.begin_run("crawl")
    for found in store.pending("bao-a", run):
        print("left", found.url, flush=True)
    number = 0
    while True:
        number += 1
        url = f"https://bao-a.vn/tin-{run}-{number}"
        found = Found(url, url, "bao-a", "https://bao-a.vn/rss", "feed")
        store.discovered(found, run)
        page = Page(found, url, 200, (), url.encode() * 50, datetime.now(UTC))
        article = Article(url, url, "bao-a.vn", url, None, f"{url} " * 20)
        reading = Reading(article, Verdict("keep", 1.0, (), "", "r"))
        store.save_page(page, [Decided("judged", "ok", "keep")], reading, archive.keep(page), run)
        print("done", url, flush=True)
"""


def test_kill_in_the_middle_of_writing(tmp_path, make):
    """Whatever was said to be done is there in full, and nothing is there by half, round after round."""
    done = set()
    for lines in (3, 11, 29):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        said = [process.stdout.readline().split() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        said += [line.split() for line in process.communicate()[0].splitlines()]
        done |= {words[1] for words in said if words[0] == "done" and len(words) == 2}
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(tmp_path, copy, ignore=shutil.ignore_patterns("copy"))
        check(copy, done)


def check(home, done):
    from store.archive import Archive

    with Store.open(home) as store, Archive(home, store) as archive:
        assert store.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []
        fates = dict(store.db.execute("SELECT url, fate FROM address").fetchall())
        assert done <= {url for url, fate in fates.items() if fate == "keep"}
        assert set(fates.values()) <= {"keep", "waiting"}
        kept = [url for url, fate in fates.items() if fate == "keep"]
        pages = {record.url: archive.read(record, place).body for place, record in store.pages()}
        assert pages == {url: url.encode() * 50 for url in kept}
        assert [store.article(url).url for url in kept] == kept
        run = store.begin_run("crawl")
        assert {found.url for found in store.pending("bao-a", run)} == set(fates) - set(kept)
        states = [row[0] for row in store.db.execute("SELECT state FROM run ORDER BY id").fetchall()]
        assert states == ["interrupted"] * (len(states) - 1) + ["running"]
