"""The spiders' memory (:class:`spiders.memory.Memory`), kept in the store."""

from typing import Self

from scrapy.crawler import Crawler

from spiders.memory import Asked, Outcome, SourceOutcome, Stage, Validators
from spiders.page import Found
from spiders.sources import Source
from store.session import Session, join_by_settings


class Ledger:
    """One crawler's view of the store, for the session's run. ``source`` gives its name."""

    def __init__(self, session: Session, source: Source | None = None) -> None:
        self.session = session
        if source is not None:
            session.store.know_sources([source])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Settings used: VIETLAO_HOME and VIETLAO_RUN. Raises Locked and UnusableStore."""
        return cls(join_by_settings(crawler.settings), getattr(crawler.spidercls, "source", None))

    def discovered(self, found: Found) -> bool:
        return self.session.store.discovered(found, self.session.run)

    def pending(self, source: str) -> list[Found]:
        return self.session.store.pending(source, self.session.run)

    def decided(self, url: str, stage: Stage, outcome: Outcome, reason: str, **data: object) -> None:
        """As the protocol says. Of ``data`` two names are understood: ``source``, the id of the source that an undiscovered
        address belongs to, and ``retry_after``, the seconds a site asked us to wait."""
        source = data.get("source")
        known = source if isinstance(source, str) else None
        self.session.store.decided(url, stage, outcome, reason, data, self.session.run, known)

    def validators(self, address: str) -> Validators:
        return self.session.store.validators(address)

    def asked(self, asked: Asked) -> None:
        """Record a visit. Call it after :meth:`discovered` for all its items: were the validators stored first, a run that
        dies in between would be told 304 the next time and never see the rest."""
        self.session.store.asked(asked, self.session.run)

    def source_finished(self, outcome: SourceOutcome) -> None:
        self.session.store.source_finished(outcome, self.session.run)

    def close(self) -> None:
        self.session.leave()
