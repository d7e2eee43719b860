"""Lineage of a story's texts, and the story as it is told to people."""

from datetime import date, datetime
from pathlib import Path

import pytest

from store.stories.evaluate import read_labelled
from store.stories.features import Report, features_of
from store.stories.likeness import Frequencies
from store.stories.lineage import Taken, credited, house_of, lineage, missing_sentences, outlet_of
from store.stories.story import earlier_like, story_of
from store.stories.vocabulary import load_vocabulary

HERE = Path(__file__).parent
TEXT = "The generals met in Vientiane. They agreed on a drill. They signed a plan for next year. The guests went home."


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(HERE.parents[1] / "seeds" / "people.toml")


@pytest.fixture(scope="module")
def labelled():
    return {article.report.id: article.report for article in read_labelled((HERE / "events").glob("*.txt"))}


def report(id_, site, text=TEXT, published=None, credit=None):
    return Report(id_, "Generals meet", text, site=site, lang="en", published=published, credit=credit)


@pytest.mark.parametrize(
    ("text", "site", "house"),
    [
        (f"Hanoi (VNA) – {TEXT}", "vietnam.vn", "vna"),
        (f"Hanoi (VNA) – {TEXT}", "en.vietnamplus.vn", None),
        (f"{TEXT} — VNS", "somewhere.com", "vns"),
        (f"{TEXT}\nTheo Báo Quân đội nhân dân", "vietnam.vn", "qdnd"),
        (f"{TEXT}\nSource: https://thoidai.com.vn/some-page-206378.html", "vietnam.vn", "thoidai"),
        (f"{TEXT}\nNguồn: thoidai.com.vn", "vietnam.vn", "thoidai"),
        (f"{TEXT}\nAccording to Vietnamplus.vn", "thoidai.com.vn", "vna"),
        (f"PANO - {TEXT}", "en.qdnd.vn", None),
        (f"PANO - {TEXT}", "laotribune.com", "qdnd"),
        (f"{TEXT}\nMinistry of National Defence published this content on 29 June 2021.", "marketscreener.com", "mod"),
        (f"{TEXT}\nNguồn: Báo Kon Tum", "vietnam.vn", "Báo Kon Tum"),
        (TEXT, "vietnam.vn", None),
    ],
)
def test_a_credit_names_the_house_the_text_is_from(text, site, house):
    assert credited(report("1", site, text)) == house


def test_the_extracted_credit_comes_first():
    assert credited(report("1", "vietnam.vn", f"Hanoi (VNA) – {TEXT}", credit="Báo Biên phòng")) == "bienphong"


def test_editions_of_a_house_are_one_outlet():
    assert outlet_of("en.vietnamplus.vn") == outlet_of("www.vietnamplus.vn") == house_of("TTXVN/Vietnam+") == "vna"
    assert outlet_of("en.baonghean.vn") == outlet_of("baonghean.vn") == "baonghean.vn"
    assert outlet_of("") == ""


def test_lineage_counts_outlets_once_and_tells_reprints_from_reports():
    reports = [
        report("first", "vietnamplus.vn", published=datetime.fromisoformat("2024-05-01T10:00+07:00")),
        report("english", "en.vietnamplus.vn", published=datetime.fromisoformat("2024-05-01T11:00+07:00")),
        report("own", "qdnd.vn", "Another account of the meeting.", date(2024, 5, 1)),
        report("copy", "vietnam.vn", "The generals met in Vientiane. They agreed on a drill.", date(2024, 5, 2)),
        report("again", "vietnam.vn", TEXT, date(2024, 5, 3)),
        report("unseen", "unlisted.example", "Told anew.\nSource: Vietnam News Agency", None),
    ]
    found = lineage(reports, {"copy": "first", "again": "first"})
    assert found.first == "first"
    assert found.independent == ("first", "own")
    assert found.taken == (
        Taken("copy", "first", None, ("They signed a plan for next year.", "The guests went home.")),
        Taken("unseen", None, "vna", ()),
    )
    assert str(found) == "2 independent reports, 2 reprints"


