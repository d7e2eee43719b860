"""The lead: the paragraph between headline and text, which most Vietnamese systems keep outside the body."""

from lxml.html import HtmlElement

from extract.body import Body, select
from extract.markup.boxes import is_lead
from extract.markup.claims import Claims
from extract.markup.tree import is_within, link_share, text_of
from extract.text import tones, words
from spiders.sources import ExtractRules

_SHORTEST, _LONGEST = 30, 900
# A description in the metadata is cut somewhere between 120 and 200 characters; this much of it must stand in the lead.
_HEAD = 60


def find_lead(root: HtmlElement, claims: Claims, rules: ExtractRules, headline: HtmlElement | None, body: Body) -> str | None:
    """The lead shown on the page, or None. It is never taken from the metadata alone: those often describe the site."""
    for selector in rules.lead:
        for element in select(root, selector):
            if _fits(text_of(element)):
                return text_of(element)
    shown = _between(root, headline, body)
    described = _descriptions(claims)
    for element in shown:
        if any(_starts_alike(text_of(element), description) for description in described):
            return text_of(element)
    return next((text_of(element) for element in shown if is_lead(element) and link_share(element) < 0.5), None)


def _between(root: HtmlElement, headline: HtmlElement | None, body: Body) -> list[HtmlElement]:
    """Elements that could show a lead: behind the headline, before the first paragraphs of the body's end."""
    found: list[HtmlElement] = []
    begun = headline is None
    inside = 0
    for element in root.iter("h1", "h2", "h3", "h4", "p", "div", "strong", "b", "span", "td"):
        if element is headline:
            begun = True
            continue
        if not begun or (headline is not None and is_within(headline, element)):
            continue
        if body.container is not None and is_within(body.container, element):
            continue
        if body.container is not None and is_within(element, body.container):
            inside += 1
            if inside > 8:
                break
        if _fits(text_of(element)):
            found.append(element)
        if len(found) > 40:
            break
    return sorted(found, key=lambda element: len(text_of(element)))


def _fits(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST


def _descriptions(claims: Claims) -> list[str]:
    stated = [claims.stated("description"), claims.first("og:description"), claims.first("description", "twitter:description")]
    return [value for value in stated if value and len(value) >= _SHORTEST]


def _starts_alike(text: str, description: str) -> bool:
    """Whether both begin with the same words, or the text is the description behind a dateline such as "(Site) -"."""
    mine, theirs = _flat(text), _flat(description)
    head = theirs[:_HEAD]
    return len(head) >= 20 and head in mine[: len(head) + 40]


def _flat(text: str) -> str:
    return " ".join(words(tones(text)))


def joined(lead: str | None, blocks: list[str]) -> list[str]:
    """The article's lines, lead first and once: a body that begins with the lead (also behind a dateline) keeps its own."""
    if not lead:
        return blocks
    flat = _flat(lead)
    for number, block in enumerate(blocks[:3]):
        mine = _flat(block)
        if mine == flat or (len(mine) >= 20 and mine in flat):
            return [lead, *blocks[:number], *blocks[number + 1 :]]
        if flat in mine[: len(flat) + 60]:
            return [block, *blocks[:number], *blocks[number + 1 :]]
    return [lead, *blocks]
