"""When an article that was kept is read again. Pure.

Papers change most of what they change within hours, and take things away within weeks. The gaps count from the last reading:
with the usual ones an article is read again after six hours, a day, a week and a month, and then left alone. What is not there
any more is asked for once more after the first gap before it is taken for gone, as sites lose pages for an hour; one that is
gone is asked for further in the same gaps, as it may come back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from store.fates import RETRY_HOURS

REVISIT_HOURS: tuple[float, ...] = (6, 24, 168, 720)

# Articles read again in one run of one source, those that are due longest first: with two seconds between requests this is
# less than two minutes on top of the news, also after a month without a crawl.
AT_ONCE = 50


def gap_at(step: int, age: timedelta, hours: Sequence[float]) -> int:
    """Which gap comes next after ``step`` readings (an index of ``hours``), at the age that the article had when it was last
    read. What was old already when it was found, or was not looked after for a while, is past the short gaps."""
    past = sum(timedelta(hours=total) <= age for total in accumulate(hours))
    return max(step, min(past, len(hours) - 1))


def is_due(asked: datetime, gap: int, hours: Sequence[float], now: datetime) -> bool:
    """Whether the gap since the last reading is over. Never after the last one."""
    return gap < len(hours) and asked + timedelta(hours=hours[gap]) <= now


def wait_after(failures: int) -> timedelta | None:
    """How long to wait after so many failed tries in a row (1, 2, ...); None when this reading is given up for the next gap."""
    return timedelta(hours=RETRY_HOURS[failures - 1]) if failures <= len(RETRY_HOURS) else None


def hours_from(text: str) -> tuple[float, ...]:
    """Gaps as the Scrapy setting VIETLAO_REVISIT writes them: hours with commas between, nothing for never."""
    return tuple(float(part) for part in text.split(",") if part.strip())
