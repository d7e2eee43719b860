"""Who wrote a text, who translated it, and whom it is taken from; and the lines that say so, out of the text.

No agency or outlet is listed here: an attribution is known by its form ("Theo …", "Source: …", "— ABC", "(ABC) –"), and a
source may add patterns of its own (``Source.credits``).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extract.markup.blocks import Block
from extract.markup.tree import label, text_of
from extract.markup.vocabulary import BYLINE, SOURCE
from extract.parts.names import RANKED, TRAILING_NOTE, Outlet, is_credited, is_names, person
from extract.text import clean

_TRANSLATOR = re.compile(
    r"^\(?(?:(?:reported and |compiled and )?translated by|translator|người dịch|biên dịch|dịch)\s*:?\s+"
    r"(?P<name>[^.:;]{2,60}?)\.?\)?$",
    re.IGNORECASE,
)
_WRITER = re.compile(
    r"^\(?(?:tin,? ?(?:và )?bài,? ?(?:và )?ảnh"
    r"|(?:tin|bài|bài viết|video|clip)\s*(?:,|và|-|/|&|\+)\s*(?:ảnh|hình|clip|video|ảnh, video)"
    r"|thực hiện|(?:bài|tin|nội dung|tác giả)(?=\s*:)"
    r"|(?:story|text|article)(?: and photos?)? by|(?:reported|written|compiled)(?: and photographed)? by|by|written ?"
    r"|reporter|author)"
    r"\s*:?\s+(?P<name>[^:;]{2,80}?)\.?\)?$",
    re.IGNORECASE,
)
_PHOTOS = re.compile(
    r"^\(?(?:ảnh(?: (?:tư liệu|minh họa|minh hoạ|do|chụp))?|hình ảnh|đồ họa|video|clip|nguồn ảnh"
    r"|photos?(?: (?:by|courtesy of))?|illustrations?|graphics?|camera|dựng|thiết kế|trình bày)"
    r"(?:\s*(?:,|và|&|-)\s*(?:video|clip|đồ họa|dựng|infographic))?\s*(?::|\bby\b|/)\s*(?P<name>[^.]{2,80})\.?\)?$",
    re.IGNORECASE,
)
# "Lan Anh - Ảnh: Đức Huy"
_WRITER_AND_PHOTOS = re.compile(
    r"^(?P<name>[^:;]{2,60}?)[ .;,–—-]+(?:ảnh|hình|video|clip|đồ họa)\s?:\s?(?P<photos>[^:.]{2,60})\.?$", re.IGNORECASE
)
_CREDIT = re.compile(
    r"^\(?(?:source|nguồn(?: tin)?|original source|link gốc|link bài gốc)\s*:\s*(?P<name>.{2,200}?)\.?\)?$"
    r"|^[(\[]?(?:theo|according to|via|from)\s*:?\s+(?P<by>[^.,;:()]{2,50}(?:\.\w{2,12})?)[)\]]?[./]*$",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r"^\(?(?:theo|nguồn|source|according to|via)\s*:?\s+", re.IGNORECASE)
_ACRONYM = r"[A-ZĐ]{2,8}(?:[/+-][A-ZĐ][\w+]{1,14})?\+?"
_AGENCY_LINE = re.compile(rf"^[(\[—–-]*\s?(?P<name>{_ACRONYM})[)\]]?[./]*$")
_AGENCY_END = re.compile(
    rf"(?:\s*[—–]\s?|(?<=[.!?…”\"])\s*-{{1,2}}\s?|(?<=[.!?…”\"])\s+|\s*-{{2}}\s?)(?P<name>{_ACRONYM})[./]*$"
    rf"|\s*\((?:theo\s+|source:\s*|according to\s+)?(?P<in>{_ACRONYM}|[A-ZĐ]\w+\+?)\)(?P<dots>[./]*)$",
)
_SLASHES = re.compile(r"\s*(?:\.\s?/\s?\.?|/\s?\.)\s*$")
_DATELINE = re.compile(rf"^[^()–—]{{0,45}}\((?P<name>{_ACRONYM}|[A-ZĐ][\w .+-]{{2,25}})\)\s?[-–—.]")
# A first paragraph in whose words another house's reporter speaks: "Theo phóng viên TTXVN tại Viêng Chăn, …".
_REPORTED = re.compile(
    rf"^(?:[^–—-]{{0,40}}[–—-] ?)?(?:Theo (?:(?:đặc )?(?:phóng viên|phái viên)|PV|hãng (?:tin|thông tấn)|thông tấn xã)(?: của)?"
    rf" (?P<name>{_ACRONYM}|Báo [A-ZĐ]\w+(?: [A-ZĐ]\w+)?)\b"
    rf"|According to (?:an? )?(?P<by>{_ACRONYM}) (?:correspondent|reporter))"
)
_ISSUER = re.compile(r"^(?P<name>.{3,120}?) published this content on ")
_DISTRIBUTED = re.compile(
    r"\b(?:solely responsible for the information|distributed by .{2,30}unedited and unaltered)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Credits:
    author: str | None = None
    credit: str | None = None
    translator: str | None = None


# A signature with rank, degrees and post is longer than a name, and still a line or two; no corpus says how long.
_SIGNED_CHARS = 200


def source_shown(elements: Iterable[HtmlElement], outlet: Outlet) -> str | None:
    """The outlet that an element called source names, as republishers print it under a text; or one called author, when it
    says "Theo Báo …"."""
    called = [(element, text) for element in elements if 2 <= len(text := _sourced(element, outlet)) <= 60]
    outer = {above for element, _ in called for above in element.iterancestors()}
    named = [attributed(text) for element, text in called if element not in outer]
    return next((name for name in named if name and not outlet.is_called(name)), None)


def _sourced(element: HtmlElement, outlet: Outlet) -> str:
    part = _part_of_credits(label(element))
    if not part:
        return ""
    text = text_of(element, 60)
    if part == "source":
        return text
    return text if _ATTRIBUTION.match(text) and person(text, outlet) is None else ""


@lru_cache(maxsize=4096)
def _part_of_credits(name: str) -> str:
    return "source" if SOURCE.search(name) else "byline" if BYLINE.search(name) else ""


def attributed(text: str) -> str | None:
    """Whom an attribution names: the outlet without "Theo" or "Source:", for an address its host."""
    name = _ATTRIBUTION.sub("", clean(text)).strip(" ().,;:-–—/")
    address = re.match(r"https?://\S+", name)
    if address:
        try:
            return (urlsplit(address.group()).hostname or "").removeprefix("www.") or None
        except ValueError:
            return None
    return name or None


def take_credits(blocks: Sequence[Block], patterns: Sequence[str], outlet: Outlet) -> tuple[list[Block], Credits]:
    """The blocks without credit lines, and what these said. Only the last ten text blocks and the first two are read."""
    left = list(blocks)
    found = Credits()
    texts = [number for number, block in enumerate(left) if block.text and block.kind != "caption"]
    for number in reversed([*texts[:2], *texts[2:][-10:]]):
        last = not any(block.text and block.kind != "caption" for block in left[number + 1 :])
        rest, said = _take(left[number], patterns, outlet, last)
        found = _merged(found, said)
        left[number] = replace(left[number], text=rest)
    for pattern in (_DATELINE, _REPORTED):
        opening = next((m for number in texts[:2] if (m := pattern.match(left[number].text))), None)
        name = next(filter(None, opening.groups()), "") if opening else ""
        if name and not outlet.is_called(name):
            found = _merged(found, Credits(credit=name.strip()))
    return [block for block in left if block.text or block.kind == "image"], found


def credits_photos(text: str) -> bool:
    """Whether a line only says who took the pictures."""
    found = _PHOTOS.match(text)
    return found is not None and is_credited(found["name"])


def _merged(first: Credits, second: Credits) -> Credits:
    return Credits(first.author or second.author, first.credit or second.credit, first.translator or second.translator)


def _take(block: Block, patterns: Sequence[str], outlet: Outlet, last: bool) -> tuple[str, Credits]:
    """What is left of a block, and what it credited."""
    text = block.text
    for pattern in patterns:
        found = re.search(pattern, text[:500])
        if found and found.group(1):
            whole = len(found.group()) > len(text) * 0.8
            return ("" if whole else text), Credits(credit=attributed(found.group(1)))
    if len(text) <= 200 and (said := _line(text, outlet)) is not None:
        return "", said
    if len(text) <= 600 and _DISTRIBUTED.search(text):
        issuer = _ISSUER.match(text)
        return "", Credits(credit=issuer["name"].strip() if issuer else None)
    if last:
        return _closing(block, outlet)
    return text, Credits()


def _line(text: str, outlet: Outlet) -> Credits | None:
    """A line that is nothing but a credit; None when it is something else."""
    text = text.strip(" |*")
    writer, _, translator = re.sub(r"\s[–—-]\s(?=[Tt]ranslated by )", "\n", text).partition("\n")
    if translator and (said := _line(writer, outlet)) is not None:  # "By NAME – Translated by NAME"
        return _merged(said, _line(translator, outlet) or Credits())
    if found := _TRANSLATOR.match(text):
        return Credits(translator=clean(found["name"]))
    if found := _CREDIT.match(text):
        name = attributed(found["name"] or found["by"])
        return Credits(credit=name) if found["name"] or _is_proper(found["by"]) else None
    if re.fullmatch(r"https?://\S+", text):
        return Credits(credit=attributed(text))
    if credits_photos(text):
        return Credits()
    found = _WRITER.match(text) or _WRITER_AND_PHOTOS.match(text)
    if found and is_names(found["name"]) and is_names(found.groupdict().get("photos") or found["name"]):
        return Credits(author=person(found["name"], outlet))
    if (found := _AGENCY_LINE.match(text)) and len(text) > 2:
        return Credits(credit=found["name"])
    if re.fullmatch(r"\([A-ZĐ][\w.+ ]{2,30}\)", text):
        return Credits(credit=None if outlet.is_called(text) else text.strip("()"))
    return None


def _is_proper(name: str) -> bool:
    """Whether an attribution reads as a name: few words, the first with a capital."""
    return len(name.split()) <= 6 and name[:1].isupper()


def _closing(block: Block, outlet: Outlet) -> tuple[str, Credits]:
    """The last block: a signature, or a sentence with an agency's sign behind it."""
    signature = _signature(block, outlet)
    if signature:
        return "", signature
    text = block.text
    found = _AGENCY_END.search(text)
    credit = None
    if found and len(text) > 40:
        credit = found["name"] or found["in"]
        text = text[: found.start()].rstrip() + (
            "." if found["dots"] and not text[: found.start()].rstrip().endswith((".", "!", "?", "”", '"')) else ""
        )
    text = _SLASHES.sub(".", text) if _SLASHES.search(text) else text
    return text, Credits(credit=credit)


