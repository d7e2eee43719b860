"""What has become of an address after a decision, and when it is to be tried again. Pure.

waiting    discovered, not brought to an end yet
retry      a try failed; due again later
failed     given up after the last try
rejected   not to be fetched (robots.txt, an unlisted host); asked about again after a day
gone       404 or 410; asked for twice more while a source still lists it, as pages are listed before they are published
dropped    read, and not about the topic
marginal, keep   stored with that verdict
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from spiders.memory import Outcome, Stage

Fate = Literal["waiting", "retry", "failed", "rejected", "gone", "dropped", "marginal", "keep"]

FATE_OF_DECISION: dict[str, Fate] = {"keep": "keep", "marginal": "marginal", "drop": "dropped"}

# Hours until the next try after the first, second, ... failed one, eight days in all: an outage over a long weekend is
# survived, a dead address costs seven requests. (Media Cloud gives up after ten tries an hour apart and then loses a
# site's weekend; RFC 5321 4.5.4.1 asks mail to be tried for four to five days with growing distance.)
RETRY_HOURS = (1, 4, 12, 24, 48, 96)
GONE_HOURS = (1, 24)
# robots.txt may be held for 24 hours (RFC 9309, 2.4), so that is when its answer may change
REJECTED_HOURS = 24
# a Retry-After longer than a day has been seen to be a mistake more often than a wish
LONGEST_RETRY_AFTER = timedelta(days=1)

ENDED: frozenset[Fate] = frozenset({"dropped", "marginal", "keep"})
NEVER_FETCHED: frozenset[Stage] = frozenset({"discovered", "allowed"})
FETCHING: frozenset[Stage] = frozenset({"discovered", "allowed", "fetched"})


@dataclass(frozen=True, slots=True)
class Course:
    """The fate after a decision; ``after`` is the distance to the next try, None when there is none."""

    fate: Fate
    tries: int
    after: timedelta | None = None


def course(before: Fate, stage: Stage, outcome: Outcome, tries: int, retry_after: timedelta | None = None) -> Course:
    """The course an address takes. ``tries`` counts the fetches that did not end in a verdict so far.

    What was read and judged once stays so when a later visit goes wrong. A fetched page counts as a try until its verdict
    falls, so that a page that kills the process is not fetched for ever.
    """
    if before in ENDED or (outcome == "ok" and stage != "fetched"):
        return Course(before, tries)
    tries += stage in FETCHING
    if outcome == "ok":
        return Course("waiting" if tries <= len(RETRY_HOURS) else "failed", tries)
    if outcome == "failed":
        return _failed(max(tries, 1), retry_after)
    if outcome == "gone":
        return Course("gone", tries, _hours(GONE_HOURS, tries - 1))
    if stage in NEVER_FETCHED:
        return Course("rejected", tries - 1, timedelta(hours=REJECTED_HOURS))
    return Course("rejected" if stage == "fetched" else "dropped", tries)


def _failed(tries: int, retry_after: timedelta | None) -> Course:
    wait = _hours(RETRY_HOURS, tries - 1)
    if wait is None:
        return Course("failed", tries)
    return Course("retry", tries, max(wait, min(retry_after or wait, LONGEST_RETRY_AFTER)))


def _hours(table: tuple[int, ...], index: int) -> timedelta | None:
    return timedelta(hours=table[max(index, 0)]) if index < len(table) else None
