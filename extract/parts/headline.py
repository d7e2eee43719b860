"""The headline: what the page shows, checked against what it claims."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extract.markup.boxes import is_box
from extract.markup.claims import Claims
from extract.markup.tree import label, text_of
from extract.markup.vocabulary import TITLE
from extract.text import clean, fold, unescape, words

_SUFFIX = re.compile(r"\s+(?:[|\u2013\u2014»·]|-(?=\s))\s+")


def headline(root: HtmlElement, claims: Claims) -> tuple[str | None, HtmlElement | None]:
    """The headline and the element that shows it (None when only the metadata give one).

    Among the headings shown, the one most like the claimed titles wins: logos, section names and teasers are headings too.
    """
    claimed = _claimed(claims)
    shown = [(text, element) for element in _candidates(root) if 3 <= len(text := text_of(element, 400)) <= 400]
    shown += [_inner(element, claimed) for _, element in shown[:3] if len(element)]
    best = max(shown, key=lambda pair: _likeness(pair[0], claimed), default=None)
    if best is not None and (_likeness(best[0], claimed) >= 0.5 or not claimed):
        return best
    if best is not None and not (claims.first("og:title") or claims.stated("headline")):
        named = [pair for pair in shown if TITLE.search(label(pair[1]))]
        if named:  # the <title> is the outlet's name on every page of some systems
            return named[0]
    return (claimed[0], None) if claimed else (None, None)


def _inner(element: HtmlElement, claimed: list[str]) -> tuple[str, HtmlElement]:
    """The headline within a heading that also holds a kicker or a section name: what one of its elements, or the text beside
    them, says just as the metadata do."""
    own = clean(" ".join([element.text or "", *(child.tail or "" for child in element)]))
    whole = text_of(element, 400)
    inside = islice(element.iterdescendants("span", "a", "em", "strong", "b", "div"), 8)
    pieces = [own, *(text_of(child, 400) for child in inside)]
    said = {" ".join(words(title)) for title in claimed}
    return next((piece for piece in pieces if " ".join(words(piece)) in said), whole), element


def _candidates(root: HtmlElement) -> Iterator[HtmlElement]:
    first = [element for element in root.iter("h1") if text_of(element, 3)]
    yield from first or root.iter("h2")
    for element in root.iter("h2", "h3", "div", "p", "span"):
        if TITLE.search(label(element)) and not is_box(element):
            yield element


def _claimed(claims: Claims) -> list[str]:
    """Titles in the metadata, in order of trust, without the name of the site that many put behind them."""
    found = [claims.first("og:title"), claims.stated("headline"), claims.first("twitter:title", "title"), claims.title]
    sites = {flat for name in _sites(claims) if (flat := _flat(name))}
    titles = [_without_site(clean(unescape(value)), sites) for value in found if value]
    return [title for title in titles if title and not _is_site(_flat(title), sites)]


def _sites(claims: Claims) -> Iterator[str]:
    """What the site is called: by itself, by its publisher, and by its address."""
    publisher = claims.jsonld.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else None
    yield from (claims.first("og:site_name") or "", name if isinstance(name, str) else "")
    for address in claims.canonical[:1]:
        yield (urlsplit(address).hostname or "").removeprefix("www.")


def _without_site(title: str, sites: set[str]) -> str:
    """Cut " | Name" and " - Name" off a title when it is the site's name or a few words behind a bar.

    A rest as short as "News" is the section's name, and then the headline is elsewhere.
    """
    parts = _SUFFIX.split(title)
    if len(parts) < 2:
        return title
    last = _flat(parts[-1])
    named = _is_site(last, sites) or any(len(site) >= 4 and site in last for site in sites)
    barred = bool(re.search(r"[|»·]\s*" + re.escape(parts[-1]) + "$", title)) and len(parts[-1]) < 40
    rest = title[: title.rindex(parts[-1])].rstrip(" |-\u2013\u2014»·")
    return rest if barred or (named and len(rest) > 4) else title


def _is_site(flat: str, sites: set[str]) -> bool:
    return any(flat == site or (len(flat) >= 4 and flat in site) for site in sites)


def _flat(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))


def _likeness(text: str, claimed: list[str]) -> float:
    """The best overlap of words with any claimed title (Jaccard), less for each place further down the list."""
    mine = set(words(text))
    scores = [len(mine & theirs) / len(mine | theirs) for title in claimed if (theirs := set(words(title)))]
    return max(scores, default=0.0) if mine else 0.0
