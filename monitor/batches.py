"""Work in bulk as the command line does it: who works, what is shown meanwhile, and what it came to in words."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click
from rich.progress import track

from monitor.app import App
from relevance.explain import printable
from store.batch.again import Change
from store.batch.crew import Crew, LocalCrew
from store.batch.imports import DAMAGED, Taken
from store.batch.work import Setup
from store.timelimit import PAGE_SECONDS
from store.wording import counted

# A line for every so many pages where no bar can be drawn.
PLAIN_EVERY = 500
LINES_SHOWN = 4
LINE = 140
FAULTS_SHOWN = 10
COUNTS = ("kept", "marginal", "dropped", "failed", "revised", "known")


T = TypeVar("T")


def workers_option(command: Callable[..., object]) -> Callable[..., object]:
    """The options that say who works: ``--workers`` and ``--dask``."""
    command = click.option(
        "--dask",
        metavar="ADDRESS",
        help="Work on the Dask cluster at this address (tcp://host:8786), or `local` for one of its own. Needs vietlao[dask].",
    )(command)
    return click.option(
        "--workers", type=click.IntRange(1, 256), metavar="N", help="How many processes work (default: one a core)."
    )(command)


def crew_for(setup: Setup, workers: int | None, dask: str | None) -> Crew:
    """Those who work: processes of this machine, or a Dask cluster. Raises MonitorError when that cannot be reached."""
    if dask is None:
        return LocalCrew(setup, workers or cores())
    from store.batch.on_dask import DaskCrew  # it brings Dask, which is an extra

    return DaskCrew(setup, dask, workers or cores(), PAGE_SECONDS)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def shown(app: App, work: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    """The same, with a bar on a terminal and a line now and then elsewhere."""
    console = app.errors
    if console.is_terminal:
        yield from track(work, what, total=total, console=console, transient=True)
        return
    of = f" of {total:,}" if total is not None else ""
    for number, one in enumerate(work, 1):
        yield one
        if number % PLAIN_EVERY == 0:
            app.warn(f"{what}: {number:,}{of}")


def told_change(change: Change) -> list[str]:
    """One change in lines: what becomes of it, then what differs."""
    verdict = change.before if not change.is_of_verdict else f"{change.before} -> {change.after}"
    old, new = change.scores
    if old != new:
        verdict += ", score " + (f"{new:g}" if old is None else f"{old:g} -> {new:g}")
    lines = [f"{verdict}  {printable(' '.join(change.title.split()) or '(no headline)')}", f"    {printable(change.url)}"]
    if change.is_of_verdict and change.why:
        lines.append(f"    {printable(change.why)}")
    if change.is_of_text:
        before, after = change.lengths
        lines.append(f"    text: {before:,} -> {after:,} characters")
        lines += [f"      - {_short(line)}" for line in change.removed[:LINES_SHOWN]]
        lines += [f"      + {_short(line)}" for line in change.added[:LINES_SHOWN]]
    return [*lines, *(f"    {name}: {_short(old)} -> {_short(new)}" for name, (old, new) in change.fields.items())]


def _short(text: str) -> str:
    text = printable(" ".join(text.split())) or "(nothing)"
    return text if len(text) <= LINE else f"{text[:LINE]}…"


def summary_of(changes: Iterable[Change]) -> str:
    """How many change what."""
    counts: Counter[str] = Counter()
    for change in changes:
        counts["verdict"] += change.is_of_verdict
        counts["text"] += change.is_of_text
        counts["time"] += "published" in change.fields
    return ", ".join(f"{counts[name]} in {name}" for name in ("verdict", "text", "time"))


def told_import(taken: Taken) -> str:
    """What a file came to, in a line."""
    pages = ", ".join(f"{taken.counts[name]:,} {name}" for name in COUNTS if taken.counts[name])
    others = ", ".join(
        f"{count:,} {kind}" for kind, count in sorted(taken.counts.items()) if kind not in COUNTS and kind != DAMAGED
    )
    parts = [pages or "no page", f"no pages: {others}" if others else "", _damaged(taken)]
    before = f" ({taken.before:,} of them before)" if taken.before else ""
    return f"{taken.name}: {counted(taken.records, 'record')}{before}: " + "; ".join(part for part in parts if part)


def _damaged(taken: Taken) -> str:
    return f"{taken.counts[DAMAGED]:,} damaged" if taken.counts[DAMAGED] else ""
