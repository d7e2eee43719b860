"""Every enabled source has a page of our own in that site's structure, and it is read as it should be.

A pair lies in ``pages_of_sources/<id>/``: ``page.html``, and ``expected.json`` with the fields of the article that must
come out, ``must_not`` (strings that the text must not hold), and ``structure``: ``reported`` when the containers and
classes are those that somebody saw on the site, ``assumed`` when they are typical of its publishing system. ``fetched`` is the
time of a page that was recorded, against which its dates are judged. Where a site was seen in another structure too, a second
pair lies in a folder inside, named after the time of it: ``pages_of_sources/<id>/2026/``.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from extract.article import Article
from extract.to_article import to_article
from spiders.page import Found, Page
from spiders.sources import Source, load_sources, source_of

PAIRS = Path(__file__).resolve().parent / "pages_of_sources"
SOURCES = load_sources(Path(__file__).resolve().parents[1] / "seeds" / "sources.toml")
ENABLED = [source for source in SOURCES if source.enabled]
FETCHED = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ABOUT_THE_PAIR = {"url", "structure", "must_not", "fetched"}


def pairs_of(source: Source) -> list[Path]:
    """The folders of a source's pairs, the plain one first."""
    return [PAIRS / source.id, *sorted(path.parent for path in (PAIRS / source.id).glob("*/page.html"))]


def expected_of(source: Source, pair: Path) -> dict[str, object]:
    path = pair / "expected.json"
    assert path.exists(), (
        f"{source.id} is enabled and has no page: write one, or make it with 'vietlao sources record {source.id} URL'"
    )
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(expected, dict)
    return expected


def read(source: Source, pair: Path) -> Article:
    """The source's page as extracted."""
    expected = expected_of(source, pair)
    url, fetched = str(expected["url"]), expected.get("fetched")
    now = datetime.fromisoformat(fetched) if isinstance(fetched, str) else FETCHED
    page = Page(
        found=Found(url=url, seen_as=url, source=source.id, via=source.home, by="given"),
        url=url,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=(pair / "page.html").read_bytes(),
        fetched=now,
    )
    return to_article(page, source, now=now)


def shown(value: object) -> object:
    """A field as JSON shows it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("source", ENABLED, ids=lambda source: source.id)
def test_the_page_of_a_source_is_read_as_expected(source: Source) -> None:
    for pair in pairs_of(source):
        expected = expected_of(source, pair)
        article = read(source, pair)
        fields = {name: shown(getattr(article, name)) for name in expected if name not in ABOUT_THE_PAIR}
        assert fields == {name: value for name, value in expected.items() if name not in ABOUT_THE_PAIR}, pair.name
        assert article.quality == ()


@pytest.mark.parametrize("source", ENABLED, ids=lambda source: source.id)
def test_nothing_else_on_the_page_gets_into_the_text(source: Source) -> None:
    for pair in pairs_of(source):
        must_not = expected_of(source, pair)["must_not"]
        assert isinstance(must_not, list)
        assert len(must_not) >= 4
        article = read(source, pair)
        page = " ".join((pair / "page.html").read_text(encoding="utf-8-sig").split())
        assert [words for words in must_not if words in article.text] == []
        assert pair.parent == PAIRS or [words for words in must_not if " ".join(words.split()) not in page] == []


@pytest.mark.parametrize("source", ENABLED, ids=lambda source: source.id)
def test_the_page_is_one_of_that_source(source: Source) -> None:
    for pair in pairs_of(source):
        expected = expected_of(source, pair)
        url = str(expected["url"])
        assert source_of(url, SOURCES) is source
        assert re.search(source.article, url)
        assert expected["structure"] in ("reported", "assumed")
        assert source.home not in (url, f"{url}/")


@pytest.mark.parametrize("source", ENABLED, ids=lambda source: source.id)
def test_the_rules_of_a_source_find_their_part_of_its_page(source: Source) -> None:
    roots = [html.fromstring((pair / "page.html").read_bytes().decode("utf-8-sig")) for pair in pairs_of(source)]
    rules = source.extract
    parts = {"title": rules.title, "lead": rules.lead, "body": rules.body, "date": rules.date}
    for root, pair in zip(roots, pairs_of(source), strict=True):
        idle = [
            part for part, selectors in parts.items() if selectors and not any(CSSSelector(each)(root) for each in selectors)
        ]
        assert idle == [], f"these rules select nothing in {pair.name}, so that nothing shows that they work"
    assert not rules.drop or any(CSSSelector(each)(root) for each in rules.drop for root in roots)


def test_no_two_pages_tell_their_story_in_the_same_sentence() -> None:
    seen: dict[str, str] = {}
    repeated = []
    for source in ENABLED:
        for pair in pairs_of(source):
            for line in str(expected_of(source, pair)["text"]).splitlines():
                repeated += [(source.id, seen[line], line)] if line in seen else []
                seen[line] = source.id
    assert repeated == []


def test_there_is_no_page_without_its_source() -> None:
    assert {path.name for path in PAIRS.iterdir() if path.is_dir()} <= {source.id for source in SOURCES}
