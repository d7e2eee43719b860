"""Being asked to stop, by Ctrl-C, by SIGTERM or by a terminal that goes away: said at once, and ended in order."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPED = 130  # exit code: 128 and the number of SIGINT, as shells have it
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAID = "stopping; what was stored is kept"


@contextmanager
def on_signals(handler: Callable[[int], None]) -> Iterator[None]:
    """Within it, ``handler`` is told each signal that asks to stop. One that who started us has ignored (nohup) stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, _: handler(number)) for number in heard}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Within it, whatever asks to stop raises KeyboardInterrupt, after a word for whoever waits."""

    def stop(number: int) -> None:
        say_now(SAID)
        raise KeyboardInterrupt

    with on_signals(stop):
        yield


def say_now(text: str) -> None:
    """A line on standard error from within a signal handler, where Python's own streams may be at work."""
    begin = "\r\n" if os.isatty(2) else ""  # behind the ^C that a terminal shows, and a bar of progress
    os.write(2, f"{begin}{text}\n".encode())


class Relay:
    """Passes the wish to stop on to a child that ends in order: the first time asks it to, a second time hurries it, a third
    ends it. ``asked`` says which signal came first, None as long as none did."""

    def __init__(self, process: "subprocess.Popen[str]", word: str) -> None:
        self.process = process
        self.word = word
        self.times = 0
        self.asked: signal.Signals | None = None

    def __call__(self, number: int) -> None:
        self.times += 1
        if self.asked is None:
            self.asked = signal.Signals(number)
            say_now(self.word)
        if self.times < 3:
            self.process.terminate()
        else:
            self.process.kill()
