"""``vietlao archive``."""

from contextlib import nullcontext

import click
from rich.table import Table

from monitor.app import App, pass_app
from monitor.cleaning import clean_home, megabytes
from store.archive import FOLDER, Archive
from store.database import Store
from store.lock import writer_lock
from store.retention import SizeReport, damaged_records, size_report, unreadable
from store.wording import counted


@click.command()
@click.option("--clean", is_flag=True, help="Remove the pages whose time is over.")
@click.option("--check", is_flag=True, help="Read every record back and name what is missing or damaged.")
@click.option("--wait", type=click.IntRange(0), default=0, show_default=True, help="With --clean: seconds to wait for a crawl.")
@pass_app
@click.pass_context
def archive(ctx: click.Context, app: App, clean: bool, check: bool, wait: int) -> None:
    """Say what the archive of raw pages holds, and for how long.

    Pages of kept articles and of what was marked relevant stay for ever, marginal ones a year, others 60 days. What was decided
    about a page always stays. `schedule` and the lines of `cron` clean every night ([schedule] clean), and `run` does at its
    end; never while a crawl is at work. The exit code is 1 when --clean met a damaged file (it moves what can be
    read to another one and leaves the rest, so this is told once), or --check anything that cannot be read.

    \b
    Example:
      vietlao archive --clean
    """
    home = app.home.path
    code = 0
    app.home.require_store()
    with writer_lock(home, wait=wait) if clean else nullcontext(), Store.open(home, clock=app.clock, make=False) as store:
        if clean:
            code = clean_home(app, store)
        report = size_report(store, home, app.clock())
        app.console.print(table(report))
        app.say(summary(report))
        faults = checked(app, store) if check else 0
    ctx.exit(1 if faults else code)


def checked(app: App, store: Store) -> int:
    """Name every page that cannot be read back, then whatever else is damaged in the files; returns how many there are."""
    with Archive(app.home.path, store) as pages:
        problems = [f"{url}: {problem}" for url, problem in unreadable(store, pages)]
    told = "\n".join(problems)
    others = []
    for name, offset, problem in damaged_records(store, app.home.path):
        place = f"{FOLDER}/{name} is damaged at byte {offset:,}"
        if f"{place}:" not in told and f"{place}, or" not in told:
            others.append(f"{place}: {problem}")
    for line in (*problems, *others):
        app.warn(line)
    if not problems:
        app.say("every page can be read")
    else:
        app.say(f"pages that cannot be read: {len(problems)}")
    if others:
        app.say(
            f"other damaged places: {len(others)}; there lie requests, or pages that the store does not know."
            " A copy of the file in its place mends it."
        )
    return len(problems) + len(others)


def table(report: SizeReport) -> Table:
    """A line for each fate of pages."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("what became of the page")
    shown.add_column("pages", justify="right")
    shown.add_column("compressed", justify="right")
    shown.add_column("the first goes")
    for line in report.fates:
        goes = line.next_expiry.isoformat() if line.next_expiry else "never"
        shown.add_row(line.fate, f"{line.pages:,}", megabytes(line.size), goes)
    return shown


def summary(report: SizeReport) -> str:
    over = f"; the time of {counted(report.expired, 'page')} is over (--clean removes them)" if report.expired else ""
    return f"{megabytes(report.on_disk)} in {counted(report.files, 'file')}{over}"
