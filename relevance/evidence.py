"""What a document says that bears on a topic: each term with its place, after the vetoes have cancelled theirs."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from relevance.lexicon import Hit, Lexicon
from relevance.shape import Veto
from relevance.structure import Sentence, sentences_of
from relevance.topic import Topic
from relevance.verdict import Document
from relevance.words import Words

_VIETNAMESE_LETTER = re.compile("[ăđĩũơưạ-ỹẠ-ỸĂĐĨŨƠƯ]")
_ENGLISH = frozenset(("the", "of", "and", "to", "in", "for", "with", "from", "its", "is", "was", "by", "an", "has", "their"))
_BARE_VIETNAMESE = frozenset(
    ("cua", "va", "nguoi", "trong", "khong", "duoc", "nhung", "cho", "voi", "cac", "mot", "tai", "theo", "ngay", "nam")
)
_TELLING = _ENGLISH | _BARE_VIETNAMESE


class Finding(NamedTuple):
    """One term in one sentence: ``kind`` indexes the topic's kinds, offsets are in the sentence's text."""

    sentence: int
    kind: int
    role: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it. ``counted`` is ordered by sentence and place; ``cancelled`` pairs each lost finding with its veto.
    ``lang`` is the document's language as stated, else ``vi`` when it reads so, else empty."""

    lang: str
    sentences: tuple[Sentence, ...]
    counted: tuple[Finding, ...]
    cancelled: tuple[tuple[Finding, Finding], ...]

    def words(self, finding: Finding) -> str:
        """The term as the text has it."""
        return self.sentences[finding.sentence].text[finding.start : finding.end]


def find(document: Document, topic: Topic) -> Evidence:
    """The evidence in a document."""
    sentences = sentences_of(document, topic.structure, topic.limits)
    text = "\n".join([sentence.text for sentence in sentences])
    lexicon = lexicon_for(text, topic)
    lang = document.lang or ("" if lexicon is topic.named else "vi")
    found = _in_sentences(sentences, text, lexicon, topic)
    vetoes = [finding for finding in found if finding.role == "veto"]
    if not vetoes:
        return Evidence(lang, tuple(sentences), tuple(found), ())
    counted, cancelled = _cancel([finding for finding in found if finding.role != "veto"], vetoes, topic)
    return Evidence(lang, tuple(sentences), tuple(counted), tuple(cancelled))


def lexicon_for(text: str, topic: Topic) -> Lexicon:
    """Accents decide in Vietnamese; other languages write names without; a text wholly without accents has none to heed."""
    accented = 0 if text.isascii() else len(_VIETNAMESE_LETTER.findall(text))
    if accented * 12 > len(text) - text.count(" "):
        return topic.exact
    if accented == 0 and _is_bare_vietnamese(text):
        return topic.plain
    return topic.named


def _is_bare_vietnamese(text: str) -> bool:
    known = [word for word in text[:3000].lower().split() if word in _TELLING]
    return 2 * sum(map(_BARE_VIETNAMESE.__contains__, known)) > len(known)


def _in_sentences(sentences: list[Sentence], text: str, lexicon: Lexicon, topic: Topic) -> list[Finding]:
    """What stands in the sentences, which ``text`` holds a line each. They are read in one go, which is twice as fast as
    one by one; no term goes over the end of a line."""
    words = Words(text)
    hits = lexicon.find(words)
    if not hits:
        return []
    offsets = words.offsets()
    starts = list(accumulate((len(sentence.text) + 1 for sentence in sentences), initial=0))
    found = []
    for role, (first, last, entry) in _longest(hits, topic):
        begin, end = offsets[2 * first], offsets[2 * last - 1]
        index = bisect_right(starts, begin) - 1
        found.append(Finding(index, entry.group, role, entry.weight, begin - starts[index], end - starts[index]))
    return found


def _longest(hits: list[Hit], topic: Topic) -> list[tuple[str, Hit]]:
    """Hits of one role do not overlap: the longer wins, then the heavier, then the earlier. Vetoes always stay.
    What stays keeps its order."""
    taken: defaultdict[str, set[int]] = defaultdict(set)
    roles: list[str | None] = [None] * len(hits)
    ranks = [(first - last, -entry.weight, first, entry.group) for first, last, entry in hits]
    for index in sorted(range(len(hits)), key=ranks.__getitem__):
        first, last, entry = hits[index]
        role = topic.kinds[entry.group].role
        cells = range(first, last)
        if role == "veto" or taken[role].isdisjoint(cells):
            taken[role].update(cells)
            roles[index] = role
    return [(role, hit) for role, hit in zip(roles, hits, strict=True) if role is not None]


def _cancel(found: list[Finding], vetoes: list[Finding], topic: Topic) -> tuple[list[Finding], list[tuple[Finding, Finding]]]:
    """The findings that stand, and those that fall with the veto that fells each."""
    reaching = _Vetoes(vetoes, topic)
    counted: list[Finding] = []
    cancelled: list[tuple[Finding, Finding]] = []
    for finding in found:
        veto = next((veto for veto in reaching.at(finding.sentence) if _cancels(veto, finding, topic)), None)
        if veto is None:
            counted.append(finding)
        else:
            cancelled.append((finding, veto))
    return counted, cancelled


class _Vetoes:
    """The vetoes that can reach a sentence: its own, and those of the whole text that stand there often enough."""

    def __init__(self, vetoes: list[Finding], topic: Topic) -> None:
        counts = Counter(veto.kind for veto in vetoes)
        self._whole: list[Finding] = []
        self._own: dict[int, list[Finding]] = {}
        for finding in vetoes:
            veto = _veto(topic, finding)
            if veto.reach != "text":
                self._own.setdefault(finding.sentence, []).append(finding)
            elif counts[finding.kind] >= veto.at_least:
                self._whole.append(finding)

    def at(self, sentence: int) -> list[Finding]:
        return self._own.get(sentence, []) + self._whole


def _veto(topic: Topic, finding: Finding) -> Veto:
    veto = topic.kinds[finding.kind].veto
    assert veto is not None
    return veto


def _cancels(veto: Finding, finding: Finding, topic: Topic) -> bool:
    """Whether a veto takes a finding away. Where words overlap, a longer term that holds the veto stands."""
    if finding.kind not in topic.cancels[veto.kind]:
        return False
    if _veto(topic, veto).reach != "words":
        return True
    overlap = veto.start < finding.end and finding.start < veto.end
    return overlap and not (
        (finding.start <= veto.start and veto.end < finding.end) or (finding.start < veto.start and veto.end <= finding.end)
    )
