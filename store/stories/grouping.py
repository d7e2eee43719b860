"""The whole way from reports to stories and copies, in memory: what ``vietlao cluster`` runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from store.duplicates import Reprints, Text
from store.stories.assign import assign
from store.stories.cluster import Clusterer
from store.stories.features import Report, features_of, published_span
from store.stories.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Grouped:
    """For one report the number of its story and the id of the report whose text it repeats (None for an original)."""

    id: str
    story: int
    duplicate_of: str | None


def group(reports: Sequence[Report], vocabulary: Vocabulary) -> list[Grouped]:
    """Story and original of each report, in the order given, which is that of arrival. Ids must differ."""
    reprints, clusterer = Reprints(Database(memory=True)), Clusterer()
    for report in reports:
        reprints.add(Text(report.id, report.text, report.lang, _day(report)))
    originals = reprints.originals()
    for report in reports:
        clusterer.add(features_of(report, vocabulary), originals.get(report.id))
    stories = assign(clusterer.groups(), {}, 1).story_of
    return [Grouped(report.id, stories[report.id], originals.get(report.id)) for report in reports]


def _day(report: Report) -> date | None:
    span = published_span(report.published)
    return span.first if span and span.first == span.last else None
