"""The articles, as written in ``articles/*.toml``: a text once, and every address that carries a copy of it."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zlib import crc32

from pydantic import BaseModel, ConfigDict

from monitor.replica.sites import Site, load_sites

FOLDER = Path(__file__).parent / "articles"

Label = Literal["keep", "marginal", "drop"]
BlockKind = Literal["p", "caption", "subhead", "related"]
MARKER = re.compile(r"\[(caption|subhead|related)\] *")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a body, or what stands between paragraphs."""

    kind: BlockKind
    text: str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Second(_Strict):
    """How an address differs in the small web's second edition, on top of how its copy differs: reworded, with other noise
    around its text (``noise``: counters and links of other stories), or ``gone`` altogether. Nothing on the page says so."""

    title: str = ""
    replace: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    noise: bool = False
    gone: bool = False


class Copy(_Strict):
    """One address that carries a text, and how its copy differs.

    ``keep`` shortens the body to its first blocks; ``before`` and ``after`` add blocks; ``replace`` holds pairs of
    strings; ``plain`` writes Vietnamese names without accents; ``repeat_lead`` puts the lead into the body again.
    """

    site: str
    published: datetime
    modified: datetime | None = None
    section: str = ""
    slug: str = ""
    number: str = ""
    path: str = ""
    title: str = ""
    lead: str | None = None
    author: str | None = None
    keep: int | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    plain: bool = False
    repeat_lead: bool = False
    busy_once: bool = False
    second: Second | None = None


class Text(_Strict):
    """One text of ours about one event; copies of the same text are reprints of each other."""

    id: str
    event: str
    label: Label
    lang: Literal["vi", "en"]
    title: str
    lead: str = ""
    body: str
    author: str = ""
    copies: tuple[Copy, ...]


Later = Literal["", "edited", "noise", "gone"]


@dataclass(frozen=True, slots=True)
class Story:
    """A copy as one site prints it. ``group`` is the id of the text that it is a copy of, ``second`` the same address in the
    second edition (None where nothing changes or nothing is left), ``later`` what that edition does to it."""

    site: Site
    event: str
    group: str
    label: Label
    lang: str
    path: str
    number: str
    section: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    author: str
    published: datetime
    modified: datetime
    repeat_lead: bool
    busy_once: bool
    second: "Story | None" = None
    later: Later = ""

    @property
    def url(self) -> str:
        return self.site.root + self.path


def read_block(text: str) -> Block:
    """A paragraph, or ``[caption]``, ``[subhead]`` or ``[related]`` and its text."""
    text = " ".join(text.split())
    marker = MARKER.match(text)
    if marker is None:
        return Block("p", text)
    kind: BlockKind = marker.group(1)  # type: ignore[assignment]  # the pattern has only these
    return Block(kind, text[marker.end() :])


def folded(text: str) -> str:
    """The text without accents, đ as d."""
    parts = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(char for char in parts if not unicodedata.combining(char)))


def unaccented(text: str) -> str:
    """English text with Vietnamese names as agencies write them: ``Việt Nam`` is ``Vietnam``, ``Hà Nội`` is ``Hanoi``."""
    return folded(text).replace("Viet Nam", "Vietnam").replace("Ha Noi", "Hanoi").replace("HA NOI", "HANOI")


def slug_of(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folded(title).lower()).strip("-")


@cache
def load_stories() -> tuple[Story, ...]:
    """Every copy of every text, newest first. Raises ValueError when two share an address."""
    sites = load_sites()
    stories = [
        _story(text, copy, sites[copy.site])
        for file in sorted(FOLDER.glob("*.toml"))
        for text in (Text.model_validate(entry) for entry in tomllib.loads(file.read_text("utf-8"))["text"])
        for copy in text.copies
    ]
    seen: set[str] = set()
    for story in stories:
        if story.url in seen:
            raise ValueError(f"{story.url} is used twice in {FOLDER}")
        seen.add(story.url)
    return tuple(sorted(stories, key=lambda story: (story.published, story.url), reverse=True))


def _story(text: Text, copy: Copy, site: Site) -> Story:
    def edited(string: str) -> str:
        for old, new in copy.replace:
            string = string.replace(old, new)
        return unaccented(string) if copy.plain else string

    title = edited(copy.title or text.title)
    slug = copy.slug or slug_of(title)
    number = copy.number or _number(site, slug, copy.published)
    path = copy.path or site.article.format(section=copy.section, slug=slug, number=number)
    return Story(
        site=site,
        event=text.event,
        group=text.id,
        label=text.label,
        lang=text.lang,
        path=path,
        number=number,
        section=copy.section,
        title=title,
        lead=edited(text.lead if copy.lead is None else copy.lead),
        blocks=tuple(Block(block.kind, edited(block.text)) for block in _blocks(text, copy)),
        author=text.author if copy.author is None else copy.author,
        published=copy.published,
        modified=copy.modified or copy.published,
        repeat_lead=copy.repeat_lead,
        busy_once=copy.busy_once,
        second=None if copy.second is None or copy.second.gone else _story(text, _later(copy, copy.second, path, number), site),
        later="" if copy.second is None else "gone" if copy.second.gone else "noise" if copy.second.noise else "edited",
    )


def _later(copy: Copy, second: Second, path: str, number: str) -> Copy:
    """A copy as the second edition prints it, at the address that it has."""
    changes = {
        "title": second.title or copy.title,
        "replace": (*copy.replace, *second.replace),
        "after": (*copy.after, *second.after),
        "path": path,
        "number": number,
        "second": None,
    }
    return copy.model_copy(update=changes)


def _blocks(text: Text, copy: Copy) -> list[Block]:
    body = [read_block(paragraph) for paragraph in text.body.strip().split("\n\n")]
    return [*map(read_block, copy.before), *body[: copy.keep], *map(read_block, copy.after)]


def _number(site: Site, slug: str, published: datetime) -> str:
    hashed = crc32(slug.encode())
    return published.strftime(site.numbers).format(serial=site.serial + hashed % 90000, tail=hashed % 1000)
