"""The browser is optional: nothing of it is imported before it is needed, and what is missing is said with its remedy."""

import subprocess
import sys
from pathlib import Path

import pytest

from spiders import chromium
from spiders.per_source import why_skipped
from spiders.settings import DOWNLOADER_MIDDLEWARES
from spiders.sources import Source

SOURCE = Source.model_validate(
    {
        "id": "gated",
        "name": "A paper behind a script",
        "languages": ["vi"],
        "home": "https://paper.example/",
        "listings": [{"url": "https://paper.example/"}],
        "article": r"/\d+\.html$",
        "quirks": {"needs_browser": True},
    }
)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(chromium, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_both_remedies_are_named(bare: None) -> None:
    said = "needs a browser: install the extra (pip install 'vietlao[browser]'); install Chromium (apt install chromium)"
    assert chromium.missing() == said


def test_a_source_that_needs_a_browser_is_skipped_with_that_reason_and_others_are_not(bare: None) -> None:
    from scrapy.settings import Settings

    settings = Settings({"VIETLAO_CHROMIUM": ""})
    assert (why_skipped(SOURCE, settings) or "").startswith("needs a browser: install the extra")
    plain = SOURCE.model_copy(update={"quirks": SOURCE.quirks.model_copy(update={"needs_browser": False})})
    assert why_skipped(plain, settings) is None


def test_the_program_that_is_named_goes_before_the_one_on_path(tmp_path: Path) -> None:
    program = tmp_path / "my-chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert chromium.program(str(program)) == str(program)
    assert chromium.program(str(tmp_path / "none")) is None


def test_the_middleware_loads_without_playwright() -> None:
    assert "spiders.browser.Browser" in DOWNLOADER_MIDDLEWARES
    code = "import sys, spiders.browser, spiders.loader; print([m for m in sys.modules if 'playwright' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
