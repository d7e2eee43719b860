"""What stands before and behind an article in the same container: bylines; other stories, tag clouds, promotion, comments."""

import re
from collections.abc import Sequence

from extract.dates import read_moments
from extract.markup.blocks import Block
from extract.markup.weights import PROSE_CHARS
from extract.text import fold

# Labels that open something else behind an article, folded; a whole line is one of them.
_ENDING = (
    r"(?:cac )?(?:tin|bai|bai viet|tin bai|tin tuc|noi dung|chu de|video)\s+(?:lien quan|khac|moi|moi nhat|cung chuyen muc|"
    r"cung chu de|noi bat|doc nhieu|xem nhieu|hot|nong)",
    r"co the ban quan tam|ban co the quan tam|co the ban thich|tham khao them|cung chuyen muc|cung tac gia|moi nhat|lien quan",
    r"doc nhieu(?: nhat)?|xem nhieu(?: nhat)?|tin moi|tin nong|tu khoa|tags?|the|chu de|hashtag|binh luan|y kien(?: ban doc)?",
    r"related(?: news| stories| articles| posts| topics| content)?|other news|more news|latest news|hot news",
    r"most (?:read|viewed|popular)|more (?:on this|from|in)\b.{0,30}|popular|trending|comments?|no data|disclaimer",
    r"you (?:may|might) (?:also )?like|same (?:tag|category|author|topic)|recommended(?: for you)?|keywords?|topics?",
)
# Labels of buttons and single links, which stand anywhere.
_PASSING = (
    r"xem them|doc them|doc tiep|xem tiep|tim hieu them|quang cao|gui binh luan|chia se(?: bai viet)?|in bai viet|theo doi",
    r"read more|see (?:also|more)|share(?: this)?|no videos? available|log ?in|newsletter|subscribe|advertisement|follow us",
)
_COUNTED = r"(?:\s*\(\d+\))?[\W_]*"
_ENDING_LABEL = re.compile(r"[\W_]*(?:" + "|".join(_ENDING) + ")" + _COUNTED)
_PASSING_LABEL = re.compile(r"[\W_]*(?:" + "|".join(_PASSING) + ")" + _COUNTED)
# Lines that speak to the reader about the outlet, folded; only their beginning is looked at.
_NOTICES = (
    r"disclaimer\b|©|copyright\b|all rights reserved|ban quyen\b|ghi ro nguon|vui long ghi ro|cam sao chep",
    r"(?:\*\s?)?(?:kinh )?moi (?:quy )?(?:ban doc|doc gia|quy vi|ban)(?: doc)? (?:vao|xem|theo doi|don|tham gia|gui|dang ky)",
    r"moi (?:y kien|thong tin)(?: dong gop)?,? (?:xin|vui long)",
    r"(?:>>|»|→|\*)+\s?(?:xem|doc|moi)\b|(?:xem|doc) them:|read more:|see also:",
    r"theo doi (?:\w+ ){0,5}tren (?:google|facebook|zalo|youtube)|follow \w+ on\b",
)
_NOTICE = re.compile("|".join(_NOTICES))
# Shorter than this, a line behind a label is a teaser; longer, the story goes on. The longest teaser in ../shared/seeds has
# 187 characters, a paragraph of the nine gold texts has 274 on average.
_SOLID = 280
_SIGN_OFF = re.compile(r"(?:[.!?…”\"]\s|[—–-]\s?|\()[A-ZĐ]{2,8}\)?[./]*$")


def cut_tail(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without what a label, a notice or an agency's sign-off shows to be no longer the article."""
    kept = [block for block in blocks if not (_is_promotion(block) or _is_label(block, _PASSING_LABEL))]
    kept = _cut_at_labels(kept)
    return _cut_behind_sign_off(kept)


def _is_promotion(block: Block) -> bool:
    """A line that only points elsewhere: a link as long as a headline, or an invitation to read on."""
    if block.kind in ("caption", "image"):
        return False
    linked_headline = block.linked > 0.9 and len(block.text.split()) >= 4
    return linked_headline or (len(block.text) < 300 and bool(_NOTICE.match(fold(block.text[:120]))))


def _cut_at_labels(blocks: list[Block]) -> list[Block]:
    """Cut at every label: up to the next solid paragraph, or to the end when what follows looks like teasers."""
    number = 0
    while number < len(blocks):
        if _is_label(blocks[number], _ENDING_LABEL):
            behind = blocks[number + 1 :]
            solid = next((n for n, block in enumerate(behind) if _is_solid(block)), None)
            run = behind if solid is None else behind[:solid]
            blocks = blocks[:number] + (behind[len(run) :] if _are_teasers(run) else behind)
        else:
            number += 1
    return blocks


def _are_teasers(run: list[Block]) -> bool:
    """Whether a third of the lines are headlines: linked, or without the full stop that ends a paragraph."""
    loose = sum(_is_loose(block) or block.linked > 0.5 for block in run)
    return loose * 3 >= len(run)


def _is_label(block: Block, labels: re.Pattern[str]) -> bool:
    return block.kind != "caption" and len(block.text) <= 60 and bool(labels.fullmatch(fold(block.text)))


def _is_solid(block: Block) -> bool:
    return len(block.text) >= _SOLID and block.linked < 0.5 and block.kind in ("text", "item")


def _cut_behind_sign_off(blocks: list[Block]) -> list[Block]:
    """Behind a paragraph signed by an agency ("… VNS"), short lines without a full stop are promotion."""
    signed = next((n for n, block in enumerate(blocks) if len(block.text) > 80 and _SIGN_OFF.search(block.text)), None)
    if signed is None:
        return blocks
    behind = [block for block in blocks[signed + 1 :] if not _is_loose(block)]
    return blocks[: signed + 1] + behind


def _is_loose(block: Block) -> bool:
    unfinished = not block.text.endswith((".", "!", "?", "…", "”", '"'))
    return block.kind in ("text", "item", "heading") and len(block.text) < 160 and unfinished


def cut_head(blocks: Sequence[Block], author: str | None) -> list[Block]:
    """The blocks without the byline, section link or date line that a container holds before the first paragraph."""
    start = next((n for n, block in enumerate(blocks) if block.kind == "text" and len(block.text) >= PROSE_CHARS), 0)
    names = {author or "", *(author or "").split(", ")}
    return [block for n, block in enumerate(blocks) if n >= start or not _is_byline(block, names)]


def _is_byline(block: Block, names: set[str]) -> bool:
    if block.kind not in ("text", "item") or not block.text or len(block.text) >= PROSE_CHARS:
        return False
    return block.linked > 0.5 or block.text.strip(" |-") in names or bool(read_moments(block.text))
