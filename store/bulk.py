"""Work in bulk, as values: pages that are to be read again, and files that pages are taken from."""

from dataclasses import dataclass
from datetime import datetime

from spiders.page import Found
from store.records import PageRecord, StoredArticle


@dataclass(frozen=True, slots=True)
class ToReadAgain:
    """An archived page beside what the store holds of its address. ``article`` is the article seen there, ``owns`` whether it
    is stored under this address (and not seen elsewhere first); ``digest`` is the digest of its text; ``edited`` says that the
    page is not the first version of it."""

    number: int
    found: Found
    record: PageRecord
    fate: str
    article: StoredArticle | None
    owns: bool
    digest: str | None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """How far a file was taken in: ``records`` of it are done, ``counts`` say what they came to by kind."""

    id: int
    name: str
    records: int
    counts: dict[str, int]
    finished: datetime | None