def _with_post(block: Block) -> bool:
    """Whether a line is a name in bold italics and capitals and, behind it, a post: "Colonel LE VAN THU, Rector of …"."""
    name, behind = block.bold_text, block.text[len(block.bold_text) :]
    capitals = sum(len(word) > 1 and word.isupper() for word in name.split())
    emphasized = 0 < block.bold < 1 and block.italic > 0 and block.text.startswith(name) and capitals >= 2
    return emphasized and len(block.text) <= _SIGNED_CHARS and behind.startswith(",") and bool(RANKED.fullmatch(name))


def _signature(block: Block, outlet: Outlet) -> Credits | None:
    """A name alone in the last line, as bylines at the end are printed: "Hà Thu (tổng hợp)", "THU GIANG - AN BÌNH"."""
    text = block.text
    if text.endswith((".", "!", "?", ":", "…")) or block.kind in ("item", "heading") or block.linked > 0.9:
        return None
    if _with_post(block):
        return Credits(author=person(block.bold_text, outlet))
    if len(text) > 80:
        return None
    note = TRAILING_NOTE.search(text)
    name = block.bold_text if block.bold_text and note else text[: note.start()] if note else text
    marked = block.align == "right" or block.bold > 0.3 or block.italic > 0.8
    if not ((is_names(name) and (marked or len(name.split()) in (2, 3, 4, 5))) or (marked and RANKED.fullmatch(name))):
        return None
    credit = re.search(r"\b(?:theo|according to)\s+([^)]+)", note.group(), re.IGNORECASE) if note else None
    return Credits(author=person(name, outlet), credit=attributed(credit.group(1)) if credit else None)
