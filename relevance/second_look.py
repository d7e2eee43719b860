"""A second cheap look, at pages that name the partner: can the article be shown at all?

Most pages that name the partner do so in a teaser or in passing. An article is only shown when a word of defence stands in
the same or the next sentence, or when headline and lead hold one each; so the quickly stripped page must have the two within
a few sentences of each other, or one of them in what the page claims as its headline and description.
"""

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from relevance.lexicon import pieces, unaccented
from relevance.opening import SEAM, Opened, opened_readings
from relevance.topic import Kind, Topic
from relevance.triage import has_split_name, has_split_word, is_foreign, joined, may_name, standing_names
from relevance.words import Words, key_of

REACH = 3000
"""Characters of stripped text: two sentences of the longest kind (see structure.LONGEST), and a box of links between."""

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What the bytes of a page tell: whether it may name the partner, and whether its article might be kept or shown.
    Both err only towards yes."""

    named: bool
    showable: bool


NOTHING = FirstLook(named=False, showable=False)


def first_look(body: bytes, content_type: str | None, topic: Topic) -> FirstLook:
    """Both questions to a page as fetched. ``content_type`` is the header's value, if there was one."""
    named = showable = False
    for opened in opened_readings(body, content_type):
        if opened is None:
            return FirstLook(True, True)
        if may_name(opened.text, topic):
            named = True
            showable = showable or _may_link(opened, topic) or _may_link_when_joined(opened, topic)
    return FirstLook(named, showable)


def _may_link_when_joined(opened: Opened, topic: Topic) -> bool:
    """The same for the page without tags within words, which hide words of defence from a reading by words."""
    visible = opened.text[: len(opened.text) - len(opened.claims)]
    if not has_split_word(visible, _words_of_defence(topic)):
        return False
    return _may_link(Opened(joined(visible) + opened.claims, opened.claims), topic)


@lru_cache(maxsize=4)
def _words_of_defence(topic: Topic) -> frozenset[str]:
    terms = [spelling for spelling, kind in topic.spellings if topic.kinds[kind].role in ("defence", "echo")]
    return frozenset(key_of(word) for term in (*terms, *unaccented(terms)) for word in pieces(term))


def _may_link(opened: Opened, topic: Topic) -> bool:
    """Whether the two stand near each other, or one of them in the claims and the other anywhere."""
    text = opened.text
    if is_foreign(text, topic) or has_split_name(text, topic):
        return True
    names = list(standing_names(text, topic))
    if not names:
        return False
    visible = text[: len(text) - len(opened.claims)]
    roles = {kind.role for kind, _ in _found(Words(_stripped(opened.claims)), topic)}
    claimed = names[-1] >= len(visible) or not roles.isdisjoint(("defence", "partner"))
    pieces = [_stripped(visible[start:end]) for start, end in pairwise([0, *names, len(visible)]) if start <= end]
    words = Words("".join(pieces))
    hits = _found(words, topic)
    defence = {at for kind, at in hits if kind.role == "defence"}
    if claimed or not defence:
        return bool(defence) or "defence" in roles
    offsets = words.offsets()
    # names of the partner are left out of the hits, as their vetoes were already heard
    partner = [offsets[2 * at] for kind, at in hits if kind.role in ("partner", "echo") and not kind.opens]
    partner += accumulate(map(len, pieces[:-1]))
    return any(abs(one - offsets[2 * at]) <= REACH for one in partner for at in defence)


def _found(words: Words, topic: Topic) -> list[tuple[Kind, int]]:
    """What stands in any spelling of any language, and the number of its first word."""
    return [(topic.kinds[hit.entry.group], hit.first) for hit in topic.plain.find(words)]


def _stripped(text: str) -> str:
    """The text of a piece as a line, with a blank at its end."""
    plain = text.replace(SEAM, " ")
    return " ".join([*html.unescape(_TAG.sub(" ", plain) if "<" in plain else plain).split(), ""])
