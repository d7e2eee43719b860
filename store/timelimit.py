"""A page can keep a library busy for ever: what is read where nothing else runs beside it gets so much time and no more."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

# Sixty times what the slowest of 22 real pages takes (0.33 s of processor time; those of benchmarks/import_pages.py); 16 MiB of
# running text, the largest page that is taken, takes 11 s.
PAGE_SECONDS = 20.0


def told(seconds: float) -> str:
    """What the life of a page says that was given up."""
    return f"reading it took longer than {seconds:g} seconds, so it was given up"


class TimeUp(BaseException):
    """Not an Exception, so that no library's ``except Exception`` takes it for its own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp in what runs inside once it has used so many seconds of processor time (a busy machine gives each page the
    same chance). Signals reach only the main thread; in another thread nothing is limited. Code written in C is not
    interrupted before it returns."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _ring(number: int, frame: FrameType | None) -> NoReturn:
    raise TimeUp
