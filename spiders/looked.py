"""What a look at a site brought: the values that :mod:`spiders.look` prints and a source entry is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Seen:
    """A place of discovery that gave articles. ``newest`` is aware UTC, ``pages`` the address of page N of a listing; of a
    sitemap index ``items`` counts the addresses of its newest part."""

    address: str
    items: int
    newest: datetime | None = None
    pages: str | None = None
    is_index: bool = False

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """One as JSON has it."""
        return cls(**{**data, "newest": datetime.fromisoformat(data["newest"]) if data["newest"] else None})


@dataclass(slots=True)
class Looked:
    """All about one site. ``home`` is where the address was answered; ``article`` is None when no articles were found;
    ``delay`` is what robots.txt asks for, in seconds; ``problems`` and ``not_asked`` are sentences for people, and addresses.
    """

    home: str
    name: str | None = None
    hosts: tuple[str, ...] = ()
    feeds: list[Seen] = field(default_factory=list)
    sitemaps: list[Seen] = field(default_factory=list)
    listings: list[Seen] = field(default_factory=list)
    article: str | None = None
    identity: str | None = None
    examples: tuple[str, ...] = ()
    keeps_cookies: bool = False
    needs_browser: bool = False
    delay: float = 0.0
    problems: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    reached: bool = False

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """One as JSON has it (:func:`as_json`)."""
        known = {name: data[name] for name in cls.__slots__}
        places = {kind: [Seen.read(entry) for entry in data[kind]] for kind in ("feeds", "sitemaps", "listings")}
        return cls(**{**known, **places, "hosts": tuple(data["hosts"]), "examples": tuple(data["examples"])})


def as_json(value: Any) -> Any:
    """Values of :func:`dataclasses.asdict` as JSON knows them."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list | tuple) else value
