"""``vietlao stories``."""

import json
from datetime import datetime

import click

from monitor.app import END, MOMENT, App, pass_app
from spiders.errors import MonitorError
from store.database import Store
from store.storykeeping import LISTED
from store.storytold import KINDS, as_json, story_line
from store.wording import counted


@click.command()
@click.option("--since", type=MOMENT, help="Reported since then (2026-11-01, 7d).")
@click.option("--until", type=END, help="Reported before then; a bare date is within, to its end in Vietnam.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Of this kind only.")
@click.option("--limit", default=LISTED, show_default=True, type=click.IntRange(1, 100_000), help="Show at most so many.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line instead.")
@pass_app
def stories(app: App, since: datetime | None, until: datetime | None, kind: str | None, limit: int, as_lines: bool) -> None:
    """List what happened, the last reported first.

    One event is one story, whoever reported it and in whatever language. Each says what it was, when and where, how many
    independent reports it has and how many outlets only took a text over. `story ID` tells one in full.

    \b
    Example:
      vietlao stories --since 30d --kind talks
    """
    if since and until and since >= until:
        raise MonitorError("--since: lies after --until")
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        found = store.stories(since, until, kind, limit + 1)
        waiting = store.unfolded()
    for story in found[:limit]:
        if as_lines:
            click.echo(json.dumps(as_json(story), ensure_ascii=False))
        else:
            app.say_fitting(story_line(story))
    if not found and not as_lines:
        app.say("No story fits: none was reported, or none of this kind and time.")
    if len(found) > limit:
        app.warn(f"There are more than these {limit}: add --limit, --since, --until or --kind.")
    if waiting:
        app.warn(f"{counted(waiting, 'article')} not in a story yet; the next crawl or digest puts that right.")
