"""Times as places of discovery write them, read into UTC.

Feeds state RFC 822 with broken zones (``GMT+7``, ``+07``), month-first times of .NET (``9/14/2026 6:44:00 PM``), ISO 8601;
listings state Vietnamese day-first dates. A bare local time is Asia/Ho_Chi_Minh (+07:00, no daylight saving).
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
YEARS = range(1995, 2101)  # the first Vietnamese papers went on line in 1997

OFFSET = re.compile(r"\s*\(?(?:GMT|UTC|ICT|Z)?\s*([+-])\s*(\d{1,2}):?(\d{2})?\)?\s*$", re.IGNORECASE)
NAMED = re.compile(r"(?<=[\d\s])\(?(Z|UTC|GMT|UT|ICT)\)?\s*$", re.IGNORECASE)
CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([ap]\.?m\b)?", re.IGNORECASE)
EPOCH = re.compile(r"(?:/Date\()?(\d{10})(\d{3})?(?:\)/)?")
ISO_DATE = re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
NUMERIC_DATE = re.compile(r"(?<!\d)(?P<d>\d{1,2})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<y>\d{4})(?!\d)")
NAMED_DATE = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})[\s-]+(?P<m>[A-Za-z]{3})[a-z]*\.?[\s,-]+(?P<y>\d{4})(?!\d)"
    r"|(?P<m2>[A-Za-z]{3})[a-z]*\.?\s+(?P<d2>\d{1,2}),?\s+(?P<y2>\d{4})(?!\d)"
)


def read_time(text: str, month_first: bool = False) -> datetime | None:
    """The moment a text states, in UTC, or None. A date without a clock time is midnight where it is written.

    ``month_first`` says how ``5/4/2026`` is meant; with slashes and AM or PM it is month first anyway, as .NET writes it.
    """
    text = " ".join(text.split())
    if epoch := EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch.group(1)), UTC)
    rest, zone = _zone(text)
    clock = CLOCK.search(rest)
    day = _day(rest, month_first or bool(clock and clock.group(4) and "/" in rest))
    time = _clock(clock) if clock else (0, 0, 0)
    if day is None or time is None:
        return None
    try:
        return datetime(*day, *time, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def has_clock(text: str) -> bool:
    """Whether the text states a time of day at all."""
    return bool(CLOCK.search(text) or EPOCH.fullmatch(text))


def _zone(text: str) -> tuple[str, tzinfo]:
    """The text without its zone, and the zone; Vietnam's when none is stated."""
    offset = OFFSET.search(text)
    if offset and ":" in text[: offset.start()]:
        sign = -1 if offset.group(1) == "-" else 1
        shift = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3) or 0))
        if shift <= timedelta(hours=14):
            return text[: offset.start()], timezone(sign * shift)
    named = NAMED.search(text)
    if named and ":" in text:
        return text[: named.start()], VIETNAM if named.group(1).upper() == "ICT" else UTC
    return text, VIETNAM


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = int(match.group(1)), int(match.group(2)), int(match.group(3) or 0)
    half = (match.group(4) or "").lower()
    # 00:01 AM and 17:22 PM occur: the mark only matters where the hour leaves it open
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return (hour, minute, min(second, 59)) if hour < 24 and minute < 60 else None


def _day(text: str, month_first: bool) -> tuple[int, int, int] | None:
    if iso := ISO_DATE.search(text):
        year, month, day = int(iso["y"]), int(iso["m"]), int(iso["d"])
    elif numeric := NUMERIC_DATE.search(text):
        year, month, day = int(numeric["y"]), int(numeric["m"]), int(numeric["d"])
        if (month_first and day <= 12) or month > 12:
            month, day = day, month
    elif named := NAMED_DATE.search(text):
        name = (named["m"] or named["m2"]).lower()
        year, month, day = int(named["y"] or named["y2"]), MONTHS.get(name, 0), int(named["d"] or named["d2"])
    else:
        return None
    return (year, month, day) if year in YEARS else None


CLOCK_DIGITS = r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d"
ADDRESS_DAYS = (
    # /2026/03/07/, -2026-03-07-, and 20260307075519174 (a day, a time to the millisecond)
    re.compile(rf"(?<!\d)(20\d{{2}})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?={CLOCK_DIGITS}\d{{2,3}}(?!\d)|(?!\d))"),
    # 196260307071308923: a site's number of three digits before a two-digit year, as several papers on one system have it
    re.compile(rf"(?<!\d)\d{{3}}(\d{{2}})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]){CLOCK_DIGITS}\d{{3}}(?!\d)"),
)


def day_in_address(url: str) -> datetime | None:
    """The day that an address carries, as midnight in Vietnam in UTC; None when it carries none."""
    for pattern in ADDRESS_DAYS:
        if match := pattern.search(url):
            year, month, day = match.groups()
            return read_time(f"{year if len(year) == 4 else '20' + year}-{month}-{day}")
    return None


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (a number or an HTTP date), never below 0; None when it says nothing."""
    text = (value or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
