"""``vietlao crawl`` and ``vietlao run``."""

import os
from datetime import datetime

import click

from monitor.app import MOMENT, App, now, pass_app
from monitor.crawl import CrawlResult, chosen
from monitor.crawl import crawl as crawl_sources
from monitor.digests import digest_home
from monitor.progress import display_on
from store.lock import WriterLock, writer_lock


def crawl_home(app: App, wanted: tuple[str, ...], since: datetime | None, lock: WriterLock) -> CrawlResult:
    """Crawl with the app's home, seeds and console, and print how it went."""
    home = app.home
    sources = chosen(app.sources, wanted or home.config.crawl.sources, home.seed("sources.toml"))
    environment = dict(os.environ)
    if home.config.crawl.proxy:
        environment |= {"http_proxy": home.config.crawl.proxy, "https_proxy": home.config.crawl.proxy}
    result = crawl_sources(home, sources, lock, lambda total: display_on(app.console, total), environment, now, since=since)
    report(app, result)
    return result


def report(app: App, result: CrawlResult) -> None:
    """The end of a crawl in a few lines: sums, the sources that failed and why, what broke."""
    counts = result.counts
    sums = ", ".join(f"{counts.sum(name)} {name}" for name in ("pages", "kept", "marginal", "dropped", "failed"))
    app.say(f"{len(result.outcomes)} sources: {sums}")
    for outcome in result.outcomes:
        if outcome.state in ("failed", "skipped"):
            app.say(f"  {outcome.source} {outcome.state}: {outcome.reason}")
    for bug in result.bugs:
        app.warn(f"unexpected: {bug} (the log has the traceback)")


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", type=MOMENT, help="Walk sitemaps and listing pages back to this date (2026-11-01, 7d).")
@pass_app
@click.pass_context
def crawl(ctx: click.Context, app: App, ids: tuple[str, ...], since: datetime | None) -> None:
    """Fetch what is new from every source, or from those named, and judge and store it.

    \b
    Example:
      vietlao crawl qdnd-en vietnamplus --since 2026-11-01
    """
    with writer_lock(app.home.path) as lock:
        result = crawl_home(app, ids, since, lock)
    ctx.exit(result.exit_code)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", type=MOMENT, help="Walk sitemaps and listing pages back to this date (2026-11-01, 7d).")
@click.option("--mail", is_flag=True, help="Send the digest by mail.")
@pass_app
@click.pass_context
def run(ctx: click.Context, app: App, ids: tuple[str, ...], since: datetime | None, mail: bool) -> None:
    """Crawl, then render the digest of what is new.

    The digest is made even when sources failed: its coverage statement says which.

    \b
    Example:
      vietlao --home ~/vietlao run --mail
    """
    with writer_lock(app.home.path) as lock:
        result = crawl_home(app, ids, since, lock)
        code = digest_home(app, since=None, until=None, mail=mail)
    ctx.exit(result.exit_code or code)
