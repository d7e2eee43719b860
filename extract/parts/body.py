"""The article's text: trafilatura says where it is, the page's own structure says exactly what belongs to it.

trafilatura reads pages of any make, but drops leads that stand outside the body, keeps captions and teasers, and cuts
lines short. So its paragraphs serve as votes: the smallest element that holds nearly all of them is the container, and
the container is read out block by block. A source's own rule, where there is one, names the container instead. When the
structure and trafilatura do not agree at all, trafilatura's text is taken as it is.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice

import trafilatura
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from extract.markup.blocks import Block, read_blocks
from extract.markup.boxes import drop_furniture, drop_teasers, is_body
from extract.markup.tree import HEADINGS, body_of, is_within, label, text_of
from extract.markup.weights import PROSE_CHARS, Weights, key, weigh
from extract.text import clean
from spiders.sources import ExtractRules

# Share of the votes a container must hold; below it the search stays one level up. Nine real pages and the evaluation
# pages of trafilatura agree between 0.8 and 0.95 (make bench-extract).
_DOMINANT = 0.88
# The same for an element that is called the article's text: what it lacks is the lead, which is found by itself.
_NAMED = 0.7
# A page with this much prose of which less than that share was voted for is read again. Of the nine real pages and the pages
# of our sources none is; of 816 evaluation pages of other projects 23 are.
_PROSE_TO_MISS = 800
_SEEN = 0.2
# Less than this many characters of voted prose locate nothing.
_ENOUGH = 120
# So many captions, and hardly anything else, are a story told in pictures; on the one recorded page they are all of its body.
ESSAY = 4
# Only texts shorter than this are compared with the page anew; longer ones have a container.
_SHORT = 2000
# This many paragraphs that stand twice on a page are no refrain and no pull quotes.
_COPIED = 3


@dataclass(frozen=True, slots=True)
class Body:
    """``container`` is None when the blocks are trafilatura's own. ``found_by`` is rule, container, structure or
    trafilatura."""

    blocks: tuple[Block, ...]
    container: HtmlElement | None
    found_by: str


def find_body(root: HtmlElement, weights: Weights, lines: list[str], rules: ExtractRules, headline: HtmlElement | None) -> Body:
    """The body of a page from which boxes were removed.

    ``weights`` and ``lines`` are trafilatura's votes and text of the page as it was; ``headline`` is never part of the body.
    """
    for selector in rules.body:
        found = select(root, selector)
        if any(weights.prose_in(element) for element in found):
            return _by_rule(found, weights)
    essay = _picture_essay(root, weights)
    if essay is not None:
        return replace(_by_rule([essay], weights), found_by="container")
    weights = weigh(root, lines)
    container, found_by = _container(root, weights, lines)
    if container is None:
        return Body(tuple(_whole_lines(root, lines)), None, "trafilatura" if lines else "")
    drop_teasers(container, weights)
    drop_furniture(container)
    blocks = read_blocks(container)
    if headline is not None and is_within(headline, container):
        blocks = _after(blocks, text_of(headline))
    if _strangers(blocks, lines):
        return Body(tuple(Block("text", line) for line in lines), None, "trafilatura")
    return Body(tuple(blocks), container, found_by)


def _whole_lines(root: HtmlElement, lines: list[str]) -> list[Block]:
    """trafilatura's lines as the page prints them: in texts as short as a flash it breaks lines at every bold word."""
    chosen = key(" ".join(lines))
    if 0 < len(chosen) < _SHORT:
        printed = [block for block in read_blocks(body_of(root)) if block.text and key(block.text) in chosen]
        if key(" ".join(block.text for block in printed)) == chosen:
            return printed
    return [Block("text", line) for line in lines]


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements that a CSS selector of a source matches, in document order."""
    return list(CSSSelector(selector, translator="html")(root))


def _by_rule(found: list[HtmlElement], weights: Weights) -> Body:
    chosen = set(found)
    outermost = [element for element in found if not any(above in chosen for above in element.iterancestors())]
    for element in outermost:
        drop_teasers(element, weights)
        drop_furniture(element)
    blocks = [block for element in outermost for block in read_blocks(element)]
    return Body(tuple(blocks), outermost[0], "rule")


def voted(root: HtmlElement) -> tuple[list[str], Weights]:
    """trafilatura's text of a page, and the page weighed by it.

    Its quick reading costs half of the thorough one and sees the same on nearly all pages; where it sees little of the prose
    that stands on the page, the thorough one is asked as well.
    """
    lines = trafilatura_lines(root)
    weights = weigh(root, lines)
    prose, votes = weights.prose_in(body_of(root)), weights.votes_in(body_of(root))
    if prose < _PROSE_TO_MISS or votes >= prose * _SEEN:
        return lines, weights
    again = trafilatura_lines(root, thorough=True)
    weighed = weigh(root, again)
    return (again, weighed) if weighed.votes_in(body_of(root)) > votes else (lines, weights)


def trafilatura_lines(root: HtmlElement, *, thorough: bool = False) -> list[str]:
    """trafilatura's text of a tree, a paragraph a line; empty when it finds none or fails on hostile markup."""
    try:
        found = trafilatura.bare_extraction(deepcopy(root), include_comments=False, fast=not thorough, with_metadata=False)
    except Exception:  # noqa: BLE001 - a library fed with hostile trees; without it the structure alone decides
        return []
    text = getattr(found, "text", None) or ""
    return [line for part in text.splitlines() if (line := clean(part.lstrip("- |")))]


