"""Finding an address by any of its spellings, and everything recorded of it."""

import json
from typing import Any

from sqlite_utils import Database

from relevance.verdict import Decision
from store.connection import first, rows
from store.records import Life, Step
from store.sql.articles import article, is_news
from store.sql.marks import marks_of
from store.sql.revisions import revisions_of, watch_of
from store.values import clean, moment, moment_or_none


def find_address(db: Database, spellings: list[str]) -> dict[str, Any] | None:
    """The row of the first spelling that is an address or another name of one."""
    for spelling in map(clean, spellings):
        row = first(db, "SELECT * FROM address WHERE url = ?", [spelling]) or first(
            db, "SELECT address.* FROM alias JOIN address ON address.id = alias.address WHERE alias.url = ?", [spelling]
        )
        if row is not None:
            return row
    return None


def life(db: Database, asked: str, spellings: list[str]) -> Life:
    """The life of what was asked for, looked up under its spellings (the canonical one last)."""
    row = find_address(db, spellings)
    if row is None:
        return Life(asked, spellings[-1], False, None, ())
    return Life(
        asked=asked,
        url=row["url"],
        known=True,
        source=row["source"],
        steps=_steps(db, row["id"]),
        article=article(db, row["article"]) if row["article"] is not None else None,
        digests=_digests(db, row["article"]),
        fate=row["fate"],
        due=moment_or_none(row["due"]),
        tries=row["tries"],
        last_seen=moment(row["last_seen"]),
        marks=marks_of(db, row["id"]),
        told_as=_told_as(db, row["article"]),
        watch=watch_of(db, row["id"]),
        revisions=revisions_of(db, "address", row["id"]),
        is_history=row["article"] is not None and not is_news(db, row["article"]),
    )


def _steps(db: Database, address: int) -> tuple[Step, ...]:
    found = rows(db, "SELECT * FROM decision WHERE address = ? ORDER BY id", [address])
    return tuple(_step(row) for row in found)


def _step(row: dict[str, Any]) -> Step:
    data: dict[str, object] = json.loads(row["data"])
    if row["times"] > 1:
        data |= {"times": row["times"], "last": row["last_at"]}
    return Step(moment(row["at"]), row["stage"], row["outcome"], row["reason"], data)


def _digests(db: Database, article: int | None) -> tuple[int, ...]:
    found = rows(db, "SELECT digest FROM digest_article WHERE article = ? ORDER BY digest", [article])
    return tuple(row["digest"] for row in found)


def _told_as(db: Database, article: int | None) -> Decision | None:
    """The most that a digest made of an article; ``keep`` comes before ``marginal`` in the alphabet, too."""
    row = first(db, "SELECT min(decision) AS decision FROM digest_article WHERE article = ?", [article])
    return row["decision"] if row else None
