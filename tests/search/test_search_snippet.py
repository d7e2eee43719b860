"""The stretch of text that shows why something was found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.search.query import WrongQuery, looked_for, parse
from store.search.snippet import LENGTH, marked, snippet

FILL = "chuyện khác không liên quan gì " * 20


def marks_of(line):
    return [text for text, match in line.pieces() if match]


def test_the_stretch_with_the_most_different_words_is_shown():
    text = f"Tuần này {FILL} tuần tra chung ở biên giới {FILL} tuần sau"
    line = snippet(text, looked_for(parse("tuan tra chung")))
    assert marks_of(line) == ["tuần", "tra", "chung"]
    assert line.text.startswith("… ")
    assert line.text.endswith(" …")


def test_a_phrase_is_one_mark_and_accents_typed_count():
    text = "Người lao động. Quân đội nhân dân Lào, quan doi nhan dan lao."
    assert marks_of(marked(text, looked_for(parse('"nhân dân Lào"')))) == ["nhân dân Lào"]
    assert marks_of(marked(text, looked_for(parse("Lào")))) == ["Lào"]
    assert marks_of(marked(text, looked_for(parse("lao")))) == ["lao", "Lào", "lao"]


def test_what_is_unwanted_is_not_marked():
    assert marks_of(marked("Lào và lao động", looked_for(parse("Lào -động")))) == ["Lào"]


def test_the_beginning_is_shown_where_only_the_headline_matches():
    assert snippet(FILL, looked_for(parse("tuần"))).text.startswith("chuyện khác")


@pytest.mark.parametrize("text", ["", "x", "x" * 5000, f"{'x' * 3000} lào {'x' * 3000}", "lào " * 400])
def test_lengths_are_kept(text):
    line = snippet(text, looked_for(parse("lào")))
    assert len(line.text) <= LENGTH + 4
    assert bool(line.marks) == ("lào" in text)


@settings(deadline=None)
@given(st.text(max_size=600), st.text(max_size=20))
def test_marks_stand_in_the_text_in_order(text, query):
    try:
        wanted = looked_for(parse(query))
    except WrongQuery:
        return
    for line in (snippet(text, wanted), marked(text, wanted)):
        ends = [0, *(end for mark in line.marks for end in mark), len(line.text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in line.marks)
