"""A store with articles of the labelled events, in our own words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest

from extract.article import Article
from relevance.verdict import Reason, Verdict
from spiders.page import Found, Page
from store.database import Store
from store.records import Decided, Reading
from store.stories.evaluate import read_labelled
from store.stories.vocabulary import load_vocabulary

NOW = datetime(2026, 11, 21, 1, tzinfo=UTC)
EVENTS = Path(__file__).resolve().parents[1] / "stories" / "events"


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@cache
def labelled() -> dict[str, SimpleNamespace]:
    """The labelled articles by their id (``a06.1``): event, headline, text, language and time."""
    return {
        one.report.id: SimpleNamespace(event=one.event, report=one.report)
        for one in read_labelled(sorted(EVENTS.glob("*.txt")))
    }


def verdict(decision: str = "keep") -> Verdict:
    return Verdict(decision, 5.0, (Reason("Lào", "laos", "headline", 3.0),), "" if decision == "keep" else "too little", "r1")


def put(store: Store, url: str, title: str, text: str, *, decision: str = "keep", source: str = "", **fields: object) -> int:
    """Save an article as a crawl does; returns its number."""
    host = url.split("/")[2]
    found = Found(url, url, source or host, f"https://{host}/rss", "feed", title, published=fields.get("published"))
    article = replace(Article(url, url, host, title, None, text, extractor="rule"), **fields)
    store.discovered(found, 1)
    page = Page(found, url, 200, (), b"<html>", store.clock())
    steps = [Decided("judged", "rejected" if decision == "drop" else "ok", decision)]
    saved = store.save_page(page, steps, Reading(article, verdict(decision)))
    assert saved is not None
    return saved.article


def put_labelled(store: Store, name: str, host: str = "", **fields: object) -> int:
    """One of the labelled articles."""
    report = labelled()[name].report
    at = report.published
    day = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 5, tzinfo=UTC) if at else None
    url = f"https://{host or report.site or 'bao.vn'}/{name}"
    return put(store, url, report.title, report.text, **{"lang": report.lang, "published": day} | fields)


@pytest.fixture(scope="session")
def vocabulary():
    return load_vocabulary(Path(str(files("seeds"))) / "people.toml")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path, clock) as opened:
        opened.begin_run("crawl")
        yield opened


@pytest.fixture
def tell() -> SimpleNamespace:
    return SimpleNamespace(put=put, labelled=put_labelled, events=labelled, verdict=verdict, now=NOW)
