"""The days a report speaks of, in Vietnamese and English, and the one on which its event took place."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import regex

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH_OF = {form: number for number, name in enumerate(MONTHS, 1) for form in (name, name[:3], name[:4])}
WEEKDAYS_EN = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
WEEKDAYS_VI = {"hai": 0, "ba": 1, "tư": 2, "tu": 2, "năm": 3, "nam": 3, "sáu": 4, "sau": 4, "bảy": 5, "bay": 5}

MONTH_EN = r"(?P<month>" + "|".join(sorted(MONTH_OF, key=len, reverse=True)) + r")\b\.?"
MONTH_NUMBER = r"(?P<month>1[0-2]|0?[1-9])"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
LAST = r"(?:ngày\s+|ngay\s+)?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?"
UNTIL = r"(?:\s*(?:-|–|to|and|until|through|đến|den|và|va|,)\s*" + LAST + r")?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
YEAR_EN = r"(?:,?\s+" + YEAR + r")?"
ALONE = r"(?<![\d/.-])"
# ``5-3`` is a day and month only after a word that announces one; elsewhere it is a score or a span
LED_BY = "ngày|ngay|sáng|sang|chiều|chieu|tối|toi|trưa|trua|đêm|dem|nay|qua|từ|tu|đến|den|và|va|hôm|hom|các"
LED_VI = r"(?<=\b(?:" + LED_BY + r")\s+|\()"

# Most telling first: what one pattern took, a later one does not read again.
PATTERNS = tuple(
    regex.compile(pattern, regex.IGNORECASE)
    for pattern in (
        ALONE + DAY + UNTIL + r"\s+(?:tháng|thang)\s+" + MONTH_NUMBER + r"(?:\s*(?:năm|nam|,|/|-)\s*" + YEAR + r")?",
        ALONE + DAY + UNTIL + r"\s?/\s?" + MONTH_NUMBER + r"(?:\s?/\s?" + YEAR + r")?(?![\d/])",
        ALONE + r"(?P<day>[0-3]?\d)[-.]" + MONTH_NUMBER + r"[-.]" + YEAR + r"(?!\d)",
        LED_VI + r"(?P<day>[0-3]?\d)-" + MONTH_NUMBER + r"(?![\d/-])",
        r"\b" + MONTH_EN + r"\s+" + DAY + r"\b" + UNTIL + r"\b(?!\d)" + YEAR_EN,
        r"\b" + DAY + UNTIL + r"(?:\s+of)?\s+" + MONTH_EN + YEAR_EN,
    )
)
# ``thứ hai`` is Monday only behind a time of the day; elsewhere it is the second of something (``lần thứ hai``), unless a
# capital behind ``ngày`` says otherwise. A weekday with its date (``thứ Hai, 5/3``) is known by the date.
WEEKDAY_VI = (
    r"(?:(?:hôm|sáng|trưa|chiều|tối|đêm|vào) thứ (?P<thu>hai|ba|tư|năm|sáu|bảy)"
    r"|(?:hom|sang|trua|chieu|toi|dem|vao) thu (?P<thu>hai|ba|tu|nam|sau|bay)"
    r"|ngày thứ (?-i:(?P<thu>Hai|Ba|Tư|Năm|Sáu|Bảy)))"
)
RELATIVE = regex.compile(
    r"\b(?:(?P<today>today|this (?:morning|afternoon|evening)|(?:hôm|sáng|chiều|tối) nay|(?:hom|sang|chieu|toi) nay)"
    r"|(?P<yesterday>yesterday|(?:hôm|sáng|chiều|tối) qua|(?:hom|sang|chieu|toi) qua)"
    r"|(?<!last |next |every )(?P<weekday>" + "|".join(WEEKDAYS_EN) + r")"
    r"|" + WEEKDAY_VI + r")\b",
    regex.IGNORECASE,
)
# The day of a feast or of a founding is not the day of the event that marks it.
FEAST = regex.compile(
    r"(?:quốc khánh|quoc khanh|national day|truyền thống|truyen thong|thành lập|thanh lap|founding|foundation|anniversary|"
    r"kỷ niệm|ky niem|reunification|giải phóng|tính đến|signed|ký)[\w\s]{0,28}\W{0,3}(?:ngày|ngay|of|on)?\s*$",
    regex.IGNORECASE,
)
LIFETIME = regex.compile(r"\(?\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\s*[-–]\s*\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d\)?")

ANY_YEAR = 2000
"""Where days stand whose year nothing tells; a leap year, so that every day has a place."""
HORIZON = timedelta(21)
"""How late a report may be: three weeks, after which a day named first is the occasion's history, not its date."""
LONGEST = timedelta(20)
"""The longest event that is still one: a course's last week or a visit, not a season."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``first`` to ``last``, both taking part; ``at`` and ``end`` are where the text says so (characters). A
    ``feast`` is the day of something else that the event marks. ``yearless`` days stand in ``ANY_YEAR``."""

    first: date
    last: date
    at: int = 0
    end: int = 0
    feast: bool = False
    yearless: bool = False

    def distance(self, other: "Span") -> int:
        """Days between the two, 0 when they share one; a yearless span is put into the other's year."""
        mine, theirs = self._in_year_of(other), other._in_year_of(self)
        return max(0, (theirs.first - mine.last).days, (mine.first - theirs.last).days)

    def _in_year_of(self, other: "Span") -> "Span":
        if not self.yearless or other.yearless:
            return self
        shift = other.first.year - ANY_YEAR
        return Span(_years_on(self.first, shift), _years_on(self.last, shift))


