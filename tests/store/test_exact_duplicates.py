"""When two texts count as the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.exact import SELF_EVIDENT, folded, text_digest

LONG = "Đoàn công tác đã đến thăm đơn vị ở biên giới. " * 8


@pytest.mark.parametrize(
    "other",
    [
        LONG.upper(),
        unicodedata.normalize("NFD", LONG),
        LONG.replace(" ", "\u00a0\n "),
        "\ufeff" + LONG.replace("đ", "đ\u200b"),
    ],
    ids=["case", "decomposed", "white space", "invisible"],
)
def test_same_text(other):
    assert text_digest(other, "x") == text_digest(LONG, "y")


@pytest.mark.parametrize(
    "other", [LONG.replace("đến", "den"), LONG + "1", LONG.replace("biên giới", "biển")], ids=["accent", "number", "word"]
)
def test_other_text(other):
    assert text_digest(other, "x") != text_digest(LONG, "x")


def test_typographic_quotes_and_dashes_are_plain_ones():
    assert folded("“Lào” – ‘Việt’…") == "\"lào\" - 'việt'..."


def test_short_text_needs_the_same_headline():
    assert len(folded("Ảnh")) < SELF_EVIDENT
    assert text_digest("Ảnh", "a") != text_digest("Ảnh", "b")
    assert text_digest("Ảnh", "a") == text_digest("ảnh", "A")


def test_no_text_is_like_no_other():
    assert text_digest(" \n\u200b", "a") is None


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.text())
def test_any_text_has_a_digest_or_none(text, title):
    digest = text_digest(text, title)
    assert digest is None or len(digest) == 64
