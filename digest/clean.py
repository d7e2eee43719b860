"""Text and addresses from strangers' pages, made fit to stand in a mail.

Escaping for HTML is Jinja's; this takes away what escaping leaves: characters that nobody sees but that reorder, hide or
break the text around them, and addresses that are no web addresses.
"""

from urllib.parse import quote, urlsplit

import regex

# Format characters (bidi overrides and isolates, zero-width space and joiners, tags), everything that Unicode calls
# ignorable by default (variation selectors, fillers), and the braille blank, which has no ink and is no space to code.
INVISIBLE = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+")
BLANK = regex.compile(r"[\p{Z}\p{Cc}]+")
SURROGATE = regex.compile(r"\p{Cs}")

# A name, or an IPv6 address. The IDNA codec maps look-alikes of the full stop to it, and would let empty labels through.
HOST = regex.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|(?=.*:)[0-9A-Fa-f:.]+")

# Everything that RFC 3986 lets stand unquoted, and % for what is quoted already.
ADDRESS_CHARACTERS = "%/:=&?~#+!$,;'@()*[]-._"


def visible(text: str) -> str:
    """The text without invisible characters, each run of blanks and control characters one space."""
    return str(BLANK.sub(" ", INVISIBLE.sub("", SURROGATE.sub("\ufffd", text))))


def one_line(text: str) -> str:
    """The visible text without blanks at its ends."""
    return visible(text).strip()


def safe_href(url: str) -> str | None:
    """The address in plain ASCII when it is an http or https address of a host and nothing else, or None.

    Refused: other schemes, a user name before the host (it makes one site look like another), blanks, control and invisible
    characters, backslashes and quotes, and what cannot be parsed.
    """
    if url != one_line(url) or any(mark in url for mark in ' \\"<>`'):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = "" if parts.port is None else f":{parts.port}"
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    netloc = f"[{host}]{port}" if ":" in host else host + port
    return quote(parts._replace(netloc=netloc).geturl(), safe=ADDRESS_CHARACTERS)


def host_of(url: str) -> str:
    """The host an address names, or "" where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def clip(text: str, width: int) -> str:
    """At most ``width`` characters, cut between words and marked with an ellipsis."""
    if len(text) <= width:
        return text
    head = text[: width - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > width // 2 else head).rstrip(" ,;:–—-") + "…"
