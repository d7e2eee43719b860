"""Reading the TOML files under seeds/: every fault is named with file, key and reason, all at once."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from spiders.errors import ConfigurationError, Problem

Model = TypeVar("Model", bound=BaseModel)


# What pydantic says of a value (https://docs.pydantic.dev/latest/errors/validation_errors/) in the words of somebody who edits
# a TOML file; {braces} are filled from the error's own values.
PLAIN = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "less_than": "must be less than {lt:g}",
    "string_too_short": "must have {min_length} or more letters",
    "too_short": "must have {min_length} or more entries",
    "string_pattern_mismatch": "must have the form {pattern}",
}
TABLES = ("model_type", "model_attributes_type", "dict_type", "dataclass_type")
LISTS = ("tuple_type", "list_type", "set_type", "frozen_set_type")


def read_toml(path: Path) -> dict[str, object]:
    """The parsed file. Raises ConfigurationError when it is missing, unreadable, not UTF-8 or not TOML."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError([Problem(str(path), "", "there is no such file")]) from None
    except OSError as error:
        raise ConfigurationError([Problem(str(path), "", f"cannot be read: {error.strerror}")]) from None
    try:
        # utf-8-sig: Windows' Notepad puts a mark in front
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise ConfigurationError([Problem(str(path), "", f"is not UTF-8 at byte {error.start}")]) from None
    except tomllib.TOMLDecodeError as error:
        line = len(data.splitlines())
        told = str(error).replace("at end of document", f"at the end, line {line}: something before it is not closed")
        raise ConfigurationError([Problem(str(path), "", f"is not valid TOML: {told}")]) from None


def problems_of(error: ValidationError, path: Path, name: str = "") -> list[Problem]:
    """A pydantic error as problems; ``name`` (such as ``source qdnd-en``) goes before each key."""
    problems = []
    for fault in error.errors():
        where = " ".join(part for part in (name, key_of(fault["loc"])) if part)
        problems.append(Problem(str(path), where, readable(fault, name)))
    return problems


def key_of(place: tuple[int | str, ...]) -> str:
    """Where a value stands, as people count: ``mail.recipients entry 2``."""
    key = ""
    for part in place:
        key += f" entry {part + 1} " if isinstance(part, int) else f".{part}" if key and key[-1] != " " else part
    return key.strip()


def readable(fault: ErrorDetails, name: str = "") -> str:
    """Pydantic's message in the words of somebody who edits a TOML file."""
    kind, place = fault["type"], fault["loc"]
    if kind in TABLES:
        return f"must be a table ({_brackets(place, name)})"
    if kind in LISTS:
        return f"must be a list in brackets{f', or [[{place[0]}]] tables' if len(place) == 1 and not name else ''}"
    if kind in PLAIN:
        return PLAIN[kind].format(**fault.get("ctx", {}))
    return fault["msg"].removeprefix("Value error, ")


def _brackets(place: tuple[int | str, ...], name: str) -> str:
    """How the table that should stand there begins; one of many has double brackets."""
    names = name.split()[:1] + [part for part in place if isinstance(part, str)]
    is_one_of_many = not place or isinstance(place[-1], int)
    return f"[[{'.'.join(names)}]]" if is_one_of_many else f"[{'.'.join(names)}]"


def load_model(path: Path, model: type[Model]) -> Model:
    """The whole file as one model. Raises ConfigurationError with every problem."""
    try:
        return model.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigurationError(problems_of(error, path)) from None
