"""Searching the store, and keeping its index: the same functions for the command line and for Datasette."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from store.search.found import LIMIT, Filter, Found, Hit
from store.search.match import asks_for_accents, expression
from store.search.query import Words, looked_for, parse
from store.search.snippet import marked, snippet
from store.sql import search as index
from store.storefile import StoreFile
from store.values import moment, moment_or_none

# Articles put into the index in one transaction: 0.2 s beside other work, 1 s where many wait (1.0 ms each on one core, of 3 to
# 4 kB, by benchmarks/search.py). Others who write wait no longer than that; bigger portions save FTS5 merging.
PORTION = 200
BULK = 1_000

# Articles from before there was an index that are put in when the store is opened; `vietlao search` does the rest, and tells.
AT_OPENING = 2_000
EVERYTHING = Filter()


class SearchStore(StoreFile):
    """The part of :class:`store.database.Store` that searches. What is written is in the index when it is committed."""

    def opened(self) -> None:
        """Put in what is left from before there was an index, a few seconds' worth of it."""
        super().opened()
        for _ in range(AT_OPENING // PORTION):
            if not self.unindexed() or not self._index_portion(PORTION):
                break

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with super()._writing() as db:
            yield db
            if index.any_pending(db):
                index.index_pending(db, PORTION)

    def search(self, query: str, asked: Filter = EVERYTHING, limit: int = LIMIT) -> Found:
        """What a query in the language of :mod:`store.search.query` finds. Raises WrongQuery, which says what is wrong."""
        with self._reading() as db:
            return search(db, query, asked, limit)

    def unindexed(self) -> int:
        """Articles from before there was an index that are not in it yet."""
        with self._reading() as db:
            return index.pending(db)

    def index_all(self, told: Callable[[int], None]) -> None:
        """Put all that waits into the index; ``told`` hears how many more are in, from time to time."""
        while done := self._index_portion(BULK):
            told(done)

    def _index_portion(self, size: int) -> int:
        with super()._writing() as db:
            return index.index_pending(db, size)

    def forget_index(self) -> None:
        """Empty the index; :meth:`index_all` makes it anew, and every change of the store a part of it."""
        with super()._writing() as db:
            index.forget(db)


def search(db: Database, query: str, asked: Filter = EVERYTHING, limit: int = LIMIT) -> Found:
    """Search an open database within one state of it.

    First what has the accents that were typed, newest first, then what has others. Both are read from the newest backwards and
    only as far as needed, which bounds what a frequent word costs; a rank by frequencies (bm25) would read every match.
    """
    node = parse(query)

    def vocabulary(beginning: str, most: int) -> list[str]:
        return index.words_from(db, beginning, most)

    wanted = looked_for(node)
    loose = expression(node, vocabulary, as_typed=False)
    exact = expression(node, vocabulary, as_typed=True) if asks_for_accents(wanted) else loose
    first = _find(db, exact, asked, limit + 1)
    rest = [] if exact == loose or len(first) > limit else _find(db, f"({loose} NOT {exact})", asked, limit + 1 - len(first))
    hits = [*_hits(db, first[:limit], wanted, exact=True), *_hits(db, rest[: max(limit - len(first), 0)], wanted, exact=False)]
    return Found(tuple(hits), len(first) + len(rest) > limit, index.pending(db))


def _find(db: Database, match: str, asked: Filter, limit: int) -> list[int]:
    match = " AND ".join([match, *index.filters(asked.sources, asked.decisions)])
    return index.find(db, match, asked.since, asked.until, limit)


def _hits(db: Database, numbers: list[int], wanted: tuple[Words, ...], *, exact: bool) -> list[Hit]:
    """The articles as hits, newest first."""
    found = sorted((index.shown(db, number) for number in numbers), key=lambda row: (row["at"], row["id"]), reverse=True)
    return [_hit(row, wanted, exact) for row in found]


def _hit(row: dict[str, Any], wanted: tuple[Words, ...], exact: bool) -> Hit:
    return Hit(
        article=row["id"],
        url=row["url"],
        source=row["source"],
        source_name=row["source_name"],
        title=marked(row["title"] or "", wanted),
        snippet=snippet(row["text"], wanted),
        published=moment_or_none(row["published"]),
        decided=moment(row["decided"]),
        decision=row["decision"],
        score=row["score"],
        exact=exact,
    )
