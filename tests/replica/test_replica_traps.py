"""Each trap of the replica misbehaves as announced."""

import codecs
import gzip
import re
import time
import unicodedata
from email.utils import parsedate_to_datetime

import pytest

from monitor.replica.expected import OUTCOMES, expected
from monitor.replica.sites import load_sites

SITES = load_sites()
TRAPS = [(site, trap) for site in SITES.values() for trap in site.traps]


def address(kind: str) -> str:
    site, trap = next((site, trap) for site, trap in TRAPS if trap.kind == kind)
    return f"{site.scheme}://{trap.host or site.host}{trap.path}"


def test_every_kind_of_trap_is_laid_and_labelled():
    assert {trap.kind for _, trap in TRAPS} == set(OUTCOMES)
    labelled = {entry.url: entry.outcome for entry in expected()}
    for site, trap in TRAPS:
        assert labelled[f"{site.scheme}://{trap.host or site.host}{trap.path}"] == OUTCOMES[trap.kind][0]


@pytest.mark.parametrize(("kind", "status"), [("missing", 404), ("gone", 410), ("error", 500), ("busy", 503)])
def test_statuses(visitor, kind, status):
    assert visitor.visit(address(kind)).status == status
    assert visitor.visit(address(kind) + "?utm_source=rss").status == status


def test_busy_pages_say_when_to_come_back(visitor):
    assert visitor.visit(address("busy")).headers["retry-after"] == "1"


def test_one_article_is_busy_the_first_time_only(visitor_of):
    from monitor.replica.server import Replica

    url = "https://baonghean.vn/tuan-tra-song-phuong-bien-gioi-cap-tinh-nghe-an-bo-ly-kham-xay-lao-10298505.html"
    with Replica() as web:
        visitor = visitor_of(web)
        assert [visitor.ask(url).status for _ in range(3)] == [503, 200, 200]


def test_self_redirect_until_the_cookie_is_kept(visitor):
    url = "https://en.qdnd.vn/military/news"
    first = visitor.ask(url)
    assert (first.status, first.headers["location"], first.body) == (302, url, b"")
    assert first.headers["set-cookie"].startswith("muid_mly=")
    assert visitor.ask(url).status == 200
    visitor.cookies.clear()
    assert visitor.ask("https://en.qdnd.vn/robots.txt").status == 200


@pytest.mark.parametrize("host", ["laodong.vn", "mod.gov.vn", "bqp.vn"])
def test_script_page_on_every_path_until_its_cookie_is_set(visitor, host):
    for path in ("/", "/robots.txt"):
        visitor.cookies.clear()
        reply = visitor.ask(f"https://{host}{path}")
        assert reply.status == 200
        assert b"window.location.reload" in reply.body
    assert b"window.location.reload" not in visitor.visit(f"https://{host}/").body


def test_robots_files_forbid_what_is_listed_and_ask_for_a_delay(visitor):
    assert "Disallow: /preview/" in visitor.visit("https://en.qdnd.vn/robots.txt").text
    assert "/preview/" in address("forbidden")
    assert "Crawl-delay: 1" in visitor.visit("https://baonghean.vn/robots.txt").text


def test_redirects_that_must_not_be_followed(visitor):
    assert visitor.ask(address("offsite")).headers["location"].startswith("https://tinthethaovui.example/")
    assert visitor.ask(address("inside")).headers["location"].startswith("http://127.0.0.1:9/")


def test_http_leads_to_https(visitor):
    reply = visitor.ask("http://vietnamnews.vn/politics-laws")
    assert (reply.status, reply.headers["location"]) == (301, "https://vietnamnews.vn/politics-laws")


def test_bodies_that_are_too_big(visitor):
    bomb = visitor.ask(address("bomb"), Accept_Encoding="gzip")
    assert len(bomb.body) < 100_000
    assert len(gzip.decompress(bomb.body)) == 64 << 20
    assert len(visitor.ask(address("endless")).body) > 16 << 20


def test_the_slow_page_is_slow_and_stays_cheap(visitor):
    start = time.monotonic()
    assert b"</html>" in visitor.ask(address("slow")).body
    assert 1 < time.monotonic() - start < 10


def test_a_deleted_article_points_home_and_an_empty_one_holds_nothing(visitor):
    assert '<link rel="canonical" href="https://tuoitre.vn/">' in visitor.visit(address("deleted")).text
    assert visitor.visit(address("empty")).status == 200


