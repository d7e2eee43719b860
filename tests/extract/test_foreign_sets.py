"""What benchmarks/extraction_foreign.py makes of other projects' expectations, and how it counts."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def foreign() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extraction_foreign", BENCHMARKS / "extraction_foreign.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["extraction_foreign"] = module
    spec.loader.exec_module(module)
    return module


def checkout(root: Path) -> None:
    """A checkout of trafilatura with two pages, one of which states no metadata."""
    entry = {"file": "a.html", "title": "Một tin", "date": "2026-03-07", "author": "An Khê; Hà Vy"}
    snippets = {"with": ["đi qua mười hai bản"], "without": ["Tin khác"]}
    (root / "tests/eval").mkdir(parents=True)
    (root / "tests/eval/a.html").write_text("<p>Đội quy tập đi qua mười hai bản.</p>", "utf-8")
    (root / "tests/evaldata.json").write_text(
        json.dumps({"https://a.example/1": entry | snippets, "https://a.example/2": snippets | {"file": "a.html"}})
    )


def test_a_checkout_is_read(foreign: ModuleType, tmp_path: Path) -> None:
    checkout(tmp_path)
    [page] = foreign.trafilatura(tmp_path)
    assert (page.page.url, page.page.title, page.page.published) == ("https://a.example/1", "Một tin", "2026-03-07")
    assert page.authors == ("An Khê", "Hà Vy")


def test_what_is_counted(foreign: ModuleType, tmp_path: Path) -> None:
    checkout(tmp_path)
    [page] = foreign.trafilatura(tmp_path)
    found = foreign.Found("Đội quy tập đi qua mười hai bản. Tin khác", "MỘT TIN", "2026-03-07T08:00:00+07:00", "Hà Vy, An Khê")
    assert foreign.scores(page, found) == {"title": 1, "day": 1, "author": 1, "found": 1, "leaked": 1}
    assert foreign.scores(page, foreign.Found("")) == {"title": 0, "day": 0, "author": 0, "found": 0, "leaked": 0}


@pytest.mark.parametrize(
    ("stated", "found", "told"),
    [
        ("2026-03-07 08:00:10+07:00", "2026-03-07T01:00:00+00:00", {"day": True, "time": True}),
        ("2026-03-07 08:00:10", "2026-03-07T08:00:00+02:00", {"day": True, "time": True}),
        ("2026-03-07 08:00:10+07:00", "2026-03-07", {"day": True, "time": False}),
        ("2026-03-07 08:00:10+07:00", "", {"day": False, "time": False}),
        ("2026-03-07", "2026-03-08", {"day": False}),
    ],
)
def test_times_are_compared_as_far_as_stated(foreign: ModuleType, stated: str, found: str, told: dict[str, bool]) -> None:
    assert foreign._times(stated, found) == told
