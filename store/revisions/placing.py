"""Where a wording belongs that was seen at some time past: what a page out of a file adds to an address. Pure.

A file may be older than what is stored, newer, or lie between two readings. What was seen last stands; everything else becomes
a version at its own time, as if a crawl had read the page then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.revised import Captured, Revision
from store.revisions.changes import Wording, change


@dataclass(frozen=True, slots=True)
class Step:
    """A change to be recorded: seen ``at``, when the address was last seen as before, and both wordings."""

    at: datetime
    there: datetime
    old: Wording
    new: Wording
    reason: str


@dataclass(frozen=True, slots=True)
class Placed:
    """``nothing``: the page cannot be compared, ``reason`` says why. ``same``: it says what is stored. ``current``: the wording
    stands from now on. ``earlier``: it stood once. ``follows`` is a recorded change that goes from another wording now, or was
    seen earlier: its number with the values to replace."""

    kind: Literal["nothing", "same", "current", "earlier"]
    reason: str = ""
    steps: tuple[Step, ...] = ()
    follows: tuple[int, Step] | None = None

    @property
    def is_new(self) -> bool:
        return self.kind in ("current", "earlier")


SAME = Placed("same")
NO_TEXT = Placed("nothing", "has no text that could be compared with it")
NO_TIME = Placed("nothing", "does not say when it was fetched, so what stood before it cannot be told")


def place(known: Captured, at: datetime, new: Wording, archived: Callable[[], Wording | None]) -> Placed:
    """What a wording seen ``at`` adds. ``archived`` gives what the archive has of the address at that time, read by the code of
    now, so that a better extractor is not taken for an editor; None where it has nothing."""
    stood = wording_at(known, at)
    if stood is not None and not stood.text and new.text and known.current is not None and not known.current.text:
        return Placed("current", "its text could not be read before")
    if stood is not None and change(stood, new) is None:
        return SAME
    stood = archived() or stood
    changed = change(stood, new) if stood is not None else None
    if stood is None or changed is None:
        return SAME
    if at > known.newest:
        return Placed("current", str(changed), (Step(at, known.newest, stood, new, str(changed)),))
    if at < known.first:
        back = Step(known.first, at, new, stood, str(change(new, stood)))
        return Placed("earlier", str(changed), (back,))
    return _between(known, at, stood, new, str(changed))


def _between(known: Captured, at: datetime, stood: Wording, new: Wording, reason: str) -> Placed:
    """A wording between two readings: the text changed to it, and away from it before the next one."""
    seen = next((time for time in known.times if time > at), None)
    if seen is None:
        return SAME  # seen in the same moment as what is stored
    came = Step(at, max(time for time in known.times if time <= at), stood, new, reason)
    following = next((edit for edit in known.edits if edit.at > at), None)
    if following is None or following.at > seen:
        return Placed("earlier", reason, (came, Step(seen, at, new, stood, str(change(new, stood)))))
    after = Wording(following.title, following.text or "")
    went = change(new, after)
    if went is None:  # the change that was seen at the next reading, seen sooner
        return Placed("earlier", reason, (), (following.id, came))
    return Placed("earlier", reason, (came,), (following.id, Step(following.at, at, new, after, str(went))))


def wording_at(known: Captured, at: datetime) -> Wording | None:
    """What stood at a time, as far as it is recorded: before the first reading, what was read first."""
    following = next((edit for edit in known.edits if edit.at > at), None)
    return Wording(following.old_title, following.old_text or "") if following else known.current


def in_order(revisions: Sequence[Revision]) -> tuple[Revision, ...]:
    """Edits, the first one first."""
    edits = (revision for revision in revisions if revision.kind == "edited")
    return tuple(sorted(edits, key=lambda revision: (revision.at, revision.id)))
