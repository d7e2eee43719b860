"""``vietlao history``: what it prints, in a terminal and out of one."""

import pytest
from click.testing import CliRunner
from rereading import BODY, html
from rich.console import Console

from monitor.app import App
from monitor.cli import main
from monitor.commands.history import history
from store.history import explain_history

URL = "https://bao-a.vn/tin-1"


@pytest.fixture
def edited(desk):
    desk.read(html())
    desk.wait(hours=6)
    desk.again()
    desk.read(html("Tuần tra song phương Việt Nam - Lào trong mùa khô", (BODY[0].replace("12 km", "14 km"), *BODY[1:])))
    return desk


def run(home, *words):
    return CliRunner().invoke(main, ["--home", str(home), "history", *words])


def test_by_address_and_by_number_with_marks_where_there_is_no_terminal(edited):
    by_url, by_number = run(edited.home, "https://www.bao-a.vn/tin-1"), run(edited.home, "1")
    assert by_url.output == by_number.output
    assert by_url.output.splitlines() == [
        "https://bao-a.vn/tin-1 (bao-a)",
        "2026-03-01 12:00 (+07)  Version 1: Tuần tra song phương Việt Nam - Lào trước mùa mưa",
        "2026-03-01 18:00 (+07)  Version 2: the headline and 1 number changed. Before it was last read 2026-03-01 12:00 (+07).",
        "    Headline: Tuần tra song phương Việt Nam - Lào [-trước mùa mưa-] {+trong mùa khô+}",
        "    … trên đoạn biên giới dài hơn [-12-] {+14+} km do hai đơn vị quản lý.",
    ]


def test_whole_shows_sentences_in_full(edited):
    assert "    Sáng 28/2, Đồn Biên phòng Nậm Cắn" in run(edited.home, URL, "--whole").output


def test_colours_and_lines_in_a_terminal(edited):
    app = App(str(edited.home))
    app.console = Console(force_terminal=True, color_system="standard", width=400, highlight=False)
    with app.console.capture() as shown:
        CliRunner().invoke(history, [URL], obj=app)
    assert "\x1b[9;31m12\x1b[0m \x1b[4;32m14\x1b[0m km" in shown.get()
    assert "[-" not in shown.get()


@pytest.mark.parametrize("what", ["7", "9" * 30, "https://bao-a.vn/tin-9", "x"])
def test_what_is_not_there_is_a_sentence(edited, what):
    done = run(edited.home, what)
    assert done.exit_code == 2
    assert f"there is no article {what}; `vietlao why URL`" in done.output


def test_a_home_without_a_store_is_a_sentence(tmp_path):
    done = run(tmp_path, URL)
    assert done.exit_code == 2
    assert "there is no store" in done.output


def test_no_versions_are_told_as_well():
    assert explain_history(()) == "There is no such article."
