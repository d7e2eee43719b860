"""Whatever a page holds, extraction gives an article and does not raise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.article import Article
from extract.markup.tree import MAX_CHARS, MAX_DEPTH, MAX_NODES, parse
from extract.output import article_json
from extract.to_article import to_article
from spiders.page import Found, Page

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PARAGRAPH = "<p>" + "Một đoạn văn dài vừa phải để thử. " * 6 + "</p>"


def extracted(body: bytes, url: str = "https://bao.example/tin-1.html", kind: str = "text/html") -> Article:
    page = Page(Found(url, url, "", "", "given"), url, 200, (("Content-Type", kind),), body, NOW)
    article = to_article(page, None, now=NOW)
    article_json(article)
    return article


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=2000), st.text(max_size=40))
def test_random_bytes(body: bytes, kind: str) -> None:
    assert isinstance(extracted(body, kind=kind).text, str)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PAGES), st.integers(0, 10_000), st.integers(0, 200), st.binary(max_size=30))
def test_mutated_pages(path: Path, at: int, cut: int, put: bytes) -> None:
    body = path.read_bytes()
    assert isinstance(extracted(body[:at] + put + body[at + cut :]).text, str)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</div>", "<div class=", "<a href='//[x'>", "<h1>", "<!--", "<![CDATA[", "&#0;", "&#xD800;", "x" * 90]
        )
    )
)
def test_broken_markup(pieces: list[str]) -> None:
    """Whatever was made of it is text for people, or said to be missing."""
    article = extracted(" ".join(pieces).encode())
    assert article.text or "no-text" in article.quality
    assert not any(mark in article.text for mark in ("\x00", "\ud800", "<div"))


@pytest.mark.parametrize("url", ["http://[::1", "", "https://bao.example", "ht!tp://x", "https://bao.example/%ff?a=\x00"])
def test_any_address(url: str) -> None:
    assert extracted(PARAGRAPH.encode() * 5, url).text


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": ' + "[" * 50_000,
        '{"@type": ["NewsArticle", 7, null], "author": [[], {}, null, 3], "datePublished": {"a": []}, "image": [[]]}',
        '{"@graph": [{"@type": "NewsArticle", "author": {"name": ["A", "B"]}, "publisher": "x", "description": 5}]}',
        "[[[[[[[[[[{}]]]]]]]]]]",
    ],
)
def test_json_of_any_shape(text: str) -> None:
    article = extracted(f'<script type="application/ld+json">{text}</script><h1>Một tiêu đề</h1>{PARAGRAPH * 4}'.encode())
    assert article.title == "Một tiêu đề"
    assert article.text in extracted(f"<h1>Một tiêu đề</h1>{PARAGRAPH * 4}".encode()).text
    assert article.text


def test_control_characters_in_text_that_is_moved() -> None:
    body = (
        f"<h1>Một tiêu đề</h1><div><p>a</p><script>x</script>\x01 tail \x0b &#1; &#x1f;<nav>b</nav>\ufffe{PARAGRAPH * 4}</div>"
    )
    assert "\x01" not in extracted(body.encode()).text


def test_size_and_depth_are_bounded() -> None:
    wide = parse("<p>x</p>" * (MAX_NODES + 500))
    assert sum(1 for _ in wide.iter()) <= MAX_NODES
    deep = parse("<div>" * 250 + "x")
    assert max(sum(1 for _ in element.iterancestors()) for element in deep.iter()) <= MAX_DEPTH
    assert extracted(b"a" * (MAX_CHARS + 10)).quality[-1] == "too-large"


@pytest.mark.parametrize("name", ["source", "author", "sapo", "date", "related", "caption", "title-detail", "tags"])
def test_names_nested_to_the_limit(name: str) -> None:
    article = extracted(f"<h1>Một tiêu đề</h1>{f'<div class={name}>' * 200}{PARAGRAPH * 300}".encode())
    assert article.title == "Một tiêu đề"


def test_what_is_no_page_is_said_to_be_none() -> None:
    assert extracted(b"%PDF-1.7 ...", kind="application/pdf").quality == ("not-html",)
