"""Bytes to text, before any parser sees them.

Declarations lie (feeds and pages say UTF-16 or ISO-8859-1 and are UTF-8), parsers look for them in the first kilobyte
only, and some pages declare at byte 80,000. So the bytes themselves come first: a byte-order mark, then valid UTF-8 with
multi-byte characters in it, which no other encoding produces by chance. Only then the header and the page are believed.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from w3lib.encoding import http_content_type_encoding, resolve_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,400}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
# Never honoured: a page in UTF-7 is an attack, the others are states of mind rather than texts.
_REFUSED = frozenset({"utf-7", "hz", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"})
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class Decoded:
    """``encoding`` is a Python codec name; ``because`` is bom, content, header, declared, mostly or guess."""

    text: str
    encoding: str
    because: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a response body; never fails, bytes that mean nothing become U+FFFD.

    ``content_type`` is the header's value, if any.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), name, "bom")
    wide = _wide_without_mark(body)
    if wide:
        return Decoded(body.decode(wide, "replace"), wide, "content")
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "content")
    except UnicodeDecodeError:
        return _not_clean_utf8(body, content_type)


def _wide_without_mark(body: bytes) -> str | None:
    """UTF-16 without its mark: half of the first bytes of a page in Latin letters are NUL then."""
    head = body[:400]
    if len(head) < 8:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > half * 0.7 else None


def _not_clean_utf8(body: bytes, content_type: str | None) -> Decoded:
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 < sum(1 for c in text if ord(c) > 0x7F):
        return Decoded(text, "utf-8", "mostly")  # cut off in the middle, or one broken widget: still UTF-8
    for name, because in _declarations(body, content_type):
        try:
            return Decoded(unicodedata.normalize("NFC", body.decode(name)), name, because)
        except (UnicodeDecodeError, LookupError):
            continue
    vietnamese = body.decode("cp1258", "replace")
    if sum(c in _TONES for c in vietnamese) * 50 > len(body) ** 0.5:
        return Decoded(unicodedata.normalize("NFC", vietnamese), "cp1258", "guess")
    return Decoded(body.decode("cp1252", "replace"), "cp1252", "guess")


def _declarations(body: bytes, content_type: str | None) -> list[tuple[str, str]]:
    """Encodings that the header and then the page name, wherever in the page it stands."""
    named = [(http_content_type_encoding(content_type), "header")]
    named += [(resolve_encoding(match.group(1).decode("ascii")), "declared") for match in _DECLARED.finditer(body)]
    return list(dict.fromkeys((name, because) for name, because in named if name and _is_text_codec(name)))


def _is_text_codec(name: str) -> bool:
    if name in _REFUSED or name.startswith(("utf-16", "utf-32", "utf-8")):
        return False
    try:
        b"".decode(name)
    except LookupError:  # unknown, or a codec such as hex that makes no text
        return False
    return True
