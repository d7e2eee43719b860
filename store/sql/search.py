"""The search index: what is to go into it, putting it in, and asking it.

``search`` is a contentless FTS5 table. Its row numbers are days in order, :data:`PER_DAY` numbers each, so that the newest
matches come first without sorting and a span of time is a span of numbers; ``search_entry`` says which article a number stands
for. An article whose text changes gets a new number, and its old one stands for nothing from then on (contentless tables of
SQLite before 3.43 cannot forget). Triggers, in plain SQL, note in ``search_pending`` what is to be put in; every transaction of
:class:`store.search.searching.SearchStore` that writes does so at its end.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from store.connection import first, rows
from store.search.words import DECISION, SOURCE, facet, spellings_of
from store.values import moment, stamp, stamp_or_none

PER_DAY = 10_000_000
EARLIEST, LATEST = 0, 10_000 * 366 * PER_DAY  # no date has a number beyond

ARTICLES = """
SELECT pending.article, article.title, article.text, article.published, article.stored, article.decision, article.source,
       (SELECT group_concat(DISTINCT address.source) FROM address WHERE address.article = pending.article) AS seen_at
FROM (SELECT article FROM search_pending ORDER BY article DESC LIMIT ?) AS pending
LEFT JOIN article ON article.id = pending.article
"""


def pending(db: Database) -> int:
    """How many articles wait to be put in."""
    return int(db.execute("SELECT count(*) FROM search_pending").fetchone()[0])


def any_pending(db: Database) -> bool:
    return db.execute("SELECT 1 FROM search_pending LIMIT 1").fetchone() is not None


def index_pending(db: Database, limit: int) -> int:
    """Put in what waits, the newest first, at most so many; returns how many."""
    found = rows(db, ARTICLES, [limit])
    there = sorted(((_time_of(row), row) for row in found if row["text"] is not None), key=lambda pair: pair[0])
    numbers = [(row["article"],) for row in found]
    db.conn.executemany("UPDATE search_entry SET article = NULL WHERE article = ?", numbers)
    words: set[str] = set()
    for at, row in there:
        words.update(_put_in(db, at, row))
    db.conn.executemany("INSERT OR IGNORE INTO search_word (word) VALUES (?)", [(word,) for word in sorted(words)])
    db.conn.executemany("DELETE FROM search_pending WHERE article = ?", numbers)
    return len(found)


def _time_of(row: dict[str, Any]) -> datetime:
    """When an article was published; when it was stored, where that is unknown or would lie after it."""
    stored = moment(row["stored"])
    published = moment(row["published"]) if row["published"] else stored
    return published if published <= stored + timedelta(days=1) else stored


def _put_in(db: Database, at: datetime, row: dict[str, Any]) -> set[str]:
    day = number_of_day(at)
    last = db.execute("SELECT max(id) FROM search_entry WHERE id >= ? AND id < ?", [day, day + PER_DAY]).fetchone()[0]
    number = day if last is None else last + 1
    folded, accented = spellings_of(row["title"] or "", row["text"])
    sources = {row["source"], *(row["seen_at"] or "").split(",")} - {None, ""}
    facets = [facet(DECISION, row["decision"]), *(facet(SOURCE, source) for source in sorted(sources))]
    db.execute("INSERT INTO search_entry (id, article, at) VALUES (?, ?, ?)", [number, row["article"], stamp(at)])
    db.execute(
        "INSERT INTO search (rowid, folded, accented, facets) VALUES (?, ?, ?, ?)", [number, folded, accented, " ".join(facets)]
    )
    return {*folded.split(), *accented.split()}


def number_of_day(at: datetime) -> int:
    """The first row number of a time's day, in UTC."""
    return at.astimezone(UTC).toordinal() * PER_DAY


def forget(db: Database) -> None:
    """Empty the index and note every article for putting in anew."""
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    for table in ("search_entry", "search_word", "search_pending"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    db.execute("INSERT INTO search_pending (article) SELECT id FROM article")


FIND = """
SELECT search_entry.article FROM search CROSS JOIN search_entry ON search_entry.id = search.rowid
WHERE search MATCH :match AND search.rowid >= :first AND search.rowid < :last AND search_entry.article IS NOT NULL
  AND search_entry.at >= :since AND search_entry.at < :until
ORDER BY search.rowid DESC LIMIT :limit
"""


def find(db: Database, match: str, since: datetime | None, until: datetime | None, limit: int) -> list[int]:
    """Numbers of articles that match, the newest day first, at most so many."""
    values = {
        "match": match,
        "first": number_of_day(since) if since else EARLIEST,
        "last": number_of_day(until) + PER_DAY if until else LATEST,
        "since": stamp_or_none(since) or "",
        "until": stamp_or_none(until) or "~",
        "limit": limit,
    }
    return [int(number) for (number,) in db.execute(FIND, values).fetchall()]


def filters(sources: Sequence[str], decisions: Sequence[str]) -> list[str]:
    """FTS5 expressions that keep only what was seen at some of these sources, and has one of these decisions."""
    groups = [[facet(SOURCE, one) for one in sources], [facet(DECISION, one) for one in decisions]]
    return ["(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in groups if group]


def words_from(db: Database, beginning: str, limit: int) -> list[str]:
    """Words of the index that begin so."""
    found = rows(
        db,
        "SELECT word FROM search_word WHERE word >= ? AND word < ? LIMIT ?",
        [beginning, beginning + "\U0010ffff", limit],
    )
    return [row["word"] for row in found]


SHOWN = """
SELECT article.id, article.url, article.title, article.text, article.published, article.decided, article.decision,
       article.score, search_entry.at, coalesce(article.source, '') AS source,
       coalesce(source.name, article.source, '') AS source_name
FROM article JOIN search_entry ON search_entry.article = article.id LEFT JOIN source ON source.id = article.source
WHERE article.id = ?
"""


def shown(db: Database, number: int) -> dict[str, Any]:
    """What a hit shows of its article."""
    row = first(db, SHOWN, [number])
    if row is None:
        raise LookupError(f"there is no article {number} in the index")
    return row
