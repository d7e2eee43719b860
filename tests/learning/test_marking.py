"""``mark``, ``mark --export`` and what others make of the marks."""

import json

import pytest
from click.testing import CliRunner

from monitor.cli import main


def url(name: str) -> str:
    return f"https://paper.vn/{name}.html"


def test_the_last_mark_counts_and_all_are_kept(home) -> None:
    assert home.vietlao("mark", url("patrol"), "marginal", "--by", "an").exit_code == 0
    done = home.vietlao("mark", url("patrol"), "relevant", "--by", "bình", "--note", "tuần tra chung")
    assert done.stdout == f"{url('patrol')} is marked relevant (it is kept)\n"
    with home.store() as store:
        marks = store.life(url("patrol")).marks
        (counting,) = store.last_marks()
    assert [(mark.label, mark.by, mark.note, mark.fate) for mark in marks] == [
        ("marginal", "an", "", "keep"),
        ("relevant", "bình", "tuần tra chung", "keep"),
    ]
    assert counting.mark == marks[1]


@pytest.mark.parametrize(("name", "told"), [("market", "it was dropped"), ("weather", "it was dropped")])
def test_what_was_dropped_can_be_marked_also_without_a_text(home, name: str, told: str) -> None:
    done = home.vietlao("mark", url(name), "relevant")
    assert (done.exit_code, told in done.output) == (0, True)


def test_an_article_s_number_marks_it_and_why_tells_the_mark(home) -> None:
    with home.store() as store:
        number = store.article(url("talks")).id
    home.vietlao("mark", str(number), "irrelevant", "--by", "an", "--note", "no talks")
    told = home.vietlao("why", url("talks")).output
    assert "Marked irrelevant by an " in told
    assert ": no talks" in told


def test_any_spelling_of_an_address_will_do_and_a_mark_holds_for_each_sighting(home, make) -> None:
    reprint = make.page("reprint", make.PATROL, host="other.vn")
    home.fetch(reprint)
    home.vietlao("mark", "http://www.other.vn/reprint.html", "relevant")
    with home.store() as store:
        assert [mark.url for mark in store.life(url("patrol")).marks] == ["https://other.vn/reprint.html"]
        of_articles, _ = store.labels()
        assert of_articles == {store.article(url("patrol")).id: "relevant"}


def test_what_was_never_seen_is_an_error_with_a_hint(home) -> None:
    done = home.vietlao("mark", url("patrl"), "relevant")
    assert done.exit_code == 2
    assert f"was never seen, so there is nothing to mark; did you mean {url('patrol')}?" in done.output
    assert "there is no article 77" in home.vietlao("mark", "77", "relevant").output
    assert home.vietlao("mark", url("patrol"), "great").exit_code == 2
    assert home.vietlao("mark", url("patrol")).exit_code == 2
    with home.store() as store:
        assert store.last_marks() == []


@pytest.mark.parametrize(
    "what", ["http://[x", "", " ", "file:///etc/passwd", "9" * 30, "²", "%", "\x00", "https://paper.vn/\udce1"]
)
def test_what_is_no_address_is_an_error_too(home, what: str) -> None:
    done = home.vietlao("mark", what, "relevant")
    assert done.exit_code == 2
    assert any(told in done.output for told in ("never seen", "there is no article", "nothing is named"))


def test_a_note_cannot_steer_the_terminal_that_shows_it(home) -> None:
    home.vietlao("mark", url("patrol"), "relevant", "--note", "one\x1b[2J\ntwo", "--by", "a\x07n")
    told = home.vietlao("why", url("patrol")).output
    assert "one\ufffd[2J two" in told
    assert "\x1b" not in told
    assert "\x07" not in told


def test_marking_does_not_wait_for_a_running_crawl(home, make) -> None:
    with make.writer_lock(home.path):
        assert home.vietlao("mark", url("patrol"), "relevant").exit_code == 0


def test_marks_are_exported_as_labelled_texts_that_evaluate_reads(home, tmp_path) -> None:
    for name, label in (("patrol", "relevant"), ("talks", "marginal"), ("market", "irrelevant"), ("weather", "irrelevant")):
        home.vietlao("mark", url(name), label)
    file = tmp_path / "marked.jsonl"
    done = home.vietlao("mark", "--export", str(file))
    assert "3 marked articles; 1 without a stored text left out" in done.output
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["url"], line["label"]) for line in lines] == [(url("patrol"), 2), (url("talks"), 1), (url("market"), 0)]
    assert {"id", "url", "title", "text", "lang", "site", "label"} <= set(lines[0])
    measured = home.vietlao("evaluate", str(file))
    assert measured.exit_code == 0
    assert "core_kept         1.000  1 of 1" in measured.output


def test_an_export_that_cannot_be_made_leaves_the_older_one(tmp_path) -> None:
    file = tmp_path / "marked.jsonl"
    file.write_text("the marks of last week\n", encoding="utf-8")
    words = ["--home", str(tmp_path / "elsewhere"), "mark", "--export"]
    for target in (file, tmp_path / "new.jsonl"):
        done = CliRunner().invoke(main, [*words, str(target)])
        assert (done.exit_code, "there is no store in" in done.output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["marked.jsonl"]
    assert file.read_text(encoding="utf-8") == "the marks of last week\n"


def test_an_export_without_marks_is_an_empty_file_and_one_that_may_not_be_written_is_told(home, tmp_path) -> None:
    file = tmp_path / "none.jsonl"
    assert "0 marked articles" in home.vietlao("mark", "--export", str(file)).output
    assert file.read_bytes() == b""
    done = home.vietlao("mark", "--export", str(tmp_path / "no" / "folder.jsonl"))
    assert (done.exit_code, "No such file or directory" in done.output) == (1, True)


def test_evaluate_measures_on_the_marks_themselves(home) -> None:
    home.vietlao("mark", url("patrol"), "relevant")
    home.vietlao("mark", url("market"), "relevant")
    output = home.vietlao("evaluate", "--marks").output
    assert "marks        en    core_kept         0.500  1 of 2" in output
    assert "Coffee growers" in output


def test_evaluate_says_when_nothing_was_marked(home) -> None:
    done = home.vietlao("evaluate", "--marks")
    assert done.exit_code == 2
    assert "there are no labelled articles here" in done.output
