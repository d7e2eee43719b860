"""Article patterns learnt from examples."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.asking import ANYTHING
from spiders.discover import Place
from spiders.feeds import read_feed
from spiders.induce import Induced, base_of, induce, tell_apart
from spiders.listings import read_listing
from spiders.sources import Listing, Source, load_sources
from spiders.urls import canonical

HOME = "https://paper.vn/"
SOURCES = load_sources(Path(__file__).resolve().parents[2] / "seeds" / "sources.toml")
PAGES = Path(__file__).resolve().parents[3] / "shared" / "pages"

WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
SLUG = st.lists(WORD, min_size=1, max_size=7).map("-".join)
NUMBER = st.integers(10000, 10**17).map(str)
SECTION = st.lists(SLUG, max_size=3).map(lambda folders: "".join(f"{folder}/" for folder in folders))
ENDING = st.sampled_from(["", ".html", ".htm", ".vnp"])
FORMS = (
    "{section}{slug}-{number}{ending}",
    "{section}{slug}-post{number}{ending}",
    "{section}{number}/{slug}{ending}",
    "{section}{number}-{slug}{ending}",
    "{section}{slug}{ending}",
    "2026/11/21/{slug}{ending}",
    "{section}detail.aspx?id={number}",
    "view?lang=vi&doc={slug}",
)
PATH = st.builds(
    lambda form, **parts: form.format(**parts), st.sampled_from(FORMS), section=SECTION, slug=SLUG, number=NUMBER, ending=ENDING
)
STRANGE = st.text("ab1-_./?=&%+()[]{}|\\^$*'\"~é\n ", max_size=30)
URL = (PATH | STRANGE).map(lambda path: canonical(f"{HOME}{path}"))


def fits(found: Induced, url: str) -> bool:
    return re.search(found.article, url) is not None


@given(st.lists(URL, min_size=1, max_size=8), st.lists(URL, max_size=8), st.sampled_from([HOME, f"{HOME}en/"]))
def test_every_article_fits_and_no_other_address_does(articles: list[str], others: list[str], home: str) -> None:
    found = induce(articles, others, home)
    assert [url for url in articles if not fits(found, url)] == []
    assert [url for url in others if url not in articles and fits(found, url)] == []


@given(st.lists(st.tuples(SECTION, SLUG, NUMBER), min_size=3, max_size=8), st.sampled_from(FORMS[:4]), ENDING)
def test_an_identity_is_the_number_and_keeps_it(parts: list[tuple[str, str, str]], form: str, ending: str) -> None:
    urls = [canonical(HOME + form.format(section=s, slug=slug, number=n, ending=ending)) for s, slug, n in parts]
    found = induce(urls, [], HOME)
    if found.identity is None:
        return
    pattern = re.compile(found.identity)
    assert pattern.groups == 1
    values = [match.group(1) for url in urls if (match := pattern.search(url))]
    assert len(set(values)) >= 0.9 * len(values) > 0


@pytest.mark.parametrize(
    ("articles", "others", "pattern", "identity"),
    [
        (
            ["a/b/mot-hai-ba-12345", "c/mot-hai-123456"],
            ["a/b", "tag/lao-12345"],
            r"^https?://(?:www\.)?paper\.vn/(?!(?:tag|tags)/)(?:[a-z0-9-]+/)+[a-z0-9-]+-\d{5,8}/?$",
            r"-(\d{5,})/?$",
        ),
        (
            ["mot-hai-post1234567.html", "ba-post99999.html"],
            ["mot-hai-tag12345.html", "chinh-tri/"],
            r"^https?://(?:www\.)?paper\.vn/[a-z0-9-]+-post\d+\.html$",
            r"-post(\d{5,})\.html$",
        ),
        (
            ["2026/11/21/mot-hai-ba-bon/", "2026/10/02/nam-sau-bay-tam/"],
            ["2026/11/", "about/"],
            r"^https?://(?:www\.)?paper\.vn/\d{4}/\d{2}/\d{2}/[a-z0-9]+(?:-[a-z0-9]+){3,}/?$",
            None,
        ),
        (
            ["Detail.aspx?id=4711", "Detail.aspx?id=12"],
            ["List.aspx?id=3"],
            r"^https?://(?:www\.)?paper\.vn/(?!List\.aspx\?id=3/?$)[A-Za-z0-9-]+\.aspx\?id=\d+$",
            r"[?&]id=(\d+)(?:&|$)",
        ),
    ],
)
def test_patterns_read_as_a_person_would_write_them(
    articles: list[str], others: list[str], pattern: str, identity: str | None
) -> None:
    found = induce([canonical(HOME + path) for path in articles], [canonical(HOME + path) for path in others], HOME)
    assert (found.article, found.identity) == (pattern, identity)


def test_without_an_article_there_is_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match="no article"):
        induce([], ["https://paper.vn/a"], HOME)


def test_headlines_tell_articles_where_no_feed_does() -> None:
    linked = {f"{HOME}a/mot-tin-moi-ve-bien-gioi-{number}": "Một tin mới về biên giới" for number in range(10000, 10006)}
    linked |= {f"{HOME}{name}": name for name in ("chinh-tri", "quoc-te", "lien-he")}
    linked |= {f"{HOME}tag/viet-nam-lao-{number}": "Quan hệ Việt Nam - Lào" for number in range(10000, 10003)}
    articles, others = tell_apart([], linked, "/")
    assert set(articles) == {url for url in linked if "/a/" in url}
    assert set(others) == set(linked) - set(articles)


def test_an_odd_item_of_a_feed_does_not_turn_sections_into_articles() -> None:
    feed = [f"{HOME}tin-so-mot-{number}.html" for number in range(10000, 10030)]
    articles, others = tell_apart([*feed, f"{HOME}video"], {f"{HOME}chinh-tri": "Chính trị"}, "/")
    assert articles == feed
    assert others == [f"{HOME}chinh-tri"]


@pytest.mark.parametrize(
    ("home", "base"),
    [("https://a.vn", "/"), ("https://a.vn/en", "/en/"), ("https://a.vn/x.html", "/"), ("https://a.vn/b/c/", "/b/c/")],
)
def test_the_folder_of_an_edition(home: str, base: str) -> None:
    assert base_of(home) == base


WITH_EXAMPLES = [source for source in SOURCES if len(source.examples) >= 3]


def test_what_two_articles_teach_fits_the_third() -> None:
    """Each example of the declared sources is looked for with what the others of its source teach. Those that are missed have a
    shape of their own, or stand in a folder where the others stand in none, which two examples cannot tell."""
    missed = []
    for source in WITH_EXAMPLES:
        examples = [canonical(url, source) for url in source.examples]
        for url in examples:
            others = [canonical(place) for place in source.places]
            found = induce([each for each in examples if each != url], others, source.home)
            missed += [] if fits(found, url) else [url]
    total = sum(len(source.examples) for source in WITH_EXAMPLES)
    print(f"{total - len(missed)} of {total} examples of {len(WITH_EXAMPLES)} sources; missed: {missed}")
    assert len(missed) <= 6


@pytest.mark.skipif(not (PAGES / "index.jsonl").exists(), reason="the recorded pages (../shared/pages) are not here")
def test_real_feeds_and_listings_teach_patterns_that_fit_real_articles() -> None:
    """Recorded places of each site teach; recorded articles of the site that no place shows are asked."""
    recorded = [json.loads(line) for line in (PAGES / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    hosts = {host for entry in recorded if (host := urlsplit(entry["url"]).hostname)}
    results = {host: learnt([entry for entry in recorded if urlsplit(entry["url"]).hostname == host], host) for host in hosts}
    taught = {host: found for host, found in results.items() if found is not None}
    print({host: found.article for host, found in taught.items()})
    asked = [(host, canonical(entry["url"])) for entry in recorded for host in taught if is_article(entry, host)]
    missed = [url for host, url in asked if not fits(taught[host], url)]
    print(f"{len(taught)} sites; {len(asked) - len(missed)} of {len(asked)} articles; missed: {missed}")
    assert len(taught) >= 10
    assert missed == []
    # only the site whose articles have no number may take the words of a headline for an article
    plain = "/mot-trang-gioi-thieu-ve-toa-soan.htm"
    assert [host for host, found in taught.items() if fits(found, f"https://{host}{plain}")] == ["vneconomy.vn"]


def is_article(entry: dict[str, str], host: str) -> bool:
    return entry["kind"] == "article" and urlsplit(entry["url"]).hostname == host


def learnt(entries: list[dict[str, str]], host: str) -> Induced | None:
    site = Source(
        id="s", name=host, languages=("vi",), home=f"https://{host}/", article=ANYTHING, enabled=False, reason="only read here"
    )
    certain: list[str] = []
    linked: dict[str, str] = {}
    for entry in entries:
        body = (PAGES / entry["file"]).read_bytes()
        if entry["kind"] == "feed":
            certain += [item.url for item in read_feed(body, Place(site, entry["url"], "feed")).items]
        elif entry["kind"] == "listing":
            shown = read_listing(body, Place(site, entry["url"], "listing"), Listing(url=entry["url"])).items
            linked |= {item.url: item.title or "-" for item in shown}
    own = {url: title for url, title in linked.items() if urlsplit(url).hostname == host}
    articles, others = tell_apart([url for url in certain if urlsplit(url).hostname == host], own)
    return induce(articles, others, site.home) if articles else None
