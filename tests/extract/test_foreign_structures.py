"""What pages of other makes do with headlines, bylines, times and text, seen on the test pages of other extractors."""

from datetime import UTC, datetime

import pytest

from extract.article import Article
from extract.to_article import to_article
from spiders.page import Found, Page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PARAGRAPHS = [
    "Sáng 12/5, đoàn công tác của Bộ Chỉ huy Quân sự tỉnh sang thăm và làm việc với lực lượng vũ trang tỉnh bạn tại cửa khẩu.",
    "Hai bên đánh giá kết quả quy tập hài cốt liệt sĩ trong mùa khô, thống nhất kế hoạch tìm kiếm cho năm sau ở bốn huyện.",
    "Đại tá Lê Văn Thử cho biết đội quy tập đã đi qua mười hai bản, được người dân chỉ dẫn và giúp đỡ suốt nhiều tháng liền.",
    "Kết thúc buổi làm việc, đoàn trao tặng trường bán trú trong vùng hai trăm suất quà cùng sách vở, chăn ấm và thuốc men.",
]
TEXT = "\n".join(PARAGRAPHS)
TITLE = "Hai tỉnh thống nhất kế hoạch quy tập liệt sĩ"
LAST = "Trước khi chia tay, hai đoàn hẹn gặp lại vào đầu mùa khô, khi nước suối rút và những lối mòn cũ lại hiện ra."
META = f'<meta property="og:title" content="{TITLE}">'


def paragraphs(some: list[str] = PARAGRAPHS) -> str:
    return "".join(f"<p>{text}</p>" for text in some)


def extracted(body: str, head: str = META) -> Article:
    url = "https://bao.example/quoc-phong/quy-tap-100.html"
    html = f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    page = Page(Found(url, url, "", "", "given"), url, 200, (), html.encode(), NOW)
    return to_article(page, None, now=NOW)


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><span class=kicker>Đối ngoại</span> {TITLE}</h1>",
        f"<h1><span>Đối ngoại :</span><span>{TITLE}</span></h1>",
        f"<h1>{TITLE} <a href='/'>Báo Thử</a></h1>",
    ],
)
def test_a_kicker_in_the_heading_is_no_headline(heading: str) -> None:
    assert extracted(f"{heading}<div class=noidung>{paragraphs()}</div>").title == TITLE


@pytest.mark.parametrize(
    ("claimed", "title"),
    [
        ("Quy tập liệt sĩ ở bốn huyện - bao.example", "Quy tập liệt sĩ ở bốn huyện"),
        ("Quy tập liệt sĩ ở bốn huyện - tìm kiếm mùa khô", "Quy tập liệt sĩ ở bốn huyện - tìm kiếm mùa khô"),
    ],
)
def test_a_site_is_known_by_its_address(claimed: str, title: str) -> None:
    head = f"<title>{claimed}</title><link rel=canonical href='https://bao.example/quoc-phong/quy-tap-100.html'>"
    assert extracted(f"<div>{paragraphs()}</div>", head).title == title


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("<div class=author><span>By</span> <b>Lan Anh</b><i>Political Correspondent</i><u>Share</u></div>", "Lan Anh"),
        ("<div class=author><a href='/tac-gia/lan-anh'>Lan Anh</a><p>Hội Nhà Báo</p><p>Theo dõi</p></div>", "Lan Anh"),
        ("<div class=byline><b>Lan Anh</b><b>Lan</b><b>Bình</b></div>", "Lan Anh, Bình"),
        ("<div class=author>Hà Vy - Thu Giang</div>", "Hà Vy - Thu Giang"),
        ("<div class=author>Lan Anh (la)</div>", "Lan Anh"),
        ("<div class=author><span>Nguyễn Thị Viên</span></div>", "Nguyễn Thị Viên"),
    ],
)
def test_only_names_are_authors(byline: str, author: str) -> None:
    assert extracted(f"<h1>{TITLE}</h1>{byline}<div class=noidung>{paragraphs()}</div>").author == author


def test_a_newspaper_in_the_byline_is_the_credit() -> None:
    article = extracted(
        f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}</div><div class=author-name>Theo Tạp chí Bờ Sông</div>"
    )
    assert (article.author, article.credit) == (None, "Tạp chí Bờ Sông")


