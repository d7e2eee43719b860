"""A container read out as blocks: the paragraphs, headings, captions and pictures in the order they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from extract.markup.boxes import is_caption
from extract.markup.tree import BLOCKS, HEADINGS
from extract.text import clean

Kind = Literal["text", "heading", "item", "caption", "image"]
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em"))
# The longest caption on the nine real pages has 119 characters; agencies' go up to about 400.
_CAPTION_CHARS = 500


@dataclass(frozen=True, slots=True)
class Block:
    """One line of an article. Shares are of its characters, 0 to 1; ``align`` is left, right or center; ``bold_text``
    is the part of it that is bold."""

    kind: Kind
    text: str
    linked: float = 0.0
    bold: float = 0.0
    italic: float = 0.0
    align: str = "left"
    bold_text: str = ""


@dataclass(slots=True)
class _Run:
    """Inline text gathered until the next block boundary."""

    pieces: list[tuple[str, bool, bool, bool]]
    owner: HtmlElement


def read_blocks(container: HtmlElement) -> list[Block]:
    """All blocks of a container, empty ones left out."""
    return [block for block in _blocks(container) if block.text or block.kind == "image"]


def _blocks(container: HtmlElement) -> Iterator[Block]:
    run = _Run([], container)
    depth = {"a": 0, "bold": 0, "italic": 0}
    for event, node in etree.iterwalk(container, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        kind = "a" if tag == "a" else "bold" if tag in _BOLD else "italic" if tag in _ITALIC else ""
        if tag in BLOCKS or tag == "br":
            yield _block(run)
            run = _Run([], node if event == "start" else node.getparent() if node.getparent() is not None else container)
        if event == "start":
            if tag == "img" and not _has_caption(node):
                yield Block("image", "")
            if kind:
                depth[kind] += 1
            _add(run, node.text, depth)
        else:
            if kind:
                depth[kind] -= 1
            if node is not container:
                _add(run, node.tail, depth)
    yield _block(run)


def _add(run: _Run, text: str | None, depth: dict[str, int]) -> None:
    if text:
        run.pieces.append((text, depth["a"] > 0, depth["bold"] > 0, depth["italic"] > 0))


def _block(run: _Run) -> Block:
    text = clean("".join(piece[0] for piece in run.pieces))
    linked, bold, italic = (_share(run, column) for column in (1, 2, 3))
    bold_text = clean("".join(piece[0] for piece in run.pieces if piece[2]))
    return Block(_kind(run.owner), text, linked, bold, italic, _align(run.owner), bold_text)


def _share(run: _Run, column: int) -> float:
    whole = sum(len(piece[0].strip()) for piece in run.pieces)
    return sum(len(piece[0].strip()) for piece in run.pieces if piece[column]) / whole if whole else 0.0


def _has_caption(picture: HtmlElement) -> bool:
    """Whether a picture stands in a figure or photo table, where its caption, if any, is marked as one."""
    return any(above.tag in ("figure", "table") for above in picture.iterancestors())


def _kind(owner: HtmlElement) -> Kind:
    for element in (owner, *owner.iterancestors()):
        if is_caption(element) or _is_photo_table(element):
            return "caption"
        if element.tag in ("article", "main", "body"):
            break
    if owner.tag in HEADINGS:
        return "heading"
    return "item" if owner.tag in ("li", "dd", "dt") else "text"


def _is_photo_table(element: HtmlElement) -> bool:
    """A table made of a picture and a line or two under it, as older editors lay pictures out."""
    return (
        element.tag == "table" and element.find(".//img") is not None and len(element.text_content().strip()) <= _CAPTION_CHARS
    )


def _align(owner: HtmlElement) -> str:
    named = f"{owner.get('style') or ''} {owner.get('align') or ''} {owner.get('class') or ''}".lower().replace(" ", "")
    if "align:right" in named or "text-right" in named or owner.get("align") == "right":
        return "right"
    return "center" if "align:center" in named or "text-center" in named or owner.get("align") == "center" else "left"
