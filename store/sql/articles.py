"""Articles with their verdicts, and the addresses under which each was seen."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from extract.article import Article
from relevance.verdict import Decision, Reason, Verdict
from store.connection import first, rows
from store.exact import folded
from store.fates import FATE_OF_DECISION
from store.records import Saved, Sighting, StoredArticle
from store.values import clean, clean_or_none, moment, moment_or_none, stamp, stamp_or_none, to_json

RANK: dict[str, int] = {"drop": 0, "marginal": 1, "keep": 2}

SELECT = """
SELECT article.*, coalesce(source.name, article.source, '') AS source_name
FROM article LEFT JOIN source ON source.id = article.source
"""


def save(db: Database, address: int, article: Article, verdict: Verdict, digest: str | None, now: datetime) -> Saved:
    """Store what an address holds: as a new article, as a new reading of its own, or as a sighting of one that has the
    same text (``digest``) or names this very address as its own."""
    own = first(db, "SELECT id FROM article WHERE address = ?", [address])
    if own is not None:
        _update(db, own["id"], article, verdict, digest, now)
        return _linked(db, address, Saved(own["id"], verdict.decision))
    twin = _same_text(db, digest) or _same_page(db, article)
    if twin is None:
        return _linked(db, address, Saved(_insert(db, address, article, verdict, digest, now), verdict.decision))
    return _linked(db, address, _sighted(db, twin, article, verdict, now))


def _same_text(db: Database, digest: str | None) -> dict[str, Any] | None:
    return first(db, "SELECT * FROM article WHERE text_digest = ? ORDER BY id LIMIT 1", [digest])


def _same_page(db: Database, article: Article) -> dict[str, Any] | None:
    """The article at the address that this page calls its own. Sites get that wrong (every page names the home page, or
    yesterday's story), so the headline must be the same too."""
    twin = first(db, "SELECT * FROM article WHERE url = ?", [clean(article.canonical_url)])
    title = folded(article.title or "")
    return twin if twin and title and title == folded(twin["title"] or "") else None


def _sighted(db: Database, twin: dict[str, Any], article: Article, verdict: Verdict, now: datetime) -> Saved:
    """A further sighting. The more relevant of the two verdicts stands: an outlet may say more than the text does."""
    decision: Decision = twin["decision"]
    if RANK[verdict.decision] <= RANK[decision]:
        return Saved(twin["id"], decision, twin["url"])
    set_verdict(db, twin["id"], verdict, now)
    return Saved(twin["id"], verdict.decision, twin["url"], decision)


def _linked(db: Database, address: int, saved: Saved) -> Saved:
    """Tie the address to its article; all sightings share the fate that the article's verdict gives."""
    db.execute("UPDATE address SET article = ? WHERE id = ?", [saved.article, address])
    db.execute("UPDATE address SET fate = ? WHERE article = ?", [FATE_OF_DECISION[saved.decision], saved.article])
    return saved


def _text_columns(article: Article, digest: str | None) -> dict[str, Any]:
    return {
        "canonical_url": clean(article.canonical_url),
        "title": clean_or_none(article.title),
        "lead": clean_or_none(article.lead),
        "text": clean(article.text),
        "text_digest": digest,
        "author": clean_or_none(article.author),
        "credit": clean_or_none(article.credit),
        "translator": clean_or_none(article.translator),
        "lang": clean_or_none(article.lang),
        "published": stamp_or_none(article.published),
        "published_source": article.published_source,
        "modified": stamp_or_none(article.modified),
        "image": clean_or_none(article.image),
        "captions": to_json(article.captions),
        "quality": to_json(article.quality),
        "extractor": clean(article.extractor),
    }


def _verdict_columns(verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "decision": verdict.decision,
        "score": verdict.score,
        "why_not_more": clean(verdict.why_not_more),
        "rules": clean(verdict.rules),
        "decided": stamp(now),
    }


def _insert(db: Database, address: int, article: Article, verdict: Verdict, digest: str | None, now: datetime) -> int:
    place = first(db, "SELECT url, source FROM address WHERE id = ?", [address]) or {}
    values = {
        "address": address,
        "stored": stamp(now),
        **place,
        **_text_columns(article, digest),
        **_verdict_columns(verdict, now),
    }
    sql = f"INSERT INTO article ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608 - our own names
    number = int(db.execute(sql, list(values.values())).lastrowid or 0)
    _set_reasons(db, number, verdict.reasons)
    return number


def _update(db: Database, number: int, article: Article, verdict: Verdict, digest: str | None, now: datetime) -> None:
    """A new reading of the same address. The time of decision moves only when the decision does: an article that stays what
    it was must not enter another digest's window."""
    _set_columns(db, number, _text_columns(article, digest))
    set_verdict(db, number, verdict, now)


def reword(db: Database, number: int, article: Article, digest: str | None) -> None:
    """Give an article another text. The publication time stays where one was stated: many a site dates an edit anew."""
    columns = _text_columns(article, digest)
    row = first(db, "SELECT published FROM article WHERE id = ?", [number])
    if row and row["published"]:
        del columns["published"], columns["published_source"]
    _set_columns(db, number, columns)


def set_verdict(db: Database, number: int, verdict: Verdict, now: datetime) -> None:
    """Give an article another verdict; the one it had is kept in ``past_verdict``."""
    columns = _verdict_columns(verdict, now)
    before = first(db, "SELECT decision, score, rules, decided FROM article WHERE id = ?", [number])
    if before and before["decision"] == verdict.decision:
        columns["decided"] = before["decided"]
    if before and any(before[name] != columns[name] for name in ("decision", "score", "rules")):
        db.execute(KEEP_PAST, [stamp(now), number])
    _set_columns(db, number, columns)
    db.execute("DELETE FROM reason WHERE article = ?", [number])
    _set_reasons(db, number, verdict.reasons)


KEEP_PAST = """
INSERT INTO past_verdict (article, decision, score, why_not_more, rules, decided, replaced, reasons)
SELECT id, decision, score, why_not_more, rules, decided, ?, (
    SELECT json_group_array(json_object('term', term, 'group', topic_group, 'place', place, 'weight', weight))
    FROM (SELECT * FROM reason WHERE reason.article = article.id ORDER BY number)
) FROM article WHERE id = ?
"""


def _set_columns(db: Database, number: int, columns: dict[str, Any]) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE article SET {names} WHERE id = ?", [*columns.values(), number])  # noqa: S608 - our own names


def _set_reasons(db: Database, article: int, reasons: Iterable[Reason]) -> None:
    db.conn.executemany(
        "INSERT INTO reason (article, number, term, topic_group, place, weight, start, end) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (article, number, clean(r.term), clean(r.group), clean(r.place), r.weight, r.start, r.end)
            for number, r in enumerate(reasons, 1)
        ],
    )


