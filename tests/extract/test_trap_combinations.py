"""Pages that hold several traps of real pages at once, as one outlet or another combines them."""

import unicodedata
from datetime import UTC, datetime

import pytest

from extract.article import Article
from extract.to_article import to_article
from spiders.page import Found, Page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://www.bosong.example/quoc-phong/don-lien-si-1284412.htm"
TITLE = "Đón 12 liệt sĩ quân tình nguyện về với đất mẹ"
LEAD = "Sau một mùa khô tìm kiếm ở hai tỉnh Nam Lào, đội quy tập đưa 12 liệt sĩ qua cửa khẩu trong sáng mưa đầu mùa."
PARAGRAPHS = [
    "Lễ đón diễn ra lúc 8 giờ tại nhà quản trang bên cửa khẩu, với sự có mặt của lực lượng vũ trang hai tỉnh kết nghĩa.",
    "Đội trưởng Phan Văn Thử kể rằng anh em đã đào hơn 200 vị trí, phần nhiều theo lời những người già còn nhớ trận đánh cũ.",
    "“Có hôm cả bản cùng lên rừng với chúng tôi, ai cũng mang theo cuốc xẻng và cơm nắm”, anh nói khi đoàn xe dừng lại.",
    "Hai bên sẽ gặp nhau vào tháng Chín để bàn kế hoạch cho mùa khô tới và đổi thêm bản đồ những khu vực chưa tìm.",
]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
NAV = "<nav><ul>" + "".join(f"<li><a href=/m{n}>Mục số {n}</a></li>" for n in range(9)) + "</ul></nav>"


def teaser(number: int) -> str:
    return (
        f"<div class=item-news><a href=/khac-{number}.htm><img data-src=/t{number}.jpg></a><h3><a href=/khac-{number}.htm>"
        f"Một tin khác về giá lúa ở miền Tây tuần thứ {number}</a></h3>"
        f"<p>Thương lái trả thêm hai trăm đồng một ký so với tuần trước.</p><i class=time>{number}/10/2026 09:00</i></div>"
    )


def extracted(html: str | bytes, url: str = URL) -> Article:
    body = html if isinstance(html, bytes) else html.encode()
    return to_article(Page(Found(url, url, "", "", "given"), url, 200, (), body, NOW), None, now=NOW)


def told(article: Article) -> tuple[str | None, str, str | None, str | None]:
    published = article.published.isoformat() if article.published else None
    return article.title, article.text, published, article.author


def test_sapo_outside_repeated_inside_and_teasers_between() -> None:
    html = f"""<html lang=vi><head><meta charset=utf-8><title>{TITLE} | Bờ Sông</title>
    <meta property="og:title" content="{TITLE}"><meta name=description content="{LEAD[:70]}..."></head><body>{NAV}
    <h1 class=logo><a href=/>Bờ Sông</a></h1><div class=chuyenmuc><h1 class=detail-title>{TITLE}</h1>
    <div class=author-info><b>An Khê</b><span class=time>Thứ bảy, 10/10/2026, 00:05 (GMT+7)</span></div>
    <h2 class=detail-sapo>(BS) - {LEAD}</h2>
    <div class="detail-content afcbc-body"><p>{LEAD}</p>{BODY[: BODY.index("</p>") + 4]}
    <div class=VCSortableInPreviewMode type=RelatedOneNews>{teaser(1)}{teaser(2)}</div>{BODY[BODY.index("</p>") + 4 :]}
    </div>
    <div class=tags><a href=/tag/a>liệt sĩ</a></div><div class=list-other>{teaser(3)}{teaser(4)}</div></div></body>
    </html>"""
    article = extracted(html)
    assert told(article) == (TITLE, "\n".join([f"(BS) - {LEAD}", *PARAGRAPHS]), "2026-10-10T00:05:00+07:00", "An Khê")
    assert article.quality == ()


