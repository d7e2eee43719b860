"""What changed in articles after they were read: edits as short word diffs, removals with when they were there last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from digest import wording
from digest.clean import clip, one_line
from store.revised import Revised, Revision
from store.revisions.changes import Change, Wording, change
from store.revisions.worddiff import Piece, marked, shortened

# Enough to see what an edit is about; `vietlao history` shows all of it.
SENTENCES_SHOWN = 4

VERDICTS = {"keep": "kept", "marginal": "marginal", "drop": "dropped"}
STATES = {"edited": "edited", "gone": "gone", "back": "back"}


@dataclass(frozen=True, slots=True)
class Diff:
    """One sentence with what changed in it. ``label`` says what it is where it is no sentence of the text; ``text`` is the
    whole as plain text, what went as [-so-], what came as {+so+}."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return marked(self.pieces)


@dataclass(frozen=True, slots=True)
class Told:
    """What happened at one address, in words. ``state`` is how it stands now, ``lines`` tell how it came to that."""

    title: str
    state: str
    lines: tuple[str, ...]
    diffs: tuple[Diff, ...]
    hidden: int


def told(revised: Revised, until: datetime) -> Told:
    """The changes at one address; several edits are told as one, from the wording before the first to that after the last."""
    edits = [revision for revision in revised.revisions if revision.kind == "edited"]
    found = change(_before(edits[0]), _after(edits[-1])) if edits else None
    lines = [_line(revision, edits, found, until) for revision in revised.revisions if revision not in edits[:-1]]
    diffs = _diffs(found)
    title = one_line((edits[-1].title if edits else None) or revised.article.title or "")
    return Told(
        title=title or clip(one_line(revised.article.text), 90) or "(no headline)",
        state=STATES[revised.revisions[-1].kind],
        lines=(*lines, *_verdict(revised.revisions)),
        diffs=diffs[:SENTENCES_SHOWN],
        hidden=max(0, len(diffs) - SENTENCES_SHOWN),
    )


def _before(revision: Revision) -> Wording:
    return Wording(revision.old_title, revision.old_text or "")


def _after(revision: Revision) -> Wording:
    return Wording(revision.title, revision.text or "")


def _line(revision: Revision, edits: list[Revision], found: Change | None, until: datetime) -> str:
    """What one revision was; the last edit stands for all."""
    seen, there = wording.minute(revision.at, until), wording.minute(revision.there, until)
    if revision.kind == "gone":
        reason = one_line(revision.reason).rstrip(".")
        return f"Gone, confirmed {seen}: {reason}. Last there {there}. Its text is kept."
    if revision.kind == "back":
        return f"There again, seen {seen}."
    times = "" if len(edits) == 1 else f" {len(edits)} times"
    what = str(found) if found else "it says again what it said before"
    return f"Edited{times}, seen {seen}: {what}. Before that it was read {there}."


def _verdict(revisions: tuple[Revision, ...]) -> Iterable[str]:
    before, after = revisions[0].old_decision, revisions[-1].decision
    if before != after:
        yield f"By its new text it is {VERDICTS[after]}; it was {VERDICTS[before]}."


def _diffs(found: Change | None) -> tuple[Diff, ...]:
    if found is None:
        return ()
    headline = (Diff("Headline", shortened(found.headline.pieces)),) if found.headline else ()
    telling = sorted(found.edits, key=lambda edit: (not edit.new, not edit.old))  # what was reworded, then added, then left out
    return (*headline, *(Diff("", shortened(edit.pieces)) for edit in telling))
