"""``vietlao extract`` on saved pages, without any network."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main

PAGES = Path(__file__).parent / "pages"
KEYS = "url canonical_url site title lead text author published published_source modified lang credit image captions quality"


@pytest.fixture
def home(tmp_path: Path) -> str:
    assert CliRunner().invoke(main, ["--home", str(tmp_path), "init"]).exit_code == 0
    return str(tmp_path)


def test_one_object_a_page_in_order(home: str) -> None:
    names = ["no-h1", "agency-sign-off", "challenge"]
    result = CliRunner().invoke(main, ["--home", home, "extract", "--json", *(str(PAGES / f"{name}.html") for name in names)])
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [" ".join(list(found)[:15]) for found in objects] == [KEYS] * 3
    assert [found["credit"] for found in objects] == [None, "VNS", None]
    assert objects[2]["quality"] == ["consent-or-challenge"]


def test_the_address_given_is_the_pages(home: str) -> None:
    arguments = ["extract", "--json", str(PAGES / "no-h1.html"), "--url", "https://bao.example/tuan-tra-d1.html"]
    result = CliRunner().invoke(main, ["--home", home, *arguments])
    assert json.loads(result.stdout)["url"] == "https://bao.example/tuan-tra-d1.html"


def test_a_missing_file_is_answered_in_its_place(home: str) -> None:
    arguments = ["extract", "--json", "nowhere.html", str(PAGES / "no-h1.html")]
    result = CliRunner().invoke(main, ["--home", home, *arguments])
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert first == {"url": "nowhere.html", "error": "cannot be read: No such file or directory"}
    assert second["title"]


def test_the_readable_form_says_what_is_wrong(home: str) -> None:
    result = CliRunner().invoke(main, ["--home", home, "extract", str(PAGES / "date-in-the-future.html")])
    assert "date-refused: The page states a publication time that cannot be true." in result.stdout
    assert "it lies in the future" in result.stdout


def test_one_address_is_for_one_file(home: str) -> None:
    result = CliRunner().invoke(main, ["--home", home, "extract", "a.html", "b.html", "--url", "https://bao.example/"])
    assert result.exit_code == 2
    assert "--url goes with one FILE" in result.stderr
