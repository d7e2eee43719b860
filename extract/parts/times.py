"""Where a page states its publication time: machine-readable first, then what is printed by the headline."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from extract.article import PublishedSource
from extract.dates import dates_in_address, read_moments
from extract.markup.claims import Claims
from extract.markup.tree import is_within, label, text_of
from extract.markup.vocabulary import NOT_THE_ARTICLES, TIMED
from extract.parts.body import select
from extract.text import fold
from spiders.sources import ExtractRules

_META = (
    *("article:published_time", "datepublished", "pubdate", "article:published", "og:published_time", "publishdate"),
    *("publish-date", "publish_date", "published_time", "dc.date.issued", "dcterms.issued", "dc.date", "parsely-pub-date"),
    *("sailthru.date", "its_publication", "date"),
)
_CHANGED = re.compile(r"cap nhat|sua doi|updated|modified|last change|edited")
_PUBLISHED = re.compile("-date-published-|-datepublished-")
_DATED = re.compile(r"\d{1,4}\s?[-/.]\s?\d|\d{4}")
# How far from the headline, in elements of the page, a printed time is looked for.
_NEAR = 60
# A date line with its section and time zone; the longest on the nine real pages has 59 characters.
_LINE = 90


def moments_shown(
    root: HtmlElement, claims: Claims, rules: ExtractRules, title: HtmlElement | None, url: str
) -> Iterator[tuple[PublishedSource, str]]:
    """Statements of the publication time, in order of trust; what a page calls modified or created is not among them."""
    for selector in rules.date:
        for element in select(root, selector):
            yield "rule", element.get("datetime") or element.get("content") or text_of(element)
    published = claims.stated("datePublished")
    if published:
        yield "jsonld", published
    for name in _META:
        for value in claims.meta.get(name, ()):
            yield "meta", value
    near = _near(root, title) if title is not None else _only_time(root)
    timed = [element for element in near if _is_stated(element)] or (_far(root, title) if title is not None else [])
    for element in timed:
        yield "time", element.get("datetime") or ""
    for element in near:
        text = text_of(element, _LINE)
        if _prints_time(element, text):
            yield "text", text
    for value in dates_in_address(url):
        yield "url", value


def _near(root: HtmlElement, title: HtmlElement) -> list[HtmlElement]:
    """The elements around the headline, those behind it first."""
    order = [element for element in root.iter() if isinstance(element.tag, str)]
    here = order.index(title) if title in order else 0
    around = order[here + 1 : here + 1 + _NEAR] + order[max(0, here - _NEAR) : here][::-1]
    chrome = _Chrome(title)
    return [
        element
        for element in around
        if not is_within(element, title) and (not chrome.holds(element) or _PUBLISHED.search(label(element)))
    ]


def _far(root: HtmlElement, title: HtmlElement) -> list[HtmlElement]:
    """The <time> elements of the page, wherever they stand but in menus and other stories, if they state one moment."""
    chrome = _Chrome(title)
    stated = [element for element in root.iter("time") if _is_stated(element) and not chrome.holds(element)]
    return stated if len({element.get("datetime") for element in stated}) == 1 else []


def _is_stated(element: HtmlElement) -> bool:
    return element.tag == "time" and bool(element.get("datetime")) and not _says_changed(element)


def _only_time(root: HtmlElement) -> list[HtmlElement]:
    """The elements called a time on a page without a visible headline, if they all state the same moment."""
    called = [element for element in root.iter() if isinstance(element.tag, str) and TIMED.search(label(element))]
    chrome = _Chrome()
    timed = [
        element for element in called[:_NEAR] if not chrome.holds(element) and _prints_time(element, text_of(element, _LINE))
    ]
    stated = {moment.when for element in timed for moment in read_moments(text_of(element, _LINE))}
    return timed if len(stated) == 1 else []


class _Chrome:
    """Whether elements stand in menus, footers and boxes of other things; asked once of each element above them."""

    def __init__(self, title: HtmlElement | None = None) -> None:
        self._known: dict[HtmlElement | None, bool] = {None: False}
        if title is not None:  # what holds the headline is no such box, whatever it is called
            self._known.update(dict.fromkeys(title.iterancestors(), False))

    def holds(self, element: HtmlElement) -> bool:
        above: HtmlElement | None = element
        path = []
        while above not in self._known:
            path.append(above)
            above = above.getparent()  # type: ignore[union-attr]
        within = self._known[above]
        for each in reversed(path):
            within = within or each.tag in ("nav", "footer", "aside", "li") or bool(NOT_THE_ARTICLES.search(label(each)))
            self._known[each] = within
        return within


def _prints_time(element: HtmlElement, text: str) -> bool:
    """A short text that is a date and little else, not announced as a change."""
    if not 8 <= len(text) <= _LINE or not re.search(r"\d", text) or _says_changed(element):
        return False
    if not (TIMED.search(label(element)) or element.tag == "time" or len(text) <= 45):
        return False
    return bool(read_moments(text))


def _says_changed(element: HtmlElement) -> bool:
    """Whether its makers, or the words before its first date, call it a change."""
    if re.search("-(?:updated|modified|update|lastmod)-", label(element)):
        return True
    text = fold(text_of(element, _LINE)[:120])
    announced, stated = _CHANGED.search(text), _DATED.search(text)
    return announced is not None and not (stated and stated.start() < announced.start())
