"""Dates and times as Vietnamese and English pages write them, and which of a page's claims is the publication time.

A bare local time is Asia/Ho_Chi_Minh. The reading order of numeric dates is day first unless the source says month
first, one number is above twelve, or the form is the one that US-English .NET prints (``9/30/2026 2:48:13 PM``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from extract.article import PublishedSource
from extract.text import clean, fold, unescape

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
Order = Literal["dmy", "mdy"]

# The first Vietnamese newspaper on the web appeared in 1997; anything stated before is a zero of some system.
EARLIEST = date(1995, 1, 1)
# Clocks of servers differ by minutes; a page from further ahead has a wrong date or a wrong zone.
AHEAD = timedelta(hours=1)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier enero januar января",
            "february feb fevrier febrero februar февраля",
            "march mar mars marzo marz марта",
            "april apr avril abril апреля",
            "may mai mayo мая",
            "june jun juin junio juni июня",
            "july jul juillet julio juli июля",
            "august aug aout agosto августа",
            "september sep sept septembre septiembre сентября",
            "october oct octobre octubre oktober okt октября",
            "november nov novembre noviembre ноября",
            "december dec decembre diciembre dezember dez декабря",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ZONES = {
    "ict": 7,
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "pst": -8,
    "pdt": -7,
    "cet": 1,
    "cest": 2,
}

# Patterns run over folded text (lower case, no accents), so "tháng" is "thang" and "août" is "aout".
_DATE = re.compile(
    rf"""
      (?<!\d)(?P<y1>\d{{4}})[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?!\d)
    | (?<![\d.,])(?P<d2>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<m2>\d{{1,2}})\s?(?P=sep)\s?(?P<y2>\d{{4}})(?!\d)
    | (?<!\d)(?P<d3>\d{{1,2}})\s+thang\s+(?P<m3>\d{{1,2}})\s*,?\s*(?:nam\s+)?(?P<y3>\d{{4}})(?!\d)
    | (?<!\d)(?P<d4>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+de)?[\s-]+(?P<m4>{_MONTH})\.?,?(?:\s+de)?[\s-]+
      (?P<y4>\d{{4}}|\d{{2}}(?=\s|$))(?!\d)
    | \b(?P<m5>{_MONTH})\.?,?\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\s*[,/]?\s*(?P<y5>\d{{4}})(?!\d)
    | (?<!\d)(?P<y6>\d{{4}})\s?年\s?(?P<m6>\d{{1,2}})\s?月\s?(?P<d6>\d{{1,2}})\s?日
    """,
    re.VERBOSE,
)
_TIME = re.compile(
    r"(?<![\d/.-])(?P<h>\d{1,2})\s?(?:[:h时]|\bgio\b|\s?gio\s)\s?(?P<mi>\d{2})(?:\s?(?:[:'m]|phut)\s?(?P<s>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s?(?:'|phut\b))?\s?(?P<ap>[ap]\.?m\b)?"
)
_ZONE = re.compile(
    r"\s?\(?\s?(?:(?:gmt|utc)?\s?(?P<sign>[+-])\s?(?P<zh>\d{1,2}):?(?P<zm>\d{2})?|(?P<name>z|gmt|utc|ict|[ecp][sd]t|cest|cet))(?![\w:])"
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
# How Java prints a time: "Sat Mar 07 08:00:00 ICT 2026".
_JAVA = re.compile(rf"^[a-z]{{3}} ((?:{_MONTH}) \d{{1,2}}) (\d{{1,2}}:\d{{2}}:\d{{2}} [a-z]{{2,4}}) (\d{{4}})$")
_US_DOTNET = re.compile(r"\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d{2}:\d{2}\s?[ap]m")
_MONTH_DAY = r"(0?[1-9]|1[0-2]){0}(0?[1-9]|[12]\d|3[01])"
_IN_ADDRESS = re.compile(rf"/(20\d\d)/{_MONTH_DAY.format('/')}(?=/)|(?<!\d)(20\d\d)-{_MONTH_DAY.format('-')}(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A stated time: aware; ``timed`` is False when only a date was stated (then midnight), ``zoned`` when the zone
    was stated too."""

    when: datetime
    timed: bool
    zoned: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about a page's time and where it was read."""

    moment: Moment
    source: PublishedSource


@dataclass(frozen=True, slots=True)
class Refusal:
    """A date that was stated and not believed."""

    stated: str
    source: PublishedSource
    reason: str

    def __str__(self) -> str:
        return f"the {self.source} date {self.stated!r} was refused: {self.reason}"


def read_moment(value: str, order: Order = "dmy") -> Moment | None:
    """The first possible date in a short text, with the time that stands next to it; None when there is none."""
    return next(iter(read_moments(value, order)), None)


def read_moments(value: str, order: Order = "dmy") -> list[Moment]:
    """Every possible date of a text (the first 2,000 characters of it), in its order."""
    plain = clean(unescape(value[:2000]))
    if _EPOCH.match(plain):
        seconds = int(plain[:10])
        return [Moment(datetime.fromtimestamp(seconds, UTC).astimezone(VIETNAM), True, True)]
    folded = _JAVA.sub(r"\1 \3 \2", fold(plain))
    if _US_DOTNET.search(folded):
        order = "mdy"
    return [moment for match in _DATE.finditer(folded) if (moment := _moment(folded, match, order))]


def _moment(text: str, match: re.Match[str], order: Order) -> Moment | None:
    day = _day(match, order)
    if day is None:
        return None
    clock, zone = _clock_near(text, match)
    return Moment(datetime.combine(day, clock or time(), zone or VIETNAM), clock is not None, zone is not None)


