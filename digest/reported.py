"""Who reported an event, in words: what its story adds to the article that stands for it, and further reports of stories
that an earlier digest told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest import wording
from digest.clean import clip, one_line, safe_href
from digest.link import Link
from digest.selection import Story, outlet
from store.records import StoredArticle
from store.storied import StoredStory, StoryReport
from store.storytold import KINDS, house_name

LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class OtherHeadline:
    """The story's headline in another language."""

    text: str
    lang: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Outlets:
    """Outlets that reported alike (``label``: ``2 independent reports``), each with its report."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One report, briefly. ``said`` is what it is in its story."""

    headline: Link
    outlet: str
    lang: str | None
    language: str
    time: str
    said: str


@dataclass(frozen=True, slots=True)
class FurtherView:
    """New reports of a story told before: its headline, when it was told, and who has reported it by now; ``number`` is the
    store's, for ``vietlao story``."""

    headline: str
    told: str
    lineage: str
    reports: tuple[Report, ...]
    number: int


def headline(article: StoredArticle) -> str:
    """An article's headline, or how its text begins."""
    return one_line(article.title or "") or clip(one_line(article.text), 90) or "(no headline)"


def safe_language(code: str | None) -> str | None:
    """A language code. Attributes carry it, and no text from a page goes into an attribute."""
    return code if code and LANGUAGE.fullmatch(code) else None


def occasion(event: StoredStory | None, until: datetime) -> str:
    """``Talks · took place Fri 20 Nov · Vientiane``: as far as the reports say."""
    if event is None:
        return ""
    kind = KINDS.get(event.kind, event.kind)
    said = [
        kind if event.kind != "other" else "",
        f"took place {wording.event_days(event.event, until)}" if event.event else "",
        one_line(event.place),
    ]
    told = " · ".join(words for words in said if words)
    return told[:1].upper() + told[1:]


def other_headlines(story: Story) -> tuple[OtherHeadline, ...]:
    """The headlines of the story in other languages than that of the article that stands for it."""
    headlines = story.event.headlines if story.event else {}
    return tuple(
        OtherHeadline(one_line(text), safe_language(lang), wording.language(safe_language(lang)))
        for lang, text in headlines.items()
        if lang != story.article.lang and one_line(text)
    )


def outlets_of(story: Story) -> tuple[Outlets, ...]:
    """Who reported the event; nothing where one outlet alone did."""
    if story.event is None or len(story.event.reports) < 2:
        return ()
    reports = story.event.reports
    independent = [one for one in reports if one.counted == "independent"]
    reprints = [one for one in reports if one.counted == "reprint"]
    more = [one for one in reports if not one.counted and one.url != story.article.url]
    groups = (
        (wording.count(len(independent), "independent report"), _by_outlet(independent)),
        (wording.count(len(reprints), "reprint"), _by_outlet(reprints)),
        ("More of these outlets", tuple(Link(_title(one), safe_href(one.url)) for one in more)),
    )
    return tuple(Outlets(label, links) for label, links in groups if links)


def further(story: Story, until: datetime) -> FurtherView:
    """New reports of a story that was told before."""
    event = story.event
    if event is None or event.told is None:
        raise ValueError("only a story that was told can have further reports")
    heading = event.headlines.get("en") or next(iter(event.headlines.values()), "") or headline(story.article)
    return FurtherView(
        headline=one_line(heading),
        told=wording.day(event.told.until, until),
        lineage=event.lineage,
        reports=tuple(_report(article, event, until) for article in (story.article, *story.others)),
        number=event.id,
    )


def _report(article: StoredArticle, event: StoredStory, until: datetime) -> Report:
    lang = safe_language(article.lang)
    own = next((one for one in event.reports if one.article == article.id and one.url == article.url), None)
    said = _role(own, event.reports) if own else ""
    if article.decision == "marginal":
        said = f"{said}; marginal: {article.why_not_more}" if said else f"marginal: {article.why_not_more}"
    return Report(
        headline=Link(headline(article), safe_href(article.url)),
        outlet=outlet(article),
        lang=lang,
        language=wording.language(lang),
        time=wording.published(article.published, article.published_source, until),
        said=said,
    )


def _role(report: StoryReport, reports: Sequence[StoryReport]) -> str:
    original = next((one for one in reports if one.article == report.original and one.article != report.article), None)
    if original:
        return f"reprint of {one_line(original.outlet)}"
    if report.role == "reprint" or report.credit:
        return f"reprint, after {one_line(house_name(report.credit))}" if report.credit else "reprint"
    return "independent report" if report.counted else "further report of the same outlet"


def _by_outlet(reports: Sequence[StoryReport]) -> tuple[Link, ...]:
    return tuple(Link(one_line(one.outlet) or "unknown outlet", safe_href(one.url)) for one in reports)


def _title(report: StoryReport) -> str:
    return f"{one_line(report.outlet)}: {one_line(report.title) or 'no headline'}"
