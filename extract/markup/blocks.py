"""A container read out as blocks: the paragraphs, headings, captions and pictures in the order they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from extract.markup.boxes import is_caption
from extract.markup.tree import BLOCKS, HEADINGS, text_of
from extract.text import clean

Kind = Literal["text", "heading", "item", "caption", "image"]
_INLINE_KINDS = {"a": "link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic"}
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
    in_caption: bool


def read_blocks(container: HtmlElement) -> list[Block]:
    """All blocks of a container, empty ones left out."""
    return [block for block in _blocks(container) if block.text or block.kind == "image"]


def _blocks(container: HtmlElement) -> Iterator[Block]:
    walk = _Walk(_Run([], container, False))
    for event, node in etree.iterwalk(container, events=("start", "end")):
        if event == "start":
            yield from walk.enter(node)
        else:
            yield from walk.leave(node, node is container)
    yield _block(walk.run)


class _Walk:
    """What is open while a container is walked: the run being gathered, and how deep in links, emphasis and captions."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.depth = {"link": 0, "bold": 0, "italic": 0, "caption": 0, "figure": 0}

    def enter(self, node: HtmlElement) -> Iterator[Block]:
        if node.tag == "img" and not self.depth["figure"]:
            yield Block("image", "")
        for kind in _kinds_of(node):
            self.depth[kind] += 1
        if node.tag in BLOCKS or node.tag == "br":
            yield self._cut(node)
        self._add(node.text)

    def leave(self, node: HtmlElement, last: bool) -> Iterator[Block]:
        for kind in _kinds_of(node):
            self.depth[kind] -= 1
        if (node.tag in BLOCKS or node.tag == "br") and not last:
            yield self._cut(node.getparent())
        if not last:
            self._add(node.tail)

    def _cut(self, owner: HtmlElement) -> Block:
        """Close the run at a block boundary and open the next one."""
        done, self.run = self.run, _Run([], owner, self.depth["caption"] > 0)
        return _block(done)

    def _add(self, text: str | None) -> None:
        if text:
            linked, bold, italic = (self.depth[kind] > 0 for kind in ("link", "bold", "italic"))
            self.run.pieces.append((text, linked, bold, italic))


def _kinds_of(node: HtmlElement) -> list[str]:
    """What an element opens."""
    kinds = [_INLINE_KINDS[node.tag]] if node.tag in _INLINE_KINDS else []
    if node.tag in ("figure", "table"):
        kinds.append("figure")
    if is_caption(node) or _is_photo(node):
        kinds.append("caption")
    return kinds


def _block(run: _Run) -> Block:
    text = clean("".join(piece[0] for piece in run.pieces))
    if text in (run.owner.get("class") or "").split():
        text = ""  # the editor's own word for a picture, typed into the text by a broken paste
    linked, bold, italic = (_share(run, column) for column in (1, 2, 3))
    bold_text = clean("".join(piece[0] for piece in run.pieces if piece[2]))
    return Block(_kind(run), text, linked, bold, italic, _align(run.owner), bold_text)


def _share(run: _Run, column: int) -> float:
    whole = sum(len(piece[0].strip()) for piece in run.pieces)
    return sum(len(piece[0].strip()) for piece in run.pieces if piece[column]) / whole if whole else 0.0


def _kind(run: _Run) -> Kind:
    if run.in_caption:
        return "caption"
    if run.owner.tag in HEADINGS:
        return "heading"
    return "item" if run.owner.tag in ("li", "dd", "dt") else "text"


def _is_photo(element: HtmlElement) -> bool:
    """A figure, or a table as older editors lay pictures out, that is made of a picture and a line or two under it."""
    return (
        element.tag in ("table", "figure")
        and next(element.iter("img", "picture", "video"), None) is not None
        and len(text_of(element, _CAPTION_CHARS)) <= _CAPTION_CHARS
    )


def _align(owner: HtmlElement) -> str:
    named = f"{owner.get('style') or ''} {owner.get('align') or ''} {owner.get('class') or ''}".lower().replace(" ", "")
    if "align:right" in named or "text-right" in named or owner.get("align") == "right":
        return "right"
    return "center" if "align:center" in named or "text-center" in named or owner.get("align") == "center" else "left"
