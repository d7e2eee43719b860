"""A digest as its templates see it: every word decided, nothing left to do but to lay it out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest import notread, recall, wording
from digest.clean import clip, host_of, one_line, safe_href
from digest.link import Link
from digest.reported import (
    FurtherView,
    OtherHeadline,
    Outlets,
    further,
    headline,
    occasion,
    other_headlines,
    outlets_of,
    safe_language,
)
from digest.revised import Diff, told
from digest.selection import BEGINNING, Digest, Story, outlet
from digest.summary import summarise
from store.records import MOVED_WORDS, Coverage, Silence, SourceCoverage
from store.revised import Revised

# A mail program lists a subject on one line; longer ones are cut anyway.
SUBJECT_WIDTH = 140
# When more sources than this fail, the network is the likely reason, and the coverage statement has them all.
NAMES_IN_WARNING = 6
# More pages than this needing attention are a fault to look up in the store, not a list to read at breakfast.
ATTENTION_SHOWN = 20


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story in words. ``evidence`` and ``objections`` are (group, terms) pairs; ``shortfall`` says why it is not kept.
    ``occasion`` says what it was, when and where; ``elsewhere`` has outlets with the same text where no more is known of the
    event, else ``reports`` has all outlets; ``number`` is the store's, for ``vietlao story``, 0 without an event."""

    headline: Link
    outlet: str
    credit: str | None
    time: str
    lang: str | None
    language: str
    summary: str
    evidence: wording.Weighed
    objections: wording.Weighed
    shortfall: str
    elsewhere: tuple[Link, ...]
    faults: str
    occasion: str
    others: tuple[OtherHeadline, ...]
    reports: tuple[Outlets, ...]
    number: int


