"""``sources add`` on sites made for it: menus, pages of feeds, further pages, and sites that do not want to be read."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.replica.answers import Answer, Request, page, redirect
from monitor.replica.server import Asked, Replica
from spiders.asking import MOST
from spiders.sources import Source, load_sources

pytestmark = pytest.mark.xdist_group("recorder")

SECTIONS = ("chinh-tri", "quoc-te", "xa-hoi")
WORDS = "Bản tin thử nghiệm về một buổi lễ trao quà cho học sinh vùng cao"
TEXT = "".join(f"<p>Đoạn văn số {number}: {WORDS.lower()}, do các đơn vị trên địa bàn cùng tổ chức.</p>" for number in range(9))


def html(body: str, head: str = "") -> Answer:
    document = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Báo Thử</title>{head}</head><body>{body}</body></html>"
    return page(document.encode(), "text/html; charset=utf-8")


def article_path(section: str, number: int) -> str:
    serial = 410000 + 1000 * len(section) + number
    return f"/{section}/ban-tin-thu-nghiem-so-{number}-d{serial}.html"


def links(section: str, numbers: range) -> str:
    return "".join(f"<li><a href='{article_path(section, number)}'>{WORDS} {number}</a></li>" for number in numbers)


class Paper:
    """The site of one paper: two sections stand in its menu with an about page; a page for people lists its feeds."""

    menu = (
        "<nav><a href='/'>Trang chủ</a><a href='/chinh-tri/'>Chính trị</a><a href='/quoc-te/'>Quốc tế</a>"
        "<a href='/gioi-thieu.html'>Giới thiệu</a><a href='/rss.html'>RSS</a></nav>"
        "<footer><a href='/tag/hoc-sinh-d410001.html'>học sinh</a></footer>"
    )
    robots = "User-agent: *\nDisallow: /quoc-te/\nCrawl-delay: 0.02\n"

    def answer(self, path: str) -> Answer:
        if path == "/robots.txt":
            return page(self.robots.encode(), "text/plain")
        if path == "/":
            return html(self.menu + "".join(links(section, range(4)) for section in SECTIONS) + links("xa-hoi", range(50, 54)))
        if path in ("/rss.html", "/gioi-thieu.html"):
            return html(self.menu + "".join(f"<a href='/rss/{section}.rss'>{section}</a>" for section in SECTIONS))
        if match := re.fullmatch(r"/rss/([a-z-]+)\.rss", path):
            return self.feed(match.group(1))
        if match := re.fullmatch(r"/([a-z-]+)/(?:trang-(\d+)/)?", path):
            return self.section(match.group(1), int(match.group(2) or 1))
        if match := re.fullmatch(r"/[a-z-]+/[a-z0-9-]+-d(\d{6})\.html", path):
            return self.article(path, int(match.group(1)))
        return page(b"<p>no</p>", "text/html", status=404)

    def section(self, name: str, number: int) -> Answer:
        turn = f"<a href='/{name}/'>1</a><a href='/{name}/trang-2/'>2</a><a href='/{name}/trang-3/'>3</a>"
        return html(self.menu + links(name, range(10 * number, 10 * number + 6)) + turn)

    def feed(self, section: str) -> Answer:
        items = "".join(
            f"<item><title>{WORDS} {number}</title><link>https://paper.example{article_path(section, number)}</link>"
            f"<pubDate>Thu, 19 Nov 2026 {10 + number:02}:00:00 +0700</pubDate></item>"
            for number in range(4)
        )
        return page(f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode(), "text/xml")

    def article(self, path: str, number: int) -> Answer:
        head = (
            f"<meta property='og:site_name' content='Báo Thử \"Nghiệm\"'><meta property='og:title' content='{WORDS} {number}'>"
            "<meta property='article:published_time' content='2026-11-19T10:00:00+07:00'>"
        )
        return html(f"{self.menu}<h1>{WORDS} {number}</h1><div class='article-body'>{TEXT}</div>", head)


class Sites:
    """What the replica's server serves here."""

    source_ids = ()
    paper = Paper()

    def knows(self, host: str) -> bool:
        return host.endswith(".example")

    def certificate_name(self, host: str) -> str | None:
        return None

    def answer(self, request: Request) -> Answer:
        if request.host == "script.example":
            return page(b"<html><script>document.cookie='a=1';location.reload();</script></html>", "text/html")
        if request.host == "closed.example":
            return page(b"User-agent: *\nDisallow: /\n", "text/plain")
        if request.host == "moved.example":
            return redirect("https://elsewhere.example/")
        if request.host == "bare.example":
            return html("<p>Nothing to read here.</p>")
        return self.paper.answer(request.path)


