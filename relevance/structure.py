"""A document as sentences with their part in the page: headline, lead, body, caption, or other stories' teasers."""

import re
from typing import Literal, NamedTuple

from relevance.shape import Limits, Structure
from relevance.verdict import Document
from relevance.words import nfc

LONGEST = 1000
"""Characters after which a sentence is cut: longer ones are lists and tables, in which nothing belongs together."""

Part = Literal["headline", "lead", "body", "caption"]

_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]|[\u200b\ufeff\u00ad]")
_SEAM = re.compile(r"([.!?…][\"”’»)\]]?)\s+(?=[\"“‘«(\[]*[^\W\da-z_àáâãèéêìíòóôõùúýăđĩũơư]|[\"“‘«(\[-]*\d)")
_ENDS = (".", "!", "?", "…", ":", ";")
_CLOSING = '"”’»)]'


class Sentence(NamedTuple):
    """A sentence of ``part``; ``start`` is its offset in the part's whole text, ``block`` numbers paragraphs."""

    text: str
    part: Part
    start: int
    block: int


def tidy(text: str) -> str:
    """NFC, runs of blanks as one space, no soft hyphens or zero-width marks; line ends stay."""
    text = nfc(text)
    if "  " not in text and text.replace("\n", "").isprintable():  # all that is looked for counts as not printable
        return text
    return _BLANKS.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return "" if match[0] in "\u200b\ufeff\u00ad" else " "


def sentences_of(document: Document, structure: Structure, limits: Limits) -> list[Sentence]:
    """The sentences that count, in reading order: headline, lead, then the body without its teasers."""
    found = [Sentence(line, "headline", 0, 0) for line in [tidy(document.title).strip()] if line]
    lead, text = tidy(document.lead).strip(), tidy(document.text)
    if lead and lead not in text[: 2 * len(lead) + 200]:
        found += [Sentence(piece, "lead", start, 1) for start, piece in _split(lead, structure)]
        return found + _body(text, structure, limits, 0)
    return found + _body(text, structure, limits, max(limits.lead_words, len(lead.split())))


def _body(text: str, structure: Structure, limits: Limits, lead_words: int) -> list[Sentence]:
    """The paragraphs of a text; the first ``lead_words`` words, to the end of their sentence, are its lead."""
    found: list[Sentence] = []
    start = seen = 0
    tail = frozenset(structure.tail)
    for block, line in enumerate(text.split("\n"), start=2):
        if line.strip().lower().rstrip(":").rstrip() in tail:
            break
        caption = seen >= lead_words and bool(line.strip()) and _is_caption(line, limits)
        for offset, piece in _split(line, structure):
            part: Part = "lead" if seen < lead_words else "caption" if caption else "body"
            found.append(Sentence(piece, part, start + offset, block))
            seen += piece.count(" ") + 1
        start += len(line) + 1
    return found


def is_menu_like(sentence: str) -> bool:
    """Whether it does not end as sentences do."""
    return not sentence.rstrip(_CLOSING).endswith(_ENDS)


def _is_caption(line: str, limits: Limits) -> bool:
    """Lines that do not end like a sentence are captions, headlines of other stories or menus."""
    return is_menu_like(line.rstrip()) and line.count(" ") < limits.caption_words


def _split(line: str, structure: Structure) -> list[tuple[int, str]]:
    """Sentences of one line with their offsets; a point after an abbreviation or an initial ends none."""
    pieces: list[tuple[int, str]] = []
    begin = 0
    for seam in _SEAM.finditer(line):
        end = seam.end(1)
        last = line[max(begin, line.rfind(" ", begin, end) + 1) : end]
        if last.endswith(".") and _is_abbreviation(last[:-1].lstrip('("“'), structure):
            continue
        _append(pieces, line, begin, end)
        begin = seam.end()
    _append(pieces, line, begin, len(line))
    return pieces


def _is_abbreviation(word: str, structure: Structure) -> bool:
    return len(word) == 1 or word.lower() in structure.abbreviations


def _append(pieces: list[tuple[int, str]], line: str, begin: int, end: int) -> None:
    while end - begin > LONGEST:
        cut = line.rfind(" ", begin + 1, begin + LONGEST)
        cut = cut if cut > 0 else begin + LONGEST
        _append(pieces, line, begin, cut)
        begin = cut
    piece = line[begin:end]
    stripped = piece.strip()
    if stripped:
        pieces.append((begin + piece.index(stripped), stripped))
