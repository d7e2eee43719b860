"""A process that does one task after another and may be lost: a page can make a library crash, hang or fill the memory.

The child sets a timer before each task that ends the process whatever it is at, so the parent never waits for ever and need not
look at a clock. It counts processor time, so that a busy machine gives each page the same chance.
"""

import logging
import pickle
import resource
import signal
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from store.batch.work import Examined, Setup, Task
from store.timelimit import PAGE_SECONDS, told

# How much longer a page may take by the clock on the wall, on a machine that is busy or waits for its disk.
PATIENCE = 15
# Bytes of address space of a child. The same 16 MiB of text need 1.1 GB.
MEMORY = 4 * 2**30
LOST_BY_TIME = frozenset({signal.SIGPROF, signal.SIGALRM})


class Lost(Exception):
    """The child ended over a task. ``again`` says whether another try may go better."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Child:
    """One such process, started when it is made. Raises Lost when it ended; it is of no use then."""

    def __init__(self, setup: bytes, seconds: float = PAGE_SECONDS) -> None:
        self.connection, theirs = Pipe()
        self.seconds = seconds
        self.answered = False
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "store.batch.child", str(theirs.fileno()), str(seconds)],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # the terminal's Ctrl-C is for the parent, which lets what was begun come to its end
                process_group=0,
            )
        self._setup: bytes | None = setup

    def send(self, task: Task) -> None:
        """Give it a task; :meth:`receive` brings the answer."""
        try:
            if self._setup is not None:
                self.connection.send_bytes(self._setup)
                self._setup = None
            self.connection.send(task)
        except OSError:
            raise self._lost() from None

    def receive(self) -> Examined:
        """Wait for the answer to the task that was sent."""
        try:
            answer: Examined = self.connection.recv()
        except (EOFError, OSError):
            raise self._lost() from None
        self.answered = True
        return answer

    def close(self) -> None:
        """End the process. Harmless when done twice."""
        self.connection.close()
        self.process.kill()
        self.process.wait()

    def _lost(self) -> Lost:
        code = self.process.wait()
        if -code in LOST_BY_TIME:
            return Lost(told(self.seconds), again=False)
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return Lost(f"the process that read it ended ({how})", again=True)


def serve(connection: Connection, seconds: float) -> None:
    """Do what comes until the parent hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger().setLevel(logging.ERROR)  # what libraries find odd in a page is no news here
    try:
        setup: Setup = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our parent
        while True:
            task: Task = connection.recv()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)
            answer = task.done(setup)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(answer)
    except (EOFError, OSError):
        return  # the parent is gone, or has enough


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), float(sys.argv[2]))
