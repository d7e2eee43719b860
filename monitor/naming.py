"""What a person names on the command line: an article by its number, or anything by its address."""

import click

LONGEST_NUMBER = 19  # digits that SQLite can hold


def number_or_address(what: str) -> int | str:
    """A number, as far as SQLite can count; everything else is taken as an address. Raises UsageError for nothing at all."""
    what = what.strip()
    if not what:
        raise click.UsageError("nothing is named: give an address, or a number")
    return int(what) if what.isascii() and what.isdecimal() and len(what) < LONGEST_NUMBER else what
