"""How well groupings agree with labels: B-cubed and pairwise measures, and the labelled articles they are taken on.

B-cubed precision of an item is the share of its story that belongs to its event, recall the share of its event that is in
its story; both are averaged over items (Bagga and Baldwin, "Entity-based cross-document coreferencing", 1998).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from store.stories.features import Report


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and the event it reports."""

    event: str
    report: Report


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean; 0 when both are."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0


def b_cubed(truth: Mapping[str, object], found: Mapping[str, object], items: Iterable[str] | None = None) -> Scores:
    """B-cubed over ``items`` (all of ``truth`` by default), within the whole grouping."""
    wanted = list(truth if items is None else items)
    events, stories = Counter(truth.values()), Counter(found[item] for item in truth)
    both = Counter((truth[item], found[item]) for item in truth)
    overlaps = [(item, both[truth[item], found[item]]) for item in wanted]
    return Scores(
        sum(overlap / stories[found[item]] for item, overlap in overlaps) / max(1, len(wanted)),
        sum(overlap / events[truth[item]] for item, overlap in overlaps) / max(1, len(wanted)),
    )


def pairwise(truth: Mapping[str, object], found: Mapping[str, object]) -> Scores:
    """Over pairs of items: which share a story, which an event. Without a pair on a side that side is perfect."""

    def pairs(counts: Iterable[int]) -> int:
        return sum(count * (count - 1) // 2 for count in counts)

    both = pairs(Counter((truth[item], found[item]) for item in truth).values())
    stories = pairs(Counter(found[item] for item in truth).values())
    events = pairs(Counter(truth.values()).values())
    return Scores(both / stories if stories else 1.0, both / events if events else 1.0)


def cross_language(labelled: Iterable[Labelled]) -> list[str]:
    """The ids of articles whose event was reported in more than one language."""
    articles = list(labelled)
    languages: dict[str, set[str | None]] = {}
    for article in articles:
        languages.setdefault(article.event, set()).add(article.report.lang)
    return [article.report.id for article in articles if len(languages[article.event]) > 1]


def read_labelled(paths: Iterable[Path]) -> list[Labelled]:
    """Articles of the labelled files. A file has events (``=== id | day | place | what``), each with its articles
    (``--- site lang published``, then a line of headline, then the text); ``-`` stands for no time of publication."""
    return [labelled for path in sorted(paths) for labelled in _articles(path.read_text(encoding="utf-8"))]


def _articles(text: str) -> Iterator[Labelled]:
    for event in text.split("\n=== "):
        head, _, rest = event.removeprefix("=== ").partition("\n")
        name = head.split("|")[0].strip()
        for number, article in enumerate(rest.split("--- ")[1:], 1):
            about, title, body = article.strip().split("\n", 2)
            site, lang, published = about.split()
            yield Labelled(
                name, Report(f"{name}.{number}", title, body, f"https://{site}/{name}-{number}", site, lang, _when(published))
            )


def _when(written: str) -> datetime | date | None:
    if written == "-":
        return None
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
