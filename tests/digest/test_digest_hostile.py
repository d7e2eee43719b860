"""Pages try to get out of the place that a digest gives them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from digest.clean import clip, one_line, safe_href
from digest.render import NOTICE, render_html, render_text
from digest.selection import select
from relevance.verdict import Reason
from store.records import Sighting
from store.revised import Revised

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><style>*{display:none}</style>",
    "<!--notice-->",
    "{{ 7*7 }} {% raw %}",
    "\u202egnp.exe\u202c and \u2066isolate\u2069",
    "zero\u200bwidth\u200djoin\ufeff\u00ad",
    "tag\U000e0041\U000e0042 filler\u3164",
    "one\r\nBcc: victim@example.org\r\n\r\nSTORIES\n-------",
    "nul\x00 bell\x07 escape\x1b[31m line\u2028paragraph\u2029",
    "lone \ud800 surrogate",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://ok.example/\" style=\"x",
    "http://paper.example@evil.example/",
    "https://[::1/",
    "a" * 5000,
]  # fmt: skip
INVISIBLE = "\u202e\u202c\u2066\u2069\u200b\u200d\ufeff\u00ad\U000e0041\u3164\x00\x07\x1b\u2028\u2029\ud800"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "h3"),
    *("table", "tbody", "tr", "td", "span", "br", "b", "a", "ul", "li", "code", "del", "ins"),
}


def hostile_digest(sample, word):
    story = sample.article(
        1,
        url=word,
        source_name=word,
        title=word,
        text=word,
        credit=word,
        lang=word,
        reasons=(Reason(word, word, word, 1.0), Reason(word, word, word, -1.0)),
        quality=(word,),
        sightings=(Sighting(word, "other", word, sample.hours(1)),),
    )
    near = replace(story, id=2, decision="marginal", why_not_more=word)
    bare = replace(story, id=3, source_name="", url="https://[::1/")
    sources = tuple(sample.source(word, state, reason=word) for state in ("failed", "partly", "read", "disabled"))
    coverage = replace(sample.COVERAGE, sources=sources, attention=((word, word),))
    edits = [sample.edit(1, story, 3, 1, f"{word} was here.", f"{word} is there.", old_title=f"{word} 1", title=f"{word} 2")]
    edits.append(sample.revision(2, story, "gone", 4, 1, word, url=word, source_name=word))
    revised = [Revised(story, word, word, tuple(edits))]
    window = (sample.SINCE, sample.UNTIL, "daily", sample.NOW)
    return select([story, near, bare], coverage, *window, title=word, revised=revised)


@pytest.mark.parametrize("word", HOSTILE)
def test_html_holds_only_what_the_template_put_there(sample, word):
    page = render_html(hostile_digest(sample, word))
    page.encode("utf-8")
    tree = html.document_fromstring(page)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= TAGS
    attributes = {name for element in elements for name in element.attrib}
    assert attributes <= {
        "lang", "charset", "name", "content", "http-equiv", "class", "style", "role", "href", "rel", "title", "data-css-inline",
    }  # fmt: skip
    assert all(link.startswith(("http://", "https://")) for link in tree.xpath("//@href"))
    assert not set(page) & set(INVISIBLE)
    assert len(tree.xpath("//style")) == (2 if ".story {" in page else 1)
    assert page.count(NOTICE) == 1


@pytest.mark.parametrize("word", HOSTILE)
def test_text_has_the_same_lines_whatever_a_page_says(sample, word):
    text = render_text(hostile_digest(sample, word))
    text.encode("utf-8")
    assert not set(text) & (set(INVISIBLE) | {"\r"})
    assert text.splitlines().count("STORIES") == 1
    longer = [line for line in text.splitlines() if len(line) > 78]
    assert all(re.fullmatch(r" *(-|>|\d+\.)? *\S+", line) for line in longer)


def test_the_page_forbids_itself_everything_remote(digest):
    page = render_html(digest)
    tree = html.document_fromstring(page)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    assert "script" not in policy
    assert not tree.xpath("//@src | //link | //script | //img | //iframe | //form")
    assert "url(" not in page
    assert page.encode().index(b"charset") < 1024


def test_styles_are_inlined_and_dark_and_narrow_screens_keep_theirs(digest):
    page = render_html(digest)
    tree = html.document_fromstring(page)
    assert all("style" in element.attrib for element in tree.xpath("//h1 | //h2 | //h3 | //*[@class='sheet']"))
    (kept,) = tree.xpath("//style/text()")
    assert "prefers-color-scheme: dark" in kept
    assert "max-width: 400px" in kept


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://vnexpress.example/a-1.html?b=1&c=2#d", "https://vnexpress.example/a-1.html?b=1&c=2#d"),
        ("https://báo.example/tuần-tra", "https://xn--bo-mia.example/tu%E1%BA%A7n-tra"),
        ("https://a.example/already%20quoted", "https://a.example/already%20quoted"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        ("https://bücher.example:8443/x", "https://xn--bcher-kva.example:8443/x"),
        ("http://a.example", "http://a.example"),
    ],
)
def test_web_addresses_stay_links(url, href):
    assert safe_href(url) == href


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/relative",
        "",
        "https://",
        "https://user@evil.example/",
        "https://a.example\\@evil.example/",
        "https://a b.example/",
        "https://a.example/\u202etxt",
        "https://a.example/\nx",
        "https://a.example:port/",
        "https://[::1",
        'https://a.example/"x',
        "mailto:a@b.example",
        "https://./",
        "https://\u2024/",
        "https://a..example/",
        "https://:80/",
    ],
)
def test_everything_else_is_no_link(url):
    assert safe_href(url) is None


@given(st.text())
@settings(deadline=None)
def test_one_line_is_one_line_and_cleaning_twice_changes_nothing(text):
    clean = one_line(text)
    assert clean.splitlines() in ([], [clean])
    assert one_line(clean) == clean
    clean.encode("utf-8")


@given(st.text())
@settings(deadline=None)
def test_a_link_is_plain_ascii_of_the_web_or_none(text):
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        href = safe_href(url)
        if href is not None:
            assert href.isascii()
            assert href.startswith(("http://", "https://"))
            assert not set(href) & set('"<>` \\')
            assert safe_href(href) == href


@given(st.text(), st.integers(min_value=2, max_value=50))
@settings(deadline=None)
def test_clipped_text_fits(text, width):
    assert len(clip(text, width)) <= width
