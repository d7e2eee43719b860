"""Stories, whose text repeats whose, and the articles that wait to be put in.

``story_pending`` is filled by triggers in plain SQL, whoever writes to the articles; :mod:`store.storyintake` works it off.
``text_bands`` is asked by key, ``fingerprint`` has the same keys by article, so that they can be taken out again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from relevance.verdict import Decision
from store import duplicates
from store.connection import first, rows
from store.duplicates import Likeness
from store.storied import Role, StoredStory, Told
from store.stories import tables
from store.stories.lineage import Lineage
from store.stories.story import Participant, Story
from store.values import clean, clean_or_none, moment, stamp, stamp_or_none, to_json

WAITING = """
SELECT pending.article, coalesce(article.published, address.first_seen, article.stored, '') AS at
FROM story_pending AS pending LEFT JOIN article ON article.id = pending.article
LEFT JOIN address ON address.id = article.address
ORDER BY at, pending.article
"""


def waiting(db: Database) -> list[tuple[int, datetime]]:
    """The articles that are to be put into stories, oldest first, with their time. One that is no more comes first."""
    return [(row["article"], moment(row["at"] or "1970-01-01T00:00:00Z")) for row in rows(db, WAITING)]


def count_waiting(db: Database) -> int:
    return int(db.execute("SELECT count(*) FROM story_pending").fetchone()[0])


def wait(db: Database, numbers: Iterable[int]) -> None:
    """Let these articles be put into stories anew."""
    db.conn.executemany("INSERT OR IGNORE INTO story_pending (article) VALUES (?)", [(number,) for number in numbers])


def relevant(db: Database, numbers: Sequence[int]) -> list[int]:
    """Those of the articles that belong into a story at all."""
    found = rows(
        db,
        "SELECT id FROM article WHERE id IN (SELECT value FROM json_each(?)) AND decision IN ('keep', 'marginal') ORDER BY id",
        [to_json(list(numbers))],
    )
    return [row["id"] for row in found]


def window(db: Database, since: datetime, until: datetime) -> list[int]:
    """Articles in stories that were published between two times."""
    found = rows(db, "SELECT article FROM story_article WHERE at >= ? AND at <= ?", [stamp(since), stamp(until)])
    return [row["article"] for row in found]


# Reprints


def set_bands(db: Database, bands: Mapping[int, Sequence[int]], gone: Iterable[int]) -> set[int]:
    """Put in the bands of articles that were read, and take out those of others. What they were alike to is returned and
    forgotten."""
    partners: set[int] = set()
    for number in (*bands, *gone):
        row = first(db, "SELECT bands FROM fingerprint WHERE article = ?", [number])
        if row is not None:
            partners |= {one for pair in _pairs_with(db, [number]) for one in pair}
            duplicates.forget(db, number, json.loads(row["bands"]))
            db.execute("DELETE FROM text_likeness WHERE one = ?", [number])
            db.execute("DELETE FROM text_likeness WHERE other = ?", [number])
            db.execute("DELETE FROM fingerprint WHERE article = ?", [number])
    for number, keys in bands.items():
        duplicates.remember(db, number, keys)
        db.execute("INSERT INTO fingerprint (article, bands) VALUES (?, ?)", [number, to_json(list(keys))])
    return partners - set(gone)


def add_likenesses(db: Database, found: Mapping[tuple[int, int], Likeness]) -> None:
    db.conn.executemany(
        "INSERT OR REPLACE INTO text_likeness (one, other, share, copied) VALUES (?, ?, ?, ?)",
        [(one, other, likeness.share, likeness.copy) for (one, other), likeness in found.items()],
    )


def alike_texts(db: Database, numbers: Iterable[int]) -> tuple[set[int], dict[tuple[int, int], Likeness]]:
    """All articles that copies lead to from these, and every likeness among them."""
    reached, border = set(numbers), set(numbers)
    pairs: dict[tuple[int, int], Likeness] = {}
    while border:
        found = _pairs_with(db, border)
        pairs |= found
        border = {one for pair, likeness in found.items() if likeness.copy for one in pair} - reached
        reached |= border
    return reached, {pair: likeness for pair, likeness in pairs.items() if reached.issuperset(pair)}


def _pairs_with(db: Database, numbers: Iterable[int]) -> dict[tuple[int, int], Likeness]:
    wanted = to_json(sorted(numbers))
    sql = (
        "SELECT one, other, share, copied FROM text_likeness WHERE one IN (SELECT value FROM json_each(?))"
        " UNION SELECT one, other, share, copied FROM text_likeness WHERE other IN (SELECT value FROM json_each(?))"
    )
    found = rows(db, sql, [wanted, wanted])
    return {(row["one"], row["other"]): Likeness(row["share"], (), bool(row["copied"])) for row in found}


def originals(db: Database, numbers: Iterable[int]) -> dict[int, int]:
    """The article whose text each of these repeats, where it does."""
    sql = (
        "SELECT article, original FROM story_article WHERE original IS NOT NULL AND article IN (SELECT value FROM json_each(?))"
    )
    return {row["article"]: row["original"] for row in rows(db, sql, [to_json(sorted(numbers))])}


# Stories


def stories_of(db: Database, numbers: Iterable[int]) -> dict[int, int]:
    """The story of each of the articles that is in one."""
    sql = "SELECT article, story FROM story_article WHERE article IN (SELECT value FROM json_each(?))"
    return {row["article"]: row["story"] for row in rows(db, sql, [to_json(sorted(numbers))])}


def members(db: Database, stories: Iterable[int]) -> set[int]:
    """The articles of some stories."""
    sql = "SELECT article FROM story_article WHERE story IN (SELECT value FROM json_each(?))"
    return {row["article"] for row in rows(db, sql, [to_json(sorted(stories))])}


def take_out(db: Database, numbers: Iterable[int]) -> None:
    db.conn.executemany("DELETE FROM story_article WHERE article = ?", [(number,) for number in numbers])


def worked_off(db: Database, numbers: Iterable[int]) -> None:
    db.conn.executemany("DELETE FROM story_pending WHERE article = ?", [(number,) for number in numbers])


def set_role(db: Database, number: int, role: Role, original: int | None, credit: str | None) -> None:
    """Write down what an article is in its story; its time there is that of its publication, else when it was first seen."""
    db.execute(
        "UPDATE story_article SET role = :role, original = :original, credit = :credit, at = (SELECT"
        " coalesce(article.published, address.first_seen, article.stored)"
        " FROM article LEFT JOIN address ON address.id = article.address WHERE article.id = :id) WHERE article = :id",
        {"role": role, "original": original, "credit": clean_or_none(credit), "id": number},
    )


def set_story(
    db: Database, story: Story, line: Lineage, outlets: Sequence[str], times: tuple[datetime, datetime], now: datetime
) -> None:
    """Write down what a story came to; ``times`` are those of its first and last report."""
    values = {
        "kind": story.kind,
        "place": clean(story.place),
        "event_first": story.event.first.isoformat() if story.event else None,
        "event_last": story.event.last.isoformat() if story.event else None,
        "headlines": to_json(story.headlines),
        "participants": to_json([[one.key, one.name, one.role, one.side] for one in story.participants]),
        "first_report": stamp(times[0]),
        "last_report": stamp(times[1]),
        "independent": len(line.independent),
        "reprints": len(line.taken),
        "outlets": to_json(list(outlets)),
        "changed": stamp(now),
    }
    columns = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE story SET {columns} WHERE id = ?", [*values.values(), story.id])  # noqa: S608 - our own names


def empty_story(db: Database, number: int, now: datetime) -> None:
    """A story that lost its last article: it keeps its number and what it was, and is no longer listed."""
    db.execute("UPDATE story SET independent = 0, reprints = 0, outlets = '[]', changed = ? WHERE id = ?", [stamp(now), number])


# A story is marginal when none of its articles is kept.
SELECT = """
SELECT story.*, EXISTS (
    SELECT 1 FROM story_article JOIN article ON article.id = story_article.article
    WHERE story_article.story = story.id AND article.decision = 'keep'
) AS kept FROM story
"""
LISTED = f"""
{SELECT} WHERE merged_into IS NULL AND independent > 0
  AND last_report >= :since AND first_report < :until AND (:kind IS NULL OR kind = :kind)
