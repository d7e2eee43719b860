"""What the crawl parts of one process share: the writer lock, the open store, the archive and the number of the run."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from store.archive import Archive
from store.database import Store
from store.lock import writer_lock
from store.values import utc_now


@dataclass(slots=True)
class Session:
    """Joined by each ledger and pipeline of a process, and ended by the last that leaves. ``fault`` says what ended the run
    early, and is empty as long as nothing did."""

    home: Path
    store: Store
    archive: Archive
    run: int
    owns_run: bool
    held: ExitStack
    users: int = 0
    fault: str = ""

    def leave(self) -> None:
        """Leave once for each join. The last one ends the run, if this process began it, and gives up the lock."""
        self.users -= 1
        if self.users:
            return
        del _sessions[self.home]
        with self.held:
            if self.owns_run:
                self.store.end_run(self.run, "failed" if self.fault else "finished", self.fault)


# One crawler a source runs in one process; all of them write through one session for each home.
_sessions: dict[Path, Session] = {}


def join(home: Path, run: int | None = None, clock: Callable[[], datetime] = utc_now) -> Session:
    """The process's session on a home, begun when it has none. ``run`` is the run that a parent began; without it a run is
    begun here. Raises Locked and UnusableStore."""
    home = Path(home).resolve()
    session = _sessions.get(home)
    if session is None:
        session = _sessions[home] = _begin(home, run, clock)
    session.users += 1
    return session


def _begin(home: Path, run: int | None, clock: Callable[[], datetime]) -> Session:
    with ExitStack() as held:
        held.enter_context(writer_lock(home))
        store = held.enter_context(Store.open(home, clock))
        archive = held.enter_context(Archive(home, store))
        number = run if run is not None else store.begin_run("crawl")
        return Session(home, store, archive, number, run is None, held.pop_all())


def join_by_settings(settings: BaseSettings) -> Session:
    """The session that Scrapy's settings name: ``VIETLAO_HOME`` (else the environment's, else the working folder) and
    ``VIETLAO_RUN``."""
    home = settings.get("VIETLAO_HOME") or os.environ.get("VIETLAO_HOME") or "."
    run = str(settings.get("VIETLAO_RUN") or "")
    return join(Path(home).expanduser(), int(run) if run else None)
