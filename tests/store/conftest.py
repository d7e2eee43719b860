"""What the tests of this room build with: a store with a clock of its own, and values made to measure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from extract.article import Article
from relevance.verdict import Reason, Verdict
from spiders.page import Found, Page
from spiders.sources import Source
from store.database import Store
from store.records import Decided, Reading

START = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
TEXT = "Hai bên ghi nhận kết quả tuần tra chung và thống nhất kế hoạch năm tới. " * 5


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def source(number: str = "bao-a", **changes: object) -> Source:
    fields = {
        "id": number,
        "name": f"Báo {number}",
        "languages": ("vi",),
        "home": f"https://{number}.vn/",
        "feeds": (f"https://{number}.vn/rss",),
        "article": rf"{number}\.vn/tin-\w+",
    }
    return Source(**(fields | changes))


def found(name: str = "1", of: str = "bao-a", **changes: object) -> Found:
    url = f"https://{of}.vn/tin-{name}"
    return replace(Found(url, url, of, f"https://{of}.vn/rss", "feed", f"Tin {name}"), **changes)


def page(place: Found | None = None, body: bytes = b"<html>", **changes: object) -> Page:
    place = place or found()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return replace(Page(place, place.url, 200, headers, body, START, (("User-Agent", "vietlao"),)), **changes)


def article(place: Found | None = None, text: str = TEXT, **changes: object) -> Article:
    url = (place or found()).url
    return replace(Article(url, url, "bao-a.vn", "Tuần tra chung", "Hai bên", text, extractor="rule"), **changes)


def verdict(decision: str = "keep", score: float = 5.0, **changes: object) -> Verdict:
    reasons = (Reason("quân đội Lào", "laos", "headline", 3.0, 4, 16), Reason("tuần tra", "defence", "body", 2.0))
    why = "" if decision == "keep" else "no defence word near Laos"
    return replace(Verdict(decision, score, reasons, why, "rules-1"), **changes)


def save(store: Store, place: Found | None = None, decision: str = "keep", run: int | None = None, **changes: object):
    """A page taken all the way; returns what saving came to."""
    place = place or found()
    reading = Reading(article(place, **changes), verdict(decision))
    steps = [Decided("judged", "rejected" if decision == "drop" else "ok", decision)]
    return store.save_page(page(place), steps, reading, None, run)


@pytest.fixture
def make() -> SimpleNamespace:
    return SimpleNamespace(
        start=START, text=TEXT, source=source, found=found, page=page, article=article, verdict=verdict, save=save, Clock=Clock
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def run(store) -> int:
    return store.begin_run("crawl")
