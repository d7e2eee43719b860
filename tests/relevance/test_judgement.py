"""What the rules promise: evidence, where it stands, what cancels it, and a reason for everything."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relevance.evidence import find
from relevance.judge import judge
from relevance.topic import Topic
from relevance.verdict import Document, Verdict
from relevance.words import without_accents

CORE = "Đồn Biên phòng Tam Hợp (BĐBP Nghệ An) tuần tra song phương với Đại đội Biên phòng 252, tỉnh Bôlykhămxay (Lào)."
FILLER = "Hội nghị bàn về giá cà phê, thời tiết và kế hoạch sửa đường trong huyện."
SENTENCES = (
    CORE,
    FILLER,
    "Hai bên hội đàm về công tác bảo vệ biên giới.",
    "Quân đội nhân dân Lào cảm ơn Bộ Quốc phòng Việt Nam.",
    "Lực lượng cứu hộ tìm người mất tích ở Lào Cai.",
    "Bệnh lao vẫn là gánh nặng của người lao động.",
    "The Lao People's Army sent 30 officers to a course in Hanoi.",
    "Gen. Phan Van Giang met his Lao counterpart.",
    "Trung Quốc và Thái Lan tăng thuế.",
    "Đội tuyển thua Lào 0-1.",
)
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12).map(" ".join)


def verdict(topic: Topic, text: str, **more: str) -> Verdict:
    return judge(Document(text, **more), topic)


def test_a_joint_patrol_is_kept_with_its_reasons(topic: Topic) -> None:
    found = verdict(topic, CORE)
    assert found.decision == "keep"
    assert found.why_not_more == ""
    assert {"laos-name", "lao-place", "defence-act", "joint-act", "vietnam-forces"} <= {each.group for each in found.reasons}
    assert found.score == pytest.approx(sum(each.weight for each in found.reasons), abs=0.01)
    assert found.rules == topic.rules


@pytest.mark.parametrize(
    "text",
    [
        "Bộ đội Biên phòng tỉnh Lào Cai tuần tra chung với công an biên phòng Hà Khẩu, Trung Quốc.",
        "Bộ đội biên phòng giúp dân chữa bệnh lao, cai thuốc lào.",
        "Gió Lào thổi mạnh, bộ đội Quân khu 4 giúp dân chống cháy rừng.",
        "Báo Lao Động trao quà cho chiến sĩ biên phòng.",
        "Việt Nam và Campuchia diễn tập chung cứu hộ trên biên giới, Bộ Quốc phòng cho biết.",
    ],
)
def test_what_only_looks_like_laos_is_dropped(topic: Topic, text: str) -> None:
    found = verdict(topic, text)
    assert found.decision == "drop"
    assert "Laos is not named" in found.why_not_more


@pytest.mark.parametrize(
    ("one_side", "both_sides"),
    [
        ("Biên phòng Hà Tĩnh bắt sáu người Lào chở ma túy qua cửa khẩu Cầu Treo.", "Biên phòng Việt Nam và Lào phối hợp."),
        (
            "Border guards in Quang Tri of Vietnam seized goods from Laos.",
            "Border guards in Quang Tri and Lao border guards of",
        ),
    ],
)
def test_what_one_side_does_alone_is_marginal(topic: Topic, one_side: str, both_sides: str) -> None:
    alone = verdict(topic, one_side)
    assert (alone.decision, alone.why_not_more[:18]) == ("marginal", "only one side acts")
    assert verdict(topic, f"{both_sides} {one_side}").decision == "keep"


@pytest.mark.parametrize(
    "text",
    [
        "Vietnam's defence held firm against Laos in the ASEAN Cup. The coach praised five men of the army club. "
        "The deadlock was broken late, before the semi-final in Vientiane.",
        "Thirty officers of the Lao Ministry of Public Security completed a course on cybercrime in Hanoi.",
        "Bộ Quốc phòng Lào bổ nhiệm tư lệnh không quân mới. Lễ công bố diễn ra ở Viêng Chăn.",
        "Tâm bão đi vào Lào, áp thấp nhiệt đới tan dần. Bộ đội Quân khu 4 giúp dân chằng chống nhà cửa.",
        "Du khách Việt thích chợ đêm và homestay ở Luang Prabang, Lào. Đường đi hai bên là rừng, có một trạm biên phòng.",
    ],
)
def test_matches_police_storms_journeys_and_foreign_armies_are_dropped(topic: Topic, text: str) -> None:
    assert verdict(topic, text).decision == "drop"


@pytest.mark.parametrize("apostrophe", "'’")
def test_an_apostrophe_of_any_kind_stands_within_a_name(topic: Topic, apostrophe: str) -> None:
    found = verdict(topic, f"The Lao People{apostrophe}s Army and the Vietnam People{apostrophe}s Army signed a protocol.")
    assert "lao-army" in {reason.group for reason in found.reasons}


def test_a_veto_cancels_its_words_and_not_the_article(topic: Topic) -> None:
    assert verdict(topic, CORE + " Đoàn sau đó về Lào Cai, mua thuốc lào.").decision == "keep"


def test_the_veto_is_named_when_nothing_is_left(topic: Topic) -> None:
    assert "“Lào Cai” (lao-cai) cancels “Lào”" in verdict(topic, "Bộ đội giúp dân Lào Cai.").why_not_more


def test_football_cancels_defence_only_where_it_is_football(topic: Topic) -> None:
    match = "Vietnam's defence held against Laos. The striker scored twice; the coach praised an army of fans at the football."
    assert verdict(topic, match).decision == "drop"
    assert verdict(topic, CORE + " Sau đó hai đơn vị giao lưu bóng đá.").decision == "keep"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "China and Laos opened the Friendship Shield exercise; soldiers of both armies trained in Vientiane.",
            "Vietnam has no part",
        ),
        ("The Lao president promoted three generals of the Lao People's Army in Vientiane.", "Vietnam has no part"),
        ("Thủ tướng Lào thăm Hà Nội, hai bên ký thỏa thuận thương mại và năng lượng.", "no defence word"),
        (
            "Ngân hàng Việt Nam mở chi nhánh ở Lào. " + FILLER * 2 + "\n" + FILLER + "\nBộ đội gặt lúa giúp dân.",
            "no defence word near Laos",
        ),
    ],
)
def test_what_is_missing_is_said(topic: Topic, text: str, reason: str) -> None:
    found = verdict(topic, text)
    assert found.decision == "drop"
    assert reason in found.why_not_more


def test_an_outlet_of_the_home_country_implies_it_unless_a_third_country_stands_there(topic: Topic) -> None:
    text = "Trung tướng Khamliang thăm hai quân đội, nói về hợp tác của Quân đội Lào."
    assert judge(Document(text, site="qdnd.vn"), topic).decision == "keep"
    assert judge(Document(text, site="laotiantimes.com", lang="lo"), topic).decision == "drop"
    third = "The Lao army and Chinese soldiers held a joint exercise, both armies said."
    assert judge(Document(third, site="en.vietnamplus.vn"), topic).decision == "drop"


def test_two_thousand_words_with_one_sentence_on_laos_are_not_kept(topic: Topic) -> None:
    paragraphs = [FILLER] * 150
    paragraphs[70] = CORE
    assert verdict(topic, "\n".join(paragraphs), title="Nông dân trúng mùa cà phê").decision != "keep"


def test_a_partner_in_a_list_of_countries_does_not_count(topic: Topic) -> None:
    text = "Bộ trưởng Quốc phòng Việt Nam gặp đại biểu Thái Lan, Indonesia, Malaysia, Singapore, Lào và Philippines."
    assert verdict(topic, text).decision == "drop"


def test_teasers_and_menus_count_nothing(topic: Topic) -> None:
    menu = "Điện Biên Hà Nội Lào Viêng Chăn Nghệ An Hà Tĩnh Quảng Trị Quân đội"
    page = "\n".join([FILLER] * 6 + [menu, "Tin liên quan", CORE, CORE])
    assert verdict(topic, page, title="Giá cà phê").decision == "drop"


def test_the_headline_weighs_more_than_the_body(topic: Topic) -> None:
    body = "\n".join([FILLER] * 8)
    above = verdict(topic, body, title="Việt Nam - Lào tuần tra song phương biên giới")
    below = verdict(topic, body + "\nViệt Nam - Lào tuần tra song phương biên giới.", title="Giá cà phê")
    assert above.score > below.score > 0


@pytest.mark.parametrize(
    "name",
    [
        "Bô-ly-khăm-xay",
        "Bô Ly Khăm Xay",
        "Bôlykhămxay",
        "Bolikhamxay",
        "BÔ LY KHĂM XAY",
        "Bô–ly–khăm–xay",
        "Bô\u00a0Ly Khăm Xay",
    ],
)
def test_spellings_of_a_province_are_one(topic: Topic, name: str) -> None:
    evidence = find(Document(f"Bộ đội tới {name} hôm qua."), topic)
    assert [evidence.words(each) for each in evidence.counted if each.role == "partner"] == [name.replace("\u00a0", " ")]


def test_accents_are_only_dispensable_where_the_whole_text_has_none(topic: Topic) -> None:
    bare = "Bo doi bien phong Viet Nam tuan tra song phuong voi luc luong cua Lao tai cua khau, theo nguon tin trong ngay."
    assert verdict(topic, bare).decision == "keep"
    mixed = "Bộ đội giúp người dân và các hộ nghèo; quan doi, bo doi bien phong; chữa bệnh Lao cho người lao động."
    assert verdict(topic, mixed).decision == "drop"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le Laos et le Vietnam renforcent leurs liens entre soldats des deux armées.", "fr"),
        ("老挝人民军代表团访问越南国防部。", "zh"),
        ("Армии Лаоса и Вьетнама подписали план.", "ru"),
    ],
)
def test_other_languages_are_shown_with_a_hint(topic: Topic, text: str, language: str) -> None:
    found = verdict(topic, text)
    assert (found.decision, found.why_not_more) == ("marginal", f"language not covered ({language})")


def test_a_reason_points_at_its_words(topic: Topic) -> None:
    text = FILLER + " " + CORE
    places = [each for each in verdict(topic, text).reasons if each.place == "lead"]
    assert places
    assert all(text[each.start : each.end] == each.term for each in places)


@given(text=texts, title=st.sampled_from(("", *SENTENCES)))
def test_every_verdict_explains_itself(topic: Topic, text: str, title: str) -> None:
    found = verdict(topic, text, title=title)
    assert (found.decision == "keep") == (found.why_not_more == "")
    assert found.score == pytest.approx(sum(each.weight for each in found.reasons), abs=0.05)
    assert found == verdict(topic, text, title=title)


@given(text=texts, form=st.sampled_from(("NFD", "NFKD")))
def test_composed_and_decomposed_accents_are_judged_alike(topic: Topic, text: str, form: str) -> None:
    assert verdict(topic, unicodedata.normalize(form, text)) == verdict(topic, text)


@given(text=texts, blank=st.sampled_from(("  ", "\t", "\u00a0", " \u200b", "\u00ad ", "   ")))
def test_blanks_do_not_matter(topic: Topic, text: str, blank: str) -> None:
    assert verdict(topic, text.replace(" ", blank)) == verdict(topic, text)


def language(topic: Topic, text: str) -> str:
    """More Vietnamese in a mixture may turn the language it is taken for, and with it the spellings that count."""
    return find(Document(text), topic).lang


@given(text=texts, phrase=st.sampled_from(("thuốc lào", "gió Lào", "Lào Cai", "Cù Lao", "Quán Lào", "điếu Lào")))
def test_a_vetoed_phrase_never_raises_the_score(topic: Topic, text: str, phrase: str) -> None:
    longer = f"{text} Dân kể về {phrase}."
    assume(language(topic, longer) == language(topic, text))
    assert verdict(topic, longer).score <= verdict(topic, text).score + 0.01


@given(text=texts)
def test_more_text_about_other_things_never_raises_the_score(topic: Topic, text: str) -> None:
    longer = f"{text}\n{FILLER}"
    assume(language(topic, longer) == language(topic, text))
    assert verdict(topic, longer).score <= verdict(topic, text).score + 0.01


@settings(max_examples=50)
@given(text=st.text())
def test_any_text_gets_a_verdict(topic: Topic, text: str) -> None:
    assert verdict(topic, text, title=text).decision in ("keep", "marginal", "drop")


@pytest.mark.parametrize(
    "text",
    [
        "Ba chiêng và năm trống vang lên khi bộ đội biên phòng giao lưu với dân bản.",
        "Cô Tài trao tặng bộ đội biên phòng hai mươi chiếc áo ấm và hợp tác dạy nghề cho dân bản.",
        "Bộ đội biên phòng trao tặng gạo cho dân xã Mường Khoa và xã Na Son.",
        "Thống nhất Nam Bắc là ước nguyện của quân đội; cán bộ, chiến sĩ giao lưu và trao quà cho người dân.",
        "Nguyễn Văn Đắc chung tay cùng bộ đội biên phòng tặng quà học sinh.",
        "Washington asks Uncle Sam to supply the Vietnamese army and hand over two boats to its border guards.",
    ],
)
def test_words_that_are_also_names_of_lao_towns_only_hint_at_laos(topic: Topic, text: str) -> None:
    for written in (text, without_accents(text)):
        assert verdict(topic, written, site="bao.vn").decision == "drop"


def test_such_a_town_counts_where_laos_is_named(topic: Topic) -> None:
    text = "Bộ đội biên phòng tỉnh trao tặng gạo cho dân huyện Ba-chiêng, nước bạn Lào."
    assert "lao-homonym" in {reason.group for reason in verdict(topic, text, site="bao.vn").reasons}


def test_a_third_country_beside_laos_needs_a_force_of_vietnam(topic: Topic) -> None:
    drill = "Laos and China opened a joint drill of their armies in Vientiane, watched from Vietnam."
    found = verdict(topic, drill, lang="en")
    assert found.decision == "marginal"
    assert found.why_not_more.startswith("another country stands beside Laos, and no force of Vietnam")
    assert verdict(topic, drill.replace("watched from Vietnam", "with the Vietnam People's Army"), lang="en").decision == "keep"


def test_an_english_article_is_in_no_uncovered_language(topic: Topic) -> None:
    text = "The magazine Militer of Jakarta wrote of rice from Laos and Vietnam."
    assert verdict(topic, text, lang="en").decision == "drop"
    assert verdict(topic, text).why_not_more == "language not covered (id)"


def test_a_force_beside_laos_is_enough_in_a_short_text_unless_it_seizes(topic: Topic) -> None:
    visit = "Cán bộ Đồn Biên phòng Tam Hợp của Việt Nam có mặt ở bản giáp biên của Lào."
    assert verdict(topic, visit).decision == "keep"
    assert verdict(topic, visit + " Họ tìm thấy ma túy.").decision == "marginal"
