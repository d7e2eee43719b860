"""The query language: any line that is typed gives results or a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.search.query import DEEPEST, LONGEST, Either, Every, Words, WrongQuery, parse

A, B, C = Words(("a",)), Words(("b",)), Words(("c",))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a b", Every((A, B))),
        ("a AND b", Every((A, B))),
        ("a OR b c", Either((A, Every((B, C))))),
        ("(a OR b) c", Every((Either((A, B)), C))),
        ("a -b", Every((A,), (B,))),
        ("-b a", Every((A,), (B,))),
        ("a AND NOT b", Every((A,), (B,))),
        ("a NOT (b OR c)", Every((A,), (Either((B, C)),))),
        ('a -"b c"', Every((A,), (Words(("b", "c")),))),
        ('"a b"*', Words(("a", "b"), True)),
        ("a-b", Words(("a", "b"))),
        ("a - b", Every((A, B))),
        ("a & b,", Every((A, B))),
        ("a, and", Every((A, Words(("and",))))),
        ("quố*", Words(("quố",), True)),
        ('a""b', Every((A, B))),
        ("((a))", A),
        ("a\u200b", A),
    ],
)
def test_understood(query, tree):
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "no word to look for"),
        ("  , - ", "no word to look for"),
        ("OR", "no word to look for"),
        ('"quân đội', "a quotation mark is opened and not closed"),
        ("(a", "a parenthesis is opened and not closed"),
        ("a)", "a parenthesis is closed that was not opened"),
        ("() a", "a word is missing after (: ) stands there"),
        ("a AND", "a word is missing after AND: there is nothing"),
        ("a OR", "a word is missing after OR: there is nothing"),
        ("AND a", "a word is missing at the beginning: AND stands there"),
        ("a OR OR b", "a word is missing after OR: OR stands there"),
        ("a NOT", "a word is missing after NOT: there is nothing"),
        ("NOT a", "say also what is to be found"),
        ("a OR -b", "say also what is to be found"),
        ("*", "* stands for the end of a word only"),
        ("*a", "* stands for the end of a word only"),
        ("a*b", "* stands for the end of a word only"),
        ("a " * (LONGEST + 1), f"more than {LONGEST} words"),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), f"more than {DEEPEST} parentheses"),
    ],
)
def test_not_understood(library, query, told):
    with pytest.raises(WrongQuery) as raised:
        library.store.search(query)
    assert told in str(raised.value)


PIECES = st.sampled_from(
    [
        "Lào",
        "lao",
        "quân",
        '"',
        "“",
        "(",
        ")",
        "*",
        "-",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "folded:",
        "^",
        "{a}",
        "+",
        "'",
        "\\",
        "\0",
        "%",
    ]
)
LINES = st.one_of(st.text(), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=12).map("".join))


@settings(deadline=None, max_examples=300)
@given(LINES)
def test_any_line_gives_results_or_a_sentence(library, query):
    try:
        found = library.store.search(query)
    except WrongQuery as error:
        assert str(error)
        return
    for hit in found.hits:
        assert "".join(text for text, _ in hit.snippet.pieces()) == hit.snippet.text


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "Z"]), min_size=1, max_size=60))
def test_what_stands_in_a_text_is_found_by_it(shelf_of_everything, text):
    shelf, number = shelf_of_everything, len(shelf_of_everything.names)
    shelf.add(f"n{number}", f"mở đầu {text} kết thúc {number}")
    query = '"' + "".join(" " if letter in '"“”„«»*' else letter for letter in text) + '"'
    try:
        found = shelf.find(query, limit=500)
    except WrongQuery:
        return
    assert f"n{number}" in found


@pytest.fixture(scope="module")
def shelf_of_everything(library, tmp_path_factory):
    from store.database import Store

    with Store.open(tmp_path_factory.mktemp("everything"), library.store.clock) as opened:
        yield type(library)(opened)


def test_a_beginning_of_too_many_words_is_refused(shelf):
    shelf.add("many", "bắt đầu " + " ".join(f"{letter}{number}" for letter in "mn" for number in range(1500)))
    assert shelf.find("m12*") == shelf.find("m*") == ["many"]
    assert shelf.find('"dau m0*"') == ["many"]
    for query, told in (("m* n*", "more than 2,000 words together"), ('"dau m*"', "more than 200 words.* within a phrase")):
        with pytest.raises(WrongQuery, match=told):
            shelf.find(query)
    shelf.add("more", " ".join(f"m{number}" for number in range(1500, 2001)))
    with pytest.raises(WrongQuery, match=r"m\* is the beginning of more than 2,000 words"):
        shelf.find("m*")
