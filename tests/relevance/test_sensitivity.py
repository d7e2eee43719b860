"""What a number of the topic file is worth, and that the project's own file says so beside each of its numbers."""

import re
from pathlib import Path

import pytest

import seeds
from relevance.evaluate import Item, evaluate
from relevance.sensitivity import Number, Outcome, Worth, numbers, outcome, worth
from relevance.shape import PeopleFile, TopicFile
from relevance.topic import build, read_topic
from relevance.verdict import Document

SEEDS = Path(seeds.__file__).parent


@pytest.fixture(scope="module")
def files() -> tuple[TopicFile, PeopleFile]:
    return read_topic(SEEDS / "topic.toml", SEEDS / "people.toml")


def item(label: int, text: str, lang: str = "en") -> Item:
    return Item("set", text[:20], lang, "kind", label, Document(text, site="en.vietnamplus.vn", lang=lang))


PATROL = item(2, "Border guards of Vietnam and Laos held a joint patrol in Quang Tri on Monday.")
RAIN = item(0, "Rain is expected in the north of the country until Friday.")


def test_every_number_of_the_file_is_listed_once(files: tuple[TopicFile, PeopleFile]) -> None:
    found = numbers(files[0])
    assert len({number.name for number in found}) == len(found)
    text = (SEEDS / "topic.toml").read_text(encoding="utf-8")
    assert len(found) == len(re.findall(r"^\w+ = [\d.]+\b", text, re.MULTILINE))


def test_outcomes_count_core_and_wrong_texts_of_the_gated_languages(files: tuple[TopicFile, PeopleFile]) -> None:
    topic = build(*files, "test")
    mislabelled = item(0, PATROL.document.text)
    found = outcome(evaluate([PATROL, RAIN, mislabelled, item(2, PATROL.document.text, "fr")], topic))
    assert found == Outcome(1, 1, marginal_kept=0, marginal_shown=0, wrong_kept=1, wrong_shown=1)


def test_a_number_is_moved_until_a_decision_changes(files: tuple[TopicFile, PeopleFile]) -> None:
    topic, people = files
    now = outcome(evaluate([PATROL, RAIN], build(topic, people, "test")))
    keep_defence = next(number for number in numbers(topic) if number.name == "limits.keep_defence")
    # below its value nothing can be lost; above 2.0, the weights of border guards and a patrol, the core text is not kept
    found = worth(keep_defence, topic, people, [PATROL, RAIN], now)
    assert found.below is None
    assert found.above == (keep_defence.value * 4, "-1 core kept")


def test_a_value_that_the_file_may_not_have_is_not_tried(files: tuple[TopicFile, PeopleFile]) -> None:
    topic, people = files
    now = outcome(evaluate([PATROL], build(topic, people, "test")))
    fade = next(number for number in numbers(topic) if number.name == "places.fade")
    assert fade.value * 1.5 > 1
    assert worth(fade, topic, people, [PATROL], now).above is None


def test_worth_reads_as_a_comment() -> None:
    number = Number(("limits", "keep"), "limits.keep", 4.0)
    assert str(Worth(number, (3.2, "+1 wrong kept"), None)) == "3.2: +1 wrong kept; above: no change up to 4 times"
    assert str(Worth(number, None, None)) == "below and above: no change up to 4 times"
    assert str(Worth(number, (2.0, "+1 wrong kept"), (5.0, "-2 core kept"))) == "2: +1 wrong kept; 5: -2 core kept"


def test_each_number_of_the_topic_file_states_its_evidence() -> None:
    lines = (SEEDS / "topic.toml").read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if re.match(r"\w+ = [\d.]+\b", line) and not re.search(r"# .*(: [+-]\d|no change)", line)]
    assert bare == []
