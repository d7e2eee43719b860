"""When nothing at all can be reached, the fault is hardly with the papers: one sentence instead of the same line for each."""

import re
from collections.abc import Sequence

# Kinds of network faults, by the words that spiders.fates has for them; each with what it means when all sources show it.
KINDS = {
    "no name of theirs could be resolved": re.compile(r"the name \S+ cannot be resolved"),
    "every connection was refused": re.compile(r"\S+ refused the connection"),
    "the proxy opened no tunnel": re.compile(r"the proxy opened no tunnel to [^\s:]+"),
    "no connection came about": re.compile(r"the connection to \S+ failed"),
    "none answered in time": re.compile(r"took longer than \S+ seconds"),
}
FEWEST = 2  # sources; one that is down says nothing about this machine


def common_fault(reasons: Sequence[str | None]) -> str | None:
    """The sentence to begin with when all these sources failed, and all by one kind of network fault; else None. Pure."""
    found = {_kind(reason or "") for reason in reasons}
    if len(reasons) < FEWEST or len(found) != 1 or (kind := found.pop()) is None:
        return None
    return f"no source could be reached: is this machine online? ({kind})"


def briefly(reason: str | None) -> str:
    """Just the network fault of a reason that tells it with its places, the whole reason where there is none. Pure."""
    kind = _kind(reason or "")
    match = KINDS[kind].search(reason or "") if kind else None
    return match[0].removeprefix("(") if match else reason or "no reason was recorded"


def _kind(reason: str) -> str | None:
    return next((kind for kind, words in KINDS.items() if words.search(reason)), None)
