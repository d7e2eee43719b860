"""An edited article put in the place of what it was."""

from datetime import datetime

from sqlite_utils import Database

from relevance.verdict import Decision
from store.examine import verdict_told
from store.records import Reading
from store.revised import Remembered
from store.revisions.changes import Wording
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
) -> None:
    """Record an edit, let the article have its new text, and judge it by that. Where other addresses still show the old text,
    the more relevant of both verdicts stands, and the text is only replaced by an edit at the article's own address."""
    after = Wording(reading.article.title, reading.article.text)
    decision = _decision(db, known, reading.verdict.decision)
    wordings = (old.title, old.text, after.title, after.text)
    revisions.add(db, known.address, "edited", what, run, now, wordings=wordings, decision=decision, page=page)
    if known.is_own:
        articles.reword(db, known.article, reading.article, digest)
    if decision == reading.verdict.decision and (known.is_own or decision != known.decision):
        told = f"after an edit ({what}): {verdict_told(reading.verdict)}"
        judged_anew(db, known.article, reading.verdict, told, run, now)


def _decision(db: Database, known: Remembered, new: Decision) -> Decision:
    """The verdict that stands after an edit."""
    seen = db.execute("SELECT count(*) FROM address WHERE article = ?", [known.article]).fetchone()[0]
    sinks = articles.RANK[new] < articles.RANK[known.decision]
    return known.decision if sinks and seen > 1 else new
