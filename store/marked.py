"""What people said of articles, and what they are asked, as values."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from store.records import StoredArticle

Label = Literal["relevant", "marginal", "irrelevant"]
LABELS: tuple[Label, ...] = get_args(Label)

StratumName = Literal["judged", "unread"]
"""``judged``: dropped by the rules, the text is stored. ``unread``: put aside without one, for the page never names the
topic's partner or holds no article; what its place said of it (headline, address) is all there is."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody said of an article; the last one counts. ``url`` is the address it was said of, ``fate`` what had become of
    that by then, ``sample`` the sample it is an answer to."""

    label: Label
    note: str
    by: str
    at: datetime
    url: str
    fate: str
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """An article, or an address without one, with the mark that counts."""

    mark: Mark
    title: str | None
    fate: str
    article: "StoredArticle | None"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to be asked about. ``reason`` is the last decision on it in words; ``sample`` and ``stratum`` are set for one
    that was drawn."""

    url: str
    source_name: str
    title: str | None
    summary: str | None
    published: datetime | None
    reason: str
    article: "StoredArticle | None"
    sample: int | None = None
    stratum: StratumName | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample of what was dropped of the addresses first seen in ``[since, until)`` and not marked when it was drawn.
    ``sizes`` are those of the strata, ``items`` how many were drawn of each, in random order."""

    id: int
    drawn: datetime
    drawn_by: str
    seed: str
    since: datetime
    until: datetime
    sizes: tuple[tuple[StratumName, int], ...]
    items: tuple[tuple[StratumName, int], ...]
