"""Five-field cron expressions as APScheduler triggers."""

import re
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def named_weekdays(field: str) -> str:
    """A crontab day-of-week field in day names. Cron counts from Sunday (0 and 7), APScheduler from Monday, so a bare
    number would mean another day. ``1-5`` becomes ``mon,tue,wed,thu,fri``; ``*`` stays; names stay."""
    if field == "*" or re.search("[a-z]", field, re.IGNORECASE):
        return field
    days: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, _, high = ("0-6" if span == "*" else span).partition("-")
        last = int(high) if high else (6 if step else int(low))
        days.update(day % 7 for day in range(int(low), last + 1, int(step or 1)))
    return ",".join(DAYS[day] for day in sorted(days))


def cron_trigger(expression: str, zone: str) -> CronTrigger:
    """The trigger of a five-field cron expression in a time zone. Raises ValueError for what is not one."""
    fields = expression.split()
    if len(fields) != 5:
        raise ValueError(f"a cron expression has five fields, this has {len(fields)}")
    fields[4] = named_weekdays(fields[4])
    return CronTrigger.from_crontab(" ".join(fields), timezone=ZoneInfo(zone))
