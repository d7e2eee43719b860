"""The text of an XML answer, decoded by what its bytes are rather than by what they declare.

Real feeds declare UTF-16 and are UTF-8, start with a byte order mark or blank lines, or are an HTML error page. Documents
that bring a document type are refused before any parser sees them: entities are how XML is made to explode or to read files.
"""

import re
import zlib

GZIP_MAGIC = b"\x1f\x8b"
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
PROLOG = re.compile(r"(?:\s|<\?[^>]*\?>|<!--.*?-->)*", re.DOTALL)


class Unreadable(ValueError):
    """The answer is no document that we read; the text is a sentence for people."""


def decode(body: bytes) -> str:
    """The text of a document: a byte order mark decides, then whether the bytes are UTF-8, then the declaration."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    if b"\x00" in body[:64]:
        return body.decode("utf-16-be" if body[:1] == b"\x00" else "utf-16-le", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_declared(body)


def _decode_declared(body: bytes) -> str:
    declared = DECLARED.match(body[:512])
    try:
        return body.decode(declared.group(1).decode("ascii") if declared else "utf-8", "replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def xml_text(body: bytes) -> str:
    """The document without declaration and without characters that XML forbids.

    Raises Unreadable when it is empty, HTML, not XML at all, or brings a document type.
    """
    text = NOT_XML.sub("", DECLARATION.sub("", decode(body).lstrip("\ufeff"), count=1)).strip()
    if not text:
        raise Unreadable("the answer is empty")
    start = text[_prolog_end(text) :][:200].lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<script")):
        raise Unreadable("the answer is an HTML page where XML was expected")
    if start.startswith("<!"):
        raise Unreadable("the document declares a document type, which is refused because entities may hide in it")
    if not start.startswith("<"):
        raise Unreadable("the answer is not XML")
    return text


def _prolog_end(text: str) -> int:
    match = PROLOG.match(text)
    return match.end() if match else 0


def unpacked(body: bytes, limit: int) -> bytes:
    """A gzip file (``sitemap.xml.gz``) as what is in it; anything else as it is.

    Raises Unreadable when the content is broken or larger than ``limit`` bytes.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    unzip = zlib.decompressobj(wbits=31)
    try:
        content = unzip.decompress(body, limit + 1)
    except zlib.error as error:
        raise Unreadable(f"the gzip file is broken: {error}") from None
    if len(content) > limit:
        raise Unreadable(f"the gzip file holds more than {limit // 2**20} MiB")
    if not unzip.eof:
        raise Unreadable("the gzip file ends before its content does")
    return content
