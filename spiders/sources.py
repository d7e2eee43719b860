"""Sources: what is watched, as declared in seeds/sources.toml. No other code names a site."""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from spiders.errors import ConfigurationError, Problem
from spiders.seedfile import problems_of, read_toml


def _absolute(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not an absolute http or https address")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from None
    return value


def _selector(value: str) -> str:
    try:
        CSSSelector(value)
    except (SelectorError, etree.LxmlError) as error:
        raise ValueError(f"{value!r} is not a CSS selector: {error}") from None
    return value


Address = Annotated[str, AfterValidator(_absolute)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]


class Strict(BaseModel):
    """Unknown keys are errors and values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Listing(Strict):
    """A section or tag page. ``links`` selects the anchors of articles (all anchors when absent); ``pages`` is the
    address of page N with ``{page}`` in it, absolute or relative to ``url``; ``last`` bounds how far it is walked."""

    url: Address
    links: Selector | None = None
    pages: str | None = None
    first: int = Field(default=2, ge=0)
    last: int = Field(default=30, ge=1, le=500)

    @model_validator(mode="after")
    def _has_page(self) -> "Listing":
        if self.pages is not None and "{page}" not in self.pages:
            raise ValueError("pages needs {page} where the number goes")
        return self


class ExtractRules(Strict):
    """CSS selectors that override generic extraction, tried in order; ``drop`` removes boxes inside the body.
    ``dates`` says how a bare numeric date is to be read on this site: ``dmy`` or ``mdy``."""

    title: tuple[Selector, ...] = ()
    lead: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = ()
    drop: tuple[Selector, ...] = ()
    author: tuple[Selector, ...] = ()
    date: tuple[Selector, ...] = ()
    dates: str = Field(default="dmy", pattern="^(dmy|mdy)$")
    drop_lines: tuple[Pattern, ...] = ()


class Quirks(Strict):
    """How a site wants to be visited. ``warm_up`` is an address to touch before its feeds (it sets the cookie);
    ``insecure_tls`` is the reason why certificates are not verified there, and is reported."""

    keeps_cookies: bool = False
    warm_up: Address | None = None
    needs_browser: bool = False
    insecure_tls: str | None = None


class Source(Strict):
    """One edition of one outlet.

    ``article`` tells article addresses from others; ``identity`` is a pattern whose first group is the article's number
    where the slug may change; ``hosts`` are further host names of the same site (its articles live there too);
    ``delay`` is in seconds between requests to one host; ``credits`` are patterns whose first group names whom the text is
    taken from; ``vietnamese`` is False for outlets of other countries, whose articles do not imply Vietnam.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str = Field(min_length=1)
    owner: str = ""
    languages: tuple[str, ...] = Field(min_length=1)
    home: Address
    hosts: tuple[str, ...] = ()
    feeds: tuple[Address, ...] = ()
    sitemaps: tuple[Address, ...] = ()
    listings: tuple[Listing, ...] = ()
    article: Pattern
    examples: tuple[Address, ...] = ()
    identity: Pattern | None = None
    skip: Pattern | None = None
    delay: float = Field(default=2.0, ge=0, le=120)
    extract: ExtractRules = ExtractRules()
    credits: tuple[Pattern, ...] = ()
    quirks: Quirks = Quirks()
    vietnamese: bool = True
    republisher: bool = False
    enabled: bool = True
    reason: str = ""
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Source":
        if not self.enabled and not self.reason:
            raise ValueError("a source with enabled = false needs a reason")
        if self.enabled and not (self.feeds or self.sitemaps or self.listings):
            raise ValueError("an enabled source needs a feed, a sitemap or a listing")
        for example in self.examples:
            if not re.search(self.article, example):
                raise ValueError(f"the article pattern does not match the example {example}")
        if self.identity is not None and re.compile(self.identity).groups < 1:
            raise ValueError("identity needs a group around the article's number")
        for credit in self.credits:
            if re.compile(credit).groups < 1:
                raise ValueError(f"the credit pattern {credit!r} needs a group around the name")
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """The addresses that stand in the declaration itself: home, warm-up, and every place of discovery."""
        warm_up = (self.quirks.warm_up,) if self.quirks.warm_up else ()
        return (self.home, *warm_up, *self.feeds, *self.sitemaps, *(listing.url for listing in self.listings))

    @cached_property
    def allowed_hosts(self) -> frozenset[str]:
        """Every host this source may be asked at, in lower case: those of its places, and ``hosts``."""
        declared = (*(urlsplit(place).hostname or "" for place in self.places), *self.hosts)
        return frozenset(host.lower().rstrip(".") for host in declared)

    @cached_property
    def ports(self) -> frozenset[int]:
        """The ports named in its places (besides 80 and 443, which are always allowed)."""
        return frozenset(port for place in self.places if (port := urlsplit(place).port) is not None)


def load_sources(path: Path) -> tuple[Source, ...]:
    """All sources of a file, in its order.

    Raises ConfigurationError naming every problem in it: unknown keys, duplicate ids, bad patterns and selectors,
    relative addresses.
    """
    data = read_toml(path)
    problems = [Problem(str(path), key, "unknown key") for key in data if key != "source"]
    entries = data.get("source", [])
    if not isinstance(entries, list) or not entries:
        problems.append(Problem(str(path), "source", "there is no [[source]] in this file"))
        entries = []
    sources = [_read_source(entry, number, path, problems) for number, entry in enumerate(entries, 1)]
    good = [source for source in sources if source is not None]
    problems.extend(_duplicates(good, path))
    if problems:
        raise ConfigurationError(problems)
    return tuple(good)


def _read_source(entry: object, number: int, path: Path, problems: list[Problem]) -> Source | None:
    name = f"source {entry.get('id', number)}" if isinstance(entry, dict) else f"source {number}"
    try:
        return Source.model_validate(entry)
    except ValidationError as error:
        problems.extend(problems_of(error, path, name))
        return None


def _duplicates(sources: Iterable[Source], path: Path) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for source in sources:
        if source.id in seen:
            problems.append(Problem(str(path), f"source {source.id}", "this id is used twice"))
        seen.add(source.id)
    return problems


def source_of(url: str, sources: Iterable[Source]) -> Source | None:
    """The source that an address belongs to: the one whose article pattern matches, else whose host it is."""
    sources = tuple(sources)
    for source in sources:
        if re.search(source.article, url):
            return source
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return None
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return next((source for source in sources if {host, twin} & source.allowed_hosts), None)
