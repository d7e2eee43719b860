"""The text of a source entry: whatever a site says of itself, it is one entry that loads."""

import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.article import Article
from monitor.app import App
from monitor.looking import Site, loaded, look_well, with_scheme
from monitor.source_entry import comment, entry_of, id_of, literal, quoted
from spiders.looked import Looked, Seen, as_json

HOSTILE = "x\"\n[[source]]\nid = \"evil\"\n'''\x1b[31m\x7f\u2028#\\"
ARTICLE = Article(
    "https://a.vn/1", "https://a.vn/1", "a.vn", HOSTILE, None, "t", author=HOSTILE, lang="en", quality=("no-date",)
)
TEXT = st.text(max_size=40)
MOMENT = datetime(2026, 11, 20, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", [HOSTILE, "'", "a\\.b", "\r\n", "\x00", ""])
def test_strings_and_patterns_come_back_as_they_were(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}\nb = {literal(text)}") == {"a": text, "b": text}


@given(TEXT)
def test_any_text_survives_quoting_and_no_comment_gets_out_of_its_line(text: str) -> None:
    read = tomllib.loads(f"a = {quoted(text)}\nb = {literal(text)}\n{comment(text)}\nc = 1")
    assert read == {"a": text, "b": text, "c": 1}


def test_a_site_cannot_write_toml_of_its_own() -> None:
    looked = Looked(
        home="https://a.vn/",
        name=HOSTILE,
        feeds=[Seen("https://a.vn/rss?x='\"%0A#", 1, MOMENT)],
        listings=[Seen("https://a.vn/", 3, None, 'https://a.vn/{page}"')],
        article="^https?://a\\.vn/\\d+'$|1$",
        examples=("https://a.vn/1",),
        problems=[HOSTILE],
        not_asked=[HOSTILE],
    )
    entry = entry_of(looked, [ARTICLE])
    source = loaded(entry)
    assert (source.id, source.name, source.languages) == ("a-en", HOSTILE.strip(), ("en",))
    assert source.listings[0].pages == 'https://a.vn/{page}"'
    assert "evil" not in {each["id"] for each in tomllib.loads(entry)["source"]}
    assert "\x1b" not in entry
    assert "# wrong: no-date: The page states no usable publication time." in entry


def test_delay_quirks_and_further_hosts() -> None:
    looked = Looked(
        "https://www.paper.com.la/",
        hosts=("friends.paper.com.la",),
        sitemaps=[Seen("https://www.paper.com.la/sitemap.xml", 12, MOMENT, is_index=True)],
        article="^https?://x",
        keeps_cookies=True,
        needs_browser=True,
        delay=7.5,
    )
    entry = entry_of(looked, [ARTICLE])
    source = loaded(entry)
    assert (source.id, source.name, source.delay, source.vietnamese) == ("paper-en", "www.paper.com.la", 7.5, False)
    assert (source.quirks.keeps_cookies, source.quirks.warm_up, source.quirks.needs_browser) == (True, source.home, True)
    assert source.hosts == ("friends.paper.com.la",)
    assert "# 12 addresses in the newest part, newest 2026-11-20 08:00" in entry


@pytest.mark.parametrize(
    ("home", "language", "wanted"),
    [
        ("https://www.paper.com.vn/", "vi", "paper"),
        ("https://en.paper.vn/", "en", "paper-en"),
        ("https://paper.gov.la/", "lo", "paper-lo"),
        ("http://127.0.0.1:8088/", "vi", "0"),
        ("https://báo.vn/", "vi", "xn-bo-mia"),
        ("https://taken.vn/", "vi", "taken-3"),
    ],
)
def test_ids(home: str, language: str, wanted: str) -> None:
    assert id_of(home, language, ["taken", "taken-2"]) == wanted


def test_long_lists_of_remarks_are_cut() -> None:
    entry = entry_of(Looked("https://a.vn/", not_asked=[f"https://a.vn/{number}.rss" for number in range(100)]), [])
    assert entry.count("# not asked: https://") == 20
    assert "# not asked: and 80 more" in entry
    assert (loaded(entry).enabled, loaded(entry).reason) == (False, "no place that lists articles was found")


def test_a_site_that_needs_a_browser_is_looked_at_again_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def look(app: App, addresses: Sequence[str], *options: str) -> dict[str, Site]:
        asked.append((*options, *addresses))
        scripted = "https://script.vn/" in addresses and not options
        return {url: Site(Looked(url, needs_browser=scripted and "script" in url, reached=bool(options))) for url in addresses}

    monkeypatch.setattr("monitor.looking.look", look)
    monkeypatch.setattr("monitor.looking.missing", lambda named: None)
    sites = look_well(App("."), ["https://plain.vn/", "https://script.vn/"])
    assert asked == [("https://plain.vn/", "https://script.vn/"), ("--browser", "https://script.vn/")]
    script = sites["https://script.vn/"].looked
    assert script is not None
    assert (script.needs_browser, script.reached) == (True, True)


def test_addresses_as_people_type_them() -> None:
    assert with_scheme("paper.vn") == "https://paper.vn/"
    assert with_scheme("http://paper.vn/en") == "http://paper.vn/en"


@given(
    st.builds(Seen, TEXT, st.integers(0, 9), st.none() | st.just(MOMENT), st.none() | TEXT, st.booleans()), TEXT, st.booleans()
)
def test_a_look_survives_its_way_as_json(seen: Seen, text: str, flag: bool) -> None:
    looked = Looked(text, text, (text,), [seen], [], [seen], text, None, (text,), flag, not flag, 1.5, [text], [], flag)
    assert Looked.read(as_json(asdict(looked))) == looked
