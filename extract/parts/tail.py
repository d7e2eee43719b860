"""What stands behind an article in the same container: other stories, tag clouds, promotion, comments, disclaimers."""

import re
from collections.abc import Sequence

from extract.markup.blocks import Block
from extract.text import fold

# Section labels that open something else, folded; a whole line is one of them, behind it a colon or a number in brackets.
_LABELS = (
    r"(?:cac )?(?:tin|bai|bai viet|tin bai|tin tuc|noi dung|chu de|video)\s+(?:lien quan|khac|moi|moi nhat|cung chuyen muc|"
    r"cung chu de|noi bat|doc nhieu|xem nhieu|hot|nong)",
    r"co the ban quan tam|ban co the quan tam|co the ban thich|tham khao them|xem them|doc them|doc tiep|xem tiep",
    r"cung chuyen muc|cung tac gia|moi nhat|doc nhieu(?: nhat)?|xem nhieu(?: nhat)?|tin moi|tin nong|quang cao|lien quan",
    r"tim hieu them",
    r"tu khoa|tags?|the|chu de|hashtag|binh luan|y kien(?: ban doc)?|gui binh luan|chia se|chia se bai viet|in bai viet",
    r"related(?: news| stories| articles| posts| topics| content)?|other news|more news|latest news|hot news",
    r"most (?:read|viewed|popular)|read more|see (?:also|more)|more (?:on this|from|in)\b.{0,30}|popular|trending",
    r"you (?:may|might) (?:also )?like|same (?:tag|category|author|topic)|recommended(?: for you)?|keywords?|topics?",
    r"comments?|no data|share(?: this)?|no videos? available|log ?in|newsletter|subscribe|disclaimer|advertisement|follow us",
)
_LABEL = re.compile(r"[\W_]*(?:" + "|".join(_LABELS) + r")(?:\s*\(\d+\))?[\W_]*")
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
    kept = [block for block in blocks if not _is_promotion(block)]
    kept = _cut_at_labels(kept)
    return _cut_behind_sign_off(kept)


def _is_promotion(block: Block) -> bool:
    """A line that only points elsewhere: a link as long as a headline, or an invitation to read on."""
    if block.kind in ("caption", "image"):
        return False
    linked_headline = block.linked > 0.9 and len(block.text.split()) >= 4
    return linked_headline or (len(block.text) < 300 and bool(_NOTICE.match(fold(block.text[:120]))))


def _cut_at_labels(blocks: list[Block]) -> list[Block]:
    number = 0
    while number < len(blocks):
        if _is_label(blocks[number]):
            end = next((n for n in range(number + 1, len(blocks)) if _is_solid(blocks[n])), len(blocks))
            blocks = blocks[:number] + blocks[end:]
        else:
            number += 1
    return blocks


def _is_label(block: Block) -> bool:
    return block.kind != "caption" and len(block.text) <= 60 and bool(_LABEL.fullmatch(fold(block.text)))


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
