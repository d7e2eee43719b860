"""The life of addresses: sightings, decisions, fates, and what is to be fetched."""

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from spiders.memory import Outcome, Stage
from spiders.page import Found
from store.connection import first, rows
from store.fates import Fate, course
from store.sql.runs import know_source
from store.values import clean, clean_or_none, moment_or_none, stamp, stamp_or_none, to_json

PLACES = {
    "feed": "in the feed",
    "sitemap": "in the sitemap",
    "listing": "on the listing page",
    "given": "given by",
    "import": "from",
}


def discovered(db: Database, found: Found, run: int, now: datetime) -> bool:
    """Record a sighting; True when the address is to be fetched now, and then it is this run's to fetch. An
    address whose ``key`` is known is another name of the address that has it; where that one is gone, a new name is tried."""
    if found.source:
        know_source(db, found.source)
    known = _known(db, found)
    if known is None:
        address = _insert(db, found, now)
    else:
        address = int(known["id"])
        revived = known["fate"] == "gone" and _is_new_name(db, found.url)
        _seen_again(db, address, found, now)
        note_alias(db, found.url, address)
    _note_place(db, address, found, run, now)
    note_alias(db, found.seen_as, address)
    if known is not None and not (revived or _to_fetch(known, run, now)):
        return False
    db.execute("UPDATE address SET claimed = ? WHERE id = ?", [run, address])
    return True


def _known(db: Database, found: Found) -> dict[str, Any] | None:
    by_url = first(db, "SELECT * FROM address WHERE url = ?", [clean(found.url)])
    return by_url or first(db, "SELECT * FROM address WHERE key = ?", [found.key])


def _insert(db: Database, found: Found, now: datetime) -> int:
    cursor = db.execute(
        "INSERT INTO address (url, key, source, seen_as, via, kind, title, summary, published, first_seen, last_seen, changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            clean(found.url),
            found.key,
            found.source or None,
            clean(found.seen_as),
            *_claims(found),
            stamp(now),
            stamp(now),
            stamp(now),
        ],
    )
    return int(cursor.lastrowid or 0)


def _claims(found: Found) -> list[str | None]:
    """What the place said: where, title, summary, time."""
    claims = [clean_or_none(found.title), clean_or_none(found.summary), stamp_or_none(found.published)]
    return [clean(found.via), found.by, *claims]


def _seen_again(db: Database, address: int, found: Found, now: datetime) -> None:
    """Fill in what earlier sightings lacked; the first of each claim stands."""
    db.execute(
        "UPDATE address SET last_seen = ?, source = coalesce(source, ?), via = coalesce(via, ?), kind = coalesce(kind, ?),"
        " title = coalesce(title, ?), summary = coalesce(summary, ?), published = coalesce(published, ?) WHERE id = ?",
        [stamp(now), found.source or None, *_claims(found), address],
    )
    db.execute(
        "UPDATE address SET key = ? WHERE id = ? AND key IS NULL AND NOT EXISTS (SELECT 1 FROM address WHERE key = ?)",
        [found.key, address, found.key],
    )


def _note_place(db: Database, address: int, found: Found, run: int, now: datetime) -> None:
    """One decision row for each place that lists the address, however often it is read there."""
    reason = f"{PLACES[found.by]} {found.via}"
    data = to_json({"seen_as": found.seen_as, "source": found.source, "title": found.title})
    db.execute(
        "INSERT INTO decision (address, run, at, last_at, stage, outcome, reason, data, place, fate)"
        " SELECT id, ?, ?, ?, 'discovered', 'ok', ?, ?, ?, fate FROM address WHERE id = ?"
        " ON CONFLICT (address, place) WHERE place IS NOT NULL DO NOTHING",
        [run, stamp(now), stamp(now), clean(reason), data, clean(found.via), address],
    )


def note_alias(db: Database, url: str, address: int) -> None:
    """Remember another spelling of an address; the first address that used it keeps it, and an address is no alias."""
    db.execute(
        "INSERT INTO alias (url, address) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM address WHERE url = ?)"
        " ON CONFLICT DO NOTHING",
        [clean(url), address, clean(url)],
    )


def _is_new_name(db: Database, url: str) -> bool:
    """Whether an address was never met under this spelling: a site that renames an article leaves the old name dead."""
    return not db.execute(
        "SELECT 1 FROM alias WHERE url = ? UNION ALL SELECT 1 FROM address WHERE url = ?", [clean(url)] * 2
    ).fetchone()


def _to_fetch(known: dict[str, Any], run: int, now: datetime) -> bool:
    if known["claimed"] == run:
        return False
    if known["fate"] == "waiting":
        return True
    return known["due"] is not None and known["due"] <= stamp(now)


