"""From evidence to points: where terms of the partner and of defence stand together, and what that is worth.

A *link* is a sentence with both, or two neighbouring sentences of a paragraph with one each. Its value is the worth of
its place times the strength of what it holds. Points are additive, so the reasons of a verdict sum to its score.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from relevance.evidence import Evidence, Finding
from relevance.structure import is_menu_like
from relevance.topic import Topic

COUNTED = ("partner", "defence", "joint", "act", "home")


@dataclass(frozen=True, slots=True)
class Link:
    """``sentences`` are one or two indexes; ``held`` maps a role to its findings and their strengths in the link."""

    sentences: tuple[int, ...]
    part: str
    factor: float
    held: dict[str, tuple[tuple[Finding, float], ...]]

    def best(self, role: str) -> float:
        """The weight of the strongest term of a role, before any cap."""
        return max((finding.weight for finding, _ in self.held.get(role, ())), default=0.0)

    def sum(self, role: str) -> float:
        """The strongest term of each group of a role, together: an officer of either side and a rank are more than one."""
        strongest: dict[int, float] = {}
        for finding, _ in self.held.get(role, ()):
            strongest[finding.kind] = max(finding.weight, strongest.get(finding.kind, 0.0))
        return sum(strongest.values())


@dataclass(slots=True)
class _Sentence:
    by_role: dict[str, list[Finding]] = field(default_factory=dict)
    listed: bool = False

    def has(self, role: str) -> bool:
        return bool(self.by_role.get(role))

    def names(self, enough: float) -> bool:
        """Whether the partner is more than hinted at."""
        return any(finding.weight >= enough for finding in self.by_role.get("partner", ()))

    @property
    def has_partner(self) -> bool:
        return self.has("partner") and not self.listed


def links_of(evidence: Evidence, topic: Topic) -> list[Link]:
    """Every link, in reading order, each with the factor its place gives it."""
    sentences = _sentences(evidence, topic)
    together = [
        _with_name(index, evidence, sentences, topic)
        for index, each in enumerate(sentences)
        if each.has_partner and each.has("defence")
    ]
    used = {index for group in together for index in group}
    apart = list(_neighbours(evidence, sentences, used))
    links = [_link(group, evidence, sentences, topic) for group in sorted([*together, *apart])]
    return _faded(links, evidence, topic)


def _with_name(index: int, evidence: Evidence, sentences: list[_Sentence], topic: Topic) -> tuple[int, ...]:
    """The sentence, and where it only hints at the partner the sentence before it that names the partner."""
    enough = topic.limits.keep_partner
    before = index - 1
    if sentences[index].names(enough) or before < 0 or not _beside(evidence, before, index):
        return (index,)
    return (before, index) if sentences[before].has_partner and sentences[before].names(enough) else (index,)


def share_of(links: list[Link], evidence: Evidence) -> float:
    """The share of the text's sentences (headline left out) that stand in a link."""
    counted = [index for index, each in enumerate(evidence.sentences) if each.part != "headline"]
    linked = {index for link in links for index in link.sentences}
    return sum(index in linked for index in counted) / max(1, len(counted))


def _sentences(evidence: Evidence, topic: Topic) -> list[_Sentence]:
    found = [_Sentence() for _ in evidence.sentences]
    for finding in evidence.counted:
        found[finding.sentence].by_role.setdefault(finding.role, []).append(finding)
    named = False
    for index, each in enumerate(found):
        each.listed = bool(each.by_role) and _is_list(each, evidence, index, topic)
        if named and each.has("echo") and not each.has("partner"):
            each.by_role["partner"] = each.by_role["echo"]
        named = named or each.has_partner
    return found


def _is_list(sentence: _Sentence, evidence: Evidence, index: int, topic: Topic) -> bool:
    """Whether the partner is one of many: among third countries, or in a menu of places."""
    others = {evidence.words(finding).lower() for finding in sentence.by_role.get("third", ())}
    if len(others) >= topic.limits.list_countries:
        return True
    places = len(sentence.by_role.get("partner", ())) + len(sentence.by_role.get("home", ()))
    return places >= topic.limits.menu_places and is_menu_like(evidence.sentences[index].text)


def _neighbours(evidence: Evidence, sentences: list[_Sentence], used: set[int]) -> Iterable[tuple[int, int]]:
    """Pairs of sentences, one with the partner and one with defence, beside each other or both in headline and lead."""
    front = sum(each.part in ("headline", "lead") for each in evidence.sentences)
    for first, one in enumerate(sentences):
        for second in range(first + 1, max(front, first + 2) if first < front else first + 2):
            if second >= len(sentences) or first in used or second in used or not _beside(evidence, first, second):
                continue
            other = sentences[second]
            if (one.has_partner and other.has("defence")) or (one.has("defence") and other.has_partner):
                used |= {first, second}
                yield first, second


def _beside(evidence: Evidence, first: int, second: int) -> bool:
    one, other = evidence.sentences[first], evidence.sentences[second]
    return one.block == other.block or one.part in ("headline", "lead")


def _link(group: tuple[int, ...], evidence: Evidence, sentences: list[_Sentence], topic: Topic) -> Link:
    part = evidence.sentences[group[0]].part
    factor = getattr(topic.places, part) * (topic.places.near if len(group) == 2 else 1)
    held = {
        role: _strengths([finding for index in group for finding in sentences[index].by_role.get(role, ())], evidence, topic)
        for role in COUNTED
    }
    return Link(group, part, factor, held)


def _strengths(findings: list[Finding], evidence: Evidence, topic: Topic) -> tuple[tuple[Finding, float], ...]:
    """The strongest term counts full, further distinct ones in part, together no more than the cap."""
    if not findings:
        return ()
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(evidence.words(finding).lower(), finding)
    left = topic.limits.group_cap
    strengths = []
    for rank, finding in enumerate(sorted(first.values(), key=lambda each: (-each.weight, each.sentence, each.start))):
        weight = min(left, finding.weight * (topic.limits.more_terms if rank else 1))
        if weight <= 0:
            break
        strengths.append((finding, weight))
        left -= weight
    return tuple(strengths)


def _faded(links: list[Link], evidence: Evidence, topic: Topic) -> list[Link]:
    """Each further link of a kind of place brings less, and links of the body count by the share they have in it."""
    share = min(1.0, share_of(links, evidence) / topic.limits.full_share)
    seen: dict[str, int] = {}
    faded = []
    for link in links:
        factor = link.factor * topic.places.fade ** seen.get(link.part, 0)
        seen[link.part] = seen.get(link.part, 0) + 1
        faded.append(Link(link.sentences, link.part, factor * (share if link.part in ("body", "caption") else 1), link.held))
    return faded
