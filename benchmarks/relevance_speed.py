"""Articles judged a second on one core: texts of 3 kB made of the project's own articles.

python benchmarks/relevance_speed.py [SECONDS]
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import seeds
from relevance.judge import judge
from relevance.topic import load_topic
from relevance.verdict import Document

CHECKOUT = Path(__file__).resolve().parents[1]
ARTICLES = CHECKOUT / "tests" / "relevance" / "articles"
BYTES = 3000


def documents(path: Path) -> list[Document]:
    """Texts of 3 kB in UTF-8: each article, followed by its successors as far as they are needed to fill it."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Document(_filled(rows, start), rows[start]["title"], lang=rows[start]["lang"]) for start in range(len(rows))]


def _filled(rows: list[dict[str, str]], start: int) -> str:
    text = ""
    for row in rows[start:] + rows[:start]:
        text += row["text"] + "\n"
        if len(text.encode()) >= BYTES:
            break
    return text.encode()[:BYTES].decode("utf-8", "ignore")


def measure(given: list[Document], seconds: float) -> Iterator[tuple[float, float]]:
    """Articles a second of processor time and of wall time, for judging the documents in turn."""
    folder = Path(seeds.__file__).parent
    topic = load_topic(folder / "topic.toml", folder / "people.toml")
    judge(given[0], topic)
    done, wall, processor = 0, time.perf_counter(), time.process_time()
    for document in cycle(given):
        judge(document, topic)
        done += 1
        if time.perf_counter() - wall > seconds:
            break
    yield done / (time.process_time() - processor), done / (time.perf_counter() - wall)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    for path in sorted(ARTICLES.glob("articles-*.jsonl")):
        for processor, wall in measure(documents(path), seconds):
            print(f"{path.stem}: {processor:,.0f} articles of {BYTES} bytes a second of one core ({wall:,.0f} by the clock)")


if __name__ == "__main__":
    main()