def pending(db: Database, source: str, run: int, now: datetime) -> list[Found]:
    """What earlier runs left or what is due for another try, oldest first; it is this run's to fetch from now on."""
    found = rows(
        db,
        "SELECT * FROM address WHERE source = ? AND (claimed IS NULL OR claimed <> ?) AND via IS NOT NULL"
        " AND (fate = 'waiting' OR fate = 'retry' AND due <= ?) ORDER BY first_seen, id",
        [source, run, stamp(now)],
    )
    db.conn.executemany("UPDATE address SET claimed = ? WHERE id = ?", [(run, row["id"]) for row in found])
    return [found_in(row) for row in found]


def found_in(row: dict[str, Any]) -> Found:
    """The sighting that a row of ``address`` holds."""
    return Found(
        url=row["url"],
        seen_as=row["seen_as"],
        source=row["source"] or "",
        via=row["via"] or "",
        by=row["kind"] or "given",
        title=row["title"],
        summary=row["summary"],
        published=moment_or_none(row["published"]),
        key=row["key"],
    )


def address_of(db: Database, url: str, source: str | None, now: datetime) -> int:
    """The id of an address, with a row made for it when it has none (one that was rejected before it was looked at)."""
    url = clean(url)
    row = first(db, "SELECT id FROM address WHERE url = ?", [url])
    row = row or first(db, "SELECT address AS id FROM alias WHERE url = ?", [url])
    if row is not None:
        return int(row["id"])
    if source is not None:
        know_source(db, source)
    cursor = db.execute(
        "INSERT INTO address (url, source, seen_as, first_seen, last_seen, changed) VALUES (?, ?, ?, ?, ?, ?)",
        [url, source, url, stamp(now), stamp(now), stamp(now)],
    )
    return int(cursor.lastrowid or 0)


def decided(
    db: Database,
    address: int,
    stage: Stage,
    outcome: Outcome,
    reason: str,
    data: dict[str, object],
    run: int | None,
    now: datetime,
    *,
    fate: Fate | None = None,
    broken: bool = False,
) -> None:
    """Record a decision and what it makes of the address. ``fate`` is given where a verdict says it. ``data`` may hold
    ``retry_after``, the seconds that a site asked us to wait. The same decision again only counts up the last row."""
    row = first(db, "SELECT fate, tries FROM address WHERE id = ?", [address])
    if row is None:
        raise LookupError(f"there is no address {address}")
    seconds = data.get("retry_after")
    wait = timedelta(seconds=seconds) if isinstance(seconds, (int, float)) and 0 < seconds < 10**9 else None
    next_course = course(row["fate"], stage, outcome, row["tries"], wait)
    new_fate = fate or next_course.fate
    due = None if next_course.after is None or fate else stamp(now + next_course.after)
    if outcome != "ok" or stage == "fetched" or fate:
        db.execute(
            "UPDATE address SET fate = ?, tries = ?, due = ?, changed = ? WHERE id = ?",
            [new_fate, next_course.tries, due, stamp(now), address],
        )
    _append(db, address, stage, outcome, clean(reason), to_json(data), new_fate, run, now, broken)


def note(
    db: Database,
    address: int,
    stage: Stage,
    outcome: Outcome,
    reason: str,
    data: dict[str, object],
    run: int | None,
    now: datetime,
    *,
    broken: bool = False,
) -> None:
    """Record a decision that changes nothing about what becomes of the address."""
    row = first(db, "SELECT fate FROM address WHERE id = ?", [address])
    if row is None:
        raise LookupError(f"there is no address {address}")
    _append(db, address, stage, outcome, clean(reason), to_json(data), row["fate"], run, now, broken)


def _append(
    db: Database,
    address: int,
    stage: Stage,
    outcome: Outcome,
    reason: str,
    data: str,
    fate: Fate,
    run: int | None,
    now: datetime,
    broken: bool,
) -> None:
    last = first(db, "SELECT * FROM decision WHERE address = ? ORDER BY id DESC LIMIT 1", [address])
    same = (stage, outcome, reason, data, fate, broken)
    if last and same == (*(last[name] for name in ("stage", "outcome", "reason", "data", "fate")), bool(last["broken"])):
        db.execute("UPDATE decision SET last_at = ?, times = times + 1, run = ? WHERE id = ?", [stamp(now), run, last["id"]])
        return
    db.execute(
        "INSERT INTO decision (address, run, at, last_at, stage, outcome, reason, data, fate, broken)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [address, run, stamp(now), stamp(now), stage, outcome, reason, data, fate, broken],
    )
