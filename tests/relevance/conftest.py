"""The project's own topic, loaded once."""

from pathlib import Path

import pytest

import seeds
from relevance.topic import Topic, load_topic

SEEDS = Path(seeds.__file__).parent


@pytest.fixture(scope="session")
def topic() -> Topic:
    return load_topic(SEEDS / "topic.toml", SEEDS / "people.toml")
