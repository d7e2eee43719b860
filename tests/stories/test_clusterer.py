"""Grouping, ids that stay, and corrections that hold."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.stories.assign import assign
from store.stories.cluster import Clusterer, Corrections, linked
from store.stories.features import Report, features_of
from store.stories.likeness import Frequencies, evidence_of, likeness, time_between
from store.stories.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(Path(__file__).parents[2] / "seeds" / "people.toml")


def report(id_, text, day=date(2024, 5, 20), title="", lang="en"):
    return Report(id_, title, text, lang=lang, published=day)


NGHE_AN = "Nghe An buried 64 volunteer soldiers who died in Laos on May 20. General Ha Tho Binh attended the memorial service."
HA_TINH = "Ha Tinh buried 12 volunteer soldiers who died in Laos on May 20. Colonel Le Van Tam attended the memorial service."
TALKS = "Minister Phan Van Giang held talks with Khamliang Outhakaysone in Hanoi on May 20 and signed the plan."
CALL = "President To Lam received Khamliang Outhakaysone in Hanoi on May 20, who paid a courtesy call."


def pair(vocabulary, one, other):
    frequencies = Frequencies()
    for features in (one, other):
        frequencies.add(features)
    return likeness(one, other, frequencies), evidence_of(one, other, frequencies)


def test_the_same_ceremony_in_two_provinces_is_two_events(vocabulary):
    one, other = (features_of(report(str(n), text), vocabulary) for n, text in enumerate((NGHE_AN, HA_TINH)))
    found, evidence = pair(vocabulary, one, other)
    assert found.score < 0
    assert {"places differ", "counts differ", "heads differ"} <= evidence.keys()


def test_talks_and_courtesy_call_of_one_day_are_two_events(vocabulary):
    one, other = (features_of(report(str(n), text), vocabulary) for n, text in enumerate((TALKS, CALL)))
    found, evidence = pair(vocabulary, one, other)
    assert found.score < 0
    assert {"acts differ", "heads differ"} <= evidence.keys()


def test_the_same_words_a_year_later_are_another_event(vocabulary):
    one = features_of(report("1", TALKS), vocabulary)
    other = features_of(report("2", TALKS, date(2025, 5, 20)), vocabulary)
    assert time_between(one, other) == "far"
    assert pair(vocabulary, one, other)[0].score < 0


def test_formulas_weigh_nothing(vocabulary):
    formulas = "They affirmed the great friendship, special solidarity and comprehensive cooperation between the two countries."
    one, other = features_of(report("1", formulas), vocabulary), features_of(report("2", formulas * 2), vocabulary)
    assert one.words.keys() & other.words.keys() <= {"they", "affirmed"}
    assert "words" not in pair(vocabulary, one, other)[1] or not one.words


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] < pair[1]),
        st.floats(-6, 6),
        max_size=15,
    ),
    st.randoms(),
)
def test_grouping_does_not_depend_on_order(scores, rng):
    ids = list("abcdef")
    groups = {frozenset(group) for group in linked(ids, scores)}
    rng.shuffle(ids)
    items = list(scores.items())
    rng.shuffle(items)
    assert {frozenset(group) for group in linked(ids, dict(items))} == groups
    assert sorted(item for group in groups for item in group) == list("abcdef")


def test_groups_join_while_their_mean_likeness_is_positive():
    assert linked("abc", {("a", "b"): 4.0, ("b", "c"): 3.0, ("a", "c"): -1.0}) == [{"a", "b", "c"}]
    assert sorted(map(sorted, linked("abc", {("a", "b"): 4.0, ("b", "c"): 3.0, ("a", "c"): -5.0}))) == [["a", "b"], ["c"]]


def clusterer(vocabulary, reports, corrections=None):
    made = Clusterer(corrections=corrections or Corrections())
    for one in reports:
        made.add(features_of(one, vocabulary))
    return made


def test_the_analysts_corrections_outweigh_likeness(vocabulary):
    reports = [report("1", NGHE_AN), report("2", NGHE_AN + " It rained."), report("3", HA_TINH)]
    assert clusterer(vocabulary, reports).groups() == [["1", "2"], ["3"]]
    split = Corrections(apart=frozenset({frozenset({"1", "2"})}))
    assert clusterer(vocabulary, reports, split).groups() == [["1"], ["2"], ["3"]]
    merge = Corrections(together=frozenset({frozenset({"1", "3"})}))
    assert clusterer(vocabulary, reports, merge).groups() == [["1", "2", "3"]]


def test_a_story_keeps_its_id_and_leaves_a_redirect_when_it_merges():
    first = assign([["a"], ["b"]], {}, 1)
    assert (first.story_of, first.redirects) == ({"a": 1, "b": 2}, {})
    merged = assign([["a", "c", "b"], ["d"]], first.story_of, 3)
    assert merged.story_of == {"a": 1, "c": 1, "b": 1, "d": 3}
    assert merged.redirects == {2: 1}


def test_a_divided_story_stays_with_its_first_reports():
    divided = assign([["a"], ["b", "c"]], {"a": 1, "b": 1, "c": 1}, 2)
    assert (divided.story_of, divided.redirects) == ({"a": 1, "b": 2, "c": 2}, {})


@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_assigning_twice_changes_nothing(ids, numbers):
    groups = [group for number in range(4) if (group := [id_ for id_, n in zip(ids, numbers, strict=False) if n == number])]
    once = assign(groups, {}, 1)
    again = assign(groups, once.story_of, 100)
    assert (again.story_of, again.redirects) == (once.story_of, {})
