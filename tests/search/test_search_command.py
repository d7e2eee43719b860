"""``vietlao search`` as an analyst meets it."""

import json

import pytest
from click.testing import CliRunner

from monitor.cli import main
from store.database import Store


@pytest.fixture
def ask(tmp_path, store, shelf):
    shelf.add("army", "Đoàn công tác Quân đội nhân dân Lào đến thăm tỉnh Điện Biên.", "Đại tướng tiếp khách")
    shelf.add("labour", "Lao động của quân nhân phục viên.", "Việc làm", decision="drop")

    def ask(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["--home", str(tmp_path), "search", *words], prog_name="vietlao")
        assert result.exit_code == code, result.output
        return result.output

    return ask


def test_hits_are_shown_with_the_match_marked(ask):
    lines = ask("quân", "đội", "Lào").splitlines()
    assert lines[0] == "Đại tướng tiếp khách"
    assert lines[1] == "  2026-03-10 12:00 · keep · bao-a · article 1"
    assert lines[2] == "  Đoàn công tác **Quân** **đội** nhân dân **Lào** đến thăm tỉnh Điện Biên."
    assert lines[3] == "  https://bao-a.vn/tin-army"


def test_other_accents_are_told(ask):
    first, second = ask("Lào").split("\n\n")[:2]
    assert ("other accents" in first, "other accents" in second) == (False, True)


def test_json_lines(ask):
    first, second = map(json.loads, ask("Lào", "--json").splitlines())
    assert (first["article"], first["exact"], second["article"], second["exact"]) == (1, True, 2, False)
    start, end = first["snippet_marks"][0]
    assert first["snippet"][start:end] == "Lào"


def test_a_word_with_a_dash_is_taken_away(ask):
    assert "Việc làm" in ask("lao", "-đoàn")
    assert "Đại tướng" not in ask("lao", "-hoà", "-đoàn")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lao", "--limit", "1"), "There are more than these 1"),
        (("lao", "--decision", "drop"), "Việc làm"),
        (("lao", "--source", "qdnd-en"), "Nothing was found."),
        (("lao", "--since", "2026-03-11"), "Nothing was found."),
        (("lao", "--until", "2026-03-11"), "Việc làm"),
    ],
)
def test_options(ask, words, told):
    assert told in ask(*words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (('"abc',), "vietlao: a quotation mark is opened and not closed"),
        (("lao", "AND"), "vietlao: a word is missing after AND"),
        (("lao", "--limt", "3"), "No such option '--limt'"),
        (("lao", "--source", "qdnd-em"), "source qdnd-em: there is no such source; did you mean qdnd-en?"),
        (("lao", "--since", "2026-02-02", "--until", "2026-02-01"), "--since: lies after --until"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(ask, words, told):
    output = ask(*words, code=2)
    assert told in output
    assert "Traceback" not in output


def test_without_a_store_none_is_made(tmp_path):
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "search", "lao"])
    assert result.exit_code == 2
    assert "there is no store in" in result.output
    assert not (tmp_path / "news.db").exists()


def test_what_is_not_indexed_yet_is_put_in_first(ask, store, tmp_path, monkeypatch):
    monkeypatch.setattr("store.search.searching.AT_OPENING", 0)
    store.forget_index()
    assert "putting 2 articles into the search index" in ask("lao")
    with Store.open(tmp_path) as opened:
        assert opened.unindexed() == 0
