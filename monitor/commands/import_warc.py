"""``vietlao import``."""

from pathlib import Path

import click

from monitor.app import App, pass_app
from monitor.batches import FAULTS_SHOWN, crew_for, shown, told_import, workers_option
from monitor.stories import fold_waiting
from store.archive import Archive
from store.batch.crew import Crew
from store.batch.imports import Taken, fingerprint_of, refuse_own, take_in
from store.batch.work import Setup
from store.database import Store
from store.lock import writer_lock


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.warc.gz...")
@click.option("--again", is_flag=True, help="Take in a file from its beginning, though it was taken in before.")
@workers_option
@pass_app
@click.pass_context
def import_(ctx: click.Context, app: App, files: tuple[Path, ...], again: bool, workers: int | None, dask: str | None) -> None:
    """Take pages from WARC files.

    These may be Common Crawl's news, another crawler's, or an archive of this program. Each page is judged like one that was
    fetched; what names Laos is archived, and `vietlao why` tells from which file and record it came. Pages of sites that no
    source lists are taken too. Where a page shows another wording of a stored article, that becomes a version of it at its
    own time (`history`): what was seen last stands. What was fetched more than two weeks ago is in no digest. What is damaged
    in a file is named and passed over, and a page that could not be read is named. No page is archived twice, and files of
    the home's own archive are refused (`reprocess` reads those). Stopped with Ctrl-C, the same command goes on from there. Exit
    code 1 when something was damaged.

    \b
    Example:
      vietlao import CC-NEWS-20261101000000-00001.warc.gz
    """
    for path in files:
        fingerprint_of(path)  # a mistyped name is told before hours of work, not after
    setup = Setup(app.topic, app.sources)
    locked = writer_lock(app.home.path)
    with locked, crew_for(setup, workers, dask) as crew, Store.open(app.home.path, clock=app.clock) as store:
        for path in files:
            refuse_own(store, app.home.path, path)
        store.know_sources(app.sources)
        run = store.begin_run("import")
        with Archive(app.home.path, store) as archive:
            taken = [_take_in(app, store, archive, setup, crew, path, run, again) for path in files]
        store.end_run(run, "finished")
        for url, reason in store.broken_pages(run):
            app.warn(f"unexpected: {url}: {reason}")
        for fault in fold_waiting(app.home, store, app.errors):
            app.warn(f"unexpected: {fault}")
    ctx.exit(1 if any(one.faults for one in taken) else 0)


def _take_in(app: App, store: Store, archive: Archive, setup: Setup, crew: Crew, path: Path, run: int, again: bool) -> Taken:
    """Take in one file and say what it came to."""
    taken = Taken(path.name)
    done = taken.records
    try:
        for _ in shown(app, take_in(store, archive, setup, crew, path, run, taken, again=again), path.name, None):
            done = taken.records
    except KeyboardInterrupt:
        store.end_run(run, "interrupted", "ended by hand")
        app.warn(f"{path.name}: stopped after record {done:,}: the same command goes on from there")
        raise
    if not done:
        app.say(f"{told_import(taken)}. It was taken in before; --again takes it in anew.")
        return taken
    app.say(told_import(taken))
    _tell(app, [f"{path.name} record {number}: {reason}" for number, reason in taken.faults], f"damaged in {path.name}")
    _tell(app, [f"{url}: could not be read: {reason}" for url, reason in taken.failed], f"not read in {path.name}")
    return taken


def _tell(app: App, lines: list[str], what: str) -> None:
    """The first lines, and how many more there are of what."""
    for line in lines[:FAULTS_SHOWN]:
        app.warn(line)
    if len(lines) > FAULTS_SHOWN:
        app.warn(f"and {len(lines) - FAULTS_SHOWN:,} more {what}")
