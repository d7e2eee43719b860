"""The spiders' memory (:class:`spiders.memory.Memory`), kept in the store."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from spiders.memory import Asked, Outcome, SourceOutcome, Stage, Validators
from spiders.page import Found
from spiders.sources import Source, load_sources
from spiders.urls import article_key
from store.session import Session, join_by_settings


class Ledger:
    """One crawler's view of the store, for the session's run. ``sources`` give article numbers and names."""

    def __init__(self, session: Session, sources: Sequence[Source] = ()) -> None:
        self.session = session
        self.sources = {source.id: source for source in sources}
        session.store.know_sources(sources)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Settings used: VIETLAO_HOME, VIETLAO_RUN, VIETLAO_SOURCES. Raises ConfigurationError, Locked and UnusableStore."""
        path = crawler.settings.get("VIETLAO_SOURCES")
        sources = load_sources(Path(path) if path else Path(str(files("seeds") / "sources.toml")))
        return cls(join_by_settings(crawler.settings), sources)

    def discovered(self, found: Found) -> bool:
        source = self.sources.get(found.source)
        key = article_key(found.url, source) if source else None
        return self.session.store.discovered(found, self.session.run, key)

    def pending(self, source: str) -> list[Found]:
        return self.session.store.pending(source, self.session.run)

    def decided(self, url: str, stage: Stage, outcome: Outcome, reason: str, **data: object) -> None:
        """As the protocol says. Of ``data`` two names are understood: ``source``, the id of the source that an undiscovered
        address belongs to, and ``retry_after``, the seconds a site asked us to wait."""
        source = data.get("source")
        self.session.store.decided(
            url, stage, outcome, reason, data, self.session.run, source if isinstance(source, str) else None
        )

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