class Run:
    def __init__(self, home: Path, *urls: str) -> None:
        with Replica(web=Sites()) as web:  # type: ignore[arg-type]
            plain = {"VIETLAO_CRAWL__DELAY": "0", "VIETLAO_CHROMIUM": "/no/such/browser"}
            command = [sys.executable, "-m", "monitor.cli", "--home", str(home), "sources", "add", *urls]
            self.ended = subprocess.run(
                command, env=os.environ | web.environment | plain, capture_output=True, text=True, check=False
            )
            self.requests: list[Asked] = [request for request in web.requests if request.method == "GET"]
        (home / "found.toml").write_text(self.ended.stdout, encoding="utf-8")
        self.sources: dict[str, Source] = {source.id: source for source in load_sources(home / "found.toml")}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    hosts = ("paper.example", "script.example", "closed.example", "moved.example", "bare.example")
    yield Run(tmp_path_factory.mktemp("sites"), *hosts)


def test_feeds_that_only_a_page_for_people_names(run: Run) -> None:
    assert run.sources["paper"].feeds == tuple(f"https://paper.example/rss/{section}.rss" for section in SECTIONS)
    assert "4 addresses, newest 2026-11-19 13:00" in run.ended.stdout


def test_sections_of_the_menu_with_their_further_pages(run: Run) -> None:
    listings = {listing.url: listing.pages for listing in run.sources["paper"].listings}
    assert listings == {
        "https://paper.example/": None,  # it shows four articles that are in no feed
        "https://paper.example/chinh-tri/": "https://paper.example/chinh-tri/trang-{page}/",
    }


def test_what_the_robots_file_forbids_is_not_asked(run: Run) -> None:
    asked = [request.path for request in run.requests if request.host == "paper.example"]
    assert not [path for path in asked if path.startswith("/quoc-te/")]
    assert [request.path for request in run.requests if request.host == "closed.example"] == ["/robots.txt"]
    assert "https://closed.example/: the robots.txt of closed.example disallows it" in run.ended.stderr
    assert len(asked) <= sum(MOST.values()) + 1


def test_the_pattern_leaves_sections_and_tags_out(run: Run) -> None:
    pattern = run.sources["paper"].article
    assert re.search(pattern, f"https://paper.example{article_path('van-hoa', 99)}")
    for path in ("/", "/chinh-tri/", "/chinh-tri/trang-2/", "/gioi-thieu.html", "/rss.html", "/tag/hoc-sinh-d410001.html"):
        assert not re.search(pattern, f"https://paper.example{path}"), path
    identity = re.search(run.sources["paper"].identity or "$^", f"https://paper.example{article_path('van-hoa', 99)}")
    assert identity is not None
    assert identity.group(1) == "417099"


def test_articles_are_read_for_language_and_name(run: Run) -> None:
    paper = run.sources["paper"]
    assert (paper.name, paper.languages, len(paper.examples)) == ('Báo Thử "Nghiệm"', ("vi",), 2)
    assert f"# read https://paper.example{article_path('chinh-tri', 3)}" in run.ended.stdout


def test_a_site_that_needs_a_browser_where_there_is_none(run: Run) -> None:
    script = run.sources["script"]
    assert (script.enabled, script.quirks.needs_browser) == (False, True)
    assert script.reason.startswith("needs a browser")


def test_a_site_without_articles_is_printed_switched_off(run: Run) -> None:
    assert (run.sources["bare"].enabled, run.sources["bare"].reason) == (False, "no place that lists articles was found")
    assert "# problem: nothing on it looks like the address of an article" in run.ended.stdout


def test_a_site_that_sends_us_elsewhere_says_where(run: Run) -> None:
    assert run.ended.returncode == 1
    assert "redirected to https://elsewhere.example/" in run.ended.stderr
    assert not [request for request in run.requests if request.host == "elsewhere.example"]
    assert set(run.sources) == {"paper", "script", "bare"}
