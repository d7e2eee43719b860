"""Reading the TOML files under seeds/: every fault is named with file, key and reason, all at once."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from spiders.errors import ConfigurationError, Problem

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path) -> dict[str, object]:
    """The parsed file. Raises ConfigurationError when it is missing, unreadable, not UTF-8 or not TOML."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise ConfigurationError([Problem(str(path), "", "there is no such file")]) from None
    except OSError as error:
        raise ConfigurationError([Problem(str(path), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigurationError([Problem(str(path), "", f"is not UTF-8 at byte {error.start}")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([Problem(str(path), "", f"is not valid TOML: {error}")]) from None


def problems_of(error: ValidationError, path: Path, name: str = "") -> list[Problem]:
    """A pydantic error as problems; ``name`` (such as ``source qdnd-en``) goes before each key."""
    problems = []
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"])
        where = " ".join(part for part in (name, key) if part)
        problems.append(Problem(str(path), where, readable(fault["msg"], fault["type"])))
    return problems


def readable(message: str, kind: str) -> str:
    """Pydantic's message in the words of somebody who edits a TOML file."""
    if kind == "extra_forbidden":
        return "unknown key"
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ")


def load_model(path: Path, model: type[Model]) -> Model:
    """The whole file as one model. Raises ConfigurationError with every problem."""
    try:
        return model.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigurationError(problems_of(error, path)) from None
