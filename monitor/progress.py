"""What a person sees while sources are crawled: a live table row on a terminal, one log line a source otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@dataclass(slots=True)
class Counts:
    """Sums over the sources of one run, kept up to date from the child's events."""

    total: int
    done: int = 0
    by_source: dict[str, dict[str, int]] = field(default_factory=dict)

    def update(self, source: str, event: dict[str, object]) -> None:
        self.by_source[source] = {key: value for key, value in event.items() if isinstance(value, int)}

    def sum(self, name: str) -> int:
        return sum(counts.get(name, 0) for counts in self.by_source.values())


@contextmanager
def advancing(console: Console, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar, on a terminal, for work that says from time to time how many more are done."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


class Display(Protocol):
    """Where the progress of a crawl is shown."""

    def changed(self, counts: Counts) -> None: ...
    def source_done(self, line: str, counts: Counts) -> None: ...
    def close(self) -> None: ...


class PlainDisplay:
    """One line a source as it ends; for logs, pipes and cron."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def changed(self, counts: Counts) -> None:
        """Nothing: a log wants one line a step."""

    def source_done(self, line: str, counts: Counts) -> None:
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Nothing is held."""


class TerminalDisplay:
    """A bar of sources with the counts beside it."""

    def __init__(self, console: Console, total: int) -> None:
        self.progress = Progress(
            TextColumn("sources"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pages]} pages, {task.fields[kept]} kept, {task.fields[failed]} failed"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.task = self.progress.add_task("crawl", total=total, pages=0, kept=0, failed=0)
        self.progress.start()

    def changed(self, counts: Counts) -> None:
        sums = {name: counts.sum(name) for name in ("pages", "kept", "failed")}
        self.progress.update(self.task, completed=counts.done, **sums)  # type: ignore[arg-type]

    def source_done(self, line: str, counts: Counts) -> None:
        self.changed(counts)

    def close(self) -> None:
        self.progress.stop()


def display_on(console: Console, total: int) -> Display:
    """The display that fits: a bar on a terminal, lines elsewhere."""
    return TerminalDisplay(console, total) if console.is_terminal else PlainDisplay(console)
