"""The filter's main promise on a handful of texts: what is kept, what is refused, and with which words."""

from pathlib import Path

import pytest

import seeds
from relevance.judge import judge
from relevance.topic import Topic, load_topic
from relevance.triage import mentions_laos
from relevance.verdict import Document

SEEDS = Path(seeds.__file__).parent
SEED_TEXTS = sorted((Path(__file__).resolve().parents[2].parent / "shared" / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def topic() -> Topic:
    return load_topic(SEEDS / "topic.toml", SEEDS / "people.toml")


@pytest.mark.skipif(not SEED_TEXTS, reason="no ../shared/seeds beside the checkout")
@pytest.mark.parametrize("path", SEED_TEXTS, ids=lambda path: path.stem)
def test_the_five_texts_the_project_began_with_are_kept(topic: Topic, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert judge(Document(text), topic).decision == "keep"
    assert mentions_laos(text.encode(), "text/html; charset=utf-8", topic)
