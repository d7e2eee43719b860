"""``vietlao cluster`` answers each line in its place."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main

FIRST = {
    "id": "a",
    "url": "https://baonghean.vn/1",
    "site": "baonghean.vn",
    "lang": "vi",
    "published": "2024-03-12T16:00:00+07:00",
    "title": "Tuần tra song phương ở Kỳ Sơn",
    "text": "Ngày 12/3, Đồn Biên phòng Nậm Cắn và Đại đội Biên phòng 221 tỉnh Xiêng Khoảng (Lào) tuần tra song phương từ "
    "mốc 401 đến mốc 405, do Trung tá Lô Văn Khánh dẫn đầu. Mốc giới nguyên trạng, hai đơn vị ký biên bản tại mốc cuối cùng.",
}
SECOND = {
    **FIRST,
    "id": 2,
    "site": "vietnam.vn",
    "published": "2024-03-13",
    "title": "Giữ vững đường biên",
    "text": FIRST["text"] + "\nTheo Báo Nghệ An",
}
THIRD = {
    "id": "c",
    "lang": "en",
    "published": None,
    "title": "Border guards patrol together",
    "text": "Nam Can border post in Nghe An and Lao Company 221 of Xieng Khouang walked from Marker 401 to Marker 405 on "
    "March 12 under Lieutenant Colonel Lo Van Khanh.",
}
OTHER = {
    **FIRST,
    "id": "d",
    "published": "2025-07-01",
    "title": "Lễ bế giảng",
    "text": "Ngày 30/6, Học viện Quốc phòng bế giảng lớp học.",
}


def run(lines, tmp_path):
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "cluster", "--jsonl", str(file)])
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def test_reports_of_one_event_share_a_story_across_languages_and_copies_are_named(tmp_path):
    result, rows = run([FIRST, SECOND, OTHER, THIRD], tmp_path)
    assert result.exit_code == 0, result.output
    assert [(row["id"], row["duplicate_of"]) for row in rows] == [("a", None), (2, "a"), ("d", None), ("c", None)]
    stories = [row["story"] for row in rows]
    assert stories[0] == stories[1] == stories[3] != stories[2]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is not valid JSON: "),
        ("[]", "is a list, not an object"),
        ({"text": "x"}, "has no id"),
        ({"id": [], "text": "x"}, "id is a list, not a string or a number"),
        ({"id": "x"}, "has no text"),
        ({"id": "x", "text": 5}, "text is a number, not a string"),
        ({"id": "x", "text": "y", "published": "soon"}, "published is 'soon', not a day"),
        ({"id": "x", "text": "y", "published": "2024-13"}, "published"),
    ],
)
def test_a_bad_line_is_answered_in_its_place_and_the_rest_goes_on(line, what, tmp_path):
    result, rows = run([FIRST, line, SECOND], tmp_path)
    assert result.exit_code == 1
    assert what in rows[1]["error"]
    assert "line 2" in result.stderr
    assert rows[2] == {"id": 2, "story": rows[0]["story"], "duplicate_of": "a"}


@pytest.mark.parametrize("line", ["{", "[]", "null", '{"id": 1, "text": 5}', '{"id": 1}', '{"id": NaN}', b"\xff", "[" * 99_999])
def test_the_same_fault_is_told_in_the_same_words_as_by_judge(line, tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(line if isinstance(line, bytes) else line.encode())
    said = [CliRunner().invoke(main, [command, "--jsonl", str(path)]) for command in ("cluster", "judge")]
    assert [one.exit_code for one in said] == [1, 1]
    assert said[0].output == said[1].output
    assert "line 1: " in said[0].output


@pytest.mark.parametrize("published", ["2024", "2024-03", "2024-03-12", "2024-03-12T16:00", "2024-03-12T09:00:00Z", "", None])
def test_publication_may_be_a_time_a_day_a_month_or_missing(published, tmp_path):
    result, rows = run([FIRST, {**THIRD, "published": published}], tmp_path)
    assert result.exit_code == 0, result.output
    assert rows[0]["story"] == rows[1]["story"]


def test_a_decomposed_text_is_the_same_text(tmp_path):
    decomposed = {**FIRST, "id": "nfd", "text": unicodedata.normalize("NFD", FIRST["text"])}
    _, rows = run([FIRST, decomposed], tmp_path)
    assert rows[1] == {"id": "nfd", "story": rows[0]["story"], "duplicate_of": "a"}


def test_two_lines_may_bear_one_id(tmp_path):
    _, rows = run([FIRST, {**OTHER, "id": "a"}], tmp_path)
    assert [row["id"] for row in rows] == ["a", "a"]
    assert rows[0]["story"] != rows[1]["story"]


def test_standard_input_is_read(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "cluster", "--jsonl", "-"],
        input=json.dumps(FIRST, ensure_ascii=False).encode(),
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"id": "a", "story": 1, "duplicate_of": None}


def test_no_articles_give_no_stories(tmp_path):
    result, rows = run([], tmp_path)
    assert (result.exit_code, rows) == (0, [])
