"""``review``: one key each on a terminal, one line each from a pipe."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from monitor.commands.review import is_over, told_sample
from monitor.reviewing import shown
from store.marked import Candidate, Sample

TITLE = "Coffee growers in Laos look for buyers in Vietnam"


def labels(home) -> dict[str, str]:
    with home.store() as store:
        return {one.mark.url.rsplit("/", 1)[1].removesuffix(".html"): one.mark.label for one in store.last_marks()}


def test_a_pipe_answers_line_by_line_with_notes(home) -> None:
    done = home.vietlao("review", "--borderline", "0", "--by", "an", keys="what?\nI only coffee\ns\n")
    assert done.exit_code == 0
    assert f"\n{TITLE}\npaper.vn · time not stated · https://paper.vn/market.html\nFarmers on" in done.output
    assert "(no text is stored: judge by headline and address)" in done.output
    assert "'what?' is none of r, m, i, s, q" in done.output
    assert "1 marked, 1 skipped" in done.output
    assert labels(home) == {"market": "irrelevant"}
    with home.store() as store:
        (mark,) = store.life("https://paper.vn/market.html").marks
    assert (mark.note, mark.by, mark.sample) == ("only coffee", "an", 1)


def test_the_estimate_is_printed_and_stands_in_the_next_digest(home) -> None:
    output = home.vietlao("review", "--borderline", "0", keys="r\ni\n").output
    told = "So of all relevant articles whose text was judged, about 67% were shown, and at least 66% (95% sure)."
    assert told in output
    assert home.vietlao("review", "--estimate").output in output
    home.vietlao("digest")
    (text,) = (home.path / "digests").glob("*-daily.txt")
    assert told in " ".join(text.read_text(encoding="utf-8").split())


def test_quitting_and_the_end_of_input_leave_the_rest_for_the_next_session(home) -> None:
    for keys in ("q\n", ""):
        assert "0 marked, 0 skipped" in home.vietlao("review", "--borderline", "0", keys=keys).output
    assert "There is no estimate yet" in home.vietlao("review", "--estimate").output
    home.vietlao("review", "--borderline", "0", keys="i\n")
    second = home.vietlao("review", "--borderline", "0", keys="i\n").output
    assert "random sample 1, drawn" in second
    assert "1 of 1 · drawn at random from what was put aside unread" in second
    assert labels(home) == {"market": "irrelevant", "weather": "irrelevant"}
    assert "nothing in it is left to ask" in home.vietlao("review", "--borderline", "0").output


def test_borderline_items_come_first(home) -> None:
    home.vietlao("rejudge", "--topic", str(home.topic_that_keeps_nothing()))
    done = home.vietlao("review", "--borderline", "2", "--sample", "1", keys="m\nr\nq\n")
    assert "1 of 2 · borderline" in done.output
    assert sorted(labels(home).values()) == ["marginal", "relevant"]


def test_a_draw_can_be_repeated_and_renewed(home) -> None:
    assert "random sample 1" in home.vietlao("review", "--borderline", "0", "--seed", "5", keys="q\n").output
    assert "random sample 1" in home.vietlao("review", "--borderline", "0", keys="q\n").output
    assert "random sample 2" in home.vietlao("review", "--borderline", "0", "--new-sample", keys="q\n").output
    with home.store() as store:
        assert store.last_sample().seed != "5"


DRAWN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("size", "has_open", "days", "over"),
    [(9, True, 29, False), (9, True, 31, True), (9, False, 0.5, False), (9, False, 2, True), (0, False, 0, True)],
)
def test_when_another_sample_is_due(size: int, has_open: bool, days: float, over: bool) -> None:
    sample = Sample(1, DRAWN, "an", "1", DRAWN, DRAWN, (("judged", size), ("unread", 0)), (("judged", size),))
    assert is_over(sample, has_open, DRAWN + timedelta(days=days)) is over


def test_nothing_a_page_says_steers_the_terminal() -> None:
    hostile = "Tin\x1b[2J\x1b]0;gone\x07\u202e\r\n nóng"
    lines = shown(Candidate("https://a.vn/1\x1b[1m", hostile, hostile, hostile, None, hostile, None))
    assert all(line.isprintable() for line in lines)
    assert "nóng" in lines[0]


def test_times_are_vietnam_s_as_everywhere_else() -> None:
    evening = datetime(2026, 11, 1, 17, 30, tzinfo=UTC)
    asked = Candidate("https://a.vn/1", "Báo A", "Tin", None, evening, "", None)
    assert "Báo A · 2026-11-02 00:30 (+07) · https://a.vn/1" in shown(asked)
    drawn = Sample(1, evening, "an", "1", evening, evening, (), ())
    assert "drawn 2026-11-02 00:30 (+07) from" in told_sample(drawn, [])


def test_a_terminal_answers_with_single_keys(home) -> None:
    """The key is pressed again and again, as what is typed before a question is thrown away."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "monitor.cli", "--home", str(home.path), "review", "--borderline", "0", "--by", "an"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE) as process:
        os.close(theirs)
        for _ in range(300):
            os.write(ours, b"i")
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
                break
        process.kill()
    os.close(ours)
    assert process.returncode == 0
    assert labels(home) == {"market": "irrelevant", "weather": "irrelevant"}
