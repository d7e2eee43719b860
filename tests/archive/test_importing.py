"""Taking in WARC files: every record has a fate, once, wherever the import was stopped."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from rig_warcs import packed, record, request, response, stories

from monitor.cli import main
from spiders.errors import MonitorError
from spiders.page import Found, Page
from spiders.sources import source_of
from store.archive import Archive
from store.batch.child import Lost
from store.batch.crew import LocalCrew
from store.batch.imports import Taken, refuse_own, take_in
from store.database import Store
from store.examine import examine
from store.life import explain_life
from store.stories.vocabulary import load_vocabulary

pytestmark = pytest.mark.xdist_group("crew")

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), ("keep", "marginal", "drop")
OTHER = "https://news.example.org/asia/story-1"


class SameProcess:
    """The work done here, as one process does it."""

    def __init__(self, setup, lost=()):
        self.setup = setup
        self.lost = lost

    def each(self, jobs):
        for number, job in enumerate(jobs):
            if number in self.lost:
                yield job, Lost("reading it took longer than 20 seconds, so it was given up", again=False)
            else:
                yield job, job.task and job.task.done(self.setup)


@pytest.fixture(scope="module")
def papers():
    return stories(12)


@pytest.fixture(scope="module")
def warc(papers, tmp_path_factory):
    """A file with articles of sources and of another site, what belongs to them, and what is damaged."""
    path = tmp_path_factory.mktemp("warcs") / "crawl.warc.gz"
    pages = [one for url, body in papers for one in (request(url), response(url, body))]
    junk = [
        response(OTHER, stories(25, kinds=("keep",))[24][1]),
        response("https://news.example.org/logo.png", b"\x89PNG", headers=[("Content-Type", "image/png")]),
        response("https://news.example.org/gone", b"", "404 Not Found"),
        record("response", "https://news.example.org/broken", b"x" * 500)[:-300],
        record("metadata", "https://news.example.org/", b"fetchTimeMs: 5"),
        response("http://[", b"<html>"),
        b"WARC/1.0\r\n" + b"X: y\r\n" * 20_000,
    ]
    path.write_bytes(packed(record("warcinfo", None, b"software: x"), *pages, *junk))
    return path


def import_all(home, clock, crew, path, setup, stop_after=None, **options):
    """Import a file, as the command does; or stop after so many records."""
    taken = Taken(path.name)
    with Store.open(home, clock) as store, Archive(home, store) as archive:
        store.know_sources(setup.sources)
        work = take_in(store, archive, setup, crew, path, store.begin_run("import"), taken, **options)
        for number, _ in enumerate(work, 1):
            if number == stop_after:
                work.close()
                break
    return taken


def content(home, clock):
    """What a store holds, without what tells when and in which run."""
    queries = (
        "SELECT url, source, seen_as, via, kind, fate, article FROM address ORDER BY id",
        "SELECT address, title, text, published, decision, score, quality FROM article ORDER BY id",
        "SELECT address, stage, outcome, reason, times FROM decision ORDER BY id",
        "SELECT url, status, fetched, payload_digest, origin FROM page ORDER BY id",
        "SELECT record, offset, reason FROM import_fault ORDER BY record",
        "SELECT records, counts, finished FROM import",
    )
    with Store.open(home, clock) as store:
        return [store.db.execute(query).fetchall() for query in queries]


@pytest.fixture(scope="module")
def whole(tmp_path_factory, setup, warc):
    """A home into which the file was taken by one process, from its beginning to its end."""
    home = tmp_path_factory.mktemp("whole")
    import_all(home, lambda: NOW, SameProcess(setup), warc, setup)
    return home


@pytest.fixture
def imported(whole, tmp_path, clock):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    with Store.open(tmp_path, clock) as store:
        yield store


def test_every_record_has_a_fate(imported, warc, papers, setup):
    fates = dict(imported.db.execute("SELECT url, fate FROM address").fetchall())
    assert len(fates) == len(papers) + 4
    assert fates["https://news.example.org/logo.png"] == "rejected"
    assert fates["https://news.example.org/gone"] == "gone"
    assert fates["https://news.example.org/broken"] == "failed"
    assert {"keep", "dropped"} <= set(fates.values())
    assert "waiting" not in fates.values()
    faults = imported.db.execute("SELECT reason FROM import_fault ORDER BY record").fetchall()
    assert [reason[:30] for (reason,) in faults] == ["it names no address that a pag", "its headers have no end"]


def test_articles_come_out_as_if_they_were_crawled(imported, papers, setup, clock):
    by_url = {one.url: one for one in imported.articles(*ALWAYS)}
    assert by_url
    for article in by_url.values():
        assert len(article.text) > 100
        assert article.source in setup.by_id or article.url == OTHER
        assert article.rules == setup.topic.rules
    assert all(one.published for one in by_url.values() if one.source)


def test_a_page_of_a_site_that_no_source_lists_is_taken(imported):
    life = imported.life(OTHER)
    assert life.source is None
    assert life.fate in ("keep", "marginal")
    assert life.article.source == life.article.source_name == ""


def test_a_life_tells_from_which_file_and_record(imported, setup, papers, warc):
    url = imported.db.execute("SELECT url FROM address WHERE fate = 'keep' AND source IS NOT NULL").fetchone()[0]
    assert f"It was found: from {warc.name} record " in explain_life(imported.life(url), setup.sources)
    origins = {one for (one,) in imported.db.execute("SELECT origin FROM page").fetchall()}
    assert origins
    assert all(one.startswith(f"{warc.name} record ") for one in origins)
    broken = explain_life(imported.life("https://news.example.org/broken"), setup.sources)
    assert "Fetching it failed: it is cut off: " in broken
    assert "It could not be read." in broken


def test_what_names_the_partner_can_be_read_again_from_the_archive(imported, tmp_path, papers):
    bodies = {body for _, body in papers}
    with Archive(tmp_path, imported) as archive:
        pages = [archive.read(place, found) for found, place in imported.pages()]
    assert len(pages) >= 3
    assert {page.body for page in pages if page.url != OTHER} <= bodies


def test_twice_changes_nothing(imported, tmp_path, clock, setup, warc):
    before = content(tmp_path, clock)
    taken = import_all(tmp_path, clock, SameProcess(setup), warc, setup)
    assert (taken.finished, taken.records) == (True, taken.before)
    assert content(tmp_path, clock) == before


@pytest.mark.parametrize("stop_after", [2, 11, 31])
def test_stopped_and_continued_comes_to_the_same(tmp_path, clock, setup, warc, whole, stop_after):
    import_all(tmp_path / "parts", clock, SameProcess(setup), warc, setup, stop_after=stop_after)
    taken = import_all(tmp_path / "parts", clock, SameProcess(setup), warc, setup)
    assert taken.before <= stop_after
    at_once, parts = content(whole, clock), content(tmp_path / "parts", clock)
    assert parts[:2] == at_once[:2]
    assert [row[:4] for row in parts[2]] == [row[:4] for row in at_once[2]]
    assert parts[3:] == at_once[3:]


@pytest.mark.parametrize("who", ["processes", "Dask"])
def test_workers_come_to_the_same_as_one_process(tmp_path, clock, setup, warc, whole, who):
    with LocalCrew(setup, 2) if who == "processes" else dask_crew(setup) as crew:
        import_all(tmp_path / "two", clock, crew, warc, setup)
    assert content(tmp_path / "two", clock) == content(whole, clock)


def test_again_takes_a_file_in_from_its_beginning(imported, tmp_path, clock, setup, warc):
    articles = content(tmp_path, clock)[1]
    taken = import_all(tmp_path, clock, SameProcess(setup), warc, setup, again=True)
    assert (taken.before, taken.finished) == (0, True)
    assert content(tmp_path, clock)[1] == articles
    assert taken.counts["known"] == len({one[0] for one in articles if one})


def test_nothing_is_archived_twice(imported, tmp_path, clock, setup, warc):
    """Neither by taking a file in again, nor out of a copy of the home's own archive."""
    (own,) = (tmp_path / "archive").iterdir()
    size, pages = own.stat().st_size, content(tmp_path, clock)[3]
    copy = shutil.copy(own, tmp_path / "copy.warc.gz")
    assert import_all(tmp_path, clock, SameProcess(setup), warc, setup, again=True).finished
    assert import_all(tmp_path, clock, SameProcess(setup), copy, setup).counts["known"]
    assert (own.stat().st_size, content(tmp_path, clock)[3]) == (size, pages)


