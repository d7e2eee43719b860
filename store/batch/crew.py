"""Work on all cores: tasks go out to children, answers come back in the order of the tasks.

In order, because the store must come out the same however many are at work; one writer takes the answers as they come.
"""

import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from spiders.errors import MonitorError
from store.batch.child import Child, Lost
from store.batch.work import Examined, Setup, Task
from store.timelimit import PAGE_SECONDS

T_co = TypeVar("T_co", bound=Task, covariant=True)
J = TypeVar("J", bound="Job[Task]")

# Tasks under way or waiting for an earlier one, for each worker: enough for none to idle while one page takes long.
AHEAD = 8
# So many workers in a row that never answered are no matter of pages: the program itself cannot run there.
STILLBORN = 5


@dataclass(frozen=True, slots=True)
class Job(Generic[T_co]):
    """A piece of work, to be extended by whom it is for; one with ``task`` None needs none and only keeps its place in the
    order."""

    task: T_co | None


Answer = Examined | Lost | None


class Crew(Protocol):
    """Who does the work."""

    def each(self, jobs: Iterable[J]) -> Iterator[tuple[J, Answer]]:
        """Every job with its answer, in the order of the jobs: what was found out, or Lost where no worker survived it."""

    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


@dataclass(slots=True)
class Slot(Generic[J]):
    """A job on its way. A child that died of something else than its time gets it a second time, in case it was innocent."""

    job: J
    ended: bool = False
    answer: Answer = None
    tries: int = 0


class LocalCrew:
    """Children of this process, one a core."""

    def __init__(self, setup: Setup, workers: int, seconds: float = PAGE_SECONDS) -> None:
        self._setup = pickle.dumps(setup)
        self._seconds = seconds
        self._workers = workers
        self._idle: list[Child] = []
        self._busy: dict[object, tuple[Child, Slot[Any]]] = {}
        self._stillborn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the children. Harmless when done twice."""
        for child in (*self._idle, *(child for child, _ in self._busy.values())):
            child.close()
        self._idle, self._busy = [], {}

    def each(self, jobs: Iterable[J]) -> Iterator[tuple[J, Answer]]:
        """As :class:`Crew` says."""
        order: deque[Slot[J]] = deque()
        coming = iter(jobs)
        more = True
        while more or order:
            while more and self._is_free and len(order) < AHEAD * self._workers:
                job = next(coming, None)
                more = job is not None
                if job is not None:
                    order.append(self._begin(Slot(job)))
            while order and order[0].ended:
                slot = order.popleft()
                yield slot.job, slot.answer
            if order and (not more or not self._is_free or len(order) >= AHEAD * self._workers):
                self._wait()

    @property
    def _is_free(self) -> bool:
        return len(self._busy) < self._workers

    def _begin(self, slot: Slot[J]) -> Slot[J]:
        if slot.job.task is None:
            slot.ended = True
            return slot
        child = self._idle.pop() if self._idle else Child(self._setup, self._seconds)
        slot.tries += 1
        try:
            child.send(slot.job.task)
        except Lost as lost:
            self._replace(child, slot, lost)
        else:
            self._busy[child.connection] = (child, slot)
        return slot

    def _wait(self) -> None:
        """Until some child answers or ends."""
        for connection in wait([child.connection for child, _ in self._busy.values()]):
            child, slot = self._busy.pop(connection)
            try:
                slot.answer = child.receive()
            except Lost as lost:
                self._replace(child, slot, lost)
            else:
                slot.ended = True
                self._idle.append(child)
                self._stillborn = 0

    def _replace(self, child: Child, slot: Slot[J], lost: Lost) -> None:
        child.close()
        self._stillborn += not child.answered
        if self._stillborn > STILLBORN * self._workers:
            raise MonitorError(f"the workers end before they have done anything ({lost}); what they said stands above")
        if lost.again and slot.tries < 2:
            self._begin(slot)
        else:
            slot.answer, slot.ended = lost, True
