"""Raw bytes to the text that an extractor might read, quickly: what stands between tags, and what the page claims of itself.

Everything here errs towards more text. What is left out is only what :mod:`extract` never reads: scripts and styles, tags
with their attributes, images inside the page. What is unclear stays, and everything that can hide a letter is opened:
charsets, references, escapes, decomposed accents, invisible characters.

It is fast because it goes over the bytes with what C does at gigabytes a second (find, a pattern with a literal beginning,
findall), and over every character only once nine tenths of the page are gone: the pages of ../shared/pages have 229 kB on
average, of which 17 kB are text. ``python benchmarks/relevance_triage.py`` measures it.
"""

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from relevance.words import nfc

SEAM = "<>"
"""What stands in an opened text for one or more tags."""
_SEAM = SEAM.encode()

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where the way through a page must look closer: elements in which "<" is no tag, comments, claims, and a "<" that is no tag.
# The letters in front refuse most tags at once.
_POINT = re.compile(
    rb"<(?![/a-hj-loqru-wyzA-HJ-LOQRU-WYZ])(script\b|style\b|title\b|textarea\b|iframe\b|meta\b|!--|xmp\b|plaintext\b|noembed\b|noframes\b|(?![a-zA-Z/!?]))",
    re.IGNORECASE,
)
_ENDS = {name: re.compile(b"</" + name, re.IGNORECASE) for name in (b"script", b"style", b"title", b"textarea", b"iframe")}
_JSON = re.compile(rb"ld.{0,12}json", re.DOTALL)
_META = re.compile(rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+'|[\"'])*+")
_TEXT = re.compile(rb">\s*+([^<\s][^<]*)")
# References that can be letters, accents or invisible; the usual ones for blanks, punctuation and quotes cannot.
_LETTER_ENTITY = re.compile(
    r"(&(?:amp;)*(?:#(?!(?:9|10|13|160|3[2-9]|4[0-7]|82(?:1[0-9]|2[0-9]|30));|[xX]0*(?:[aA]0|2[0-9a-fA-F]|20[12][0-9]);)[xX]?\w+"
    r"|[A-Za-z]{1,2}(?:acute|grave|circ|tilde|uml|breve|horn|hook|dot|strok|shy)|shy|zwn?j|lrm|rlm"
    r"|(?:ZeroWidthSpace|NoBreak|Invisible\w+|af|it|ic)(?=;));?)"
)
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_EMBEDDED = re.compile(r"base64,[\w+/=]{64,}")
# What extract.text.clean takes out, so that the letters around it come together.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# What NFC joins with the letter before it, or changes by itself, in all alphabets in which a topic names its partner: accents,
# the Kelvin sign, Korean letters, Japanese voice marks, compatibility ideographs.
_JOINING = "\u0300-\u036f\u1100-\u11ff\u212a\u3099\u309a\uf900-\ufaff"
_MARKS = re.compile(f"[{_JOINING}]+")
_MANY_MARKS = 300
# Either of the two; the engine finds a single character of a set three times as fast as a run of them.
_ODD = re.compile(f"{_INVISIBLE.pattern[:-1]}{_JOINING}]")


@dataclass(frozen=True, slots=True)
class Opened:
    """A page in one reading. ``text`` is all of it, with :data:`SEAM` for tags; ``claims`` is what it ends with: the title,
    the meta elements and JSON-LD."""

    text: str
    claims: str


def opened_readings(body: bytes, content_type: str | None) -> Iterator[Opened | None]:
    """The page in every reading that its bytes and its declarations allow; None where it cannot be read."""
    marked = next((codec for bom, codec in _BOMS if body.startswith(bom)), None)
    if marked:
        yield _opened_as(body, marked)
        return
    plain = "text/plain" in (content_type or "").lower()
    visible, claims = (body, b"") if plain else _cut(body.replace(b"\0", b"") if b"\0" in body else body)
    text = _decoded(visible), _decoded(claims)
    clean = None not in text
    yield _opened(text[0] or visible.decode("utf-8", "replace"), text[1] or claims.decode("utf-8", "replace"))
    for codec, errors in _other_codecs(body, content_type, clean):
        yield _opened_as(body, codec, errors)


def _decoded(text: bytes) -> str | None:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


def _opened_as(body: bytes, codec: str, errors: str = "strict") -> Opened | None:
    try:
        text = body.decode(codec, errors)
    except (LookupError, UnicodeError, ValueError):
        return None
    visible, claims = _cut(text.replace("\0", "").encode("utf-8", "replace"))
    return _opened(visible.decode("utf-8", "replace"), claims.decode("utf-8", "replace"))


def _other_codecs(body: bytes, content_type: str | None, clean: bool) -> list[tuple[str, str]]:
    """The charsets to try beside UTF-8, by the rules of extract.encoding: UTF-16 where zeros may say so, and where UTF-8 has
    faults what was declared, and what it falls back to, in which nothing is unreadable."""
    if b"\0" in body[:400]:
        return [("utf-16-be", "strict"), ("utf-16-le", "strict")]
    if clean:
        return []
    declared = sorted(_declared(body, content_type) - {"utf-8", "ascii"})
    return [*((codec, "strict") for codec in declared), ("cp1258", "replace"), ("cp1252", "replace")]


