"""Addresses that brought no article, in words: refused, gone, failed. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from digest.clean import clip, host_of, one_line, safe_href
from digest.link import Link
from store.records import NotRead

# So many are named; a source that moves may have hundreds, and the store lists them all.
SHOWN = 10
LONGEST_REASON = 120
LONGEST_TITLE = 90
ORDER = ("refused", "failed", "tried again", "gone")
WORDS = {"tried again": "failed, and is tried again"}
PLAIN = (
    (re.compile(r"the robots\.txt of \S+ disallows it"), "the site's robots.txt asks programs not to read it"),
    (re.compile(r"redirected to \S+; (\S+) is not listed for \S+"), r"it leads to another site, \1"),
    (re.compile(r"(\S+) is not listed for \S+"), r"it is on another site, \1"),
    (re.compile(r"is not an HTML page but (.+)"), r"it is no web page but \1"),
)


@dataclass(frozen=True, slots=True)
class NotReadView:
    """One address: whose it is, and what became of it and why."""

    address: Link
    outlet: str
    said: str


def shown(addresses: Sequence[NotRead]) -> tuple[NotReadView, ...]:
    """The first ``SHOWN`` in words. Each reason has its first address before any has its second, so that hundreds of one kind
    do not hide the only one of another."""
    kinds: Counter[tuple[str, str]] = Counter()
    turns: list[tuple[int, int, int]] = []
    for number, one in enumerate(addresses):
        kind = one.what, re.sub(r"\S*[/\d.]\S*", "", one.reason)
        turns.append((kinds[kind], ORDER.index(one.what), number))
        kinds[kind] += 1
    chosen = sorted(sorted(turns)[:SHOWN], key=lambda turn: turn[1:])
    return tuple(_told(addresses[number]) for *_, number in chosen)


def _told(one: NotRead) -> NotReadView:
    title = clip(one_line(one.title or ""), LONGEST_TITLE)
    said = f"{WORDS.get(one.what, one.what)}: {plain(one.reason)}"
    return NotReadView(
        address=Link(one_line(one.url), safe_href(one.url)),
        outlet=one_line(one.source_name) or host_of(one.url) or "unknown outlet",
        said=f"“{title}”, {said}" if title else said,
    )


def plain(reason: str) -> str:
    """A recorded reason in an analyst's words."""
    said = one_line(reason).rstrip(".") or "no reason was recorded"
    for pattern, words in PLAIN:
        if found := pattern.fullmatch(said):
            said = found.expand(words)
            break
    return clip(said, LONGEST_REASON)
