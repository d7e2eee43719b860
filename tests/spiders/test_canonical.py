"""Canonical addresses."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spiders.sources import Source, source_of
from spiders.urls import article_key, canonical, cleaned, is_listed

MINISTRY = Source(
    id="ministry",
    name="A ministry",
    languages=("vi",),
    home="https://mod.gov.vn/",
    hosts=("bqp.vn",),
    listings=({"url": "https://www.mod.gov.vn/en/mond"},),
    article=r"^https?://(?:www\.)?(?:mod\.gov|bqp)\.vn/(?:en|home)/detail\?\S*urile=wcm(?:%3A|:)path(?:%3A|:)\S+$",
)
PAPER = Source(
    id="paper",
    name="A paper",
    languages=("vi",),
    home="https://www.paper.vn/",
    sitemaps=("https://paper.vn/sitemap.xml",),
    article=r"^https?://(?:www\.)?paper\.vn/[a-z0-9-]+-\d{5,8}\.html$",
    identity=r"-(\d{5,8})\.html$",
)
SLASHED = Source(
    id="slashed",
    name="x",
    languages=("vi",),
    home="http://slashed.vn",
    feeds=("http://slashed.vn/feed",),
    article=r"/\d{4}/[a-z-]+/$",
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://paper.vn/a-12345.html", "https://www.paper.vn/a-12345.html"),
        ("https://m.paper.vn/a-12345.html?utm_source=fb&fbclid=9#comments", "https://www.paper.vn/a-12345.html"),
        ("https://amp.paper.vn/a-12345.html", "https://www.paper.vn/a-12345.html"),
        ("https://WWW.Paper.VN.:443/a-12345.html/", "https://www.paper.vn/a-12345.html"),
        ("https://www.paper.vn/print/a-12345.html", "https://www.paper.vn/a-12345.html"),
        ("https://www.paper.vn/a-12345.html/amp/", "https://www.paper.vn/a-12345.html"),
        ("https://www.paper.vn/a-12345.html?print=1&outputType=amp&m=1", "https://www.paper.vn/a-12345.html"),
        ("\u200b https://www.paper.vn/\na-12345.html\ufeff", "https://www.paper.vn/a-12345.html"),
        ("paper.vn/a-12345.html", "https://www.paper.vn/a-12345.html"),
        ("https://www.paper.vn/./x/../a-12345.html;jsessionid=AB12", "https://www.paper.vn/a-12345.html"),
        ("https://www.paper.vn/p?b=2&a=1&m=news&page=3", "https://www.paper.vn/p?a=1&b=2&m=news&page=3"),
        ("https://www.paper.vn/việt-lào-12345.html", "https://www.paper.vn/vi%E1%BB%87t-l%C3%A0o-12345.html"),
        ("https://photo.paper.vn/x-12345.html", "https://photo.paper.vn/x-12345.html"),
        ("https://elsewhere.example/x/", "https://elsewhere.example/x"),
    ],
)
def test_one_spelling(url, expected):
    assert canonical(url, PAPER) == expected


def test_parameters_that_carry_identity_survive():
    url = "http://www.mod.gov.vn/en/detail?urile=wcm%3apath%3A/mod/sa-en-news/a-visit-2026&current=true&utm_medium=x"
    assert (
        canonical(url, MINISTRY)
        == "https://mod.gov.vn/en/detail?current=true&urile=wcm%3Apath%3A%2Fmod%2Fsa-en-news%2Fa-visit-2026"
    )


def test_alias_hosts_stay_apart_but_their_twins_fold():
    assert canonical("http://www.bqp.vn/home/x", MINISTRY) == "https://bqp.vn/home/x"


def test_scheme_and_slash_are_as_the_source_has_them():
    assert canonical("https://slashed.vn/2026/a-visit", SLASHED) == "http://slashed.vn/2026/a-visit/"
    assert canonical("http://slashed.vn/2026/a-visit/", SLASHED) == "http://slashed.vn/2026/a-visit/"


@pytest.mark.parametrize(
    "other", ["javascript:alert(1)", "mailto:a@b.vn", "", "http://[::1/x", "data:text/html,x", "//paper.vn/x"]
)
def test_what_is_no_address_stays(other):
    assert canonical(other, PAPER) == other


PARTS = st.text(alphabet=st.one_of(st.sampled_from("/.%25aAmp&=?;:#@2Fé+-~ \\"), st.characters()), max_size=30)
STARTS = [
    "https://www.paper.vn/",
    "http://m.paper.vn",
    "https://mod.gov.vn/en/detail?",
    "http://slashed.vn/2026/",
    "https://x.vn:80/amp/",
    "",
]


@given(st.sampled_from(STARTS), PARTS, PARTS, st.sampled_from([None, PAPER, MINISTRY, SLASHED]))
@example("https://www.paper.vn/", "%2525", "", PAPER)
@example("http://www.paper.vn", "¯", "", PAPER)
def test_twice_is_once_and_the_host_stays_at_home(start, path, query, source):
    url = f"{start}{path}?{query}"
    once = canonical(url, source)
    assert canonical(once, source) == once
    if source is not None and once != cleaned(url):
        assert urlsplit(once).hostname in [urlsplit(canonical(url)).hostname, *source.allowed_hosts]


def test_two_slugs_with_one_number_have_one_key():
    first, second = "https://www.paper.vn/old-slug-12345.html", "https://www.paper.vn/new-slug-12345.html"
    assert article_key(first, PAPER) == article_key(second, PAPER) == "paper:12345"
    assert article_key("https://www.paper.vn/about.html", PAPER) is None
    assert article_key(first, MINISTRY) is None


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://www.paper.vn/x", True),
        ("http://paper.vn/x", True),
        ("https://www.paper.vn:80/x", True),
        ("https://www.paper.vn:22/x", False),
        ("https://photo.paper.vn/x", False),
        ("https://paper.vn.evil.example/x", False),
        ("https://paper.vn@evil.example/x", False),
        ("https://user@www.paper.vn/x", False),
        ("https://evil.example\\@www.paper.vn/x", False),
        ("ftp://www.paper.vn/x", False),
        ("file:///etc/passwd", False),
        ("http://2130706433/", False),
        ("http://0x7f.1/", False),
        ("http://[::ffff:10.0.0.1]/", False),
    ],
)
def test_listed_hosts_only(url, listed):
    assert is_listed(url, PAPER) is listed


FORMS = st.sampled_from(
    ["{}", "http://{}", "https://paper.vn/{}", "https://paper.vn{}", "https://{}.paper.vn/", "//paper.vn@{}/"]
)
BROKEN = st.sampled_from(["http://[", "http://a.vn[", "//x", "http://:80", "https://paper.vn:99999/x"])


@given(st.builds(str.format, FORMS, st.text(max_size=60)) | BROKEN)
def test_any_text_has_one_spelling_and_is_listed_only_with_a_listed_host(text):
    assert canonical(canonical(text)) == canonical(text)
    if is_listed(text, PAPER):
        assert urlsplit(canonical(text)).hostname in PAPER.allowed_hosts
        assert source_of(text, [PAPER]) is PAPER


def test_an_address_finds_its_source():
    assert source_of("https://paper.vn/about", [MINISTRY, PAPER]) is PAPER
    assert source_of("https://www.bqp.vn./about", [MINISTRY, PAPER]) is MINISTRY
    assert source_of("https://elsewhere.vn/about", [MINISTRY, PAPER]) is None
