"""When things run: under APScheduler in the foreground, or as crontab lines that do the same through the same lock."""

import logging
import os
import shlex
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler

from monitor.config import Home
from monitor.cron import cron_trigger

log = logging.getLogger(__name__)

# A digest that falls due while a crawl is at work waits for it rather than being lost, and so does cleaning the archive. A
# crawl of some fifty sources at two seconds a page stays far below this; whoever crawls for longer sees exit code 75, and the
# next digest takes the window, the next cleaning what is over.
WAIT = 3600
WORDS = {"crawl": ("crawl",), "digest": ("digest", "--wait", str(WAIT)), "clean": ("archive", "--clean", "--wait", str(WAIT))}
# Jobs for which meeting another run is no error: they come again, and nothing is lost until then.
MAY_SKIP = ("crawl", "clean")


def arguments(home: Home, job: str) -> list[str]:
    """The command line of a job, without the program: what cron and the scheduler both run."""
    mail = ["--mail"] if job == "digest" and home.config.digest.mail else []
    return ["--home", str(home.path), *WORDS[job], *mail]


AtWork = set["subprocess.Popen[bytes]"]


def run_job(home: Home, job: str, at_work: AtWork | None = None) -> int:
    """Run one job in a process of its own and log how it ended. Returns its exit code. While it runs it stands in ``at_work``;
    a terminal's Ctrl-C comes to us alone, who end it by :func:`end_jobs`."""
    command = [sys.executable, "-m", "monitor.cli", *arguments(home, job)]
    working = at_work if at_work is not None else set()
    with subprocess.Popen(command, process_group=0) as process:
        working.add(process)
        code = process.wait()
    working.discard(process)
    log.info("%s ended with exit code %d", job, code)
    return code


def end_jobs(at_work: AtWork) -> None:
    """Ask the jobs that are at work to end, and wait until they have: a crawl stores what it has fetched."""
    processes = list(at_work)
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()


def build_scheduler(home: Home, at_work: AtWork | None = None) -> BlockingScheduler:
    """A scheduler with the jobs of a home, each a child process that stands in ``at_work`` while it runs.

    ``misfire_grace_time=None`` because the default drops a run that starts more than a second late; ``coalesce`` because one
    catching-up crawl is enough after a suspend; ``max_instances=1`` because the store has one writer.
    """
    plan = home.config.schedule
    defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    scheduler = BlockingScheduler(timezone=ZoneInfo(plan.timezone), job_defaults=defaults)
    for job, expression in plan.jobs:
        scheduler.add_job(run_job, cron_trigger(expression, plan.timezone), args=(home, job, at_work), id=job, name=job)
    return scheduler


def unwritable(home: Home) -> str | None:
    """Why jobs of this home could not write their log and the store, or None. Makes the folder of the log."""
    try:
        home.log.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"{home.log} cannot be made ({error.strerror})"
    for path in (home.path, home.log, home.database):
        if path.exists() and not os.access(path, os.W_OK):
            return f"{path} may not be written by this user"
    return None


def in_server_time(expression: str, zone: str, now: datetime) -> str | None:
    """A cron expression of ``zone`` in the server's own time (the zone of ``now``), or None where that cannot be said.

    Debian's cron ignores CRON_TZ, so a daily hour is better translated. That works for one hour and minute on every day; an
    expression without an hour means the same everywhere (offsets of these zones are whole hours or both sides would differ).
    """
    minute, hour, *days = expression.split()
    shift = now.astimezone(ZoneInfo(zone)).utcoffset() != now.utcoffset()
    if not shift or hour == "*":
        return expression
    if not (minute.isdigit() and hour.isdigit() and days == ["*", "*", "*"]):
        return None
    there = now.astimezone(ZoneInfo(zone)).replace(hour=int(hour), minute=int(minute))
    here = there.astimezone(now.tzinfo)
    return f"{here.minute} {here.hour} * * *"


def crontab_lines(home: Home, command: str, now: datetime) -> list[str]:
    """Lines for ``crontab -e`` that do what ``schedule`` does.

    ``command`` is the absolute path of vietlao, ``now`` the server's aware local time. Exit code 75 (another run is at work)
    is no error for a job that comes again. Percent signs are escaped because cron ends a command at one. CRON_TZ holds for
    every line below it, so what is in the server's time comes first.
    """
    plan = home.config.schedule
    out = shlex.quote(str(home.log / "cron.log")).replace("%", r"\%")
    lines: list[str] = []
    below: list[str] = []
    for job, expression in plan.jobs:
        call = shlex.join([command, *arguments(home, job)]).replace("%", r"\%")
        tail = " || [ $? -eq 75 ]" if job in MAY_SKIP else ""
        local = in_server_time(expression, plan.timezone, now)
        if local is not None and local != expression:
            lines.append(f"# {expression} in {plan.timezone}, in this server's time ({now.tzname()}):")
        (below if local is None else lines).append(f"{local or expression} {call} >>{out} 2>&1{tail}")
    if below:
        told = f"# what follows is in {plan.timezone} time; Debian's cron ignores CRON_TZ, so translate it there"
        lines += [told, f"CRON_TZ={plan.timezone}", *below]
    return lines
