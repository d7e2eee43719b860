"""``vietlao crawl`` and ``vietlao run``."""

import os
from datetime import datetime

import click

from monitor.app import MOMENT, App, now, pass_app
from monitor.cleaning import clean_home
from monitor.config import CONFIG_NAME
from monitor.crawl import NOTHING_REACHED, CrawlResult, chosen, told_moved
from monitor.crawl import crawl as crawl_sources
from monitor.digests import digest_home, mail_settings_of
from monitor.offline import briefly, common_fault
from monitor.progress import display_on
from relevance.topic import load_topic
from spiders.sources import Source
from store.database import Store
from store.lock import WriterLock, writer_lock
from store.wording import counted


def ready(app: App, wanted: tuple[str, ...]) -> list[Source]:
    """The sources to crawl, when everything a crawl reads is in order. Raises ConfigurationError before anything is begun: a
    crawl that starts with a broken topic would fail on every page."""
    home = app.home
    load_topic(app.seed("topic.toml"), app.seed("people.toml"))
    if wanted:
        return chosen(app.sources, wanted, app.seed("sources.toml"))
    return chosen(app.sources, home.config.crawl.sources, home.path / CONFIG_NAME)


def crawl_home(app: App, sources: list[Source], since: datetime | None, lock: WriterLock) -> CrawlResult:
    """Crawl with the app's home, seeds and console, and print how it went."""
    home = app.home
    if (home.path / CONFIG_NAME).exists() and not home.seeds.is_dir():
        app.say(f"sources and rules: {home.told_seeds}")
    environment = dict(os.environ)
    if home.config.crawl.proxy:
        environment |= {"http_proxy": home.config.crawl.proxy, "https_proxy": home.config.crawl.proxy}
    result = crawl_sources(
        home, sources, lock, lambda total: display_on(app.console, total), environment, now, since, console=app.errors
    )
    report(app, result)
    return result


def report(app: App, result: CrawlResult) -> None:
    """The end of a crawl in a few lines: sums, the sources that failed or were not read to their end and why, what broke."""
    tried = [outcome.reason for outcome in result.outcomes if outcome.state != "skipped"]
    offline = common_fault(tried) if result.exit_code == NOTHING_REACHED else None
    if offline:
        app.say(offline)
    read = sum(outcome.state in ("read", "partly") and not outcome.unread for outcome in result.outcomes)
    app.say(f"{read} of {counted(len(result.outcomes), 'source')} read: {told_moved(result.moved)}")
    for outcome in result.outcomes:
        if outcome.state in ("failed", "skipped"):
            app.say(f"  {outcome.source} {outcome.state}: {briefly(outcome.reason) if offline else outcome.reason}")
        elif outcome.unread:
            app.say(f"  {outcome.source} not read to the end: {outcome.reason}")
    for bug in result.bugs:
        app.warn(f"unexpected: {bug} (the log has the traceback)")
    if result.stopped:
        waiting = f"{counted(result.unread, 'address', 'addresses')} found and not read; " if result.unread else ""
        app.say(f"stopped: {waiting}what was fetched is stored, and the next crawl goes on from there")


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", type=MOMENT, help="Walk sitemaps and listing pages back to this date (2026-11-01, 7d).")
@pass_app
@click.pass_context
def crawl(ctx: click.Context, app: App, ids: tuple[str, ...], since: datetime | None) -> None:
    """Fetch what is new, judge it and store it.

    From every source that is on, or from those named.

    \b
    Example:
      vietlao crawl qdnd-en vietnamplus --since 2026-11-01
    """
    sources = ready(app, ids)
    with writer_lock(app.home.path) as lock:
        result = crawl_home(app, sources, since, lock)
    ctx.exit(result.exit_code)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", type=MOMENT, help="Walk sitemaps and listing pages back to this date (2026-11-01, 7d).")
@click.option("--mail", is_flag=True, help="Send the digest by mail.")
@pass_app
@click.pass_context
def run(ctx: click.Context, app: App, ids: tuple[str, ...], since: datetime | None, mail: bool) -> None:
    """Crawl, then render the digest of what is new.

    The digest is made even when sources failed: its coverage statement says which. Then raw pages whose time is over leave the
    archive (see `archive`).

    \b
    Example:
      vietlao --home ~/vietlao run --mail
    """
    sources = ready(app, ids)
    if mail:
        mail_settings_of(app)  # a mistake there is told before an hour of crawling, not after it
    with writer_lock(app.home.path) as lock:
        result = crawl_home(app, sources, since, lock)
        if result.stopped:
            app.say("no digest was made; `vietlao digest` makes one of what is stored")
            ctx.exit(result.exit_code)
        code = digest_home(app, since=None, until=None, mail=mail)
        with Store.open(app.home.path, clock=app.clock) as store:
            code = clean_home(app, store) or code
    ctx.exit(result.exit_code or code)
