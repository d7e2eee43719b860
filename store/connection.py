"""Opening the database file, transactions on it, and sqlite's errors told to people."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from spiders.errors import UnusableStore
from store.schema import APPLICATION_ID, migrations

NAME = "news.db"
BUSY_SECONDS = 10.0
MAGIC = b"SQLite format 3\0"

# What people can mend, by the words of SQLite's message (https://sqlite.org/rescode.html); all else is a bug of ours.
REMEDIES = (
    ("locked", "another program is writing to it: close that program (or wait for the run that is under way) and try again"),
    ("busy", "another program is writing to it: close that program (or wait for the run that is under way) and try again"),
    (
        "readonly",
        "it may not be written, and SQLite needs that even to read it: mend the rights of the file and its folder, or name"
        " another --home",
    ),
    ("full", "the disk (or the space allowed for it) is full: make room and try again; nothing half-written was kept"),
    ("disk i/o", "the disk does not answer properly: check it and its free space, then try again"),
    ("unable to open", "it cannot be opened: check that the folder exists and may be written"),
    ("not a database", "it is not a database: move that file away, or choose another --home"),
    ("malformed", "it is damaged: put back a copy of it, or move it away and crawl anew"),
)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the sqlite errors that the operator can mend into UnusableStore; others go on as they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        remedy = remedy_for(error)
        if remedy is None:
            raise
        raise UnusableStore(f"{path}: {remedy}") from error


def remedy_for(error: sqlite3.Error) -> str | None:
    """What to do about an sqlite error, or None when it is not the operator's."""
    message = str(error).lower()
    return next((remedy for words, remedy in REMEDIES if words in message), None)


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """A transaction that takes the write lock at its start, so that what was read in it still holds when it writes."""
    with _transaction(db, "BEGIN IMMEDIATE"):
        yield db


@contextmanager
def reading(db: Database) -> Iterator[Database]:
    """A transaction that sees one state of the database throughout."""
    with _transaction(db, "BEGIN"):
        yield db


@contextmanager
def _transaction(db: Database, begin: str) -> Iterator[None]:
    db.execute(begin)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


@contextmanager
def durable(db: Database) -> Iterator[None]:
    """Wait for the disk at each commit: a mail that was announced as being sent must stay so through a power cut."""
    db.execute("PRAGMA synchronous = FULL")
    try:
        yield
    finally:
        db.execute("PRAGMA synchronous = NORMAL")


def rows(db: Database, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
    """All rows of a query as dictionaries."""
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def first(db: Database, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> dict[str, Any] | None:
    """The first row of a query, or None."""
    found = rows(db, sql, values)
    return found[0] if found else None


def open_database(home: Path, busy_seconds: float = BUSY_SECONDS) -> Database:
    """The database of a home, made or upgraded as needed. Raises UnusableStore with what to do."""
    path = Path(home) / NAME
    with told(path):
        _check_folder(path.parent)
        new = _is_new(path)
        db = _connect(path, busy_seconds)
        try:
            _prepare(db, path, new)
        except BaseException:
            db.close()
            raise
        return db


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableStore(f"{folder} cannot be made ({error.strerror}): choose another --home") from None


def _is_new(path: Path) -> bool:
    """Whether there is no database yet. Looks at the bytes first: SQLite would take any small file for an empty database."""
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except FileNotFoundError:
        return True
    except OSError as error:
        raise UnusableStore(f"{path} cannot be read ({error.strerror}): mend its rights, or choose another --home") from None
    if head and head != MAGIC:
        raise UnusableStore(f"{path} is not a database: move that file away, or choose another --home")
    return not head


def _connect(path: Path, busy_seconds: float) -> Database:
    db = Database(sqlite3.connect(path, timeout=busy_seconds), execute_plugins=False)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def _prepare(db: Database, path: Path, new: bool) -> None:
    application = db.execute("PRAGMA application_id").fetchone()[0]
    empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if empty:
        # written into the file once; every later connection finds it there
        db.execute("PRAGMA journal_mode = WAL").fetchone()
    elif application != APPLICATION_ID:
        raise UnusableStore(f"{path} is a database, but not one of vietlao: move it away, or choose another --home")
    if empty or _outdated(db, path):
        _migrate(db, path, keep_copy=not empty)


def _outdated(db: Database, path: Path) -> bool:
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    applied = {migration.name for migration in migrations.applied(db)}
    newer = sorted(applied - known)
    if newer:
        raise UnusableStore(f"{path} was written by a newer vietlao ({newer[-1]}): upgrade this one, or choose another --home")
    return applied != known


def _migrate(db: Database, path: Path, keep_copy: bool) -> None:
    """Apply what is pending, all of it or nothing. A copy of the old state is left beside the file."""
    if keep_copy:
        backup(db, path.with_name(f"{path.stem}-before-upgrade.db"))
    with writing(db):
        migrations.apply(db)
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise UnusableStore(
                f"{path} cannot be upgraded: {len(broken)} rows point to rows that are missing ({broken[0][0]})"
            )


def backup(db: Database, target: Path) -> None:
    """A consistent copy, complete or not there at all."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", [str(part)])
    part.replace(target)


def close_database(db: Database) -> None:
    """Let SQLite refresh what its planner knows (cheap, https://sqlite.org/pragma.html#pragma_optimize), then close."""
    try:
        db.execute("PRAGMA optimize")
    except sqlite3.OperationalError as error:
        if remedy_for(error) is None:
            raise
    finally:
        db.close()
