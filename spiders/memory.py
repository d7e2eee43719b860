"""What the spiders must remember between runs, as they need it; the store keeps it (``store.ledger.Ledger``).

Spiders may not import the store (imports point one way), so the class that fulfils this is named in the Scrapy
setting ``MEMORY`` and loaded by dotted name, as Scrapy does with its own parts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from spiders.page import Found

Stage = Literal["discovered", "allowed", "fetched", "triaged", "extracted", "judged", "stored", "digested"]
Outcome = Literal["ok", "rejected", "failed", "gone"]
State = Literal["read", "partly", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back: the ETag and Last-Modified of the last full answer."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """An article that was read before and is to be read again: where, and what to ask conditionally with."""

    found: Found
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a place of discovery (a feed, sitemap or listing page) and what it gave.

    ``status`` is None when nothing came back; ``problem`` is a sentence for people, None when all was well;
    ``items`` counts article addresses on it, ``fresh`` those never seen before; ``newest`` is timezone-aware UTC.
    """

    source: str
    address: str
    by: str
    status: int | None
    items: int = 0
    fresh: int = 0
    newest: datetime | None = None
    problem: str | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """How one source fared in one run. ``state``: read (all well), partly (some address failed), failed (nothing
    could be read), skipped (not tried). ``reason`` says why, and also names rules that were relaxed for a source that was read
    (certificates not verified). ``unread`` counts the articles and places that were known and not asked when the crawl was
    stopped; what else they would have led to is not known."""

    source: str
    state: State
    reason: str | None = None
    seen: int = 0
    fetched: int = 0
    failed: int = 0
    unread: int = 0


class Memory(Protocol):
    """The store's promises to the spiders. Each call is one short transaction."""

    def discovered(self, found: Found) -> bool:
        """Record a sighting. True when the address is to be fetched now: never seen, or seen and due for a retry.

        When ``found.key`` is set and another address is already known by that key, the slug was changed: the sighting counts
        for the known address, which now has two names; the answer is False unless that one is due for a retry or gone. What is
        told of either name later counts for both.
        """

    def pending(self, source: str) -> list[Found]:
        """Addresses of a source that an earlier run discovered and did not bring to an end, oldest first."""

    def again(self, source: str) -> list[Again]:
        """Articles of a source that were kept and are due to be read again. How that went is told by :meth:`decided`, with
        ``status=304`` for one that is unchanged, or by the page that it brought."""

    def decided(self, url: str, stage: Stage, outcome: Outcome, reason: str, **data: object) -> None:
        """Record what happened to an address at a stage; ``reason`` is a sentence for people, ``data`` is stored as JSON.
        Also accepts addresses never discovered (a rejected one still gets its row)."""

    def validators(self, address: str) -> Validators:
        """ETag and Last-Modified of the last full answer of a place of discovery."""

    def asked(self, asked: Asked) -> None:
        """Record a request to a place of discovery; its validators replace the old ones when ``status`` is 200."""

    def source_finished(self, outcome: SourceOutcome) -> None:
        """Record how a source fared in the current run."""

    def close(self) -> None:
        """End the run's use of the store; called once, also after failures."""
