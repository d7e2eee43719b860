"""The word diff: nothing is lost, and it reads well."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.revisions.worddiff import MOST_PAIRS, Piece, key, marked, shortened, word_diff, words


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("15 trucks came.", "17 trucks came.", "[-15-] {+17+} trucks came."),
        ("Colonel A. Mẫu led it.", "Colonel A. Mầu led it.", "Colonel A. [-Mẫu-] {+Mầu+} led it."),
        ("They met.", "They met in Hanoi.", "They met {+in Hanoi+}."),
        ("They met in Hanoi.", "They met.", "They met [-in Hanoi-]."),
        ("", "All new.", "{+All new.+}"),
        ("All gone.", "", "[-All gone.-]"),
        ("1.200 men", "1.300 men", "[-1.200-] {+1.300+} men"),
        ("chiếc xe và pháo", "chiếc tàu và súng", "chiếc [-xe và pháo-] {+tàu và súng+}"),
        ("Hoà bình “bền vững”", "hòa bình bền vững", "hòa bình bền vững"),
        (
            "cats purr loudly at noon",
            "dogs bark never after dawn",
            "[-cats purr loudly at noon-] {+dogs bark never after dawn+}",
        ),
    ],
)
def test_reads_well(old: str, new: str, shown: str) -> None:
    assert marked(word_diff(old, new)) == shown


@given(st.text(alphabet="ab 12.,\n"), st.text(alphabet="ab 12.,\n"))
@settings(deadline=None)
def test_both_texts_can_be_read_out_of_it(old: str, new: str) -> None:
    def said(*ops: str) -> list[str]:
        return [
            key(word) for word in words(" ".join(piece.text for piece in word_diff(old, new) if piece.op in ops)) if key(word)
        ]

    assert said("same", "ins") == [key(word) for word in words(new) if key(word)]
    assert said("same", "del") == [key(word) for word in words(old) if key(word)]


def test_long_texts_are_replaced_as_a_whole_instead_of_matched_for_ever() -> None:
    size = int(MOST_PAIRS**0.5) + 1
    old, new = " ".join(f"a{n}" for n in range(size)), " ".join(f"b{n}" for n in range(size))
    assert [piece.op for piece in word_diff(f"x {old} z", f"x {new} z")] == ["same", "del", "ins", "same"]


def test_the_short_form_keeps_every_change_and_a_few_words_around() -> None:
    far = " ".join(f"word{number}" for number in range(60))
    pieces = shortened(word_diff(f"{far} 15 {far} Mẫu {far}", f"{far} 17 {far} Mầu {far}"))
    told = marked(pieces)
    assert told.startswith("… word54 ")
    assert told.endswith(" word5 …")
    assert "[-15-] {+17+}" in told
    assert "[-Mẫu-] {+Mầu+}" in told
    assert len(words(told)) < 60


def test_the_short_form_bounds_what_has_no_blanks() -> None:
    (piece,) = shortened((Piece("ins", "ກ" * 5000),))
    assert len(piece.text) < 500
