"""The labelled articles: the project's own always, the shared sets where they are; and the arithmetic of the measures."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main
from relevance.evaluate import (
    Item,
    Judged,
    applying,
    below,
    errors,
    evaluate,
    load_floors,
    measures,
    read_items,
    summary,
    table,
)
from relevance.topic import Topic
from relevance.verdict import Decision, Document, Reason, Verdict
from spiders.errors import ConfigurationError

HERE = Path(__file__).parent
OWN = sorted((HERE / "articles").glob("*.jsonl"))
SHARED = HERE.parents[1].parent / "shared" / "relevance"


def items_of(path: Path) -> list[Item]:
    with path.open("rb") as file:
        items, faults = read_items(path.stem, file)
    assert faults == []
    return items


def judged(label: int, decision: Decision, kind: str = "k", lang: str = "vi") -> Judged:
    reasons = (Reason("Lào", "laos-name", "lead", 2.0),)
    item = Item("set", "1", lang, kind, label, Document("text", title="A headline"))
    return Judged(item, Verdict(decision, 2.0, reasons, "" if decision == "keep" else "too little", "1-x"))


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_articles_stay_above_their_floors(topic: Topic, path: Path) -> None:
    found = evaluate(items_of(path), topic)
    assert below(measures(found), load_floors(HERE / "floors.toml")) == [], errors(found)


@pytest.mark.parametrize("name", ["dev", "dev_full"])
def test_shared_sets_stay_above_their_floors(topic: Topic, name: str) -> None:
    path = SHARED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"there is no {path}")
    found = evaluate(items_of(path), topic)
    print(summary(measures(found), load_floors(HERE / "floors.toml")))
    assert below(measures(found), load_floors(HERE / "floors.toml")) == []


def test_own_articles_are_many_long_half_negative_and_in_both_languages() -> None:
    items = [item for path in OWN if path.stem.startswith("articles") for item in items_of(path)]
    assert len(items) >= 120
    assert len({item.id for item in items}) == len({item.document.text for item in items}) == len(items)
    assert all(len(f"{item.document.title} {item.document.text}".split()) >= 120 for item in items)
    for lang in ("vi", "en"):
        labels = [item.label for item in items if item.lang == lang]
        assert labels.count(0) * 2 >= len(labels) >= 60


def test_short_texts_of_our_own_are_as_a_feed_has_them() -> None:
    items = [item for path in OWN if path.stem.startswith("short") for item in items_of(path)]
    assert len({item.document.text for item in items}) == len(items) >= 200
    assert all(8 <= len(item.document.text.split()) <= 80 for item in items)


def test_measures_count_what_they_say() -> None:
    found = measures(
        [
            judged(2, "keep"),
            judged(2, "marginal"),
            judged(2, "drop"),
            judged(1, "keep"),
            judged(0, "keep", "laocai-military"),
            judged(2, "keep", lang="fr"),
        ]
    )
    assert [(each.lang, each.name, each.hits, each.total) for each in found] == [
        ("other", "core_kept", 1, 1),
        ("other", "core_shown", 1, 1),
        ("other", "kept_right", 1, 1),
        ("other", "background_kept", 0, 0),
        ("vi", "core_kept", 1, 3),
        ("vi", "core_shown", 2, 3),
        ("vi", "kept_right", 2, 3),
        ("vi", "background_kept", 1, 1),
    ]


def test_a_missed_floor_and_a_broken_ceiling_are_told() -> None:
    found = measures([judged(2, "drop"), judged(0, "keep", "background")])
    floors = {("set", "vi", "core_kept"): 0.5, ("set", "vi", "background_kept"): 0.0, ("set", "en", "core_kept"): 1.0}
    assert below(found, floors) == [
        "set vi core_kept 0 is below its floor 0.5",
        "set vi background_kept 1 is above its ceiling 0",
    ]


def test_only_floors_that_apply_count_and_nothing_to_measure_is_no_success() -> None:
    found = measures([judged(2, "marginal")])
    floors = {("set", "vi", "core_shown"): 0.5, ("set", "vi", "kept_right"): 0.9, ("dev", "vi", "core_kept"): 0.9}
    assert [(measure.name, floor) for measure, floor in applying(found, floors)] == [("core_shown", 0.5)]
    rows = [row.split()[2:4] for row in summary(found, floors).splitlines()]
    assert rows == [["core_kept", "0.000"], ["core_shown", "1.000"], ["kept_right", "-"], ["background_kept", "-"]]


def test_the_command_says_what_it_came_to_before_the_details(tmp_path: Path) -> None:
    lines = [{"text": f"Lào {number}", "lang": "vi", "label": 2, "title": "Bóng đá"} for number in range(2)]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    output = CliRunner().invoke(main, ["evaluate", str(tmp_path / "mine.jsonl")]).output
    assert output.splitlines()[0].endswith(": 2 texts, no floor holds for them")
    assert "floors missed" not in output
    places = [output.index(word) for word in ("core_kept", "mine 2 label 2", "kind   ")]
    assert places == sorted(places)
    (tmp_path / "floors.toml").write_text("[mine.vi]\ncore_kept = 0.5\n[dev.vi]\ncore_kept = 0.5\n", encoding="utf-8")
    held = ["evaluate", str(tmp_path / "mine.jsonl"), "--floors", str(tmp_path / "floors.toml")]
    assert ": 2 texts, 1 of 1 floor missed" in CliRunner().invoke(main, held).output.splitlines()[0]


def test_errors_come_with_their_reasons() -> None:
    text = errors([judged(2, "drop"), judged(0, "keep"), judged(0, "drop"), judged(1, "drop")])
    assert text.count("A headline") == 2
    assert "too little" in text
    assert "Lào (laos-name, lead, +2.00)" in text


def test_the_table_has_a_row_for_each_kind() -> None:
    rows = table([judged(2, "keep", "patrol"), judged(2, "drop", "patrol"), judged(0, "drop", "football")]).splitlines()
    assert [row.split() for row in rows[1:]] == [
        ["set", "vi", "0", "football", "1", "0", "0", "1"],
        ["set", "vi", "2", "patrol", "2", "1", "0", "1"],
    ]


def test_labels_may_be_numbers_or_numeric_strings() -> None:
    lines = [{"text": "a", "label": label} for label in (2, "1", " 0 ", "core", None)]
    items, faults = read_items("set", io.BytesIO("\n".join(map(json.dumps, lines)).encode()))
    assert [item.label for item in items] == [2, 1, 0]
    assert faults == ["set line 4: label is 'core', not 0, 1 or 2", "set line 5: label is None, not 0, 1 or 2"]


@pytest.mark.parametrize("text", ["[dev", "dev = 1", '[dev.vi]\ncore_kept = "x"'])
def test_floors_that_are_no_floors_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "floors.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"floors\.toml: is no table of floors"):
        load_floors(tmp_path / "floors.toml")
