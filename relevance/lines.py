"""Documents from lines of JSON, as commands read them; a bad line becomes a sentence about what is wrong with it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from relevance.verdict import Document

_STRINGS = ("title", "lead", "url", "site", "lang", "text")
_KINDS = {dict: "an object", list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Line:
    """A readable line: its ``id`` as given (any JSON value, None when absent), the document, and all its fields."""

    id: object
    document: Document
    fields: dict[str, object]


def read_line(line: bytes) -> Line | str:
    """The document of one line, or what is wrong with the line."""
    value = read_object(line)
    return value if isinstance(value, str) else _document(value)


def read_object(line: bytes) -> dict[str, object] | str:
    """The JSON object of one line, or what is wrong with the line."""
    try:
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode(), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        return f"is not UTF-8 at byte {error.start}"
    except RecursionError:
        return "is nested too deeply"
    except json.JSONDecodeError as error:
        return f"is not valid JSON: {error.msg} at character {error.pos + 1}"
    except ValueError as error:
        return f"is not valid JSON: {error}"
    return value if isinstance(value, dict) else f"is {kind_of(value)}, not an object"


def strings_of(value: dict[str, object], keys: Iterable[str]) -> dict[str, str] | str:
    """The fields that should be strings, empty where they are missing or null; or which of them is none."""
    texts: dict[str, str] = {}
    for key in keys:
        given = value.get(key)
        if given is not None and not isinstance(given, str):
            return f"{key} is {kind_of(given)}, not a string"
        texts[key] = _whole(given or "")
    return texts


def _document(value: dict[str, object]) -> Line | str:
    texts = strings_of(value, _STRINGS)
    if isinstance(texts, str):
        return texts
    if value.get("text") is None:
        return "has no text"
    site = texts["site"] or _host(texts["url"])
    document = Document(texts["text"], texts["title"], texts["lead"], texts["url"], site, texts["lang"].lower() or None)
    return Line(value.get("id"), document, value)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else _KINDS[type(value)]


def _whole(text: str) -> str:
    """The text without lone surrogates, which JSON can spell and no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
