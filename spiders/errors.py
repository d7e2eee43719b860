"""What a person can mend, and how it is told.

    MonitorError           base of all; its text is meant to be printed as it is
      ConfigurationError   a settings or seed file is wrong; carries every problem found, not the first
      Locked               another run holds the lock of this home
      UnusableStore        the database cannot be opened or written

Everything else that is raised is a bug and keeps its traceback.
"""

from dataclasses import dataclass


class MonitorError(Exception):
    """Something the operator can mend. ``exit_code`` is what the command line ends with."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file a person wrote: where it stands and what to do about it."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}" if self.key else f"{self.file}: {self.reason}"


class ConfigurationError(MonitorError):
    """A file that people edit is wrong. Lists all problems at once, so that one look mends them all."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))

    @classmethod
    def about(cls, file: object, reason: str, key: str = "") -> "ConfigurationError":
        """The common case of a single problem."""
        return cls([Problem(str(file), key, reason)])


class Locked(MonitorError):
    """Another run holds the lock; exit code 75 is sysexits' EX_TEMPFAIL."""

    exit_code = 75


class UnusableStore(MonitorError):
    """The database file cannot be used: locked, read-only, full, newer than this code, or no database."""
