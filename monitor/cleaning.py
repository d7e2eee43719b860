"""Removing archived pages whose time is over: what ``archive --clean``, ``run`` and the schedule share."""

from monitor.app import App
from spiders.errors import MonitorError
from store.database import Store
from store.retention import Cleaned, clean_up
from store.wording import counted

BYTES = 1e6


def clean_home(app: App, store: Store) -> int:
    """Clean the archive as a run of its own, and say what went. Returns the exit code: 1 when a file was found to be damaged,
    which is told once, for what can be read has moved out of it by then. The caller holds the writer lock. Raises
    UnusableStore; the run is then recorded as failed."""
    run = store.begin_run("clean")
    try:
        done = clean_up(store, app.home.path, app.clock())
    except KeyboardInterrupt:
        store.end_run(run, "interrupted", "ended by hand")
        raise
    except MonitorError as error:
        store.end_run(run, "failed", str(error))
        raise
    store.end_run(run, "failed" if done.faults else "finished", "; ".join((told(done), *done.faults)))
    app.say(f"archive {told(done)}")
    for fault in done.faults:
        app.warn(f"{fault}. `vietlao archive --check` names these pages; a copy of the file in its place brings them back.")
    for path in done.unknown:
        told_unknown = f"{path} holds pages that this store does not know, so it was left alone"
        app.warn(f"{told_unknown}; `vietlao import` takes them in, and then you can remove the file.")
    return 1 if done.faults else 0


def told(done: Cleaned) -> str:
    """What a clean-up came to, in a line."""
    return (
        f"cleaned: {counted(done.pages, 'page')} removed, {megabytes(done.freed)} freed, {counted(done.files, 'file')} changed"
    )


def megabytes(size: int) -> str:
    return f"{size / BYTES:,.1f} MB"
