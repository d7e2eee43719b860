"""Captions printed as plain paragraphs, no picture beside them: known by what they say, and never a sentence of the text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.article import Article
from extract.markup.blocks import Block
from extract.parts.captions import as_captions, says_caption
from extract.to_article import to_article
from spiders.page import Found, Page

HERE = Path(__file__).resolve().parent
GOLD = HERE.parents[1].parent / "shared" / "pages" / "gold"
NOW = datetime(2026, 11, 1, tzinfo=UTC)

CAPTIONS = [
    "Đội tuần tra hai nước nghỉ chân bên cột mốc 528. Ảnh: Lê Hoài",
    "Bộ đội giúp dân dựng lại nhà sau lũ (Ảnh: TTXVN)",
    "Bến phà cũ trên sông Sê Pôn. (Ảnh tư liệu)",
    "Soldiers of both countries clear a road after the flood. Photo: VNA",
    "Officers plant rice with villagers in Khammouane. — VNA/VNS Photo Lan Hương",
    "Two boats cross the river at dawn (File photo)",
    "Students of the army school in the capital (Photo: qdnd.vn)",
    "Doi tuan tra hai nuoc ben cot moc 528. Anh: Le Hoai/TTXVN",
    "Thiếu tướng Trần Văn Thử (thứ hai từ trái sang) kiểm tra khu nhà ở của đội quy tập.",
    "Major General Tran Van Thu (left) and his host with the band of the school.",
    "Quang cảnh buổi tọa đàm.",
    "Toàn cảnh lễ khánh thành trường bán trú",
    "Các đại biểu chụp ảnh lưu niệm bên cột mốc.",
    "Đại tá Lê Văn Thử phát biểu tại buổi tọa đàm.",
    "An overview of the workshop",
    "At the handover ceremony.",
    "Delegates pose for a group photo at the border gate.",
    "Colonel Le Van Thu speaking at the workshop.",
    "The two commanders shake hands on the bridge.",
    "The delegation lays a wreath at the monument.",
    "General Tran Van Thu calls on his host.",
]
SENTENCES = [
    "Đại tá Lê Văn Thử phát biểu tại buổi tọa đàm đã nêu ba kiến nghị với tỉnh bạn.",
    "Phát biểu tại buổi tọa đàm, Đại tá Lê Văn Thử cảm ơn nhân dân các bản dọc biên giới.",
    "Đại tá Lê Văn Thử chủ trì buổi tọa đàm.",
    "Sáng 12/5, đoàn dâng hương tại nghĩa trang liệt sĩ.",
    "Ông Khăm (trái) cho biết bản đã dời lên đồi từ mùa mưa năm trước.",
    "Hai bên thống nhất gặp nhau mỗi quý một lần.",
    "Mỗi người dân được phát một bức ảnh chụp cùng bộ đội.",
    "Ảnh hưởng của bão khiến chuyến tuần tra phải lùi lại hai ngày.",
    "The two sides agreed to meet every quarter.",
    "He shook hands with each of the veterans.",
    "The delegation laid a wreath at the monument.",
    "The colonel spoke at the workshop and thanked the villagers.",
    "The two sides will exchange delegations at the border gate.",
    "A photo by the soldiers was sent to the school in the village.",
    "Signing of three documents",
    "They stand left of the road (right where the old bridge was).",
    "Sixty lieutenants spent a weekend at the border, planting trees and teaching first aid.",
]
PROSE = (
    "Hai bên đánh giá kết quả quy tập hài cốt liệt sĩ trong mùa khô và thống nhất kế hoạch tìm kiếm cho năm sau ở bốn huyện."
)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_captions_are_known(caption: str) -> None:
    assert says_caption(caption)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences_are_none(sentence: str) -> None:
    assert not says_caption(sentence)


@pytest.mark.parametrize("line", ["Tin, ảnh: LÊ HOÀI", "Bài và ảnh: Lê Hoài - An Vy", "Lê Hoài - Ảnh: An Vy"])
def test_signatures_are_none(line: str) -> None:
    assert not says_caption(line)


def kinds(blocks: list[Block], lead: str | None = None) -> list[str]:
    return [block.kind for block in as_captions(blocks, lead)]


def test_what_is_the_lead_is_text() -> None:
    line = "Quang cảnh buổi tọa đàm."
    assert kinds([Block("text", line), Block("text", PROSE)]) == ["caption", "text"]
    assert kinds([Block("text", line), Block("text", PROSE)], line) == ["text", "text"]


def test_a_flash_is_not_all_caption() -> None:
    assert kinds([Block("text", CAPTIONS[0])]) == ["text"]


def test_a_caption_in_the_language_it_was_translated_from() -> None:
    blocks = [
        Block("text", "Hai nước hợp tác xây dựng đường biên giới hòa bình, hữu nghị"),
        Block("text", "Officers of both countries with the people of the border villages. (Photo: Le Hoai/VNA)"),
        Block(
            "text", "The two ministries have agreed on a plan for the coming year, and it will be signed in the capital in May."
        ),
    ]
    assert kinds(blocks) == ["caption", "caption", "text"]


def extracted(body: str) -> Article:
    url = "https://bao.example/tin-1.html"
    page = Page(Found(url, url, "", "", "given"), url, 200, (), f"<meta charset=utf-8><div>{body}</div>".encode(), NOW)
    return to_article(page, None, now=NOW)


def test_a_copy_without_its_pictures() -> None:
    prose = [f"{PROSE} Đây là đoạn thứ {number}." for number in ("nhất", "hai", "ba")]
    lines = [prose[0], CAPTIONS[0], prose[1], CAPTIONS[9], prose[2], CAPTIONS[10]]
    article = extracted("".join(f"<p>{line}</p>" for line in lines))
    assert article.text.splitlines() == prose
    assert article.captions == (CAPTIONS[0], CAPTIONS[9], CAPTIONS[10])


def test_the_writer_beside_the_photographer() -> None:
    article = extracted(f"<p>{PROSE}</p><p>{PROSE[:-1]} sau.</p><p><b>Lê Hoài</b> - Ảnh: An Vy</p>")
    assert (article.author, article.text.splitlines()) == ("Lê Hoài", [PROSE, f"{PROSE[:-1]} sau."])


def paragraphs(*lines: str) -> Article:
    return extracted("".join(f"<p>{line}</p>" for line in lines))


NEWS = [
    "Đại tướng Lê Văn Thử phát biểu tại hội nghị.",
    "Thủ tướng phát biểu tại lễ khai mạc diễn đàn kinh tế ở Viêng Chăn.",
    "Bộ trưởng Quốc phòng Lào dâng hương tại Nghĩa trang Trường Sơn.",
    "Đoàn công tác Bộ Chỉ huy quân sự tỉnh trao quà cho 40 hộ dân bản Cha Lo.",
    "Chủ tịch nước duyệt đội danh dự Quân đội nhân dân Lào.",
    "Hai Bộ trưởng bắt tay hợp tác phát triển vùng biên",
    "Quân đội Lào bắt tay với Quân khu 4 rà phá bom mìn ở Khăm Muộn.",
    "Ảnh: hai nước mở đợt tuần tra chung trên sông",
    "Hình ảnh: bộ đội Lào và Việt Nam cùng gặt lúa giúp dân",
    "Video: Bộ đội hai nước cùng gặt lúa cho bản Cha Lo",
    "Hàng hóa đi qua cửa khẩu (bên trái) bằng xe tải, khách đi qua cầu (bên phải).",
    "The Prime Minister addresses the nation on border safety tonight.",
    "Vietnam hands over a radar station to the Lao army at a ceremony in Vientiane.",
    "Laos signs a border treaty with Vietnam.",
    "Vietnam welcomes the Lao decision on the road to the sea.",
    "The commander inspects posts along the Sepon river on a mule.",
    "Officers exchanging views by radio every night keep the peace on the river.",
    "No breakthrough at the talks",
    "Laos absent at the conference",
    "Satellite photos: Laos clears land for a new airfield at Nong Khang",
    "The report quotes a photo: soldiers carry rice over the flooded pass.",
    "Drivers queue for hours at the gate (left) as customs check papers.",
]


@pytest.mark.parametrize(
    "line", ["Hình ảnh: bộ đội Lào và Việt Nam cùng gặt lúa", "Hà Nội - Video: Cháy lớn", "Tin Lành", "Bài Ca Trường Sơn"]
)
def test_what_is_no_signature_names_no_author(line: str) -> None:
    article = paragraphs(PROSE, f"{PROSE[:-1]} nữa.", line, f"{PROSE[:-1]} sau đó.")
    assert (article.author, line in article.text) == (None, True)


@pytest.mark.parametrize("line", NEWS)
@pytest.mark.parametrize("place", [1, 2])
def test_news_in_the_present_is_not_lost(line: str, place: int) -> None:
    lines = [PROSE, f"{PROSE[:-1]} nữa.", f"{PROSE[:-1]} sau đó."]
    lines.insert(place, line)
    assert line in paragraphs(*lines).text.splitlines()


def test_a_scene_that_the_text_tells_is_a_caption() -> None:
    told = "At the talks in the border town, Senior Colonel Le Van Thu thanked the villagers for their help with the search."
    scene = "Senior Colonel Le Van Thu speaking at the talks."
    article = paragraphs(
        told, scene, "The two sides will meet again in the spring and open a second crossing for the villages."
    )
    assert article.captions == (scene,)


def test_a_scene_behind_a_picture_is_a_caption() -> None:
    scene = "Laos signs a border treaty with Vietnam."
    article = extracted(f"<p>{PROSE}</p><p><img src=a.jpg width=600></p><p>{scene}</p><p>{PROSE[:-1]} sau.</p>")
    assert article.captions == (scene,)


@pytest.mark.parametrize("end", [". (TTXVN)", ".)", ". — VNS"])
def test_a_sentence_behind_a_picture_is_text(end: str) -> None:
    sentence = f"Hai bên gặp nhau mỗi quý một lần{end}"
    article = extracted(f"<p>{PROSE}</p><p><img src=a.jpg width=600></p><p>{sentence}</p><p>{PROSE[:-1]} sau.</p>")
    assert sentence in article.text.splitlines()


@pytest.mark.skipif(not GOLD.exists(), reason="there are no gold texts in ../shared/pages/gold")
def test_no_line_of_the_gold_texts_is_one() -> None:
    lines = [line for path in GOLD.glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    assert len(lines) > 150
    assert [line for line in lines if says_caption(line)] == []


def test_no_line_of_our_own_pages_is_one() -> None:
    paths = [*HERE.glob("pages/*.json"), *(HERE.parent / "pages_of_sources").glob("*/expected.json")]
    texts = [
        str(json.loads(path.read_text("utf-8")).get("text") or "") for path in paths if path.stem != "captions-are-the-story"
    ]
    assert [line for text in texts for line in text.splitlines() if says_caption(line)] == []