def test_twins_show_the_article_and_name_its_address(visitor):
    for site, trap in (entry for entry in TRAPS if entry[1].kind == "twin"):
        page = visitor.visit(f"https://{trap.host or site.host}{trap.path}").text
        assert re.search(rf'<link rel="canonical" href="https://{re.escape(site.host)}/[^"]*{trap.of}[^"]*">', page)


def test_an_article_whose_slug_changed_still_answers(visitor):
    assert "Lào" in visitor.visit("https://vnexpress.net/ten-cu-cua-bai-4931207.html").text


def test_a_feed_that_declares_utf_16_and_is_utf_8(visitor):
    body = visitor.visit("https://vietnamnews.vn/rss/politics-laws.rss").body
    assert b'encoding="utf-16"' in body
    assert "Việt Nam" in body.decode("utf-8")


def test_a_feed_with_bom_entities_and_another_with_gmt7(visitor):
    marked = visitor.visit("https://vnexpress.net/rss/tin-moi-nhat.rss").body
    assert marked.startswith(codecs.BOM_UTF8)
    assert "L&#224;o]]>" in marked.decode("utf-8-sig") or "&#224;" in marked.decode("utf-8-sig")
    assert " GMT+7</pubDate>" in visitor.visit("https://tuoitre.vn/rss/thoi-su.rss").text
    assert "<pubDate>10/22/2024 9:30:00 PM</pubDate>" in visitor.visit("https://baochinhphu.vn/home.rss").text


def test_links_with_tracking_parameters(visitor):
    feed = visitor.visit("https://www.vietnamplus.vn/rss/home.rss").text
    assert "post986802.vnp?utm_source=rss&amp;utm_medium=feed" in feed
    assert visitor.visit("https://www.vietnamplus.vn/x-post986802.vnp?utm_source=rss&utm_medium=feed").status == 200


def test_a_page_in_windows_1258_that_only_its_head_declares(visitor):
    reply = visitor.visit(
        "https://www.bienphong.com.vn/bdbp-nghe-an-tuan-tra-song-phuong-voi-luc-luong-ban-lao-post491120.html"
    )
    assert reply.headers["content-type"] == "text/html"
    assert b"charset=windows-1258" in reply.body[:400]
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode("utf-8")
    assert "với lực lượng bạn Lào" in unicodedata.normalize("NFC", reply.body.decode("cp1258"))


def test_the_charset_comes_after_eight_kilobytes(visitor):
    body = visitor.visit("https://tuoitre.vn/x-20220525113012345.htm").body
    assert body.index(b"<meta charset") > 8192


def test_lead_outside_the_body_and_lead_repeated_inside(visitor):
    outside = visitor.visit("https://www.vietnamplus.vn/x-post986802.vnp").text
    lead, body = outside.index('class="article__sapo'), outside.index('class="article__body')
    sentence = "Một chặng đường năm năm vừa khép lại"
    assert lead < outside.index(sentence, lead) < body
    assert sentence not in outside[body : outside.index("article__source")]
    inside = visitor.visit("https://nhandan.vn/x-post699721.html").text
    assert "Chiều 2/6" in inside[inside.index('class="article__body') :]


def test_captions_in_tables_and_teasers_inside_the_body(visitor):
    page = visitor.visit("https://www.qdnd.vn/x-696154").text
    assert 'class="leftcenterrightdel">Thượng tướng' in page
    page = visitor.visit("https://laodong.vn/thoi-su/x-1472639.ldo").text
    assert page.index("article-content") < page.index("TIN LIÊN QUAN") < page.index("</aside>")


def test_conditional_requests(visitor):
    url = "https://vietnamnews.vn/politics-laws"
    first = visitor.ask(url)
    assert parsedate_to_datetime(first.headers["last-modified"]).year >= 2024
    same = visitor.ask(url, If_None_Match=first.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert visitor.ask(url, If_None_Match='"another"').status == 200
    assert visitor.ask(url, If_Modified_Since=first.headers["last-modified"]).status == 304
    assert visitor.ask(url, If_Modified_Since="Mon, 01 Jan 2018 00:00:00 GMT").status == 200
    assert visitor.ask(url, If_None_Match='"another"', If_Modified_Since=first.headers["last-modified"]).status == 200


def test_the_month_comes_first_on_american_and_english_portal_pages(visitor):
    page = visitor.visit("https://www.marketscreener.com/news/latest/Vietnam-Laos-strengthen-defence-cooperation-35735422/")
    assert "06/29/2021 | 04:50am EDT" in page.text
    assert "is solely responsible for it" in page.text
