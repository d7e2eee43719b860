"""``vietlao reprocess``."""

import re
from contextlib import nullcontext
from datetime import datetime

import click

from monitor.app import MOMENT, App, pass_app
from monitor.batches import FAULTS_SHOWN, crew_for, shown, summary_of, told_change, workers_option
from monitor.crawl import chosen
from monitor.stories import fold_waiting
from store.archive import FOLDER, SUFFIX, Archive
from store.batch.again import Change, Reread, read_again
from store.batch.crew import Crew
from store.batch.work import Setup
from store.database import Store
from store.lock import writer_lock
from store.wording import counted

ALL_READ = "nothing to read again: all these pages of the archive were read by this code and these seeds already"
IN_ARCHIVE = re.compile(rf"\b{FOLDER}/(\S+?{re.escape(SUFFIX)})")


@click.command()
@click.option("--since", type=MOMENT, help="Only pages fetched since then (2026-11-01, 7d).")
@click.option("--source", metavar="ID", help="Only pages of this source.")
@click.option("--apply", "wants_apply", is_flag=True, help="Make it so, instead of showing what would change.")
@workers_option
@pass_app
@click.pass_context
def reprocess(
    ctx: click.Context,
    app: App,
    since: datetime | None,
    source: str | None,
    wants_apply: bool,
    workers: int | None,
    dask: str | None,
) -> None:
    """Read archived pages again with the code of now.

    Extracts and judges them with the seeds of now, too. Shows what would change in texts, times and verdicts; with --apply
    that is stored. Verdicts that are replaced are kept, and what rises to keep is told in the next digest. Every page is read
    once for a version of code and seeds: stopped with Ctrl-C, the same command goes on from there, and --apply reads only
    those pages that change. Exit code 1 when a page cannot be read.

    \b
    Example:
      vietlao reprocess --since 30d
      vietlao reprocess --since 30d --apply
    """
    if source is not None:
        chosen([one.model_copy(update={"enabled": True}) for one in app.sources], [source], app.seed("sources.toml"))
    setup = Setup(app.topic, app.sources)
    locked = writer_lock(app.home.path) if wants_apply else nullcontext()
    opened = Store.open(app.home.path, clock=app.clock, make=False)
    with opened as store, locked, crew_for(setup, workers, dask) as crew:
        numbers = store.to_read_again(setup.version, since, source, with_changes=wants_apply)
        run = store.begin_run("reprocess") if wants_apply else None
        outcome = _read_all(app, store, setup, crew, numbers, run)
        if run is not None:
            store.end_run(
                run, "finished", f"{counted(len(outcome.faults), 'page')} could not be read" if outcome.faults else ""
            )
            app.say(f"{counted(outcome.pages, 'page')} read, {outcome.applied:,} changed" if numbers else ALL_READ)
            for fault in fold_waiting(app.home, store, app.errors):
                app.warn(f"unexpected: {fault}")
        else:
            _report(app, [Change.from_json(text) for text in store.changes(setup.version, since, source)], outcome)
    tell_faults(app, outcome.faults)
    ctx.exit(1 if outcome.faults else 0)


def tell_faults(app: App, faults: list[tuple[str, str]]) -> None:
    """The pages that could not be read, the first ones by name, and what to do where the archive is at fault."""
    for url, reason in faults[:FAULTS_SHOWN]:
        app.warn(f"{url}: {reason}")
    if len(faults) > FAULTS_SHOWN:
        app.warn(f"and {counted(len(faults) - FAULTS_SHOWN, 'more page')} that cannot be read")
    files = sorted({f"{FOLDER}/{name}" for _, reason in faults for name in IN_ARCHIVE.findall(reason)})
    if files:
        app.warn(
            f"Put back a copy of {', '.join(files)} under {app.home.path} and do this again. Without one nothing else is lost:"
            " the articles stay as they are stored. `vietlao archive --check` names all pages that cannot be read."
        )


def _read_all(app: App, store: Store, setup: Setup, crew: Crew, numbers: list[int], run: int | None) -> Reread:
    """Read the pages again, telling what is changed where it is."""
    outcome = Reread()
    with Archive(app.home.path, store) as archive:
        work = read_again(store, archive, setup, crew, numbers, outcome, run)
        try:
            for change in shown(app, work, "pages read", len(numbers)):
                if run is not None and change is not None and change.is_told:
                    app.say("\n".join(told_change(change)))
        except KeyboardInterrupt:
            if run is not None:
                store.end_run(run, "interrupted", "ended by hand")
            app.warn(f"stopped after {outcome.pages:,} of {counted(len(numbers), 'page')}: the same command goes on from there")
            raise
    return outcome


def _report(app: App, changes: list[Change], outcome: Reread) -> None:
    """What would change, verdicts first, then times, then texts."""
    told = [change for change in changes if change.is_told]
    for change in sorted(told, key=lambda one: (not one.is_of_verdict, "published" not in one.fields)):
        app.say("\n".join(told_change(change)))
    if not outcome.pages:
        app.say(ALL_READ)
    app.say(f"{counted(outcome.pages, 'page')} read now; {len(told):,} would change: {summary_of(told)}")
    if told:
        app.say("`vietlao reprocess --apply` (with the same options) makes it so.")
