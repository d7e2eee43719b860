"""``vietlao backtest``."""

import json
from datetime import datetime
from pathlib import Path

import click

from monitor.app import MOMENT, App, pass_app
from monitor.commands.judge import topic_of
from monitor.rejudging import as_json, exit_code, judge_all, report
from store.database import Store


@click.command()
@click.option("--topic", "topic_path", type=click.Path(path_type=Path), metavar="FILE", help="The topic file to try.")
@click.option("--people", "people_path", type=click.Path(path_type=Path), metavar="FILE", help="The people file to try.")
@click.option("--since", type=MOMENT, help="Only what was stored since then, and whatever is marked relevant.")
@click.option("--json", "wants_json", is_flag=True, help="Print one JSON object.")
@pass_app
@click.pass_context
def backtest(
    ctx: click.Context,
    app: App,
    topic_path: Path | None,
    people_path: Path | None,
    since: datetime | None,
    wants_json: bool,
) -> None:
    """Try other rules on what was read before, and change nothing.

    Judges the stored texts anew, and the archived pages of which no article came, and shows what would enter and leave the
    digests with the words that did it. Exit code 1 when an article marked relevant (see `mark`) would be lost: shown now,
    dropped then. Without files, the home's own seeds are tried, as they would be after an edit.

    \b
    Example:
      vietlao backtest --topic new-topic.toml --since 90d
      vietlao rejudge
    """
    topic = topic_of(app, topic_path, people_path)
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        outcome = judge_all(app, store, topic, since)
    if wants_json:
        click.echo(json.dumps(as_json(outcome), ensure_ascii=False, indent=2))
    else:
        report(app, outcome)
    ctx.exit(exit_code(outcome))
