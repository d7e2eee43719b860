"""The five documents the project was created from."""

from pathlib import Path

import pytest

from relevance.judge import judge
from relevance.topic import Topic
from relevance.triage import mentions_laos
from relevance.verdict import Document

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
TEXTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.skipif(not TEXTS, reason=f"there are no seed texts in {FOLDER}")
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_is_kept(topic: Topic, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert judge(Document(text), topic).decision == "keep"
    assert mentions_laos(text.encode(), "text/html; charset=utf-8", topic)
