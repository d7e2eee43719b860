"""Reading archived pages again with the code of now: what would change, and making it so.

Each page is examined once under a version of the code (:attr:`store.batch.work.Setup.version`); what it would change is kept in
the store, so that work goes on where it was stopped, and applying reads only those pages again that change.
"""

import difflib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from extract.article import Article, PublishedSource
from relevance.compare import RANK
from relevance.verdict import Verdict
from store.archive import Archive
from store.batch.crew import Answer, Crew, Job
from store.batch.work import Examined, ReadAgain, Setup
from store.bulk import ToReadAgain
from store.database import Store
from store.exact import text_digest
from store.examine import Examination, verdict_told
from store.fates import FATE_OF_DECISION
from store.records import Decided, Reading, StoredArticle
from store.values import clean, stamp

# What a reading says besides the text, by the names both kinds of article have.
FIELDS = ("title", "lead", "author", "credit", "translator", "published", "modified", "lang", "image", "captions", "quality")
LINES_KEPT = 20
UNREAD = frozenset({"waiting", "retry", "failed", "rejected", "gone"})


@dataclass(frozen=True, slots=True)
class Change:
    """What one page would change. ``fields`` has for each what it was and what it would be, as text; ``added`` and ``removed``
    are lines of the text (the first ones); ``before`` and ``after`` what is decided, ``scores`` with which score."""

    url: str
    title: str
    before: str
    after: str
    scores: tuple[float | None, float | None] = (None, None)
    lengths: tuple[int, int] = (0, 0)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    why: str = ""

    @property
    def is_of_text(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def is_of_verdict(self) -> bool:
        return self.before != self.after

    @property
    def is_told(self) -> bool:
        """Whether there is anything to show: the same verdict by newer rules is noted, and shown nowhere."""
        return self.is_of_text or self.is_of_verdict or bool(self.fields) or self.scores[0] != self.scores[1]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Change":
        """The opposite of :meth:`to_json`."""
        values: dict[str, Any] = json.loads(text)
        pairs = {name: tuple(values[name]) for name in ("scores", "lengths", "added", "removed")}
        return cls(**values | pairs | {"fields": {name: tuple(pair) for name, pair in values["fields"].items()}})


@dataclass(slots=True)
class Reread:
    """What reading again came to: pages read, changed (of these applied) and, with the reason, not readable."""

    pages: int = 0
    changed: int = 0
    applied: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_again(
    store: Store,
    archive: Archive,
    setup: Setup,
    crew: Crew,
    numbers: list[int],
    outcome: Reread,
    run: int | None = None,
) -> Iterator[Change | None]:
    """Read pages again, remember what each would change, and with a ``run`` make it so. Yields once a page; ``outcome`` counts.
    Ending it early loses nothing but the pages under way."""
    for job, answer in crew.each(_jobs(store, archive, numbers, setup.version)):
        outcome.pages += 1
        # looked up anew, as an earlier page may have changed the article
        item = store.page_with_article(job.number, setup.version)
        fault = job.fault or fault_of(answer)
        if fault or item is None or not isinstance(answer, Examined):
            outcome.faults.append((job.url, fault))
            yield None
            continue
        _keep_published(item, answer.examination)
        change = change_of(item, answer.examination)
        if change is not None and run is not None:
            apply(store, setup, item, answer, change, run)
        digest = digest_of(answer.examination.reading)
        store.note_read(item.number, setup.version, change.to_json() if change else "", digest, applied=run is not None)
        if change is not None and change.is_told:
            outcome.changed += 1
            outcome.applied += run is not None
        yield change


def _keep_published(item: ToReadAgain, examination: Examination) -> None:
    """Many a site dates an edit anew, so of an article that was edited the stated time of its first version stands."""
    reading, article = examination.reading, item.article
    if reading is not None and article is not None and article.published and item.owns and item.edited:
        source = cast(PublishedSource | None, article.published_source)
        first = replace(reading.article, published=article.published, published_source=source)
        examination.reading = Reading(first, reading.verdict)


@dataclass(frozen=True, slots=True)
class PageJob(Job[ReadAgain]):
    """A page to be read again; ``fault`` says why its bytes could not be fetched from the archive."""

    number: int = 0
    url: str = ""
    fault: str = ""


def _jobs(store: Store, archive: Archive, numbers: list[int], version: str) -> Iterator[PageJob]:
    for number in numbers:
        item = store.page_with_article(number, version)
        if item is None:
            continue
        try:
            parts = archive.parts(item.record)
        except LookupError as error:
            yield PageJob(None, number, item.found.url, str(error))
            continue
        task = ReadAgain(item.found, item.record, parts, item.article if item.owns else None)
        yield PageJob(task, number, item.found.url)


def fault_of(answer: Answer) -> str:
    """Why a page could not be read again, empty when it could. Then nothing is concluded from it."""
    if not isinstance(answer, Examined):
        return str(answer)
    last = answer.examination.decisions[-1]
    return last.reason if last.broken or last.stage == "fetched" else ""


def digest_of(reading: Reading | None) -> str | None:
    return text_digest(reading.article.text, reading.article.title) if reading else None


def change_of(item: ToReadAgain, examination: Examination) -> Change | None:
    """What a new examination of a page would change in the store; None for nothing. Pure."""
    reading = examination.reading
    if item.article is None:
        return _of_page_without_article(item, examination)
    if item.owns:
        return _of_article(item.article, examination)
    if reading is None or _is_still_seen(item, item.article, reading):
        return None
    return _compared(item.found.url, item.article, reading)


def _is_still_seen(item: ToReadAgain, article: StoredArticle, reading: Reading) -> bool:
    """Whether a page shows the text that is stored under another address, and makes no more of it."""
    return digest_of(reading) == item.digest and RANK[reading.verdict.decision] <= RANK[article.decision]


def _of_page_without_article(item: ToReadAgain, examination: Examination) -> Change | None:
    last = examination.decisions[-1]
    before = "unread" if item.fate in UNREAD else item.fate
    if examination.reading is not None:
        article, verdict = examination.reading.article, examination.reading.verdict
        after, length = FATE_OF_DECISION[verdict.decision], len(article.text)
        scores = (None, verdict.score)
        return Change(item.found.url, article.title or "", before, after, scores, (0, length), why=verdict_told(verdict))
    now = "dropped" if last.outcome == "rejected" else "unread"
    return None if before == now else Change(item.found.url, item.found.title or "", before, now, why=last.reason)


def _of_article(article: StoredArticle, examination: Examination) -> Change | None:
    if examination.reading is not None:
        return _compared(article.url, article, examination.reading)
    if article.decision == "drop":
        return None
    before, why = FATE_OF_DECISION[article.decision], examination.decisions[-1].reason
    return Change(article.url, article.title or "", before, "dropped", (article.score, 0.0), why=why)


def _compared(url: str, old: StoredArticle, reading: Reading) -> Change | None:
    new, verdict = reading.article, reading.verdict
    added, removed = _lines(old.text, clean(new.text))
    fields = {name: pair for name in FIELDS if (pair := _pair(old, new, name))}
    before, after = FATE_OF_DECISION[old.decision], FATE_OF_DECISION[verdict.decision]
    scores = (old.score, verdict.score)
    if not (added or removed or fields) and (before, old.score, old.rules) == (after, verdict.score, verdict.rules):
        return None
    lengths = len(old.text), len(new.text)
    title = new.title or old.title or ""
    return Change(url, title, before, after, scores, lengths, added, removed, fields, verdict_told(verdict))


def _pair(old: StoredArticle, new: Article, name: str) -> tuple[str, str] | None:
    before, after = getattr(old, name), getattr(new, name)
    after = clean(after) if isinstance(after, str) else tuple(map(clean, after)) if isinstance(after, tuple) else after
    return None if (before or None) == (after or None) else (_told(before), _told(after))


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    return " | ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _lines(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines that came and that went, the first ones."""
    if before == after:
        return (), ()
    diff = list(difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm=""))[2:]
    added = tuple(line[1:] for line in diff if line.startswith("+"))
    removed = tuple(line[1:] for line in diff if line.startswith("-"))
    return added[:LINES_KEPT], removed[:LINES_KEPT]


