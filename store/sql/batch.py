"""Pages that are read again, and pages that come from files of others."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from spiders.memory import Outcome
from spiders.page import Found, Page
from store.bulk import Import, ToReadAgain
from store.connection import first, rows
from store.exact import text_digest
from store.fates import FATE_OF_DECISION, Fate
from store.records import Decided, PageRecord, Reading, Saved
from store.revised import Captured
from store.revisions.changes import Wording
from store.revisions.placing import Placed, in_order
from store.sql import addresses, articles, pages, revisions, rewording
from store.values import clean, moment, moment_or_none, stamp, to_json

# The newest archived page of each address, pages of articles first: whether another address still shows an article's text can
# only be told when the article itself was read again.
TO_READ_AGAIN = """
SELECT page.id FROM page JOIN address ON address.id = page.address
LEFT JOIN article ON article.id = address.article AND article.address = address.id
LEFT JOIN read_again ON read_again.page = page.id AND read_again.version = :version
WHERE page.file IS NOT NULL AND page.fetched >= :since AND (:source IS NULL OR address.source = :source)
  AND page.id = (SELECT other.id FROM page AS other WHERE other.address = page.address AND other.file IS NOT NULL
                 ORDER BY other.fetched DESC, other.id DESC LIMIT 1)
  AND (read_again.page IS NULL OR :changed AND read_again.change <> '' AND read_again.applied IS NULL)
ORDER BY article.id IS NULL, page.id
"""

CHANGES = """
SELECT read_again.change FROM read_again JOIN page ON page.id = read_again.page JOIN address ON address.id = page.address
WHERE read_again.version = :version AND read_again.change <> '' AND read_again.applied IS NULL
  AND page.fetched >= :since AND (:source IS NULL OR address.source = :source)
