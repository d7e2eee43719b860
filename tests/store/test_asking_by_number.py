"""What people name on the command line: articles by number or address, stories, and nothing at all."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from io import StringIO

import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from monitor.cli import main
from monitor.config import load_home, shipped_seed
from monitor.naming import number_or_address
from monitor.stories import fold_waiting
from store.stories.vocabulary import load_vocabulary

OTHER = "Đoàn công tác trao tặng thiết bị y tế cho bệnh viện quân đội nước bạn tại Viêng Chăn, chiều 2/3. " * 5


@pytest.fixture
def home(store, make, tmp_path):
    """A home with two stories (articles 1 and 2) and a dropped article (3)."""
    make.save(store, make.found("1"))
    make.save(store, make.found("2"), text=OTHER, title="Trao thiết bị y tế")
    make.save(store, make.found("3"), "drop", text="Giá cà phê tăng. " * 30)
    store.fold_stories(load_vocabulary(shipped_seed("people.toml")))
    return tmp_path


def vietlao(home, *words):
    result = CliRunner().invoke(main, ["--home", str(home), *words], prog_name="vietlao")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_why_takes_an_article_s_number(home):
    by_number, by_address = vietlao(home, "why", "3"), vietlao(home, "why", "https://bao-a.vn/tin-3")
    assert (by_number.exit_code, by_number.output) == (0, by_address.output)
    assert "Article 3: Tuần tra chung" in by_number.output
    unknown = vietlao(home, "why", "99")
    assert (unknown.exit_code, "there is no article 99; `vietlao search WORDS` finds" in unknown.output) == (2, True)


@pytest.mark.parametrize("words", [("why", ""), ("why", "  "), ("history", ""), ("story", ""), ("mark", "", "relevant")])
def test_nothing_is_no_address(home, words):
    said = vietlao(home, *words)
    assert (said.exit_code, "nothing is named: give an address, or a number" in said.output) == (2, True)


def test_a_number_longer_than_sqlite_counts_is_an_address():
    assert [number_or_address(" 17 "), number_or_address("9" * 19)] == [17, "9" * 19]


def test_what_was_dropped_is_said_to_be_in_no_story_and_why(home):
    said = vietlao(home, "story", "https://bao-a.vn/tin-3")
    assert said.exit_code == 2
    assert "tin-3 is in no story: it was dropped (no defence word near Laos), and stories are made of" in said.output


def test_a_story_is_not_merged_with_itself(home):
    said = vietlao(home, "merge", "1", "1")
    assert (said.exit_code, "both numbers are story 1: there is nothing to merge" in said.output) == (2, True)
    assert vietlao(home, "merge", "1", "2").exit_code == 0
    said = vietlao(home, "merge", "2", "1")
    assert (said.exit_code, "2 and 1 are both story 1 by now: there is nothing to merge" in said.output) == (2, True)


def test_a_story_as_json(home):
    said = vietlao(home, "story", "2", "--json")
    told = json.loads(said.output)
    assert (said.exit_code, told["id"], told["headlines"]) == (0, 2, {"vi": "Trao thiết bị y tế"})
    assert [(report["article"], report["url"], report["role"]) for report in told["reports"]] == [
        (2, "https://bao-a.vn/tin-2", "first report")
    ]
    listed = [json.loads(line) for line in vietlao(home, "stories", "--json").output.splitlines()]
    assert {key: value for key, value in told.items() if key != "reports"} in listed
    assert vietlao(home, "story", "2", "--json", "--history").exit_code == 2


def test_stories_can_be_read_in_a_narrow_terminal(home, store):
    """In a real one: lines end between words, each under its own indentation; through a pipe nothing is wrapped."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home), "stories"]
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"TERM": "xterm"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        with suppress(OSError):  # the terminal is gone when its program is
            while part := os.read(ours, 4096):
                said += part
    os.close(ours)
    assert process.returncode == 0
    lines = said.decode().splitlines()
    assert max(map(cell_len, lines)) <= 40
    assert all(line.startswith("    ") for line in lines)
    piped = vietlao(home, "stories").output
    assert piped.split() == said.decode().split()
    assert max(map(len, piped.splitlines())) > 40


@pytest.mark.parametrize("is_terminal", [True, False])
def test_putting_many_articles_into_stories_shows_how_far_it_is(store, make, tmp_path, is_terminal, monkeypatch):
    monkeypatch.setattr("monitor.stories.LONG", 2)
    make.save(store, make.found("1"))
    make.save(store, make.found("2"), text=OTHER)
    shown = Console(file=StringIO(), force_terminal=is_terminal, width=80, _environ={})
    assert fold_waiting(load_home(tmp_path), store, shown) == []
    told = shown.file.getvalue()
    assert ("putting articles into stories" in told and "2/2" in told) == is_terminal
    assert (told == "putting 2 articles into stories\n") != is_terminal
    assert store.unfolded() == 0


@pytest.mark.parametrize(("number", "told"), [(0, "0 pages"), (1, "1 page"), (2000, "2,000 pages")])
def test_numbers_are_said_as_people_say_them(number, told):
    from store.wording import counted

    assert counted(number, "page") == told
