"""How much running text stands where: one walk over the page, looked up afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from extract.markup.tree import HEADINGS
from extract.markup.vocabulary import words_of
from extract.text import words

# A paragraph of a news text is longer than this nearly always; menus, buttons and bylines are shorter.
PROSE_CHARS = 80
_UNITS = ("p", "div", "td", "blockquote", "h2", "h3", "h4", "li", "section", "article", "main", "span", "body")
_INLINE = words_of("a abbr b bdi big br cite code del em font i ins kbd mark q s small strong sub sup time tt u var")
_HOLDS_SPANS = frozenset(("p", "li", "span", "a", "td", "blockquote", *HEADINGS))


@dataclass(frozen=True, slots=True)
class Weights:
    """Characters of prose in each element that holds any, and of that part which was voted for."""

    prose: dict[HtmlElement, int]
    votes: dict[HtmlElement, int]

    def prose_in(self, element: HtmlElement) -> int:
        return self.prose.get(element, 0)

    def votes_in(self, element: HtmlElement) -> int:
        return self.votes.get(element, 0)


def weigh(root: HtmlElement, lines: list[str]) -> Weights:
    """Weigh a page. A paragraph is voted for when its beginning stands in one of the lines."""
    chosen = key(" ".join(lines))
    weights = Weights({}, {})
    for unit, text in paragraphs(root):
        _count(weights.prose, unit, len(text))
        if chosen and key(text[:120])[:60] in chosen:
            _count(weights.votes, unit, len(text))
    return weights


def _count(sums: dict[HtmlElement, int], unit: HtmlElement, weight: int) -> None:
    sums[unit] = sums.get(unit, 0) + weight
    for element in unit.iterancestors():
        sums[element] = sums.get(element, 0) + weight


def paragraphs(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The paragraphs that are prose: at least :data:`PROSE_CHARS` characters, less than half of them in links."""
    for unit in root.iter(*_UNITS):
        text, linked = own_text(unit)
        if len(text) >= PROSE_CHARS and linked * 2 < len(text):
            yield unit, text


def own_text(element: HtmlElement) -> tuple[str, int]:
    """Text of an element and its inline children without that of its block children, and how many characters are linked."""
    if element.tag == "span":
        parent = element.getparent()
        if parent is not None and parent.tag in _HOLDS_SPANS:
            return "", 0
    pieces = [element.text or ""]
    linked = 0
    for child in element:
        if isinstance(child.tag, str) and (child.tag in _INLINE or (child.tag == "span" and element.tag in _HOLDS_SPANS)):
            inside = child.text_content()
            pieces.append(inside)
            linked += len(inside) if child.tag == "a" else sum(len(link.text_content()) for link in child.iter("a"))
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split()), linked


def key(text: str) -> str:
    """The words of a text run together, for finding one text in another."""
    return "".join(words(text))
