"""What was seen on recorded pages of the sources and misread, of no one site."""

from datetime import UTC, datetime

import pytest

from extract.article import Article
from extract.to_article import to_article
from spiders.page import Found, Page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TITLE = "Tiểu đoàn thông tin hai nước thi nối dây giữa rừng"
PARAGRAPHS = [
    "Mười hai kíp xe xuất phát cùng lúc, mỗi kíp hai người Việt và hai người Lào, mang theo cuộn dây nặng gần ba mươi cân.",
    "Đường đi qua bốn con suối và một đoạn dốc đá, nơi năm ngoái có kíp phải bỏ cuộc vì dây đứt mà không ai mang kìm dự phòng.",
    "Trọng tài đứng ở điểm cuối nghe báo cáo qua máy, chỉ tính thành tích khi nghe rõ đủ mười câu bằng cả hai thứ tiếng.",
    "Kíp về nhất đi hết hai giờ bốn mươi phút và được thưởng một con lợn do nhân dân bản Nà Hin góp tặng cho hội thi năm nay.",
]
TEXT = "\n".join(PARAGRAPHS)
HEAD = f'<meta property="og:title" content="{TITLE}">'


def extracted(body: str, head: str = HEAD) -> Article:
    url = "https://bao.example/quoc-phong/noi-day-100.html"
    html = f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    page = Page(Found(url, url, "", "", "given"), url, 200, (), html.encode(), NOW)
    return to_article(page, None, now=NOW)


def paragraphs() -> str:
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


@pytest.mark.parametrize(
    "teaser",
    [
        "<article><a href=/khac-1.html><h5><h2>Xưởng sửa máy vô tuyến ở Na Kai</h2></h5></a><p>{}</p></article>",
        "<div class=item><a href=/khac-1.html><h3>Xưởng sửa máy vô tuyến ở Na Kai</h3></a><p>{}</p></div>",
        "<article><div><a href=/khac-1.html>Xưởng sửa máy vô tuyến ở Na Kai</a></div><div>{}</div></article>",
    ],
)
def test_a_headline_inside_its_link_makes_a_teaser(teaser: str) -> None:
    other = teaser.format("Ba người thợ già giữ nghề trong căn nhà lợp tôn, mỗi tháng cứu được vài chục bộ đàm tưởng đã bỏ đi.")
    article = extracted(f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}{other}</div>")
    assert article.text == TEXT


def test_updates_of_a_running_story_are_no_teasers() -> None:
    posts = "".join(
        f"<article><div><b>9h{n}0</b> <a href=/ban-do>bản đồ</a></div><p>{p}</p></article>" for n, p in enumerate(PARAGRAPHS)
    )
    text = extracted(f"<h1>{TITLE}</h1><div class=noidung>{posts}</div>").text
    assert [words for words in PARAGRAPHS if words not in text] == []


def test_a_story_told_in_captions_is_its_captions_however_long_the_lead() -> None:
    lead = "Không có khán đài, người xem đứng dọc bờ suối và reo lên mỗi khi tiếng chuông vọng lại từ bên kia ngọn đồi thấp."
    pictures = "".join(
        f"<div class=pair><figure><img src=a.jpg></figure><figcaption>{text}</figcaption></div>" for text in PARAGRAPHS
    )
    article = extracted(f"<h1>{TITLE}</h1><div class=sapo><p>{lead}</p></div><div class=article__body>{pictures}</div>")
    assert article.lead == lead
    assert article.text == f"{lead}\n{TEXT}"
    assert article.quality == ("no-date",)


@pytest.mark.parametrize("shown", ["Lan Anh (VTV Online)", "Lan AnhTTXVN", "Lan Anh/VOV.VN", "Lan Anh (TTXVN)"])
def test_the_house_of_a_writer_is_no_part_of_the_name(shown: str) -> None:
    claimed = f'{HEAD}<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "{shown}"}}}}</script>'
    assert extracted(f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}</div>", claimed).author == "Lan Anh"
    assert (
        extracted(f"<h1>{TITLE}</h1><div class=author>{shown}</div><div class=noidung>{paragraphs()}</div>").author == "Lan Anh"
    )


def test_a_name_in_capitals_keeps_its_end() -> None:
    byline = "<div class=author>Ronald McDONALD</div>"
    assert extracted(f"<h1>{TITLE}</h1>{byline}<div class=noidung>{paragraphs()}</div>").author == "Ronald McDONALD"


def test_text_that_only_a_script_can_read_is_none() -> None:
    coded = "QmFuIHRpbiBuYXkgZHVvYyBtYSBob2E" * 40
    article = extracted(f"<h1>{TITLE}</h1><div id=dcontent><p>{coded}</p><div>{coded}==</div></div>")
    assert article.text == ""
    assert "no-text" in article.quality


@pytest.mark.parametrize(
    ("signature", "author"),
    [
        ("<b><i>Đại tá, TS. LÊ VĂN THỬ</i></b>", "Đại tá, TS. LÊ VĂN THỬ"),
        ("<b><i>Colonel, PhD LE VAN THU</i></b>, Rector of the Institute of Signals", "Colonel, PhD LE VAN THU"),
    ],
)
def test_a_signature_with_ranks_and_a_post(signature: str, author: str) -> None:
    article = extracted(f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}<p>{signature}</p></div>")
    assert (article.author, article.text) == (author, TEXT)


def test_a_heading_in_bold_italics_is_no_signature() -> None:
    last = "<p><b><i>Kết quả của HỘI THI, năm 2026</i></b></p><p>Ba kíp được chọn đi thi cấp quân khu.</p>"
    article = extracted(f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}{last}</div>")
    assert "Kết quả của HỘI THI, năm 2026" in article.text
