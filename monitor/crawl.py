"""A crawl from the outside: the lock, the child process, what it says, and how it ended."""

import difflib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from rich.console import Console

from monitor.config import Home
from monitor.logs import DATES
from monitor.progress import Counts, Display
from monitor.stopping import STOPPED, Relay, on_signals
from monitor.stories import fold_waiting
from spiders.errors import ConfigurationError, MonitorError, Problem
from spiders.memory import SourceOutcome
from spiders.sources import Source
from store.database import Store
from store.lock import WriterLock
from store.records import MOVED_WORDS, Moved, RunState

OK, SOME_FAILED, NOTHING_REACHED = 0, 1, 3
STOPPING = "stopping; what was fetched is kept (requests under way end first; once more ends at once)"


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a crawl went: an outcome a source, what became of the addresses it moved, and what broke that should not have;
    ``stopped`` when somebody ended it early."""

    run: int
    outcomes: tuple[SourceOutcome, ...]
    moved: Moved
    bugs: tuple[str, ...]
    stopped: bool = False

    @property
    def unread(self) -> int:
        """How many known addresses wait for the next crawl, as this one ended before they were asked."""
        return sum(outcome.unread for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """130 when it was stopped, 3 when no source that was tried could be read, 1 when one failed or something broke, else
        0."""
        if self.stopped:
            return STOPPED
        tried = [outcome for outcome in self.outcomes if outcome.state != "skipped"]
        if not any(outcome.state in ("read", "partly") for outcome in tried):
            return NOTHING_REACHED
        return SOME_FAILED if self.bugs or any(outcome.state == "failed" for outcome in tried) else OK


def chosen(sources: Sequence[Source], wanted: Iterable[str], file: object) -> list[Source]:
    """The sources to crawl: those named, or every enabled one. Raises ConfigurationError for an unknown or disabled id."""
    by_id = {source.id: source for source in sources}
    names = list(dict.fromkeys(wanted))
    problems = []
    for name in names:
        if name not in by_id:
            close = difflib.get_close_matches(name, by_id, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; `vietlao sources` lists them"
            problems.append(Problem(str(file), f"source {name}", f"there is no such source{hint}"))
        elif not by_id[name].enabled:
            problems.append(Problem(str(file), f"source {name}", f"is switched off: {by_id[name].reason}"))
    if problems:
        raise ConfigurationError(problems)
    return [by_id[name] for name in names] if names else [source for source in sources if source.enabled]


def watched(sources: Sequence[Source], wanted: Iterable[str], file: object) -> Sequence[Source]:
    """The sources that a digest accounts for: all of them, with those switched off, unless the configuration names some."""
    names = list(wanted)
    return chosen(sources, names, file) if names else sources


def child_settings(home: Home, since: datetime | None, run: int, extra: dict[str, object]) -> dict[str, object]:
    """The Scrapy settings that carry this home's choices into the child."""
    crawl = home.config.crawl
    return {
        "VIETLAO_HOME": str(home.path),
        "VIETLAO_SOURCES": str(home.seed("sources.toml")),
        "VIETLAO_TOPIC": str(home.seed("topic.toml")),
        "VIETLAO_PEOPLE": str(home.seed("people.toml")),
        "VIETLAO_SINCE": since.isoformat() if since else "",
        "VIETLAO_RUN": str(run),
        "VIETLAO_DELAY": "" if crawl.delay is None else str(crawl.delay),
        "VIETLAO_CONTACT": crawl.contact,
        "VIETLAO_REVISIT": ",".join(f"{hours:g}" for hours in crawl.revisit),
        "LOG_FILE": str(home.log / "crawl.log"),
        "LOG_FILE_APPEND": True,
        "LOG_LEVEL": "INFO",
        "LOG_DATEFORMAT": DATES,
        **extra,
    }


