"""The same work on a Dask cluster: the same children do it, on other machines or on this one.

Each Dask worker keeps one child a thread, so that a page that crashes or hangs costs a child and not the worker. What a worker
had in hand when it died goes to another one (Dask does that); answers come back in the order of the jobs, to the one process
that writes. Whoever reaches a Dask scheduler can run anything on it: keep it on a network of your own.
"""

import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from threading import get_ident
from types import TracebackType
from typing import Any, Self

from spiders.errors import MonitorError
from store.batch.child import Child, Lost
from store.batch.crew import Answer, J
from store.batch.work import Setup
from store.timelimit import PAGE_SECONDS

try:
    from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, get_worker
except ImportError as error:
    raise MonitorError("--dask needs the extra: pip install 'vietlao[dask]'") from error

LOCAL = "local"
CONNECT_SECONDS = 10
# Pages in one message: Dask spends about a millisecond on each message, a page takes fifty.
PORTION = 8
# Portions under way for each thread of the cluster, so that none waits for the network.
AHEAD = 3
NAME = "vietlao"


class Children(WorkerPlugin):
    """What each Dask worker has: the setup, and a child for each of its threads."""

    name = NAME

    def __init__(self, setup: bytes, seconds: float) -> None:
        self.setup_bytes = setup
        self.seconds = seconds
        self.children: dict[int, Child] = {}

    def teardown(self, worker: Any) -> None:
        """End the children with their worker."""
        for child in self.children.values():
            child.close()
        self.children = {}

    def done(self, task: Any) -> Answer:
        """Do a task in this thread's child; a second time in a new one, as :class:`store.batch.crew.LocalCrew` does."""
        lost = None
        for _ in range(2):
            child = self.children.get(get_ident()) or Child(self.setup_bytes, self.seconds)
            self.children[get_ident()] = child
            try:
                child.send(task)
                return child.receive()
            except Lost as error:
                child.close()
                del self.children[get_ident()]
                lost = error
                if not lost.again:
                    break
        return lost

    def __reduce__(self) -> Any:
        return Children, (self.setup_bytes, self.seconds)


def portion_done(tasks: bytes) -> bytes:
    """A portion of tasks done on a worker: pickled answers in their order."""
    children: Any = get_worker().plugins[NAME]
    return pickle.dumps([children.done(task) for task in pickle.loads(tasks)])  # noqa: S301 - from our client


class DaskCrew:
    """A cluster at an address, or with ``local`` one of this process's own with a worker for each of ``workers``."""

    def __init__(self, setup: Setup, address: str, workers: int, seconds: float = PAGE_SECONDS) -> None:
        """Raises MonitorError when nothing answers at the address."""
        self._cluster: Any = None
        if address == LOCAL:
            self._cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
            )  # type: ignore[no-untyped-call]
        try:
            self._client: Any = Client(self._cluster or address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise MonitorError(f"--dask {address}: no Dask scheduler answers there ({error})") from None
        self._client.register_plugin(Children(pickle.dumps(setup), seconds), name=NAME)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster as it was found, or end the one that was made. Harmless when done twice."""
        if self._client.status != "closed":
            self._client.unregister_worker_plugin(NAME)
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def each(self, jobs: Iterable[J]) -> Iterator[tuple[J, Answer]]:
        """As :class:`store.batch.crew.Crew` says."""
        coming = iter(jobs)
        under_way: deque[tuple[list[J], Any]] = deque()
        while True:
            while len(under_way) < self._most and (portion := list(islice(coming, PORTION))):
                under_way.append((portion, self._sent(portion)))
            if not under_way:
                return
            portion, future = under_way.popleft()
            yield from zip(portion, self._answers(portion, future), strict=True)

    @property
    def _most(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return AHEAD * max(1, sum(threads.values()))

    def _sent(self, portion: list[J]) -> Any:
        tasks = [job.task for job in portion if job.task is not None]
        return self._client.submit(portion_done, pickle.dumps(tasks), pure=False) if tasks else None

    def _answers(self, portion: list[J], future: Any) -> Iterator[Answer]:
        """The answers to a portion. One that killed several workers is done again page by page, to find the one."""
        answers: Iterator[Answer] = iter(())
        try:
            if future is not None:
                answers = iter(pickle.loads(future.result()))  # noqa: S301 - from our workers
        except KilledWorker:
            if len(portion) > 1:
                for job in portion:
                    yield from self._answers([job], self._sent([job]))
                return
            answers = iter([Lost("every worker that read it ended", again=False)])
        for job in portion:
            yield next(answers) if job.task is not None else None
