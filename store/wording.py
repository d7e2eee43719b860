"""Numbers and times as people say them, for every message and report."""

from datetime import datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def counted(number: int, one: str, many: str = "") -> str:
    """``1 page``, ``2,000 pages``; ``many`` where the plural takes more than an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def local_time(at: datetime) -> str:
    """``2026-11-21 07:00 (+07)``: Vietnamese time, the clock that the analyst and the papers live by."""
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M} (+07)"
