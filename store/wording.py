"""Numbers as people say them, for every message and report."""


def counted(number: int, one: str, many: str = "") -> str:
    """``1 page``, ``2,000 pages``; ``many`` where the plural takes more than an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
