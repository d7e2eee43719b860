"""What stands behind an article in the same container: other stories, tag clouds, promotion, comments, disclaimers."""

import re
from collections.abc import Sequence

from extract.markup.blocks import Block
from extract.text import fold

# Section labels that open something else, folded; matched as a whole line (a colon or a number in brackets may follow).
_LABEL = re.compile(
    r"^[\W_]*(?:"
    r"(?:cac )?(?:tin|bai|bai viet|tin bai|tin tuc|noi dung|chu de|video)\s+(?:lien quan|khac|moi|moi nhat|cung chuyen muc|cung chu de|noi bat|doc nhieu|xem nhieu|hot|nong)|"
    r"co the ban quan tam|ban co the quan tam|co the ban thich|tham khao them|xem them|doc them|doc tiep|xem tiep|tim hieu them|cung chuyen muc|cung tac gia|moi nhat|"
    r"tu khoa|tags?|the|chu de|hashtag|binh luan|y kien(?: ban doc)?|gui binh luan|chia se|doc nhieu(?: nhat)?|xem nhieu(?: nhat)?|tin moi|tin nong|quang cao|"
    r"related(?: news| stories| articles| posts| topics| content)?|other news|more news|latest news|hot news|most (?:read|viewed|popular)|read more|see (?:also|more)|"
    r"more (?:on this|from|in)\b.{0,30}|you (?:may|might) (?:also )?like|same (?:tag|category|author|topic)|recommended(?: for you)?|comments?|no data|share(?: this)?|"
    r"no videos? available|log ?in|newsletter|subscribe|disclaimer|advertisement|keywords?|topics?|follow us|popular|trending"
    r")(?:\s*\(\d+\))?[\W_]*$"
)
_NOTICE = re.compile(
    r"^(?:disclaimer\b|©|copyright\b|all rights reserved|ban quyen\b|ghi ro nguon|moi (?:y kien|thong tin) xin|vui long ghi ro|\* ?moi (?:quy )?(?:vi|ban|doc gia)|"
    r"moi (?:quy )?(?:ban doc|doc gia|quy vi|ban)(?: doc)? (?:vao|xem|theo doi|don|tham gia|gui)|(?:>>|»|→|\*)+\s?(?:xem|doc|moi)|(?:xem|doc) them:|mời quý|theo doi (?:chung toi|\w+ ){0,4}tren (?:google|facebook|zalo|youtube))"
)
# Shorter than this, and without a second sentence, a line behind a label is a teaser; longer, the story goes on.
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
    return linked_headline or (len(block.text) < 300 and bool(_NOTICE.match(fold(block.text[:80]))))


def _cut_at_labels(blocks: list[Block]) -> list[Block]:
    number = 0
    while number < len(blocks):
        if len(blocks[number].text) <= 60 and blocks[number].kind != "caption" and _LABEL.match(fold(blocks[number].text)):
            end = next((n for n in range(number + 1, len(blocks)) if _is_solid(blocks[n])), len(blocks))
            blocks = blocks[:number] + blocks[end:]
        else:
            number += 1
    return blocks


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
    return (
        block.kind in ("text", "item", "heading")
        and len(block.text) < 160
        and not block.text.endswith((".", "!", "?", "…", "”", '"'))
    )
