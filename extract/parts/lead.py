"""The lead: the paragraph between headline and text, which most Vietnamese systems keep outside the body."""

from lxml.html import HtmlElement

from extract.markup.boxes import is_caption, is_lead
from extract.markup.claims import Claims
from extract.markup.tree import is_within, link_share, text_of
from extract.markup.weights import PROSE_CHARS, key
from extract.parts.body import Body, select
from extract.text import tones, words
from spiders.sources import ExtractRules

_SHORTEST, _LONGEST = 30, 900
# A description in the metadata is cut somewhere between 120 and 200 characters.
_HEAD = 120


def find_lead(
    root: HtmlElement, claims: Claims, rules: ExtractRules, headline: HtmlElement | None, body: Body, lines: list[str]
) -> str | None:
    """The lead shown on the page, or None. It is never taken from the metadata alone: those often describe the site.

    ``lines`` is trafilatura's text; a paragraph of it between headline and body is the lead too, whatever it is called.
    """
    for selector in rules.lead:
        for element in select(root, selector):
            if _fits(text_of(element, _LONGEST)):
                return text_of(element)
    shown = _between(root, headline, body)
    described = [_flat(description)[:_HEAD] for description in _descriptions(claims)]
    alike = [
        (max(_agreement(flat, head) for head in described), is_lead(element), -len(text), text)
        for element, text in (shown if described else [])
        for flat in (_flat(text),)
    ]
    score, _, _, text = max(alike, key=lambda one: one[:3], default=(0, False, 0, ""))
    if score >= 20:
        return text
    called = next((text for element, text in shown if is_lead(element) and link_share(element) < 0.5), None)
    return called or _voted_above(shown, body, lines)


def _voted_above(shown: list[tuple[HtmlElement, str]], body: Body, lines: list[str]) -> str | None:
    if body.container is None or body.found_by == "rule" or not lines:
        return None
    chosen = key(" ".join(lines[:8]))
    return next(
        (
            text
            for element, text in shown
            if len(text) >= PROSE_CHARS and key(text)[:60] in chosen and not is_within(element, body.container)
        ),
        None,
    )


def _between(root: HtmlElement, headline: HtmlElement | None, body: Body) -> list[tuple[HtmlElement, str]]:
    """Elements that could show a lead, with their texts: behind the headline, before the first paragraphs of the body's end."""
    found: list[tuple[HtmlElement, str]] = []
    begun = headline is None
    inside = 0
    around = {above for inner in (headline, body.container) if inner is not None for above in (inner, *inner.iterancestors())}
    for element in root.iter("h1", "h2", "h3", "h4", "p", "div", "strong", "b", "span", "td"):
        begun = begun or element is headline
        if not begun or element in around:
            continue
        if body.container is not None and is_within(element, body.container):
            inside += 1
            if inside > 8:
                break
        text = text_of(element, _LONGEST)
        if _fits(text) and not any(is_caption(above) for above in (element, *element.iterancestors())):
            found.append((element, text))
        if len(found) > 40:
            break
    return found


def _fits(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST


def _descriptions(claims: Claims) -> list[str]:
    stated = [claims.stated("description"), claims.first("og:description"), claims.first("description", "twitter:description")]
    return [value for value in stated if value and len(value) >= _SHORTEST]


def _agreement(text: str, description: str) -> int:
    """How many characters of the description's head stand at the beginning of the text, also behind a dateline."""
    start = text.find(description[:20])
    if not description or not 0 <= start <= 40:
        return 0
    pairs = zip(text[start:], description, strict=False)
    return next(
        (number for number, (mine, theirs) in enumerate(pairs) if mine != theirs), min(len(text) - start, len(description))
    )


def _flat(text: str) -> str:
    return " ".join(words(tones(text)))


def joined(lead: str | None, blocks: list[str]) -> list[str]:
    """The article's lines, lead first and once: a body that begins with the lead (also behind a dateline) keeps its own."""
    if not lead:
        return blocks
    flat = _flat(lead)
    first, rest = blocks[:3], blocks[3:]
    if whole := next((block for block in first if flat in (mine := _flat(block))[: len(flat) + 60] and mine != flat), None):
        lead = whole
    repeated = (flat, _flat(lead))
    return [lead, *(b for b in first if _flat(b) not in repeated and not _stands_in(_flat(b), flat)), *rest]


def _stands_in(block: str, lead: str) -> bool:
    """Whether a block is only a piece of the lead (a lead of two paragraphs, of which the body repeats one)."""
    return len(block) >= 20 and block in lead
