"""``vietlao review``."""

import secrets
from datetime import datetime, timedelta

import click

from digest.recall import explained
from monitor.app import MOMENT, App, pass_app
from monitor.commands.mark import login_name
from monitor.reviewing import Tally, ask_all
from store.database import Store
from store.marked import Candidate, Sample
from store.wording import local_time

WINDOW = timedelta(days=30)
# With 300 looked at and none found, a stratum holds at most 1.2 % relevant ones: finer than anybody has yet answered.
DRAWN = 300
# An answered sample is not drawn again within a day: what came since is too little to learn from.
REST = timedelta(days=1)


@click.command()
@click.option("--borderline", default=10, show_default=True, type=click.IntRange(0), help="How many near a border.")
@click.option("--sample", default=20, show_default=True, type=click.IntRange(0), help="How many of the random sample.")
@click.option("--since", type=MOMENT, help="Ask about what was seen since then (default: 30 days back).")
@click.option("--new-sample", is_flag=True, help="Draw anew, although the last sample is not answered.")
@click.option("--seed", type=int, help="Draw with this seed (default: by chance; it is kept with the sample).")
@click.option("--estimate", "only_estimate", is_flag=True, help="Ask nothing, print the estimate.")
@click.option("--by", metavar="NAME", help="Who answers (default: your login name).")
@pass_app
def review(
    app: App,
    borderline: int,
    sample: int,
    since: datetime | None,
    new_sample: bool,
    seed: int | None,
    only_estimate: bool,
    by: str | None,
) -> None:
    """Be asked about borderline items and a random sample.

    The sample is of what was dropped. One key each: r relevant, m marginal, i irrelevant, s skip, q quit; every answer is
    stored at once. From a pipe, one line an answer, with a note behind the key if you like. A sample is drawn from what was
    dropped and not yet marked, in two strata: judged (the text is stored) and unread (put aside without one; headline and
    address are shown). It is kept with its seed and order, and later sessions go on where the last one ended, until it is 30
    days old. From it comes an estimate of recall with its interval, which the digests carry too.

    \b
    Example:
      vietlao review --borderline 5 --sample 20
    """
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        if not only_estimate:
            _ask(app, store, borderline, sample, since, new_sample, seed, by or login_name())
        estimate = store.recall()
        app.say("\n".join(explained(estimate)) if estimate else "There is no estimate yet: no sample was looked at.")


def _ask(
    app: App,
    store: Store,
    borderline: int,
    sample: int,
    since: datetime | None,
    new_sample: bool,
    seed: int | None,
    by: str,
) -> None:
    begin = since or app.clock() - WINDOW
    limits = app.topic.limits
    near = store.borderline(limits.keep, limits.marginal, begin, borderline)
    tally = Tally()
    ask_all(app, store, near, by, tally)
    if sample and not tally.has_quit:
        drawn = _sample(store, begin, new_sample, app.clock(), secrets.randbits(62) if seed is None else seed, by)
        asked = store.unanswered(drawn.id, sample)
        app.say(told_sample(drawn, asked))
        ask_all(app, store, asked, by, tally)
    app.say(f"\n{tally.marked} marked, {tally.skipped} skipped")


def _sample(store: Store, since: datetime, new: bool, at: datetime, seed: int, by: str) -> Sample:
    """The sample that is under way, or a new one."""
    last = store.last_sample()
    if last is not None and not new and not is_over(last, bool(store.unanswered(last.id, 1)), at):
        return last
    return store.draw_sample(since, at, DRAWN, seed, by)


def is_over(sample: Sample, has_open: bool, at: datetime) -> bool:
    """Whether another sample is due: this one is old, or asks nothing more. Pure."""
    age = at - sample.drawn
    is_empty = not any(size for _, size in sample.sizes)
    return age > WINDOW or (not has_open and (is_empty or age > REST))


def told_sample(sample: Sample, asked: list[Candidate]) -> str:
    """Where a sample comes from, in a line."""
    parts = ", ".join(f"{size:,} {name}" for name, size in sample.sizes)
    head = f"\nrandom sample {sample.id}, drawn {local_time(sample.drawn)} from {parts}"
    return head if asked else f"{head}: nothing in it is left to ask"
