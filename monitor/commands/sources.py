"""``vietlao sources`` and ``vietlao sources check``."""

import os

import click
from rich.table import Table

from monitor.app import App, Commands, pass_app
from monitor.checks import check_sources
from monitor.commands.sources_new import add, record
from monitor.crawl import chosen
from spiders.chromium import missing
from spiders.sources import Source
from store.wording import counted


@click.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def sources(ctx: click.Context) -> None:
    """List the sources, or check that they answer as described.

    \b
    Example:
      vietlao sources
      vietlao sources check qdnd-en
    """
    if ctx.invoked_subcommand is None:
        app = ctx.find_object(App)
        if app is not None:
            app.console.print(table(app.sources))


def table(listed: tuple[Source, ...]) -> Table:
    """The sources for a terminal of any width: identity, what they offer, and whether they are read."""
    note = (
        f"{counted(len(listed), 'source')}, {sum(source.enabled for source in listed)} on. f, s, l: feeds, sitemaps, listings"
    )
    shown = Table(box=None, pad_edge=False, header_style="bold", caption=note, caption_justify="left")
    shown.add_column("id", no_wrap=True)
    shown.add_column("name", overflow="fold", ratio=3)
    shown.add_column("in", no_wrap=True)
    for heading in ("f", "s", "l"):
        shown.add_column(heading, justify="right")
    shown.add_column("state", overflow="fold", ratio=2)
    for source in listed:
        places = (str(len(places) or "") for places in (source.feeds, source.sitemaps, source.listings))
        shown.add_row(source.id, source.name, " ".join(source.languages), *places, state(source))
    return shown


def state(source: Source) -> str:
    """Whether a source is read, and what is special about it."""
    if not source.enabled:
        return f"off: {source.reason}"
    marks = []
    if source.quirks.needs_browser:
        marks.append(missing(os.environ.get("VIETLAO_CHROMIUM", "")) or "in a browser")
    marks += ["certificates not verified"] if source.quirks.insecure_tls else []
    return ", ".join(["on", *marks])


@sources.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@pass_app
@click.pass_context
def check(ctx: click.Context, app: App, ids: tuple[str, ...]) -> None:
    """Fetch each address of a source and show what it gives.

    Reports status, number of items and the newest date of every feed, sitemap and listing, and one article as extracted.
    Nothing is stored.

    \b
    Example:
      vietlao sources check qdnd-en
    """
    picked = chosen(app.sources, ids, app.seed("sources.toml"))
    ctx.exit(check_sources(app, picked))


sources.add_command(add)
sources.add_command(record)