@dataclass(frozen=True, slots=True)
class RevisedView:
    """An address at which something changed, in words."""

    headline: Link
    outlet: str
    state: str
    lang: str | None
    language: str
    lines: tuple[str, ...]
    diffs: tuple[Diff, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Sources in one state. ``lines`` are (name, what is to be said of it)."""

    state: str
    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CoverageView:
    """The coverage statement. ``numbers`` are (figure, what it counts); ``silent`` say nothing for longer
    than they use to, ``quiet`` were read and had nothing new; both have nothing in this digest. ``not_read`` were
    refused, gone or failed, but for those that need attention. ``recall`` estimates what the filter misses, or is empty."""

    opening: str
    warning: str
    numbers: tuple[tuple[int, str], ...]
    groups: tuple[SourceGroup, ...]
    silent: tuple[tuple[str, str], ...]
    quiet: tuple[str, ...]
    attention: tuple[tuple[Link, str], ...]
    attention_hidden: int
    not_read: tuple[notread.NotReadView, ...] = ()
    not_read_hidden: int = 0
    recall: str = ""


@dataclass(frozen=True, slots=True)
class DigestView:
    """A whole digest in words. ``figures`` stand in the header: (figure, what it counts)."""

    title: str
    day: str
    window: str
    zone: str
    generated: str
    figures: tuple[tuple[str, str], ...]
    empty: str
    stories: tuple[StoryView, ...]
    further: tuple[FurtherView, ...]
    marginal: tuple[StoryView, ...]
    revised: tuple[RevisedView, ...]
    coverage: CoverageView


def view(digest: Digest) -> DigestView:
    """Everything a template needs. Pure; the same digest gives the same view in any locale and time zone."""
    return DigestView(
        title=digest.title,
        day=wording.long_day(_last_moment(digest)),
        window=window(digest),
        zone=wording.ZONE_WORDS,
        generated=wording.minute(digest.generated),
        figures=_figures(digest),
        empty=_empty(digest),
        stories=tuple(_story(story, digest.until) for story in digest.stories),
        further=tuple(further(story, digest.until) for story in digest.further),
        marginal=tuple(_story(story, digest.until) for story in digest.marginal),
        revised=tuple(_revised(one, digest.until) for one in digest.revised),
        coverage=_coverage(digest.coverage, digest.silences, digest.until),
    )


def subject(digest: Digest) -> str:
    """One line for a mail's subject: topic, day, how many stories and which is the newest, and whether sources are missing."""
    parts = [f"{digest.title}, {wording.day(_last_moment(digest))}: {wording.count(len(digest.stories), 'story', 'stories')}"]
    if digest.marginal:
        parts.append(f", {len(digest.marginal)} marginal")
    if digest.further:
        number = sum(1 + len(story.others) for story in digest.further)
        parts.append(f", {wording.count(number, 'further report')}")
    if digest.revised:
        parts.append(f", {len(digest.revised)} edited or gone")
    if missing := _missing(digest.coverage):
        parts.append(f" ({missing})")
    if digest.stories:
        parts.append(f" – {headline(digest.stories[0].article)}")
    return clip(one_line("".join(parts)), SUBJECT_WIDTH)


def _last_moment(digest: Digest) -> datetime:
    """The end of the window from within: one that ends at midnight is of the day before."""
    return digest.until - timedelta(microseconds=1)


def _missing(coverage: Coverage) -> str:
    """How much was not read, for the subject; empty when all was."""
    if not coverage.runs:
        return "nothing was read"
    failed, cut = len(_in_state(coverage, "failed")), len(_cut_short(coverage))
    parts = [f"{wording.count(failed, 'source')} not read"] if failed else []
    if cut:
        parts.append(f"{cut if failed else wording.count(cut, 'source')} not read to the end")
    return ", ".join(parts)


def window(digest: Digest) -> str:
    """``from … to …``, or ``up to …`` for the first digest."""
    if digest.since <= BEGINNING:
        return f"up to {wording.minute(digest.until)}"
    return f"from {wording.minute(digest.since, digest.until)} to {wording.minute(digest.until, digest.until)}"


def _figures(digest: Digest) -> tuple[tuple[str, str], ...]:
    coverage = digest.coverage
    read = len(_read(coverage))
    asked = len(coverage.sources) - len(_in_state(coverage, "disabled"))
    return (
        (f"{len(digest.stories):,}", "story" if len(digest.stories) == 1 else "stories"),
        (f"{len(digest.marginal):,}", "marginal"),
        (f"{read}/{asked}", "sources read"),
        (f"{coverage.seen:,}", "page seen" if coverage.seen == 1 else "pages seen"),
    )


def _empty(digest: Digest) -> str:
    if digest.stories:
        return ""
    if not digest.coverage.runs:
        return "No crawl ran in this window, so nothing was looked at. That there is no story here says nothing about the news."
    if digest.further:
        return "No new story was found in this window, only further reports of what was told before."
    return "No story was found in this window. What was read, and what was not, stands below."


def _story(story: Story, until: datetime) -> StoryView:
    article, reports = story.article, outlets_of(story)
    lang = safe_language(article.lang)
    return StoryView(
        headline=Link(headline(article), safe_href(article.url)),
        outlet=outlet(article),
        credit=article.credit,
        time=wording.published(article.published, article.published_source, until),
        lang=lang,
        language=wording.language(lang),
        summary=summarise(article.text, title=article.title, lead=article.lead) or "No text could be read from this page.",
        evidence=wording.evidence(article.reasons),
        objections=wording.objections(article.reasons),
        shortfall=article.why_not_more,
        elsewhere=() if reports else tuple(Link(outlet(one), safe_href(one.url)) for one in story.elsewhere),
        faults=wording.listed(code.replace("-", " ").replace("_", " ") for code in article.quality),
        occasion=occasion(story.event, until),
        others=other_headlines(story),
        reports=reports,
        number=story.event.id if story.event else 0,
    )


def _revised(one: Revised, until: datetime) -> RevisedView:
    words = told(one, until)
    lang = safe_language(one.article.lang)
    return RevisedView(
        headline=Link(words.title, safe_href(one.url)),
        outlet=one.source_name or host_of(one.url) or "unknown outlet",
        state=words.state,
        lang=lang,
        language=wording.language(lang),
        lines=words.lines,
        diffs=words.diffs,
        hidden=words.hidden,
    )


def _in_state(coverage: Coverage, *states: str) -> list[SourceCoverage]:
    return [source for source in coverage.sources if source.state in states]


def _read(coverage: Coverage) -> list[SourceCoverage]:
    """Sources whose crawl came to its end, whatever failed on the way."""
    return [source for source in _in_state(coverage, "read", "partly") if not source.unread]


def _cut_short(coverage: Coverage) -> list[SourceCoverage]:
    """Sources that were read, but not to the end: the crawl was stopped, or ran out of time."""
    return [source for source in _in_state(coverage, "read", "partly") if source.unread]


def _coverage(coverage: Coverage, silences: tuple[Silence, ...], until: datetime) -> CoverageView:
    groups = [(state, heading, _in_state(coverage, state)) for state, heading in wording.STATES.items()]
    quiet = [source for source in _read(coverage) if not source.seen]
    attention = coverage.attention[:ATTENTION_SHOWN]
    told = {url for url, _ in attention}
    others = [one for one in coverage.not_read if one.url not in told]
    not_read = notread.shown(others)
    return CoverageView(
        opening=_opening(coverage),
        warning=_warning(coverage),
        numbers=_numbers(coverage),
        groups=tuple(SourceGroup(state, heading, _lines(found, until)) for state, heading, found in groups if found),
        silent=tuple((silence.name, _silence(silence, until)) for silence in silences),
        quiet=tuple(source.name for source in quiet),
        attention=tuple((Link(url, safe_href(url)), what) for url, what in attention),
        attention_hidden=len(coverage.attention) - len(attention),
        not_read=not_read,
        not_read_hidden=len(others) - len(not_read),
        recall=recall.statement(coverage.recall) if coverage.recall else "",
    )


def _opening(coverage: Coverage) -> str:
    runs = wording.count(coverage.runs, "crawl") if coverage.runs else "No crawl"
    off = len(_in_state(coverage, "disabled"))
    cut = len(_cut_short(coverage))
    read = f"{len(_read(coverage))} of {wording.count(len(coverage.sources) - off, 'source')} read"
    read += f", {cut} not to the end" if cut else ""
    return f"{runs} in this window; {read}" + (f", {off} switched off." if off else ".")


def _warning(coverage: Coverage) -> str:
    """What must not be missed: whose news cannot be in this digest. Empty when all was read, or nothing was."""
    if not coverage.runs:
        return ""
    failed, cut = _in_state(coverage, "failed"), _cut_short(coverage)
    passed_over = len(_in_state(coverage, "skipped", "untried"))
    sentences = []
    if failed:
        sentences.append(f"Not read: {_named(failed)}.")
    if passed_over:
        were = "was" if passed_over == 1 else "were"
        sentences.append(
            f"{wording.count(passed_over, 'source')} {were} skipped or not tried; the coverage statement says why."
        )
    if sentences:
        sentences.append(f"What {'it' if len(failed) + passed_over == 1 else 'they'} published is missing here.")
    if cut:
        left = sum(source.unread for source in cut)
        wait = "address waits" if left == 1 else "addresses (articles, feeds, listings) wait"
        they = "it" if len(cut) == 1 else "they"
        sentences.append(
            f"Not read to the end: {_named(cut)}; {left:,} {wait} for the next crawl."
            f" What {they} published may be missing here in part."
        )
    return " ".join(sentences)


def _named(sources: list[SourceCoverage]) -> str:
    """Names for a warning, and how many more."""
    names = [one_line(source.name) for source in sources]
    more = len(names) - NAMES_IN_WARNING
    return wording.listed([*names[:NAMES_IN_WARNING], *([f"{more} more"] if more > 0 else [])])


def _numbers(coverage: Coverage) -> tuple[tuple[int, str], ...]:
    """What became of the window's addresses; what failed and is tried again waits for that, and is told once."""
    words = MOVED_WORDS | {"failed": _failed(coverage)}
    moved = tuple((getattr(coverage, name), word) for name, word in words.items())
    return (*moved, (coverage.waiting - coverage.retried, "waiting"))


def _failed(coverage: Coverage) -> str:
    if not coverage.retried:
        return "failed"
    again = "tried again" if coverage.retried == coverage.failed else f"{coverage.retried:,} of them tried again"
    return f"failed ({again})"


def _lines(sources: Iterable[SourceCoverage], until: datetime) -> tuple[tuple[str, str], ...]:
    return tuple((source.name, _said_of(source, until)) for source in sources)


def _said_of(source: SourceCoverage, until: datetime) -> str:
    if source.state == "read":
        return f"{source.seen:,}"
    reason = one_line(source.reason or "no reason was recorded").rstrip(".")
    if source.state == "failed":
        last = f"last read {wording.minute(source.last_read, until)}" if source.last_read else "never read so far"
        return f"{reason}; {last}"
    return reason


def _silence(silence: Silence, until: datetime) -> str:
    newest = wording.minute(silence.newest, until)
    return (
        f"nothing for {wording.duration(silence.silent_for)}, since {newest}; "
        f"its longest pause before was {wording.duration(silence.usual)}"
    )