def articles(db: Database, since: datetime, until: datetime, decisions: Sequence[str]) -> list[StoredArticle]:
    """Those decided in ``[since, until)``, newest first."""
    return _load(
        db,
        "decided >= :since AND decided < :until AND decision IN (SELECT value FROM json_each(:decisions))",
        {"since": stamp(since), "until": stamp(until), "decisions": to_json(list(decisions))},
    )


# News: seen by a crawl, or taken from a file within days of being fetched. What is older when it is imported is history: it is
# stored and found, and no digest tells it, for a year of it would bury the day's news. A file of Common Crawl's news can be had
# within a day of its pages; two weeks leave time to get it.
NEWS_DAYS = 14
NEWS = f"""
EXISTS (
    SELECT 1 FROM address WHERE address.article = article.id AND (coalesce(address.kind, '') <> 'import' OR EXISTS (
        SELECT 1 FROM page WHERE page.address = address.id
        AND julianday(article.stored) - julianday(page.fetched) <= {NEWS_DAYS}
    ))
)
"""  # noqa: S608 - our own number


UNDIGESTED = f"""
decided >= :since AND decided < :until AND decision IN (SELECT value FROM json_each(:decisions)) AND {NEWS}
AND NOT EXISTS (
    SELECT 1 FROM digest_article JOIN digest ON digest.id = digest_article.digest
    WHERE digest_article.article = article.id AND digest.profile = :profile
    AND (digest_article.decision = 'keep' OR article.decision <> 'keep')
)
"""  # noqa: S608 - our own text


