"""A name that may lead somewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A name, and the address behind it where there is a safe one."""

    name: str
    href: str | None
