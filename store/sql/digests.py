"""Digests as frozen, and how far each got on its way to each recipient."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from store.connection import first, rows
from store.records import Delivery, DeliveryState, StoredDigest
from store.sql import revisions
from store.sql.addresses import decided
from store.values import clean, clean_or_none, moment, stamp


def sha256_of(subject: str, html: str, text: str) -> str:
    """Of the three renderings as UTF-8, a NUL byte between them."""
    return hashlib.sha256("\0".join((subject, html, text)).encode("utf-8", "surrogatepass")).hexdigest()


def freeze(
    db: Database,
    profile: str,
    window: tuple[datetime, datetime],
    rendered: tuple[str, str, str],
    sha256: str,
    articles: Sequence[int],
    run: int | None,
    now: datetime,
    told: Sequence[int] = (),
) -> StoredDigest:
    """The digest of a profile and window; what was frozen first stays, whatever is rendered later.
    ``told`` are the revisions in it."""
    since, until = window
    stored = digest_for(db, profile, since, until)
    if stored is not None:
        return stored
    cursor = db.execute(
        "INSERT INTO digest (profile, since, until, created, subject, html, text, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [profile, stamp(since), stamp(until), stamp(now), *rendered, sha256],
    )
    number = int(cursor.lastrowid or 0)
    for position, article in enumerate(dict.fromkeys(articles), 1):
        db.execute(
            "INSERT INTO digest_article (digest, position, article, decision)"
            " VALUES (?, ?, ?, (SELECT decision FROM article WHERE id = ?))",
            [number, position, article, article],
        )
        _tell_addresses(db, article, f"in digest {number} ({profile})", number, run, now)
    revisions.tell(db, number, told)
    frozen = digest(db, number)
    if frozen is None:
        raise LookupError(f"digest {number} vanished while it was stored")
    return frozen


def _tell_addresses(db: Database, article: int, reason: str, number: int, run: int | None, now: datetime) -> None:
    for row in rows(db, "SELECT id FROM address WHERE article = ?", [article]):
        decided(db, row["id"], "digested", "ok", reason, {"digest": number}, run, now)


def digest_for(db: Database, profile: str, since: datetime, until: datetime) -> StoredDigest | None:
    values = [profile, stamp(since), stamp(until)]
    return _digest(db, first(db, "SELECT * FROM digest WHERE profile = ? AND since = ? AND until = ?", values))


def digest(db: Database, number: int) -> StoredDigest | None:
    return _digest(db, first(db, "SELECT * FROM digest WHERE id = ?", [number]))


def last_end(db: Database, profile: str) -> datetime | None:
    row = first(db, "SELECT max(until) AS until FROM digest WHERE profile = ?", [profile])
    return moment(row["until"]) if row and row["until"] else None


def unfinished(db: Database, profile: str | None) -> list[StoredDigest]:
    """Digests with a delivery that was not brought to an end, oldest first."""
    found = rows(
        db,
        "SELECT * FROM digest WHERE (? IS NULL OR profile = ?) AND EXISTS (SELECT 1 FROM delivery"
        " WHERE delivery.digest = digest.id AND delivery.state <> 'sent') ORDER BY id",
        [profile, profile],
    )
    return [one for row in found if (one := _digest(db, row)) is not None]


def _digest(db: Database, row: dict[str, Any] | None) -> StoredDigest | None:
    if row is None:
        return None
    found = rows(db, "SELECT article FROM digest_article WHERE digest = ? ORDER BY position", [row["id"]])
    times = {name: moment(row[name]) for name in ("since", "until", "created")}
    return StoredDigest(**(row | times), articles=tuple(one["article"] for one in found))


def plan(db: Database, digest: int, message_ids: Mapping[str, str], now: datetime) -> None:
    """A pending delivery for each recipient that has none yet; known ones keep their state and message id."""
    for recipient, message_id in message_ids.items():
        db.execute(
            "INSERT INTO delivery (digest, recipient, state, message_id, changed) VALUES (?, ?, 'pending', ?, ?)"
            " ON CONFLICT DO NOTHING",
            [digest, clean(recipient), clean(message_id), stamp(now)],
        )


def deliveries(db: Database, digest: int) -> list[Delivery]:
    found = rows(
        db,
        "SELECT digest, recipient, state, attempts, message_id, reply, changed FROM delivery WHERE digest = ?"
        " ORDER BY recipient",
        [digest],
    )
    return [Delivery(**(row | {"changed": moment(row["changed"])})) for row in found]


def set_delivery(db: Database, digest: int, recipient: str, state: DeliveryState, reply: str | None, now: datetime) -> None:
    """Move a delivery on. Entering ``sending`` is an attempt, and is this process's until it says how it ended."""
    sending = state == "sending"
    cursor = db.execute(
        "UPDATE delivery SET state = ?, reply = coalesce(?, reply), changed = ?, attempts = attempts + ?, pid = ?"
        " WHERE digest = ? AND recipient = ?",
        [state, clean_or_none(reply), stamp(now), int(sending), os.getpid() if sending else None, digest, clean(recipient)],
    )
    if not cursor.rowcount:
        raise LookupError(f"digest {digest} has no delivery to {recipient}")


def sending(db: Database) -> list[tuple[int, str, int]]:
    """Deliveries that say they are being sent: digest, recipient, process."""
    found = rows(db, "SELECT digest, recipient, pid FROM delivery WHERE state = 'sending'")
    return [(row["digest"], row["recipient"], row["pid"] or 0) for row in found]
