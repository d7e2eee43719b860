"""How words are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relevance.lexicon import expand
from relevance.words import Words, joined, key_of, nfc, spellings_of, without_accents

SYLLABLES = ("hòa", "hoà", "thủy", "thuỷ", "sĩ", "sỹ", "khỏe", "khoẻ", "Lào", "quý", "Phongsaly", "lao", "Đường", "kỳ", "Mỹ")


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("thuỷ", "Thủy"), ("sỹ", "sĩ"), ("Phongsaly", "phongsali"), ("LÀO", "Lào")]
)
def test_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("one", "other"), [("Lào", "Lao"), ("lão", "lào"), ("quân", "quan"), ("ma", "má")])
def test_accents_make_another_word(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@given(st.sampled_from(SYLLABLES))
def test_every_spelling_folds_back_to_its_key(word: str) -> None:
    key = key_of(word)
    assert {key_of(form) for form in spellings_of(key)} == {key}
    assert word.lower() in {nfc(form) for form in spellings_of(key)}


@given(st.text())
def test_cutting_a_text_loses_nothing(text: str) -> None:
    words = Words(text)
    offsets = words.offsets()
    assert [text[offsets[2 * i] : offsets[2 * i + 1]] for i in range(len(words.words))] == words.words
    assert len(words.gaps) == len(words.words) + 1


@given(st.text())
def test_key_of_does_not_depend_on_case(text: str) -> None:
    word = nfc(text)
    if word.isalpha() and word.lower().upper().lower() == word.lower():
        assert key_of(word.lower()) == key_of(word)


def test_a_hyphen_is_a_hyphen_a_blank_or_nothing() -> None:
    assert joined("Bô-ly Xay") == {"Bô ly Xay", "Bôly Xay"}
    assert len(joined("Bô-ly-khăm-xay")) == 8


def test_word_lists_are_put_in() -> None:
    assert set(expand("{rank} {name}", {"rank": ("Col.", "Gen."), "name": ("Kham",)})) == {"Col. Kham", "Gen. Kham"}


def test_accents_go_and_the_barred_d_with_them() -> None:
    assert without_accents(unicodedata.normalize("NFC", "Điện Biên, Đường 9")) == "Dien Bien, Duong 9"
