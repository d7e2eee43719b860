"""The cheap refusal is sound: whatever the full path would show passes it, in every dress a page can wear."""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.article import Article
from extract.to_article import to_article
from relevance.judge import document_of, judge
from relevance.second_look import first_look
from relevance.topic import Topic
from relevance.triage import mentions_laos
from relevance.verdict import Document
from relevance.words import without_accents
from spiders.page import Found, Page

NOW = datetime(2026, 11, 21, tzinfo=UTC)


PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "pages"


def could_be_shown(body: bytes, content_type: str | None, topic: Topic) -> bool:
    look = first_look(body, content_type, topic)
    assert look.named == mentions_laos(body, content_type, topic)
    assert look.named or not look.showable
    return look.showable


NAMES = (
    "Lào",
    "LÀO",
    "Laos",
    "nước bạn Lào",
    "Việt Nam - Lào",
    "Hủa Phăn",
    "Bô-ly-khăm-xay",
    "Bolikhamxay",
    "Xa Vẳn Na Khệt",
    "Viêng Chăn",
    "VIENTIANE",
    "Luang Prabang",
    "Át-ta-pư",
    "Phongsali",
    "Lao People's Army",
    "Quân đội nhân dân Lào",
    "U Đôm Xay",
    "Phăn-khăm Vi-phạ-văn",
    "Thongloun Sisoulith",
    "Khamliang Outhakaysone",
    "Xay-xỏm-phon Phôm-vi-hản",
    "Pắc-xế",
    "Kaysone Phomvihane",
    "Sầm Nưa",
    "Xê Pôn",
    "Đen-sa-vẳn",
    "Nậm Phao",
    "Đại đội Biên phòng 252",
)
"""What must open the gate by itself."""


def entities(text: str, form: str) -> str:
    return "".join(char if char == " " else form.format(ord(char)) for char in text)


def escaped(text: str) -> str:
    return '<script type="application/ld+json">{"articleBody": ' + json.dumps(text) + "}</script>"


DRESSES = {
    "plain": lambda text: f"<p>{text}</p>",
    "decimal": lambda text: f"<p>{entities(text, '&#{};')}</p>",
    "hexadecimal": lambda text: f"<p>{entities(text, '&#x{:x};')}</p>",
    "named": lambda text: f"<p>{text.replace('à', '&agrave;').replace('ê', '&ecirc;').replace('ô', '&ocirc;')}</p>",
    "escaped twice": lambda text: f"<p>{entities(text, '&amp;#{};')}</p>",
    "decomposed": lambda text: f"<p>{unicodedata.normalize('NFD', text)}</p>",
    "json": escaped,
    "drop capital": lambda text: f"<p><span class=cap>{text[0]}</span>{text[1:]}</p>",
    "tags between words": lambda text: f"<p>{text.replace(' ', ' <b class=x>').replace('-', '</b>-<i>')}</p>",
    "a tag within": lambda text: f"<p>{text[:2]}<b class=x>{text[2:]}</b></p>",
    "a tag for each letter": lambda text: "<p>" + "".join(f"<span>{char}</span>" for char in text) + "</p>",
    "hard blanks": lambda text: f"<p>{text.replace(' ', '&nbsp;')}</p>",
    "line ends": lambda text: f"<p>\n{text.replace(' ', chr(10) + '    ')}\n</p>",
    "soft hyphens": lambda text: f"<p>{'&shy;'.join(text) if text.isascii() else chr(0xAD).join(text)}</p>",
    "meta": lambda text: f'<meta name="description" content="{text}">',
    "after a comment": lambda text: f"<!-- <script> --><p>{text}</p><script>var a = 1</script>",
}
CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1258", "utf-32")


def page_of(text: str, dress: str) -> str:
    return f"<html><head><title>Tin</title></head><body><div>Tin trong ngày</div>{DRESSES[dress](text)}</body></html>"


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_passes_in_every_dress(topic: Topic, name: str, dress: str) -> None:
    assert mentions_laos(page_of(name, dress).encode(), "text/html", topic)


@pytest.mark.parametrize("dress", ["plain", "decomposed", "a tag within", "a tag for each letter", "json"])
@pytest.mark.parametrize("form", [str, str.upper, str.title, without_accents])
def test_every_name_of_the_topic_passes(topic: Topic, form: Callable[[str], str], dress: str) -> None:
    """Provinces, towns, gates, persons, units and armies: whatever can open the way to being shown."""
    names = {form(text.replace("#", "12")) for text, kind in topic.spellings if topic.kinds[kind].opens}
    assert len(names) > 1000
    some = sorted(names) if dress == "plain" else sorted(names)[::7]
    assert [name for name in some if not mentions_laos(page_of(name, dress).encode(), "text/html", topic)] == []


