"""``sources add``: look at a site through the guards of a crawl, and make a source entry of what was found."""

import tempfile
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


def new_entry(app: App, url: str) -> str:
    """A source entry for the site at ``url``, loaded once to be sure that it can be; progress goes to standard error.

    Raises NotFetched when the site could not be reached at all.
    """
    url = with_scheme(url)
    if known := source_of(url, app.sources):
        app.warn(f"{url} lies on a site that the source {known.id} watches already; looking all the same")
    looked, pages = look(app, url)
    if looked.needs_browser and missing() is None:
        app.warn("it needs a browser, and one is here: looking again with it")
        looked, pages = look(app, url, "--browser")
        looked.needs_browser = True
    if not looked.reached and not looked.needs_browser:
        raise NotFetched("; ".join(looked.problems) or f"{url} gave nothing")
    looked.name = name_of(looked, pages)
    # without any rule, as the source will start
    articles = [to_article(page, None, now=app.clock()) for page in pages]
    entry = entry_of(looked, articles, [source.id for source in app.sources])
    loaded(entry)
    return entry


def with_scheme(url: str) -> str:
    """An address as a person types it, made a web address: ``paper.vn`` is ``https://paper.vn/``."""
    url = url if "://" in url else f"https://{url}"
    return url if urlsplit(url).path else f"{url}/"


def look(app: App, url: str, *options: str) -> tuple[Looked, list[Page]]:
    """What the child saw, and the pages of the articles it read."""
    looked, pages = None, []
    for line in lines_of(app, "spiders.look", [*options, url]):
        if line["kind"] == "place":
            app.warn(told(line))
        elif line["kind"] == "page":
            pages.append(page_from_json(line["page"]))
        elif line["kind"] == "look":
            looked = Looked.read(line)
    if looked is None:
        raise NotFetched("the look ended early; its message stands above")
    return looked, pages


def told(line: dict[str, Any]) -> str:
    """One request, for whoever waits."""
    outcome = line["problem"] or (f"{line['items']} found" if line["items"] else "read")
    return f"{line['by']:8} {line['address']}: {outcome}"


def name_of(looked: Looked, pages: list[Page]) -> str | None:
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