def _declared(body: bytes, content_type: str | None) -> set[str]:
    """The codecs that the header and the head of the page name, by Python's names; unknown ones keep theirs."""
    named = [*_CHARSET.findall((content_type or "").encode("utf-8", "replace")), *_CHARSET.findall(body[:4096])]
    return {_codec(name.decode("ascii", "replace")) for name in named}


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return name


def _cut(body: bytes) -> tuple[bytes, bytes]:
    """The text between the tags of a page, and its claims. Scripts and styles are left out, but not in a comment, in an
    attribute or without an end, where they may be anything. A page with elements that change what a tag is stays whole.

    No byte is searched twice for the same thing, so that a hostile page takes no longer than a long one.
    """
    kept: list[bytes] = []
    claims = _Claims(body)
    ends = _Ends(body)
    seen = at = kept_to = 0
    whole = False
    while point := _POINT.search(body, at):
        start, at = point.span()
        name = point[1].lower()
        if name == b"meta":
            claims.add_meta(start, at)
        elif name == b"!--":
            ends.begin_comment(start)
        elif name in _ENDS:
            to = ends.of(name, at)
            if name == b"title" or (name == b"script" and _JSON.search(body[start : min(to, at + 300)].lower())):
                claims.add(start, to)
            if start >= ends.comment and not _in_tag(body, seen, start):
                if name in (b"script", b"style"):
                    kept.append(body[kept_to:start])
                    kept_to = to
                at = start = to
        elif name:
            whole = True
        else:
            kept += (body[kept_to:start], b"&lt;")
            kept_to = start = at
        seen = start
    kept.append(body[kept_to:])
    rest = b"".join(kept)
    return rest if whole else _SEAM.join(_TEXT.findall(b">" + rest)), _SEAM.join(claims.found)


class _Ends:
    """Where elements and comments end. ``comment`` is the end of the comment that began last."""

    __slots__ = ("_body", "_known", "comment")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._known: dict[bytes, int] = {}
        self.comment = 0

    def of(self, name: bytes, at: int) -> int:
        """Where the element ends whose name ends at a place; there where it has no end."""
        if self._known.get(name, -1) < at:
            end = _ENDS[name].search(self._body, at)
            self._known[name] = end.start() if end else len(self._body) + 1
        return self._known[name] if self._known[name] <= len(self._body) else at

    def begin_comment(self, start: int) -> None:
        if start >= self.comment:
            end = self._body.find(b"-->", start + 2)
            self.comment = end if end >= 0 else len(self._body)


class _Claims:
    """Title, JSON-LD, and the meta elements that may state title or description; none within another."""

    __slots__ = ("_body", "_read_to", "found")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._read_to = 0
        self.found: list[bytes] = []

    def add(self, start: int, end: int) -> None:
        if end > self._read_to:
            self.found.append(self._body[max(start, self._read_to) : end])
            self._read_to = end

    def add_meta(self, start: int, at: int) -> None:
        meta = _META.match(self._body, at) if start >= self._read_to else None
        if meta:
            text = self._body[start : meta.end()].lower()
            if b"title" in text or b"description" in text or b"headline" in text:
                self.add(start, meta.end())
            else:
                self._read_to = meta.end()


def _in_tag(body: bytes, seen: int, start: int) -> bool:
    """Whether the last tag before a place has not ended yet, so that what stands there is part of an attribute."""
    return body.rfind(b"<", seen, start) > body.rfind(b">", seen, start)


def _opened(visible: str, claims: str) -> Opened:
    claims = _plain(claims)
    return Opened(f"{_plain(visible)}{SEAM}{claims}", claims)


def _plain(text: str) -> str:
    """The text with everything opened that can hide a letter. Pages that hide none, which is most, come back as they are."""
    if "base64," in text:
        text = _EMBEDDED.sub("", text)
    if "&" in text:
        text = _with_letters(text)
    if "\\" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if not _ODD.search(text):
        return text
    return _composed(_INVISIBLE.sub("", text))


def _composed(text: str) -> str:
    """The text in NFC. Pages of composed letters often hold some others; only those are looked at then, ten times as fast."""
    marks = list(islice(_MARKS.finditer(text), _MANY_MARKS + 1))
    if len(marks) > _MANY_MARKS:
        return nfc(text)
    pieces: list[str] = []
    at = 0
    for mark in marks:
        start = max(at, mark.start() - 1)
        pieces += (text[at:start], nfc(text[start : mark.end()]))
        at = mark.end()
    return "".join((*pieces, text[at:]))


def _with_letters(text: str) -> str:
    """The text with references to letters resolved."""
    pieces = _LETTER_ENTITY.split(text)
    if len(pieces) == 1:
        return text
    pieces[1::2] = map(_letter_of, pieces[1::2])
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _letter_of(reference: str) -> str:
    """The letter of a reference, however often its ampersand was escaped."""
    return html.unescape("&" + reference.lstrip("&").replace("amp;", ""))
