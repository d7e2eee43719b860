"""Which of the stored articles have to be looked at when new ones come in, and what becomes of their stories.

A new article is compared with those published within ``WINDOW`` of it; what it is alike to, and the stories those are in, are
grouped anew. All other stories stay: to them the new articles add nothing that would bring two together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from store.duplicates import Likeness, originals
from store.records import StoredArticle
from store.stories.cluster import WINDOW, Clusterer, Corrections
from store.stories.features import Features, features_of
from store.stories.likeness import Frequencies, likeness
from store.stories.reporting import first_of, report_of, text_of
from store.stories.vocabulary import Vocabulary

PORTION = 100
"""Articles taken in at once: each portion looks at its window anew, and is stored in some tenths of a second."""


@dataclass(slots=True)
class Reader:
    """Reads articles, and remembers what it read as long as the window holds it."""

    vocabulary: Vocabulary
    known: dict[int, Features] = field(default_factory=dict)

    def read(self, article: StoredArticle) -> Features:
        """What an article says, read anew."""
        self.known[article.id] = features_of(report_of(article), self.vocabulary)
        return self.known[article.id]

    def look_at(self, numbers: Iterable[int], load: Callable[[Sequence[int]], list[StoredArticle]]) -> dict[int, Features]:
        """What these articles say; those not known yet are loaded."""
        wanted = sorted(set(numbers))
        for article in load([number for number in wanted if number not in self.known]):
            self.read(article)
        return {number: self.known[number] for number in wanted}

    def forget_all_but(self, numbers: Iterable[int]) -> None:
        """Make room: keep only what the next window may hold."""
        kept = set(numbers)
        self.known = {number: features for number, features in self.known.items() if number in kept}


def portions(waiting: Sequence[tuple[int, datetime]]) -> Iterator[list[tuple[int, datetime]]]:
    """What waits (number and time, ordered by time), at most ``PORTION`` at once and within one window."""
    portion: list[tuple[int, datetime]] = []
    for number, at in waiting:
        if portion and (len(portion) == PORTION or at - portion[0][1] > WINDOW):
            yield portion
            portion = []
        portion.append((number, at))
    if portion:
        yield portion


def frequencies_of(features: Iterable[Features]) -> Frequencies:
    """How common each token is among these reports."""
    frequencies = Frequencies()
    for one in features:
        frequencies.add(one)
    return frequencies


def alike_to(new: Iterable[Features], others: Mapping[int, Features], frequencies: Frequencies) -> set[int]:
    """The articles that at least one of the new ones speaks for being in one story with."""
    arrived = list(new)
    return {
        number
        for number, other in others.items()
        if any(one.id != other.id and likeness(one, other, frequencies).score > 0 for one in arrived)
    }


def grouped(
    features: Mapping[int, Features], frequencies: Frequencies, corrections: Corrections, copies: Mapping[int, int]
) -> list[list[str]]:
    """The stories of these articles, in the order in which they came."""
    reports = {str(number): features[number] for number in sorted(features)}
    copied = {str(copy): str(original) for copy, original in copies.items() if copy in features}
    return Clusterer(corrections=corrections, copies=copied, frequencies=frequencies, reports=reports).groups()


def originals_among(articles: Sequence[StoredArticle], pairs: Mapping[tuple[int, int], Likeness]) -> dict[int, int]:
    """For each copy among articles the article it repeats; ``pairs`` by number."""
    texts = [text_of(article) for article in articles]
    place = {article.id: position for position, article in enumerate(articles)}
    same: dict[tuple[int, int], Likeness | None] = {
        (place[one], place[other]): found for (one, other), found in pairs.items() if one in place and other in place
    }
    groups: dict[int, set[int]] = {}
    for copy, original in originals(texts, same).items():
        groups.setdefault(int(original), {int(original)}).add(int(copy))
    by_number = {article.id: article for article in articles}
    heads = {int(first_of([report_of(by_number[number]) for number in group]).id): group for group in groups.values()}
    return {number: head for head, group in heads.items() for number in group if number != head}
