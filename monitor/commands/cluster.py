"""``vietlao cluster``."""

import json
import sys
from calendar import monthrange
from datetime import date, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click
import regex

from monitor.app import App, pass_app
from relevance.lines import kind_of, read_object, strings_of
from relevance.words import nfc
from store.stories.dates import Span
from store.stories.features import Report
from store.stories.grouping import group
from store.stories.vocabulary import load_vocabulary

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@click.command()
@click.option(
    "--jsonl",
    "source",
    required=True,
    metavar="FILE",
    type=click.File("rb"),
    help="Articles, one JSON object a line: id url site lang published title text. - reads standard input.",
)
@pass_app
def cluster(app: App, source: BinaryIO) -> None:
    """Group articles into stories and find reprints.

    Reads all lines, in the order in which the articles became known, and prints one object a line in the same order: id,
    story (a number that reports of one event share) and duplicate_of (the id of the earlier article whose text this one
    repeats, or null). One story is one occasion: a visit's talks and its courtesy calls are stories of their own, and so are
    a farewell ceremony and the burial that follows; a report of several belongs to the one its headline and lead tell.

    A bad line is answered in its place with {"error"}; the exit code is then 1.

    \b
    Example:
      vietlao cluster --jsonl articles.jsonl
    """
    lines = [(number, _read(line, number)) for number, line in enumerate(source, 1) if line.strip()]
    ids = {str(number): given for number, (given, _) in ((n, r) for n, r in lines if isinstance(r, tuple))}
    reports = [read[1] for _, read in lines if isinstance(read, tuple)]
    grouped = {one.id: one for one in group(reports, load_vocabulary(app.seed("people.toml")))}
    failed = False
    for number, read in lines:
        if isinstance(read, str):
            failed = True
            app.warn(f"line {number}: {read}")
            click.echo(json.dumps({"error": read}, ensure_ascii=False))
            continue
        one = grouped[str(number)]
        original = ids[one.duplicate_of] if one.duplicate_of else None
        click.echo(json.dumps({"id": read[0], "story": one.story, "duplicate_of": original}, ensure_ascii=False))
    sys.exit(1 if failed else 0)


def _read(line: bytes, number: int) -> tuple[object, Report] | str:
    """The line's id as given and its report (under the line's number), or what is wrong with it."""
    row = read_object(line)
    if isinstance(row, str):
        return row
    if row.get("id") is None:
        return "has no id"
    if not isinstance(row["id"], str | int):
        return f"id is {kind_of(row['id'])}, not a string or a number"
    texts = strings_of(row, ("url", "site", "lang", "title", "text"))
    if isinstance(texts, str):
        return texts
    if not (texts["text"] or texts["title"]).strip():
        return "has no text"
    try:
        published = _published(row.get("published"))
    except ValueError:
        return f"published is {row['published']!r}, not a day (2026-11-21) or a time (2026-11-21T07:00:00+07:00)"
    return row["id"], Report(
        str(number),
        nfc(texts["title"]),
        nfc(texts["text"]),
        texts["url"],
        texts["site"],
        texts["lang"] or None,
        published,
    )


def _published(value: object) -> datetime | date | Span | None:
    """A time (Vietnam's where it names no zone), a day, a month or year as a span, or None when it is missing."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("must be a string")
    if regex.fullmatch(r"\d{4}", value):
        return Span(date(int(value), 1, 1), date(int(value), 12, 31))
    if regex.fullmatch(r"\d{4}-\d\d", value):
        first = date.fromisoformat(f"{value}-01")
        return Span(first, first.replace(day=monthrange(first.year, first.month)[1]))
    if regex.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