def test_files_of_the_own_archive_are_refused(imported, tmp_path):
    (own,) = (tmp_path / "archive").iterdir()
    size = own.stat().st_size
    link = tmp_path / "link.warc.gz"
    link.symlink_to(own)
    for path in (own, link):
        said = CliRunner().invoke(main, ["--home", str(tmp_path), "import", "--again", str(path)], prog_name="vietlao")
        assert said.exit_code == 2
        assert "own archive, and its pages are in the store. `vietlao reprocess` reads" in said.output
    assert own.stat().st_size == size
    with pytest.raises(MonitorError, match="is the file that this home's archive writes to today"):
        imported.db.execute("UPDATE page SET file = NULL")
        refuse_own(imported, tmp_path, own)
    refuse_own(imported, tmp_path, own.with_name("2020-01-01.warc.gz"))  # of a store that was lost; cleaning names it


def test_an_article_without_a_stated_time_stands_at_the_time_of_its_capture(tmp_path, clock, setup):
    text = "The defence ministers of Vietnam and Laos held talks in Vientiane and signed a plan for their armies. " * 6
    page = f"<html lang=en><title>Talks in Vientiane</title><article><h1>Talks in Vientiane</h1><p>{text}</p></article>"
    path = one_file(tmp_path / "a.warc.gz", response(OTHER, page.encode(), date="2026-01-02T03:04:05Z"))
    import_all(tmp_path, clock, SameProcess(setup), path, setup)
    with Store.open(tmp_path, clock) as store:
        assert store.life(OTHER).article.published is None
        store.fold_stories(load_vocabulary(SEEDS / "people.toml"))
        ((at,),) = store.db.execute("SELECT at FROM story_article").fetchall()
        (story,) = store.stories()
    assert at.startswith("2026-01-02T03:04:05")
    assert story.first_report == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def dask_crew(setup):
    pytest.importorskip("distributed", reason="the extra is not installed: pip install 'vietlao[dask]'")
    from store.batch.on_dask import DaskCrew

    return DaskCrew(setup, "local", 2)


