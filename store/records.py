"""What the store hands out: rows as frozen values, times as timezone-aware UTC."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from extract.article import Article
from relevance.estimate import RecallEstimate
from relevance.verdict import Decision, Reason, Verdict
from spiders.memory import Outcome, Stage
from store.marked import Mark
from store.revised import Revision, Watch

RunState = Literal["running", "finished", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command that writes. ``detail`` says what went wrong, or is empty."""

    id: int
    kind: str
    state: RunState
    started: datetime
    ended: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class PageRecord:
    """Where one fetched page lies in the archive: response record at ``offset`` in ``file``, ``length`` compressed bytes.
    ``file`` is None once retention has removed the bytes; ``original`` is the page whose body this one repeats."""

    id: int
    url: str
    address: str
    status: int
    content_type: str | None
    fetched: datetime
    size: int
    payload_digest: str
    file: str | None
    offset: int | None
    length: int | None
    record: str
    original: int | None
    origin: str


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page whose bytes are kept, with what was decided about its address (``fate``, see :mod:`store.fates`; ``marked`` for
    what a person marked as relevant and the filter does not keep)."""

    id: int
    file: str
    offset: int
    length: int
    record: str
    original: int | None
    archived: datetime
    fate: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place where a text was seen: an address, the source it belongs to, and when."""

    url: str
    source: str
    source_name: str
    seen: datetime
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with its verdict. ``published`` falls back to None, never to the time of fetching; ``decided`` is when
    the verdict fell, and that is the time by which a digest's window takes it. ``sightings`` has the article's own
    address first, then the others under which the same text was seen."""

    id: int
    url: str
    source: str
    source_name: str
    title: str | None
    lead: str | None
    text: str
    author: str | None
    credit: str | None
    lang: str | None
    published: datetime | None
    published_source: str | None
    decided: datetime
    decision: Decision
    score: float
    reasons: tuple[Reason, ...]
    why_not_more: str
    quality: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    rules: str = ""
    translator: str | None = None
    modified: datetime | None = None
    image: str | None = None
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of addresses whose life moved, in a run or in a window, each by its last decision there: ``failed`` could not
    be read (some are still tried again), ``rejected`` were not to be fetched, ``gone`` answered 404 or 410."""

    seen: int = 0
    kept: int = 0
    marginal: int = 0
    dropped: int = 0
    rejected: int = 0
    gone: int = 0
    failed: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        mine, theirs = asdict(self), asdict(other)
        return Moved(**{name: mine[name] + theirs[name] for name in mine})


# How each of these is told, at the end of a crawl and in a digest.
MOVED_WORDS = {
    "seen": "seen",
    "kept": "kept",
    "marginal": "marginal",
    "dropped": "dropped",
    "rejected": "refused",
    "gone": "gone",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """How one source fared in a window. ``state``: read, partly, failed, skipped, disabled or untried; ``reason`` says why
    for all but read; counts are of addresses whose life moved in the window. ``unread`` counts what was known of the source and
    not asked yet at the end of its last crawl: more than 0 when that was stopped early."""

    source: str
    name: str
    state: Literal["read", "partly", "failed", "skipped", "disabled", "untried"]
    reason: str | None
    last_read: datetime | None
    newest: datetime | None
    seen: int
    kept: int
    marginal: int
    dropped: int
    failed: int
    rejected: int = 0
    gone: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class NotRead:
    """An address of a window that brought no article: ``refused`` by a rule of ours or of the site, ``gone``, ``failed`` or
    failed and ``tried again``; ``title`` is what the place that lists it says."""

    url: str
    source_name: str
    title: str | None
    what: Literal["refused", "gone", "failed", "tried again"]
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read in a window and what was not; the counts are sums over the sources asked about.

    ``failed`` could not be read (``retried`` of them are tried again), ``rejected`` were not to be fetched, ``gone`` answered
    404 or 410; ``not_read`` are all these. ``waiting`` counts all addresses that were seen at any time and are not brought to
    an end yet, those that are tried again among them. ``attention`` are pages whose extraction went wrong (address, what).
    ``recall`` is what a random sample of dropped pages says, if there is one.
    """

    runs: int
    sources: tuple[SourceCoverage, ...]
    seen: int
    kept: int
    marginal: int
    dropped: int
    failed: int
    waiting: int
    attention: tuple[tuple[str, str], ...] = ()
    rejected: int = 0
    gone: int = 0
    retried: int = 0
    not_read: tuple[NotRead, ...] = ()
    recall: RecallEstimate | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A source whose newest item is older than usual. ``usual`` is the longest pause between its last items."""

    source: str
    name: str
    newest: datetime
    silent_for: timedelta
    usual: timedelta


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest as rendered and frozen; ``id`` is unique, and so is (profile, since, until)."""

    id: int
    profile: str
    since: datetime
    until: datetime
    created: datetime
    subject: str
    html: str
    text: str
    sha256: str
    articles: tuple[int, ...]


DeliveryState = Literal["pending", "sending", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest to one recipient. ``message_id`` is the same on every try."""

    digest: int
    recipient: str
    state: DeliveryState
    attempts: int
    message_id: str
    reply: str | None
    changed: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a page that is to be recorded. ``broken`` marks an exception of our own code."""

    stage: Stage
    outcome: Outcome
    reason: str
    data: dict[str, object] = field(default_factory=dict)
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page turned out to hold, and what the filter said of it."""

    article: Article
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a reading came to: the article's number, its decision, and the address that already had this text, if any.
    ``risen_from`` is the decision it had before this sighting made it more relevant."""

    article: int
    decision: Decision
    same_as: str | None = None
    risen_from: Decision | None = None

    def __str__(self) -> str:
        told = f"same text as {self.same_as} (article {self.article})" if self.same_as else f"as article {self.article}"
        return f"{told}, which rises from {self.risen_from} to {self.decision}" if self.risen_from else told


@dataclass(frozen=True, slots=True)
class Step:
    """One line in the life of an address: when, at which stage, with what outcome, and why."""

    at: datetime
    stage: str
    outcome: str
    reason: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class Life:
    """Everything known of an address. ``known`` is False for one never seen; ``url`` is the address that was looked up, which
    is canonical and may differ from what was ``asked``. ``fate`` is what has become of it (:mod:`store.fates`), ``due`` when it
    is to be tried again, ``digests`` the numbers of the digests it was in, ``marks`` what people said of it, oldest first.
    ``told_as`` is the most that a digest made of it, keep or marginal; ``watch`` and ``revisions`` say how it was read again,
    and what had changed. ``is_history`` is set for what was imported too long after it was fetched to be news."""

    asked: str
    url: str
    known: bool
    source: str | None
    steps: tuple[Step, ...]
    article: StoredArticle | None = None
    digests: tuple[int, ...] = ()
    fate: str | None = None
    due: datetime | None = None
    tries: int = 0
    last_seen: datetime | None = None
    marks: tuple[Mark, ...] = ()
    told_as: Decision | None = None
    watch: Watch | None = None
    revisions: tuple[Revision, ...] = ()
    is_history: bool = False
