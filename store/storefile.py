"""The open database file of a home: its transactions and its end."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from spiders.errors import UnusableStore
from store import connection
from store.values import utc_now


def require_store(home: Path) -> None:
    """Raises UnusableStore when a folder has no store."""
    if not (home / connection.NAME).exists():
        raise UnusableStore(f"there is no store in {home} yet: `vietlao crawl` makes it, or --home names another folder")


class StoreFile:
    """Opening, closing and transactions; what can be asked and told is in :class:`store.database.Store`."""

    def __init__(self, db: Database, path: Path, clock: Callable[[], datetime]) -> None:
        self.db = db
        self.path = path
        self.clock = clock
        self._closed = False

    @classmethod
    def open(
        cls,
        home: str | os.PathLike[str],
        clock: Callable[[], datetime] = utc_now,
        busy_seconds: float = connection.BUSY_SECONDS,
        *,
        make: bool = True,
    ) -> Self:
        """The store in a folder, made or upgraded when needed.

        ``clock`` gives aware times; ``busy_seconds`` is how long to wait for another program that is writing; with
        ``make`` False a missing store stays missing. Raises UnusableStore when the file is locked, read-only, on a full disk,
        newer than this code, no store, or (``make`` False) not there.
        """
        path = Path(home).resolve() / connection.NAME
        if not make:
            require_store(path.parent)
        store = cls(connection.open_database(path.parent, busy_seconds), path, clock)
        try:
            store.opened()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """End the use of the file. Harmless when done twice."""
        if not self._closed:
            self._closed = True
            connection.close_database(self.db)

    def opened(self) -> None:
        """What is to be put right when the file is opened."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with connection.told(self.path), connection.writing(self.db) as db:
            yield db

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        with connection.told(self.path), connection.reading(self.db) as db:
            yield db
