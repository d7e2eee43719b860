"""What people said of articles. A mark belongs to an address and holds for its article, so for every address that has it."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from relevance.explain import printable
from store.connection import first, rows
from store.marked import Candidate, Label, Mark, Marked
from store.sql.articles import article
from store.values import clean, moment, moment_or_none, stamp

# The mark that counts for each subject: an article, or an address that has none.
LAST = """
SELECT mark.*, address.url, address.article, address.title, address.fate AS fate_now, address.first_seen,
       coalesce('article ' || address.article, 'address ' || address.id) AS subject
FROM mark JOIN address ON address.id = mark.address
WHERE mark.id IN (
    SELECT max(other.id) FROM mark AS other JOIN address AS its ON its.id = other.address
    GROUP BY coalesce('article ' || its.article, 'address ' || its.id)
)
"""


def add_mark(db: Database, address: int, label: Label, note: str, by: str, sample: int | None, now: datetime) -> Mark:
    """Add a mark; earlier ones stay."""
    db.execute(
        "INSERT INTO mark (address, label, note, marked_by, marked, fate, sample)"
        " SELECT id, ?, ?, ?, ?, fate, ? FROM address WHERE id = ?",
        [label, _one_line(note), _one_line(by), stamp(now), sample, address],
    )
    return marks_of(db, address)[-1]


def _one_line(text: str) -> str:
    """What somebody typed, without line ends and what could steer a terminal that shows it."""
    return printable(" ".join(clean(text).split()))


def marks_of(db: Database, address: int) -> tuple[Mark, ...]:
    """All marks on an address and on the others that have its article, oldest first."""
    found = rows(
        db,
        "SELECT mark.*, address.url FROM mark JOIN address ON address.id = mark.address WHERE address.id = :id"
        " OR address.article = (SELECT article FROM address WHERE id = :id) ORDER BY mark.id",
        {"id": address},
    )
    return tuple(map(_mark, found))


def last_marks(db: Database) -> list[Marked]:
    """Everything that was marked, with the mark that counts, in the order in which those were made."""
    return [_marked(db, row) for row in rows(db, f"{LAST} ORDER BY mark.id")]


def labels(db: Database) -> tuple[dict[int, Label], dict[str, Label]]:
    """The label that counts, by article and, for what has none, by address."""
    found = rows(db, LAST)
    of_articles: dict[int, Label] = {row["article"]: row["label"] for row in found if row["article"] is not None}
    return of_articles, {row["url"]: row["label"] for row in found if row["article"] is None}


def _mark(row: dict[str, Any]) -> Mark:
    return Mark(row["label"], row["note"], row["marked_by"], moment(row["marked"]), row["url"], row["fate"], row["sample"])


def _marked(db: Database, row: dict[str, Any]) -> Marked:
    found = article(db, row["article"]) if row["article"] is not None else None
    return Marked(_mark(row), found.title if found else row["title"], row["fate_now"], found)


def near(db: Database, host: str, limit: int = 5000) -> list[str]:
    """The newest addresses of a host, to find a mistyped one among them."""
    found = rows(
        db, "SELECT url FROM address WHERE url LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ?", [f"%://{_like(host)}/%", limit]
    )
    return [row["url"] for row in found]


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# Near a border: all that is marginal, and what was kept or dropped with a score close to the one that parts them: within half
# of it, which is less than one more linked sentence brings.
NEAR = 0.5
BORDERLINE = """
SELECT article.address FROM article
WHERE article.decided >= :since AND NOT EXISTS (
    SELECT 1 FROM mark JOIN address ON address.id = mark.address WHERE address.article = article.id
) AND (decision = 'marginal'
       OR decision = 'keep' AND score <= :keep * (1 + :near)
       OR decision = 'drop' AND score >= :marginal * (1 - :near))
ORDER BY decision <> 'marginal', min(abs(score - :keep), abs(score - :marginal)), article.id DESC LIMIT :limit
"""


def borderline(db: Database, keep: float, marginal: float, since: datetime, limit: int) -> list[Candidate]:
    """Unmarked articles near a border, the marginal ones first, those closest to it before others."""
    values = {"keep": keep, "marginal": marginal, "since": stamp(since), "limit": limit, "near": NEAR}
    return [candidate(db, row["address"]) for row in rows(db, BORDERLINE, values)]


def candidate(db: Database, address: int) -> Candidate:
    """What can be shown of an address to somebody who is to mark it."""
    row = first(
        db,
        "SELECT address.*, coalesce(source.name, address.source, '') AS source_name FROM address"
        " LEFT JOIN source ON source.id = address.source WHERE address.id = ?",
        [address],
    )
    if row is None:
        raise LookupError(f"there is no address {address}")
    last = first(
        db,
        "SELECT reason FROM decision WHERE address = ? AND stage IN ('triaged', 'extracted', 'judged')"
        " ORDER BY id DESC LIMIT 1",
        [address],
    )
    return Candidate(
        url=row["url"],
        source_name=row["source_name"],
        title=row["title"],
        summary=row["summary"],
        published=moment_or_none(row["published"]),
        reason=last["reason"] if last else "",
        article=article(db, row["article"]) if row["article"] is not None else None,
    )
