"""``sources record``: pairs that the suite reads as they were recorded."""

import importlib.util
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from extract.markup.tree import parse
from monitor.cli import main
from monitor.commands.sources_new import IN_CHECKOUT, usual_folder
from monitor.recording import FIELDS, Unfit, make_pair, saved_form, stands_in
from monitor.replica.server import Replica
from spiders.page import Found, Page
from spiders.sources import load_sources

pytestmark = pytest.mark.xdist_group("recorder")

TESTS = Path(__file__).resolve().parents[1]
PAIRS = TESTS / "pages_of_sources"
SOURCES = load_sources(TESTS.parent / "seeds" / "sources.toml")
BY_ID = {source.id: source for source in SOURCES}
NOW = datetime(2027, 3, 1, tzinfo=UTC)


def record(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "sources", "record", *words])


def suite(pairs: Path) -> ModuleType:
    """The suite's own checks, reading other pairs."""
    spec = importlib.util.spec_from_file_location("suite_on_recorded_pairs", TESTS / "test_pages_of_sources.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.PAIRS = pairs  # type: ignore[attr-defined]
    return module


def check(pairs: Path, source_id: str) -> None:
    """A recorded pair passes what the suite asks of every pair."""
    module = suite(pairs)
    source = next(source for source in module.SOURCES if source.id == source_id)
    module.test_the_page_of_a_source_is_read_as_expected(source)
    module.test_nothing_else_on_the_page_gets_into_the_text(source)
    module.test_the_page_is_one_of_that_source(source)
    module.test_the_rules_of_a_source_find_their_part_of_its_page(source)


def page_at(url: str, body: bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    return Page(Found(url, url, "", "", "given"), url, 200, (("Content-Type", content_type),), body, NOW)


@pytest.mark.parametrize("source_id", ["qdnd-en", "vietnamplus", "vnexpress", "bienphong", "laotiantimes", "kpl"])
def test_a_saved_page_gives_the_pair_that_was_written_by_hand(tmp_path: Path, source_id: str) -> None:
    by_hand = json.loads((PAIRS / source_id / "expected.json").read_text(encoding="utf-8"))
    page = PAIRS / source_id / "page.html"
    result = record(tmp_path, source_id, str(page), "--url", by_hand["url"], "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    recorded = json.loads((tmp_path / "out" / source_id / "expected.json").read_text(encoding="utf-8"))
    assert {name: recorded[name] for name in by_hand if name in FIELDS} == {
        name: value for name, value in by_hand.items() if name in FIELDS
    }
    assert (recorded["url"], recorded["structure"]) == (by_hand["url"], "reported")
    check(tmp_path / "out", source_id)


def test_a_page_from_the_web_and_what_there_is_to_look_at(tmp_path: Path) -> None:
    url = "https://en.vietnamplus.vn/vietnam-laos-sign-protocol-on-defence-cooperation-for-2025-2029-post299071.vnp"
    command = [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "sources", "record", "vietnamplus-en", url]
    with Replica() as web:
        environment = os.environ | web.environment | {"VIETLAO_CRAWL__DELAY": "0", "PYTHONPATH": str(TESTS.parent)}
        ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        asked = [(request.host, request.path) for request in web.requests if request.method == "GET"]
    assert ended.returncode == 0, ended.stderr
    assert asked == [("en.vietnamplus.vn", "/robots.txt"), ("en.vietnamplus.vn", url.removeprefix("https://en.vietnamplus.vn"))]
    assert "from article.article.details > h1.article__title.details__headline, meta og:title" in ended.stdout
    assert "from the source's date rule" in ended.stdout
    assert "begins    The Vietnamese and Lao defence ministers signed a protocol" in ended.stdout
    assert "must_not    left out of the text" in ended.stdout
    assert "not for publication" in ended.stdout
    expected = json.loads((tmp_path / "pages_of_sources" / "vietnamplus-en" / "expected.json").read_text(encoding="utf-8"))
    assert "The two ministers review the guard of honour in Moc Chau. (Photo: VNA)" in expected["must_not"]
    check(tmp_path / "pages_of_sources", "vietnamplus-en")


def test_a_pair_that_is_there_stays_without_force(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes((PAIRS / "nhandan" / "page.html").read_bytes())
    words = ("nhandan", str(page), "--out", str(tmp_path / "out"))
    assert record(tmp_path, *words).exit_code == 0
    kept = tmp_path / "out" / "nhandan" / "expected.json"
    kept.write_text("mended by hand", encoding="utf-8")
    again = record(tmp_path, *words)
    assert (again.exit_code, kept.read_text(encoding="utf-8")) == (2, "mended by hand")
    assert "--force" in again.output
    assert record(tmp_path, *words, "--force").exit_code == 0
    assert kept.read_text(encoding="utf-8").startswith("{")


def test_a_page_of_another_source_is_refused(tmp_path: Path) -> None:
    result = record(tmp_path, "qdnd-en", str(PAIRS / "nhandan" / "page.html"), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "belongs to the source nhandan, so it cannot stand for qdnd-en" in result.output
    assert not (tmp_path / "out").exists()


def test_a_section_is_no_article() -> None:
    with pytest.raises(Unfit, match="no article address of that source"):
        make_pair(page_at("https://nhandan.vn/chinhtri/", b"<p>x"), BY_ID["nhandan"], SOURCES)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nhandan", "/no/such/page.html"), "cannot be read: No such file or directory"),
        (("nhandann", "x.html"), "did you mean nhandan?"),
        (("nhandan", "https://nhandan.vn/a-post1.html", "--url", "https://nhandan.vn/a-post1.html"), "--url goes with a FILE"),
    ],
)
def test_wrong_use(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    result = record(tmp_path, *words)
    assert result.exit_code == 2
    assert told in result.output


def test_what_is_wrong_with_the_text_is_told_though_the_pair_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><h1>A headline that stands alone on its page</h1><p>Too short.</p></html>", encoding="utf-8")
    url = "https://nhandan.vn/a-headline-that-stands-alone-post100001.html"
    result = record(tmp_path, "nhandan", str(page), "--url", url, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "no-date: The page states no usable publication time." in result.output
    assert "the suite wants 4 of them" in result.output
    assert (tmp_path / "out" / "nhandan" / "page.html").read_bytes() == page.read_bytes()


def test_an_encoding_that_only_the_header_tells_is_kept_with_the_page() -> None:
    text = "<html><body><h1>越南人民军</h1><p>越老两国国防部长举行会谈</p></body></html>"
    told = page_at("https://nhandan.vn/a-post1.html", text.encode("gb18030"), "text/html; charset=gb18030")
    assert saved_form(told).decode("utf-8-sig") == text
    plain = page_at("https://nhandan.vn/a-post1.html", text.encode("utf-8"))
    assert saved_form(plain) is plain.body


def test_dates_are_judged_by_the_time_of_the_recording() -> None:
    url = "https://nhandan.vn/mot-tin-post100001.html"
    body = f"<meta property='article:published_time' content='2027-02-28T10:00:00+07:00'><h1>Tin</h1><p>{'Đoạn văn. ' * 40}</p>"
    pair = make_pair(page_at(url, body.encode()), BY_ID["nhandan"], SOURCES)
    assert pair.expected["published"] == "2027-02-28T10:00:00+07:00"
    assert pair.expected["fetched"] == NOW.isoformat()


def test_where_a_string_stands() -> None:
    root = parse("<head><meta name='author' content='An'></head><body><div class='a b c'><p><b>An</b></p></div></body>")
    assert stands_in(root, "An") == "p > b, meta author"
    assert stands_in(root, "Anh") == "nowhere as a whole: compare it by hand"
    assert stands_in(root, None) is None


def test_the_folder_is_the_suite_s_own_in_a_checkout_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TESTS.parent)
    assert usual_folder(tmp_path) == IN_CHECKOUT
    monkeypatch.chdir(tmp_path)
    assert usual_folder(tmp_path) == tmp_path / "pages_of_sources"
