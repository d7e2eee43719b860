"""``vietlao rejudge``."""

from datetime import datetime
from pathlib import Path

import click

from monitor.app import MOMENT, App, pass_app
from monitor.commands.judge import topic_of
from monitor.rejudging import exit_code, judge_all, report
from monitor.stories import fold_waiting
from relevance.topic import Topic
from store.database import Store
from store.lock import writer_lock
from store.rejudge import Anew, Outcome, apply


@click.command()
@click.option("--topic", "topic_path", type=click.Path(path_type=Path), metavar="FILE", help="Another topic file.")
@click.option("--people", "people_path", type=click.Path(path_type=Path), metavar="FILE", help="Another people file.")
@click.option("--since", type=MOMENT, help="Only what was stored since then, and whatever is marked relevant.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@pass_app
@click.pass_context
def rejudge(
    ctx: click.Context,
    app: App,
    topic_path: Path | None,
    people_path: Path | None,
    since: datetime | None,
    dry_run: bool,
) -> None:
    """Judge what was read before by the rules of now.

    Run it after an edit of the topic or people file, when `backtest` shows what you want. Verdicts that are replaced are kept
    with their rules. What becomes keep is told in the next digest, also when an earlier one had it as marginal; what leaves is
    listed here, and earlier digests stay as they were sent. May be interrupted and run again: only what these rules have not
    judged is judged. Pages that were put aside unread and whose headline by now names the partner are fetched again by the
    next crawl. Exit code 1 when an article marked relevant was lost.

    \b
    Example:
      vietlao rejudge --dry-run
      vietlao rejudge
    """
    topic = topic_of(app, topic_path, people_path)
    if dry_run:
        with Store.open(app.home.path, clock=app.clock, make=False) as store:
            outcome = judge_all(app, store, topic, since)
    else:
        app.home.require_store()
        with writer_lock(app.home.path), Store.open(app.home.path, clock=app.clock, make=False) as store:
            outcome = _apply_all(app, store, topic, since)
    report(app, outcome)
    if topic_path or people_path:
        seeds = f"{app.seed('topic.toml')} and {app.seed('people.toml')}"
        app.say(f"Crawls go on with {seeds}: put the files tried here in their place.")
    ctx.exit(exit_code(outcome))


def _apply_all(app: App, store: Store, topic: Topic, since: datetime | None) -> Outcome:
    """A run of its own; what was judged before an interruption stays judged."""
    run = store.begin_run("rejudge")

    def each(anew: Anew) -> None:
        apply(store, anew, run)

    try:
        outcome = judge_all(app, store, topic, since, each)
    except KeyboardInterrupt:
        store.end_run(run, "interrupted", "ended by hand")
        app.warn("interrupted: what was judged so far is stored; run it again for the rest")
        raise
    except Exception as error:
        store.end_run(run, "failed", str(error))
        raise
    for url in outcome.named:
        store.fetch_again(url, f"by rules {outcome.rules} its headline names what it should: to be fetched again", run)
    store.end_run(run, "finished")
    for fault in fold_waiting(app.home, store, app.errors):
        app.warn(f"unexpected: {fault}")
    return outcome
