"""The verdict on a document: its score, the reasons that sum to it, and what it lacked for the next decision up."""

from dataclasses import dataclass
from typing import Literal

from extract.article import Article
from relevance.evidence import Evidence, Finding, find
from relevance.scoring import COUNTED, Link, links_of, share_of
from relevance.topic import Topic
from relevance.verdict import Decision, Document, Reason, Verdict
from relevance.words import nfc

FRONT = ("headline", "lead")
Part = Literal["takes part", "hinted at", "none"]


def document_of(article: Article) -> Document:
    """What the filter needs of an article."""
    return Document(
        text=article.text,
        title=article.title or "",
        lead=article.lead or "",
        url=article.canonical_url or article.url,
        site=article.site,
        lang=article.lang,
    )


def judge(document: Document, topic: Topic) -> Verdict:
    """Decides on a document. Pure; the same document and topic always give the same verdict."""
    return explained(document, topic)[1]


def explained(document: Document, topic: Topic) -> tuple[Evidence, Verdict]:
    """The verdict together with the evidence it rests on."""
    evidence = find(document, topic)
    links = links_of(evidence, topic)
    reasons = [*_reasons(links, evidence, topic), *_third_countries(links, evidence, topic)]
    case = _Case(document, topic, evidence, links, sum((reason.weight for reason in reasons), 0.0))
    decision, why_not_more = case.decide()
    reasons.sort(key=lambda reason: (-abs(reason.weight), reason.place, reason.start, reason.group))
    return evidence, Verdict(decision, round(case.score, 2), tuple(reasons), why_not_more, topic.rules)


def foreign_language(document: Document, topic: Topic) -> str:
    """The language that is not covered in which the document seems to speak of the topic; empty when there is none."""
    text = nfc("\n".join((document.title, document.lead, document.text)))
    lower = ""
    for language, (partner, *others) in topic.structure.foreign.items():
        if any(hint in text for hint in partner.split("|")):
            lower = lower or text.lower()
            if all(any(hint in lower for hint in hints.split("|")) for hints in others):
                return language
    return ""


def _reasons(links: list[Link], evidence: Evidence, topic: Topic) -> list[Reason]:
    """One reason for each distinct term of a group in a part of the page, with all it brought there."""
    totals: dict[tuple[str, int, str], tuple[Finding, float]] = {}
    for link in links:
        for role in COUNTED:
            for finding, weight in link.held[role]:
                term = evidence.words(finding).lower()
                key = (term, finding.kind, evidence.sentences[finding.sentence].part)
                first, total = totals.get(key, (finding, 0.0))
                totals[key] = (first, total + weight * link.factor)
    return [_reason(finding, weight, evidence, topic) for finding, weight in totals.values()]


def _reason(finding: Finding, weight: float, evidence: Evidence, topic: Topic) -> Reason:
    sentence = evidence.sentences[finding.sentence]
    return Reason(
        evidence.words(finding),
        topic.kinds[finding.kind].id,
        sentence.part,
        round(weight, 3),
        sentence.start + finding.start,
        sentence.start + finding.end,
    )


def _third_countries(links: list[Link], evidence: Evidence, topic: Topic) -> list[Reason]:
    """Another country beside the partner, where the home country is not named, speaks against the article."""
    linked = {index for link in links for index in link.sentences}
    homes = {finding.sentence for finding in evidence.counted if finding.role == "home"}
    against: dict[str, Finding] = {}
    for finding in evidence.counted:
        if finding.role == "third" and finding.sentence in linked and finding.sentence not in homes:
            against.setdefault(evidence.words(finding).lower(), finding)
    return [_reason(finding, -topic.limits.third_country, evidence, topic) for finding in against.values()]


