"""What was read in a window and what was not, computed from what was recorded."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from sqlite_utils import Database

from spiders.sources import Source
from store.connection import first, rows
from store.records import Coverage, Moved, NotRead, Silence, SourceCoverage
from store.values import moment, moment_or_none, stamp
from store.wording import counted, local_time

State = Literal["read", "partly", "failed", "skipped", "disabled", "untried"]

# The last decision of each address in a window, or in a run; being listed once more or put into a digest moves no life. The
# plus keeps SQLite from walking through all decisions in the order of their addresses: of 1,200,000 it takes those of a run in
# 1 ms instead of 430, and a crawl asks once a source.
MOVED = """
SELECT source, fate, count(*) AS count FROM (
    SELECT address.source, decision.fate, max(decision.id)
    FROM decision JOIN address ON address.id = decision.address
    WHERE decision.at < :until AND decision.last_at >= :since AND decision.stage <> 'digested'
      AND (decision.stage <> 'discovered' OR decision.fate = 'waiting') AND (:run IS NULL OR decision.run = :run)
    GROUP BY +decision.address
) GROUP BY source, fate
"""

ATTENTION = """
SELECT address.source, address.url, decision.reason
FROM decision JOIN address ON address.id = decision.address
WHERE decision.at < :until AND decision.last_at >= :since AND decision.stage = 'extracted'
  AND (decision.outcome <> 'ok' OR json_array_length(decision.data, '$.quality') > 0)
GROUP BY address.id HAVING decision.id = max(decision.id) ORDER BY address.url
"""

# The addresses of a window that brought no page and no news of it, by the same decisions as are counted above.
UNREAD = """
SELECT source, url, title, fate, reason FROM (
    SELECT address.source, address.url, address.title, decision.fate, decision.reason, max(decision.id)
    FROM decision JOIN address ON address.id = decision.address
    WHERE decision.at < :until AND decision.last_at >= :since AND decision.stage <> 'digested'
      AND (decision.stage <> 'discovered' OR decision.fate = 'waiting')
    GROUP BY +decision.address
) WHERE fate IN ('rejected', 'gone', 'failed', 'retry') ORDER BY source, url
"""

# How many of a source's last items say what is usual for it, and how many there must be to say anything. Were pauses
# between items exchangeable, the next one would exceed the longest of 50 once in 51 times; twice the longest, and a day on
# top of a weekend's habits, is worth a person's look. ``silent sources`` in metadata.yaml computes the same.
USUAL_ITEMS = 50
FEWEST_ITEMS = 8
TIMES_USUAL = 2
SHORTEST_SILENCE = timedelta(hours=24)


FATES_OF_NOT_READ: dict[str, Literal["refused", "gone", "failed", "tried again"]] = {
    "rejected": "refused",
    "gone": "gone",
    "failed": "failed",
    "retry": "tried again",
}

# later than any decision, as times are stored
LAST = "9999"


@dataclass(slots=True)
class _Tried:
    """One source's runs within the window, oldest first; ``unread`` is what the last that tried it left unasked."""

    states: list[tuple[str, str | None, datetime]] = field(default_factory=list)
    unread: int = 0


def coverage(db: Database, since: datetime, until: datetime, sources: Sequence[Source]) -> Coverage:
    """Coverage of ``[since, until)`` for the sources given, in their order."""
    window = {"since": stamp(since), "until": stamp(until)}
    counts = _counts(db, {**window})
    tried = _tried(db, window)
    interrupted = first(
        db,
        "SELECT id FROM run WHERE kind = 'crawl' AND state = 'interrupted' AND started >= :since AND started < :until",
        window,
    )
    waiting = _waiting(db, window)
    of_sources = tuple(
        _with_unread(
            _of_source(db, source, counts.get(source.id, Counter()), tried.get(source.id, _Tried()), bool(interrupted), until),
            tried.get(source.id, _Tried()).unread,
            waiting.get(source.id, Counter())["waiting"],
        )
        for source in sources
    )
    names = {source.id: source.name for source in sources}
    return Coverage(
        runs=_runs(db, window),
        sources=of_sources,
        seen=sum(one.seen for one in of_sources),
        kept=sum(one.kept for one in of_sources),
        marginal=sum(one.marginal for one in of_sources),
        dropped=sum(one.dropped for one in of_sources),
        failed=sum(one.failed for one in of_sources),
        rejected=sum(one.rejected for one in of_sources),
        gone=sum(one.gone for one in of_sources),
        waiting=sum(waiting[name].total() for name in names.keys() & waiting.keys()),
        retried=sum(
            min(counts[name]["retry"], waiting[name]["retry"]) for name in names.keys() & counts.keys() & waiting.keys()
        ),
        not_read=tuple(
            NotRead(row["url"], names[row["source"]], row["title"], FATES_OF_NOT_READ[row["fate"]], row["reason"])
            for row in rows(db, UNREAD, window)
            if row["source"] in names
        ),
        attention=tuple((row["url"], row["reason"]) for row in rows(db, ATTENTION, window) if row["source"] in names),
    )


