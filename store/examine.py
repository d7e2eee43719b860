"""What becomes of a page between fetching and storing: triage, extraction, verdict. Pure, and a decision for each stage."""

import logging
import traceback
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from extract.article import Article
from extract.quality import SENTENCES
from extract.to_article import to_article
from relevance.judge import document_of, judge
from relevance.second_look import NOTHING, first_look
from relevance.topic import Topic
from relevance.verdict import Verdict
from spiders.memory import Outcome, Stage
from spiders.page import Page
from spiders.sources import Source
from spiders.urls import canonical
from store.records import Decided, Reading
from store.timelimit import TimeUp, time_limit, told

logger = logging.getLogger(__name__)

# A page that does not name the partner is looked at all the same when it is so small that it may be no article but a consent
# page, a challenge or an error told with status 200. The smallest of 23 real pages of papers has 49,526 bytes, the smallest
# article 66,884; consent and challenge pages have a few thousand.
SMALL_PAGE = 32_768

# What is so wrong with a page that an irrelevant verdict on it says nothing about the article: the outcome that stands instead
TROUBLE: dict[str, Outcome] = {
    "no-text": "failed",
    "consent-or-challenge": "failed",
    "deleted": "gone",
    "listing": "rejected",
    "not-html": "rejected",
}

REASONS_TOLD = 3


@dataclass(slots=True)
class Examination:
    """What was found out about a page. ``stage`` is where the work stands, ``named`` whether the page (or the place that
    listed it) names the topic's partner at all, which is what keeps its bytes."""

    decisions: list[Decided] = field(default_factory=list)
    stage: Stage = "triaged"
    named: bool = False
    reading: Reading | None = None

    def decide(self, outcome: Outcome, reason: str, **data: object) -> None:
        self.decisions.append(Decided(self.stage, outcome, reason, data))

    @property
    def ended(self) -> str:
        """What to count the page as: kept, marginal, dropped or failed."""
        if self.reading is not None:
            return {"keep": "kept", "drop": "dropped"}.get(self.reading.verdict.decision, "marginal")
        return "failed" if self.decisions[-1].outcome in ("failed", "gone") else "dropped"


def examine(page: Page, source: Source | None, topic: Topic, now: datetime) -> Examination:
    """Take a page through all stages. An exception of our own code ends this page only: it is recorded as failed, with where
    it happened, and the bytes are kept so that the page can be read again once the fault is mended."""
    examination = Examination()
    try:
        _examine(examination, page, source, topic, now)
    except Exception as error:
        logger.exception("%s: an error in the program while it was %s", page.found.url, examination.stage)
        examination.named = True
        examination.reading = None
        examination.decisions.append(broken(examination.stage, error))
    return examination


def examine_in_time(page: Page, source: Source | None, topic: Topic, now: datetime, seconds: float) -> Examination:
    """The same with a limit (see :func:`store.timelimit.time_limit`); of a page that exceeds it the bytes are kept."""
    try:
        with time_limit(seconds):
            return examine(page, source, topic, now)
    except TimeUp:
        return Examination([Decided("extracted", "failed", told(seconds))], "extracted", named=True)


def broken(stage: Stage, error: Exception) -> Decided:
    """The record of an exception that nobody foresaw."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}, line {frame.lineno}"
    return Decided(stage, "failed", f"an error in the program: {type(error).__name__}: {error} ({where})", broken=True)


def _examine(done: Examination, page: Page, source: Source | None, topic: Topic, now: datetime) -> None:
    named_in, aside = looked_at(page, topic)
    done.named = named_in is not None
    if aside and len(page.body) > SMALL_PAGE:
        done.decide("rejected", aside)
        return
    done.stage = "extracted"
    article = read(page, source, now)
    trouble = next((TROUBLE[code] for code in article.quality if code in TROUBLE), None)
    if named_in is None and trouble is None:
        done.stage = "triaged"
        done.decide("rejected", f"nothing on the page names {topic.labels.partner}")
        return
    done.decisions.append(Decided("triaged", "ok", named_in or "the page is too small to be put aside unread"))
    done.stage = "judged"
    verdict = judge(document_of(article), topic)
    done.stage = "extracted"
    if trouble is not None and verdict.decision == "drop":
        done.decide(trouble, extraction_told(article), **extraction_data(article))
        return
    done.decide("ok", extraction_told(article), **extraction_data(article))
    done.stage = "judged"
    outcome: Outcome = "rejected" if verdict.decision == "drop" else "ok"
    done.decide(outcome, verdict_told(verdict), decision=verdict.decision, score=verdict.score, rules=verdict.rules)
    done.reading = Reading(article, verdict)


def read(page: Page, source: Source | None, now: datetime) -> Article:
    """The article on a page, the address that it calls its own in canonical form."""
    article = to_article(page, source, now=now)
    return replace(article, canonical_url=canonical(article.canonical_url, source))


def looked_at(page: Page, topic: Topic) -> tuple[str | None, str]:
    """Where the topic's partner is named, in words: on the page, or where the page was listed; None when nowhere. With it why
    the page can be put aside unread, empty when it cannot: no article on it could be kept or shown. A page that is listed
    under a headline which promises more than the page holds is not what it should be, and worth a closer look."""
    partner, defence = topic.labels.partner, topic.labels.defence
    look = first_look(page.body, page.header("Content-Type"), topic)
    if look.showable:
        return f"the page names {partner}", ""
    listed = "\n".join(claim for claim in (page.found.title, page.found.summary) if claim)
    claimed = first_look(listed.encode("utf-8", "replace"), "text/plain; charset=utf-8", topic) if listed else NOTHING
    if look.named:
        away = f"the page names {partner}, but no {defence} word stands near it or in its headline"
        return f"the page names {partner}", "" if claimed.showable else away
    if claimed.named:
        return f"the place that lists it names {partner}, though the page does not", ""
    return None, f"nothing on the page names {partner}"


def extraction_told(article: Article) -> str:
    """How the text was found, and what is wrong with it."""
    found = f"{len(article.text):,} characters by {article.extractor}" if article.text else "no text"
    faults = " ".join(SENTENCES.get(code, code) for code in article.quality)
    return f"{found}. {faults}" if faults else found


def extraction_data(article: Article) -> dict[str, object]:
    return {"extractor": article.extractor, "quality": list(article.quality), "notes": list(article.notes)}


def verdict_told(verdict: Verdict) -> str:
    """Decision, score, the weightiest reasons, and what was missing for more."""
    told = ", ".join(f"{reason.term} ({reason.group})" for reason in verdict.reasons[:REASONS_TOLD])
    parts = [f"{verdict.decision}, score {verdict.score:g}", told, verdict.why_not_more]
    return "; ".join(part for part in parts if part)