def test_a_story_of_reprints_only_has_one_report_to_stand_for_it():
    found = lineage([report("a", "x.example", TEXT + "\nSource: VNA"), report("b", "y.example")], {"b": "a"})
    assert found.independent == ("a",)
    assert str(found) == "1 independent report, 1 reprint"


def test_what_a_copy_left_out_is_told_across_accents_and_rewrapping():
    original = "Đại tướng thăm đơn vị.\nÔng tặng quà cho bộ đội. Sau đó đoàn về Hà Nội."
    assert missing_sentences(original, "Dai tuong tham don vi. Sau do doan ve Ha Noi.") == ("Ông tặng quà cho bộ đội.",)
    assert missing_sentences(original, original) == ()


def test_a_story_is_told_with_headlines_day_place_people_and_kind(labelled, vocabulary):
    reports = [labelled[f"a01.{number}"] for number in (3, 1, 2)]
    features = {one.id: features_of(one, vocabulary) for one in reports}
    story = story_of(7, reports, features, {}, vocabulary, related=[3])
    assert story.headlines == {"vi": labelled["a01.1"].title, "en": labelled["a01.2"].title}
    assert (story.event.first, story.event.last) == (date(2025, 8, 19), date(2025, 8, 19))
    assert (story.place, story.kind, story.id, story.related) == ("Hà Nội", "talks", 7, (3,))
    assert [person.name for person in story.participants][:2] == ["Phan Văn Giang", "Khamliang Outhakaysone"]
    assert all(person.role and person.side for person in story.participants[:2])
    assert (story.first, story.last, story.outlets) == ("a01.1", "a01.3", ("qdnd", "vna", "vns"))


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("a02", "protocol"),
        ("a06", "patrol"),
        ("a10", "remains"),
        ("a12", "training"),
        ("a13", "exercise"),
        ("a16", "aid"),
        ("a18", "border"),
        ("a24", "other"),
        ("a14", "talks"),
        ("b08", "remains"),
    ],
)
def test_the_kind_of_a_story(event, kind, labelled, vocabulary):
    reports = [one for id_, one in labelled.items() if id_.startswith(event)]
    features = {one.id: features_of(one, vocabulary) for one in reports}
    assert story_of(1, reports, features, {}, vocabulary).kind == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Ấm tình quân dân hai bên cửa khẩu", "border"),
        ("Bộ trưởng hai nước tặng quà, khám bệnh cho bà con hai bên cửa khẩu", "aid"),
    ],
)
def test_what_is_done_at_an_occasion_is_part_of_it_unless_the_headline_tells_it(title, kind, vocabulary):
    text = (
        "Trao nhà và khám bệnh cho bà con là hoạt động của Giao lưu hữu nghị Quốc phòng biên giới Việt Nam - Lào lần thứ hai."
        " Sáng 22/10, đoàn trao quà, bàn giao công trình, khám bệnh rồi tuần tra."
    )
    one = Report("1", title, text, site="x.example", lang="vi", published=date(2024, 10, 23))
    story = story_of(1, [one], {"1": features_of(one, vocabulary)}, {}, vocabulary)
    assert (story.kind, story.event.first) == (kind, date(2024, 10, 22))


def test_last_years_meeting_is_related_and_this_weeks_is_not(labelled, vocabulary):
    told = {
        event: [features_of(one, vocabulary) for id_, one in labelled.items() if id_.startswith(event)]
        for event in ("b03", "b04", "b05", "a10")
    }
    frequencies = Frequencies()
    for features in told.values():
        for one in features:
            frequencies.add(one)
    others = {3: told["b03"], 5: told["b05"], 10: told["a10"]}
    assert earlier_like(told["b04"], others, frequencies) == (3,)


def test_a_story_of_one_bare_report_is_told_too(vocabulary):
    bare = Report("1", "", "word", site="x.example")
    story = story_of(1, [bare], {"1": features_of(bare, vocabulary)}, {}, vocabulary)
    assert (story.headlines, story.event, story.place, story.participants, story.kind) == ({}, None, "", (), "other")
