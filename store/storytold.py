"""Stories told as text and as JSON: what happened, who reported it, and who had it from whom. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from relevance.explain import printable
from store.storied import StoredStory, StoryReport
from store.stories.lineage import OUTLETS
from store.wording import counted

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
KINDS = {
    "talks": "talks",
    "visit": "visit",
    "patrol": "patrol",
    "exercise": "exercise",
    "training": "training",
    "border": "border",
    "remains": "remains of the fallen",
    "aid": "industry and aid",
    "protocol": "protocol",
    "remembrance": "remembrance",
    "other": "other",
}
SIDES = {"vietnam": "Vietnam", "laos": "Laos"}
SENTENCES_SHOWN = 3
LONGEST = 200


def explain_story(story: StoredStory, earlier: Sequence[StoredStory] = ()) -> str:
    """A story (with its reports) as plain text; ``earlier`` are stories like it of another time."""
    return "\n".join(_lines(story, earlier))


def story_line(story: StoredStory) -> str:
    """A story in two lines of a list."""
    about = [f"{story.id:>6}", _local(story.last_report), *_about(story), story.lineage]
    return f"{' · '.join(about)}\n        {headline_of(story)}"


def as_json(story: StoredStory) -> dict[str, object]:
    """A story of a list as a JSON object; times in UTC, days as ``2026-11-21``."""
    return {
        "id": story.id,
        "headlines": dict(story.headlines),
        "kind": story.kind,
        "place": story.place,
        "event": [day.isoformat() for day in story.event] if story.event else None,
        "participants": [{"name": one.name, "role": one.role, "side": one.side} for one in story.participants],
        "first_report": story.first_report.isoformat(),
        "last_report": story.last_report.isoformat(),
        "independent": story.independent,
        "reprints": story.reprints,
        "outlets": list(story.outlets),
        "decision": story.decision,
    }


def reports_as_json(story: StoredStory) -> list[dict[str, object]]:
    """Who reported it, in order of time, and what copies changed; ``original`` is the article that a copy was made from."""
    return [
        {
            "article": report.article,
            "url": report.url,
            "outlet": report.outlet,
            "lang": report.lang,
            "title": report.title,
            "published": report.published.isoformat(),
            "role": report.role,
            "counted": report.counted,
            "decision": report.decision,
            "original": report.original,
            "credit": report.credit,
            "left_out": list(report.left_out),
            "added": list(report.added),
            "changed": [{"from": there, "to": here} for there, here in report.changed],
        }
        for report in story.reports
    ]


def headline_of(story: StoredStory, preferred: str = "en") -> str:
    """The story's headline, in a language if it has one there."""
    headlines = story.headlines
    return printable(" ".join((headlines.get(preferred) or next(iter(headlines.values()), "")).split())) or "(no headline)"


def days(event: tuple[date, date]) -> str:
    """``2026-11-21``, or ``2026-11-21 to 2026-11-23``."""
    first, last = (day.isoformat() for day in event)
    return first if first == last else f"{first} to {last}"


def house_name(key: str) -> str:
    """A house as people write it: an agency by its letters, a paper by its site, anything else as it stands in the credit."""
    names = OUTLETS.get(key, [key])
    return key.upper() if key.upper() in names else printable(names[0])


def _lines(story: StoredStory, earlier: Sequence[StoredStory]) -> Iterator[str]:
    yield f"Story {story.id}: {headline_of(story)}"
    for lang, headline in story.headlines.items():
        yield f"  {lang}  {printable(' '.join(headline.split()))}"
    yield f"  {' · '.join(_about(story))}"
    yield f"  {story.lineage}; first reported {_local(story.first_report)}, last {_local(story.last_report)} (Vietnam time)"
    yield from _uncounted(story)
    yield f"  outlets: {', '.join(map(printable, story.outlets))}"
    if story.participants:
        yield "\nWho took part"
    for one in story.participants:
        known = [words for words in (one.role, SIDES.get(one.side, one.side)) if words]
        yield f"  {printable(one.name)}" + (f", {printable(', '.join(known))}" if known else "")
    yield "\nReports, in order of time"
    outlets = {report.article: report.outlet for report in reversed(story.reports)}
    for report in story.reports:
        yield from _report(report, outlets)
    if earlier:
        yield "\nEarlier ones like it"
    for other in earlier:
        yield f"  story {other.id} · {' · '.join(_about(other))}: {headline_of(other)}"


def _uncounted(story: StoredStory) -> Iterator[str]:
    """Why there are more reports than the lineage counts: an outlet counts once, with all its editions."""
    again = [printable(one.outlet) for one in story.reports if not one.counted]
    if again:
        names = ", ".join(dict.fromkeys(again))
        more = f"{counted(len(again), 'more report')} of outlets counted already ({names})"
        yield f"  {more}: an outlet counts once, with all its editions"


def _report(report: StoryReport, outlets: dict[int, str]) -> Iterator[str]:
    about = [f"{printable(report.outlet)} [{report.lang or '?'}]", f"article {report.article}", _role(report, outlets)]
    about += ["marginal"] if report.decision == "marginal" else []
    yield f"  {_local(report.published)}  {' · '.join(about)}"
    yield f"    {printable(' '.join(report.title.split())) or '(no headline)'}"
    yield f"    {printable(report.url)}"
    for words, sentences in (("leaves out", report.left_out), ("adds", report.added)):
        if sentences:
            yield f"    {words} {counted(len(sentences), 'sentence')}: {_quoted(sentences)}"
    for there, here in report.changed:
        yield f"    says “{printable(here)}” for “{printable(there)}”"


def _role(report: StoryReport, outlets: dict[int, str]) -> str:
    credit = f", credits {house_name(report.credit)}" if report.credit else ""
    if report.original is None or report.role == "first report":
        return f"{report.role}{credit}"
    if report.original == report.article:
        return f"same text as {printable(outlets.get(report.article, 'elsewhere'))}{credit}"
    by = f" ({printable(outlets[report.original])})" if report.original in outlets else ", which is in another story"
    return f"reprint of article {report.original}{by}{credit}"


def _about(story: StoredStory) -> list[str]:
    """What it was, when and where, as far as known."""
    said = [KINDS.get(story.kind, story.kind), days(story.event) if story.event else "", printable(story.place)]
    said += ["marginal only"] if story.decision == "marginal" else []
    return [words for words in said if words]


def _quoted(sentences: Sequence[str]) -> str:
    shown = [f"“{_short(sentence)}”" for sentence in sentences[:SENTENCES_SHOWN]]
    return " ".join([*shown, "…"] if len(sentences) > SENTENCES_SHOWN else shown)


def _short(sentence: str) -> str:
    sentence = printable(" ".join(sentence.split()))
    return sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST]}…"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
