"""Names of people: who wrote a text, told from outlets, notes and handles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from extract.markup.claims import Claims, persons
from extract.markup.tree import label, text_of
from extract.markup.vocabulary import BYLINE
from extract.text import clean, fold

_NAME_WORD = r"[A-ZÀ-ỸĐ][\w’'.]*"
_NAME = re.compile(rf"{_NAME_WORD}(?:[ -]{_NAME_WORD}){{0,6}}")
# In a byline, ranks and degrees may stand before the name: "Đại tá, TS. LÊ MINH".
_RANKED = re.compile(rf"(?:{_NAME_WORD}(?: \w+)?[.,] ?){{0,3}}{_NAME.pattern}")
TRAILING_NOTE = re.compile(
    r"\s*[(\[/,-]\s*(?:tổng hợp|t/h|th|theo\b.*|ghi|lược dịch|lược ghi|dịch|thực hiện"
    r"|biên soạn|according to\b.*|compiled|summary).*$",
    re.IGNORECASE,
)
_LEADING_NOTE = re.compile(
    r"^(?:theo|by|bởi|tác giả|author|bài|tin|pv|ctv|phóng viên|nhóm pv|written by|reporter|biên tập|btv)\s*[:.]?\s+",
    re.IGNORECASE,
)
# The house a writer works for, behind his name: "Bá Thành (TTXVN)", "Quang Sáng/VOV-Tây Nguyên".
_HOUSE = re.compile(r"\s*(?:\((?:PV |PV/)?[A-ZĐ]{2,8}\)|(?<=[a-zà-ỹđ])/[A-ZĐ]{2,8}\b[\w .-]{0,30})$")
_NOBODY = frozenset(
    ("admin", "administrator", "editor", "pv", "ctv", "bbt", "btv", "ban biên tập", "tác giả", "author", "anonymous", "unknown")
) | frozenset(("user", "nhóm pv", "nhóm phóng viên", "phóng viên", "webmaster", "tòa soạn", "toà soạn"))
# Two authors named twice (shown and in a pop-up) take 45 characters on a real page.
_BYLINE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Outlet:
    """Names an outlet goes by, folded and without spaces; they are never an author and, alone, never a credit."""

    names: frozenset[str]

    def is_called(self, name: str) -> bool:
        flat = _flat(name)
        return not flat or any(flat == own or (len(flat) >= 4 and (flat in own or own in flat)) for own in self.names)


_NO_NAMES = frozenset(("www", "com", "org", "net", "gov", "edu", "co", "en", "m", "amp", "news"))


def outlet_of(host: str, claims: Claims, name: str = "") -> Outlet:
    """The names of the outlet that a page comes from: of its host, its metadata, and its entry among the sources."""
    labels = [part for part in host.lower().split(".")[:-1] if part not in _NO_NAMES]
    publisher = claims.jsonld.get("publisher")
    stated = publisher.get("name") if isinstance(publisher, dict) else None
    names = [*labels, claims.first("og:site_name") or "", stated if isinstance(stated, str) else "", name]
    return Outlet(frozenset(flat for value in names if len(flat := _flat(value)) >= 3))


def _flat(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))


def person(value: str | None, outlet: Outlet) -> str | None:
    """A name as printed, without "Theo", "PV" and notes; None for addresses, organisations' handles and the outlet."""
    if not value:
        return None
    name = _HOUSE.sub("", TRAILING_NOTE.sub("", clean(value))).strip(" -–—|,;:/")
    name = _LEADING_NOTE.sub("", name).strip(" -–—|,;:/")
    if not 2 <= len(name) <= 80 or re.search(r"https?:|www\.|@|\d|\w\.(?:vn|com|net|org)\b", name) or outlet.is_called(name):
        return None
    return name if name.lower() not in _NOBODY else None


def author_claimed(claims: Claims, outlet: Outlet) -> str | None:
    """The author that JSON-LD or the metadata name."""
    named = [name for value in persons(claims) if (name := person(value, outlet))]
    if named:
        return ", ".join(dict.fromkeys(named))
    metas = ("article:author", "author", "dable:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
    return next((name for key in metas for value in claims.meta.get(key, ()) if (name := person(value, outlet))), None)


def author_shown(elements: Iterable[HtmlElement], outlet: Outlet) -> str | None:
    """The author in an element that its makers call byline or author."""
    for element in elements:
        if not (BYLINE.search(label(element)) or element.get("rel") == "author"):
            continue
        names = list(dict.fromkeys(_names_in(element, outlet)))
        if names:
            return ", ".join(names)
    return None


def _names_in(element: HtmlElement, outlet: Outlet) -> Iterator[str]:
    """The names in a byline element: of its innermost elements, else of its whole text. Longer texts are no bylines."""
    whole = text_of(element, _BYLINE_CHARS)
    if len(whole) > _BYLINE_CHARS:
        return
    leaves = [text_of(leaf) for leaf in element.iterdescendants() if len(leaf) == 0]
    named = [text for text in leaves if _NAME.fullmatch(text)]
    for text in named or [whole]:
        name = person(text, outlet)
        if name and _RANKED.fullmatch(name) and len(name) > 1:
            yield name


def is_names(value: str) -> bool:
    parts = re.split(r"\s*(?:,|;|-|–|&|/|\bvà\b|\band\b)\s*", TRAILING_NOTE.sub("", value).strip(" ."))
    return bool(parts) and all(_NAME.fullmatch(part) for part in parts if part)