@dataclass(frozen=True, slots=True)
class _Case:
    """What is weighed in the decision."""

    document: Document
    topic: Topic
    evidence: Evidence
    links: list[Link]
    score: float

    def decide(self) -> tuple[Decision, str]:
        lacks = self._lacks_for_marginal()
        if lacks:
            language = "" if self._is_covered() else foreign_language(self.document, self.topic)
            return ("marginal", f"language not covered ({language})") if language else ("drop", lacks)
        lacks = self._lacks_for_keep()
        return ("marginal", lacks) if lacks else ("keep", "")

    def _is_covered(self) -> bool:
        """Whether the article is said to be in a language that the terms are written in."""
        return self.document.lang in self.topic.covered

    def _lacks_for_marginal(self) -> str:
        labels, limits = self.topic.labels, self.topic.limits
        if not self.evidence.sentences:
            return "there is no text"
        if not any(self.topic.kinds[finding.kind].opens for finding in self.evidence.counted):
            hint = f"; it is hinted at by {self._strongest('partner')}" if self._has("partner") else ""
            return f"{labels.partner} is not named" + hint + self._cancelled()
        if not self._has("defence"):
            return f"no {labels.defence} word in the text; strongest: {self._strongest('partner')}" + self._cancelled()
        if not self.links:
            return f"no {labels.defence} word near {labels.partner}; strongest: {self._strongest('defence')}"
        if not self._front() and max(link.sum("defence") for link in self.links) < limits.marginal_defence:
            return f"only list words of {labels.defence} near {labels.partner}; strongest: {self._strongest('defence')}"
        if self._home() == "none":
            return f"{labels.home} has no part in it: not named, and not implied by the outlet"
        if self.score < limits.marginal:
            return f"score {self.score:.1f} is below {limits.marginal:g} for marginal; {self._passing()}"
        return ""

    def _lacks_for_keep(self) -> str:
        labels, limits = self.topic.labels, self.topic.limits
        if self._home() == "hinted at":
            return f"{labels.home} is named only in passing, or only implied by the outlet"
        if max(link.best("partner") for link in self.links) < limits.keep_partner:
            return f"{labels.partner} is only hinted at; strongest: {self._strongest('partner')}"
        if max(link.sum("defence") for link in self.links) < limits.keep_defence:
            return f"only weak {labels.defence} words near {labels.partner}; strongest: {self._strongest('defence')}"
        if self._count("third") > self._count("partner"):
            return f"other countries are named oftener than {labels.partner}; strongest: {self._strongest('third')}"
        if self._stands_between():
            return f"another country stands beside {labels.partner}, and no force of {labels.home}: {self._strongest('third')}"
        if not self._is_about():
            return f"{labels.partner} and {labels.defence} stand together only in passing; {self._passing()}"
        if not self._is_shared():
            return f"only one side acts: no joint act near {labels.partner}, and no force or officer of {labels.partner}"
        if self.score < limits.keep:
            return f"score {self.score:.1f} is below {limits.keep:g} for keep; {self._passing()}"
        return ""

    def _has(self, role: str) -> bool:
        return any(finding.role == role for finding in self.evidence.counted)

    def _count(self, role: str) -> int:
        return sum(finding.role == role for finding in self.evidence.counted)

    def _home(self) -> Part:
        """What part the home country has: named at the front or in enough links, or implied, it takes part; named in few links
        only, or implied only by a joint act, it is hinted at."""
        front = {index for index, each in enumerate(self.evidence.sentences) if each.part in FRONT}
        named = {finding.sentence for finding in self.evidence.counted if finding.role == "home"}
        linked = [link for link in self.links if not named.isdisjoint(link.sentences)]
        if not named.isdisjoint(front) or len(linked) > self.topic.limits.home_share * len(self.links):
            return "takes part"
        return "hinted at" if linked else self._implied_home(front.union(*(link.sentences for link in self.links)))

    def _implied_home(self, near: set[int]) -> Part:
        """An outlet or language of the home country need not name it: it implies it where it speaks of "the two countries", or
        in a text too short to name everybody of what the two do. An army on its own, or a third country, implies nothing."""
        roles = {finding.role for finding in self.evidence.counted if finding.sentence in near}
        at_home = self.evidence.lang in self.topic.languages or self.topic.is_home_outlet(self.document.site)
        if not at_home or "third" in roles:
            return "none"
        if "echo" in roles or (self._is_short() and ("joint" in roles or ("act" in roles and not self._acts_alone()))):
            return "takes part"
        return "hinted at" if "joint" in roles else "none"

    def _acts_alone(self) -> bool:
        """Whether the partner's own forces are named, which can do alone what needs no second side."""
        return any(finding.role == "partner" and self.topic.kinds[finding.kind].shared for finding in self.evidence.counted)

    def _front(self) -> bool:
        """Whether headline or lead link the two, with the partner more than hinted at."""
        enough = self.topic.limits.keep_partner
        return any(link.part in FRONT and link.best("partner") >= enough for link in self.links)

    def _is_about(self) -> bool:
        """Whether the two stand together at the front, in a sentence or at least not only once, or often in the body."""
        limits = self.topic.limits
        solid = [link for link in self.links if self._is_solid(link)]
        front = [link for link in solid if link.part in FRONT]
        if any(len(link.sentences) == 1 for link in front) or (front and (len(solid) > 1 or self._is_short())):
            return True
        joint = [link for link in solid if link.part == "body" and (link.best("joint") or link.best("act"))]
        return len(joint) >= limits.body_links and share_of(self.links, self.evidence) >= limits.body_share

    def _is_shared(self) -> bool:
        """Whether a link tells of both sides: by a joint act, an echo, or a word that is marked to tell as much."""
        kinds = self.topic.kinds
        if not any(kind.shared for kind in kinds):
            return True
        forces_tell = self._is_short() and not self._has("alone")
        return any(
            finding.role in ("joint", "act", "echo")
            or kinds[finding.kind].shared
            or (kinds[finding.kind].force and forces_tell)
            for finding in self._linked()
        )

    def _stands_between(self) -> bool:
        """Whether a third country stands in a link where the home country is named at most in passing."""
        acting = self._linked()
        if any(self.topic.kinds[finding.kind].force for finding in acting):
            return False
        roles = [finding.role for finding in acting]
        return roles.count("third") > self.topic.limits.third_share * roles.count("partner")

    def _linked(self) -> list[Finding]:
        """What stands in the sentences of links."""
        near = {index for link in self.links for index in link.sentences}
        return [finding for finding in self.evidence.counted if finding.sentence in near]

    def _is_solid(self, link: Link) -> bool:
        """Whether the link names the partner and holds a real word of defence."""
        limits = self.topic.limits
        return link.best("partner") >= limits.keep_partner and link.sum("defence") >= limits.keep_defence

    def _is_short(self) -> bool:
        """A headline and a lead, as in a feed: nothing more could have been said."""
        return len(self.evidence.sentences) <= self.topic.limits.short_sentences

    def _passing(self) -> str:
        linked = {index for link in self.links for index in link.sentences}
        labels = self.topic.labels
        return f"{len(linked)} of {len(self.evidence.sentences)} sentences link {labels.partner} with {labels.defence}"

    def _strongest(self, role: str) -> str:
        best = max((each for each in self.evidence.counted if each.role == role), key=lambda each: each.weight)
        return f"“{self.evidence.words(best)}” ({self.topic.kinds[best.kind].id})"

    def _cancelled(self) -> str:
        if not self.evidence.cancelled:
            return ""
        finding, veto = self.evidence.cancelled[0]
        return f"; “{self.evidence.words(veto)}” ({self.topic.kinds[veto.kind].id}) cancels “{self.evidence.words(finding)}”"