def day_span(day: date) -> Span:
    """A single day."""
    return Span(day, day)


def mentions(text: str, published: Span | None) -> tuple[Span, ...]:
    """Every day or run of days a text names, in the order of the text. A day without a year is put nearest to
    ``published``; without that into the year of the text's dated days, else it stays yearless."""
    text = LIFETIME.sub(lambda match: " " * len(match[0]), text)
    anchor = published.first + (published.last - published.first) / 2 if published else _dated_year(text)
    day = published.first if published and published.first == published.last else None
    spans = [*_stated(text, anchor), *_relative(text, day)]
    return tuple(sorted(spans, key=lambda span: span.at))


def event_span(spans: tuple[Span, ...], published: Span | None) -> Span | None:
    """The first day named that can be the day of the news: not a feast, and (when known) at most ``HORIZON`` days before
    publication or a week after it. None when nothing fits."""
    for span in spans:
        if span.feast:
            continue
        if published is None or (published.first - span.first <= HORIZON and span.first - published.last <= timedelta(7)):
            return span
    return None


def _stated(text: str, anchor: date | None) -> Iterator[Span]:
    taken = bytearray(len(text))
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            span = _span(match, anchor, bool(FEAST.search(text[max(0, match.start() - 48) : match.start()])))
            if span:
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                yield span


def _span(match: "regex.Match[str]", anchor: date | None, feast: bool) -> Span | None:
    found = match.groupdict()
    month = int(found["month"]) if found["month"].isdigit() else MONTH_OF[found["month"].lower()]
    year = int(found["year"]) if found.get("year") else None
    first = _day(int(found["day"]), month, year, anchor)
    if first is None:
        return None
    last = _day(int(found["last"]), month, first.year, anchor) if found.get("last") else first
    if last is None or not timedelta(0) <= last - first <= LONGEST:
        last = first
    return Span(first, last, match.start(), match.end(), feast, yearless=year is None and anchor is None)


def _day(day: int, month: int, year: int | None, anchor: date | None) -> date | None:
    years = (year,) if year else (anchor.year - 1, anchor.year, anchor.year + 1) if anchor else (ANY_YEAR,)
    days = [date(candidate, month, day) for candidate in years if 0 < day <= monthrange(candidate, month)[1]]
    if not anchor or len(days) < 2:
        return days[0] if days else None
    # news looks back: a day three months ahead is less likely than the same day nine months ago
    return min(days, key=lambda candidate: abs((candidate - anchor).days + 45))


def _relative(text: str, published: date | None) -> Iterator[Span]:
    if published is None:
        return
    for match in RELATIVE.finditer(text):
        if match["today"]:
            day = published
        elif match["yesterday"]:
            day = published - timedelta(1)
        else:
            weekday = WEEKDAYS_EN[match["weekday"].lower()] if match["weekday"] else WEEKDAYS_VI[match["thu"].lower()]
            day = published - timedelta((published.weekday() - weekday) % 7)
        yield Span(day, day, match.start(), match.end())


def _dated_year(text: str) -> date | None:
    """The middle of the year that a text's days with a year are most often in."""
    years = [match["year"] for pattern in PATTERNS for match in pattern.finditer(text) if match.groupdict().get("year")]
    return date(int(max(years, key=years.count)), 7, 1) if years else None


def _years_on(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, monthrange(day.year + years, day.month)[1]))
