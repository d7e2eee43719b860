"""``rejudge`` applies other rules to what was read, and the digests follow."""

import json
import shutil
import sqlite3
import subprocess
import sys

import pytest

from store.rejudge import judge_stored

ALL_JUDGED = "nothing to judge anew, as all that is stored was judged by these rules already"


def url(name: str) -> str:
    return f"https://paper.vn/{name}.html"


def digest(home) -> tuple[set[str], str]:
    """Makes the next digest; returns the names of the articles in it and its subject."""
    home.vietlao("digest")
    with home.store() as store:
        (number,) = store.db.execute("SELECT max(id) FROM digest").fetchone()
        made = store.digest(number)
        found = store.articles_by_id(made.articles)
    return {one.url.rsplit("/", 1)[1].removesuffix(".html") for one in found}, made.subject


def rows(home, sql: str) -> list[tuple]:
    with sqlite3.connect(home.path / "news.db") as db:
        return db.execute(sql).fetchall()


def test_a_dry_run_changes_nothing(home) -> None:
    done = home.vietlao("rejudge", "--topic", str(home.topic_of_nothing()), "--dry-run")
    assert "2 leave" in done.output
    assert home.decisions() == {"patrol": "keep", "talks": "keep", "market": "drop"}
    assert rows(home, "SELECT * FROM run WHERE kind = 'rejudge'") == []


def test_new_verdicts_replace_old_ones_which_are_kept_with_their_rules(home) -> None:
    (rules,) = rows(home, "SELECT DISTINCT rules FROM article")[0]
    done = home.vietlao("rejudge", "--topic", str(home.topic_of_nothing()))
    assert done.exit_code == 0
    assert "Crawls go on with" in done.output
    assert set(home.decisions().values()) == {"drop"}
    assert rules not in {row[0] for row in rows(home, "SELECT rules FROM article")}
    past = rows(home, "SELECT decision, rules, reasons FROM past_verdict ORDER BY article")
    assert [(decision, of) for decision, of, _ in past] == [("keep", rules), ("keep", rules), ("drop", rules)]
    assert {"term": "Laos", "group": "laos-name", "place": "lead"}.items() <= max(
        json.loads(past[0][2]), key=lambda reason: (reason["term"] == "Laos") * reason["weight"]
    ).items()


def test_fates_follow_at_every_address_and_lives_tell_it(home, make) -> None:
    home.fetch(make.page("reprint", make.PATROL, host="other.vn"))
    home.vietlao("rejudge", "--topic", str(home.topic_of_nothing()))
    for address in (url("patrol"), "https://other.vn/reprint.html"):
        with home.store() as store:
            life = store.life(address)
        assert life.fate == "dropped"
        assert life.steps[-1].reason.startswith("judged anew: drop, score")
        assert life.steps[-1].data["before"] == "keep"
    with home.store() as store:
        market = store.life(url("market"))
    assert not any("judged anew" in step.reason for step in market.steps)


def test_running_it_again_judges_nothing(home) -> None:
    topic = str(home.topic_with_coffee())
    home.vietlao("rejudge", "--topic", topic)
    before = rows(home, "SELECT * FROM past_verdict")
    assert ALL_JUDGED in home.vietlao("rejudge", "--topic", topic).output
    assert rows(home, "SELECT * FROM past_verdict") == before
    assert set(rows(home, "SELECT state FROM run WHERE kind = 'rejudge'")) == {("finished",)}


def test_what_was_dropped_and_enters_is_told_in_the_next_digest(home) -> None:
    assert digest(home)[0] == {"patrol", "talks"}
    home.vietlao("rejudge", "--topic", str(home.topic_with_coffee()))
    names, subject = digest(home)
    assert names == {"market"}
    assert "1 story" in subject
    assert digest(home)[0] == set()