ORDER BY last_report DESC, id DESC LIMIT :limit
"""


def listed(db: Database, since: datetime | None, until: datetime | None, kind: str | None, limit: int) -> list[StoredStory]:
    """Stories reported in a span of time, the last reported first."""
    values = {"since": stamp_or_none(since) or "", "until": stamp_or_none(until) or "~", "kind": kind, "limit": limit}
    return [_story(row) for row in rows(db, LISTED, values)]


def story(db: Database, number: int) -> StoredStory | None:
    """The story that a number leads to; None when there never was one, or it has no article any more."""
    current = tables.current(db, number)
    row = first(db, f"{SELECT} WHERE id = ? AND independent > 0", [current])
    return _story(row) if row else None


def _story(row: Mapping[str, Any]) -> StoredStory:
    event = (date.fromisoformat(row["event_first"]), date.fromisoformat(row["event_last"])) if row["event_first"] else None
    return StoredStory(
        id=row["id"],
        headlines=json.loads(row["headlines"]),
        event=event,
        place=row["place"],
        kind=row["kind"],
        participants=tuple(Participant(*one) for one in json.loads(row["participants"])),
        first_report=moment(row["first_report"]),
        last_report=moment(row["last_report"]),
        independent=row["independent"],
        reprints=row["reprints"],
        outlets=tuple(json.loads(row["outlets"])),
        decision="keep" if row["kept"] else "marginal",
    )


TOLD = """
SELECT digest.id, digest.until, max(digest_article.decision = 'keep') AS kept
FROM story_article JOIN digest_article ON digest_article.article = story_article.article
JOIN digest ON digest.id = digest_article.digest
WHERE story_article.story = ? AND digest.profile = ?
GROUP BY digest.id ORDER BY kept DESC, digest.id DESC LIMIT 1
"""


def told(db: Database, number: int, profile: str) -> Told | None:
    """The latest digest of a profile that told most of a story."""
    row = first(db, TOLD, [number, profile])
    if row is None:
        return None
    decision: Decision = "keep" if row["kept"] else "marginal"
    return Told(row["id"], moment(row["until"]), decision)


EARLIER = f"""
{SELECT}
WHERE merged_into IS NULL AND independent > 0 AND kind = :kind AND last_report < :before AND id <> :id
  AND ((:place <> '' AND place = :place) OR EXISTS (
    SELECT 1 FROM json_each(participants) AS theirs JOIN json_each(:keys) AS ours
    ON json_extract(theirs.value, '$[0]') = ours.value
  ))
ORDER BY last_report DESC LIMIT :limit
"""  # noqa: S608 - our own text


def earlier(db: Database, of: StoredStory, before: datetime, limit: int) -> list[StoredStory]:
    """Older stories of the same kind that share a place or somebody who took part, the newest first."""
    values = {
        "id": of.id,
        "kind": of.kind,
        "place": of.place,
        "keys": to_json([one.key for one in of.participants]),
        "before": stamp(before),
        "limit": limit,
    }
    return [_story(row) for row in rows(db, EARLIER, values)]
