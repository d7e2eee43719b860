"""The store in Datasette: described, asked, and harmless."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from datasette.app import Datasette
from datasette.plugins import pm
from lxml import html

from spiders.memory import SourceOutcome
from store.database import Store
from store.records import Decided, Reading

STORE = Path(str(files("store")))
METADATA = yaml.safe_load((STORE / "metadata.yaml").read_text(encoding="utf-8"))
TABLES = METADATA["databases"]["news"]["tables"]
QUERIES = METADATA["databases"]["news"]["queries"]
HOSTILE = "<script>alert('1')</script>\u202e\"><img src=x onerror=alert(2)> & \u2066'"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("browsed")


@pytest.fixture
def ask(home, make):
    """Datasette on a filled store, as ``vietlao browse`` starts it, asked in-process while a writer is at work."""
    with Store.open(home, lambda: datetime.now(UTC)) as store:
        if store.run(1) is None:
            fill(store, make)
        yield asker(home)


def asker(home):
    datasette = Datasette(
        [str(home / "news.db")],
        metadata=METADATA,
        template_dir=str(STORE / "templates"),
        plugins_dir=str(STORE / "plugins"),
        settings={"sql_time_limit_ms": 3000, "allow_download": False, "num_sql_threads": 1},
    )

    def get(path, status=200):
        response = asyncio.run(datasette.client.get(path))
        assert response.status_code == status, response.text[-2000:]
        return response

    return get


@pytest.fixture(scope="module", autouse=True)
def leave_no_plugins():
    """Datasette registers plugins for the whole process."""
    before = set(pm.get_plugins())
    yield
    for plugin in set(pm.get_plugins()) - before:
        pm.unregister(plugin)


def fill(store, make):
    now = datetime.now(UTC)
    run = store.begin_run("crawl")
    place = make.found(title=HOSTILE, summary=HOSTILE, seen_as="https://bao-a.vn/tin-1?utm_source=x")
    store.discovered(place, run)
    steps = [Decided("extracted", "ok", f"no text {HOSTILE}", {"quality": ["no-date"]}), Decided("judged", "ok", HOSTILE)]
    article = make.article(place, title=HOSTILE, text=HOSTILE * 9, author=HOSTILE, credit="javascript:alert(3)", published=now)
    store.save_page(make.page(place), steps, Reading(article, make.verdict()), None, run)
    make.save(store, make.found("2"), "drop", run, text="Bài khác. " * 40)
    store.decided("https://bao-a.vn/tin-3", "fetched", "failed", "answered 503", run=run, source="bao-a")
    for hours in range(100, 130, 3):
        store.discovered(make.found(f"s{hours}", of="bao-c", published=now - timedelta(hours=hours)), run)
    store.source_finished(SourceOutcome("bao-a", "read"), run)
    store.freeze_digest("daily", now - timedelta(days=1), now, HOSTILE, HOSTILE, HOSTILE, [1], run)


def test_plugins_and_metadata_are_read_alike_in_any_locale():
    for path in (STORE / "metadata.yaml", *(STORE / "plugins").glob("*.py"), *(STORE / "templates").glob("*.html")):
        assert path.read_bytes().isascii(), path


def rows(ask, query):
    return ask(f"/news/{query}&_shape=objects" if "?" in query else f"/news/{query}?_shape=objects").json()["rows"]


def test_every_table_and_column_is_described(store):
    tables = [name for (name,) in store.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    described = {name: set(table["columns"]) for name, table in TABLES.items()}
    columns = {name: {row[1] for row in store.db.execute(f"PRAGMA table_info({name})").fetchall()} for name in tables}
    assert described == {name: columns[name] for name in columns if not name.startswith("sqlite_")}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_opens(ask, table):
    page = ask(f"/news/{table}")
    assert TABLES[table]["description"][:20] in page.text


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_runs(ask, query):
    page = ask(f"/news/{query}")
    assert QUERIES[query]["title"] in page.text
    assert "message-error" not in page.text


def test_kept_today(ask):
    assert [(row["id"], row["decision"]) for row in rows(ask, "kept_today.json")] == [(1, "keep")]


def test_near_misses(ask):
    (row,) = rows(ask, "near_misses.json?days=1")
    assert (row["id"], row["strongest"]) == (2, "quân đội Lào, tuần tra")


def test_failures_by_source(ask):
    (row,) = rows(ask, "failures_by_source.json")
    assert (row["fate"], row["reason"], row["addresses"], row["example"]) == (
        "retry",
        "answered 503",
        1,
        "https://bao-a.vn/tin-3",
    )


def test_silent_sources(ask):
    (row,) = rows(ask, "silent_sources.json")
    assert (row["source"], row["silent_hours"], row["usual_hours"]) == ("bao-c", 100.0, 3.0)


def test_life_of_an_address(ask):
    for url in (
        "https://bao-a.vn/tin-1",
        "http://bao-a.vn/tin-1",
        "https://bao-a.vn/tin-1/",
        "https://bao-a.vn/tin-1?utm_source=x",
    ):
        stages = [row["stage"] for row in rows(ask, f"life_of_an_address.json?url={url}")]
        assert stages == ["discovered", "extracted", "judged", "stored", "digested"]


def test_needs_attention(ask):
    assert [row["url"] for row in rows(ask, "needs_attention.json")] == ["https://bao-a.vn/tin-1"]


@pytest.mark.parametrize(
    "path",
    [
        "/news/article",
        "/news/article/1",
        "/news/address/1",
        "/news/digest/1",
        "/news/decision",
        "/news/kept_today",
        "/news/reason",
    ],
)
def test_hostile_text_stays_text(ask, path):
    page = ask(path)
    tree = html.fromstring(page.text)
    assert not [script for script in tree.iter("script") if "alert(" in (script.text or "")]
    assert tree.xpath("//img[@src='x'] | //*[@onerror]") == []
    assert [link for link in tree.xpath("//@href") if link.lower().startswith("javascript:")] == []
    # the label of a link to another row is Datasette's own; its table cell keeps the turned letters to themselves
    content = "".join(tree.xpath("//td//text()[not(ancestor::a[starts-with(@href, '/news/')])] | //dd//text()"))
    assert content
    assert not re.search("[\u202e\u2066]", content)


def test_hostile_text_is_still_readable(ask):
    page = html.fromstring(ask("/news/article/1").text)
    title = page.xpath("//dt[text()='title']/following-sibling::dd[1]")[0].text_content()
    assert title.strip() == HOSTILE.replace("\u202e", "‹RIGHT-TO-LEFT OVERRIDE›").replace("\u2066", "‹LEFT-TO-RIGHT ISOLATE›")


def test_addresses_are_links_that_tell_nothing(ask):
    page = html.fromstring(ask("/news/article").text)
    (link,) = page.xpath("//td[contains(@class, 'col-url')]/a[@href='https://bao-a.vn/tin-1']")
    assert link.get("rel") == "noopener noreferrer nofollow"


def test_times_are_vietnamese(ask):
    page = html.fromstring(ask("/news/article/1").text)
    (shown,) = page.xpath("//dt[text()='published']/following-sibling::dd[1]//time")
    local = datetime.fromisoformat(shown.get("datetime")) + timedelta(hours=7)
    assert shown.text == f"{local:%Y-%m-%d %H:%M}"


def test_nothing_is_loaded_from_elsewhere(ask):
    assert "default-src 'self'" in ask("/news/article").headers["content-security-policy"]


def test_nothing_can_be_written(ask):
    assert ask("/news.json?sql=select+1").json()["rows"] == [[1]]
    assert ask("/news.json?sql=delete+from+article", 400).json()["error"] == "Statement must be a SELECT"
