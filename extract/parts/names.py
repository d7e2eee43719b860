"""Names of people: who wrote a text, told from outlets, notes and handles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from extract.markup.claims import Claims, persons
from extract.markup.tree import label, text_of
from extract.markup.vocabulary import BYLINE, COMMENTS, ELSEWHERE, words_of
from extract.text import clean, fold

_NAME_WORD = r"[A-ZÀ-ỸĐ][\w’'.]*"
NAME = re.compile(rf"{_NAME_WORD}(?:[ -]{_NAME_WORD}){{0,6}}")
# In a byline, ranks and degrees may stand before the name: "Đại tá, TS. LÊ MINH".
RANKED = re.compile(rf"(?:{_NAME_WORD}(?: \w+)?[.,] ?){{0,3}}{NAME.pattern}")
TRAILING_NOTE = re.compile(
    r"\s*[(\[/,-]\s*(?:tổng hợp|t/h|th|theo|ghi|lược dịch|lược ghi|dịch|thực hiện"
    r"|biên soạn|according to|compiled|summary)\b.*$",
    re.IGNORECASE,
)
_LEADING_NOTE = re.compile(
    r"^(?:theo|by|bởi|tác giả|author|bài|tin|pv|ctv|phóng viên|nhóm pv|written by|reporter|biên tập|btv|von|par|por)"
    r"\s*[:.]?\s+",
    re.IGNORECASE,
)
# The house a writer works for, behind his name: "Bá Thành (TTXVN)", "Quang Sáng/VOV-Tây Nguyên", "Lan Anh (VTV Online)"; an
# agency's may be stuck to the name where a page's makers lost the brackets ("Thu HàTTXVN").
_HOUSE = re.compile(
    r"\s*(?:\((?:PV |PV/)?[A-ZĐ]{2,8}(?: [A-Z]\w{1,9})?\)|(?<=[a-zà-ỹđ])/[A-ZĐ]{2,8}\b[\w .-]{0,30}"
    r"|(?<=[a-zà-ỹđ])(?:TTXVN|VNA|VOV|VTV))$"
)
_NOBODY = frozenset(
    ("admin", "administrator", "editor", "pv", "ctv", "bbt", "btv", "ban biên tập", "tác giả", "author", "anonymous", "unknown")
) | frozenset(("user", "nhóm pv", "nhóm phóng viên", "phóng viên", "webmaster", "tòa soạn", "toà soạn"))
# What stands beside a name in a byline: buttons and labels, word by word in English, whole in Vietnamese (its words are names
# too), and the writer's post, known by its last word.
_BESIDE = words_of(
    """
    by von par por author authors share follow unfollow comment comments published updated bookmark print save email mail
    facebook twitter linkedin instagram zalo telegram whatsapp x copy link url staff text size small medium large aa news
    updates opinion view profile bio video videos pubmed google scholar artikel nachrichten
    """
)
_BESIDE_VIETNAMESE = frozenset(
    ("chia sẻ", "theo dõi", "gửi bài", "in bài", "bình luận", "xem thêm", "bài viết", "cập nhật", "lưu bài")
)
_POSTS = words_of(
    "journalist reporter correspondent editor writer contributor columnist producer redakteur korrespondent journaliste"
)
_POSTS_VIETNAMESE = ("phóng viên", "biên tập viên", "cộng tác viên", "thường trú")
_AUTHORS_PAGE = re.compile(
    r"/(?:authors?|tac-gia|tacgia|profiles?|autore?n?|auteurs?|journalists?|reporters?|staff|by)/", re.IGNORECASE
)
_PAGE = frozenset(("html", "body", "main", "article"))
# A house's own sign for a writer, behind the name: "An Khê (ak)".
_SIGN = re.compile(r"\s*\([a-zà-ỹđ.]{2,5}\)$")
# Newspapers and agencies are no persons, also where a page calls them its author.
_HOUSE_NAME = re.compile(
    r"(?:báo|đài(?= (?:phát|truyền|tiếng|[pt]t?th?\b))|tạp chí|thông tấn xã|cổng thông tin|trang tin) \w", re.IGNORECASE
)
# Names of Vietnamese papers and offices have two capitals in five words ("Báo Quân đội nhân dân").
_NAMED_SHARE = 0.4
_BETWEEN_NAMES = frozenset(("of", "the", "and", "và", "by", "do", "/", "-", "–", "&"))
_GIVEN = (
    "internet",
    "tư liệu",
    "tác giả",
    "nhân vật",
    "người dân",
    "minh họa",
    "minh hoạ",
    "chụp",
    "cắt từ",
    "ctv",
    "pv",
    "courtesy",
    "archive",
    "file",
    "supplied",
    "provided",
    "handout",
    "sưu tầm",
    "facebook",
    "zalo",
    "ai",
    "st",
)
# Two authors named twice (shown and in a pop-up) take 45 characters on a real page.
_BYLINE_CHARS = 200
# Pages with many comments have as many authors; the article's is among the first.
_BYLINES = 100


@dataclass(frozen=True, slots=True)
class Outlet:
    """Names an outlet goes by, folded and without spaces; they are never an author and, alone, never a credit."""

    names: frozenset[str]

    def is_called(self, name: str) -> bool:
        """Whether a name is the outlet's: one of its own, the first words or (behind "Báo" and its kin) the next of which are
        one ("VOV Tây Bắc"), or one end of one ("Dân trí" of "Báo điện tử Dân trí"); for a single short word that is somebody's
        name as well ("Bình" of "Báo Ninh Bình")."""
        parts = [flat for part in re.split(r"[\W_]+", name) if (flat := fold(part))]
        flat = "".join(parts)
        if not flat or flat in self.names:
            return True
        start = next((number for number, part in enumerate(parts) if part not in _KINDS_OF_HOUSES), 0)
        begins = {"".join(parts[first:last]) for first in (0, start) for last in range(first + 1, min(len(parts), 12) + 1)}
        if not begins.isdisjoint(self.names):
            return True
        telling = len(flat) >= 6 or (len(flat) >= 4 and (len(parts) > 1 or name.isupper()))
        return telling and any(own.startswith(flat) or own.endswith(flat) for own in self.names)


_KINDS_OF_HOUSES = frozenset(("bao", "dai", "tap", "chi", "dien", "tu", "trang", "tin", "the", "theo", "phong", "vien", "pv"))
_NO_NAMES = frozenset(("www", "com", "org", "net", "gov", "edu", "co", "en", "m", "amp", "news", "bao", "tin"))


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
    name = _HOUSE.sub("", TRAILING_NOTE.sub("", _SIGN.sub("", clean(value)))).strip(" -–—|,;:/")
    name = _LEADING_NOTE.sub("", name).strip(" -–—|,;:/")
    if not 2 <= len(name) <= 80 or re.search(r"https?:|www\.|@|\d|\w\.(?:vn|com|net|org)\b", name) or outlet.is_called(name):
        return None
    return None if name.lower() in _NOBODY or _HOUSE_NAME.match(name) else name


def author_claimed(claims: Claims, outlet: Outlet) -> str | None:
    """The author that JSON-LD or the metadata name."""
    named = [name for value in persons(claims) if (name := person(value, outlet))]
    if named:
        return ", ".join(dict.fromkeys(named))
    metas = ("article:author", "author", "dable:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
    return next((name for key in metas for value in claims.meta.get(key, ()) if (name := person(value, outlet))), None)


def author_shown(elements: Iterable[HtmlElement], outlet: Outlet) -> str | None:
    """The author in an element that its makers call byline or author; one that stands beside the article only when no other
    is named there."""
    beside = set()
    bylines = (element for element in elements if _names_byline(label(element)) or element.get("rel") == "author")
    for element in islice(bylines, _BYLINES):
        where = _where(element)
        names = ", ".join(_whole(dict.fromkeys(_names_in(element, outlet)))) if where != "comments" else ""
        if names and where == "article":
            return names
        beside.add(names)
    return next(iter(beside - {""})) if len(beside - {""}) == 1 else None


@lru_cache(maxsize=4096)
def _names_byline(name: str) -> bool:
    return bool(BYLINE.search(name))


def _where(element: HtmlElement) -> str:
    """Whether a byline stands in the article, beside it with other stories (which have authors too), or in comments."""
    labels = [label(above) for above in element.iterancestors() if above.tag not in _PAGE]
    if any(COMMENTS.search(name) for name in labels):
        return "comments"
    return "beside" if any(ELSEWHERE.search(name) for name in labels) else "article"


def _whole(names: Iterable[str]) -> list[str]:
    """Names without those that are a part of another."""
    listed = list(names)
    return [name for name in listed if not any(name != other and name in other for other in listed)]


def _names_in(element: HtmlElement, outlet: Outlet) -> Iterator[str]:
    """The names in a byline element: of its links to pages about authors, else of its innermost elements, else of its whole
    text. Longer texts are no bylines."""
    whole = text_of(element, _BYLINE_CHARS)
    linked = [text_of(link, 60) for link in element.iter("a") if _AUTHORS_PAGE.search(link.get("href") or "")]
    if len(whole) > _BYLINE_CHARS and not linked:
        return
    leaves = [text_of(leaf) for leaf in element.iterdescendants() if len(leaf) == 0]
    named = [[text for text in texts if NAME.fullmatch(text) and not _is_beside(text)] for texts in (linked, leaves)]
    for text in named[0] or named[1] or [whole]:
        name = person(text, outlet)
        if name and len(name) > 1 and (RANKED.fullmatch(name) or is_names(name)) and not _is_beside(name):
            yield name


def _is_beside(text: str) -> bool:
    """Whether a text in a byline is a button, a label or somebody's post."""
    flat = text.casefold()
    parts = flat.split()
    labels = flat in _BESIDE_VIETNAMESE or all(part in _BESIDE for part in parts)
    return labels or parts[-1].removesuffix("in") in _POSTS or flat.endswith(_POSTS_VIETNAMESE)


def is_names(value: str) -> bool:
    parts = re.split(r"\s*(?:,|;|-|–|&|/|\bvà\b|\band\b)\s*", TRAILING_NOTE.sub("", value).strip(" ."))
    return bool(parts) and all(NAME.fullmatch(part) for part in parts if part)


def is_credited(value: str) -> bool:
    """Whether what stands behind "Photo:" or "Ảnh:" is somebody or some house, not what a picture shows: most of its words
    have capitals, or it is an address, or it says who gave the picture."""
    named = [word for word in value.strip(" .()").split() if word.lower() not in _BETWEEN_NAMES]
    if value.lower().startswith(_GIVEN) or value.lower().rstrip(" .)").endswith("cung cấp"):
        return True
    return sum(word[:1].isupper() or "." in word[:-1] for word in named) >= _NAMED_SHARE * len(named)