def one_file(path, *pages):
    path.write_bytes(packed(*pages))
    return path


def edited(body, words):
    return body.replace(b"</h1>", b"</h1><p>" + words.encode() * 30 + b"</p>", 1)


def test_an_older_capture_does_not_replace_a_newer_one(tmp_path, clock, setup, papers):
    url, body = next(one for one in papers if b"</h1>" in one[1])
    new = one_file(tmp_path / "new.warc.gz", response(url, body, date="2026-02-01T00:00:00Z"))
    old = one_file(tmp_path / "old.warc.gz", response(url, edited(body, "Lào"), date="2026-01-01T00:00:00Z"))
    import_all(tmp_path, clock, SameProcess(setup), new, setup)
    before = content(tmp_path, clock)[1]
    assert import_all(tmp_path, clock, SameProcess(setup), old, setup).counts["known"] == 1
    assert content(tmp_path, clock)[1] == before
    with Store.open(tmp_path, clock) as store:
        assert "the article is stored as it was 2026-02-01" in store.life(url).steps[-1].reason


def test_a_page_that_no_worker_survives_is_recorded(tmp_path, clock, setup, papers):
    path = one_file(tmp_path / "a.warc.gz", *(response(url, body) for url, body in papers[:3]))
    taken = import_all(tmp_path, clock, SameProcess(setup, lost={1}), path, setup)
    assert taken.counts["failed"] == 1
    with Store.open(tmp_path, clock) as store:
        life = store.life(papers[1][0])
    assert (life.fate, life.steps[-1].reason) == ("failed", "reading it took longer than 20 seconds, so it was given up")


