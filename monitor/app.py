"""What every command shares: the home it works on, where it prints, and how errors reach people."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from monitor.config import Home, load_home
from relevance.topic import Topic, load_topic
from spiders.errors import MonitorError
from spiders.sources import Source, load_sources

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
BARE_DATE = re.compile(r"\d{4}-?(\d\d-?\d\d|W\d\d-?\d)")  # as ISO 8601 has them
NARROWEST = 20  # columns; no line is wrapped shorter than that
LONGEST_HELP = 200  # no description comes near it


def now() -> datetime:
    """The current time, aware, in UTC: the one clock of the command line."""
    return datetime.now(UTC)


class Terminal(Console):
    """A console that leaves it to :class:`Commands` to say what a reader who went away (head, less) means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class App:
    """One invocation. The home and the seed files are read when a command first asks for them, so that ``--help`` and
    ``init`` work beside a broken configuration."""

    def __init__(self, home: str) -> None:
        self.home_path = Path(home)
        self.console: Console = Terminal(highlight=False)
        self.errors: Console = Terminal(stderr=True, highlight=False)
        self.clock: Callable[[], datetime] = now
        self.told_missing: set[str] = set()

    @cached_property
    def home(self) -> Home:
        return load_home(self.home_path)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return load_sources(self.seed("sources.toml"))

    @cached_property
    def topic(self) -> Topic:
        return load_topic(self.seed("topic.toml"), self.seed("people.toml"))

    def seed(self, name: str) -> Path:
        """A seed file of the home. Says once when the home has a folder of its own for them and this one is missing there: it
        may have been edited, and lost."""
        path = self.home.seed(name)
        own = self.home.seeds / name
        if self.home.seeds.is_dir() and path != own and name not in self.told_missing:
            self.told_missing.add(name)
            used = f"so {path}, which came with the program, is used"
            self.warn(f"{own} is missing, {used}; `vietlao --home {self.home.path} init` puts a copy there")
        return path

    def say(self, text: str = "") -> None:
        """Print a line for people, as it is: no markup, no wrapping inside words."""
        self.console.print(text, markup=False, soft_wrap=True)

    def say_fitting(self, text: str) -> None:
        """Print lines so that they can be read in a narrow terminal: wrapped between words, under their own indentation. Where
        there is no terminal, and for addresses, which are to be copied whole, nothing is wrapped."""
        for line in text.split("\n"):
            words = line.lstrip()
            if not self.console.is_terminal or " " not in words or cell_len(line) <= self.console.width:
                self.say(line)
                continue
            indent = len(line) - len(words)
            for piece in Text(words).wrap(self.console, max(self.console.width - indent, NARROWEST)):
                self.say(" " * indent + piece.plain.rstrip())

    def warn(self, text: str) -> None:
        """The same on standard error."""
        self.errors.print(text, markup=False, soft_wrap=True)


pass_app = click.make_pass_decorator(App)


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says: headlines in Vietnamese and Lao have no place in ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def heard_as_utf8(arguments: Sequence[str]) -> list[str]:
    """Command-line words that a locale without UTF-8 could not read, as what was typed."""
    return [os.fsencode(word).decode("utf-8", "replace") for word in arguments]


class Commands(click.Group):
    """A group that lists commands in the order they were added and turns MonitorError into its text and exit code."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        speak_utf8()
        return super().main(heard_as_utf8(sys.argv[1:] if args is None else args), *rest, **options)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their descriptions whole; in a narrow terminal they are wrapped instead of cut."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.get_short_help_str(LONGEST_HELP)) for name, command in found if command and not command.hidden]
            )

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MonitorError as error:
            click.echo(f"vietlao: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # the reader (head, less) went away: end quietly, and keep Python from complaining at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


class Moment(click.ParamType[datetime]):
    """A date (``2026-11-01``, its start in Vietnam), a date and time, or a distance back (``7d``, ``12h``), as aware UTC. Where
    it ends a span of time, a bare date is its end in Vietnam: that day is within."""

    name = "when"

    def __init__(self, *, ends: bool = False) -> None:
        self.ends = ends

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if value[:-1].isdigit() and value[-1] in "dh":
            return now() - timedelta(hours=int(value[:-1]) * (24 if value[-1] == "d" else 1))
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date: write 2026-11-01, 2026-11-01T07:00, 7d or 12h", param, ctx)
        if self.ends and BARE_DATE.fullmatch(value):
            moment += timedelta(days=1)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)


MOMENT, END = Moment(), Moment(ends=True)
