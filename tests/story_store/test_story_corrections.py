"""What the analyst corrects holds, whatever comes later."""

import pytest

from spiders.errors import Locked
from store.lock import writer_lock
from store.storytold import explain_story


@pytest.fixture
def told(store, tell, vocabulary):
    """Two stories: 1 with the articles 1 to 3, 2 with 4 and 5."""
    for name in ("c01.1", "c01.2", "c01.3", "c12.1", "c12.2"):
        tell.labelled(store, name)
    store.fold_stories(vocabulary)
    assert [[report.article for report in store.story(number).reports] for number in (1, 2)] == [[2, 1, 3], [4, 5]]
    return store


def again(store, vocabulary):
    """A later run that looks at everything anew."""
    store.db.execute("INSERT INTO story_pending SELECT id FROM article")
    return store.fold_stories(vocabulary)


def articles(store, number):
    return sorted({report.article for report in store.story(number).reports})


def test_a_merge_holds_and_the_other_number_leads_there(told, tell, vocabulary):
    assert told.merge_stories(2, 1, vocabulary) == 1
    again(told, vocabulary)
    new = tell.labelled(told, "c12.3")
    told.fold_stories(vocabulary)
    assert articles(told, 1) == [1, 2, 3, 4, 5, new]
    assert told.story(2).id == told.story_number(2) == 1
    assert [story.id for story in told.stories()] == [1]


def test_a_split_holds_and_later_reports_do_not_undo_it(told, tell, vocabulary):
    new = told.split_story(1, [3], vocabulary)
    again(told, vocabulary)
    late = tell.labelled(told, "c01.4")
    told.fold_stories(vocabulary)
    assert articles(told, new)[0] == 3
    assert {1, 2} <= set(articles(told, 1))
    assert late in (*articles(told, 1), *articles(told, new))
    assert told.merge_stories(1, new, vocabulary) == 1
    again(told, vocabulary)
    assert articles(told, 1) == [1, 2, 3, late]


@pytest.mark.parametrize("numbers", [[], [1, 2, 3], [4], [1, 99]])
def test_a_split_names_some_but_not_all_of_the_articles(told, vocabulary, numbers):
    with pytest.raises(LookupError, match=r"story 1 has the articles \[1, 2, 3\]; name some of them"):
        told.split_story(1, numbers, vocabulary)
    with pytest.raises(LookupError, match="there is no story 99"):
        told.merge_stories(1, 99, vocabulary)
    assert told.unfolded() == 0


@pytest.fixture
def vietlao(told, tmp_path):
    """The command line on that store."""
    from click.testing import CliRunner

    from monitor.cli import main

    return lambda *words: CliRunner().invoke(main, ["--home", str(tmp_path), *words])


def test_the_commands_tell_and_correct(told, vietlao):
    listed = vietlao("stories")
    assert listed.exit_code == 0, listed.output
    assert "3 independent reports, 0 reprints" in listed.output
    shown = vietlao("story", "1")
    assert "Story 1: " in shown.output
    assert "Who took part" in shown.output
    assert "article 2 · first report" in shown.output
    assert vietlao("story", told.article(1).url).output == shown.output
    merged = vietlao("merge", "1", "2")
    assert merged.output.startswith("story 1: ")
    led = vietlao("story", "2")
    assert led.output.startswith("Story 2 was merged into story 1.\nStory 1: ")
    parted = vietlao("split", "1", "4", "5")
    assert "articles 4, 5)" in parted.output
    assert "articles not seen to change." in vietlao("story", "1", "--history").output


def test_a_list_as_json_has_a_story_a_line(vietlao):
    import json

    lines = [json.loads(line) for line in vietlao("stories", "--json").output.splitlines()]
    assert {line["id"] for line in lines} == {1, 2}
    assert all(line["headlines"] and line["outlets"] and line["first_report"] for line in lines)
    assert [line["id"] for line in map(json.loads, vietlao("stories", "--json", "--limit", "1").stdout.splitlines())]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("story", "99"), "there is no story 99; `vietlao stories` lists them"),
        (("story", "https://bao.vn/x"), "there is no story https://bao.vn/x: give its number"),
        (("split", "1", "99"), "story 1 has the articles [1, 2, 3]; name some of them"),
        (("merge", "1", "77"), "there is no story 77"),
        (("stories", "--since", "2026-11-02", "--until", "2026-11-01"), "--since: lies after --until"),
        (("stories", "--kind", "party"), "'party' is not one of"),
    ],
)
def test_wrong_use_is_told(vietlao, words, said):
    result = vietlao(*words)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_correction_waits_for_no_run(vietlao, tmp_path, monkeypatch):
    """While another process holds the lock nothing is corrected, and it is said who holds it."""

    def held(home, **_):
        raise Locked("process 7 holds it")

    monkeypatch.setattr("monitor.commands.correct.writer_lock", held)
    result = vietlao("merge", "1", "2")
    assert (result.exit_code, "process 7 holds it" in result.output) == (Locked.exit_code, True)
    with writer_lock(tmp_path):
        pass


def test_hostile_text_cannot_steer_the_terminal(told, tell, vocabulary):
    tell.put(told, "https://bao-x.vn/1", "Tin \x1b[2Jxấu", "Một tin khác hẳn. " * 9, lang="vi")
    told.fold_stories(vocabulary)
    story = told.story(told.story_of_article(6))
    assert "\x1b" not in explain_story(story)
