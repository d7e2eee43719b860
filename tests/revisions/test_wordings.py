"""What counts as a change of an article, and what does not."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.revisions.changes import MOST_COMPARED, Wording, change

TITLE = "Biên phòng hai nước tuần tra chung"
TEXT = (
    "Sáng 5.3, đoàn 15 cán bộ do Đại tá Lê Văn Mẫu dẫn đầu sang Lào. Hai bên ký biên bản về hoà bình và ổn định.\n"
    "Thành phần đoàn\n"
    "Phía Lào có Trung tá Bounmy Sample và 1.200 dân quân của tỉnh Khammouane.\n"
    "Lễ ký kết thúc lúc 11:30 trong không khí hữu nghị.\n"
    "Xem thêm: Đón 12 hài cốt liệt sĩ về nước\n"
    "1.204 lượt xem"
)


def edited(old: str, new: str, title: str = TITLE):
    assert old in TEXT
    return change(Wording(TITLE, TEXT), Wording(title, TEXT.replace(old, new)))


def lines(*order: int) -> str:
    return "\n".join(TEXT.splitlines()[place] for place in order)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.204 lượt xem", "98.113 lượt xem"),
        ("1.204 lượt xem", ""),
        ("1.204 lượt xem", "Chia sẻ: 12\nBình luận (7)\n3 giờ trước"),
        ("Đón 12 hài cốt liệt sĩ về nước", "Ba tàu hải quân cập cảng Đà Nẵng"),
        ("Thành phần đoàn\n", ""),
        ("Thành phần đoàn", "Ai có mặt"),
        ("5.3", "5/3"),
        ("1.200", "1,200"),
        ("hoà bình", "hòa bình"),
        ("Hai bên ký", "Hai  bên\u00a0ký"),
        ("hữu nghị.", "“hữu nghị”"),
        ("hữu nghị.", "hữu-nghị…"),
        ("sang Lào. Hai bên", "sang Lào.\nHai bên"),
        ("sang Lào. Hai bên", "sang Lào; Hai bên"),
        ("Đại tá Lê Văn Mẫu", "ĐẠI TÁ LÊ VĂN MẪU"),
        ("Bounmy", "Bo\u00adun\u200bmy"),
    ],
)
def test_noise_is_no_change(old: str, new: str) -> None:
    assert edited(old, new) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("15 cán bộ", "17 cán bộ", "1 number changed"),
        ("1.200", "1.300", "1 number changed"),
        ("5.3", "6.3", "1 number changed"),
        ("11:30", "11:45", "1 number changed"),
        ("Mẫu", "Mầu", "1 name changed"),
        ("Khammouane", "Savannakhet", "1 name changed"),
        ("ký biên bản", "xem biên bản", "1 word changed"),
        (" và ổn định", "", "3 words changed"),
        ("trong không khí hữu nghị.", "trong không khí hữu nghị. Không ai trả lời báo chí.", "1 sentence added"),
        ("Hai bên ký biên bản về hoà bình và ổn định.", "", "1 sentence removed"),
        ("đoàn 15 cán bộ do Đại tá Lê Văn Mẫu", "đoàn 19 cán bộ do Thượng tá Lê Văn Mẫu", "1 number and 1 name changed"),
        ("1.200 dân quân", "1.200% dân quân", "1 word changed"),
    ],
)
def test_a_number_a_name_or_a_word_is_a_change(old: str, new: str, told: str) -> None:
    assert str(edited(old, new)) == told


def test_a_line_of_a_list_is_a_change_when_it_was_there_before_and_says_another_figure() -> None:
    text = "Đoàn gồm:\nBộ đội biên phòng tỉnh Quảng Trị: 15 người\nHai bên ký biên bản."
    new = Wording(TITLE, text.replace("15", "17"))
    assert str(change(Wording(TITLE, text), new)) == "1 number changed"


def test_dates_of_other_stories_in_the_middle_are_no_change() -> None:
    text = "Hai bên ký biên bản.\nĐón hài cốt liệt sĩ ở Khammouane (05/03/2026)\nLễ ký kết thúc sớm."
    new = text.replace("05/03/2026", "06/03/2026")
    assert change(Wording(TITLE, text), Wording(TITLE, new)) is None


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_blocks_in_another_order_are_no_change(order: tuple[int, ...]) -> None:
    assert change(Wording(TITLE, lines(0, 1, 2, 3)), Wording(TITLE, lines(*order))) is None


def test_a_changed_headline_is_told_apart_and_typography_in_it_is_none() -> None:
    found = edited("1.204", "9", title="Biên phòng ba nước tuần tra chung")
    assert found is not None
    assert str(found) == "the headline changed"
    assert found.edits == ()
    assert edited("1.204", "9", title="  Biên phòng hai nước: tuần tra chung") is None


def test_a_wording_that_could_not_be_read_is_no_change() -> None:
    assert change(Wording(TITLE, TEXT), Wording(None, TEXT)) is None
    assert change(Wording(TITLE, TEXT), Wording(TITLE, "")) is None
    assert change(Wording(TITLE, ""), Wording(TITLE, TEXT)) is None


def test_an_edited_sentence_is_paired_with_itself_wherever_it_went() -> None:
    found = change(Wording(None, lines(0, 2, 3)), Wording(None, lines(3, 2, 0).replace("15", "16").replace("11:30", "11:40")))
    assert found is not None
    assert [(edit.old[:8], edit.new[:8]) for edit in found.edits] == [("Lễ ký kế", "Lễ ký kế"), ("Sáng 5.3", "Sáng 5.3")]
    assert found.numbers == 2


def test_a_rewrite_beyond_all_measure_is_told_in_bounded_time() -> None:
    """Every sentence differs from every other, twice as many of them as are compared."""
    count = int((2 * MOST_COMPARED) ** 0.5)
    old = " ".join(f"Mốc {number} do đơn vị A quản lý." for number in range(count))
    new = " ".join(f"Mốc {number + count} do đơn vị B quản lý." for number in range(count))
    found = change(Wording(None, old), Wording(None, new))
    assert found is not None
    assert (found.removed, found.added) == (count, count)


@given(st.text(), st.text())
@settings(deadline=None)
def test_no_text_changes_into_itself_and_change_is_mutual(one: str, two: str) -> None:
    assert change(Wording(one, one), Wording(one, one)) is None
    there, back = change(Wording(one, one), Wording(two, two)), change(Wording(two, two), Wording(one, one))
    assert (there is None) == (back is None)
