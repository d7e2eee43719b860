"""What became of an article whose page was fetched again: nothing, an edit, or that it is not there. Pure but for its log.

Both wordings are read by the code of now, the old one out of the archive, so that a better extractor is not taken for an
editor. Only where the archive has no page any more does the stored text stand in for it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from extract.article import Article
from extract.quality import SENTENCES
from relevance.judge import document_of, judge
from relevance.topic import Topic
from spiders.page import Page
from spiders.sources import Source
from store.examine import broken, read
from store.records import Decided, Reading
from store.revised import Remembered
from store.revisions.changes import Wording, change

logger = logging.getLogger(__name__)

# Codes of extract.quality that say that no article is there (any more), and those that say that it could not be seen.
MISSING = ("deleted", "listing")
UNSEEN = ("not-html", "consent-or-challenge", "no-text")


@dataclass(frozen=True, slots=True)
class Reread:
    """``reason`` says what changed, or went wrong; for ``edited``, ``reading`` is what the page holds now and ``old`` what it
    held before. ``fault`` is an exception of our own code."""

    kind: Literal["unchanged", "edited", "missing", "failed"]
    reason: str = ""
    reading: Reading | None = None
    old: Wording | None = None
    fault: Decided | None = None


def reread(
    page: Page, known: Remembered, archived: Callable[[], Page | None], source: Source | None, topic: Topic, now: datetime
) -> Reread:
    """Compare a page with what its address held before. ``archived`` gives the page that this was read from, None where its
    bytes are gone. An exception of our own code ends this page only."""
    try:
        return _reread(page, known, archived, source, topic, now)
    except Exception as error:
        logger.exception("%s: an error in the program while it was read again", page.found.url)
        fault = broken("extracted", error)
        return Reread("failed", fault.reason, fault=fault)


def _reread(
    page: Page, known: Remembered, archived: Callable[[], Page | None], source: Source | None, topic: Topic, now: datetime
) -> Reread:
    article = read(page, source, now)
    new = Wording(article.title, article.text)
    stored = Wording(known.title, known.text) if known.text is not None else None
    troubles = [code for code in article.quality if code in MISSING + UNSEEN]
    if stored is not None and not troubles and change(stored, new) is None:
        return Reread("unchanged")
    before = _before(archived(), source)
    worse = [code for code in troubles if before is None or code not in before.quality]
    if worse:
        return Reread("missing" if worse[0] in MISSING else "failed", SENTENCES[worse[0]])
    old = Wording(before.title, before.text) if before is not None and before.text else stored
    changed = change(old, new) if old is not None else None
    if changed is None:
        return Reread("unchanged")
    return Reread("edited", str(changed), Reading(article, judge(document_of(article), topic)), old)


def _before(page: Page | None, source: Source | None) -> Article | None:
    return None if page is None else read(page, source, page.fetched)
