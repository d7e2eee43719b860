"""Which words made the difference between two verdicts."""

from relevance.compare import Shift, shifts
from relevance.verdict import Reason

LAOS = Reason("Laos", "laos", "headline", 2.0)
PATROL = Reason("patrol", "defence", "lead", 1.5)


def test_only_what_weighs_otherwise_is_told_the_greatest_first() -> None:
    heavier = Reason("patrol", "defence", "lead", 2.0)
    veto = Reason("football", "sport", "body", -3.0)
    assert shifts([LAOS, PATROL], [LAOS, heavier, veto]) == (
        Shift("football", "sport", "body", 0.0, -3.0),
        Shift("patrol", "defence", "lead", 1.5, 2.0),
    )
    assert shifts([LAOS, PATROL], [PATROL, LAOS]) == ()


def test_case_and_order_are_no_difference_but_place_and_group_are() -> None:
    assert shifts([Reason("LAOS", "laos", "lead", 1.0)], [Reason("Laos", "laos", "lead", 1.0)]) == ()
    moved = shifts([LAOS], [Reason("Laos", "laos", "body", 2.0)])
    assert {(one.place, one.before, one.after) for one in moved} == {("headline", 2.0, 0.0), ("body", 0.0, 2.0)}


def test_a_shift_says_what_happened() -> None:
    assert str(Shift("patrol", "defence", "lead", 0.0, 1.5)) == "+1.50  patrol (defence, lead)"
    assert str(Shift("patrol", "defence", "lead", 1.5, 0.0)) == "-1.50  patrol (defence, lead), no longer counts"
    assert str(Shift("patrol", "defence", "lead", 1.5, 2.0)) == "+0.50  patrol (defence, lead), now +2.00"
