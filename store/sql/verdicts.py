"""Verdicts that fall anew on what was read before: what is to be judged, and what becomes of it."""

from datetime import datetime

from sqlite_utils import Database

from relevance.verdict import Verdict
from spiders.memory import Outcome
from spiders.page import Found
from store.connection import first, rows
from store.fates import FATE_OF_DECISION
from store.records import PageRecord
from store.sql import pages
from store.sql.addresses import decided
from store.sql.articles import set_verdict
from store.sql.marks import LAST
from store.values import stamp, stamp_or_none

STALE = f"""
SELECT id FROM article WHERE rules <> :rules AND (stored >= :since OR id IN (
    SELECT article FROM ({LAST}) WHERE label = 'relevant' AND article IS NOT NULL
)) ORDER BY id
"""  # noqa: S608 - our own text

# The newest page of each address whose bytes are kept and of which no article came.
UNREAD = """
SELECT max(page.id) AS id FROM page JOIN address ON address.id = page.address
WHERE address.article IS NULL AND page.file IS NOT NULL AND (page.fetched >= :since OR address.id IN (
    SELECT address FROM mark WHERE label = 'relevant'
)) GROUP BY page.address ORDER BY id
"""


# Put aside at the first look, and listed with words of its own.
PUT_ASIDE = """
SELECT id, url, coalesce(title, '') || char(10) || coalesce(summary, '') AS claim FROM address
WHERE id > :after AND fate = 'dropped' AND article IS NULL AND coalesce(title, summary) IS NOT NULL AND first_seen >= :since
  AND (SELECT stage FROM decision WHERE decision.address = address.id ORDER BY id DESC LIMIT 1) = 'triaged'
ORDER BY id LIMIT :portion
"""


def stale(db: Database, rules: str, since: datetime | None) -> list[int]:
    """Articles stored since then, and all that were marked relevant, on which these rules have not judged yet."""
    return [row["id"] for row in rows(db, STALE, {"rules": rules, "since": stamp_or_none(since) or ""})]


def unread_pages(db: Database, since: datetime | None) -> list[int]:
    """Archived pages of which no article came."""
    return [row["id"] for row in rows(db, UNREAD, {"since": stamp(since) if since else ""})]


def page_to_read(db: Database, number: int) -> tuple[Found, PageRecord] | None:
    """A page's sighting and place in the archive."""
    found, record = pages.found_of(db, number), pages.page(db, number)
    return (found, record) if found and record else None


def judged_anew(db: Database, number: int, verdict: Verdict, told: str, run: int | None, now: datetime) -> None:
    """Give an article a new verdict. When it decides otherwise, the addresses under which the text was seen share the new
    fate, and their lives tell it."""
    before = first(db, "SELECT decision FROM article WHERE id = ?", [number])
    if before is None:
        raise LookupError(f"there is no article {number}")
    set_verdict(db, number, verdict, now)
    if before["decision"] == verdict.decision:
        return
    outcome: Outcome = "rejected" if verdict.decision == "drop" else "ok"
    data: dict[str, object] = {
        "decision": verdict.decision,
        "before": before["decision"],
        "score": verdict.score,
        "rules": verdict.rules,
    }
    for row in rows(db, "SELECT id FROM address WHERE article = ?", [number]):
        decided(db, row["id"], "judged", outcome, told, data, run, now, fate=FATE_OF_DECISION[verdict.decision])


def put_aside(db: Database, since: datetime | None, after: int, portion: int) -> list[tuple[int, str, str]]:
    """Pages that were put aside unread, from the one after ``after`` on: number, address, headline and summary."""
    values = {"since": stamp(since) if since else "", "after": after, "portion": portion}
    return [(row["id"], row["url"], row["claim"]) for row in rows(db, PUT_ASIDE, values)]


def fetch_again(db: Database, url: str, told: str, run: int | None, now: datetime) -> None:
    """Let the next crawl fetch an address that was brought to an end."""
    row = first(db, "SELECT id FROM address WHERE url = ?", [url])
    if row is None:
        raise LookupError(f"{url} was never seen")
    decided(db, row["id"], "triaged", "ok", told, {}, run, now, fate="waiting")
    db.execute("UPDATE address SET claimed = NULL WHERE id = ?", [row["id"]])