def test_a_capture_that_fails_takes_nothing_from_an_address_that_waits(tmp_path, clock, setup, papers):
    url, _ = papers[0]
    path = one_file(tmp_path / "a.warc.gz", response(url, b"", "404 Not Found"))
    with Store.open(tmp_path, clock) as store:
        source = source_of(url, setup.sources)
        found = Found(url, url, source.id, source.home, "listing")
        run = store.begin_run("crawl")
        store.discovered(found, run)
    import_all(tmp_path, clock, SameProcess(setup), path, setup)
    with Store.open(tmp_path, clock) as store:
        assert store.life(url).fate == "waiting"
        assert [one.url for one in store.pending(found.source, store.begin_run("crawl"))] == [found.url]


def test_the_command(tmp_path, warc):
    home = tmp_path / "home"
    said = CliRunner().invoke(main, ["--home", str(home), "import", "--workers", "1", str(warc)], prog_name="vietlao")
    assert said.exit_code == 1, said.output
    assert "crawl.warc.gz: 32 records: " in said.output
    assert "12 request" in said.output
    assert "2 damaged" in said.output
    assert "record 32: its headers have no end" in said.output
    assert "https://news.example.org/broken: could not be read: it is cut off: " in said.output
    again = CliRunner().invoke(main, ["--home", str(home), "import", str(warc)], prog_name="vietlao")
    assert (again.exit_code, "It was taken in before; --again takes it in anew." in again.output) == (0, True)


@pytest.mark.parametrize(("name", "told"), [("missing.warc.gz", "there is no such file"), (".", "is no file")])
def test_a_name_that_is_no_file_is_told_before_any_work(tmp_path, warc, name, told):
    said = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), "import", str(warc), str(tmp_path / name)])
    assert said.exit_code == 2
    assert told in said.output
    assert not (tmp_path / "home" / "news.db").exists()


@pytest.mark.parametrize(("fetched", "told"), [("2026-02-20T00:00:00Z", True), ("2026-01-20T00:00:00Z", False)])
def test_digests_tell_news_and_no_history(tmp_path, clock, setup, fetched, told):
    ((url, body),) = stories(1, ("keep",))
    path = one_file(tmp_path / "a.warc.gz", response(url, body, date=fetched))
    import_all(tmp_path, clock, SameProcess(setup), path, setup)
    with Store.open(tmp_path, clock) as store:
        assert [one.url for one in store.undigested("daily", ALWAYS[1])] == [url] * told
        assert ("so it is history, and in no digest" in explain_life(store.life(url), setup.sources)) != told
        # the same text seen by a crawl later on is news
        source = source_of(url, setup.sources)
        found = Found(f"{url}-again", f"{url}-again", source.id, source.home, "listing")
        store.discovered(found, 1)
        page = Page(found, found.url, 200, (), body, clock())
        examination = examine(page, source, setup.topic, clock())
        store.save_page(page, examination.decisions, examination.reading)
        assert [one.url for one in store.undigested("daily", ALWAYS[1])] == [url]


def test_without_the_extra_it_says_how_to_get_it(tmp_path, warc, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "store.batch.on_dask", raising=False)
    said = CliRunner().invoke(main, ["--home", str(tmp_path), "import", "--dask", "local", str(warc)])
    assert (said.exit_code, "pip install 'vietlao[dask]'" in said.output) == (2, True)
