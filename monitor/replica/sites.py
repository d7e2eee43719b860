"""The sites of the replica, as declared in ``sites/*.toml``: hosts, addresses, places of discovery, oddities."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "sites"

TrapKind = Literal[
    "missing", "gone", "error", "busy", "forbidden", "offsite", "inside", "deleted", "empty", "slow", "endless", "bomb", "twin"
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feeds(_Strict):
    """Feed paths, each with its sections (``*``: all), and how this site writes feeds.

    ``declared`` is the encoding in the XML declaration (the bytes are always UTF-8); ``dates`` is rfc, gmt7, us or none;
    ``entities`` writes accented letters as character references inside CDATA; ``tracking`` is appended to links.
    """

    paths: dict[str, tuple[str, ...]] = {}
    declared: str = "utf-8"
    bom: bool = False
    dates: Literal["rfc", "gmt7", "us", "none"] = "rfc"
    entities: bool = False
    tracking: str = ""


class Sitemaps(_Strict):
    """An index with one child a period (``children`` holds ``{year}``, ``{month}``, ``{day}``), and a Google News sitemap."""

    index: tuple[str, ...] = ()
    children: str = ""
    others: tuple[str, ...] = ()
    news: tuple[str, ...] = ()


class Place(_Strict):
    """A listing page; ``pages`` is the path of page N with ``{page}`` in it. ``service`` is the path of the JSON that a script
    fills the page from; without running it there is no link on the page."""

    path: str
    sections: tuple[str, ...] = ("*",)
    pages: str = ""
    service: str = ""
    size: int = 8


class Frame(_Strict):
    """The class names around a link on this site's listings."""

    box: str = "list"
    item: str = "story"
    heading: str = "h3"
    heading_class: str = ""
    link_class: str = ""
    dates: bool = True


class Trap(_Strict):
    """An address that is listed among the articles and does not behave like one. ``of`` is the number of the article
    that a twin shows; ``to`` is where a redirect leads; ``host`` is set when it is not the site's own."""

    kind: TrapKind
    path: str
    title: str = ""
    published: datetime | None = None
    host: str = ""
    of: str = ""
    to: str = ""


class Site(_Strict):
    """One edition of one outlet, or a host that only republishes.

    ``article`` makes the path of an article from ``{section}``, ``{slug}`` and ``{number}``; ``identity`` finds the number
    in a path, so that an old slug still answers; ``numbers`` makes a number from ``{serial}`` or the time when the article
    file names none. ``gate`` is ``self-redirect`` (302 to itself until a cookie is kept) or ``script`` (a page that sets a
    cookie and reloads). ``visible`` is the strftime form of the date on the page, with ``{weekday}`` for its Vietnamese name.
    """

    id: str
    name: str
    host: str
    layout: str
    lang: Literal["vi", "en"]
    article: str
    source: str = ""
    aliases: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    scheme: Literal["http", "https"] = "https"
    identity: str = r"$^"
    numbers: str = "{serial}"
    serial: int = 200000
    visible: str = "%d/%m/%Y %H:%M"
    encoding: str = "utf-8"
    gate: Literal["", "self-redirect", "script"] = ""
    gate_cookie: str = ""
    robots: str = "User-agent: *\nAllow: /\n"
    feeds: Feeds = Feeds()
    sitemaps: Sitemaps = Sitemaps()
    listings: tuple[Place, ...] = ()
    frame: Frame = Frame()
    traps: tuple[Trap, ...] = ()
    menu: tuple[str, ...] = ()
    promos: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that answers as this site; ``moved`` ones only point to the first."""
        return (self.host, *self.aliases, *self.moved, *(trap.host for trap in self.traps if trap.host))


@cache
def load_sites() -> dict[str, Site]:
    """All sites by id, in the order of their file names."""
    files = sorted(FOLDER.glob("*.toml"))
    return {site.id: site for site in (Site.model_validate(tomllib.loads(file.read_text("utf-8"))) for file in files)}


def by_host(sites: Iterable[Site]) -> dict[str, tuple[Site, ...]]:
    """The editions that each host answers as, for hosts that carry more than one."""
    editions: dict[str, tuple[Site, ...]] = {}
    for site in sites:
        for host in dict.fromkeys(site.hosts):
            editions[host] = (*editions.get(host, ()), site)
    return editions