def _counts(db: Database, window: dict[str, str | int]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for row in rows(db, MOVED, {"run": None, **window}):
        counts.setdefault(row["source"], Counter())[row["fate"]] += row["count"]
    return counts


def moved_in_run(db: Database, run: int) -> dict[str, Moved]:
    """What became of the addresses that a run moved, by source: counted as a window of just that run would."""
    row = first(db, "SELECT started FROM run WHERE id = ?", [run])
    if row is None:
        raise LookupError(f"there is no run {run}")
    counts = _counts(db, {"since": row["started"], "until": LAST, "run": run})
    return {source: _moved(fates) for source, fates in counts.items()}


def _moved(fates: Counter[str]) -> Moved:
    return Moved(
        seen=fates.total(),
        kept=fates["keep"],
        marginal=fates["marginal"],
        dropped=fates["dropped"],
        rejected=fates["rejected"],
        gone=fates["gone"],
        failed=fates["failed"] + fates["retry"],
    )


def _runs(db: Database, window: dict[str, str]) -> int:
    sql = "SELECT count(*) AS count FROM run WHERE kind = 'crawl' AND started >= :since AND started < :until"
    return int((first(db, sql, window) or {"count": 0})["count"])


def _waiting(db: Database, window: dict[str, str]) -> dict[str, Counter[str]]:
    """Addresses not brought to an end, by source: ``waiting`` were never read, ``retry`` failed and are tried again."""
    sql = (
        "SELECT source, fate, count(*) AS count FROM address"
        " WHERE fate IN ('waiting', 'retry') AND first_seen < ? GROUP BY source, fate"
    )
    counts: dict[str, Counter[str]] = {}
    for row in rows(db, sql, [window["until"]]):
        counts.setdefault(row["source"], Counter())[row["fate"]] = row["count"]
    return counts


def _tried(db: Database, window: dict[str, str]) -> dict[str, _Tried]:
    tried: dict[str, _Tried] = {}
    sql = "SELECT source, state, reason, at, unread FROM source_run WHERE at >= :since AND at < :until ORDER BY at, run"
    for row in rows(db, sql, window):
        one = tried.setdefault(row["source"], _Tried())
        one.states.append((row["state"], row["reason"], moment(row["at"])))
        if row["state"] != "skipped":
            one.unread = row["unread"]
    return tried


def _of_source(
    db: Database, source: Source, fates: Counter[str], tried: _Tried, interrupted: bool, until: datetime
) -> SourceCoverage:
    state, reason = state_of(source, tried.states, interrupted)
    return SourceCoverage(
        source=source.id,
        name=source.name,
        state=state,
        reason=reason,
        last_read=_last_read(db, source.id, until),
        newest=newest_item(db, source.id, until),
        **asdict(_moved(fates)),
    )


def state_of(source: Source, states: Sequence[tuple[str, str | None, datetime]], interrupted: bool) -> tuple[State, str | None]:
    """A source's state over a window's runs (state, reason, time; oldest first). Pure.

    The last run that tried it decides, as a feed still holds what earlier runs missed; but when that one failed after
    an earlier one had read it, it was read partly.
    """
    if not source.enabled:
        return "disabled", source.reason
    tries = [one for one in states if one[0] != "skipped"] or list(states)
    if not tries:
        return "untried", "the run was interrupted before it came to this source" if interrupted else "no run tried it"
    last: State
    last, reason, _ = tries[-1]  # type: ignore[assignment]
    before = [at for state, _, at in tries[:-1] if state in ("read", "partly")]
    if last == "failed" and before:
        return "partly", f"read at {local_time(before[-1])}, but not later: {reason or 'no reason was recorded'}"
    return last, None if last == "read" else reason or "no reason was recorded"


def _with_unread(source: SourceCoverage, left: int, waiting: int) -> SourceCoverage:
    """The same, with what of it was not asked: ``left`` by its last run, which said so; ``waiting`` in the ledger, as when a
    run was killed and could say nothing. A source with addresses that nobody looked at was not read to the end. Pure."""
    if source.state not in ("read", "partly", "failed") or not (left or waiting):
        return source
    if left or source.state == "failed":
        return replace(source, unread=max(left, waiting))
    told = f"{counted(waiting, 'address', 'addresses')} found and not read yet; the next crawl goes on there"
    return replace(source, state="partly", unread=waiting, reason=f"{source.reason}; {told}" if source.reason else told)


def _last_read(db: Database, source: str, until: datetime) -> datetime | None:
    row = first(
        db,
        "SELECT max(at) AS at FROM source_run WHERE source = ? AND at < ? AND state IN ('read', 'partly')",
        [source, stamp(until)],
    )
    return moment_or_none(row["at"]) if row else None


def newest_item(db: Database, source: str, until: datetime) -> datetime | None:
    """The latest publication time that a source claimed for an item; claims from the future do not count."""
    row = first(db, "SELECT max(published) AS at FROM address WHERE source = ? AND published <= ?", [source, stamp(until)])
    return moment_or_none(row["at"]) if row else None


def silent_sources(db: Database, sources: Sequence[Source], now: datetime) -> list[Silence]:
    """Enabled sources whose newest item is older than usual for them, longest silence first."""
    found = [_silence(db, source, now) for source in sources if source.enabled]
    return sorted((one for one in found if one), key=lambda one: one.silent_for, reverse=True)


def _silence(db: Database, source: Source, now: datetime) -> Silence | None:
    found: list[dict[str, Any]] = rows(
        db,
        "SELECT DISTINCT published FROM address WHERE source = ? AND published <= ? ORDER BY published DESC LIMIT ?",
        [source.id, stamp(now), USUAL_ITEMS + 1],
    )
    times = [moment(row["published"]) for row in found]
    usual = longest_pause(times)
    if usual is None or not is_silent(now - times[0], usual):
        return None
    return Silence(source.id, source.name, times[0], now - times[0], usual)


def longest_pause(times: Sequence[datetime]) -> timedelta | None:
    """The longest pause between items, newest first; None when there are too few to tell. Pure."""
    if len(times) < FEWEST_ITEMS:
        return None
    return max(later - earlier for later, earlier in pairwise(times))


def is_silent(pause: timedelta, usual: timedelta) -> bool:
    """Whether a pause is worth a person's look. Pure."""
    return pause > max(TIMES_USUAL * usual, SHORTEST_SILENCE)
