"""Requests that we decline, told as a fate."""

from scrapy.exceptions import IgnoreRequest

from spiders.memory import Outcome, Stage


class Refused(IgnoreRequest):
    """A request that a guard stopped. The text is the reason, a sentence for people; ``outcome`` is ``rejected`` when it is for
    good and ``failed`` when a later run may fare better. ``retry_after`` is how many seconds the site asked us to wait."""

    def __init__(
        self, reason: str, *, stage: Stage = "allowed", outcome: Outcome = "rejected", retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.stage = stage
        self.outcome = outcome
        self.retry_after = retry_after
