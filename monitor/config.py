"""What one installation is told: the home folder, vietlao.toml in it, and the environment over that.

Settings enter the program here and nowhere else. ``vietlao.toml`` may be absent: every key has a default that works for
crawling and reading; only mail needs to be told where to go.
"""

import json
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from monitor.cron import cron_trigger
from spiders.errors import ConfigurationError, Problem
from spiders.seedfile import problems_of, read_toml
from store.revisions.schedule import REVISIT_HOURS
from store.storefile import require_store

CONFIG_NAME = "vietlao.toml"
SEEDS = ("sources.toml", "topic.toml", "people.toml")
PREFIX, NESTED = "VIETLAO_", "__"  # of environment variables
NOT_A_FOLDER = "is not a folder; --home names the folder that holds the state"
LONGEST_GAP = 366 * 24  # hours


class Section(BaseModel):
    """A table of the configuration file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CrawlConfig(Section):
    """How pages are gathered. ``delay`` (seconds) replaces every source's own; ``proxy`` is an http(s) forward proxy;
    ``revisit`` are the gaps (hours) after which what was kept is read again."""

    contact: str = ""
    sources: tuple[str, ...] = ()
    delay: float | None = Field(default=None, ge=0, le=120)
    proxy: str | None = None
    revisit: tuple[Annotated[float, Field(ge=0, le=LONGEST_GAP)], ...] = REVISIT_HOURS


class DigestConfig(Section):
    """What is rendered. Digests of one profile never repeat an article."""

    profile: str = Field(default="daily", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    mail: bool = False


class MailConfig(Section):
    """Where the digest goes. The password comes from the environment: VIETLAO_MAIL__PASSWORD."""

    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    sender: str | None = None
    recipients: tuple[str, ...] = ()
    timeout: float = Field(default=30, gt=0, le=600)
    ca_file: str | None = None


class ScheduleConfig(Section):
    """When ``vietlao schedule`` and the printed crontab lines work: five-field cron expressions in ``timezone``. ``clean`` may
    be empty: then the archive is never cleaned. Its time lies in the night and between two crawls."""

    crawl: str = "*/30 * * * *"
    digest: str = "0 7 * * *"
    clean: str = "15 3 * * *"
    timezone: str = "Asia/Ho_Chi_Minh"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is not a time zone name such as Asia/Ho_Chi_Minh") from None
        return value

    @property
    def jobs(self) -> tuple[tuple[str, str], ...]:
        """Each job with its times."""
        always = (("crawl", self.crawl), ("digest", self.digest))
        return (*always, ("clean", self.clean)) if self.clean else always

    @field_validator("clean")
    @classmethod
    def _cron_or_never(cls, value: str) -> str:
        return cls._cron(value) if value else value

    @field_validator("crawl", "digest")
    @classmethod
    def _cron(cls, value: str) -> str:
        try:
            cron_trigger(value, "UTC")
        except ValueError as error:
            raise ValueError(f"{value!r} is not a five-field cron expression: {error}") from None
        return value


class Config(BaseSettings):
    """The whole file. An environment variable VIETLAO_SECTION__KEY goes before the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTED, extra="forbid", frozen=True, str_strip_whitespace=True
    )

    crawl: CrawlConfig = CrawlConfig()
    digest: DigestConfig = DigestConfig()
    mail: MailConfig = MailConfig()
    schedule: ScheduleConfig = ScheduleConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


@dataclass(frozen=True, slots=True)
class Home:
    """One installation's folder and what is where in it."""

    path: Path
    config: Config

    @property
    def digests(self) -> Path:
        return self.path / "digests"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def seeds(self) -> Path:
        return self.path / "seeds"

    @property
    def database(self) -> Path:
        return self.path / "news.db"

    def require_store(self) -> None:
        """Raises UnusableStore where there is no store yet, before anything is made in the folder."""
        require_store(self.path)

    def seed(self, name: str) -> Path:
        """A seed file: the home's own copy when there is one, else the one that came with the program."""
        own = self.seeds / name
        return own if own.exists() else shipped_seed(name)

    @property
    def told_seeds(self) -> str:
        """Whose sources and rules hold here."""
        if not self.seeds.is_dir():
            return "those of the program"
        missing = [name for name in SEEDS if not (self.seeds / name).exists()]
        return f"those in {self.seeds}" + (f", and of the program {', '.join(missing)}" if missing else "")


def shipped_seed(name: str) -> Path:
    """A seed file as it came with the program."""
    return Path(str(files("seeds") / name))


def load_home(path: str | os.PathLike[str]) -> Home:
    """The installation in a folder. Raises ConfigurationError with every problem of its vietlao.toml."""
    home = Path(path).expanduser().resolve()
    if home.exists() and not home.is_dir():
        raise ConfigurationError.about(home, NOT_A_FOLDER)
    file = home / CONFIG_NAME
    data: dict[str, Any] = dict(read_toml(file)) if file.exists() else {}
    if isinstance(data.get("mail"), dict) and "password" in data["mail"]:
        raise ConfigurationError.about(
            file, "a password does not belong into a file; put it into the environment: VIETLAO_MAIL__PASSWORD", "mail.password"
        )
    try:
        return Home(home, Config(**data))
    except ValidationError as error:
        raise ConfigurationError([_from_environment(one) for one in problems_of(error, file)]) from None
    except SettingsError:
        raise ConfigurationError(_unreadable_variables()) from None


def _unreadable_variables() -> list[Problem]:
    """The variables that hold a list or a whole table and are not the JSON that pydantic wants for those."""
    problems = []
    for name, value in os.environ.items():
        words = name.upper()
        table, _, key = words.removeprefix(PREFIX).lower().partition(NESTED)
        if not words.startswith(PREFIX) or table not in Config.model_fields or _is_json(value):
            continue
        if not key:
            told = "a table cannot be given as one variable; name its keys: VIETLAO_CRAWL__DELAY is [crawl] delay"
            problems.append(Problem("the environment", name, told))
        elif isinstance(getattr(Config.model_fields[table].default, key, None), tuple):
            told = "must be a list in brackets, its texts in double quotes, as in vietlao.toml"
            problems.append(Problem("the environment", name, told))
    return problems


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _from_environment(problem: Problem) -> Problem:
    """A problem of a value that stands in the environment and not in the file."""
    key = problem.key.partition(" entry ")[0]  # of a list, the variable holds all entries
    variable = f"{PREFIX}{key.replace('.', NESTED).upper()}"
    names = [name for name in os.environ if name.upper() == variable]
    return Problem("the environment", names[0], problem.reason) if names else problem
