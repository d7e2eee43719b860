"""Copies are found and near-identical reports of other occasions are not taken for copies."""

import itertools
import json
import random
import re
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.duplicates import Reprints, Text, band_keys, candidates, compare, create_tables, forget, remember
from store.stories.evaluate import read_labelled

EVENTS = Path(__file__).parent / "events"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["reprints"]
TAILS = {
    "vi": (
        "Theo Báo Quân đội nhân dân",
        "Nguồn: TTXVN\nXem thêm: Giá vàng hôm nay giảm nhẹ\nThời tiết cuối tuần: miền Bắc chuyển rét\nKết quả xổ số miền Trung",
        "(TTXVN/Vietnam+)\nMời quý độc giả theo dõi kênh của chúng tôi trên mạng xã hội để nhận tin mới nhất mỗi ngày",
    ),
    "en": (
        "Source: Vietnam News Agency",
        "VNS\n- Ten beaches you must see this summer\n- How to keep your hair healthy after forty\n- Cheap flights to Bangkok",
        "Disclaimer: the ministry published this content and is solely responsible for the information contained in it. "
        "Distributed by a third party, unedited and unaltered.",
    ),
}


def plain(text):
    stripped = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return stripped.replace("đ", "d").replace("Đ", "D")


def tail(text, lang, rng):
    return f"{text}\n{rng.choice(TAILS[lang])}"


def cut(text, lang, rng):
    """Keeps about 60 % of the words: from the start, from the end, or whole sentences here and there."""
    words = text.split(" ")
    keep = max(1, round(len(words) * 0.6))
    return rng.choice((" ".join(words[:keep]), " ".join(words[-keep:]), _without_sentences(text, keep, rng)))


def _without_sentences(text, keep, rng):
    sentences = re.split(r"(?<=[.!?])\s+", text)
    for sentence in rng.sample(sentences, len(sentences)):
        if sum(len(other.split()) for other in sentences) - len(sentence.split()) >= keep:
            sentences.remove(sentence)
    return " ".join(sentences)


def respelled(text, lang, rng):
    one_way = {"Việt Nam": "Vietnam", "Hà Nội": "Hanoi"}
    for accented, bare in one_way.items():
        text = text.replace(accented, bare) if accented in text else text.replace(bare, accented)
    return text.replace('"', "”").replace(" - ", " – ")


def unaccented(text, lang, rng):
    return plain(text)


def untouched(text, lang, rng):
    return text.replace("\n", " ")


KINDS = (untouched, tail, cut, respelled, unaccented)
MIXED = ((cut, tail), (respelled, tail), (cut, unaccented), (cut, respelled))


def later_year(text, rng):
    """The same ceremony a year on: days and counts differ, the prose does not."""
    changed = re.sub(r"\b(\d{1,2})(?=[-/]\d)", lambda match: str((int(match[1]) + 6) % 27 + 1), text)
    changed = re.sub(
        r"\b(January|March|April|May|June|July|August|September|October|November|December) (\d{1,2})\b",
        lambda match: f"{match[1]} {(int(match[2]) + 6) % 27 + 1}",
        changed,
    )
    return re.sub(r"\b(\d{2,3})\b(?![-/.,%])", lambda match: str(int(match[1]) + 7), changed)


PROVINCES = ("Nghệ An", "Hà Tĩnh", "Quảng Trị", "Sơn La", "Điện Biên", "Thanh Hóa", "Kon Tum", "Huế", "Đà Nẵng")


def other_province(text, rng):
    """The same ceremony in another province: the place and its people are exchanged, the prose is not."""
    shift = rng.randrange(1, len(PROVINCES))
    moved = {name: PROVINCES[(number + shift) % len(PROVINCES)] for number, name in enumerate(PROVINCES)}
    moved |= {plain(old): plain(new) for old, new in moved.items()}
    text = re.sub("|".join(moved), lambda match: moved[match[0]], text)
    return re.sub(r"\b(Nguyễn|Trần|Lê|Phan|Hồ|Đỗ|Bùi) (\w+) (\w+)", lambda match: f"Vũ {match[3]} {match[2]}", text)


@pytest.fixture(scope="module")
def generated():
    """At least 500 texts: originals, their copies (with the original's id) and near-identical others."""
    rng = random.Random(5)
    texts, origin = [], {}
    labelled = [article.report for article in read_labelled(EVENTS.glob("*.txt")) if len(article.report.text.split()) >= 60]
    for number, report in enumerate(labelled):
        day = date(2024, 1, 1) + timedelta(number * 3)
        texts.append(Text(report.id, report.text, report.lang, day))
        for copy in range(2):
            ways = (KINDS[(number + copy) % len(KINDS)],) if number % 3 or copy else MIXED[number % len(MIXED)]
            text = report.text
            for way in ways:
                text = way(text, report.lang, rng)
            name = f"{report.id}/{'+'.join(way.__name__ for way in ways)}{copy}"
            texts.append(Text(name, text, report.lang, rng.choice((None, day, day + timedelta(1)))))
            origin[name] = report.id
        for other, days in ((later_year, 364), (other_province, 2)):
            changed = other(report.text, rng)
            if _facts_changed(report.text, changed) > 2:
                texts.append(Text(f"{report.id}/{other.__name__}", changed, report.lang, day + timedelta(days)))
    return texts, origin