def _day(match: re.Match[str], order: Order) -> date | None:
    part = {key[0]: value for key, value in match.groupdict().items() if value and key != "sep"}
    month, day, year = _MONTHS.get(part["m"]), int(part["d"]), int(part["y"])
    if month is None:
        month = int(part["m"])
        if match["d2"] and ((order == "mdy" and day <= 12) or month > 12):
            day, month = month, day
    try:
        return date(year + 2000 if len(part["y"]) == 2 else year, month, day)
    except ValueError:
        return None


def _clock_near(text: str, match: re.Match[str]) -> tuple[time | None, tzinfo | None]:
    """The time right after a date ("… - 09:40 AM", "T08:07+07:00"), else right before it ("17:22 | …")."""
    after = text[match.end() : match.end() + 40]
    found = _TIME.search(after)
    if found and _is_glue(after[: found.start()]):
        return _clock(found), _zone(after[found.end() :])
    before = text[max(0, match.start() - 24) : match.start()]
    last = next(reversed(list(_TIME.finditer(before))), None)
    if last and _is_glue(before[last.end() :]):
        return _clock(last), _zone(after) or _zone(before[last.end() :])
    return None, None


def _is_glue(between: str) -> bool:
    """Whether only separators and words such as "lúc", "ngày" or "à" stand between a date and a time."""
    return not re.sub(
        r"[\s,|/()•·–—\u2013.-]|\b(?:luc|ngay|at|thu\s\w+|chu nhat|vao|a|um|las)\b|\bt(?=$|\s)|gmt\+7",
        "",
        between,
    )


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, second = int(found["h"]), int(found["mi"]), int(found["s"] or 0)
    half = found["ap"]
    if half and 1 <= hour <= 12:  # "00:01 AM" and "13:05 PM" are 24-hour clocks with a decoration
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return time(hour, minute, min(second, 59))
    except ValueError:
        return None


def _zone(after: str) -> tzinfo | None:
    found = _ZONE.match(after)
    if not found:
        return None
    if found["sign"]:
        hours, minutes = int(found["zh"]), int(found["zm"] or 0)
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(offset if found["sign"] == "+" else -offset)
    return timezone(timedelta(hours=_ZONES[found["name"]]))


def judge(value: str, source: PublishedSource, now: datetime, order: Order = "dmy") -> Claim | Refusal | None:
    """A stated date as a claim, or why it is not believed; None when the text states no date at all."""
    if not re.search(r"\d", value):
        return None
    stated = clean(value)[:60]
    moment = read_moment(value, order)
    if moment is None:
        return Refusal(stated, source, "it is no possible date") if re.search(r"\d{4}", stated) else None
    if moment.when.date() < EARLIEST:
        return Refusal(stated, source, f"it lies before {EARLIEST.year}")
    if moment.when > now + AHEAD:
        return Refusal(stated, source, "it lies in the future")
    return Claim(moment, source)


def choose(claims: Sequence[Claim]) -> Claim | None:
    """The publication time among claims in order of trust.

    A date with a time beats a date alone of the same or a neighbouring day; a UTC time whose clock reads as the local
    time shown on the page is local (a frequent slip: "Z" after Vietnamese time); a time without zone has the zone of another
    statement of it.
    """
    best = next(iter(claims), None)
    if best is None:
        return None
    if not states_time(best):
        best = next((c for c in claims if states_time(c) and _close(c, best)), best)
    best = next((c for c in claims if _same_clock(best, c)), best)
    best = next((c for c in claims if _same_clock_with_zone(best, c)), best)
    return next((c for c in claims if _to_the_second(best, c)), best)


def states_time(claim: Claim) -> bool:
    """False for a date alone, and for exact midnight, which is what systems make of one."""
    return claim.moment.timed and claim.moment.when.time() != time()


def _close(one: Claim, other: Claim) -> bool:
    apart = one.moment.when.astimezone(VIETNAM).date() - other.moment.when.date()
    return abs(apart.days) <= 1


def _same_clock(stated: Claim, shown: Claim) -> bool:
    """Whether a claim in UTC and one in local time read the same on the clock, seven hours apart."""
    if not (stated.moment.zoned and stated.moment.when.utcoffset() == timedelta() and states_time(shown)):
        return False
    if shown.source == "meta" and not shown.moment.zoned:  # the same time once more without its zone, and nobody reads it
        return False
    local = shown.moment.when.astimezone(VIETNAM).replace(tzinfo=None, second=0)
    return stated.moment.when.replace(tzinfo=None, second=0) == local


def _same_clock_with_zone(stated: Claim, other: Claim) -> bool:
    if stated.moment.zoned or not (states_time(stated) and other.moment.zoned and other.moment.when.utcoffset()):
        return False
    return stated.moment.when.replace(tzinfo=None, second=0) == other.moment.when.replace(tzinfo=None, second=0)


def _to_the_second(best: Claim, other: Claim) -> bool:
    """Whether another claim states the same minute and, unlike the best, its seconds."""
    if best.moment.when.second or not other.moment.when.second or not (best.moment.timed and other.moment.timed):
        return False
    return other.moment.when.replace(second=0) == best.moment.when


def dates_in_address(url: str) -> Iterator[str]:
    """Dates that stand as folders or words in an address (``/2026/03/07/``, ``-07-03-2026``). Long article numbers that
    begin with a date are not among them: they tell when an item was created."""
    for match in _IN_ADDRESS.finditer(url):
        yield "-".join(part for part in match.groups() if part)
