"""How a digest speaks: times, numbers, reasons and states in an analyst's words, whatever the machine's locale and zone."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from relevance.verdict import Reason
from store.wording import LOCAL, counted

ZONE = LOCAL
ZONE_WORDS = "Vietnam time (Asia/Ho_Chi_Minh, UTC+7)"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LANGUAGES = {
    "en": "English", "vi": "Vietnamese", "lo": "Lao", "fr": "French", "zh": "Chinese", "es": "Spanish", "ru": "Russian",
    "ja": "Japanese", "ko": "Korean", "de": "German", "km": "Khmer", "th": "Thai",
}  # fmt: skip
PLACES = {
    "title": "headline",
    "body": "text",
    "url": "address",
}
STATES = {
    "failed": "Not read: failed",
    "partly": "Read in part",
    "skipped": "Skipped",
    "untried": "Not tried",
    "disabled": "Switched off",
    "read": "Read",
}
# Enough to see at a glance why an article is here; the store has all of its reasons.
GROUPS = 4
TERMS_A_GROUP = 2

count = counted  # ``1 page``, ``2,000 pages``
Weighed = tuple[tuple[str, str], ...]


def long_day(moment: datetime) -> str:
    """``Saturday 21 November 2026``, in Vietnam."""
    local = moment.astimezone(ZONE)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"


def day(moment: datetime, beside: datetime | None = None) -> str:
    """``Sat 21 Nov 2026``, in Vietnam; without the year when it is the one of ``beside``."""
    local = moment.astimezone(ZONE)
    short = f"{DAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1][:3]}"
    return short if beside and beside.astimezone(ZONE).year == local.year else f"{short} {local.year}"


def event_days(span: tuple[date, date], beside: datetime | None = None) -> str:
    """``Sat 21 Nov 2026`` or ``Fri 20 to Sun 22 Nov 2026``; without the year when it is the one of ``beside``."""
    first, last = span
    year = "" if beside and beside.astimezone(ZONE).year == last.year else f" {last.year}"
    until = f"{DAYS[last.weekday()][:3]} {last.day} {MONTHS[last.month - 1][:3]}{year}"
    if first == last:
        return until
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {MONTHS[first.month - 1][:3]}"
    return f"{DAYS[first.weekday()][:3]} {first.day}{month} to {until}"


def minute(moment: datetime, beside: datetime | None = None) -> str:
    """``Sat 21 Nov 2026, 07:00``, in Vietnam; without the year when it is the one of ``beside``."""
    return f"{day(moment, beside)}, {moment.astimezone(ZONE):%H:%M}"


def published(moment: datetime | None, source: str | None, beside: datetime | None = None) -> str:
    """When an article says it appeared. An address tells the day only, and a page may tell nothing."""
    if moment is None:
        return "time not stated"
    return day(moment, beside) if source == "url" else minute(moment, beside)


def duration(span: timedelta) -> str:
    """``19 days`` or ``31 hours``, rounded down; hours below two days."""
    hours = int(span.total_seconds() // 3600)
    return count(hours // 24, "day") if hours >= 48 else count(hours, "hour")


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def language(code: str | None) -> str:
    """A language's English name, its code where we have none, or that it is unknown."""
    return LANGUAGES.get(code, code) if code else "language unknown"


def evidence(reasons: Iterable[Reason]) -> Weighed:
    """What speaks for an article, as (group, terms with places), the weightiest group and term first."""
    return _grouped([reason for reason in reasons if reason.weight > 0])


def objections(reasons: Iterable[Reason]) -> Weighed:
    """What speaks against it, in the same form."""
    return _grouped([reason for reason in reasons if reason.weight < 0])


def _grouped(reasons: list[Reason]) -> Weighed:
    """Few reasons instead of all: the weightiest groups and their weightiest terms, none that stands within one told before."""
    shown: dict[str, list[Reason]] = {}
    told: list[str] = []
    for reason in sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.group, reason.term, reason.place)):
        term = reason.term.casefold()
        has_room = len(shown.get(reason.group, ())) < TERMS_A_GROUP if reason.group in shown else len(shown) < GROUPS
        if has_room and not any(term in other for other in told):
            shown.setdefault(reason.group, []).append(reason)
            told.append(term)
    hidden = len({reason.term.casefold() for reason in reasons}) - len(told)
    groups = tuple((_spoken(group), ", ".join(map(_placed, found))) for group, found in shown.items())
    return (*groups, (f"and {hidden} more", "")) if hidden else groups


def _spoken(key: str) -> str:
    """A key of a seed file as words: ``joint-action`` is ``Joint action``."""
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _placed(reason: Reason) -> str:
    return f"“{reason.term}” ({PLACES.get(reason.place, reason.place)})"
