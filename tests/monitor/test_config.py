"""vietlao.toml: checked whole, every fault named, the environment over the file."""

from importlib.resources import files
from pathlib import Path

import pytest

from monitor.config import Config, load_home, shipped_seed
from monitor.setup import write_home
from spiders.errors import ConfigurationError


def test_a_folder_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    home = load_home(tmp_path)
    assert home.config == Config()
    assert home.seed("sources.toml") == shipped_seed("sources.toml")


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "vietlao.toml").write_text(
        "[crawl]\ndeley = 2\nrevisit = [6, -1]\n"
        '[mail]\nport = 99999\nsecurity = "ssl"\n[schedule]\ndigest = "7 o\'clock"\ntimezone = "Hanoi"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigurationError) as caught:
        load_home(tmp_path)
    file = tmp_path / "vietlao.toml"
    assert str(caught.value).splitlines() == [
        f"{file}: crawl.revisit entry 2: must be at least 0",
        f"{file}: crawl.deley: unknown key",
        f"{file}: mail.port: must be at most 65535",
        f"{file}: mail.security: must be 'starttls', 'tls' or 'none'",
        f'{file}: schedule.digest: "7 o\'clock" is not a five-field cron expression: '
        "a cron expression has five fields, this has 2",
        f"{file}: schedule.timezone: 'Hanoi' is not a time zone name such as Asia/Ho_Chi_Minh",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[crawl", "is not valid TOML"),
        (
            b"[crawl]\nsources = [",
            r"not valid TOML: Invalid value \(at the end, line 2: something before it is not closed",
        ),
        (b"crawl = 3", r"crawl: must be a table \(\[crawl\]\)"),
        (b'[crawl]\ndelay = "x"', "crawl.delay: must be a number"),
        (b"[crawl]\ncontact = 3", "crawl.contact: must be text in quotes"),
        (b'[crawl]\nsources = "a"', "crawl.sources: must be a list in brackets"),
        (b"[mail]\nrecipients = [3]", "mail.recipients entry 1: must be text in quotes"),
        (b'[digest]\nmail = "perhaps"', "digest.mail: must be true or false"),
        (b'[crawl]\ncontact = "\xff"', "is not UTF-8 at byte 19"),
        (b"news = 1", "news: unknown key"),
        (b'[mail]\npassword = "x"', "mail.password: a password does not belong into a file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "vietlao.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=reason):
        load_home(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("VIETLAO_CRAWL__DELAY", "soon", "the environment: VIETLAO_CRAWL__DELAY: must be a number"),
        ("VIETLAO_CRAWL", "x", "the environment: VIETLAO_CRAWL: a table cannot be given as one variable; name its keys"),
        (
            "VIETLAO_MAIL__RECIPIENTS",
            "desk@example.org",
            "the environment: VIETLAO_MAIL__RECIPIENTS: must be a list in brackets",
        ),
        ("vietlao_crawl__sources", "", "the environment: vietlao_crawl__sources: must be a list in brackets"),
        ("VIETLAO_MAIL__RECIPIENTS", "[3]", "the environment: VIETLAO_MAIL__RECIPIENTS: must be text in quotes"),
    ],
)
def test_a_fault_of_the_environment_is_not_looked_for_in_the_file(tmp_path, monkeypatch, name, value, reason) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("MAIL", "/var/mail/desk")  # login shells set it, and it is none of ours
    with pytest.raises(ConfigurationError) as caught:
        load_home(tmp_path)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(reason)


def test_a_file_that_notepad_wrote_is_read(tmp_path) -> None:
    (tmp_path / "vietlao.toml").write_bytes(b"\xef\xbb\xbf[digest]\r\nprofile = 'weekly'\r\n")
    assert load_home(tmp_path).config.digest.profile == "weekly"


def test_a_list_may_stand_in_the_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VIETLAO_MAIL__RECIPIENTS", '["desk@example.org"]')
    assert load_home(tmp_path).config.mail.recipients == ("desk@example.org",)


def test_the_environment_goes_before_the_file_and_secrets_do_not_print(tmp_path, monkeypatch) -> None:
    (tmp_path / "vietlao.toml").write_text('[mail]\nhost = "smtp.example.org"\nuser = "desk"\n', encoding="utf-8")
    monkeypatch.setenv("VIETLAO_MAIL__PASSWORD", "s3cret")
    monkeypatch.setenv("VIETLAO_MAIL__USER", "night-desk")
    mail = load_home(tmp_path).config.mail
    assert (mail.host, mail.user) == ("smtp.example.org", "night-desk")
    assert mail.password is not None
    assert mail.password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(mail)


def test_init_writes_a_file_whose_commented_defaults_are_the_real_ones(tmp_path: Path) -> None:
    write_home(tmp_path)
    text = (tmp_path / "vietlao.toml").read_text(encoding="utf-8")
    assert text == (Path(str(files("monitor"))) / "vietlao.toml").read_text(encoding="utf-8")
    assert load_home(tmp_path).config == Config()
    lines = text.splitlines()
    settings = [line.removeprefix("# ") for line in lines if line.startswith("[") or (line.startswith("# ") and " = " in line)]
    (tmp_path / "vietlao.toml").write_text("\n".join(settings), encoding="utf-8")
    uncommented = load_home(tmp_path).config
    assert uncommented.schedule == Config().schedule
    assert uncommented.digest == Config().digest
    assert uncommented.mail.model_fields_set | {"password"} == type(uncommented.mail).model_fields.keys()
    assert uncommented.crawl.revisit == Config().crawl.revisit
    assert uncommented.crawl.model_fields_set == type(uncommented.crawl).model_fields.keys()


def test_init_keeps_what_is_there_unless_forced_and_a_home_uses_its_own_seeds(tmp_path: Path) -> None:
    write_home(tmp_path)
    own = tmp_path / "seeds" / "topic.toml"
    own.write_text("# mine\n", encoding="utf-8")
    (tmp_path / "vietlao.toml").unlink()
    assert write_home(tmp_path) == {
        tmp_path / "vietlao.toml": True,
        tmp_path / "seeds" / "sources.toml": False,
        own: False,
        tmp_path / "seeds" / "people.toml": False,
    }
    assert own.read_text(encoding="utf-8") == "# mine\n"
    assert load_home(tmp_path).seed("topic.toml") == own
    assert write_home(tmp_path, force=True)[own] is True
    assert own.read_bytes() == shipped_seed("topic.toml").read_bytes()


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"cannot be written \(Not a directory\); name another --home"):
        write_home(tmp_path / "file" / "home")