def apply(store: Store, setup: Setup, item: ToReadAgain, done: Examined, change: Change, run: int) -> None:
    """Make a change so. Verdicts that are replaced are kept, and what rises to keep is told in the next digest."""
    examination, article = done.examination, item.article
    if article is not None and item.owns and examination.reading is None:
        verdict = Verdict("drop", 0.0, (), change.why, setup.topic.rules)
        store.judged_anew(article.id, verdict, f"read again: {change.why}", run)
    elif article is not None and examination.reading is not None and not change.is_told:
        verdict = examination.reading.verdict
        store.judged_anew(article.id, verdict, f"read again: {verdict_told(verdict)}", run)
    elif done.page is not None:
        first, *others = (_told_anew(one, change) for one in examination.decisions)
        again = replace(first, reason=f"read again: {first.reason}")
        store.save_page(done.page, [again, *others], examination.reading, None, run)


def _told_anew(decision: Decided, change: Change) -> Decided:
    """What reading again changed stands in the life of the address: it is no edit of the outlet's, and is in no history."""
    if decision.stage != "extracted" or not (differs := difference(change)):
        return decision
    return replace(decision, reason=f"{decision.reason.rstrip('.')}. Newer code reads the same page otherwise: {differs}.")


def difference(change: Change) -> str:
    """``text 1,200 -> 1,340 characters, author, published``; empty where text and facts stay."""
    text = [f"text {change.lengths[0]:,} -> {change.lengths[1]:,} characters"] if change.is_of_text else []
    return ", ".join([*text, *change.fields])