@contextmanager
def child(home: Home, lock: WriterLock, environment: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", Relay]]:
    """The crawl process with the lock handed down, so that it stays protected even if this process is killed.
    What asks us to stop goes on to the child, which ends its requests and says so in the store; a terminal's Ctrl-C comes to us
    alone, lest the child hear it twice."""
    with (home.log / "crawl.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor.crawl_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            env=environment | lock.environment,
            pass_fds=[lock.fd],
            process_group=0,
        )
    relay = Relay(process, STOPPING)
    try:
        with on_signals(relay):
            yield process, relay
            process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def events(lines: IO[str]) -> Iterator[dict[str, object]]:
    """What the child says, one JSON object a line."""
    for line in lines:
        yield json.loads(line)


def told_moved(moved: Moved) -> str:
    """What became of addresses, in the words of the digest's coverage statement."""
    return ", ".join(f"{getattr(moved, name):,} {word}" for name, word in MOVED_WORDS.items())


def follow(process: "subprocess.Popen[str]", counts: Counts, display: Display, moved: Callable[[str], Moved]) -> list[str]:
    """Show what the child says until it ends; returns the bugs it reported, each a line for people. ``moved`` gives what the
    ledger has of a source that is done."""
    bugs = []
    if process.stdout is None:
        raise RuntimeError("the child was started without a pipe")
    for event in events(process.stdout):
        source = str(event["source"])
        if event["event"] == "bug":
            bugs.append(f"{source}: {event['error']}" + (f" at {event['url']}" if event.get("url") else ""))
            continue
        counts.update(source, event)
        if event["event"] == "closed":
            counts.done += 1
            display.source_done(f"{source}: {told_moved(moved(source))}", counts)
        else:
            display.changed(counts)
    return bugs


def crawl(
    home: Home,
    sources: Sequence[Source],
    lock: WriterLock,
    display: Callable[[int], Display],
    environment: dict[str, str],
    clock: Callable[[], datetime],
    since: datetime | None = None,
    extra: dict[str, object] | None = None,
    console: Console | None = None,
) -> CrawlResult:
    """Crawl ``sources`` under a lock that the caller holds.

    Raises MonitorError when the child ends without having done its work (its log says why); the run is then recorded as
    failed.
    """
    home.log.mkdir(parents=True, exist_ok=True)
    with Store.open(home.path, clock=clock) as store:
        run = store.begin_run("crawl")

    def moved(source: str) -> Moved:
        with Store.open(home.path, clock=clock) as store:
            return store.moved_in_run(run).get(source, Moved())

    counts = Counts(len(sources))
    shown = display(len(sources))
    try:
        with child(home, lock, environment) as (process, relay):
            settings = child_settings(home, since, run, extra or {})
            order = {"sources": [source.id for source in sources], "settings": settings, "seeds": home.told_seeds}
            if process.stdin is None:
                raise RuntimeError("the child was started without a pipe")
            with suppress(BrokenPipeError):  # it was stopped before it could listen, or died; its exit code says which
                process.stdin.write(json.dumps(order))
                process.stdin.close()
            bugs = follow(process, counts, shown, moved)
    finally:
        shown.close()
    ended = Ended(process.returncode, relay.asked)
    return finish(home, run, counts, bugs, ended, clock, console or Console(stderr=True))


@dataclass(frozen=True, slots=True)
class Ended:
    """How the crawl process ended: its exit code, and the signal that asked us to stop, if one did."""

    code: int
    asked: signal.Signals | None


def finish(
    home: Home, run: int, counts: Counts, bugs: list[str], ended: Ended, clock: Callable[[], datetime], console: Console
) -> CrawlResult:
    """Close the run in the store, gather its outcomes and put what it brought into stories, which a crawl that was stopped
    leaves to the next command that does so. A page that broke our code counts as a bug, too."""
    died = counts.done < counts.total and ended.asked is None
    with Store.open(home.path, clock=clock) as store:
        bugs = [*bugs, *(f"{error} at {url}" for url, error in store.broken_pages(run))]
        store.end_run(run, *_state_of_run(ended, died, bugs))
        outcomes = tuple(store.run_outcomes(run))
        if died:
            raise CrawlDied(f"the crawl process ended early with code {ended.code}; {home.log / 'crawl.log'} says why")
        bugs += fold_waiting(home, store, console) if ended.asked is None else []
        of_sources = store.moved_in_run(run)
        moved = sum((of_sources.get(outcome.source, Moved()) for outcome in outcomes), Moved())
    return CrawlResult(run, outcomes, moved, tuple(bugs), ended.asked is not None)


def _state_of_run(ended: Ended, died: bool, bugs: list[str]) -> tuple[RunState, str]:
    if ended.asked is not None:
        return "interrupted", "; ".join([f"stopped by {ended.asked.name}", *bugs])
    detail = f"the crawl process ended with code {ended.code}" if died else "; ".join(bugs)
    return ("failed" if died or bugs else "finished"), detail


class CrawlDied(MonitorError):
    """The crawl process ended before all its sources did."""

    exit_code = 1
