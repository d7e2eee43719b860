"""The command line as a stranger meets it: help with examples, errors as sentences, documented exit codes."""

import os
import socket
import subprocess
import sys
import typing
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from monitor.app import END, MOMENT
from monitor.cli import COMMANDS, main
from monitor.commands.mark import told_fate
from monitor.config import SEEDS, shipped_seed
from monitor.crawl import CrawlResult
from spiders.errors import MonitorError
from spiders.memory import SourceOutcome
from store.database import Store
from store.fates import Fate
from store.lock import writer_lock
from store.records import Moved

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def vietlao(*words: str, home: Path | None = None) -> Result:
    """Run a command in this process; an exception that is no exit is a bug and is raised."""
    arguments = [*(["--home", str(home)] if home else []), *words]
    result = CliRunner().invoke(main, arguments, prog_name="vietlao")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name: str) -> None:
    shown = vietlao(name, "--help")
    assert shown.exit_code == 0
    assert "Example" in shown.output
    assert f"`{name}" in README


def test_the_exit_codes_are_documented_where_people_look() -> None:
    for text in (vietlao("--help").output, README):
        words = " ".join(text.split())
        assert "75 another run holds the lock" in words
        assert "3 nothing could be reached" in words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("crawl", "qdnd-em"), "source qdnd-em: there is no such source; did you mean qdnd-en?"),
        (("crawl", "--since", "yesterday"), "'yesterday' is not a date: write 2026-11-01, 2026-11-01T07:00, 7d or 12h"),
        (("digest", "--since", "2026-11-02", "--until", "2026-11-01"), "--since: lies after --until"),
        (("digest", "--mail"), "mail.host: is missing"),
        (("crawls",), "No such command 'crawls'"),
    ],
)
def test_wrong_use_ends_with_2_and_a_sentence(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    result = vietlao(*words, home=tmp_path)
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "words",
    [
        "archive",
        "archive --clean",
        "backtest",
        "browse",
        "digest",
        "evaluate --marks",
        "history 1",
        "mark 1 relevant",
        "merge 1 2",
        "rejudge",
        "reprocess",
        "reprocess --apply",
        "review",
        "search Lào",
        "split 1 2",
        "stories",
        "story 1",
        "why https://qdnd.vn/x",
    ],
)
def test_where_no_store_is_a_command_says_so_and_makes_nothing(tmp_path: Path, words: str) -> None:
    result = vietlao(*words.split(), home=tmp_path)
    assert result.exit_code == 2
    assert f"there is no store in {tmp_path} yet: `vietlao crawl` makes it" in result.output
    assert list(tmp_path.iterdir()) == []


def test_broken_seeds_are_told_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "sources.toml").write_text(
        '[[source]]\nid = "a"\nname = "A"\nlanguages = ["vi"]\nhome = "/a"\narticle = "["\n'
        'feeds = ["https://a.vn/rss"]\ncolour = 1\n',
        encoding="utf-8",
    )
    result = vietlao("sources", home=tmp_path)
    assert result.exit_code == 2
    file = tmp_path / "seeds" / "sources.toml"
    assert f"{file}: source a home: '/a' is not an absolute http or https address" in result.output
    assert f"{file}: source a article: '[' is not a regular expression" in result.output
    assert f"{file}: source a colour: unknown key" in result.output


@pytest.mark.parametrize("seed", ["topic.toml", "people.toml"])
def test_a_crawl_does_not_begin_with_a_broken_topic(tmp_path: Path, seed: str) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / seed).write_text("x = [", encoding="utf-8")
    result = vietlao("crawl", "qdnd-en", home=tmp_path)
    assert result.exit_code == 2
    assert f"{tmp_path / 'seeds' / seed}: is not valid TOML" in result.output
    assert not (tmp_path / "news.db").exists()


def test_a_mistaken_source_is_looked_for_where_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "vietlao.toml").write_text('[crawl]\nsources = ["nope"]\n', encoding="utf-8")
    result = vietlao("crawl", home=tmp_path)
    assert f"{tmp_path / 'vietlao.toml'}: source nope: there is no such source" in result.output
    assert not (tmp_path / "vietlao.lock").exists()


def test_a_taken_port_and_a_damaged_store_are_told_before_datasette_starts(tmp_path: Path) -> None:
    with Store.open(tmp_path), socket.create_server(("127.0.0.1", 0)) as taken:
        result = vietlao("browse", "--port", str(taken.getsockname()[1]), home=tmp_path)
    assert result.exit_code == 2
    assert "try another --port" in result.output
    (tmp_path / "news.db").write_bytes(b"no database at all" * 100)
    result = vietlao("browse", home=tmp_path)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [("sources",), ("--help",)])
def test_vietnamese_is_written_also_where_the_locale_has_no_word_for_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), *words]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    command = f"{sys.executable} -m monitor.cli --home {tmp_path} sources | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "0", done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_run_ends_with_75_and_says_who_holds_the_lock(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with writer_lock(tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "digest"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 75
    assert f"another run holds the lock of {tmp_path} (process {os.getpid()}" in done.stderr


def test_sources_lists_every_source_also_in_a_narrow_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    output = vietlao("sources", home=tmp_path).output
    assert "qdnd-en" in output
    assert max(map(cell_len, output.splitlines())) <= 60


@pytest.mark.parametrize(
    ("states", "bugs", "code"),
    [
        (["read", "partly"], (), 0),
        (["read", "skipped"], (), 0),
        (["read", "failed"], (), 1),
        (["read"], ("a: KeyError",), 1),
        (["failed", "failed"], (), 3),
        (["skipped"], (), 3),
        ([], (), 3),
    ],
)
def test_the_exit_code_says_how_the_sources_fared(states: list[str], bugs: tuple[str, ...], code: int) -> None:
    outcomes = tuple(SourceOutcome(f"s{number}", state) for number, state in enumerate(states))
    assert CrawlResult(1, outcomes, Moved(), bugs).exit_code == code


