"""``vietlao judge`` and ``vietlao evaluate`` as their users call them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from relevance.explain import explain_html
from relevance.shape import Role
from relevance.topic import Topic
from relevance.verdict import Document

CORE = "Đồn Biên phòng Tam Hợp tuần tra song phương với Đại đội Biên phòng 252, tỉnh Bôlykhămxay (Lào)."


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def test_answers_come_in_order_and_bad_lines_in_their_place() -> None:
    lines = [
        json.dumps({"id": 7, "text": CORE, "site": "qdnd.vn", "lang": "vi", "title": None}, ensure_ascii=False).encode(),
        b"{not json",
        b"[1, 2]",
        b'{"id": "a"}',
        b'{"text": 5}',
        b'{"text": "\xff"}',
        b"",
        b'{"id": "z", "text": "b\\ud800"}',
    ]
    result = run("judge", "--jsonl", "-", stdin=b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer.get("id", "error" in answer) for answer in answers] == [7, True, True, True, True, True, "z"]
    assert answers[0]["decision"] == "keep"
    assert {"term", "group", "place", "weight"} == set(answers[0]["reasons"][0])
    assert answers[0]["rules"] == answers[-1]["rules"]
    assert (answers[-1]["decision"], answers[-1]["reasons"]) == ("drop", [])
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [f"line {number}" for number in (2, 3, 4, 5, 6)]


def test_good_lines_end_with_zero(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n{"text": ""}')
    result = run("judge", "--jsonl", str(tmp_path / "in.jsonl"))
    assert result.exit_code == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [None, None]


def test_each_line_is_answered_before_the_next_is_sent() -> None:
    command = [sys.executable, "-m", "monitor.cli", "judge", "--jsonl", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        for number in range(3):
            child.stdin.write(json.dumps({"id": number, "text": CORE}).encode() + b"\n")
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["id"] == number
        child.stdin.close()
        assert child.wait() == 0


def test_explain_marks_the_evidence_of_a_text_and_of_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CORE + " Đoàn về Lào Cai.", encoding="utf-8")
    page = f"<html><head><title>T</title></head><body><article><h1>T</h1><p>{CORE * 4}</p></article></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    for name in ("a.txt", "a.html"):
        result = run("judge", "--explain", str(tmp_path / name))
        assert result.exit_code == 0
        assert result.stdout.startswith("keep, score ")
        assert "Lào[laos-name]" in result.stdout
    text = run("judge", "--explain", str(tmp_path / "a.txt")).stdout
    assert "Lào[cancelled laos-name, veto lao-cai" in text.replace("vietnam-place, ", "")


def test_each_kind_of_evidence_has_its_own_look(topic: Topic) -> None:
    page = explain_html(Document(CORE), topic)
    looks = {role: re.search(rf"mark\.{role}\{{([^}}]*)\}}", page) for role in (*get_args(Role), "cancelled", "veto")}
    assert [role for role, look in looks.items() if look is None] == []
    assert len({look[1] for look in looks.values() if look}) == len(looks)
    assert [role for role in looks if f"<mark class={role}>" not in page] == []  # the legend, which has the terminal's colours


def test_explain_writes_html_that_hostile_text_cannot_leave(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"<script>alert(1)</script> {CORE} \x1b[2J"[1:], encoding="utf-8")
    result = run("judge", "--explain", str(tmp_path / "a.txt"), "--html", str(tmp_path / "why.html"))
    assert result.exit_code == 0
    html = (tmp_path / "why.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert '<mark class="partner" title="laos-name">Lào</mark>' in html
    assert "\x1b" not in run("judge", "--explain", str(tmp_path / "a.txt")).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["judge"], 2, "give either --jsonl FILE or --explain FILE|URL"),
        (["judge", "--jsonl", "-", "--html", "x"], 2, "--html goes with --explain"),
        (["judge", "--explain", "/nowhere/at/all.txt"], 2, "cannot be read"),
        (["judge", "--jsonl", "-", "--topic", "/nowhere.toml"], 2, "/nowhere.toml: there is no such file"),
        (["evaluate", "/nowhere.jsonl"], 2, "/nowhere.jsonl: cannot be read"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], code: int, said: str) -> None:
    result = run(*arguments, stdin=b"")
    assert result.exit_code == code
    assert said in result.stderr


def test_evaluate_fails_below_a_floor_and_on_bad_lines(tmp_path: Path) -> None:
    labelled = tmp_path / "mine.jsonl"
    labelled.write_text(json.dumps({"text": "Giá cà phê", "lang": "vi", "label": "2"}) + "\n", encoding="utf-8")
    floors = tmp_path / "floors.toml"
    floors.write_text("[mine.vi]\ncore_kept = 1.0\n", encoding="utf-8")
    result = run("evaluate", str(labelled), "--floors", str(floors))
    assert result.exit_code == 1
    assert "mine vi core_kept 0 is below its floor 1" in result.stderr
    assert "Laos is not named" in result.stdout
    floors.write_text("[mine.vi]\ncore_kept = 0.0\n", encoding="utf-8")
    assert run("evaluate", str(labelled), "--floors", str(floors)).exit_code == 0
    labelled.write_text("{}\n", encoding="utf-8")
    assert run("evaluate", str(labelled), "--floors", str(floors)).exit_code == 1


def test_evaluate_without_files_takes_the_projects_own() -> None:
    result = run("evaluate")
    assert result.exit_code == 0, result.output
    assert "articles-vi" in result.stdout
    assert "articles-en" in result.stdout
