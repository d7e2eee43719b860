"""``vietlao cron`` and ``vietlao schedule``."""

import logging
import shutil
import sys
from datetime import datetime
from pathlib import Path

import click

from monitor.app import App, pass_app
from monitor.logs import DATES, use_vietnam_time
from monitor.schedule import AtWork, build_scheduler, crontab_lines, end_jobs, unwritable
from monitor.stopping import STOPPED


def own_path() -> str:
    """Where this program is, for somebody else's shell: beside the Python that runs it, as an installation puts it."""
    beside = Path(sys.executable).with_name("vietlao")
    return str(beside if beside.exists() else Path(shutil.which("vietlao") or sys.argv[0]).absolute())


@click.command()
@pass_app
def cron(app: App) -> None:
    """Print crontab lines that crawl, make digests and clean.

    One line each for the crawl, the digest, and the archive's raw pages whose time is over, by the times in vietlao.toml.

    \b
    Example:
      (crontab -l; vietlao --home ~/vietlao cron) | crontab -
    """
    fault = unwritable(app.home)
    if fault:
        app.warn(f"These lines will fail: {fault}. Cron would not tell you; mend that first, or name another --home.")
    for line in crontab_lines(app.home, own_path(), datetime.now().astimezone()):
        app.say(line)


@click.command()
@pass_app
@click.pass_context
def schedule(ctx: click.Context, app: App) -> None:
    """Crawl, digest and clean at set times, in the foreground.

    Does what the lines of `cron` do, by the times in vietlao.toml, until it is stopped. Each job is a process of its own and
    takes the same lock as a job that cron starts.

    \b
    Example:
      vietlao --home ~/vietlao schedule
    """
    use_vietnam_time()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt=DATES, stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # the line below says when what is done
    at_work: AtWork = set()
    scheduler = build_scheduler(app.home, at_work)
    plan = app.home.config.schedule
    times = ", ".join(f"{job} at {expression!r}" for job, expression in plan.jobs)
    try:
        app.say(f"{times}, {plan.timezone} time; Ctrl-C ends")
        scheduler.start()
    except KeyboardInterrupt:
        if scheduler.running:
            scheduler.shutdown(wait=False)
        end_jobs(at_work)
        app.say("stopped; what was stored is kept, and the next start goes on from there")
        ctx.exit(STOPPED)