def _facts_changed(text, changed):
    return sum(1 for a, b in zip(text.split(), changed.split(), strict=False) if a != b)


def test_copies_are_found_and_other_occasions_are_not(generated):
    texts, origin = generated
    reprints = Reprints(Database(memory=True))
    for text in texts:
        reprints.add(text)
    root = {text.id: text.id for text in texts} | reprints.originals()
    labels = {text.id: origin.get(text.id, text.id) for text in texts}
    found, wanted = pairs(root), pairs(labels)
    precision, recall = len(found & wanted) / len(found), len(found & wanted) / len(wanted)
    print(f"\n{len(texts)} texts, {len(wanted)} pairs: precision {precision:.4f}, recall {recall:.4f}")
    for kind, ids in (("missed", wanted - found), ("wrong", found - wanted)):
        print(kind, sorted(map(sorted, ids))[:8])
    assert len(texts) >= 500
    assert precision >= FLOORS["precision"] >= 0.99
    assert recall >= FLOORS["recall"] >= 0.97


def pairs(group_of):
    groups = {}
    for item, group in group_of.items():
        groups.setdefault(group, []).append(item)
    return {frozenset(pair) for items in groups.values() for pair in itertools.combinations(items, 2)}


def test_the_earlier_publication_is_the_original_whatever_came_in_first():
    text = (
        "The two colonels checked the markers between the rivers and signed the minutes at the last of them near the village."
    )
    reprints = Reprints(Database(memory=True))
    reprints.add(Text("late", text, "en", date(2024, 5, 3)))
    reprints.add(Text("early", text, "en", date(2024, 5, 1)))
    reprints.add(Text("undated", text, "en"))
    assert reprints.originals() == {"late": "early", "undated": "early"}


def test_another_language_is_no_copy():
    text = "Viet Nam Lao Campuchia Thai Lan Myanmar Singapore Brunei"
    assert compare(Text("a", text, "vi"), Text("b", text, "vi")).copy
    assert compare(Text("a", text, "vi"), Text("b", text, "en")) is None


def test_a_report_that_keeps_a_few_sentences_of_another_is_no_copy():
    kept = "The two forces agreed to patrol together three times a quarter and to keep the hotline open day and night."
    again = "They will also train medics of the Lao company at the district hospital before the next rainy season begins."
    one = f"Officers met at the border gate on Monday. {kept} Rain had washed away the road near the river. {again}"
    other = (
        f"A long column of trucks stood waiting when the commanders shook hands yesterday. {kept} Villagers brought fruit and "
        f"sticky rice to the guests, who stayed until dusk and sang with the children of the school. {again} Nobody hurried."
    )
    assert compare(Text("a", one), Text("b", other)) is None


OPENING = "The two chiefs of staff sat down in the hall of the ministry {} to go through the plan of the year with their aides."
REST = " They agreed on courses for young officers, on visits between garrisons and on a common search for the fallen."


@pytest.mark.parametrize(
    ("here", "there", "copied"),
    [
        ("on June 2", "on Thursday", True),
        ("on 5.3.2025", "on 5/3/2025", True),
        ("on June 2", "on July 2", False),
        ("on Monday", "on Thursday", False),
        ("on 5.3.2025", "on 6/3/2025", False),
    ],
)
def test_the_same_day_written_otherwise_is_no_change_and_another_day_is(here, there, copied):
    likeness = compare(Text("1", OPENING.format(here) + REST), Text("2", OPENING.format(there) + REST))
    assert likeness is not None
    assert likeness.copy is copied


def test_an_empty_text_is_no_copy_of_anything():
    assert compare(Text("a", ""), Text("b", "")) is None
    assert len(band_keys("")) == len(band_keys("one"))


def test_bands_are_found_once_stored_and_not_once_forgotten(tmp_path):
    db = Database(tmp_path / "news.db")
    create_tables(db)
    keys = band_keys("Biên phòng hai nước tuần tra chung từ mốc 401 đến mốc 405 trong sương mù dày đặc")
    remember(db, 7, keys)
    remember(db, 7, keys)
    assert candidates(db, keys) == [7]
    forget(db, 7, keys)
    assert candidates(db, keys) == []


def test_stored_signatures_mean_the_same_in_every_version():
    assert band_keys("Quân đội nhân dân Lào và Việt Nam")[:2] == band_keys("quan doi nhan dan lao va Vietnam")[:2]
