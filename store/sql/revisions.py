"""Reading articles again: which are due, what was found, and what had changed."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlite_utils import Database

from relevance.verdict import Decision
from spiders.memory import Again, Outcome, Validators
from store.connection import first, rows
from store.revised import Remembered, Revised, Revision, RevisionKind, Watch
from store.revisions.placing import Step
from store.revisions.schedule import AT_ONCE, gap_at, is_due, wait_after
from store.sql import pages
from store.sql.addresses import found_in
from store.sql.articles import NEWS_DAYS, articles_by_id
from store.values import clean_or_none, moment, moment_or_none, stamp, stamp_or_none
from store.wording import local_time

NOT_MODIFIED = HTTPStatus.NOT_MODIFIED
LAST_EDIT = "SELECT * FROM revision WHERE address = ? AND kind = 'edited' ORDER BY at DESC, id DESC LIMIT 1"

# What is kept, and what was told in a digest and is kept no longer: what the analyst has seen stays watched.
COLUMNS = """
address.*, article.published AS article_published, article.stored, revisit.step, revisit.there, revisit.asked, revisit.failures,
revisit.wait, revisit.missing, revisit.gone, revisit.etag, revisit.last_modified
"""
WATCHED = f"""
SELECT {COLUMNS} FROM address JOIN article ON article.id = address.article LEFT JOIN revisit ON revisit.address = address.id
WHERE address.source = :source AND address.fate IN ('keep', 'marginal')
  AND (coalesce(revisit.step, 0) < :gaps OR revisit.missing IS NOT NULL AND NOT revisit.gone)
UNION ALL
SELECT {COLUMNS} FROM revisit JOIN address ON address.id = revisit.address JOIN article ON article.id = address.article
WHERE address.source = :source AND address.fate = 'dropped' AND revisit.step < :gaps
  AND EXISTS (SELECT 1 FROM digest_article WHERE digest_article.article = article.id)
