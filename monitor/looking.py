"""``sources add``: look at sites through the guards of a crawl, and make source entries of what was found."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extract.encoding import decode
from extract.markup.claims import read_claims
from extract.markup.tree import parse
from extract.to_article import to_article
from monitor.app import App
from monitor.fetch import NotFetched, lines_of
from monitor.source_entry import entry_of
from spiders.check import page_from_json
from spiders.chromium import missing
from spiders.looked import Looked
from spiders.page import Page
from spiders.sources import Source, load_sources, source_of


@dataclass(slots=True)
class Site:
    """What the look at one site brought: ``looked`` is None while nothing was told of it."""

    looked: Looked | None = None
    pages: list[Page] = field(default_factory=list)


def new_entries(app: App, urls: Sequence[str]) -> Iterator[str]:
    """A source entry for each site that could be reached, each loaded once to be sure that it can be.

    Progress and what could not be reached go to standard error. Raises NotFetched at the end when some site gave nothing.
    """
    addresses = list(dict.fromkeys(map(with_scheme, urls)))
    for address in addresses:
        if known := source_of(address, app.sources):
            app.warn(f"{address} lies on a site that the source {known.id} watches already; looking all the same")
    taken = [source.id for source in app.sources]
    silent = []
    for address, site in look_well(app, addresses).items():
        looked = site.looked
        if looked is None or not (looked.reached or looked.needs_browser):
            silent.append("; ".join(looked.problems) if looked and looked.problems else f"{address}: the look ended early")
            continue
        entry = entry_for(app, looked, site.pages, taken)
        taken.append(loaded(entry).id)
        yield entry
    if silent:
        raise NotFetched("\n".join(silent))


def entry_for(app: App, looked: Looked, pages: Sequence[Page], taken: Sequence[str]) -> str:
    """The entry of one site. Its articles are extracted without any rule, as the source will start."""
    looked.name = name_of(looked, pages)
    return entry_of(looked, [to_article(page, None, now=app.clock()) for page in pages], taken)


def with_scheme(url: str) -> str:
    """An address as a person types it, made a web address: ``paper.vn`` is ``https://paper.vn/``."""
    url = url if "://" in url else f"https://{url}"
    return url if urlsplit(url).path else f"{url}/"


def look_well(app: App, addresses: Sequence[str]) -> dict[str, Site]:
    """A look at each site; where a browser is needed and there is one here, a second look through it."""
    sites = look(app, addresses)
    scripted = [address for address, site in sites.items() if site.looked and site.looked.needs_browser]
    if scripted and missing(os.environ.get("VIETLAO_CHROMIUM", "")) is None:
        app.warn(f"{', '.join(scripted)}: needs a browser, and one is here; looking again with it")
        sites |= look(app, scripted, "--browser")
        for address in scripted:
            if (looked := sites[address].looked) is not None:
                looked.needs_browser = True
    return sites


def look(app: App, addresses: Sequence[str], *options: str) -> dict[str, Site]:
    """What the child saw of each site, and the pages of the articles it read there."""
    sites = {address: Site() for address in addresses}
    for line in lines_of(app, "spiders.look", [*options, *addresses]):
        site = sites[line["source"]]
        if line["kind"] == "place":
            app.warn(told(line))
        elif line["kind"] == "page":
            site.pages.append(page_from_json(line["page"]))
        elif line["kind"] == "look":
            site.looked = Looked.read(line)
    return sites


def told(line: dict[str, Any]) -> str:
    """One request, for whoever waits."""
    outcome = line["problem"] or (f"{line['items']} found" if line["items"] else "read")
    return f"{line['by']:8} {line['address']}: {outcome}"


def name_of(looked: Looked, pages: Sequence[Page]) -> str | None:
    """What the site calls itself in its articles, else on its front page, if that could be decoded."""
    for page in pages:
        text = decode(page.body, page.header("Content-Type")).text
        if stated := read_claims(parse(text), page.url).first("og:site_name"):
            return stated
    return looked.name if looked.name and "\ufffd" not in looked.name else None


def loaded(entry: str) -> Source:
    """The entry read as a source file of its own. Raises ConfigurationError when it cannot be, which is a fault of ours."""
    with tempfile.TemporaryDirectory(prefix="vietlao-") as folder:
        file = Path(folder) / "sources.toml"
        file.write_text(entry, encoding="utf-8")
        return load_sources(file)[0]
