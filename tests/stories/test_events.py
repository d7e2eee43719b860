"""The labelled articles: how well stories agree with events, and that floors are kept and only move up.

tests/stories/events/tune_*.txt were looked at while weights and vocabulary were made, report_*.txt were not. Measure with

    python -m pytest tests/stories/test_events.py -s

What one event is: what one set of people does at one place on one occasion. The talks of a visit and its courtesy calls
are events of their own, so are a farewell ceremony and the burial that follows it; a report that covers several belongs
to the one its headline and lead tell.
"""

import json
import random
from pathlib import Path

import pytest

from store.stories.evaluate import b_cubed, cross_language, pairwise, read_labelled
from store.stories.grouping import group
from store.stories.vocabulary import load_vocabulary

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
LEAST = {"b_cubed": 0.95, "b_cubed_cross": 0.94, "pairwise": 0.90}
"""What the floors may never be lowered to less than, whatever the file says."""


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(HERE.parents[1] / "seeds" / "people.toml")


def labelled(half):
    return read_labelled((HERE / "events").glob(f"{half}_*.txt"))


def measures(articles, vocabulary):
    truth = {article.report.id: article.event for article in articles}
    found = {one.id: one.story for one in group([article.report for article in articles], vocabulary)}
    return {
        "b_cubed": b_cubed(truth, found).f1,
        "b_cubed_cross": b_cubed(truth, found, cross_language(articles)).f1,
        "pairwise": pairwise(truth, found).f1,
    }


@pytest.mark.parametrize("half", ["tune", "report"])
def test_stories_agree_with_events(half, vocabulary):
    articles = labelled(half)
    reached = measures(articles, vocabulary)
    print(f"\n{half}: {len(articles)} articles", {name: round(value, 4) for name, value in reached.items()})
    for name, value in reached.items():
        assert value >= FLOORS[half][name], f"{name} fell below its floor"
        assert FLOORS[half][name] >= LEAST[name], f"the floor of {name} was lowered"
        assert value < FLOORS[half][name] + 0.02, f"{name} is {value:.3f}: raise its floor in floors.json"


def test_the_labelled_set_is_what_it_claims():
    articles = [article for half in ("tune", "report") for article in labelled(half)]
    assert len(articles) == FLOORS["tune"]["articles"] + FLOORS["report"]["articles"] >= 220
    assert len({article.event for article in articles}) >= 60
    assert {article.report.lang for article in articles} == {"vi", "en"}
    assert len({article.report.id for article in articles}) == len(articles)
    assert len(cross_language(articles)) == len(articles)


@pytest.mark.parametrize("seed", range(3))
def test_order_of_arrival_hardly_matters(seed, vocabulary):
    articles = [article for half in ("tune", "report") for article in labelled(half)]
    in_order = measures(articles, vocabulary)
    random.Random(seed).shuffle(articles)
    shuffled = measures(articles, vocabulary)
    for name, value in in_order.items():
        assert abs(value - shuffled[name]) <= FLOORS["shuffled_loss"] <= 0.02


def test_measures_of_a_known_grouping():
    truth = {"a": 1, "b": 1, "c": 2, "d": 2}
    found = {"a": "x", "b": "x", "c": "x", "d": "y"}
    scores = b_cubed(truth, found)
    assert (scores.precision, scores.recall) == ((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, (1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert (pairwise(truth, found).precision, pairwise(truth, found).recall) == (1 / 3, 1 / 2)
    assert pairwise({"a": 1}, {"a": 1}).f1 == 1.0
