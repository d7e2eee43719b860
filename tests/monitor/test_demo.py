"""What the demo says at its end."""

from types import SimpleNamespace

from monitor.demo import EXAMPLES, left_out


def dropped(title, pages=1):
    return SimpleNamespace(title=title, why_not_more="Laos is not named", sightings=("page",) * pages)


def test_pages_are_counted_and_no_example_stands_twice():
    first, *examples = left_out([dropped("A", 2), dropped("A"), dropped("B")], 5)
    assert first == "left out: 1 page put aside at the first look, 4 pages judged not relevant, such as"
    assert examples == ["  A: Laos is not named", "  B: Laos is not named"]


def test_some_examples_are_enough():
    assert len(left_out([dropped(str(number)) for number in range(50)], 50)) == 1 + EXAMPLES
