"""A second cheap look, at pages that name the partner: can the article be shown at all?

Most pages that name the partner do so in a teaser or in passing. An article is only shown when a word of defence stands in
the same or the next sentence, or when headline and lead hold one each; so the quickly stripped page must have the two within
a few sentences of each other, or one of them in what the page claims as its headline and description.
"""

import html
import re
from collections.abc import Iterator

from relevance.topic import Topic
from relevance.triage import opened_readings, standing_names
from relevance.words import Words

REACH = 3000
"""Characters of stripped text: two sentences of the longest kind (see structure.LONGEST), and a box of links between."""

_TAG = re.compile(r"<[^<>]*>")
_META = re.compile(r"<meta\b[^<>]*(?:title|description)[^<>]*>", re.IGNORECASE)
_CLAIMS = re.compile(r"<title[^<>]*>([^<]*)|<script[^<>]*json[^<>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"\s+")


def could_be_shown(body: bytes, content_type: str | None, topic: Topic) -> bool:
    """Whether :func:`relevance.judge.judge` might keep or show what this page holds. Errs only towards yes, like
    :func:`relevance.triage.mentions_laos`, which should be asked first: it is cheaper and says what to archive."""
    return any(text is None or _may_link(text, topic) for text in opened_readings(body, content_type))


def _may_link(text: str, topic: Topic) -> bool:
    names = list(standing_names(text, topic))
    if not names:
        return any(word in text for word in topic.foreign_partners)
    claims = html.unescape(" ".join((*_META.findall(text), *("".join(groups) for groups in _CLAIMS.findall(text)))))
    stripped = _stripped(text)
    partner = [*(len(_stripped(text[:at])) for at in names), *_places(stripped, topic, ("partner", "echo"), opening=False)]
    defence = list(_places(stripped, topic, ("defence",)))
    if any(True for _ in _places(claims, topic, ("defence",))):
        return True
    if any(True for _ in _places(claims, topic, ("partner",))) and defence:
        return True
    return any(abs(one - other) <= REACH for one in partner for other in defence) or _is_foreign(text, topic)


def _is_foreign(text: str, topic: Topic) -> bool:
    """Whether some uncovered language has all its hints in the page."""
    lower = text.lower()
    return any(all(_holds(lower, hints) for hints in parts) for parts in topic.structure.foreign.values())


def _holds(lower: str, hints: str) -> bool:
    return any(hint in lower for hint in hints.lower().split("|"))


def _stripped(text: str) -> str:
    return _BLANKS.sub(" ", html.unescape(_TAG.sub(" ", text)))


def _places(text: str, topic: Topic, roles: tuple[str, ...], *, opening: bool = True) -> Iterator[int]:
    """Where terms of the roles begin, in any spelling of any language; without ``opening``, names of the partner are left
    out, as their vetoes were already heard."""
    words = Words(text)
    offsets = words.offsets()
    for hit in topic.plain.find(words):
        kind = topic.kinds[hit.entry.group]
        if kind.role in roles and (opening or not kind.opens):
            yield offsets[2 * hit.first]
