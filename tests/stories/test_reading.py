"""What is read from a report: folded names, days, numbers, and what a whole report says."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.stories.dates import Span, day_span, event_span, mentions
from store.stories.features import Report, features_of, published_span
from store.stories.fold import alike, fold, language_of, skeleton, words
from store.stories.likeness import SAME_SOUND
from store.stories.numbers import coded_numbers, counts
from store.stories.vocabulary import load_vocabulary, person_key, singular

PUBLISHED = day_span(date(2025, 3, 6))


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(Path(__file__).parents[2] / "seeds" / "people.toml")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Chansamone Chanyalath", "Chăn-xạ-mỏn Chăn-nha-lạt", "Chamsamon Channhalat", "Chansamon Chanyalath"),
        ("Khamliang Outhakaysone", "Khăm-liêng Ụ-thạ-cay-sỏn", "Khamlien Outhakaisone", "Kham lieng Outhakai Sone"),
        ("Saichay Kommasith", "Xay-chay Com-ma-xít", "Saychay Kommasit"),
        ("Sengnuon Saynhalat", "Sẻng-nuôn Xay-nha-lạt"),
        ("Vanthong Bouttavong", "Văn-thoong Bút-tạ-vông"),
        ("Bounnhang Vorachith", "Bun-nhăng Vo-la-chít"),
        ("Vilay Lakhamphong", "Vi-lay La-khăm-phông"),
        ("Khamphao Ernthavanh", "Khăm-phau Ơn-thạ-văn"),
        ("Phidavanh Phimheuangsy", "Phi Da Văn Phim Hương Si"),
        ("Leklay Sivilay", "Lếch-lay Xi-vi-lay"),
        ("Houaphanh", "Hủa Phăn", "Hua Phan"),
        ("Savannakhet", "Xa Vẳn Na Khệt"),
        ("Champasak", "Chăm Pa Sắc", "Chămpasắc"),
        ("Saravane", "Sa La Van"),
    ],
)
def test_a_lao_name_sounds_the_same_in_both_languages(spellings):
    for one in spellings:
        for other in spellings:
            assert alike(skeleton(one), skeleton(other)) >= SAME_SOUND, (skeleton(one), skeleton(other))


def test_names_of_different_people_do_not_sound_the_same():
    people = [
        "Chansamone Chanyalath",
        "Khamliang Outhakaysone",
        "Saichay Kommasith",
        "Vanthong Bouttavong",
        "Thongloi Silivong",
    ]
    for number, one in enumerate(people):
        for other in people[number + 1 :]:
            assert alike(skeleton(one), skeleton(other)) < SAME_SOUND


def test_a_vietnamese_name_is_one_with_and_without_accents_and_no_other():
    assert person_key("Phan Văn Giang") == person_key("PHAN VAN GIANG") == "phan van giang"
    assert person_key("Phan Văn Giảng") == person_key("Phan Văn Giang") != person_key("Phạm Văn Giang")


@given(st.text())
@settings(deadline=None)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert words(" ".join(words(text))) == words(text) or not text.isascii()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Sáng 5/3, tại Hà Nội", (2025, 3, 5), None),
        ("Chiều 5-3, tại Viêng Chăn", (2025, 3, 5), None),
        ("trong hai ngày 1-2/3", (2025, 3, 1), (2025, 3, 2)),
        ("từ ngày 1 đến 3/3/2025", (2025, 3, 1), (2025, 3, 3)),
        ("ngày 5 tháng 3 năm 2025", (2025, 3, 5), None),
        ("sang 5-3 tai Ha Noi", (2025, 3, 5), None),
        ("on March 5", (2025, 3, 5), None),
        ("on March 4-5, 2025", (2025, 3, 4), (2025, 3, 5)),
        ("from March 1 to 4", (2025, 3, 1), (2025, 3, 4)),
        ("on 5 March 2025", (2025, 3, 5), None),
        ("on Wednesday", (2025, 3, 5), None),
        ("hôm thứ Tư", (2025, 3, 5), None),
        ("Chiều thứ tư, tại Hà Nội", (2025, 3, 5), None),
        ("chieu thu tu, tai Ha Noi", (2025, 3, 5), None),
        ("diễn ra ngày thứ Tư", (2025, 3, 5), None),
        ("Giao lưu hữu nghị Quốc phòng biên giới lần thứ hai. Sáng 5/3, tại Lóng Sập", (2025, 3, 5), None),
        ("Đối thoại lần thứ Ba, sang ngày thứ hai thì ký. Chiều 5/3, hai bên chia tay", (2025, 3, 5), None),
        ("hôm nay", (2025, 3, 6), None),
        ("yesterday", (2025, 3, 5), None),
        ("Lao army day (founding day January 20) was marked on March 5", (2025, 3, 5), None),
        ("mừng Quốc khánh 2/3, ngày 5/3", (2025, 3, 5), None),
        ("50 năm (2/12/1975 - 2/12/2025), ngày 5/3", (2025, 3, 5), None),
        ("ngày 31/2 rồi 5/3", (2025, 3, 5), None),
    ],
)
def test_the_day_of_an_event(text, first, last):
    span = event_span(mentions(text, PUBLISHED), PUBLISHED)
    assert (span.first, span.last) == (date(*first), date(*(last or first)))


@pytest.mark.parametrize(
    "text",
    [
        "the protocol for 2020-2024",
        "tỷ số 3-2",
        "thu hai khẩu súng, người thứ ba chạy",
        "since October 30, 1949",
        "đến ngày 30/10/1949",
        "",
    ],
)
def test_no_day_of_an_event(text):
    assert event_span(mentions(text, PUBLISHED), PUBLISHED) is None


def test_a_day_without_year_meets_one_with():
    (yearless,) = mentions("ngày 23/5", None)
    assert yearless.yearless
    assert yearless.distance(day_span(date(2024, 5, 23))) == 0
    assert yearless.distance(day_span(date(2024, 5, 25))) == 2
    assert mentions("ngày 29/2", None)[0].distance(day_span(date(2025, 3, 1))) == 1


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.booleans())
@settings(deadline=None)
def test_distance_is_symmetric(one, other, yearless):
    a, b = Span(one, one, yearless=yearless), day_span(other)
    assert a.distance(b) == b.distance(a) >= 0
    assert a.distance(a) == 0


@given(st.text(alphabet="0123456789/-. ngàythángMarchMay,tođến", max_size=60))
@settings(deadline=None)
def test_no_text_breaks_the_reading_of_days(text):
    for published in (None, PUBLISHED):
        for span in mentions(text, published):
            assert span.first <= span.last


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("từ mốc 401 đến mốc 405", {"m:401", "m:405"}),
        ("kiểm tra mốc 522-523, 525-526", {"m:522", "m:523", "m:525", "m:526"}),
        ("between Marker 634 and Marker 635", {"m:634", "m:635"}),
        ("landmarks 406 and 409", {"m:406", "m:409"}),
        ("Đại đội Biên phòng 221", {"u:221"}),
        ("Border Company 221", {"u:221"}),
        ("Đội K53 thuộc Ban Chỉ đạo 515", {"u:k53", "u:515"}),
        ("Team K53 of Steering Committee 515", {"u:k53", "u:515"}),
        ("Quân khu 4", {"r:4"}),
        ("the 4th Military Region", {"r:4"}),
        ("lần thứ 6", {"e:6"}),
        ("hội đàm lần XIV", {"e:14"}),
        ("the sixth dialogue", {"e:6"}),
        ("the first time", set()),
    ],
)
def test_coded_numbers(text, tokens):
    assert {number.token for number in coded_numbers(fold(text))} == tokens


def test_counts_name_what_is_counted(vocabulary):
    def counted(text, lang):
        found = words(text)
        searched = text.lower().split() if lang == "vi" else [singular(word) for word in found]
        return {number.token for number in counts(found, searched, vocabulary.counted[lang])}

    assert "n:12:fallen" in counted("an táng 12 bộ hài cốt liệt sĩ", "vi")
    assert "n:12:fallen" in counted("twelve sets of remains", "en")
    assert counted("gần 300 cựu binh", "vi") == set()
    assert "n:2256" in counted("2.256 and something", "en")


def test_a_report_says_the_same_in_both_languages(vocabulary):
    vi = Report(
        "1",
        "Tuần tra song phương ở Kỳ Sơn",
        "Ngày 12/3, Đồn Biên phòng Nậm Cắn và Đại đội 221 tỉnh Xiêng Khoảng tuần tra từ mốc 401 đến mốc 405 do Trung tá "
        "Lô Văn Khánh và Thiếu tá Bun-thoong Xay-nha-xỏn dẫn đầu.",
        lang="vi",
        published=datetime.fromisoformat("2024-03-12T16:00+07:00"),
    )
    en = Report(
        "2",
        "Joint patrol in Ky Son",
        "Lieutenant Colonel Lo Van Khanh and Maj. Bounthong Saynhasone led a patrol of Nam Can border post and Company 221 of "
        "Xieng Khouang from Marker 401 to 405 on March 12.",
        lang="en",
        published=date(2024, 3, 13),
    )
    one, other = features_of(vi, vocabulary), features_of(en, vocabulary)
    assert one.heads == other.heads == {"p:lo van khanh", "p:" + skeleton("Bounthong Saynhasone")}
    assert {"l:namcan"} | one.where <= one.places.keys() & other.places.keys()
    assert {"m:401", "m:405", "u:221"} <= one.terms.keys() & other.terms.keys()
    assert one.event.distance(other.event) == 0
    assert "patrol" in one.acts and "patrol" in other.acts


def test_a_text_without_accents_is_read_as_one_with(vocabulary):
    text = "Lễ truy điệu, an táng 12 hài cốt liệt sĩ quân tình nguyện do tỉnh Nghệ An tổ chức ngày 5/3"
    one = features_of(Report("1", "", text, lang="vi", published=date(2025, 3, 6)), vocabulary)
    other = features_of(
        Report("2", "", fold(text).replace("nghe an", "Nghe An"), lang="vi", published=date(2025, 3, 6)), vocabulary
    )
    assert (one.acts, one.places, one.counts, one.event.first) == (other.acts, other.places, other.counts, other.event.first)


@given(title=st.text(max_size=40), text=st.text(max_size=200), lang=st.sampled_from(["vi", "en", "lo", None]))
@settings(deadline=None, max_examples=60)
def test_no_report_breaks_the_reading(title, text, lang, vocabulary):
    report = Report("x", title, text, lang=lang, published=date(2025, 3, 6))
    assert features_of(report, vocabulary) == features_of(report, vocabulary)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Quân đội hai nước tuần tra chung trên tuyến biên giới", "vi"),
        ("Quan doi hai nuoc tuan tra chung tai bien gioi va ky bien ban voi nhau", "vi"),
        ("The armies of Việt Nam and Laos patrolled together in Điện Biên", "en"),
        ("ກອງທັບ", "other"),
    ],
)
def test_language_is_told_when_nothing_states_it(text, lang):
    assert language_of(text, None) == lang


def test_the_day_of_publication_is_vietnams():
    assert published_span(datetime.fromisoformat("2025-03-05T23:30:00+00:00")).first == date(2025, 3, 6)
    assert published_span(None) is None


@pytest.mark.parametrize("unit", ["12/3 ", "mốc 401 đến mốc ", "Nguyen Van ", "5 to ", "(1/2/2020 - "])
def test_a_hostile_length_is_cut(unit, vocabulary):
    long, longer = (features_of(Report("1", "", unit * times, lang="vi"), vocabulary) for times in (8_000, 80_000))
    assert long.days == longer.days
    assert long.terms == longer.terms