def is_news(db: Database, number: int) -> bool:
    """Whether digests tell an article at all, by where it came from."""
    return first(db, f"SELECT 1 FROM article WHERE id = ? AND {NEWS}", [number]) is not None  # noqa: S608 - our own text


def undigested(
    db: Database, profile: str, until: datetime, decisions: Sequence[str], since: datetime | None
) -> list[StoredArticle]:
    """Those decided before ``until`` that were in no digest of a profile yet, newest first. What was told as marginal and is
    kept now is to be told again; imported history is never told."""
    return _load(
        db,
        UNDIGESTED,
        {
            "profile": profile,
            "since": stamp_or_none(since) or "",
            "until": stamp(until),
            "decisions": to_json(list(decisions)),
        },
    )


def article(db: Database, number: int) -> StoredArticle | None:
    found = _load(db, "article.id = :id", {"id": number})
    return found[0] if found else None


def articles_by_id(db: Database, numbers: Sequence[int]) -> list[StoredArticle]:
    """In the order asked for; LookupError for one that is not there."""
    found = {
        one.id: one for one in _load(db, "article.id IN (SELECT value FROM json_each(:ids))", {"ids": to_json(list(numbers))})
    }
    missing = [number for number in numbers if number not in found]
    if missing:
        raise LookupError(f"there is no article {missing[0]}")
    return [found[number] for number in numbers]


def _load(db: Database, where: str, values: dict[str, Any]) -> list[StoredArticle]:
    found = rows(db, f"{SELECT} WHERE {where} ORDER BY coalesce(published, decided) DESC, article.id DESC", values)
    numbers = to_json([row["id"] for row in found])
    reasons = _grouped(db, "SELECT * FROM reason WHERE article IN (SELECT value FROM json_each(?)) ORDER BY number", numbers)
    seen = _grouped(db, SIGHTINGS, numbers)
    return [_stored(row, reasons.get(row["id"], []), seen.get(row["id"], [])) for row in found]


SIGHTINGS = """
SELECT address.article, address.url, coalesce(address.source, '') AS source,
       coalesce(source.name, address.source, '') AS source_name, address.first_seen, address.published,
       address.id = article.address AS own
FROM address JOIN article ON article.id = address.article LEFT JOIN source ON source.id = address.source
WHERE address.article IN (SELECT value FROM json_each(?))
ORDER BY own DESC, address.first_seen, address.id
"""


def _grouped(db: Database, sql: str, numbers: str) -> dict[int, list[dict[str, Any]]]:
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows(db, sql, [numbers]):
        groups.setdefault(row["article"], []).append(row)
    return groups


def _stored(row: dict[str, Any], reasons: list[dict[str, Any]], seen: list[dict[str, Any]]) -> StoredArticle:
    same = ("id", "url", "source_name", "title", "lead", "text", "author", "credit", "lang", "published_source", "decision")
    return StoredArticle(
        **{name: row[name] for name in same},
        source=row["source"] or "",
        published=moment_or_none(row["published"]),
        decided=moment(row["decided"]),
        score=row["score"],
        reasons=tuple(Reason(r["term"], r["topic_group"], r["place"], r["weight"], r["start"], r["end"]) for r in reasons),
        why_not_more=row["why_not_more"],
        quality=tuple(json.loads(row["quality"])),
        sightings=tuple(_sighting(one) for one in seen),
        rules=row["rules"],
        translator=row["translator"],
        modified=moment_or_none(row["modified"]),
        image=row["image"],
        captions=tuple(json.loads(row["captions"])),
    )


def _sighting(row: dict[str, Any]) -> Sighting:
    times = moment(row["first_seen"]), moment_or_none(row["published"])
    return Sighting(row["url"], row["source"], row["source_name"], *times)
