"""One clock in the logs that people read: Vietnam's, as everywhere else, whatever the server's."""

import logging
from datetime import datetime
from time import struct_time

from store.wording import LOCAL

DATES = "%Y-%m-%d %H:%M:%S +07"


def use_vietnam_time() -> None:
    """Let every log of this process tell Vietnam's time; :data:`DATES` says so in it."""
    logging.Formatter.converter = staticmethod(in_vietnam)


def in_vietnam(seconds: float | None) -> struct_time:
    """A moment, in seconds since 1970, on Vietnam's clock."""
    return datetime.fromtimestamp(seconds or 0, LOCAL).timetuple()
