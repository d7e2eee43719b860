"""Pages of our own in many structures, each with what is expected of it.

A case is a pair in tests/extract/pages: NAME.html and NAME.json, which holds ``page_url`` and any keys of ``article_json``.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.output import article_json
from extract.to_article import to_article
from spiders.page import Found, Page

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.json")))
def test_page(name: str) -> None:
    expected = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    url = expected.pop("page_url")
    page = Page(Found(url, url, "", "", "given"), url, 200, (), (PAGES / f"{name}.html").read_bytes(), NOW)
    extracted = article_json(to_article(page, None, now=NOW))
    assert {key: extracted[key] for key in expected} == expected
