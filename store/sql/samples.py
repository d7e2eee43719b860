"""Random samples of what was dropped, and what follows from them.

A sample is drawn from the addresses that were dropped and not marked at that moment, in two strata, and kept with its seed, the
size of each stratum and the random order. What was marked before is known and needs no sampling. However far somebody gets in
the order, what was looked at up to there is a simple random sample, so the estimate may be read at any time; an answer that
came out of turn (by ``mark``) waits until the order has reached it.
"""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from relevance.estimate import RecallEstimate, Stratum
from store.connection import first, rows
from store.marked import Candidate, Sample, StratumName
from store.sql.marks import LAST, candidate
from store.values import clean, moment, stamp

# One address for each dropped article (the one it is stored under), and each dropped address without one.
DROPPED: dict[StratumName, str] = {
    "judged": "SELECT address.id FROM article JOIN address ON address.id = article.address WHERE article.decision = 'drop'",
    "unread": "SELECT address.id FROM address WHERE address.fate = 'dropped' AND address.article IS NULL",
}
IN_WINDOW = " AND address.first_seen >= :since AND address.first_seen < :until"
UNMARKED = (
    " AND address.id NOT IN (SELECT address FROM mark) AND (address.article IS NULL OR address.article NOT IN"
    " (SELECT its.article FROM mark JOIN address AS its ON its.id = mark.address WHERE its.article IS NOT NULL))"
)


def draw(db: Database, since: datetime, until: datetime, count: int, seed: int, by: str, now: datetime) -> Sample:
    """Draw up to ``count`` of each stratum, in random order, and keep what was drawn from how many."""
    cursor = db.execute(
        "INSERT INTO sample (drawn, drawn_by, seed, since, until) VALUES (?, ?, ?, ?, ?)",
        [stamp(now), clean(by), str(seed), stamp(since), stamp(until)],
    )
    number = int(cursor.lastrowid or 0)
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    for stratum, sql in DROPPED.items():
        population = _population(db, sql, since, until)
        drawn = chance.sample(population, min(count, len(population)))
        db.execute("INSERT INTO sample_stratum VALUES (?, ?, ?)", [number, stratum, len(population)])
        db.conn.executemany(
            "INSERT INTO sample_item (sample, stratum, position, address) VALUES (?, ?, ?, ?)",
            [(number, stratum, position, address) for position, address in enumerate(drawn, 1)],
        )
    sample = sample_of(db, number)
    if sample is None:
        raise LookupError(f"sample {number} vanished while it was stored")
    return sample


def _population(db: Database, sql: str, since: datetime, until: datetime) -> list[int]:
    found = rows(db, f"{sql}{IN_WINDOW}{UNMARKED} ORDER BY address.id", {"since": stamp(since), "until": stamp(until)})
    return [row["id"] for row in found]


def sample_of(db: Database, number: int) -> Sample | None:
    row = first(db, "SELECT * FROM sample WHERE id = ?", [number])
    if row is None:
        return None
    sizes = rows(db, "SELECT stratum, size FROM sample_stratum WHERE sample = ? ORDER BY stratum", [number])
    items = rows(
        db, "SELECT stratum, count(*) AS size FROM sample_item WHERE sample = ? GROUP BY stratum ORDER BY stratum", [number]
    )
    times = {name: moment(row[name]) for name in ("drawn", "since", "until")}
    return Sample(**(row | times), sizes=_pairs(sizes), items=_pairs(items))


def _pairs(found: Iterable[dict[str, Any]]) -> tuple[tuple[StratumName, int], ...]:
    return tuple((row["stratum"], row["size"]) for row in found)


def last_sample(db: Database) -> Sample | None:
    row = first(db, "SELECT max(id) AS id FROM sample")
    return sample_of(db, row["id"]) if row and row["id"] else None


# Each drawn item with the mark that counts for it now.
ITEMS = f"""
SELECT item.*, address.fate, last.label FROM sample_item AS item JOIN address ON address.id = item.address
LEFT JOIN ({LAST}) AS last ON last.subject = coalesce('article ' || address.article, 'address ' || address.id)
WHERE item.sample = ? ORDER BY item.position, item.stratum
"""  # noqa: S608 - our own text


def unanswered(db: Database, number: int, limit: int) -> list[Candidate]:
    """What is still to be asked of a sample, strata in turn; what was skipped comes last."""
    found = [row for row in rows(db, ITEMS, [number]) if row["label"] is None]
    found.sort(key=lambda row: (row["skipped"] is not None, row["position"], row["stratum"]))
    return [replace(candidate(db, row["address"]), sample=number, stratum=row["stratum"]) for row in found[:limit]]


def skip(db: Database, number: int, url: str, now: datetime) -> None:
    """Note that a drawn item was looked at and passed over."""
    db.execute(
        "UPDATE sample_item SET skipped = ? WHERE sample = ? AND address = (SELECT id FROM address WHERE url = ?)",
        [stamp(now), number, clean(url)],
    )


SHOWN = f"""
SELECT count(*) AS count FROM article JOIN address ON address.id = article.address LEFT JOIN ({LAST}) AS last
    ON last.article = article.id
WHERE address.first_seen >= :since AND address.first_seen < :until
  AND (article.decision = 'keep' AND coalesce(last.label, 'relevant') = 'relevant'
       OR article.decision = 'marginal' AND last.label = 'relevant')
"""  # noqa: S608 - our own text

# Dropped, and yet somebody says relevant; ``apart`` when a first mark was there before the sample was drawn.
KNOWN = f"""
SELECT count(*) AS known, coalesce(sum(EXISTS (
    SELECT 1 FROM mark AS early JOIN address AS its ON its.id = early.address
    WHERE early.marked < :drawn AND (its.id = last.address OR its.article = last.article)
)), 0) AS apart
FROM ({LAST}) AS last
WHERE last.label = 'relevant' AND last.fate_now = 'dropped' AND last.first_seen >= :since AND last.first_seen < :until
"""  # noqa: S608 - our own text


def recall(db: Database, before: datetime) -> RecallEstimate | None:
    """The estimate by the latest sample drawn before a moment of which something was looked at; None without any."""
    for row in rows(db, "SELECT id FROM sample WHERE drawn < ? ORDER BY id DESC", [stamp(before)]):
        sample = sample_of(db, row["id"])
        estimate = estimate_by(db, sample) if sample else None
        if estimate is not None and estimate.looked:
            return estimate
    return None


def estimate_by(db: Database, sample: Sample) -> RecallEstimate:
    """What a sample says, by the marks and fates of now."""
    values = {"since": stamp(sample.since), "until": stamp(sample.until), "drawn": stamp(sample.drawn)}
    items = rows(db, ITEMS, [sample.id])
    known = first(db, KNOWN, values) or {"known": 0, "apart": 0}
    return RecallEstimate(
        since=sample.since,
        until=sample.until,
        drawn=sample.drawn,
        shown=int((first(db, SHOWN, values) or {"count": 0})["count"]),
        known=int(known["known"]),
        apart=int(known["apart"]),
        strata=tuple(_stratum(name, size, [item for item in items if item["stratum"] == name]) for name, size in sample.sizes),
    )


def _stratum(name: str, size: int, items: list[dict[str, Any]]) -> Stratum:
    """Counts over the items up to the first that nobody looked at yet. One that is relevant and is shown by now is no miss."""
    looked = []
    for item in items:
        if item["label"] is None and item["skipped"] is None:
            break
        looked.append(item)
    missed = [item for item in looked if item["label"] == "relevant" and item["fate"] == "dropped"]
    return Stratum(name, size, len(looked), len(missed), sum(item["label"] is None for item in looked))