"""  # noqa: S608 - our own text


def watch(db: Database, address: int, validators: Validators, now: datetime) -> None:
    """An article was read at an address in full: its gaps begin, or what it can be asked with is renewed."""
    db.execute(
        "INSERT INTO revisit (address, there, asked, etag, last_modified) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (address) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified",
        [address, stamp(now), stamp(now), clean_or_none(validators.etag), clean_or_none(validators.last_modified)],
    )


def is_watched(db: Database, address: int) -> bool:
    return db.execute("SELECT 1 FROM revisit WHERE address = ?", [address]).fetchone() is not None


def due(db: Database, source: str, hours: Sequence[float], now: datetime) -> list[Again]:
    """What is to be read again, longest due first. Each counts as a failed try until it is told how it went, so that
    a page that kills the process is not fetched for ever."""
    if not hours:
        return []
    found = []
    for row in rows(db, WATCHED, {"source": source, "gaps": len(hours)}):
        row["step"], row["since"] = _turn(row, hours, now)
        if row["since"] is not None:
            found.append(row)
    found.sort(key=lambda row: (row["since"], row["id"]))
    for row in found[:AT_ONCE]:
        _take_up(db, row, now)
    return [Again(found_in(row), Validators(row["etag"], row["last_modified"])) for row in found[:AT_ONCE]]


def _turn(row: dict[str, Any], hours: Sequence[float], now: datetime) -> tuple[int, datetime | None]:
    """The gap that an address is in, and since when it waits if it is its turn."""
    asked = moment(row["asked"] or row["stored"])
    begun = min(moment(row["stored"]), moment_or_none(row["article_published"]) or asked)
    gap = gap_at(row["step"] or 0, asked - begun, hours)
    if row["wait"]:
        wait = moment(row["wait"])
        return gap, wait if wait <= now else None
    if row["missing"] and not row["gone"]:
        missing = moment(row["missing"])
        return gap, missing if is_due(missing, 0, hours, now) else None
    return gap, asked if is_due(asked, gap, hours, now) else None


def _take_up(db: Database, row: dict[str, Any], now: datetime) -> None:
    failures = (row["failures"] or 0) + 1
    wait = wait_after(failures)
    db.execute(
        "INSERT OR IGNORE INTO revisit (address, there, asked) VALUES (?, ?, ?)", [row["id"], row["stored"], row["stored"]]
    )
    if wait is None:  # enough for this time: on to the next gap
        db.execute(
            "UPDATE revisit SET step = ?, failures = 0, wait = NULL, asked = ? WHERE address = ?",
            [row["step"] + 1, stamp(now), row["id"]],
        )
    else:
        db.execute(
            "UPDATE revisit SET step = ?, failures = ?, wait = ? WHERE address = ?",
            [row["step"], failures, stamp(now + wait), row["id"]],
        )


def remembered(db: Database, address: dict[str, Any]) -> Remembered | None:
    """What is known of an address that is read again; None for one that never was an article or is not watched."""
    return known_of(db, address) if is_watched(db, address["id"]) else None


def known_of(db: Database, address: dict[str, Any]) -> Remembered | None:
    """What was last read at an address; None for one that never was an article."""
    article = first(db, "SELECT * FROM article WHERE id = ?", [address["article"]])
    if article is None:
        return None
    last = first(db, LAST_EDIT, [address["id"]])
    is_own = article["address"] == address["id"]
    stands = last or (article if is_own else {"title": None, "text": None})
    page = first(db, "SELECT id FROM page WHERE address = ? ORDER BY fetched DESC, id DESC LIMIT 1", [address["id"]])
    return Remembered(
        address=address["id"],
        article=article["id"],
        is_own=is_own,
        title=stands["title"],
        text=stands["text"],
        decision=article["decision"],
        page=pages.page(db, page["id"]) if page else None,
        found=found_in(address),
    )


def asked(db: Database, address: int, outcome: Outcome, reason: str, status: object, run: int | None, now: datetime) -> None:
    """How asking for an article again went, where it brought no page; of one that did, the page itself tells."""
    if outcome == "gone":
        missing(db, address, reason, run, now)
    elif outcome != "ok":
        failed(db, address, reason)
    elif status == NOT_MODIFIED:
        came_back(db, address, run, now)
        seen(db, address, now)


def seen(db: Database, address: int, now: datetime) -> None:
    """The article is there. Whether it came back, and what it says, is told first (:func:`came_back`, :func:`add`)."""
    db.execute(
        "UPDATE revisit SET step = step + 1, visits = visits + 1, there = :now, asked = :now, failures = 0, wait = NULL,"
        " problem = NULL, missing = NULL, missing_run = NULL, gone = 0 WHERE address = :address",
        {"now": stamp(now), "address": address},
    )


def found_at(db: Database, address: int, at: datetime, run: int | None) -> None:
    """Somebody else found an article at its address. If that was after a crawl had missed it there, it came back."""
    if first(db, "SELECT address FROM revisit WHERE address = ? AND asked < ?", [address, stamp(at)]):
        came_back(db, address, run, at)
        there = "problem = NULL, missing = NULL, missing_run = NULL, gone = 0"
        db.execute(f"UPDATE revisit SET {there} WHERE address = ?", [address])  # noqa: S608 - our own text
    db.execute("UPDATE revisit SET there = max(there, ?) WHERE address = ?", [stamp(at), address])


def came_back(db: Database, address: int, run: int | None, now: datetime) -> None:
    """Record that an article is there again, if it was gone."""
    row = first(db, "SELECT missing FROM revisit WHERE address = ? AND gone", [address])
    if row is not None:
        since = local_time(moment(row["missing"]))
        add(db, address, "back", f"it is there again, after it was missed since {since}", run, now)


def missing(db: Database, address: int, reason: str, run: int | None, now: datetime) -> None:
    """The article is not there. Another run has to find the same, at least the first gap later, before it is gone."""
    row = first(db, "SELECT * FROM revisit WHERE address = ?", [address]) or {}
    confirmed = bool(row["missing"]) and row["missing_run"] != run
    if confirmed and not row["gone"]:
        add(db, address, "gone", reason, run, now)
    db.execute(
        "UPDATE revisit SET step = step + gone, visits = visits + 1, asked = :now, failures = 0, wait = NULL,"
        " problem = :problem, missing_run = CASE WHEN missing IS NULL THEN :run ELSE missing_run END,"
        " missing = coalesce(missing, :now), gone = max(gone, :gone) WHERE address = :address",
        {"now": stamp(now), "problem": reason, "run": run, "gone": int(confirmed), "address": address},
    )


def failed(db: Database, address: int, reason: str) -> None:
    """It could not be seen whether the article is there. When it is tried again was settled when it was taken up."""
    db.execute("UPDATE revisit SET visits = visits + 1, problem = ? WHERE address = ?", [reason, address])


def add(
    db: Database,
    address: int,
    kind: RevisionKind,
    reason: str,
    run: int | None,
    now: datetime,
    *,
    wordings: tuple[str | None, str | None, str | None, str | None] = (None, None, None, None),
    decision: Decision | None = None,
    page: int | None = None,
    there: datetime | None = None,
) -> None:
    """Record a change, seen ``now``. ``wordings`` are headline and text before, headline and text after; ``decision`` the
    verdict after, when it is another one; ``there`` when the address was last seen as before, if not by a crawl."""
    db.execute(
        "INSERT INTO revision (address, article, kind, at, run, there, reason, old_title, old_text, title, text, old_decision,"
        " decision, page) SELECT address.id, article.id, ?, ?, ?, coalesce(?, revisit.there, article.stored), ?, ?, ?, ?, ?,"
        " article.decision, coalesce(?, article.decision), ? FROM address JOIN article ON article.id = address.article"
        " LEFT JOIN revisit ON revisit.address = address.id WHERE address.id = ?",
        [kind, stamp(now), run, stamp_or_none(there), reason, *map(clean_or_none, wordings), decision, page, address],
    )


def change(db: Database, number: int, step: Step) -> None:
    """Let a recorded change go from another wording, or be seen at another time; the wording after it stays."""
    db.execute(
        "UPDATE revision SET at = ?, there = ?, reason = ?, old_title = ?, old_text = ? WHERE id = ?",
        [stamp(step.at), stamp(step.there), step.reason, *map(clean_or_none, (step.old.title, step.old.text)), number],
    )


# A change out of a file was seen when its page was fetched, and learned of when the file was taken in.
SELECT = """
SELECT revision.*, address.url, coalesce(source.name, address.source, '') AS source_name,
       CASE WHEN run.kind = 'import' THEN max(run.started, revision.at) ELSE revision.at END AS recorded