ORDER BY page.id
"""

# The text of an article as its own page gives it under a version, else as it is stored.
DIGEST_OF_ARTICLE = """
SELECT coalesce((
    SELECT read_again.text_digest FROM read_again JOIN page ON page.id = read_again.page
    WHERE page.address = article.address AND read_again.version = :version ORDER BY page.fetched DESC LIMIT 1
), article.text_digest) AS digest FROM article WHERE article.id = :article
"""

# What becomes of an address that is first met in a file and holds no article there.
FATE_OF_IMPORT: dict[Outcome, Fate] = {"failed": "failed", "gone": "gone", "rejected": "rejected"}
MOST_FAULTS = 10_000


def to_read_again(db: Database, version: str, since: datetime | None, source: str | None, with_changes: bool) -> list[int]:
    """Pages that were not read under this version yet, and with ``with_changes`` those whose change is not applied."""
    return [row["id"] for row in rows(db, TO_READ_AGAIN, _values(version, since, source) | {"changed": with_changes})]


def _values(version: str, since: datetime | None, source: str | None) -> dict[str, Any]:
    return {"version": version, "since": stamp(since) if since else "", "source": source}


def page_with_article(db: Database, number: int, version: str) -> ToReadAgain | None:
    """A page with what the store holds of its address."""
    record, found = pages.page(db, number), pages.found_of(db, number)
    if record is None or found is None:
        return None
    row = first(
        db,
        "SELECT address.fate, address.article, article.address = address.id AS owns, EXISTS ("
        "SELECT 1 FROM revision WHERE revision.address = address.id AND kind = 'edited') AS edited FROM page"
        " JOIN address ON address.id = page.address LEFT JOIN article ON article.id = address.article WHERE page.id = ?",
        [number],
    ) or {"fate": "waiting", "article": None, "owns": None, "edited": 0}
    article = articles.article(db, row["article"]) if row["article"] is not None else None
    digest = first(db, DIGEST_OF_ARTICLE, {"version": version, "article": row["article"]})
    text = digest["digest"] if digest else None
    return ToReadAgain(number, found, record, row["fate"], article, bool(row["owns"]), text, bool(row["edited"]))


def note_read(db: Database, number: int, version: str, change: str, digest: str | None, applied: bool, now: datetime) -> None:
    """Remember that a page was read under a version, and what that would change (empty: nothing)."""
    db.execute(
        "INSERT OR REPLACE INTO read_again (page, version, change, text_digest, read, applied) VALUES (?, ?, ?, ?, ?, ?)",
        [number, version, change, digest, stamp(now), stamp(now) if applied else None],
    )


def changes(db: Database, version: str, since: datetime | None, source: str | None) -> list[str]:
    """What was found under a version and is not applied."""
    return [row["change"] for row in rows(db, CHANGES, _values(version, since, source))]


def begin_import(db: Database, name: str, fingerprint: str, size: int, again: bool, now: datetime) -> Import:
    """The import of a file, continued when the same file was begun before."""
    db.execute(
        "INSERT INTO import (name, fingerprint, size, started, changed) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name, changed = excluded.changed",
        [clean(name), fingerprint, size, stamp(now), stamp(now)],
    )
    if again:
        db.execute("UPDATE import SET records = 0, finished = NULL, counts = '{}' WHERE fingerprint = ?", [fingerprint])
        db.execute("DELETE FROM import_fault WHERE import = (SELECT id FROM import WHERE fingerprint = ?)", [fingerprint])
    row = first(db, "SELECT * FROM import WHERE fingerprint = ?", [fingerprint])
    if row is None:
        raise LookupError(f"the import of {name} vanished while it was begun")
    return Import(row["id"], row["name"], row["records"], json.loads(row["counts"]), moment_or_none(row["finished"]))


def note_progress(
    db: Database, number: int, done: int, counts: Mapping[str, int], now: datetime, *, finished: bool = False
) -> None:
    db.execute(
        "UPDATE import SET records = ?, counts = ?, changed = ?, finished = ? WHERE id = ?",
        [done, to_json(dict(counts)), stamp(now), stamp(now) if finished else None, number],
    )


def note_fault(db: Database, number: int, record: int, offset: int, reason: str) -> None:
    """What is wrong at a place of a file that names no address. Of a file that is all faults the first ones are kept."""
    db.execute(
        "INSERT INTO import_fault (import, record, offset, reason) SELECT :number, :record, :offset, :reason"
        " WHERE (SELECT count(*) FROM import_fault WHERE import = :number) < :most ON CONFLICT DO NOTHING",
        {"number": number, "record": record, "offset": offset, "reason": clean(reason), "most": MOST_FAULTS},
    )


def captured(db: Database, found: Found) -> Captured | None:
    """What is known of the address of a page, where that has an article."""
    row = first(
        db,
        "SELECT * FROM address WHERE article IS NOT NULL AND id = coalesce((SELECT id FROM address WHERE url = :url),"
        " (SELECT id FROM address WHERE key = :key), (SELECT address FROM alias WHERE url = :url))",
        {"url": clean(found.url), "key": found.key},
    )
    known = revisions.known_of(db, row) if row else None
    if row is None or known is None:
        return None
    current = Wording(known.title, known.text) if known.text is not None else None
    edits = in_order(revisions.revisions_of(db, "address", known.address))
    return Captured(known, current, edits, _times(db, row))


def _times(db: Database, address: dict[str, Any]) -> tuple[datetime, ...]:
    """When an address was read: its archived pages, and the last time it was found unchanged; else when it was first seen."""
    sql = "SELECT fetched AS at FROM page WHERE address = :id UNION SELECT there FROM revisit WHERE address = :id"
    times = {moment(row["at"]) for row in rows(db, sql, {"id": address["id"]})}
    return tuple(sorted(times or {moment(address["first_seen"])}))


def page_at(db: Database, address: int, at: datetime) -> PageRecord | None:
    """The archived page that was the last one of an address at a time; before all of them, the first."""
    row = first(
        db,
        "SELECT id FROM page WHERE address = :address AND file IS NOT NULL"
        " ORDER BY fetched > :at, CASE WHEN fetched <= :at THEN -julianday(fetched) ELSE julianday(fetched) END, id LIMIT 1",
        {"address": address, "at": stamp(at)},
    )
    return pages.page(db, row["id"]) if row else None


def take_in(
    db: Database,
    page: Page,
    decisions: Sequence[Decided],
    reading: Reading | None,
    record: PageRecord | None,
    run: int,
    now: datetime,
    known: Captured | None = None,
    placed: Placed | None = None,
) -> Saved | None:
    """Record what a page from a file came to. An address that a crawl knows and has not read yet stays as it is unless there is
    a verdict: what a file lacks, the site may have. Where the address has an article (``known``), ``placed`` says what the page
    adds to it. A ``record`` that has a number was there before."""
    met = first(db, "SELECT id FROM address WHERE url = ? OR key = ?", [clean(page.found.url), page.found.key])
    if met is None and known is not None:  # another name of an address, such as the one that it led a crawl to
        address = known.remembered.address
    else:
        addresses.discovered(db, page.found, run, now)
        address = addresses.address_of(db, page.found.url, page.found.source or None, now)
    if met is None and known is None:
        # who fetched it saw it then; an article without a stated time has its place among others by that
        db.execute("UPDATE address SET first_seen = ? WHERE id = ?", [stamp(min(page.fetched, now)), address])
    if met is None and known is None and reading is None:
        _set_fate(db, address, decisions[-1], now)
    for one in decisions:
        addresses.note(db, address, one.stage, one.outcome, one.reason, one.data, run, now, broken=one.broken)
    archived = (record.id or pages.add_page(db, address, record, now)) if record is not None else None
    if reading is None:
        return None
    addresses.note_alias(db, page.url, address)
    digest = text_digest(reading.article.text, reading.article.title)
    if known is not None:
        if placed is not None and placed.kind in ("same", "current"):
            revisions.found_at(db, known.remembered.address, page.fetched, run)
        if placed is not None and placed.is_new:
            rewording.put_in(db, known.remembered, placed, reading, digest, archived, run, now)
        return None
    saved = articles.save(db, address, reading.article, reading.verdict, digest, now)
    fate = FATE_OF_DECISION[saved.decision]
    addresses.decided(db, address, "stored", "ok", str(saved), {"article": saved.article}, run, now, fate=fate)
    return saved


def _set_fate(db: Database, address: int, last: Decided, now: datetime) -> None:
    """The fate that the last decision gives. The site itself is asked for what could not be read only when it lists the
    address: then it is due."""
    read = last.outcome == "rejected" and last.stage != "fetched"
    fate = "dropped" if read else FATE_OF_IMPORT[last.outcome]
    due = None if read else stamp(now)
    db.execute("UPDATE address SET fate = ?, due = ?, changed = ? WHERE id = ?", [fate, due, stamp(now), address])