def test_tags_within_the_words_of_defence(topic: Topic) -> None:
    text = (
        "<p>Quân đ<b>ội</b> Việt Nam trao quà cho người dân Lào ở bốn bản, khám bệnh và cấp thuốc miễn phí cho người già.</p>"
    )
    text += "<p>Sáng hôm sau, cả đoàn lên đường sang bản bên, nơi có trạm xá mới xây năm ngoái bên bờ suối cạn.</p>"
    assert judge(document_of(article_of(text.encode())), topic).decision == "keep"
    assert could_be_shown(text.encode(), None, topic)


def old_vietnamese(text: str) -> str:
    """Tones apart from their letters, as windows-1258 wants them."""
    parts = unicodedata.normalize("NFD", text)
    for letter in "âăêôơưÂĂÊÔƠƯ":
        parts = parts.replace(unicodedata.normalize("NFD", letter), letter)
    return parts


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("name", ["Lào", "Hủa Phăn", "Viêng Chăn"])
def test_a_name_passes_in_every_charset(topic: Topic, name: str, charset: str) -> None:
    text = page_of(name, "plain")
    body = (old_vietnamese(text) if charset == "windows-1258" else text).encode(charset)
    declared = None if charset.startswith(("utf-16", "utf-32")) else f"text/html; charset={charset}"
    assert mentions_laos(body, declared, topic)


def test_a_charset_that_nobody_knows_passes(topic: Topic) -> None:
    assert mentions_laos("Tin trong ngày".encode("cp1258", "replace"), "text/html; charset=x-viet-tcvn5712", topic)


@pytest.mark.parametrize(
    "text",
    [
        "Sạt lở ở Lào Cai, người lao động mất việc; báo Lao Động đưa tin",
        "Bỏ thuốc lào, điếu Lào; gió Lào thổi; Bệnh viện Lao; Quán Lào",
        "Labour news: the coal trade, Bolivia, the sea gate, Sao Mai, Vào Hạ",
        "",
    ],
)
def test_pages_without_laos_are_refused(topic: Topic, text: str) -> None:
    for dress in ("plain", "decomposed", "decimal"):
        assert not mentions_laos(page_of(text, dress).encode(), "text/html; charset=utf-8", topic)


def test_scripts_are_not_read(topic: Topic) -> None:
    assert not mentions_laos(b"<p>Tin</p><script>var menu = 'Laos'</script><style>/* Laos */</style>", None, topic)


sentences = st.sampled_from(
    (
        "Bộ đội biên phòng tuần tra chung với Đại đội Biên phòng 211, tỉnh Hủa Phăn.",
        "Quân đội nhân dân Lào và Quân đội nhân dân Việt Nam hội đàm.",
        "The Lao army and the Vietnam People's Army signed a protocol.",
        "Đội quy tập tìm được 12 hài cốt liệt sĩ ở Xiêng Khoảng.",
        "Lào Cai mưa lớn.",
        "Trung tá Nguyễn Văn An trao quà.",
        "Đoàn về thủ đô Viêng Chăn bàn về quốc phòng.",
        "Hoian, the sea; nothing else.",
        "Kaysone Phomvihane National Defence Academy welcomes Vietnamese officers to Vientiane.",
        "Người lao động và gió Lào.",
    )
)
texts = st.lists(sentences, min_size=1, max_size=4).map(" ".join)


