"""Two sentences that say what an article is about, taken from its text and never written by us."""

import regex

from digest.clean import clip, one_line
from digest.sentences import sentences

# A block under this many characters that holds one sentence is taken for a caption or a crosshead where longer blocks
# stand beside it. Measured on five collected articles: their captions have 28 to 66 characters, their shortest opening
# sentence 88.
SHORT_BLOCK = 70
# One sentence of officialese can fill a phone's screen. Of the first four sentences of 466 collected articles one in twenty is
# longer than 362 characters.
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
    blocks = [block for block in map(one_line, text.splitlines()) if block and _key(block) != _key(title or "")]
    known_lead = _key(lead or "")
    news = [sentence for block in blocks for sentence in _news(block, trusted=_key(block) == known_lead)]
    told = {_key(sentence): sentence for sentence in reversed(news or blocks)}
    chosen = list(reversed(told.values()))[:count]
    return " ".join(_closed(clip(sentence, LONGEST_SENTENCE)) for sentence in chosen)


def _key(block: str) -> str:
    return one_line(block).casefold().rstrip(".…!?")


def _news(block: str, *, trusted: bool) -> list[str]:
    """The sentences of a block that may stand in a summary."""
    parts = sentences(TAIL.sub("", without_dateline(block)))
    if trusted:
        return list(parts)
    if len(parts) == 1 and len(block) < SHORT_BLOCK:
        return []
    if len(parts) <= 2 and PHOTO.search(block):
        return []
    return [part for part in parts if ENDS.search(part) and not PHOTO.search(part)]


def _closed(sentence: str) -> str:
    """A lead or caption that came without its full stop gets one, so that the next sentence does not run into it."""
    return sentence + "." if sentence[-1:].isalnum() else sentence


def without_dateline(block: str) -> str:
    """The block without the place, agency or day that stands before its first sentence."""
    rest = str(AGENCY_LINE.sub("", block, count=1))
    if rest != block:
        return rest or block
    line = CAPITALS_LINE.match(block)
    if line is None or line["place"] in PARTIES:
        return block
    return block[line.end() :]
