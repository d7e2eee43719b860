"""``backtest`` shows what other rules would do, and changes nothing."""

import json
import re
import sqlite3

import pytest


def url(name: str) -> str:
    return f"https://paper.vn/{name}.html"


def tables(home) -> list[str]:
    """Everything the store holds, as text."""
    with sqlite3.connect(home.path / "news.db") as db:
        return [line for line in db.iterdump() if "sqlite_stat" not in line]


def test_the_rules_of_now_change_nothing(home) -> None:
    done = home.vietlao("backtest")
    assert done.exit_code == 0
    assert "nothing to judge anew, as all that is stored was judged by these rules already" in done.output


def test_what_would_enter_is_shown_with_the_words_that_did_it(home) -> None:
    before = tables(home)
    done = home.vietlao("backtest", "--topic", str(home.topic_with_coffee()))
    assert done.exit_code == 0
    assert "1 enter\n  drop, 0 -> keep" in done.output
    assert url("market") in done.output
    assert "coffee (coffee, lead)" in done.output
    assert "3 stored texts and 0 archived pages judged; 1 enter, 0 rise" in done.output
    assert tables(home) == before


def test_what_would_leave_is_shown_and_fails_when_it_was_marked_relevant(home) -> None:
    topic = str(home.topic_of_nothing())
    assert home.vietlao("backtest", "--topic", topic).exit_code == 0
    home.vietlao("mark", url("patrol"), "relevant")
    done = home.vietlao("backtest", "--topic", topic)
    assert done.exit_code == 1
    assert "2 leave" in done.output
    assert f"lost, though marked relevant: {url('patrol')}" in done.output
    home.vietlao("mark", url("patrol"), "marginal")
    assert home.vietlao("backtest", "--topic", topic).exit_code == 0


def test_a_marked_item_is_judged_however_old_it_is(home) -> None:
    home.vietlao("mark", url("patrol"), "relevant")
    done = home.vietlao("backtest", "--topic", str(home.topic_of_nothing()), "--since", "2090-01-01")
    assert done.exit_code == 1
    assert "1 stored text and" in done.output


def test_what_only_sinks_to_marginal_is_not_lost(home) -> None:
    home.vietlao("mark", url("patrol"), "relevant")
    done = home.vietlao("backtest", "--topic", str(home.topic_that_keeps_nothing()))
    assert done.exit_code == 0
    assert "2 sink from keep to marginal" in done.output
    assert "the words weigh the same: a limit moved" in done.output


def test_json_has_all_of_it(home) -> None:
    home.vietlao("mark", url("talks"), "relevant")
    done = home.vietlao("backtest", "--topic", str(home.topic_of_nothing()), "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["lost"] == [url("talks")]
    assert told["judged"] == 3
    change = next(one for one in told["changes"] if one["url"] == url("talks"))
    assert (change["way"], change["mark"], change["before"]["decision"], change["after"]["decision"]) == (
        "leaves",
        "relevant",
        "keep",
        "drop",
    )
    assert any(one["term"] == "Laos" and one["after"] < one["before"] for one in change["shifts"])


def test_what_is_missed_before_and_after_is_told_but_is_no_loss(home) -> None:
    home.vietlao("mark", url("market"), "relevant")
    home.vietlao("mark", url("weather"), "relevant")
    done = home.vietlao("backtest", "--topic", str(home.topic_of_nothing()))
    assert done.exit_code == 0
    assert f"still missed, though marked relevant: {url('market')}" in done.output
    assert f"not judged: {url('weather')}: it is marked relevant, and no text of it is stored" in done.output


@pytest.fixture
def broken(home, make, monkeypatch) -> None:
    """A page on which extraction once raised, archived and without an article; the fault is mended since."""
    with monkeypatch.context() as faulty:
        faulty.setattr("store.examine.to_article", lambda *_, **__: 1 / 0)
        home.fetch(make.page("lost-page", (*make.PATROL[:2], *make.TALKS[2:])))


@pytest.mark.usefixtures("broken")
def test_archived_pages_without_an_article_are_read_again(home) -> None:
    done = home.vietlao("backtest")
    assert done.exit_code == 0
    assert "no text before -> keep" in done.output
    assert url("lost-page") in done.output
    assert "0 stored texts and 1 archived page judged; 1 enter" in done.output


@pytest.mark.usefixtures("broken")
def test_a_page_whose_bytes_are_gone_is_told(home) -> None:
    for file in (home.path / "archive").iterdir():
        file.unlink()
    output = home.vietlao("backtest").output
    assert f"not judged: {url('lost-page')}: " in output
    assert "is missing, and the page with it" in output


def test_the_outlet_that_makes_most_of_a_text_decides(home, make) -> None:
    """A text that does not name Vietnam says more in an outlet of Vietnam than in a foreign one, whichever had it first."""
    text = tuple(re.sub(r"Vietnam(ese)?( and| People's)? |of Vietnam |Quang Tri |La Lay ", "", line) for line in make.PATROL)
    home.fetch(make.page("abroad", text, host="paper.example"))
    assert home.decisions()["abroad"] == "drop"
    home.fetch(make.page("at-home", text))
    risen = home.decisions()["abroad"]
    assert risen != "drop"
    home.vietlao("rejudge", "--topic", str(home.topic_with_coffee()))
    assert home.decisions()["abroad"] == risen


def test_pages_put_aside_whose_headline_names_the_partner_now_are_fetched_again(home) -> None:
    """Of them no text is there to be judged."""
    before = home.topic_path.read_text(encoding="utf-8")
    topic = home.path / "rain.toml"
    topic.write_text(before.replace('terms = ["Lào", "Laos"', 'terms = ["Lào", "Rain", "Laos"'), encoding="utf-8")
    told = f"put aside unread, but listed under a headline that names what it should: {url('weather')}"
    assert told not in home.vietlao("backtest").output
    assert told in home.vietlao("backtest", "--topic", str(topic)).output
    assert told in home.vietlao("rejudge", "--topic", str(topic)).output
    assert told not in home.vietlao("rejudge", "--topic", str(topic)).output
    with home.store() as store:
        assert store.life(url("weather")).fate == "waiting"
        assert [one.url for one in store.pending("paper.vn", store.begin_run("crawl"))] == [url("weather")]


def test_a_broken_topic_file_is_told(home) -> None:
    (home.path / "bad.toml").write_text("name = 1\n", encoding="utf-8")
    done = home.vietlao("backtest", "--topic", str(home.path / "bad.toml"))
    assert done.exit_code == 2
    assert "bad.toml: " in done.output
