"""The same search as a page of Datasette, read-only and harmless."""

import asyncio
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from datasette.app import Datasette
from datasette.plugins import pm
from lxml import html

STORE = Path(str(files("store")))
METADATA = yaml.safe_load((STORE / "metadata.yaml").read_text(encoding="utf-8"))
HOSTILE = "<script>alert('1')</script>\u202e\"><img src=x onerror=alert(2)> & {{ 7 * 7 }} </mark>"


@pytest.fixture(scope="module", autouse=True)
def leave_no_plugins():
    """Datasette registers plugins for the whole process."""
    before = set(pm.get_plugins())
    yield
    for plugin in set(pm.get_plugins()) - before:
        pm.unregister(plugin)


@pytest.fixture
def ask(shelf, tmp_path):
    shelf.add("army", "Đoàn công tác Quân đội nhân dân Lào đến thăm tỉnh Điện Biên.", "Đại tướng tiếp khách")
    shelf.add("labour", "Lao động của quân nhân phục viên.", "Việc làm", decision="drop")
    shelf.add("hostile", HOSTILE * 3, HOSTILE, source="bao-b")
    datasette = Datasette(
        [str(tmp_path / "news.db")],
        metadata=METADATA,
        template_dir=str(STORE / "templates"),
        plugins_dir=str(STORE / "plugins"),
        settings={"sql_time_limit_ms": 3000, "num_sql_threads": 1},
    )

    def get(path, status=200, **values):
        response = asyncio.run(datasette.client.get(path, params=values))
        assert response.status_code == status, response.text[-2000:]
        return response

    return get


def test_the_page_finds_what_the_command_finds(ask, store):
    page = html.fromstring(ask("/-/search", q="Lào").text)
    titles = [title.text_content() for title in page.xpath("//ol[@class='search-hits']//strong")]
    assert titles == [hit.title.text for hit in store.search("Lào").hits] == ["Đại tướng tiếp khách", "Việc làm"]
    assert [mark.text for mark in page.xpath("//mark")] == ["Lào", "Lao"]
    assert page.xpath("//ol[@class='search-hits']//a/@href")[:2] == ["/news/article/1", "https://bao-a.vn/tin-army"]


def test_filters(ask):
    def found(**values):
        return [hit["article"] for hit in ask("/-/search.json", **values).json()["hits"]]

    assert found(q="lao", decision="drop") == [2]
    assert found(q="lao OR script", source="bao-b bao-c") == [3]
    assert found(q="lao", since="2026-03-10", until="2026-03-10", limit="1") == [2]
    assert found(q="lao", until="2026-03-09") == []
    assert found(q="lao", since="2026-03-11") == []
    assert found(q="") == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"q": '"lao'}, "a quotation mark is opened and not closed"),
        ({"q": "lao", "since": "yesterday"}, "'yesterday' is not a date"),
        ({"q": "lao", "until": "9999-12-31"}, "'9999-12-31' is not a date"),
        ({"q": "lao", "decision": "kept"}, "'kept' is no decision"),
        ({"q": "lao", "limit": "-1"}, "'-1' is not a number from 1 to 500"),
    ],
)
def test_what_cannot_be_understood_is_told(ask, values, told):
    assert told in html.fromstring(ask("/-/search", 400, **values).text).xpath("string(//p[@class='message-error'])")
    assert told in ask("/-/search.json", 400, **values).json()["error"]


@pytest.mark.parametrize("values", [{"q": "script"}, {"q": HOSTILE}, {"q": "lao", "source": HOSTILE, "since": HOSTILE}])
def test_hostile_text_stays_text(ask, values):
    page = page_of(ask, values)
    assert not [script for script in page.iter("script") if "alert(" in (script.text or "")]
    assert page.xpath("//img | //*[@onerror]") == []
    assert [link for link in page.xpath("//@href") if link.lower().startswith("javascript:")] == []
    assert "\u202e" not in "".join(page.xpath("//ol//text()"))


def page_of(ask, values):
    """The page, whichever status it comes with."""
    status = 400 if values["q"] == HOSTILE or "since" in values else 200
    return html.fromstring(ask("/-/search", status, **values).text)


def test_the_hostile_headline_is_still_readable(ask):
    page = html.fromstring(ask("/-/search", q="onerror").text)
    assert page.xpath("string(//ol//strong)") == HOSTILE.replace("\u202e", "")


def test_it_stands_in_the_menu(ask):
    assert "/-/search" in html.fromstring(ask("/").text).xpath("//nav//a/@href")