def test_what_was_told_as_marginal_is_told_again_when_it_is_kept_and_only_then(home) -> None:
    home.vietlao("rejudge", "--topic", str(home.topic_that_keeps_nothing()))
    names, subject = digest(home)
    assert names == {"patrol", "talks"}
    assert "0 stories, 2 marginal" in subject
    home.vietlao("rejudge")
    assert "It was marginal there; the next one tells it as kept." in home.vietlao("why", url("patrol")).output
    names, subject = digest(home)
    assert names == {"patrol", "talks"}
    assert "2 stories" in subject
    assert "It was in digest 1, 2.\n" in home.vietlao("why", url("patrol")).output
    assert "It was marginal there" not in home.vietlao("why", url("patrol")).output
    assert digest(home)[0] == set()


def test_what_leaves_or_sinks_is_not_told_again_nor_when_it_comes_back(home) -> None:
    assert digest(home)[0] == {"patrol", "talks"}
    for topic in (home.topic_that_keeps_nothing(), home.topic_of_nothing(), home.topic_path):
        home.vietlao("rejudge", "--topic", str(topic))
        assert digest(home)[0] == set()
    with home.store() as store:
        assert store.digest(1).articles != ()


def test_a_loss_of_what_was_marked_relevant_ends_with_1(home) -> None:
    home.vietlao("mark", url("talks"), "relevant")
    done = home.vietlao("rejudge", "--topic", str(home.topic_of_nothing()))
    assert done.exit_code == 1
    assert f"lost, though marked relevant: {url('talks')}" in done.output


def test_edited_seeds_of_the_home_need_no_option(home) -> None:
    shutil.copy(home.topic_with_coffee(), home.topic_path)
    done = home.vietlao("rejudge")
    assert "1 enter" in done.output
    assert "Crawls go on" not in done.output
    assert home.decisions()["market"] == "keep"


def test_it_can_be_interrupted_and_run_again(home, monkeypatch) -> None:
    topic = str(home.topic_of_nothing())
    judged = []

    def stop_at_the_second(article, topic):
        judged.append(article.id)
        if len(judged) == 2:
            raise KeyboardInterrupt
        return judge_stored(article, topic)

    with monkeypatch.context() as stopped:
        stopped.setattr("store.rejudge.judge_stored", stop_at_the_second)
        done = home.vietlao("rejudge", "--topic", topic)
    assert done.exit_code == 130
    assert "interrupted: what was judged so far is stored" in done.output
    assert len(rows(home, "SELECT * FROM past_verdict")) == 1
    assert "2 stored texts" in home.vietlao("rejudge", "--topic", topic).output
    assert [row[0] for row in rows(home, "SELECT state FROM run WHERE kind = 'rejudge' ORDER BY id")] == [
        "interrupted",
        "finished",
    ]
    assert len(rows(home, "SELECT * FROM past_verdict")) == 3


def test_it_waits_for_no_crawl(home, make) -> None:
    """Another process holds the lock: exit code 75."""
    with make.writer_lock(home.path):
        command = [sys.executable, "-m", "monitor.cli", "--home", str(home.path), "rejudge"]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 75
        assert home.vietlao("backtest").exit_code == 0


def test_an_archived_page_becomes_an_article(home, make, monkeypatch) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr("store.examine.to_article", lambda *_, **__: 1 / 0)
        home.fetch(make.page("lost-page", (*make.PATROL[:2], *make.TALKS[2:])))
    with home.store() as store:
        assert store.life(url("lost-page")).fate == "retry"
    assert "1 archived page judged; 1 enter" in home.vietlao("rejudge").output
    with home.store() as store:
        life = store.life(url("lost-page"))
    assert (life.fate, life.article.decision, life.due) == ("keep", "keep", None)
    assert digest(home)[0] == {"patrol", "talks", "lost-page"}
    assert ALL_JUDGED in home.vietlao("rejudge").output


@pytest.mark.parametrize("name", ["patrol", "market"])
def test_a_stored_text_is_judged_as_the_page_was(home, name: str) -> None:
    """What is stored is enough to come to the same verdict."""
    with home.store() as store:
        article = store.article(url(name))
    verdict = judge_stored(article, home.topic())
    assert (verdict.decision, verdict.score, verdict.reasons) == (article.decision, article.score, article.reasons)