def test_charset_far_down_decomposed_letters_and_marks() -> None:
    title = unicodedata.normalize("NFD", TITLE)
    softened = BODY.replace("tìm", "t\u00adìm")
    html = f"""<html><head><script>{"var a=1;" * 1500}</script><title>{title} - Bờ Sông</title><meta charset=UTF-8>
    <meta property=og:site_name content="Bờ Sông"></head><body>{NAV}<div class=title-detail>{title}</div>
    <p class=pdate>10-10-2026 - 00:01 AM</p><p class=sapo>\ufeff{unicodedata.normalize("NFD", LEAD)}</p>
    <div id=noidung>{softened}<p style="text-align:right"><strong>An Khê - Hà Vy</strong></p></div></body></html>"""
    article = extracted(html)
    assert told(article) == (TITLE, "\n".join([LEAD, *PARAGRAPHS]), "2026-10-10T00:01:00+07:00", "An Khê - Hà Vy")


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("2026-10-10T08:47:05&#x2B;07:00", "2026-10-10T08:47:05+07:00"),
        ("2026-10-10T08:47:05 +07:00", "2026-10-10T08:47:05+07:00"),
        ("2026-10-10", "2026-10-10T08:47:00+07:00"),
        ("10/10/2026 8:47:05 AM", "2026-10-10T08:47:05+07:00"),
        ("2062-10-10T08:47:05+07:00", "2026-10-10T08:47:00+07:00"),
    ],
)
def test_times_in_every_form_beside_a_modified_one(stated: str, published: str) -> None:
    html = f"""<html><head><meta charset=utf-8><base href="https://cdn.example/x/"><link rel=canonical href="{URL}">
    <meta property=article:modified_time content="2026-10-09T07:00:00+07:00"><meta name=lastmod content="2026-10-11">
    <script type="application/ld+json">{{"@context":"http://schema.org","@graph":[{{"@type":"BreadcrumbList"}},{{"@type":["NewsArticle"],
    "headline":"{TITLE}","datePublished":"{stated}","dateModified":"2026-10-09T07:00:00+07:00",
    "author":[{{"@type":"Person","name":"An Khê"}},{{"@type":"Person","name":"Hà Vy"}}],}}]}}</script></head>
    <body><div class=header><span class=date-now>Chủ nhật, 01/11/2026 06:30</span></div>{NAV}<h1>{TITLE}</h1>
    <span class=updated>Cập nhật: 11/10/2026 21:10</span><span class=post-date>10/10/2026 | 08:47</span>
    <div class=sapo>{LEAD}</div>
    <div class=content-detail>{BODY}</div></body></html>"""
    article = extracted(html)
    assert told(article) == (TITLE, "\n".join([LEAD, *PARAGRAPHS]), published, "An Khê, Hà Vy")
    assert article.canonical_url == URL


def test_plain_captions_lazy_pictures_and_a_tail_without_a_border() -> None:
    html = f"""<html><head><meta charset=utf-8><meta property=og:title content="{TITLE}"></head><body>{NAV}
    <table width=100%><tr><td><h1>{TITLE}</h1><div>10/10/2026 - 08:47</div><p><b>{LEAD}</b></p><p>{PARAGRAPHS[0]}</p>
    <p><img class=lazy src=data:image/gif;base64,R0 data-src=/a.jpg></p><p align=center>Đoàn xe qua cửa khẩu trong mưa.</p>
    <p>{PARAGRAPHS[1]}</p><p>Thân nhân liệt sĩ (thứ hai từ trái sang) thắp hương tại nhà quản trang.</p>
    <p>{PARAGRAPHS[2]}</p>
    <p>Đội quy tập trước giờ lên đường. Ảnh: Hà Vy</p><p>{PARAGRAPHS[3]}</p><p><strong>Bài, ảnh: AN KHÊ</strong></p>
    <p><a href=/x.htm>>>> Mười năm đi tìm đồng đội</a></p><p>Tin liên quan</p><p>
    <a href=/y.htm>Một mùa khô nữa lại đến ở Nam Lào</a></p>
    <p>Bình luận (2)</p><p>Minh: Xúc động quá</p><p>Lan: Cảm ơn các anh</p></td></tr></table></body></html>"""
    article = extracted(html)
    assert told(article) == (TITLE, "\n".join([LEAD, *PARAGRAPHS]), "2026-10-10T08:47:00+07:00", "AN KHÊ")
    assert article.captions == (
        "Đoàn xe qua cửa khẩu trong mưa.",
        "Thân nhân liệt sĩ (thứ hai từ trái sang) thắp hương tại nhà quản trang.",
        "Đội quy tập trước giờ lên đường. Ảnh: Hà Vy",
    )


