"""One spider a source: ``scrapy list`` and ``scrapy crawl ID`` know every entry of the source file."""

import difflib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Self

from scrapy import Request, Spider
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from spiders.errors import ConfigurationError, Problem
from spiders.news import NewsSpider
from spiders.sources import Source, load_sources, source_of
from spiders.times import read_time


class NoSuchSource(UsageError, KeyError):
    """Asked for a source that the file does not have: a KeyError, as Scrapy expects, that its commands print in one line."""

    def __str__(self) -> str:
        return str(self.args[0])


def spider_for(source: Source) -> type[NewsSpider]:
    """The spider class of a source."""
    return type("NewsSpider", (NewsSpider,), {"name": source.id, "source": source, "__module__": __name__})


def sources_path(settings: BaseSettings) -> Path:
    """The source file that the setting VIETLAO_SOURCES names, or the one that came with the program."""
    named = settings.get("VIETLAO_SOURCES")
    return Path(named) if named else Path(str(files("seeds") / "sources.toml"))


def settings_problems(settings: BaseSettings) -> list[Problem]:
    """What is wrong with settings of ours that hold a number or a date: a mistyped one must not be taken for none."""
    problems = []
    since, delay = settings.get("VIETLAO_SINCE") or "", settings.get("VIETLAO_DELAY")
    if since and read_time(since) is None:
        problems.append(Problem("VIETLAO_SINCE", "", f"{since!r} is not a date such as 2026-11-21"))
    try:
        usable = delay in (None, "") or 0 <= float(delay) < 1e6
    except (TypeError, ValueError):
        usable = False
    if not usable:
        problems.append(Problem("VIETLAO_DELAY", "", f"{delay!r} is not a number of seconds"))
    return problems


class SourceLoader:
    """Scrapy's spider loader over the source file.

    A faulty file is told when a spider is asked for, as a usage error, because Scrapy prints what its loader raises at
    construction with a traceback.
    """

    def __init__(self, path: Path, problems: Sequence[Problem] = ()) -> None:
        self.path = path
        self.problems = problems
        self._sources: dict[str, Source] | None = None

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(sources_path(settings), settings_problems(settings))

    @property
    def sources(self) -> dict[str, Source]:
        """The sources by id. Raises UsageError with every problem of the file."""
        if self._sources is None:
            if self.problems:
                raise UsageError("\n".join(map(str, self.problems)), print_help=False)
            try:
                self._sources = {source.id: source for source in load_sources(self.path)}
            except ConfigurationError as error:
                raise UsageError(f"the sources cannot be used\n{error}", print_help=False) from None
        return self._sources

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a source. Raises NoSuchSource, which is a KeyError."""
        if spider_name not in self.sources:
            close = difflib.get_close_matches(spider_name, self.sources, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; scrapy list names them"
            raise NoSuchSource(f"there is no source {spider_name} in {self.path}{hint}")
        return spider_for(self.sources[spider_name])

    def find_by_request(self, request: Request) -> list[str]:
        """The source that an address belongs to (``scrapy fetch``, ``scrapy parse``)."""
        source = source_of(request.url, self.sources.values())
        return [source.id] if source else []

    def list(self) -> list[str]:
        """The ids of all sources, disabled ones included: crawling one of those says why it is off."""
        return list(self.sources)
