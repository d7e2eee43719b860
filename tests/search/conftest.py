"""A store that is filled through its front door, one article a call."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from extract.article import Article
from relevance.verdict import Verdict
from spiders.page import Found, Page
from store.database import Store
from store.records import Decided, Reading

NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


class Shelf:
    """An open store, with articles named by a word of ours instead of their number."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.run = store.begin_run("crawl")
        self.names: dict[int, str] = {}

    def add(
        self,
        name: str,
        text: str,
        title: str = "",
        published: datetime | None = None,
        decision: str = "keep",
        source: str = "bao-a",
    ) -> int:
        url = f"https://{source}.vn/tin-{name}"
        found = Found(url, url, source, f"https://{source}.vn/rss", "feed")
        page = Page(found, url, 200, (), b"", NOW, ())
        article = Article(url, url, f"{source}.vn", title, None, text, extractor="rule", published=published)
        verdict = Verdict(decision, 1.0, (), "", "rules-1")
        saved = self.store.save_page(page, [Decided("judged", "ok", "fine")], Reading(article, verdict), None, self.run)
        self.names.setdefault(saved.article, name)
        return saved.article

    def find(self, query: str, *args, **named) -> list[str]:
        return [self.names[hit.article] for hit in self.store.search(query, *args, **named).hits]

    def exact(self, query: str) -> dict[str, bool]:
        return {self.names[hit.article]: hit.exact for hit in self.store.search(query).hits}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path, lambda: NOW) as opened:
        yield opened


@pytest.fixture
def shelf(store) -> Shelf:
    return Shelf(store)


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Callable[[], Shelf]:
    """A store with a handful of articles that the tests of a module only read."""
    with Store.open(tmp_path_factory.mktemp("library"), lambda: NOW) as opened:
        shelf = Shelf(opened)
        shelf.add("army", "Đoàn công tác Quân đội nhân dân Lào đến thăm tỉnh Điện Biên.", "Đại tướng Phan Văn Giang tiếp khách")
        shelf.add(
            "minister", "Bộ trưởng Quốc phòng hai nước ký thoả thuận tại Hoà Bình.", "Thuỷ lợi và an ninh", decision="drop"
        )
        shelf.add("labour", "Lao động của quân nhân phục viên, phòng chống bệnh lao.", "Việc làm")
        shelf.add(
            "english", "The Lao people's army and Viet Nam hold a joint patrol near Dien Bien.", "Joint patrol", source="bao-b"
        )
        shelf.add("plain", "Quan doi nhan dan Lao tham Ha Noi", "Tin khong dau", decision="marginal")
        yield shelf
