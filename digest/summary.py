"""Two sentences that say what an article is about, taken from its text and never written by us."""

from functools import partial

import regex

from digest.clean import clip, one_line
from digest.sentences import sentences

# A block under this many characters that holds one sentence is taken for a caption or a crosshead where longer blocks
# stand beside it. Measured on five collected articles: their captions have 28 to 66 characters, their shortest opening
# sentence 88.
SHORT_BLOCK = 70
# One sentence of officialese can fill a phone's screen. Of the opening sentences there, nine in ten are shorter than this.
LONGEST_SENTENCE = 420

ENDS = regex.compile(r"""[.!?…]['"’”»)\]]*\Z""")
PHOTO = regex.compile(
    r"(?i)(?:\b(?:photos?|images?|pictures?|illustration|file photo)\s*(?:by|:)|\bảnh(?:\s+(?:minh họa|tư liệu|tl))?\s*[:.])"
)
TAIL = regex.compile(r"""(?<=[.!?…]['"’”»)\]]?)\s*[-–—/]{0,2}\s*\(?(?:[\p{Lu}.]{2,10})\)?[./]*\Z""")

# "(Bqp.vn) - ", "Hà Nội (TTXVN) – ", "Vientiane, June 3 (VNA) - "
AGENCY_LINE = regex.compile(r"\A(?:[\p{Lu}][^.!?()]{0,40})?\(\s*[^()]{2,30}\)\s*[-–—:]\s*")
# "HÀ NỘI — ", "QĐND Online – ", "VOV.VN - ", "HANOI, Nov. 20 - "
CAPITALS_LINE = regex.compile(
    r"\A(?P<place>[\p{Lu}\p{N}.]{2,}(?:[ -][\p{Lu}\p{N}.]{2,}){0,3})(?:\s+[Oo]nline)?"
    r"(?:,\s[\p{L}\p{N}./ ]{3,14})?\s*[-–—]\s+(?=\S)"
)
# "ASEAN - Laos relations" begins a sentence about two parties, not a dateline.
PARTIES = frozenset({"ASEAN", "EU", "UN", "LHQ", "NATO", "CLV", "CLMV"})


def summarise(text: str, *, title: str | None = None, lead: str | None = None, count: int = 2) -> str:
    """The first ``count`` sentences of an article that carry news, or "" when it has no text.

    ``text`` is one block a line. Skipped: the headline repeated, captions and photo credits, crossheads; taken away: a
    dateline before the first sentence and the agency's mark after the last. A known ``lead`` is trusted whatever its shape.
    When every block looks like a caption they are taken as they come: something true is better than nothing.
    """
    blocks = [one_line(block) for block in text.splitlines()]
    known_lead = _key(lead or "")
    unseen = [block for block in blocks if block and _key(block) != _key(title or "")]
    prose = [block for block in unseen if _key(block) == known_lead or _is_prose(block)]
    chosen: list[str] = []
    for block in prose or unseen:
        for sentence in sentences(_trimmed(block)):
            if len(chosen) < count and _key(sentence) not in map(_key, chosen):
                chosen.append(sentence)
    return " ".join(map(partial(clip, width=LONGEST_SENTENCE), chosen))


def _key(block: str) -> str:
    return one_line(block).casefold().rstrip(".…!?")


def _is_prose(block: str) -> bool:
    if PHOTO.search(block[-120:]) or not ENDS.search(TAIL.sub("", block)):
        return False
    return len(block) >= SHORT_BLOCK or len(sentences(block)) > 1


def _trimmed(block: str) -> str:
    return str(TAIL.sub("", without_dateline(block)))


def without_dateline(block: str) -> str:
    """The block without the place, agency or day that stands before its first sentence."""
    rest = str(AGENCY_LINE.sub("", block, count=1))
    if rest != block:
        return rest or block
    line = CAPITALS_LINE.match(block)
    if line is None or line["place"] in PARTIES:
        return block
    return block[line.end() :]
