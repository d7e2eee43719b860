"""Who was first with a text, who took it over from whom, and what was left out on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

import regex

from store.stories.dates import Span
from store.stories.features import HANOI, Report
from store.stories.fold import fold, words
from store.stories.vocabulary import lexicon
from store.wording import counted

OUTLETS: dict[str, list[str]] = lexicon()["outlets"]
_NAMES = {fold(name): outlet for outlet, names in OUTLETS.items() for name in names}
_NAME = r"(?P<name>[^\n();:–—]{2,60}?)"
CREDITS = tuple(
    regex.compile(pattern, regex.IGNORECASE | regex.MULTILINE)
    for pattern in (
        r"^\W*(?:theo|nguồn|source|according to|via|originally published (?:by|in|on))\s*:?\s*" + _NAME + r"\s*\.?$",
        r"^\W*(?:nguồn|source)\s*:?\s*https?://(?P<name>[\w.-]+)",
        r"\((?P<name>(?:TTXVN|VNA|VNS|VOV|KPL|Bqp\.vn|Vietnam\+)(?:/[\w+]+)?)\)",
        r"[—–-]\s*(?P<name>VNS|VNA|VNP|TTXVN)\s*\.?\s*$",
        r"^(?P<name>PANO|NDO|VOV|VGP)\b\s*(?:[\w ]{0,30})[–-]",
        r"^(?P<name>[^\n]{3,60}) published this content on\b",
    )
)
KEPT = 0.6
"""Share of a sentence's words in order that say it was taken over; below it the sentence was left out or rewritten."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that repeats a text: from whom (a report's id in ``original``, an outlet named in ``credit``; either may be
    None), and the sentences of that original it does not have."""

    report: str
    original: str | None
    credit: str | None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """Of one story: the report published ``first``, the ``independent`` reports (one an outlet, the earliest), and those
    ``taken`` over (one an outlet, and none of an outlet that is independent)."""

    first: str
    independent: tuple[str, ...]
    taken: tuple[Taken, ...]

    def __str__(self) -> str:
        return f"{counted(len(self.independent), 'independent report')}, {counted(len(self.taken), 'reprint')}"


def lineage(reports: Sequence[Report], originals: Mapping[str, str]) -> Lineage:
    """The lineage of a story's reports. ``originals`` has for each copy the id of the text it repeats. A report that is no
    known copy but credits another house is taken over too: its original was never seen."""
    by_id = {report.id: report for report in reports}
    ordered = sorted(reports, key=published_at)
    independent: dict[str, str] = {}
    taken: dict[str, Taken] = {}
    for report in ordered:
        outlet, credit = outlet_of(report.site), credited(report)
        original = originals.get(report.id)
        if original is None and credit is None:
            independent.setdefault(outlet, report.id)
        elif outlet not in taken:
            source = by_id.get(original) if original else None
            left_out = missing_sentences(source.text, report.text) if source else ()
            taken[outlet] = Taken(report.id, original, credit, left_out)
    if not independent:
        # every report credits somebody else: the first to bring the text stands for it
        head = next((report for report in ordered if report.id not in originals), ordered[0])
        independent[outlet_of(head.site)] = head.id
    copies = tuple(one for outlet, one in taken.items() if outlet not in independent)
    return Lineage(ordered[0].id, tuple(independent.values()), copies)


def outlet_of(site: str) -> str:
    """The house a host name belongs to: a key of [outlets], else the host without its edition (``en.``, ``m.``)."""
    host = site.lower().removeprefix("www.")
    parts = host.split(".")
    for start in range(len(parts) - 1):
        if outlet := _NAMES.get(".".join(parts[start:])):
            return outlet
    return ".".join(parts[1:]) if len(parts) > 2 and len(parts[0]) <= 3 else host


def credited(report: Report) -> str | None:
    """The house a report says its text is from, None when it names none or its own. A known house by its key, another by
    its name as written."""
    named = (
        [report.credit] if report.credit else [match["name"] for pattern in CREDITS for match in pattern.finditer(report.text)]
    )
    for name in named:
        house = house_of(name)
        if house != outlet_of(report.site) and house != fold(report.site):
            return house
    return None


def house_of(name: str) -> str:
    """The house of a name in a credit line (``TTXVN/Vietnam+``, ``Vietnamplus.vn``, ``Báo Quân đội nhân dân``)."""
    folded = fold(name.strip(" .,"))
    for part in (folded, *regex.split(r"[/,]", folded)):
        if outlet := _NAMES.get(part.strip()):
            return outlet
    return outlet_of(folded) if regex.fullmatch(r"[\w-]+(?:\.[\w-]+)+", folded) else name.strip(" .,")


def missing_sentences(original: str, copy: str) -> tuple[str, ...]:
    """Sentences of the original that the copy does not have."""
    kept = _pairs(words(copy))
    sentences = [sentence.strip() for sentence in regex.split(r"(?<=[.!?])\s+|\n+", original)]
    return tuple(sentence for sentence in sentences if sentence and not _has(kept, sentence))


def published_at(report: Report) -> tuple[datetime, int]:
    """A sort key by publication: a bare day counts as its end, an unknown time as later than any."""
    published = report.published
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=HANOI), 0
    if isinstance(published, Span):
        published = published.last
    if isinstance(published, date):
        return datetime.combine(published, time.max, HANOI), 1
    return datetime.max.replace(tzinfo=UTC), 2


def _has(kept: set[tuple[str, str]], sentence: str) -> bool:
    pairs = _pairs(words(sentence))
    return not pairs or len(pairs & kept) >= KEPT * len(pairs)


def _pairs(found: list[str]) -> set[tuple[str, str]]:
    return set(pairwise(found))
