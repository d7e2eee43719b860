"""An edited article put in the place of what it was."""

from datetime import datetime

from sqlite_utils import Database

from relevance.verdict import Decision
from store.examine import verdict_told
from store.records import Reading
from store.revised import Remembered
from store.revisions.changes import Wording
from store.revisions.placing import Placed
from store.sql import articles, revisions
from store.sql.verdicts import judged_anew


def reword(
    db: Database,
    known: Remembered,
    old: Wording,
    what: str,
    reading: Reading,
    digest: str | None,
    page: int | None,
    run: int | None,
    now: datetime,
    seen: tuple[datetime, datetime] | None = None,
) -> None:
    """Record an edit, let the article have its new text, and judge it by that. Where other addresses still show the old text,
    the more relevant of both verdicts stands, and the text is only replaced by an edit at the article's own address.
    ``seen`` is when the page was fetched, and when the address was last seen as before, where that was not by this crawl."""
    after = Wording(reading.article.title, reading.article.text)
    decision = _decision(db, known, reading.verdict.decision)
    wordings = (old.title, old.text, after.title, after.text)
    at, there = seen or (now, None)
    revisions.add(db, known.address, "edited", what, run, at, wordings=wordings, decision=decision, page=page, there=there)
    give(db, known, what, reading, digest, run, now, decision)


def give(
    db: Database,
    known: Remembered,
    what: str,
    reading: Reading,
    digest: str | None,
    run: int | None,
    now: datetime,
    decision: Decision | None = None,
) -> None:
    """Let an article have what was read at an address of it last."""
    decision = decision or _decision(db, known, reading.verdict.decision)
    if known.is_own:
        articles.reword(db, known.article, reading.article, digest)
    if decision == reading.verdict.decision and (known.is_own or decision != known.decision):
        told = f"after an edit ({what}): {verdict_told(reading.verdict)}"
        judged_anew(db, known.article, reading.verdict, told, run, now)


def put_in(
    db: Database,
    known: Remembered,
    placed: Placed,
    reading: Reading,
    digest: str | None,
    page: int | None,
    run: int | None,
    now: datetime,
) -> None:
    """Record what a page out of a file adds to the versions of an article."""
    if placed.kind == "current":
        for step in placed.steps:
            reword(db, known, step.old, step.reason, reading, digest, page, run, now, (step.at, step.there))
        if not placed.steps:
            give(db, known, placed.reason, reading, digest, run, now)
        return
    for number, step in enumerate(placed.steps):
        wordings = (step.old.title, step.old.text, step.new.title, step.new.text)
        theirs = page if step.new.text == reading.article.text and not number else None
        revisions.add(db, known.address, "edited", step.reason, run, step.at, wordings=wordings, page=theirs, there=step.there)
    if placed.follows is not None:
        revisions.change(db, *placed.follows)


def _decision(db: Database, known: Remembered, new: Decision) -> Decision:
    """The verdict that stands after an edit."""
    seen = db.execute("SELECT count(*) FROM address WHERE article = ?", [known.article]).fetchone()[0]
    sinks = articles.RANK[new] < articles.RANK[known.decision]
    return known.decision if sinks and seen > 1 else new
