"""What judging anew came to, for people and as JSON: shared by ``backtest`` and ``rejudge``."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rich.progress import track

from monitor.app import App
from relevance.explain import printable
from relevance.topic import Topic
from store.archive import Archive
from store.database import Store
from store.rejudge import Anew, Outcome, Way, Work
from store.wording import counted

HEADINGS: tuple[tuple[Way, str], ...] = (
    ("enters", "enter"),
    ("rises", "rise from marginal to keep"),
    ("sinks", "sink from keep to marginal"),
    ("leaves", "leave"),
)
SHIFTS = 6


def judge_all(
    app: App,
    store: Store,
    topic: Topic,
    since: datetime | None,
    each: Callable[[Anew], None] | None = None,
) -> Outcome:
    """Judge everything anew on which these rules have not judged, and do something with each. Shows progress on a terminal."""
    with Archive(app.home.path, store) as archive:
        work = Work(store, archive, topic, app.sources, since)
        shown = track(work, "judging", total=len(work), console=app.errors, transient=True, disable=not app.errors.is_terminal)
        for anew in shown:
            if anew is not None and each is not None:
                each(anew)
    return work.outcome


def report(app: App, outcome: Outcome) -> None:
    """What enters and leaves, with the words that did it; then what is lost and what could not be judged."""
    for way, heading in HEADINGS:
        found = outcome.going(way)
        if found:
            app.say(f"{len(found)} {heading}")
            for anew in found:
                app.say("\n".join(f"  {line}" for line in told(anew)))
    counts = ", ".join(f"{len(outcome.going(way))} {heading}" for way, heading in HEADINGS)
    judged = f"{counted(outcome.judged, 'stored text')} and {counted(outcome.read, 'archived page')} judged"
    if outcome.judged or outcome.read:
        app.say(f"rules {outcome.rules}: {judged}; {counts}")
    else:
        app.say(f"rules {outcome.rules}: nothing to judge anew, as all that is stored was judged by these rules already")
    for url in outcome.named:
        app.warn(f"put aside unread, but listed under a headline that names what it should: {url}")
    for url in outcome.missed:
        app.warn(f"still missed, though marked relevant: {url}")
    for url, why in outcome.unjudged:
        app.warn(f"not judged: {url}: {why}")
    for anew in outcome.lost:
        app.warn(f"lost, though marked relevant: {anew.url}: {anew.verdict.why_not_more}")


def told(anew: Anew) -> list[str]:
    """One change in lines: what, from what to what, which words, and what was missing for more."""
    verdict = anew.verdict
    before = f"{anew.before}, {anew.article.score:g}" if anew.article else "no text before"
    marked = f" [marked {anew.label}]" if anew.label else ""
    head = f"{before} -> {verdict.decision}, {verdict.score:g}  {printable(' '.join((anew.title or '(no headline)').split()))}"
    lines = [head + marked, f"    {anew.url}"]
    shifts = anew.shifts
    lines += [f"    {printable(str(shift))}" for shift in shifts[:SHIFTS]]
    if len(shifts) > SHIFTS:
        lines.append(f"    and {len(shifts) - SHIFTS} more")
    if not shifts:
        lines.append("    the words weigh the same: a limit moved")
    return [*lines, f"    {printable(verdict.why_not_more)}"] if verdict.why_not_more else lines


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON values."""
    return {
        "rules": outcome.rules,
        "judged": outcome.judged,
        "read": outcome.read,
        "changes": [_change(anew) for anew in outcome.changed],
        "lost": [anew.url for anew in outcome.lost],
        "missed": list(outcome.missed),
        "named": list(outcome.named),
        "unjudged": [{"url": url, "why": why} for url, why in outcome.unjudged],
    }


def _change(anew: Anew) -> dict[str, Any]:
    article = anew.article
    return {
        "id": article.id if article else None,
        "url": anew.url,
        "title": anew.title,
        "way": anew.way,
        "mark": anew.label,
        "before": {"decision": anew.before, "score": article.score, "rules": article.rules} if article else None,
        "after": {"decision": anew.verdict.decision, "score": anew.verdict.score},
        "why_not_more": anew.verdict.why_not_more,
        "shifts": [
            {"term": one.term, "group": one.group, "place": one.place, "before": one.before, "after": one.after}
            for one in anew.shifts
        ],
    }


def exit_code(outcome: Outcome) -> int:
    """1 when an item marked relevant is lost."""
    return 1 if outcome.lost else 0
