"""``vietlao mark``."""

import difflib
import getpass
import json
from typing import BinaryIO

import click

from monitor.app import App, pass_app
from monitor.marks import exported
from monitor.naming import number_or_address
from spiders.errors import MonitorError
from store.database import Store
from store.marked import LABELS, Label
from store.wording import counted

# What has become of an address (store.fates), beside the mark.
FATES = {
    "keep": "it is kept",
    "marginal": "it is kept as marginal",
    "dropped": "it was dropped",
    "waiting": "it was not read yet; the next crawl reads it",
    "retry": "it could not be read yet and is tried again; `vietlao why` says when",
    "failed": "it could not be read, and is not tried again; `vietlao why` says why",
    "rejected": "it was not to be read; `vietlao why` says why",
    "gone": "it was gone when it was asked for",
}


@click.command()
@click.argument("what", metavar="[URL|ID]", required=False)
@click.argument("label", type=click.Choice(LABELS), required=False)
@click.option("--note", default="", metavar="TEXT", help="Why; kept with the mark.")
@click.option("--by", metavar="NAME", help="Who says so (default: your login name).")
@click.option("--export", type=click.File("wb", lazy=True), metavar="FILE", help="Write what was marked.")
@pass_app
def mark(app: App, what: str | None, label: Label | None, note: str, by: str | None, export: BinaryIO | None) -> None:
    """Say what an article really is.

    That is relevant, marginal or irrelevant. Takes any address that was ever seen, dropped ones too, or an article's number.
    Marking again is allowed: the last mark counts, all are kept, and `why` tells them. `backtest` holds new rules against the
    marks. Works while a crawl runs.

    With --export, writes everything marked that has a text to FILE (- for standard output) instead, one JSON object a line
    with id, url, title, lead, text, lang, site, label (2 relevant, 1 marginal, 0 irrelevant) and kind, as `evaluate` reads it.

    \b
    Example:
      vietlao mark https://en.qdnd.vn/military/news/some-article-552224 relevant --note "joint patrol"
      vietlao mark --export marked.jsonl
    """
    if export is not None:
        if what is not None:
            raise click.UsageError("give either an article to mark or --export FILE")
        _export(app, export)
        return
    if what is None or label is None:
        raise click.UsageError(f"give an address or an article's number, and one of {', '.join(LABELS)}")
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        try:
            made = store.mark(number_or_address(what), label, by or login_name(), note, app.sources)
        except LookupError:
            raise MonitorError(_unknown(store, what)) from None
        app.say(f"{made.url} is marked {made.label} ({told_fate(made.fate)})")


def login_name() -> str:
    """Who works here, by the system's account."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def told_fate(fate: str) -> str:
    """What has become of it, beside the mark."""
    return FATES.get(fate, f"it is {fate}")


def _unknown(store: Store, what: str) -> str:
    if what.isdecimal():
        return f"there is no article {what}; `vietlao why URL` tells an article's number"
    close = difflib.get_close_matches(what, store.addresses_near(what), n=1, cutoff=0.8)
    hint = f"did you mean {close[0]}?" if close else "is it whole, with https:// in front?"
    return f"{what} was never seen, so there is nothing to mark; {hint} `vietlao why` says whether its source is watched"


def _export(app: App, target: BinaryIO) -> None:
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        marked = store.last_marks()
    lines = exported(marked)
    told = (json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for line in lines)
    target.write(b"".join(told))  # which opens the file: an older export stays when there is nothing to read from
    left = len(marked) - len(lines)
    app.warn(counted(len(lines), "marked article") + (f"; {left:,} without a stored text left out" if left else ""))
