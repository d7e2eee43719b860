"""One writer at a time: an advisory lock on ``HOME/vietlao.lock`` that ends with the processes that hold it.

The kernel drops an flock when the last process with the open file ends, however it ends, so a lock left by a dead
process is taken over without further ado; the file's content only tells people who holds it. A crawl child gets the open
file from its parent: the lock then lives until both have ended, and a second run cannot start beside an orphaned child.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from spiders.errors import Locked, UnusableStore
from store.values import moment, stamp, utc_now
from store.wording import local_time

LOCK_NAME = "vietlao.lock"
INHERITED = "VIETLAO_LOCK_FD"
POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class WriterLock:
    """A held lock. Start a child that shares it with ``pass_fds=[lock.fd], env=... | lock.environment``."""

    path: Path
    fd: int

    @property
    def environment(self) -> dict[str, str]:
        return {INHERITED: str(self.fd)}


@dataclass(slots=True)
class _Held:
    lock: WriterLock
    users: int


# This process's locks: a command that holds the lock and then writes in-process must not wait for itself.
_held: dict[Path, _Held] = {}


@contextmanager
def writer_lock(home: Path, *, wait: float = 0) -> Iterator[WriterLock]:
    """Hold the lock of a home, waiting up to ``wait`` seconds for it.

    Nested use in one process, and use in a child that inherited the lock, share it. Raises Locked with the holder's process and
    since when; UnusableStore when the lock file cannot be written.
    """
    path = Path(home).resolve() / LOCK_NAME
    held = _held.get(path)
    if held is None:
        held = _held[path] = _Held(_inherited(path) or _acquire(path, wait), 0)
    held.users += 1
    try:
        yield held.lock
    finally:
        held.users -= 1
        if not held.users:
            del _held[path]
            os.close(held.lock.fd)


def _inherited(path: Path) -> WriterLock | None:
    """The lock that the parent handed down, when it is the one of this home and really held."""
    number = os.environ.get(INHERITED, "")
    if not number.isdecimal():
        return None
    fd = int(number)
    try:
        if not os.path.samestat(os.fstat(fd), path.stat()):
            return None
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    _sign(fd, [*_holder(fd)[0], os.getpid()])
    return WriterLock(path, os.dup(fd))


def _acquire(path: Path, wait: float) -> WriterLock:
    fd = _open(path)
    deadline = time.monotonic() + wait
    while not _taken(fd):
        if time.monotonic() >= deadline:
            message = _who_holds(path, fd)
            os.close(fd)
            raise Locked(message)
        time.sleep(POLL_SECONDS)
    _sign(fd, [os.getpid()])
    return WriterLock(path, fd)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UnusableStore(
            f"{path.parent} may not be written ({error.strerror}): give yourself the right to, or name another --home"
        ) from None


def _taken(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(fd: int, pids: list[int]) -> None:
    """Write who holds the lock, for people. A full disk must not keep anyone from working, so this may fail."""
    text = json.dumps({"pids": pids, "since": stamp(utc_now())}).encode()
    with suppress(OSError):
        os.ftruncate(fd, 0)
        os.pwrite(fd, text, 0)


def _holder(fd: int) -> tuple[list[int], datetime | None]:
    try:
        data = json.loads(os.pread(fd, 4096, 0))
        return [int(pid) for pid in data["pids"]], moment(data["since"])
    except (ValueError, KeyError, TypeError):
        return [], None


def alive(pid: int) -> bool:
    """Whether a process of that number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _who_holds(path: Path, fd: int) -> str:
    pids, since = _holder(fd)
    living = [str(pid) for pid in pids if alive(pid)]
    who = f"process {' and '.join(living)}" if living else "another process"
    when = f" since {local_time(since)}" if since else ""
    return f"another run holds the lock of {path.parent} ({who}{when}): wait for it, or end that process"
