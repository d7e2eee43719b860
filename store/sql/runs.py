"""Runs, how each source fared in them, and the places of discovery they asked."""

import os
from datetime import datetime

from sqlite_utils import Database

from spiders.memory import Asked, SourceOutcome, Validators
from store.connection import first, rows
from store.records import Run, RunState
from store.values import clean_or_none, moment, moment_or_none, stamp, stamp_or_none
from store.wording import counted

BROKEN_SHOWN = 3


def know_source(db: Database, source: str, name: str | None = None) -> None:
    """Make sure a source has a row; its name is its id until somebody says it."""
    if name is None:
        db.execute("INSERT OR IGNORE INTO source (id, name) VALUES (?, ?)", [source, source])
    else:
        db.execute(
            "INSERT INTO source (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name"
            " WHERE name <> excluded.name",
            [source, name],
        )


def begin_run(db: Database, kind: str, now: datetime) -> int:
    """A new running run. Runs of other processes that still say ``running`` are dead, as the caller holds the lock."""
    pid = os.getpid()
    db.execute(
        "UPDATE run SET state = 'interrupted', ended = ?, detail = 'the process ended without saying so'"
        " WHERE state = 'running' AND pid <> ?",
        [stamp(now), pid],
    )
    cursor = db.execute("INSERT INTO run (kind, state, started, pid) VALUES (?, 'running', ?, ?)", [kind, stamp(now), pid])
    return int(cursor.lastrowid or 0)


def end_run(db: Database, run: int, state: RunState, detail: str, now: datetime) -> RunState:
    """Close a run and return the state recorded: a run in which pages broke our own code has not simply finished."""
    broken = broken_pages(db, run)
    if broken:
        state = "failed" if state == "finished" else state
        shown = "; ".join(f"{url}: {reason}" for url, reason in broken[:BROKEN_SHOWN])
        told = f"{counted(len(broken), 'page')} could not be processed: {shown}"
        detail = f"{detail}; {told}" if detail else told
    db.execute("UPDATE run SET state = ?, detail = ?, ended = ? WHERE id = ?", [state, detail, stamp(now), run])
    return state


def interrupt_runs(db: Database, detail: str, now: datetime) -> None:
    db.execute(
        "UPDATE run SET state = 'interrupted', ended = ?, detail = ? WHERE state = 'running' AND pid = ?",
        [stamp(now), detail, os.getpid()],
    )


def broken_pages(db: Database, run: int) -> list[tuple[str, str]]:
    """Addresses whose page raised an exception of ours in a run, with it."""
    found = rows(
        db,
        "SELECT url, reason FROM decision JOIN address ON address.id = decision.address"
        " WHERE decision.run = ? AND broken ORDER BY decision.id",
        [run],
    )
    return [(row["url"], row["reason"]) for row in found]


def run_of(db: Database, run: int) -> Run | None:
    row = first(db, "SELECT * FROM run WHERE id = ?", [run])
    return None if row is None else _run(row)


def _run(row: dict[str, object]) -> Run:
    times = {"started": moment(str(row["started"])), "ended": moment_or_none(row["ended"])}  # type: ignore[arg-type]
    return Run(**{name: times.get(name, row[name]) for name in ("id", "kind", "state", "started", "ended", "detail")})  # type: ignore[arg-type]


def source_finished(db: Database, outcome: SourceOutcome, run: int, now: datetime) -> None:
    know_source(db, outcome.source)
    db.execute(
        "INSERT OR REPLACE INTO source_run (run, source, state, reason, seen, fetched, failed, unread, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run,
            outcome.source,
            outcome.state,
            clean_or_none(outcome.reason),
            outcome.seen,
            outcome.fetched,
            outcome.failed,
            outcome.unread,
            stamp(now),
        ],
    )


def run_outcomes(db: Database, run: int) -> list[SourceOutcome]:
    columns = "source, state, reason, seen, fetched, failed, unread"
    found = rows(db, f"SELECT {columns} FROM source_run WHERE run = ? ORDER BY source", [run])  # noqa: S608 - our own columns
    return [SourceOutcome(**row) for row in found]


def validators(db: Database, address: str) -> Validators:
    row = first(db, "SELECT etag, last_modified FROM place WHERE address = ?", [address])
    return Validators() if row is None else Validators(row["etag"], row["last_modified"])


def asked(db: Database, asked: Asked, run: int, now: datetime) -> None:
    """One visit to a place. Only a full answer replaces the validators: a 304 has none to speak of, an error page's lie."""
    know_source(db, asked.source)
    db.execute(
        "INSERT INTO place (address, source, kind) VALUES (?, ?, ?) ON CONFLICT (address) DO NOTHING",
        [asked.address, asked.source, asked.by],
    )
    newest = stamp_or_none(asked.newest)
    if asked.status == 200:
        db.execute(
            "UPDATE place SET etag = ?, last_modified = ? WHERE address = ?",
            [clean_or_none(asked.validators.etag), clean_or_none(asked.validators.last_modified), asked.address],
        )
    if asked.status in (200, 304) and asked.problem is None:
        db.execute(
            "UPDATE place SET read_at = ?, newest = coalesce(max(newest, ?), newest, ?) WHERE address = ?",
            [stamp(now), newest, newest, asked.address],
        )
    db.execute(
        "INSERT INTO visit (place, run, at, status, items, fresh, newest, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [asked.address, run, stamp(now), asked.status, asked.items, asked.fresh, newest, clean_or_none(asked.problem)],
    )
