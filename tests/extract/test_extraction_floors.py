"""The figures reached on real pages with gold text, which only move up (benchmarks/extraction.py).

The pages lie in ../shared beside the checkout and are not part of the project; without them these tests are skipped.
"""

import importlib.util
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from extract.to_article import to_article
from spiders.page import Found, Page

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT.parent / "shared" / "pages"
NOW = datetime(2026, 12, 31, tzinfo=UTC)
needs_pages = pytest.mark.skipif(not (PAGES / "index.jsonl").exists(), reason="there are no gold pages in ../shared/pages")


@pytest.fixture(scope="module")
def extraction() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extraction", ROOT / "benchmarks" / "extraction.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["extraction"] = module
    spec.loader.exec_module(module)
    return module


@needs_pages
def test_no_figure_is_below_its_floor(extraction: ModuleType) -> None:
    measured = extraction.measure_ours(extraction.load_pages(PAGES))
    assert extraction.below(measured, extraction.read_floors()) == []


def test_floors_move_up_only(extraction: ModuleType) -> None:
    reached = extraction.Figures(f1=0.9876, must=0.5, leaked=1, title=1.0, published=1.0, author=0.2, seconds=0)
    floors = {"generic": {"f1": 0.9, "must": 0.7, "leaked": 3, "author": 0.1}}
    assert extraction.raised({"generic": reached}, floors) == {
        "generic": {"f1": 0.987, "must": 0.7, "leaked": 1, "author": 0.2}
    }
    assert extraction.below({"generic": reached}, floors) == ["generic: must is 0.5, the floor is 0.7"]


@needs_pages
def test_listings_and_tables_are_not_taken_for_articles() -> None:
    entries = [json.loads(line) for line in (PAGES / "index.jsonl").read_text("utf-8").splitlines()]
    others = [entry for entry in entries if entry["kind"] in ("listing", "negative") and entry["file"].endswith(".html")]
    wrong = {"listing": "listing", "negative": "mostly-figures"}
    taken = [entry["file"] for entry in others if wrong[entry["kind"]] not in _quality(entry)]
    assert len(others) == 14
    assert taken == []


def _quality(entry: dict[str, str]) -> tuple[str, ...]:
    url = entry["url"]
    body = (PAGES / entry["file"]).read_bytes()
    return to_article(Page(Found(url, url, "", "", "given"), url, 200, (), body, NOW), None, now=NOW).quality
