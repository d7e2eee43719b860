"""Stories in the store: putting new articles in, telling them, and the analyst's corrections."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.sql import articles
from store.sql import stories as sql
from store.storefile import StoreFile
from store.storied import Folded, StoredStory
from store.stories import tables
from store.stories.intake import Reader, frequencies_of
from store.stories.reporting import spread, told_reports
from store.stories.story import EARLIER_DAYS, earlier_like
from store.stories.vocabulary import Vocabulary
from store.storyintake import Intake

LISTED = 50
EARLIER_LOOKED_AT = 40
"""Older stories that are compared with one to find last year's same meeting: some years of a kind at a place."""
REPORTS_LOOKED_AT = 3
"""Reports of each that are read for it."""


def _unheard(done: int) -> None:
    """Tells nobody."""


class StoryStore(StoreFile):
    """The part of :class:`store.database.Store` that knows of stories. Writers hold :func:`store.lock.writer_lock`."""

    def fold_stories(self, vocabulary: Vocabulary, told: Callable[[int], None] = _unheard) -> Folded:
        """Put what waits into stories: it joins, founds or merges them. Interrupted, it goes on the next time; done twice, it
        changes nothing."""
        return Intake(self._reading, self._writing, vocabulary, self.clock).work_off(told)

    def unfolded(self) -> int:
        """Articles that are new or were changed and are not in their story yet."""
        with self._reading() as db:
            return sql.count_waiting(db)

    def stories(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        kind: str | None = None,
        limit: int = LISTED,
    ) -> list[StoredStory]:
        """Stories reported in a span of time, the last reported first, without their reports."""
        with self._reading() as db:
            return sql.listed(db, since, until, kind, limit)

    def story(self, number: int) -> StoredStory | None:
        """The story that a number leads to now, through merges, with its reports and what copies changed; None when there never
        was one, or all its articles went."""
        with self._reading() as db:
            found = sql.story(db, number)
            return _with_reports(db, found, details=True) if found else None

    def story_number(self, number: int) -> int | None:
        """The story that a number leads to now, through merges; None when there never was one."""
        with self._reading() as db:
            return tables.current(db, number)

    def story_of_article(self, article: int) -> int | None:
        """The story that an article is in."""
        with self._reading() as db:
            return sql.stories_of(db, [article]).get(article)

    def stories_of(self, numbers: Iterable[int], profile: str | None = None) -> dict[int, StoredStory]:
        """The story of each of the articles that is in one, with its reports; with a profile, whether one of its digests told
        it."""
        with self._reading() as db:
            of = sql.stories_of(db, numbers)
            known = {number: _for_digest(db, number, profile) for number in sorted(set(of.values()))}
        return {article: found for article, number in of.items() if (found := known[number])}

    def earlier_stories(self, number: int, vocabulary: Vocabulary) -> list[StoredStory]:
        """Earlier stories like this one (last year's same meeting), the most alike first."""
        with self._reading() as db:
            found = sql.story(db, number)
            if found is None:
                return []
            older = sql.earlier(db, found, found.first_report - timedelta(EARLIER_DAYS), EARLIER_LOOKED_AT)
            texts = {one.id: articles.articles_by_id(db, _some(db, one.id)) for one in (found, *older)}
        reader = Reader(vocabulary)
        features = {story: [reader.read(article) for article in there] for story, there in texts.items()}
        frequencies = frequencies_of(one for there in features.values() for one in there)
        mine = features.pop(found.id)
        by_number = {one.id: one for one in older}
        return [by_number[one] for one in earlier_like(mine, features, frequencies)]

    def merge_stories(self, one: int, other: int, vocabulary: Vocabulary) -> int:
        """The analyst says that two stories are one; returns its number, the lower one. Raises LookupError for an unknown
        number, and where both are one already."""
        with self._writing() as db:
            now = tables.current(db, one)
            if now is not None and now == tables.current(db, other):
                both = f"both numbers are story {now}" if one == other else f"{one} and {other} are both story {now} by now"
                raise LookupError(f"{both}: there is nothing to merge")
            stays = tables.merge(db, one, other)
            sql.wait(db, tables.members(db, stays))
        self.fold_stories(vocabulary)
        return stays

    def split_story(self, number: int, numbers: Iterable[int], vocabulary: Vocabulary) -> int:
        """The analyst says that some articles of a story are another one; returns that one's number. Raises LookupError when
        they are not some, but not all, of its articles."""
        with self._writing() as db:
            wait = tables.members(db, tables.current(db, number) or number)
            new = tables.split(db, number, numbers)
            sql.wait(db, wait)
        self.fold_stories(vocabulary)
        with self._reading() as db:
            return tables.current(db, new) or new


def _some(db: Database, story: int) -> list[int]:
    return tables.members(db, story)[:REPORTS_LOOKED_AT]


def _for_digest(db: Database, number: int, profile: str | None) -> StoredStory | None:
    found = sql.story(db, number)
    if found is None:
        return None
    return replace(_with_reports(db, found, details=False), told=sql.told(db, number, profile) if profile else None)


def _with_reports(db: Database, story: StoredStory, *, details: bool) -> StoredStory:
    numbers = tables.members(db, story.id)
    originals = sql.originals(db, numbers)
    found = spread(articles.articles_by_id(db, numbers), originals)
    return replace(story, reports=told_reports(found, originals, details=details))