FROM revision JOIN address ON address.id = revision.address LEFT JOIN source ON source.id = address.source
LEFT JOIN run ON run.id = revision.run
"""


def revisions_of(db: Database, column: str, number: int) -> tuple[Revision, ...]:
    """All changes of an ``article`` or at an ``address``, in order of time."""
    found = rows(db, f"{SELECT} WHERE revision.{column} = ? ORDER BY revision.at, revision.id", [number])
    return tuple(map(_revision, found))


def _revision(row: dict[str, Any]) -> Revision:
    same = ("id", "url", "source_name", "article", "kind", "reason", "old_title", "old_text", "title", "text")
    decisions = {name: row[name] for name in ("old_decision", "decision")}
    at, there, recorded = (moment(row[name]) for name in ("at", "there", "recorded"))
    return Revision(**{name: row[name] for name in same}, **decisions, at=at, there=there, recorded=recorded)


# As with articles, what happened long before it was taken in from a file is history, and told in no digest; neither is what
# happened to an article that was never shown.
REVISED = f"""
{SELECT} WHERE recorded >= :since AND recorded < :until
AND julianday(recorded) - julianday(revision.at) <= {NEWS_DAYS}
AND (revision.old_decision <> 'drop' OR EXISTS (SELECT 1 FROM digest_article WHERE digest_article.article = revision.article))
AND (:profile IS NULL OR NOT EXISTS (
    SELECT 1 FROM digest_revision JOIN digest ON digest.id = digest_revision.digest
    WHERE digest_revision.revision = revision.id AND digest.profile = :profile
)) ORDER BY revision.at, revision.id
"""  # noqa: S608 - our own text


def revised(db: Database, until: datetime, since: datetime | None, profile: str | None) -> tuple[Revised, ...]:
    """Changes seen in ``[since, until)``, by address, the latest first; with a profile those that none of its digests told."""
    values = {"since": stamp_or_none(since) or "", "until": stamp(until), "profile": profile}
    found = rows(db, REVISED, values)
    groups: dict[str, list[Revision]] = {}
    for row in found:
        groups.setdefault(row["url"], []).append(_revision(row))
    theirs = {article.id: article for article in articles_by_id(db, sorted({row["article"] for row in found}))}
    there = [Revised(theirs[one[0].article], url, one[0].source_name, tuple(one)) for url, one in groups.items()]
    return tuple(sorted(there, key=lambda one: (one.revisions[-1].at, one.revisions[-1].id), reverse=True))


def watch_of(db: Database, address: int) -> Watch | None:
    row = first(db, "SELECT * FROM revisit WHERE address = ?", [address])
    if row is None:
        return None
    there, asked = moment(row["there"]), moment(row["asked"])
    return Watch(row["visits"], there, asked, moment_or_none(row["missing"]), bool(row["gone"]), row["problem"])


def tell(db: Database, digest: int, revisions: Sequence[int]) -> None:
    """Note which changes a digest tells."""
    db.conn.executemany(
        "INSERT INTO digest_revision (digest, revision) VALUES (?, ?)",
        [(digest, revision) for revision in sorted(set(revisions))],
    )


def first_read(db: Database, article: int) -> dict[str, datetime]:
    """When the first page of each address of an article was fetched, as far as pages of it were archived."""
    sql = (
        "SELECT address.url, min(page.fetched) AS fetched FROM page JOIN address ON address.id = page.address"
        " WHERE address.article = ? GROUP BY address.id"
    )
    return {row["url"]: moment(row["fetched"]) for row in rows(db, sql, [article])}