def _container(root: HtmlElement, weights: Weights, lines: list[str]) -> tuple[HtmlElement | None, str]:
    body = body_of(root)
    if weights.votes_in(body) >= PROSE_CHARS:
        found = _smallest(body, weights.votes)
        if weights.votes_in(body) >= _ENOUGH or is_body(found):  # a picture essay has a lead and nothing else to vote for
            return found, "container"
    if not lines and weights.prose_in(body) >= _ENOUGH:
        return _smallest(body, weights.prose), "structure"
    return None, ""


def _smallest(body: HtmlElement, mass: dict[HtmlElement, int]) -> HtmlElement:
    """Walk down from the body as long as one child holds nearly everything; stop at what is called the article's text."""
    here, whole = body, mass[body]
    while True:
        best = max(here, key=lambda child: mass.get(child, 0), default=None)
        if best is None or best.tag in ("p", "span", *HEADINGS):
            return here
        if mass.get(best, 0) < whole * (_NAMED if _is_only_body(best, mass) else _DOMINANT):
            return here
        if is_body(here) and not is_body(best) and mass[best] < mass[here]:
            return here
        if any(sibling.tag == "p" and mass.get(sibling) for sibling in best.itersiblings()):
            return here  # the text goes on behind it
        here = best


def _is_only_body(element: HtmlElement, mass: dict[HtmlElement, int]) -> bool:
    """Whether it alone among its siblings is called the article's text; some systems cut the text into several."""
    siblings = [*element.itersiblings(), *element.itersiblings(preceding=True)]
    return is_body(element) and not any(mass.get(sibling) and label(sibling) == label(element) for sibling in siblings)


def _picture_essay(root: HtmlElement, weights: Weights) -> HtmlElement | None:
    """What is called the article's text and consists of captions: trafilatura votes for its lead at most."""
    for element in root.iter("div", "article", "section"):
        whole = weights.size_of(element).chars
        if whole > _ENOUGH and is_body(element) and weights.prose_in(element) * 2 < whole:
            captions = [block.text for block in read_blocks(element) if block.kind == "caption"]
            if len(captions) >= ESSAY and sum(map(len, captions)) * 4 > whole * 3:
                return element
    return None


def _strangers(blocks: list[Block], lines: list[str]) -> bool:
    """Whether a container holds so much that trafilatura did not see that it cannot be the article alone."""
    if not lines:
        return False
    mine = sum(len(block.text) for block in blocks if block.kind != "caption")
    theirs = sum(map(len, lines))
    return mine > 2.5 * theirs + 1500


def once(blocks: list[Block]) -> list[Block]:
    """The blocks of a page that holds its text twice (for print, for narrow screens, for a voice) without the copy."""
    counted = Counter(block.text for block in blocks if len(block.text) >= PROSE_CHARS)
    copied = {text for text, number in counted.items() if number > 1}
    if len(copied) >= _COPIED:
        first: dict[str, Block] = {}
        for block in blocks:
            first.setdefault(block.text, block)
        blocks = [block for block in blocks if block.text not in copied or first[block.text] is block]
    longest = max(counted, key=len, default="")
    if sum(text in longest for text in islice(counted, 300)) > _COPIED:  # itself may be among them
        return [block for block in blocks if block.text != longest]
    return blocks


def _after(blocks: list[Block], headline: str) -> list[Block]:
    """The blocks behind the headline, when it stands among the first of them."""
    for number, block in enumerate(blocks[:12]):
        if block.text and block.text == headline:
            return blocks[number + 1 :]
    return blocks
