"""The spiders' memory (:class:`spiders.memory.Memory`), kept in the store."""

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler

from spiders.memory import Again, Asked, Outcome, SourceOutcome, Stage, Validators
from spiders.page import Found
from spiders.sources import Source
from store.revisions.schedule import REVISIT_HOURS, hours_from
from store.session import Session, join_by_settings


class Ledger:
    """One crawler's view of the store, for the session's run. ``source`` gives its name, ``revisit`` the gaps in hours after
    which what was kept is read again."""

    def __init__(self, session: Session, source: Source | None = None, revisit: Sequence[float] = REVISIT_HOURS) -> None:
        self.session = session
        self.revisit = revisit
        if source is not None:
            session.store.know_sources([source])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Settings used: VIETLAO_HOME, VIETLAO_RUN and VIETLAO_REVISIT (hours with commas between; empty for never). Raises
        Locked and UnusableStore."""
        gaps = crawler.settings.get("VIETLAO_REVISIT")
        revisit = REVISIT_HOURS if gaps is None else hours_from(str(gaps))
        return cls(join_by_settings(crawler.settings), getattr(crawler.spidercls, "source", None), revisit)

    def discovered(self, found: Found) -> bool:
        return self.session.store.discovered(found, self.session.run)

    def pending(self, source: str) -> list[Found]:
        return self.session.store.pending(source, self.session.run)

    def again(self, source: str) -> list[Again]:
        return self.session.store.due_again(source, self.revisit)

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