def test_scrapy_s_own_commands_know_the_sources() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert {"qdnd-en", "vietnamplus", "vietnamnews"} <= set(done.stdout.split())


@pytest.mark.parametrize("columns", ["80", "50"])
def test_descriptions_of_commands_are_short_and_never_cut(columns: str) -> None:
    formatter = click.HelpFormatter(width=int(columns))
    main.format_commands(click.Context(main), formatter)
    listed = formatter.getvalue().partition("Commands:")[2]
    assert "..." not in listed
    assert max(map(len, listed.splitlines())) <= int(columns)
    for name in COMMANDS:
        words = main.get_command(click.Context(main), name).get_short_help_str(999)
        assert len(words) <= 61, name
        assert words in " ".join(listed.split())


def test_cron_warns_where_its_lines_could_not_write(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", encoding="utf-8")
    result = vietlao("cron", home=tmp_path)
    assert result.exit_code == 0
    assert f"These lines will fail: {tmp_path / 'log'} cannot be made (File exists)." in result.stderr
    assert "vietlao" in result.stdout.splitlines()[0]
    assert "These lines" not in result.stdout


def test_cron_warns_in_a_read_only_home(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user (root) may write everywhere")
        assert f"{tmp_path} may not be written by this user" in vietlao("cron", home=tmp_path).stderr
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize("words", ["run", "sources check", "search tuần", "digest --mail"])
def test_an_option_that_stands_before_the_command_is_said_to(tmp_path: Path, words: str) -> None:
    result = vietlao(*words.split(), "--home", str(tmp_path))
    assert result.exit_code == 2
    command = " ".join(words.split(" --")[0].split()[: 2 if words.startswith("sources") else 1])
    assert f"--home stands before the command: vietlao --home DIR {command}" in result.output
    assert "such option" not in result.output
    assert "No such option '--hone'" in vietlao("run", "--hone", "x").output


def test_a_bare_date_that_ends_a_span_is_within_it() -> None:
    assert [END.convert(text, None, None) for text in ("2025-03-31", "20250331", "2025-W14-1")] == [
        datetime(2025, 3, 31, 17, tzinfo=UTC)
    ] * 3
    assert END.convert("2025-03-31T07:00", None, None) == datetime(2025, 3, 31, tzinfo=UTC)
    assert MOMENT.convert("2025-03-31", None, None) == datetime(2025, 3, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize("command", ["digest", "search", "stories"])
def test_a_whole_day_can_be_asked_for(tmp_path: Path, command: str) -> None:
    Store.open(tmp_path).close()
    words = [command, *(["Lào"] if command == "search" else []), "--since", "2025-03-31", "--until", "2025-03-31"]
    assert vietlao(*words, home=tmp_path).exit_code == 0
    if command == "digest":
        (page,) = (tmp_path / "digests").glob("*-review.txt")
        told = " ".join(page.read_text(encoding="utf-8").split())
        assert "news digest Monday 31 March 2025" in told
        assert "from Mon 31 Mar, 00:00 to Tue 1 Apr, 00:00" in told
    assert "a bare date is within" in " ".join(vietlao(command, "--help").output.split())


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_file_that_is_missing_is_noticed_once(tmp_path: Path, name: str) -> None:
    vietlao("init", home=tmp_path)
    (tmp_path / "seeds" / name).unlink()
    words = ("sources",) if name == "sources.toml" else ("judge", "--jsonl", os.devnull)
    result = vietlao(*words, home=tmp_path)
    own, shipped = tmp_path / "seeds" / name, shipped_seed(name)
    assert result.exit_code == 0
    assert result.stderr == (
        f"{own} is missing, so {shipped}, which came with the program, is used;"
        f" `vietlao --home {tmp_path} init` puts a copy there\n"
    )


def test_a_home_with_all_its_seeds_or_none_of_its_own_says_nothing(tmp_path: Path) -> None:
    assert vietlao("sources", home=tmp_path).stderr == ""
    vietlao("init", home=tmp_path)
    assert vietlao("sources", home=tmp_path).stderr == ""


def test_the_first_line_of_a_crawl_says_whose_rules_hold_in_a_home_without_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_crawl(*_: object, **__: object) -> None:
        raise MonitorError("begun")

    monkeypatch.setattr("monitor.commands.crawl.crawl_sources", no_crawl)
    assert vietlao("crawl", home=tmp_path).stdout == ""
    (tmp_path / "vietlao.toml").write_text("", encoding="utf-8")
    assert vietlao("crawl", home=tmp_path).stdout == "sources and rules: those of the program\n"
    vietlao("init", home=tmp_path)
    assert vietlao("crawl", home=tmp_path).stdout == ""


def test_what_a_mark_says_of_an_address_that_was_not_read_is_a_sentence() -> None:
    fates = typing.get_args(Fate)
    assert [fate for fate in fates if not told_fate(fate).startswith(("it is kept", "it was ", "it could not be read"))] == []
    assert told_fate("retry") == "it could not be read yet and is tried again; `vietlao why` says when"


def test_the_replica_is_called_by_its_command() -> None:
    assert "vietlao replica --open" in vietlao("replica", "--help").output


def test_the_group_lists_all_commands() -> None:
    assert isinstance(main, click.Group)
    listed = vietlao("--help").output
    assert [name for name in COMMANDS if f"  {name} " not in listed] == []
