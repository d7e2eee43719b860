"""Where each archived page lies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from spiders.page import Found
from store.connection import first, rows
from store.records import ArchivedPage, PageRecord
from store.sql.addresses import found_in
from store.sql.marks import LAST
from store.values import clean, clean_or_none, moment, stamp, to_json

SELECT = "SELECT page.*, address.url AS address_url FROM page JOIN address ON address.id = page.address"


def add_page(db: Database, address: int, record: PageRecord, now: datetime) -> int:
    """The row of a page that was just written to the archive; its ``id`` is given here."""
    values = {
        "address": address,
        "url": clean(record.url),
        "status": record.status,
        "content_type": clean_or_none(record.content_type),
        "fetched": stamp(record.fetched),
        "size": record.size,
        "payload_digest": record.payload_digest,
        "file": record.file,
        "offset": record.offset,
        "length": record.length,
        "record": record.record,
        "original": record.original,
        "origin": record.origin,
        "archived": stamp(now),
    }
    sql = f"INSERT INTO page ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608 - our own names
    return int(db.execute(sql, list(values.values())).lastrowid or 0)


def same_payload(db: Database, payload_digest: str) -> PageRecord | None:
    """The archived page with this very body, if its bytes are still there."""
    return _page(
        first(
            db,
            f"{SELECT} WHERE page.payload_digest = ? AND page.original IS NULL AND page.file IS NOT NULL"
            " ORDER BY page.id LIMIT 1",
            [payload_digest],
        )
    )


def page_kept(db: Database, url: str, payload_digest: str, fetched: datetime, origin: str) -> PageRecord | None:
    """The archived page with these bytes of this address that was fetched at that time, or came from that place of a file."""
    sql = (
        f"{SELECT} WHERE page.payload_digest = ? AND page.url = ? AND (page.fetched = ? OR page.origin = ?)"
        " AND page.file IS NOT NULL ORDER BY page.id LIMIT 1"
    )
    return _page(first(db, sql, [payload_digest, clean(url), stamp(fetched), origin]))


def page(db: Database, number: int) -> PageRecord | None:
    return _page(first(db, f"{SELECT} WHERE page.id = ?", [number]))


def pages(db: Database, source: str | None, since: datetime | None, after: int, limit: int) -> list[PageRecord]:
    """Archived pages in the order they came, from the one after ``after``: for work that goes through them in portions."""
    found = rows(
        db,
        f"{SELECT} WHERE page.id > :after AND page.file IS NOT NULL AND (:source IS NULL OR address.source = :source)"
        " AND page.fetched >= :since ORDER BY page.id LIMIT :limit",
        {"after": after, "source": source, "since": stamp(since) if since else "", "limit": limit},
    )
    return [one for row in found if (one := _page(row)) is not None]


def found_of(db: Database, number: int) -> Found | None:
    """The sighting through which a page was found."""
    row = first(db, "SELECT address.* FROM address JOIN page ON page.address = address.id WHERE page.id = ?", [number])
    return None if row is None else found_in(row)


def file_end(db: Database, file: str) -> int:
    """Where the last known record of an archive file ends, in bytes."""
    row = first(db, "SELECT max(offset + length) AS end FROM page WHERE file = ?", [file])
    return int(row["end"] or 0) if row else 0


def _page(row: dict[str, Any] | None) -> PageRecord | None:
    if row is None:
        return None
    same = ("id", "url", "status", "content_type", "size", "payload_digest", "file", "offset", "length", "record", "original")
    return PageRecord(
        **{name: row[name] for name in same}, address=row["address_url"], fetched=moment(row["fetched"]), origin=row["origin"]
    )


# What a person marked as relevant is that, whatever the filter says.
ARCHIVED = f"""
SELECT page.id, page.file, page.offset, page.length, page.record, page.original, page.archived,
       CASE WHEN page.address IN (
           SELECT its.id FROM ({LAST}) AS said JOIN address AS its
           ON its.id = said.address OR its.article = said.article WHERE said.label = 'relevant'
       ) AND address.fate <> 'keep' THEN 'marked' ELSE address.fate END AS fate
FROM page JOIN address ON address.id = page.address
WHERE page.file IS NOT NULL ORDER BY page.file, page.offset
"""  # noqa: S608 - our own text


def archived(db: Database) -> list[ArchivedPage]:
    """Every page that has bytes, as they lie in the files."""
    return [ArchivedPage(**(row | {"archived": moment(row["archived"])})) for row in rows(db, ARCHIVED)]


def files_of_records(db: Database, records: Sequence[str]) -> dict[str, list[str | None]]:
    """The files of the pages with these WARC record ids."""
    found: dict[str, list[str | None]] = {}
    sql = "SELECT record, file FROM page WHERE record IN (SELECT value FROM json_each(?))"
    for row in rows(db, sql, [to_json(list(records))]):
        found.setdefault(row["record"], []).append(row["file"])
    return found


def move(db: Database, moves: Sequence[tuple[str, int, int]], forgotten: Sequence[int]) -> None:
    """New places of records (file, offset, page), and pages whose bytes are to go."""
    db.conn.executemany("UPDATE page SET file = ?, offset = ? WHERE id = ?", moves)
    db.conn.executemany(
        "UPDATE page SET file = NULL, offset = NULL, length = NULL WHERE id = ?", [(number,) for number in forgotten]
    )