@settings(deadline=None)
@given(text=texts, dress=st.sampled_from(sorted(DRESSES)), charset=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-32")))
def test_what_would_be_shown_is_never_refused(topic: Topic, text: str, dress: str, charset: str) -> None:
    if judge(Document(text, lang="vi", site="qdnd.vn"), topic).decision != "drop":
        assert mentions_laos(page_of(text, dress).encode(charset), None, topic)
        assert could_be_shown(page_of(text, dress).encode(charset), None, topic)


@settings(deadline=None)
@given(
    body=st.binary(max_size=400), declared=st.sampled_from((None, "text/html", "text/html; charset=utf-16", "\x00", "charset="))
)
def test_any_bytes_get_an_answer(topic: Topic, body: bytes, declared: str | None) -> None:
    assert mentions_laos(body, declared, topic) in (True, False)
    assert could_be_shown(body, declared, topic) in (True, False)


@settings(deadline=None)
@given(word=st.text(alphabet="LaàoÀO\u0300<>&#;\\u0eE-CcIi ", max_size=24))
def test_accents_tags_and_references_in_any_mix(topic: Topic, word: str) -> None:
    article = article_of(f"<p>Bộ đội Biên phòng Việt Nam hội đàm với {word} về tuần tra song phương biên giới.</p>".encode())
    body = f"<p>Bộ đội Biên phòng Việt Nam hội đàm với {word} về tuần tra song phương biên giới.</p>".encode()
    if judge(document_of(article), topic).decision != "drop":
        assert mentions_laos(body, None, topic)
        assert could_be_shown(body, None, topic)


MARKUP = (
    "<script>var a = 'x<y';</script>",
    "<SCRIPT>1</SCRIPT>",
    '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": "Lào và quốc phòng > <b"}</script>',
    "<!-- <script> -->",
    "<!--> ",
    "<!-- a --!>",
    "<style>p > a {}</style>",
    "<p title='a > b'>",
    "<p title='<script>'>",
    '<a href=x data-x="<style>">',
    "</p>",
    "<title>Bộ đội <Lào></title>",
    "<title><script></title>",
    "<textarea><script></textarea>",
    "<xmp>",
    "</xmp>",
    "<meta name=description content='Bộ đội > Lào'>",
    "<meta content='<script>' property=og:title>",
    " < ",
    "<%",
    "</ x>",
    "<![CDATA[ x ]]>",
    "\0",
    "&nbsp;",
    "<br>",
    "\u200d",
    "<h1>Hội đàm</h1>",
    "<p>Quân đội nhân dân L\u034fào và Bộ Quốc phòng Việt Nam hội đàm về tuần tra song phương.</p>",
    "<p>Đồn Biên phòng Việt Nam tuần tra chung với Hủa/Phăn và Xiêng’Khoảng, Lào.</p>",
    "<p>Bộ Quốc phòng L\0ào cảm ơn Bộ Quốc phòng Việt Nam đã hợp tác đào tạo.</p>",
    "<p>1 < Quân đội Lào và Bộ Quốc phòng Việt Nam hội đàm về tuần tra song phương.</p>",
    "<p>1 <ệ Quân đội Lào và Bộ Quốc phòng Việt Nam hội đàm về tuần tra song phương.</p>",
    "<xmp>1 <b Quân đội Lào và Bộ Quốc phòng Việt Nam hội đàm về tuần tra song phương.</xmp>",
    "<p>Bộ Quốc phòng L&agrave;o và B&#7897; Quốc phòng Việt Nam hội đàm về tuần tra song phương.</p>",
    "<p>Giá cà phê tăng.</p>",
)


@settings(deadline=None, max_examples=300)
@given(pieces=st.lists(st.sampled_from(MARKUP), min_size=1, max_size=10), bad=st.sampled_from((b"", b"\xff", b"\xe0y")))
def test_no_markup_hides_what_the_full_path_reads(topic: Topic, pieces: list[str], bad: bytes) -> None:
    body = b"<html><body>" + "\n".join(pieces).encode() + bad + b"</body></html>"
    if judge(document_of(article_of(body)), topic).decision != "drop":
        assert mentions_laos(body, None, topic)
        assert could_be_shown(body, None, topic)


def article_of(body: bytes) -> Article:
    found = Found("https://qdnd.vn/a-1", "https://qdnd.vn/a-1", "", "", "given")
    return to_article(Page(found, found.url, 200, (("Content-Type", "text/html"),), body, NOW), None, now=NOW)


@pytest.mark.skipif(not PAGES.exists(), reason=f"there are no real pages in {PAGES}")
def test_no_real_page_is_refused_that_would_be_shown(topic: Topic) -> None:
    judged = 0
    for path in sorted(PAGES.glob("*.html")):
        body = path.read_bytes()
        judged += 1
        if judge(document_of(article_of(body)), topic).decision != "drop":
            assert mentions_laos(body, None, topic), path.name
            assert could_be_shown(body, None, topic), path.name
    assert judged > 10


ARTICLES = sorted((Path(__file__).parent / "articles").glob("*.jsonl"))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_pages_of_all_own_articles_pass_when_they_are_shown(topic: Topic, path: Path) -> None:
    refused = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        paragraphs = "".join(f"<div class=ad>Xem</div><p>{part}</p>" for part in row["text"].split("\n"))
        title = row.get("title", "")
        body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>".encode()
        shown = judge(document_of(article_of(body)), topic).decision != "drop"
        assert not shown or (mentions_laos(body, None, topic) and could_be_shown(body, None, topic)), row["id"]
        refused += not could_be_shown(body, None, topic)
    assert refused > 10


def test_the_second_look_refuses_a_teaser_and_a_passing_word(topic: Topic) -> None:
    filler = "<p>Hội nghị bàn về giá cà phê, thời tiết và đường sá trong huyện.</p>" * 80
    page = f"<title>Giá cà phê</title><ul><li>Tổng Bí thư thăm Lào</ul>{filler}<p>Bộ đội gặt lúa.</p>".encode()
    assert mentions_laos(page, None, topic)
    assert not could_be_shown(page, None, topic)
    assert could_be_shown(page.replace("<p>Bộ đội".encode(), "<p>Ở Lào, bộ đội".encode()), None, topic)
    assert could_be_shown(page.replace("Giá cà phê</title>".encode(), "Bộ đội</title>".encode()), None, topic)
