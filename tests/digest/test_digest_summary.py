import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sentences import sentences
from digest.summary import summarise, without_dateline


@pytest.mark.parametrize(
    "expected",
    [
        ("Sr. Lt. Gen. Nguyễn Mẫu met Lt. Gen. Sample in Hanoi.", "They talked."),
        ("Đoàn do PGS.TS. Lê Văn Mẫu dẫn đầu.", "Đoàn ở lại TP. Vinh ba ngày."),
        ("Ngày 15.5.2022 hai bên ký biên bản số 3.2.", "Lễ ký diễn ra tại Hà Nội."),
        ("He came on Nov. 20 with Dr. A. B. Sample of the U.S. Embassy.", "It rained."),
        ("Diện tích là 18.500 m2 và 2,5 ha.", "12 hộ dân đã chuyển đến."),
        ("“Chúng tôi sẽ giúp bạn.”", "Ông nói vậy."),
        ("Did they sign?", "Yes!", "They did…", "And left."),
        ("Đại úy Th. S. Mẫu (Đồn 575) đến nơi.", "“Ai cũng mừng”, ông kể."),
        ("It was signed in 2022.", "15 soldiers watched."),
        ("One block without an end",),
        ("Gồm bác sĩ, dược sĩ v.v. và thuốc men.", "Tất cả lên đường."),
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected):
    assert sentences(" ".join(expected)) == expected


@given(st.text(alphabet="aAĐđ.,!? \n”“)1Gen", max_size=120))
@settings(deadline=None)
def test_sentences_lose_nothing_but_blanks(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("block", "rest"),
    [
        ("HÀ NỘI — Hai bộ trưởng hội đàm.", "Hai bộ trưởng hội đàm."),
        ("(Mod.vn) - On Friday they met.", "On Friday they met."),
        ("Vientiane, June 3 (VNA) – They met.", "They met."),
        ("QĐND Online – Sáng nay, đoàn lên đường.", "Sáng nay, đoàn lên đường."),
        ("HANOI, Nov. 20 - They met.", "They met."),
        ("VOV.VN - Hai bên gặp nhau.", "Hai bên gặp nhau."),
    ],
)
def test_a_dateline_is_no_news(block, rest):
    assert without_dateline(block) == rest


@pytest.mark.parametrize(
    "block",
    [
        "Vietnam - Laos defence ties grow.",
        "ASEAN – Laos relations grow.",
        "General Mẫu (Vietnam) and General Sample (Laos) met.",
        "Việt Nam – Lào ký kết.",
        "Colonel Mẫu - head of the post - spoke.",
    ],
)
def test_a_dash_alone_makes_no_dateline(block):
    assert without_dateline(block) == block


def test_captions_photo_credits_crossheads_and_the_headline_are_skipped():
    text = "\n".join(
        [
            "Two posts agree on a calendar",
            "Officers at the marker.",
            "Đoàn công tác bên cột mốc 605 thuộc xã biên giới, nơi hai đồn gặp nhau hằng tháng. Ảnh: Văn Mẫu/BP",
            "A long line of officers walking beside the river on the second day. (Photo by Van Mau/VNA)",
            "What was agreed",
            "Two border posts agreed on Friday to patrol the river together every month. VNS",
            "They will begin in December.",
            "The first patrol sets out from the marker at the ford and ends at the market a day later.",
        ]
    )
    assert summarise(text, title="Two posts agree on a calendar.") == (
        "Two border posts agreed on Friday to patrol the river together every month. "
        "The first patrol sets out from the marker at the ford and ends at the market a day later."
    )


def test_a_lead_is_believed_even_when_it_is_short():
    text = (
        "Hai đồn biên phòng kết nghĩa\nLễ ký diễn ra sáng 20/11 tại cửa khẩu, có đại diện chính quyền hai huyện dự. Trời mưa."
    )
    assert summarise(text, lead="Hai đồn biên phòng kết nghĩa") == (
        "Hai đồn biên phòng kết nghĩa. Lễ ký diễn ra sáng 20/11 tại cửa khẩu, có đại diện chính quyền hai huyện dự."
    )


def test_a_sentence_said_twice_is_told_once():
    again = "Two posts agreed on Friday to patrol the river together, which they had not done before."
    assert summarise(f"{again}\n{again} They will begin in December.") == f"{again} They will begin in December."


def test_what_looks_like_captions_only_is_better_than_nothing():
    assert summarise("At the marker\nAt the ford\nAt the market") == "At the marker. At the ford."


def test_no_text_has_no_summary():
    assert summarise("") == summarise(" \n\u200b\n") == ""


def test_a_sentence_without_end_is_cut_between_words():
    summary = summarise("tuần tra " * 200 + ".")
    assert len(summary) <= 420
    assert summary.endswith("tuần tra…") or summary.endswith("tuần…")
