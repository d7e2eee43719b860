"""Commands that look without storing let the process that fetches for them finish what it says."""

from pathlib import Path

import pytest

from monitor import fetch
from monitor.app import App
from spiders.check import page_to_json
from spiders.page import Found

# says a page, and then more than a pipe holds: who closes the other end too early makes it fail
TALKER = """
import json, sys
print(json.dumps({"kind": "page", "page": json.loads(sys.argv[1])}), flush=True)
for number in range(4000):
    print(json.dumps({"kind": "source", "state": "read", "reason": "a" * 100}), flush=True)
print("said all", file=sys.stderr)
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    (tmp_path / "talker.py").write_text(TALKER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return App(str(tmp_path))


def a_page() -> fetch.Page:
    found = Found("https://paper.vn/a", "https://paper.vn/a", "", "by hand", "given")
    return fetch.Page(found, found.url, 200, (), b"<p>x</p>", App(".").clock())


def test_a_page_is_taken_when_the_process_has_said_its_last_word(
    app: App, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    page, lines_of = a_page(), fetch.lines_of
    told = fetch.json.dumps(page_to_json(page))
    monkeypatch.setattr(fetch, "lines_of", lambda app, module, arguments: lines_of(app, "talker", [told]))
    assert fetch.fetch_page(app, page.url) == page
    assert capfd.readouterr().err == "said all\n"


def test_a_listener_who_goes_away_breaks_no_pipe(app: App, capfd: pytest.CaptureFixture[str]) -> None:
    lines = fetch.lines_of(app, "talker", [fetch.json.dumps(page_to_json(a_page()))])
    assert next(lines)["kind"] == "page"
    lines.close()
    assert "BrokenPipe" not in capfd.readouterr().err
