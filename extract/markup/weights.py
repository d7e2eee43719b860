"""How much running text stands where: one walk over the page, looked up afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from extract.markup.tree import HEADINGS, Size, length, sizes
from extract.markup.vocabulary import words_of
from extract.text import words

# A paragraph of a news text is longer than this nearly always; menus, buttons and bylines are shorter.
PROSE_CHARS = 80
# So much of a paragraph tells it from others, as a key.
_BEGINNING = 60
# The longest text in ../shared/pages has 10,468 characters; searching a text this long for each paragraph would take seconds.
_SEARCHED = 200_000
_UNITS = ("p", "div", "td", "blockquote", "h2", "h3", "h4", "li", "section", "article", "main", "span", "body")
_INLINE = words_of("a abbr b bdi big br cite code del em font i ins kbd mark q s small strong sub sup time tt u var")
_HOLDS_SPANS = frozenset(("p", "li", "span", "a", "td", "blockquote", *HEADINGS))


@dataclass(frozen=True, slots=True)
class Weights:
    """Characters of prose in each element that holds any, that part of it which was voted for, and every element's size."""

    prose: dict[HtmlElement, int]
    votes: dict[HtmlElement, int]
    sizes: dict[HtmlElement, Size]

    def prose_in(self, element: HtmlElement) -> int:
        return self.prose.get(element, 0)

    def votes_in(self, element: HtmlElement) -> int:
        return self.votes.get(element, 0)

    def size_of(self, element: HtmlElement) -> Size:
        return self.sizes[element]


def weigh(root: HtmlElement, lines: list[str]) -> Weights:
    """Weigh a page. A paragraph is voted for when its beginning stands in one of the lines; one that is a whole text with
    line breaks in it, also when its end does."""
    keys = [key(line) for line in lines]
    begun = {line[:_BEGINNING] for line in keys}
    chosen = "".join(keys)[:_SEARCHED]
    weights = Weights({}, {}, sizes(root))
    for unit, chars, own in _paragraphs(root, weights.sizes):
        _count(weights.prose, unit, chars)
        head = key(_head(unit, own))[:_BEGINNING] if chosen else ""
        if chosen and ((head and (head in begun or head in chosen)) or _ends_in(chosen, unit)):
            _count(weights.votes, unit, chars)
    return weights


def _count(sums: dict[HtmlElement, int], unit: HtmlElement, weight: int) -> None:
    sums[unit] = sums.get(unit, 0) + weight
    for element in unit.iterancestors():
        sums[element] = sums.get(element, 0) + weight


def _paragraphs(root: HtmlElement, size: dict[HtmlElement, Size]) -> Iterator[tuple[HtmlElement, int, list[HtmlElement]]]:
    """The paragraphs that are prose, their length and their inline children: at least :data:`PROSE_CHARS` characters of their
    own (without block children, which are units themselves), less than half of them in links."""
    for unit in root.iter(*_UNITS):
        if size[unit].chars < PROSE_CHARS or _is_inline_span(unit):
            continue
        own = [child for child in unit if _is_inline(child, unit)]
        chars = length(unit.text) + sum(size[child].chars for child in own) + sum(length(child.tail) for child in unit)
        if chars >= PROSE_CHARS and sum(size[child].linked for child in own) * 2 < chars:
            yield unit, chars, own


def _is_inline_span(element: HtmlElement) -> bool:
    parent = element.getparent()
    return element.tag == "span" and parent is not None and parent.tag in _HOLDS_SPANS


def _is_inline(child: HtmlElement, parent: HtmlElement) -> bool:
    return child.tag in _INLINE or (child.tag == "span" and parent.tag in _HOLDS_SPANS)


def _head(unit: HtmlElement, own: list[HtmlElement]) -> str:
    """The beginning of a paragraph, enough of it to find it in another text."""
    pieces = [unit.text or ""]
    for child in unit:
        pieces.append(child.text_content()[:400] if child in own else "")
        pieces.append(child.tail or "")
        if sum(map(len, pieces)) > 400:
            break
    return " ".join("".join(pieces)[:800].split())[:120]


def _ends_in(chosen: str, unit: HtmlElement) -> bool:
    """Whether the last of several paragraphs that only line breaks part stands in the chosen text."""
    last = next((tail for line in unit.iterchildren("br", reversed=True) if length(tail := line.tail) >= PROSE_CHARS), None)
    return last is not None and key(last[-400:])[-_BEGINNING:] in chosen


def key(text: str) -> str:
    """The words of a text run together, for finding one text in another."""
    return "".join(words(text))
