"""The shipped list of sources is sound, and a broken list is refused with every fault named."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from spiders.errors import ConfigurationError
from spiders.sources import Source, load_sources, source_of
from spiders.urls import article_key, canonical, is_listed

SHIPPED = Path(__file__).resolve().parents[1] / "seeds" / "sources.toml"
SOURCES = load_sources(SHIPPED)
ENABLED = [source for source in SOURCES if source.enabled]
EXAMPLES = [(source.id, example) for source in SOURCES for example in source.examples]

# One address of each publishing system that the project has to read, and the source it must be recognised as.
SYSTEMS = {
    "https://vietnamnews.vn/politics-laws/1230094/two-chiefs-of-staff-meet-in-ha-noi.html": "vietnamnews",
    "https://www.vietnamplus.vn/hai-bo-truong-gap-nhau-post900001.vnp": "vietnamplus",
    "https://en.vietnamplus.vn/two-ministers-meet/229999.vnp": "vietnamplus-en",
    "https://vietnam.vnanet.vn/english/tin-van/two-ministers-meet-400001.html": "vnanet",
    "https://www.vietnam.vn/bien-gioi-hoa-binh-giua-hai-nuoc-lang-gieng": "vietnamvn",
    "https://www.vietnam.vn/en/bien-gioi-hoa-binh-giua-hai-nuoc-lang-gieng": "vietnamvn-en",
    "https://thoidai.com.vn/bien-gioi-hoa-binh-206999.html": "thoidai",
    "https://vietnamtimes.thoidai.com.vn/a-border-of-peace-70001.html": "vietnamtimes",
    "https://mod.gov.vn/home/detail?current=true&urile=wcm:path:/mod/sa-mod-site/sa-ttsk/hai-bo-truong": "mod",
    "https://bqp.vn/en/detail?urile=wcm%3Apath%3A%2Fmod%2Fsa-mod-en%2Fsa-en-news%2Ftwo-ministers": "mod-en",
    "https://www.marketscreener.com/news/latest/Two-ministers-meet--35700001/": "marketscreener",
    "https://www.publicnow.com/view/0123456789ABCDEF0123456789ABCDEF01234567": "publicnow",
    "https://laodong.vn/thoi-su/hai-tong-tham-muu-truong-gap-nhau-1472999.ldo": "laodong",
    "https://news.laodong.vn/thoi-su/hai-tong-tham-muu-truong-gap-nhau-1472999.ldo": "laodong-en",
    "https://www.qdnd.vn/quoc-phong-an-ninh/tin-tuc/hai-tong-tham-muu-truong-gap-nhau-812999": "qdnd",
    "https://en.qdnd.vn/military/intl-relations-and-cooperation/two-chiefs-meet-552999": "qdnd-en",
}


def places(source: Source) -> list[str]:
    """Every address that a source is discovered through."""
    return [source.home, *source.feeds, *source.sitemaps, *(listing.url for listing in source.listings)]


def test_at_least_fifty_sources_are_watched() -> None:
    assert len(ENABLED) >= 50


@pytest.mark.parametrize(("owner", "example"), EXAMPLES, ids=lambda value: value[-60:])
def test_an_example_belongs_to_its_source_alone(owner: str, example: str) -> None:
    assert [source.id for source in SOURCES if re.search(source.article, example)] == [owner]
    found = source_of(example, SOURCES)
    assert found is not None
    assert found.id == owner


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_place_of_discovery_is_not_taken_for_an_article(source: Source) -> None:
    assert [(place, other.id) for place in places(source) for other in SOURCES if re.search(other.article, place)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_an_article_pattern_keeps_to_its_own_hosts(source: Source) -> None:
    assert source.article.startswith("^http"), "a pattern that is not anchored also fits addresses of copying sites"
    hosts = {urlsplit(example).hostname for example in source.examples}
    assert {(host or "").rstrip(".") for host in hosts} <= source.allowed_hosts


@pytest.mark.parametrize("source", [source for source in SOURCES if source.identity], ids=lambda source: source.id)
def test_identity_is_found_in_every_example_and_tells_them_apart(source: Source) -> None:
    assert source.identity is not None
    found = [re.search(source.identity, example) for example in source.examples]
    assert all(found)
    assert len({match.group(1) for match in found if match}) == len(source.examples)


@pytest.mark.parametrize(("owner", "example"), EXAMPLES, ids=lambda value: value[-60:])
def test_the_canonical_form_of_an_example_is_still_an_article_that_may_be_asked(owner: str, example: str) -> None:
    source = next(source for source in SOURCES if source.id == owner)
    form = canonical(example, source)
    assert re.search(source.article, form)
    assert is_listed(form, source)
    assert article_key(form, source) == article_key(example, source)


@pytest.mark.parametrize(("url", "id_"), SYSTEMS.items(), ids=SYSTEMS.values())
def test_the_publishing_systems_that_must_work_are_listed(url: str, id_: str) -> None:
    found = source_of(url, SOURCES)
    assert found is not None
    assert found.id == id_
    assert re.search(found.article, url)


def test_editions_of_one_outlet_are_told_apart_by_language() -> None:
    languages = {source.id: source.languages[0] for source in SOURCES}
    assert {languages[source.id] for source in SOURCES if source.id.endswith("-en")} == {"en"}
    assert (languages["qdnd"], languages["laodong"], languages["kpl"]) == ("vi", "vi", "lo")


def test_outlets_of_other_countries_do_not_imply_vietnam() -> None:
    foreign = {source.id for source in SOURCES if not source.vietnamese}
    assert foreign >= {"kpl", "kpl-en", "vientianetimes", "laotiantimes", "kongthap", "pasaxon", "marketscreener", "publicnow"}
    assert all(
        urlsplit(source.home).hostname.endswith(".vn")
        for source in ENABLED
        if source.vietnamese and "vnexpress" not in source.id
    )  # type: ignore[union-attr]


GOOD = """
[[source]]
id = "one"
name = "One"
languages = ["vi"]
home = "https://one.example/"
feeds = ["https://one.example/rss"]
article = '^https://one\\.example/[a-z-]+-\\d+$'
"""

BROKEN = {
    "unknown key": ('colour = "red"', "source one colour: unknown key"),
    "unknown key of the file": ("[other]\nx = 1", "other: unknown key"),
    "unknown key of a table": ("[source.extract]\ncolour = []", "source one extract.colour: unknown key"),
    "duplicate id": (GOOD, "source one: this id is used twice"),
    "bad pattern": (
        "identity = '-(\\d+'",
        "source one identity: '-(\\\\d+' is not a regular expression: missing ), unterminated subpattern at position 1",
    ),
    "identity without group": ("identity = '-\\d+$'", "source one: identity needs a group around the article's number"),
    "credit without group": (
        "credits = ['^Theo TTXVN']",
        "source one: the credit pattern '^Theo TTXVN' needs a group around the name",
    ),
    "bad selector": (
        'extract = { body = ["div..body"] }',
        "source one extract.body entry 1: 'div..body' is not a CSS selector: Expected ident, got <DELIM '.' at 4>",
    ),
    "relative address": (
        'sitemaps = ["/sitemap.xml"]',
        "source one sitemaps entry 1: '/sitemap.xml' is not an absolute http or https address",
    ),
    "other scheme": (
        'sitemaps = ["ftp://one.example/s.xml"]',
        "source one sitemaps entry 1: 'ftp://one.example/s.xml' is not an absolute http or https address",
    ),
    "wrong type": ('delay = "slow"', "source one delay: must be a number"),
    "text for a table": ('extract = "x"', "source one extract: must be a table ([source.extract])"),
    "text for one of many": ('listings = ["x"]', "source one listings entry 1: must be a table ([[source.listings]])"),
    "text for a list": ('sitemaps = "https://one.example/s.xml"', "source one sitemaps: must be a list in brackets"),
    "example that does not fit": (
        'examples = ["https://one.example/about"]',
        "source one: the article pattern does not match the example https://one.example/about",
    ),
    "paging without number": (
        'listings = [{ url = "https://one.example/news", pages = "?p=2" }]',
        "source one listings entry 1: pages needs {page} where the number goes",
    ),
    "switched off without reason": ("enabled = false", "source one: a source with enabled = false needs a reason"),
}


def refused(path: Path) -> list[str]:
    """The lines with which a file is refused, without the file's name, which each of them must begin with."""
    with pytest.raises(ConfigurationError) as caught:
        load_sources(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize(("added", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_a_fault_is_named_with_file_key_and_reason(tmp_path: Path, added: str, problem: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"{GOOD}{added}\n", encoding="utf-8")
    assert refused(path) == [problem]


def test_a_source_without_place_of_discovery_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(GOOD.replace('feeds = ["https://one.example/rss"]\n', ""), encoding="utf-8")
    assert refused(path) == ["source one: an enabled source needs a feed, a sitemap or a listing"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    two = GOOD.replace('"one"', '"Two"').replace("https://one.example/rss", "rss.xml")
    three = GOOD.replace('id = "one"\n', "").replace('["vi"]', "[]")
    path = tmp_path / "sources.toml"
    path.write_text(f"{GOOD}{two}{three}{GOOD}", encoding="utf-8")
    assert refused(path) == [
        "source Two id: must have the form ^[a-z0-9]+(-[a-z0-9]+)*$",
        "source Two feeds entry 1: 'rss.xml' is not an absolute http or https address",
        "source 3 id: is missing",
        "source 3 languages: must have 1 or more entries",
        "source one: this id is used twice",
    ]


NOT_CLOSED = " (at the end, line 3: something before it is not closed)"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[[source]\n", "is not valid TOML: Expected ']]' at the end of an array declaration (at line 1, column 9)"),
        (
            b"[[source]]\nid = 'a'\nfeeds = [\n",
            "is not valid TOML: Invalid value" + NOT_CLOSED,
        ),
        (b"source = [3]\n", "source 1: must be a table ([[source]])"),
        (b"# empty\n", "source: there is no [[source]] in this file"),
        (b'source = "one"\n', "source: there is no [[source]] in this file"),
        (b'name = "caf\xe9"\n', "is not UTF-8 at byte 11"),
    ],
    ids=["not TOML", "not closed", "no table", "empty", "source is a text", "not UTF-8"],
)
def test_a_file_that_is_no_source_list_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(content)
    assert problem in refused(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.toml") == ["there is no such file"]