def test_english_edition_with_its_own_habits() -> None:
    title, lead = (
        "Twelve fallen soldiers come home",
        "VIENTIANE — Twelve volunteer soldiers were brought over the border on Saturday.",
    )
    text = [
        "The ceremony began at eight in the morning at the border gate, with officers of both sister provinces taking part.",
        "Team leader Phan Văn Thử said his men had dug at more than 200 places, most of them shown by elders of the villages.",
        "The two sides will meet in September to plan for the coming dry season and to swap maps of what is still unsearched.",
    ]
    html = f"""<html lang=en><head><meta charset=utf-8><title>{title} - Society - Bosong News</title></head><body>{NAV}
    <div class=detail><h2 class=headline>{title}</h2><div class=datetime>October 10, 2026 - 08:47 PM
    <i>Updated : October 11, 2026</i></div>
    <div class=summary></div><div class=abody><p>{lead}</p><div class=picture><img src=/a.jpg>
    <p>Trucks cross the border in the rain.
    — VNA/VNS Photo An Khê</p></div><p>{text[0]}</p><p>{text[1]}</p><p>An overview of the ceremony</p><p>{text[2]} — VNS
    </p></div>
    <div class=news-other><h3>Related news</h3><ul><li><a href=/1.html>Rice prices rise in the Mekong Delta again</a>
    </li></ul></div></div></body></html>"""
    article = extracted(html, "https://en.bosong.example/society/1284412/fallen.html")
    assert told(article) == (title, "\n".join([lead, *text]), "2026-10-10T20:47:00+07:00", None)
    assert (article.credit, article.lang) == ("VNS", "en")
    assert "An overview of the ceremony" in article.captions


def test_line_breaks_two_copies_and_a_player() -> None:
    lines = "<br><br>".join(PARAGRAPHS)
    html = f"""<html><head><meta charset=utf-8><meta property=og:title content="{TITLE} - Báo Bờ Sông">
    <meta property=og:site_name content="Báo Bờ Sông"></head><body>{NAV}<main><h1><span>Quốc phòng</span> {TITLE}</h1>
    <div class=meta>An Khê - <time datetime="2026-10-10T08:47:00+07:00">3 tuần trước</time></div>
    <div class=player-audio><button>Nghe đọc bài</button><span>Giọng nữ miền Bắc</span> <span>1x</span></div>
    <div class=fontsize><a>A-</a> <a>A+</a></div><div class=sapo>{LEAD}</div><div class=txt>{lines}</div>
    <div class=share-bottom><a>Chia sẻ Facebook</a></div><div style="display:none" class=print>{TITLE}<br>{LEAD}
    <br>{lines}</div>
    <div class=binhluan><p>Hay quá, xin cảm ơn tòa soạn đã đăng một bài viết xúc động như thế này, chúc các anh mạnh khỏe.</p>
    </div>
    </main></body></html>"""
    article = extracted(html)
    assert told(article)[:3] == (TITLE, "\n".join([LEAD, *PARAGRAPHS]), "2026-10-10T08:47:00+07:00")


def test_a_live_page_whose_canonical_link_is_the_front_page() -> None:
    html = f"""<html><head><meta charset=utf-8><link rel=canonical href=https://www.bosong.example/><title>Bờ Sông
    </title></head>
    <body>{NAV}<h1>{TITLE}</h1><p class=date>10/10/2026 08:47</p><div class=sapo>{LEAD}</div>
    <div class=article-body>{BODY}<p><b>Theo TTXVN</b></p></div></body></html>"""
    article = extracted(html)
    assert told(article) == (TITLE, "\n".join([LEAD, *PARAGRAPHS]), "2026-10-10T08:47:00+07:00", None)
    assert (article.quality, article.credit, article.canonical_url) == ((), "TTXVN", URL)


def test_a_page_of_pictures() -> None:
    shown = "".join(
        f"<figure><img data-src=/{n}.jpg><figcaption>{text}</figcaption></figure>" for n, text in enumerate(PARAGRAPHS)
    )
    html = f"""<html><head><meta charset=utf-8><meta property=og:title content="{TITLE}"></head><body>{NAV}<h1>{TITLE}</h1>
    <div class=time>10/10/2026 08:47</div><div class=article-content><p class=sapo>{LEAD}</p>{shown}<p>Ảnh: An Khê</p>
    </div></body></html>"""
    article = extracted(html)
    assert article.text == "\n".join([LEAD, *PARAGRAPHS])
    assert article.captions == tuple(PARAGRAPHS)


def test_a_page_whose_text_is_missing_shows_no_menu_instead() -> None:
    menu = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("Thời sự", "Thế giới", "Pháp luật", "Kinh doanh", "Xe"))
    html = f"<html lang=vi><title>{TITLE}</title><body><div>Bờ Sông</div><ul>{menu}</ul><h1>{TITLE}</h1><div class=body></div>"
    article = extracted(html)
    assert (article.title, article.text) == (TITLE, "")
    assert "no-text" in article.quality
    flash = extracted(html.replace("<div class=body>", f"<div class=body><p>{PARAGRAPHS[0]}</p>"))
    assert PARAGRAPHS[0] in flash.text
