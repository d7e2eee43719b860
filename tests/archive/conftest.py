"""Fixtures of this folder. The rig beside it is imported by name, also in the processes that do the work."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from relevance.topic import load_topic
from spiders.sources import load_sources
from store.batch.work import Setup

HERE = str(Path(__file__).parent)
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
sys.path.insert(0, HERE)


@pytest.fixture(autouse=True, scope="session")
def rig_for_workers():
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([HERE, *([before] if before else [])])
    yield
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="session")
def setup():
    return Setup(load_topic(SEEDS / "topic.toml", SEEDS / "people.toml"), load_sources(SEEDS / "sources.toml"))


@pytest.fixture(scope="session")
def light():
    """A setup for tasks that only ask for its rules: workers start sooner with it."""
    return Setup(SimpleNamespace(rules="rules-1"), ())


@pytest.fixture
def clock():
    """A clock that stands still unless it is set."""

    class Clock:
        now = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)

        def __call__(self):
            return self.now

    return Clock()