def test_authors_of_comments_and_other_stories() -> None:
    comments = "<div class=comments><div class=author>Minh Khôi</div><p>Hay lắm</p></div>"
    related = "<div class=related><p class=author>Đức Huy</p><p class=author>An Nhiên</p></div>"
    story = f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}</div>"
    assert extracted(comments + related + story).author is None
    assert extracted(f"{related}{story}<div class=author>Lan Anh</div>").author == "Lan Anh"


@pytest.mark.parametrize(
    ("times", "published"),
    [
        ("<div class=list-item><h1>T</h1><time datetime='2026-05-12T08:47:00+07:00'></time>", "2026-05-12T08:47:00+07:00"),
        ("<h1>T</h1><aside><time itemprop=datePublished datetime='2026-05-12T08:47+07:00'>", "2026-05-12T08:47:00+07:00"),
        ("<h1>T</h1>" + "<i></i>" * 90 + "<time datetime='2026-05-12T08:47+07:00'>", "2026-05-12T08:47:00+07:00"),
        ("<h1>T</h1>" + "<i></i>" * 90 + "<time datetime=2026-05-12></time><time datetime=2026-05-11></time>", None),
    ],
)
def test_times_by_the_headline(times: str, published: str | None) -> None:
    found = extracted(times.replace(">T<", f">{TITLE}<") + f"</time></aside><div class=noidung>{paragraphs()}</div>").published
    assert (found and found.isoformat()) == published


def test_a_text_that_stands_twice_is_read_once() -> None:
    body = f"<h1>{TITLE}</h1><div class=noidung><div class=to>{paragraphs()}</div><div class=nho>{paragraphs()}</div></div>"
    assert extracted(body).text == TEXT


def test_a_copy_in_one_piece_is_left_out() -> None:
    body = f"<h1>{TITLE}</h1><div class=noidung>{paragraphs()}<div>{' '.join(PARAGRAPHS)}</div></div>"
    assert extracted(body).text == TEXT


def test_a_text_cut_into_parts_is_read_whole() -> None:
    first, second = paragraphs(PARAGRAPHS[:1]), paragraphs(PARAGRAPHS[1:])
    body = f"<h1>{TITLE}</h1><div class=khung><div class=story-body>{first}</div><div class=story-body>{second}</div></div>"
    assert extracted(body).text == TEXT


def test_a_lead_that_nobody_calls_so() -> None:
    lead = "Mười hai bản ven đường biên đã giúp đội quy tập đi qua những cánh rừng mà bản đồ cũ không còn ghi tên nữa."
    body = f"<h1>{TITLE}</h1><article><p>{lead}</p><div class=noidung>{paragraphs()}</div></article>"
    assert extracted(body).text == f"{lead}\n{TEXT}"


def test_a_text_goes_on_behind_the_box_that_holds_most_of_it() -> None:
    more = "".join(
        f"<p>{text} Đó là chuyện của năm thứ {year} trên cùng một con đường.</p>" for year in range(6) for text in PARAGRAPHS
    )
    body = f"<h1>{TITLE}</h1><article><div>{paragraphs()}{more}</div><p>{LAST}</p><p>{LAST[:-1]} nữa.</p></article>"
    assert extracted(body).text.endswith(f"{LAST}\n{LAST[:-1]} nữa.")


def test_a_noscript_that_is_never_closed_holds_the_page() -> None:
    body = f"<noscript><img src=/pixel.gif><h1>{TITLE}</h1><div class=noidung>{paragraphs()}</div>"
    assert extracted(body).text == TEXT
    lazy = paragraphs().replace("</p>", "<noscript>Trình duyệt không chạy được kịch bản</noscript></p>")
    assert extracted(f"<h1>{TITLE}</h1><div class=noidung>{lazy}</div>").text == TEXT


def test_what_stands_in_a_figure_is_a_caption() -> None:
    figure = "<figure><img src=/a.jpg><div>Hai đoàn trao đổi bên lề buổi làm việc.</div><span>TTXVN</span></figure>"
    article = extracted(f"<h1>{TITLE}</h1><div class=noidung>{figure}{paragraphs()}</div>")
    assert article.text == TEXT
    assert article.captions[0].startswith("Hai đoàn trao đổi bên lề buổi làm việc.")


def test_what_only_screen_readers_say_is_no_text() -> None:
    said = "<div class=visually-hidden>Nội dung bài viết dành cho trình đọc màn hình</div>"
    assert extracted(f"<h1>{TITLE}</h1><div class=noidung>{said}{paragraphs()}</div>").text == TEXT
