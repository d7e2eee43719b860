"""Putting articles into stories, one portion at a time: read, compare, group, write.

What it costs depends on the articles that wait and on those published within three weeks of them: near duplicates are found by
key, other reports of an event by looking at that window, and only the stories touched are grouped anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.duplicates import Likeness, band_keys, candidates, compare
from store.records import StoredArticle
from store.sql import articles
from store.sql import stories as sql
from store.storied import Folded
from store.stories import tables
from store.stories.assign import Assignment, assign
from store.stories.cluster import WINDOW
from store.stories.features import Features
from store.stories.intake import Reader, alike_to, frequencies_of, grouped, originals_among, portions
from store.stories.lineage import credited
from store.stories.reporting import report_of, role_of, spread, text_of
from store.stories.story import story_of
from store.stories.vocabulary import Vocabulary

Transaction = Callable[[], AbstractContextManager[Database]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written down: the stories of the articles in view and whose text they repeat; ``before`` has the stories
    they were in, ``left`` those that an article went out of."""

    assignment: Assignment
    before: Mapping[str, int]
    left: frozenset[int]
    originals: Mapping[int, int]
    articles: Mapping[int, StoredArticle]

    @property
    def stories(self) -> dict[int, list[int]]:
        """The articles of each story touched."""
        found: dict[int, list[int]] = {story: [] for story in self.left}
        for article, story in self.assignment.story_of.items():
            found.setdefault(story, []).append(int(article))
        return found


class Intake:
    """Puts what waits into stories. ``reading`` and ``writing`` give transactions."""

    def __init__(self, reading: Transaction, writing: Transaction, vocabulary: Vocabulary, clock: Callable[[], datetime]):
        self._reading, self._writing, self._clock = reading, writing, clock
        self._vocabulary = vocabulary
        self._reader = Reader(vocabulary)
        self.folded = Folded()

    def work_off(self, told: Callable[[int], None]) -> Folded:
        """All that waits, the oldest first; ``told`` hears how many more are done, from time to time."""
        with self._reading() as db:
            waiting = sql.waiting(db)
        for portion in portions(waiting):
            self._put_in(portion)
            told(len(portion))
        return self.folded

    def _put_in(self, portion: Sequence[tuple[int, datetime]]) -> None:
        numbers = [number for number, _ in portion]
        with self._reading() as db:
            arrived = articles.articles_by_id(db, sql.relevant(db, numbers))
        bands = self._read(arrived)
        gone = sorted(set(numbers) - set(bands))
        with self._writing() as db:
            touched = sql.set_bands(db, bands, gone)
        with self._reading() as db:
            likenesses = _likenesses(db, [one for one in arrived if one.id in bands], bands)
        with self._writing() as db:
            sql.add_likenesses(db, likenesses)
        with self._reading() as db:
            plan = self._plan(db, set(bands), gone, touched, (portion[0][1], portion[-1][1]))
        with self._writing() as db:
            self._write(db, plan, gone)
            sql.worked_off(db, numbers)
        self.folded.articles += len(bands)

    def _read(self, arrived: Iterable[StoredArticle]) -> dict[int, tuple[int, ...]]:
        """The bands of each article, and what it says into the reader. One that breaks our own code is told, and stays by
        itself."""
        bands: dict[int, tuple[int, ...]] = {}
        for article in arrived:
            try:
                self._reader.read(article)
                bands[article.id] = band_keys(article.text)
            except Exception as error:  # noqa: BLE001 - one text must not keep all others out; it is told as a bug
                self.folded.faults.append((article.url, f"{type(error).__name__}: {error}"))
        return bands

    def _plan(
        self, db: Database, new: set[int], gone: Sequence[int], touched: set[int], times: tuple[datetime, datetime]
    ) -> _Plan:
        corrections = tables.corrections(db)
        view = set(sql.window(db, times[0] - WINDOW, times[1] + WINDOW)) - set(gone) | new
        self._reader.forget_all_but(view)
        features = self._look_at(db, view)
        frequencies = frequencies_of(features.values())
        arrived = [features[number] for number in sorted(new)]
        related, pairs = sql.alike_texts(db, new | touched)
        near = alike_to(arrived, features, frequencies) | related | set(sql.stories_of(db, touched))
        left = sql.stories_of(db, gone)
        region = _with_corrected(db, near | new, left.values(), corrections.together) - set(gone)
        region |= new
        before = {str(article): story for article, story in sql.stories_of(db, region).items()}
        there = {one.id: one for one in articles.articles_by_id(db, sorted(region))}
        originals = _originals(db, there, related, pairs)
        groups = grouped(self._look_at(db, region), frequencies, corrections, originals)
        assignment = assign(groups, before, tables.next_id(db))
        return _Plan(assignment, before, frozenset(left.values()) | frozenset(before.values()), originals, there)

    def _look_at(self, db: Database, numbers: Iterable[int]) -> dict[int, Features]:
        return self._reader.look_at(numbers, lambda missing: articles.articles_by_id(db, missing))

    def _write(self, db: Database, plan: _Plan, gone: Sequence[int]) -> None:
        sql.take_out(db, gone)
        tables.keep(db, plan.assignment, plan.before)
        known = set(plan.before.values())
        self.folded.founded += len(set(plan.assignment.story_of.values()) - known)
        self.folded.merged += len(plan.assignment.redirects)
        for story, numbers in plan.stories.items():
            if numbers:
                self._write_story(db, story, [plan.articles[number] for number in numbers], plan.originals)
            else:
                sql.empty_story(db, story, self._clock())

    def _write_story(self, db: Database, number: int, there: Sequence[StoredArticle], originals: Mapping[int, int]) -> None:
        found = spread(there, originals)
        reports = [report_of(article) for article in there]
        features = {str(one.id): self._reader.known[one.id] for one in there}
        copies = {str(one.id): str(originals[one.id]) for one in there if one.id in originals}
        line = found.lineage()
        told = story_of(number, reports, features, copies, self._vocabulary)
        times = sorted(sighting.published or sighting.seen for sighting in found.sightings.values())
        sql.set_story(db, told, line, found.outlets(), (times[0], times[-1]), self._clock())
        for article, report in zip(there, reports, strict=True):
            first = found.articles[line.first].id == article.id
            role = role_of(report, first, article.id in originals)
            sql.set_role(db, article.id, role, originals.get(article.id), credited(report))


