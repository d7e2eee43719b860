"""Boxes that stand in or around an article and are not the article: other stories, tags, comments, sharing, menus.

They are known by what their makers call them (:mod:`extract.markup.vocabulary`) and by their shape: nearly all their text is
links.
"""

from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from extract.markup.tree import HEADINGS, label, remove, text_of
from extract.markup.vocabulary import BODY, BOX, BYLINE, CAPTION, LEAD, SOURCE, TIMED, words_of
from extract.markup.weights import Weights

_BOX_TAGS = frozenset(("nav", "aside", "footer", "dialog", "menu"))
# Inline elements carry such words too (a link to a tag page inside a sentence); only these are boxes.
_CAN_BE_BOX = words_of(
    """
    article aside center details dialog div dl figure footer form header menu nav ol p section table ul h2 h3 h4 h5 h6 li span
    zone
    """
)
_LINES = frozenset(("p", "li", "span", *HEADINGS))
# A byline or date line; the longest on the nine real pages has 45 characters.
_FURNITURE_CHARS = 120
# A teaser's headline and summary; the longest on the nine real pages have 258 characters.
_TEASER_CHARS = 700
# A link as long as a headline; shorter ones are a section's name or a button.
_HEADLINE_CHARS = 15
_WHOLE_PAGE = frozenset(("html", "body", "main"))


def is_body(element: HtmlElement) -> bool:
    """Whether its makers call it the article's text."""
    return bool(BODY.search(label(element)))


def is_lead(element: HtmlElement) -> bool:
    return bool(LEAD.search(label(element)))


def is_caption(element: HtmlElement) -> bool:
    return element.tag in ("figcaption", "caption") or bool(CAPTION.search(label(element)))


def is_box(element: HtmlElement) -> bool:
    """Whether its makers call it a box of something else."""
    if element.tag in _BOX_TAGS:
        return True
    if element.tag not in _CAN_BE_BOX:
        return False
    return _names_box(label(element))


@lru_cache(maxsize=4096)
def _names_box(name: str) -> bool:
    return bool(BOX.search(name)) and not (BODY.search(name) or LEAD.search(name) or CAPTION.search(name))


def drop_boxes(root: HtmlElement, weights: Weights, keep: HtmlElement | None) -> None:
    """Remove boxes from a page, never one that holds the article.

    ``keep`` is the element of the headline. A box stays when it holds a third of what was voted for (without votes, of all
    prose), and names are not believed at all when the boxes together hold half of it: then the page's makers use these words
    for something else.
    """
    mass = weights.votes if weights.votes else weights.prose
    whole = mass.get(root, 0)
    guarded = {keep, *keep.iterancestors()} if keep is not None else set()
    named = [
        element for element in root.iter() if element.tag not in _WHOLE_PAGE and element not in guarded and is_box(element)
    ]
    boxes = [element for element in named if element not in guarded and _gone(element, mass.get(element, 0), whole, weights)]
    outermost = _outermost(boxes)
    if sum(mass.get(element, 0) for element in outermost) * 2 > whole > 0:
        outermost = [element for element in outermost if element.tag in _BOX_TAGS or not mass.get(element)]
    for element in outermost:
        remove(element)


def _gone(element: HtmlElement, held: int, whole: int, weights: Weights) -> bool:
    """Whether a box may go: it holds little of the article, and a single paragraph only when it is a label or links."""
    if element.tag in _LINES and held and weights.size_of(element).link_share < 0.3:
        return False
    return held * 3 < whole or not held


def _outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def drop_teasers(container: HtmlElement, weights: Weights) -> None:
    """Remove other stories' teasers inside a container: an item whose heading, or whose text, is a link."""
    whole = weights.prose_in(container)
    teasers = [
        element
        for element in container.iterdescendants()
        if element.tag in _CAN_BE_TEASER and weights.prose_in(element) * 3 <= whole and _is_teaser(element, weights)
    ]
    for element in _outermost(teasers):
        remove(element)


def drop_furniture(container: HtmlElement) -> None:
    """Remove the lines inside a container that state byline, time or source; they are read before."""
    for element in list(container.iterdescendants("div", "p", "span", "time", "ul", "section", "header", "a")):
        name = label(element)
        if element.tag == "time" or (name and (BYLINE.search(name) or SOURCE.search(name) or TIMED.search(name))):
            parent = element.getparent()
            inline = parent is not None and parent.tag == "p" and len(text_of(parent, _FURNITURE_CHARS)) > _FURNITURE_CHARS
            if not inline and len(text_of(element, _FURNITURE_CHARS)) <= _FURNITURE_CHARS and not is_caption(element):
                remove(element)


def _is_teaser(element: HtmlElement, weights: Weights) -> bool:
    size = weights.size_of(element)
    if size.link_share > 0.75:
        return size.chars > 3
    if element.tag in ("ul", "ol", "table"):
        return False
    # Without the slice a nested list would be walked once for each of its levels.
    linked = sum(_is_linked(heading, element, weights) for heading in islice(element.iter(*HEADINGS), 50))
    if not linked and element.tag == "article":
        linked = sum(_is_linked(link, element, weights) for link in islice(element.iter("div"), 50))
    return linked > 0 and size.chars < _TEASER_CHARS * linked


def _is_linked(element: HtmlElement, item: HtmlElement, weights: Weights) -> bool:
    """Whether an element is a headline that leads elsewhere: a link makes up its text, or goes around it inside the item."""
    size = weights.size_of(element)
    if size.link_share > 0.9:
        return size.chars >= _HEADLINE_CHARS or element.tag in HEADINGS
    above = islice(element.iterancestors("a"), 1)
    return size.chars > 0 and any(link.get("href") and item in link.iterancestors() for link in above)


_CAN_BE_TEASER = frozenset(("ul", "ol", "div", "section", "table", "article", "li", "tr", "td"))
