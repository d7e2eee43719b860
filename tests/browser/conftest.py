"""A site with a gate and a hostile page, crawled once in Chromium. The rig of tests/spiders serves it."""

import sys
from pathlib import Path

import pytest

from spiders.chromium import missing

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "spiders")]


@pytest.fixture(scope="session")
def chromium() -> None:
    """Skips, saying what is missing, where pages cannot be rendered."""
    if (reason := missing()) is not None:
        pytest.skip(reason)