def _likenesses(
    db: Database, arrived: Sequence[StoredArticle], bands: Mapping[int, Sequence[int]]
) -> dict[tuple[int, int], Likeness]:
    """Each new article compared with those that share a band with it."""
    known = {article.id: article for article in arrived}
    found: dict[tuple[int, int], Likeness] = {}
    for article in arrived:
        others = [number for number in candidates(db, bands[article.id]) if number != article.id]
        known |= {one.id: one for one in articles.articles_by_id(db, [number for number in others if number not in known])}
        for number in others:
            pair = min(article.id, number), max(article.id, number)
            if pair not in found and (likeness := compare(text_of(known[pair[0]]), text_of(known[pair[1]]))):
                found[pair] = likeness
    return found


def _originals(
    db: Database,
    there: Mapping[int, StoredArticle],
    related: set[int],
    pairs: Mapping[tuple[int, int], Likeness],
) -> dict[int, int]:
    """Whose text each article in view repeats: worked out anew where a new article is alike, as stored elsewhere."""
    stored = {copy: original for copy, original in sql.originals(db, there).items() if copy not in related}
    return stored | originals_among([there[number] for number in sorted(related & there.keys())], pairs)


def _with_corrected(db: Database, numbers: set[int], stories: Iterable[int], together: Iterable[frozenset[str]]) -> set[int]:
    """All articles of the stories that these articles are in, and of those that the analyst tied to them."""
    pairs = [{int(one) for one in pair} for pair in together]
    region = set(numbers)
    while True:
        wanted = set(sql.stories_of(db, region).values()) | set(stories)
        whole = region | sql.members(db, wanted)
        tied = {one for pair in pairs if pair & whole for one in pair}
        whole |= set(sql.stories_of(db, tied))
        if whole == region:
            return region
        region = whole
