"""What is done to one page away from the store: bytes in, decisions and a reading out. Pure, and the same in every process.

A task is a value that can be sent anywhere; its ``done`` needs nothing but the setup, which every worker gets once.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

from relevance.compare import RANK
from relevance.topic import Topic
from spiders.fates import Fate
from spiders.page import Found, Page
from spiders.sources import Source
from store.archive import page_from
from store.batch.responses import page_of
from store.batch.warcs import Record
from store.examine import Examination, examine
from store.records import Decided, PageRecord, Reading, StoredArticle
from store.rejudge import judge_stored

# What decides about a page, beside the topic and the sources: our own code, and the libraries that read HTML.
CODE = ("extract", "relevance", "store.batch")
MORE_CODE = {"store": ("examine.py", "rejudge.py", "archive.py"), "spiders": ("urls.py", "arrival.py", "challenge.py")}
LIBRARIES = ("trafilatura", "lxml")


class Setup:
    """What every worker knows: the topic and the sources."""

    def __init__(self, topic: Topic, sources: tuple[Source, ...]) -> None:
        self.topic = topic
        self.sources = sources
        self.by_id = {source.id: source for source in sources}

    @cached_property
    def version(self) -> str:
        """What the result of an examination depends on, besides the page: sixteen hexadecimal digits over the rules, the
        sources, the code and the libraries. Pages that were read again under one version need not be read once more."""
        digest = hashlib.sha256(self.topic.rules.encode())
        for source in self.sources:
            digest.update(source.model_dump_json().encode())
        for library in LIBRARIES:
            digest.update(f"{library} {version(library)}".encode())
        for code in code_files():
            digest.update(code.read_bytes())
        return digest.hexdigest()[:16]


def code_files() -> list[Traversable]:
    """The files whose change may change what is read from a page."""
    found = [file for package in CODE for file in _below(files(package))]
    return found + [files(package) / name for package, names in MORE_CODE.items() for name in names]


def _below(folder: Traversable) -> list[Traversable]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _below(entry)
        elif entry.name.endswith((".py", ".toml")):
            found.append(entry)
    return found


@dataclass(frozen=True, slots=True)
class Examined:
    """What a task came to. ``page`` has no body when nobody will keep it; it is None when there was no page to examine."""

    examination: Examination
    page: Page | None = None


class Task(Protocol):
    """A piece of work for one worker."""

    def done(self, setup: Setup) -> Examined:
        """Do it. Raises nothing that a page can cause."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """An archived page to be examined as of the moment it was fetched. ``parts`` are its compressed records: the response, and
    the one with the body where that is another. ``article`` is what the store holds, when it is the article's own page."""

    found: Found
    record: PageRecord
    parts: tuple[bytes, ...]
    article: StoredArticle | None

    def done(self, setup: Setup) -> Examined:
        try:
            page = page_from(self.record, self.found, self.parts)
        except ValueError as error:
            return Examined(Examination([Decided("fetched", "failed", str(error))]))
        examination = examine(page, setup.by_id.get(self.found.source), setup.topic, self.record.fetched)
        if examination.reading is not None and self.article is not None:
            examination.reading = _as_seen_everywhere(examination.reading, self.article, setup.topic)
        return Examined(examination, replace(page, body=b""))


def _as_seen_everywhere(reading: Reading, article: StoredArticle, topic: Topic) -> Reading:
    """The reading with the verdict that the outlets which carried the text give it: the one that makes most of it counts."""
    new = reading.article
    stored = replace(article, title=new.title, lead=new.lead, text=new.text, lang=new.lang)
    verdict = judge_stored(stored, topic)
    return Reading(new, verdict) if RANK[verdict.decision] > RANK[reading.verdict.decision] else reading


@dataclass(frozen=True, slots=True)
class TakeIn:
    """A record of a WARC file of anybody's, to be examined as of the moment when its page was fetched."""

    record: Record
    found: Found
    fetched: datetime

    def done(self, setup: Setup) -> Examined:
        source = setup.by_id.get(self.found.source)
        page = page_of(self.record, self.found, source, self.fetched)
        if isinstance(page, Fate):
            return Examined(Examination([Decided(page.stage, page.outcome, page.reason)]))
        examination = examine(page, source, setup.topic, self.fetched)
        if examination.reading is not None and _lists_stories(examination.reading, self.found, source):
            examination.reading = None
            examination.decisions = [one for one in examination.decisions if one.stage == "triaged"]
            examination.decisions.append(Decided("extracted", "rejected", "it lists other stories and is no article"))
        return Examined(examination, page if examination.named else replace(page, body=b""))


def _lists_stories(reading: Reading, found: Found, source: Source | None) -> bool:
    """Whether this is a front page or a section: a crawl never takes those for articles, an archive is full of them."""
    is_article = source is not None and re.search(source.article, found.url)
    return "listing" in reading.article.quality and not is_article
