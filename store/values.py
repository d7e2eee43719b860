"""How values look in the database: times as text that sorts, text as NFC, lists as JSON."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

UNSTORABLE = {0: None} | dict.fromkeys(range(0xD800, 0xE000))


def utc_now() -> datetime:
    """The clock used where no other is injected."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """An aware time as ``2026-11-21T08:15:00.000000Z``: fixed width, so that text order is time order.

    Raises ValueError for a naive time: it would be read as local time of whatever machine this is.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def stamp_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


def moment(text: str) -> datetime:
    """The aware UTC time that :func:`stamp` wrote."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def clean(text: str) -> str:
    """NFC without NUL and lone surrogates, which SQLite or UTF-8 cannot hold."""
    return unicodedata.normalize("NFC", text.translate(UNSTORABLE))


def clean_or_none(text: str | None) -> str | None:
    return None if text is None else clean(text)


def to_json(value: Any) -> str:
    """JSON for people's eyes: letters as they are, times as ISO 8601, anything else unknown by its repr."""
    return clean(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return sorted(value) if isinstance(value, (set, frozenset)) else repr(value)
