"""An article as extracted from a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PublishedSource = Literal["jsonld", "meta", "time", "rule", "text", "url", "feed"]


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a page and what it says about itself. All strings are NFC; an absent thing is None.

    ``text`` is one block a line, lead first, without captions, bylines and boxes. ``published`` and ``modified`` are
    timezone-aware (as the page states; a bare local time is Asia/Ho_Chi_Minh); ``published_source`` says where the time
    was read. ``credit`` is the agency or outlet the text is attributed to. ``quality`` names what is wrong with it
    (codes of :mod:`extract.quality`; empty when nothing is). ``extractor`` says which rule or library found the body.
    ``notes`` are sentences for people about what was refused (such as a date in the future).
    """

    url: str
    canonical_url: str
    site: str
    title: str | None
    lead: str | None
    text: str
    author: str | None = None
    published: datetime | None = None
    published_source: PublishedSource | None = None
    modified: datetime | None = None
    lang: str | None = None
    credit: str | None = None
    translator: str | None = None
    image: str | None = None
    captions: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    extractor: str = ""
    notes: tuple[str, ...] = ()
