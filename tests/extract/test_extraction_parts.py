"""Encoding, text, language, credit lines and the feed's time, each by its own rules."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from extract.encoding import decode
from extract.language import detect
from extract.markup.blocks import Block
from extract.markup.claims import read_claims
from extract.parts.credits import Credits, take_credits
from extract.parts.names import Outlet, outlet_of, person
from extract.text import clean, fold, sentences, tones
from extract.to_article import to_article
from spiders.page import Found, Page
from spiders.sources import Source

WORDS = "Bộ đội Biên phòng hai nước tuần tra chung, giữ vững an ninh đường biên."
NOBODY = Outlet(frozenset())


@pytest.mark.parametrize(
    ("body", "header", "encoding", "because"),
    [
        (WORDS.encode(), "text/html; charset=iso-8859-1", "utf-8", "content"),
        (b'<?xml version="1.0" encoding="utf-16"?>' + WORDS.encode(), None, "utf-8", "content"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=utf-16", "utf-8", "bom"),
        (WORDS.encode("utf-16"), None, "utf-16-le", "bom"),
        (("<html><body>Plain words. " * 9 + WORDS).encode("utf-16-be"), None, "utf-16-be", "content"),
        ("Élève".encode("latin-1"), "text/html; charset=ISO-8859-1", "cp1252", "header"),
        (b"x" * 90_000 + '<meta charset="koi8-r">Привет'.encode("koi8-r"), None, "koi8-r", "declared"),
        (WORDS.encode() * 9 + b"\xff broken", "text/html", "utf-8", "mostly"),
        (b"+ADw-script+AD4-\xff", "text/html; charset=utf-7", "cp1252", "guess"),
    ],
)
def test_encoding(body: bytes, header: str | None, encoding: str, because: str) -> None:
    decoded = decode(body, header)
    assert (decoded.encoding, decoded.because) == (encoding, because)
    if WORDS.encode() in body:
        assert WORDS in decoded.text


def test_windows_1258_is_known_by_its_tones() -> None:
    loose = unicodedata.normalize("NFC", WORDS)
    # the encoding has letters such as ô and ơ, and the tones as characters of their own behind them
    parts = "".join(_loosened(c) for c in loose)
    assert unicodedata.normalize("NFC", decode(parts.encode("cp1258")).text) == loose


def _loosened(char: str) -> str:
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        apart = unicodedata.normalize("NFD", char)
        tone = next(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", apart.replace(tone, "")) + tone
    return char


@given(st.text())
def test_cleaning_twice_changes_nothing(value: str) -> None:
    cleaned = clean(value)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


def test_invisible_characters_go() -> None:
    assert clean("\ufeffbiên\u200b gi\u00adới\u00a0 Lào\u2060") == "biên giới Lào"


def test_tone_marks_move_and_accents_stay() -> None:
    assert tones("hoà bình, thuỷ điện, HOÀ, quý, hoàn, uỷ ban") == "hòa bình, thủy điện, HÒA, quý, hoàn, ủy ban"
    assert fold("Đường biên giới Lào") == "duong bien gioi lao"


def test_ranks_and_initials_end_no_sentence() -> None:
    text = "Sr. Lt. Gen. Phan Van Giang met N. V. Minh. They agreed. “Tốt lắm!” TP. Vinh xa 1.000 km."
    assert sentences(text) == [
        "Sr. Lt. Gen. Phan Van Giang met N. V. Minh.",
        "They agreed.",
        "“Tốt lắm!”",
        "TP. Vinh xa 1.000 km.",
    ]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (WORDS, "vi"),
        ("The two ministries have agreed on a plan for the coming year, and it will be signed in May.", "en"),
        ("Les deux ministères ont signé un accord pour la formation des officiers dans le pays.", "fr"),
        ("Los dos ministerios han firmado un acuerdo para la formación de los oficiales en el país.", "es"),
        ("两国国防部签署了2026年合作计划，双方将加强边境巡逻。", "zh"),
        ("Министерства обороны двух стран подписали план сотрудничества на 2026 год.", "ru"),
        ("ກະຊວງປ້ອງກັນປະເທດ ສອງປະເທດ ໄດ້ເຊັນແຜນການຮ່ວມມື", "lo"),
        ("Die beiden Ministerien haben einen Plan für das kommende Jahr mit der Armee und den Truppen.", "other"),
        ("Lào", None),
    ],
)
def test_language(text: str, lang: str | None) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize(
    ("line", "credits"),
    [
        ("Translated by Mai Huong", Credits(translator="Mai Huong")),
        ("Người dịch: Lê Minh", Credits(translator="Lê Minh")),
        ("Tin, ảnh: NGUYỄN BẰNG", Credits(author="NGUYỄN BẰNG")),
        ("Bài và ảnh: Văn Hiếu - Mai Hương", Credits(author="Văn Hiếu - Mai Hương")),
        ("By Lan Dao", Credits(author="Lan Dao")),
        ("Theo TTXVN", Credits(credit="TTXVN")),
        ("(Theo Reuters)", Credits(credit="Reuters")),
        ("Nguồn: https://www.bao.example/bai-1.html", Credits(credit="bao.example")),
        ("Source: VNA/NDO", Credits(credit="VNA/NDO")),
        ("According to Vietnamplus.vn", Credits(credit="Vietnamplus.vn")),
        ("(VNA)", Credits(credit="VNA")),
        ("— VNS", Credits(credit="VNS")),
        ("Ảnh: Trọng Đức", Credits()),
        ("Photo: VNA", Credits()),
        ("Hà Thu (tổng hợp)", Credits(author="Hà Thu")),
        ("THU GIANG - AN BÌNH", Credits(author="THU GIANG - AN BÌNH")),
        ("Minh Châu (theo Kyodo)", Credits(author="Minh Châu", credit="Kyodo")),
    ],
)
def test_credit_lines(line: str, credits: Credits) -> None:
    blocks = [Block("text", WORDS * 3), Block("text", WORDS * 2), Block("text", line, bold=1.0, bold_text=line)]
    left, said = take_credits(blocks, (), NOBODY)
    assert [block.text for block in left] == [WORDS * 3, WORDS * 2]
    assert said == credits


@pytest.mark.parametrize(
    "line",
    [
        "Theo ông, việc này cần thêm thời gian.",
        "Hai nước cùng phát triển",
        "Tin rằng hai bên sẽ đạt kết quả tốt.",
        "According to him, it works.",
    ],
)
def test_sentences_are_no_credit_lines(line: str) -> None:
    blocks = [Block("text", WORDS * 3), Block("text", line)]
    assert take_credits(blocks, (), NOBODY) == (blocks, Credits())


@pytest.mark.parametrize(
    ("opening", "credit"),
    [
        ("Theo phóng viên TTXVN tại Viêng Chăn, ", "TTXVN"),
        ("Viêng Chăn - Theo đặc phái viên TTXVN, ", "TTXVN"),
        ("According to a VNA correspondent in Vientiane, ", "VNA"),
        ("Theo Bộ Quốc phòng, ", None),
        ("Theo CENTCOM, ", None),
        ("According to the UN, ", None),
    ],
)
def test_a_reporter_of_another_house_in_the_first_words(opening: str, credit: str | None) -> None:
    left, said = take_credits([Block("text", opening + WORDS), Block("text", WORDS * 3)], (), NOBODY)
    assert (left[0].text, said.credit) == (opening + WORDS, credit)


def test_an_agency_behind_the_last_sentence() -> None:
    for sign in (" — VNS", " (VNA)", "/. VNA", " VNS"):
        left, said = take_credits([Block("text", WORDS + sign)], (), NOBODY)
        assert (left[0].text.rstrip("/."), said.credit) == (WORDS.rstrip("."), sign.strip(" —()/."))


def test_patterns_of_a_source_find_its_credits() -> None:
    blocks = [Block("text", WORDS), Block("text", "Bài đăng lại từ Báo Thử"), Block("text", WORDS * 2)]
    left, said = take_credits(blocks, (r"^Bài đăng lại từ (.+)$",), NOBODY)
    assert (len(left), said.credit) == (2, "Báo Thử")


@pytest.mark.parametrize("name", ["VnBao.vn", "https://facebook.com/bao", "baothu", "Báo Thử", "admin", "PV", "tin@bao.vn", ""])
def test_what_is_no_person(name: str) -> None:
    assert person(name, Outlet(frozenset({"baothu"}))) is None


@pytest.mark.parametrize(
    ("name", "own", "called"),
    [
        ("Báo Bờ Sông", "bao", False),
        ("Báo Thanh Hóa", "thanh", True),
        ("Trần Công An", "congan", False),
        ("Báo Công an", "congan", True),
        ("Bình", "baoninhbinh", False),
        ("Ninh Bình", "baoninhbinh", True),
        ("Dân trí", "baodientudantri", True),
        ("VOV Tây Bắc", "vov", True),
        ("Vũ Vovan", "vov", False),
        ("VOV.VN", "vov", True),
        ("TTXVN", "thongtanxavietnamttxvn", True),
        ("Lan Anh", "anh", False),
        ("...", "vov", True),
    ],
)
def test_what_is_the_outlet(name: str, own: str, called: bool) -> None:
    names = outlet_of(f"{own}.example", read_claims(fromstring("<p>"), ""), own if len(own) > 3 else "")
    assert names.is_called(name) is called


@pytest.mark.parametrize("name", ["Đài Trang", "Lan Anh"])
def test_what_is_a_person(name: str) -> None:
    assert person(name, NOBODY) == name


@pytest.mark.parametrize("name", ["Đài Phát thanh Bờ Sông", "Đài PTTH Bờ Sông", "Báo Bờ Sông"])
def test_houses_are_no_persons(name: str) -> None:
    assert person(name, NOBODY) is None


@pytest.mark.parametrize("head", ["", "<h1>Trao quà</h1>"])
def test_a_flash_keeps_its_lines(head: str) -> None:
    body = f"{head}<div><p>Quân đ<b>ội</b> <i>Lào</i> thăm trường.</p><p>Trao <b>quà</b>.</p></div>"
    assert to_article(page(body), None, now=datetime(2026, 6, 1, tzinfo=UTC)).text == "Quân đội Lào thăm trường.\nTrao quà."


def page(body: str, published: datetime | None = None) -> Page:
    url = "https://bao.example/tin-1.html"
    found = Found(url, url, "bao", "", "feed", published=published)
    return Page(found, url, 200, (), body.encode(), datetime(2026, 5, 12, tzinfo=UTC))


ARTICLE = f"<h1>Tuần tra chung trên biên giới</h1>{{date}}<div class=detail-content>{f'<p>{WORDS}</p>' * 4}</div>"


@pytest.mark.parametrize(
    ("date", "published", "source"),
    [
        ("", "2026-05-12T08:47:00+07:00", "feed"),
        ("<span class=date>12/05/2026</span>", "2026-05-12T08:47:00+07:00", "feed"),
        ("<span class=date>12/05/2026 08:40</span>", "2026-05-12T08:40:00+07:00", "text"),
        ("<span class=date>Cập nhật: 11/05/2026 07:00</span>", "2026-05-12T08:47:00+07:00", "feed"),
        ("<meta property='article:modified_time' content='2026-05-10T07:00:00+07:00'>", "2026-05-12T08:47:00+07:00", "feed"),
    ],
)
def test_a_page_without_time_takes_the_feeds(date: str, published: str, source: str) -> None:
    feed = datetime(2026, 5, 12, 1, 47, tzinfo=UTC)
    article = to_article(page(ARTICLE.format(date=date), feed), None, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert article.published is not None
    assert (article.published.isoformat(), article.published_source) == (published, source)


def test_rules_of_a_source_come_first() -> None:
    source = Source.model_validate(
        {
            "id": "bao",
            "name": "Báo Thử",
            "languages": ["en"],
            "home": "https://bao.example/",
            "feeds": ["https://bao.example/rss"],
            "article": "bao",
            "extract": {"body": [".phu"], "drop": [".bo"], "drop_lines": ["^Bỏ dòng"], "date": [".ngay"], "dates": "mdy"},
        }
    )
    body = (
        f"<h1>Tuần tra chung</h1><i class=ngay>05/06/2026 10:00</i><div class=chinh>{f'<p>{WORDS}</p>' * 5}</div>"
        f"<div class=phu><p>{WORDS * 3}</p><p class=bo>{WORDS}</p><p>Bỏ dòng này đi</p></div>"
    )
    article = to_article(page(body), source, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert article.text == WORDS * 3
    assert article.extractor == "rule"
    assert article.published is not None and article.published.isoformat() == "2026-05-06T10:00:00+07:00"
    assert article.quality == ("wrong-language",)
