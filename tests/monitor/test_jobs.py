"""What cron and the scheduler start really runs: a crontab line through a shell, a job through the scheduler, mail."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from click.testing import CliRunner

from monitor.cli import main
from monitor.commands.schedule import own_path
from monitor.config import load_home
from monitor.schedule import build_scheduler, crontab_lines, run_job
from store.database import Store
from store.lock import writer_lock


def line_of(home: Path, job: str) -> str:
    """The crontab line of a job."""
    lines = crontab_lines(load_home(home), own_path(), datetime.now().astimezone())
    return next(line for line in lines if f" {job} " in line and not line.startswith("#"))


BARE = {"PATH": "/usr/bin:/bin"}  # what cron gives a job


def digests(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "digests").glob("*-daily.html"))


def test_a_scheduled_job_is_a_process_of_its_own_that_does_the_work(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    assert run_job(load_home(tmp_path), "digest") == 0
    assert len(digests(tmp_path)) == 1


def test_the_scheduler_runs_a_job_whose_time_has_long_passed(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    scheduler = build_scheduler(load_home(tmp_path))
    scheduler.remove_job("crawl")
    scheduler.remove_job("clean")
    late = datetime.now(UTC) - timedelta(hours=3)
    scheduler.modify_job("digest", next_run_time=late)
    scheduler.add_listener(lambda event: scheduler.shutdown(wait=False), 2**12)  # EVENT_JOB_EXECUTED
    scheduler.start()
    assert len(digests(tmp_path)) == 1


def test_a_crontab_line_does_its_job_in_a_bare_shell(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    (home / "log").mkdir(parents=True)
    Store.open(home).close()
    line = line_of(home, "digest")
    command = line.split(None, 5)[5].replace(r"\%", "%")
    done = subprocess.run(
        ["/bin/sh", "-c", command], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), (home / "log" / "cron.log").read_text(encoding="utf-8")
    assert len(digests(home)) == 1


def test_a_crawl_that_meets_another_run_is_no_error_for_cron(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    line = line_of(tmp_path, "crawl")
    with writer_lock(tmp_path):
        done = subprocess.run(["/bin/sh", "-c", line.split(None, 5)[5]], env=BARE, check=False)
    assert done.returncode == 0
    assert "another run holds the lock" in (tmp_path / "log" / "cron.log").read_text(encoding="utf-8")


def test_the_nightly_line_cleans_the_archive_as_a_run_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    Store.open(tmp_path).close()
    command = line_of(tmp_path, "archive").split(None, 5)[5]
    assert subprocess.run(["/bin/sh", "-c", command], env=BARE, check=False).returncode == 0
    with Store.open(tmp_path) as store:
        run = store.run(1)
    assert (run.kind, run.state, run.detail) == ("clean", "finished", "cleaned: 0 pages removed, 0.0 MB freed, 0 files changed")


def test_cleaning_waits_for_a_crawl_or_leaves_it_for_the_next_night(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    Store.open(tmp_path).close()
    line = line_of(tmp_path, "archive")
    assert "--wait 3600" in line
    with writer_lock(tmp_path):
        command = line.split(None, 5)[5].replace("--wait 3600", "--wait 0")
        assert subprocess.run(["/bin/sh", "-c", command], env=BARE, check=False).returncode == 0
    assert "another run holds the lock" in (tmp_path / "log" / "cron.log").read_text(encoding="utf-8")
    with Store.open(tmp_path) as store:
        assert store.run(1) is None


def test_an_empty_time_never_cleans(tmp_path: Path) -> None:
    (tmp_path / "vietlao.toml").write_text('[schedule]\nclean = ""\n', encoding="utf-8")
    assert [job.id for job in build_scheduler(load_home(tmp_path)).get_jobs()] == ["crawl", "digest"]


class Mailbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def handle_message(self, message) -> None:
        self.messages.append(str(message["Message-ID"]))


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


@contextmanager
def mail_server(box: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def test_a_digest_that_could_not_be_mailed_is_mailed_by_the_next_run_and_only_once(tmp_path: Path) -> None:
    port, box = free_port(), Mailbox()
    (tmp_path / "vietlao.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'sender = "monitor@example.org"\nrecipients = ["ana@example.org", "ben@example.org"]\n',
        encoding="utf-8",
    )

    Store.open(tmp_path).close()

    def digest() -> int:
        return CliRunner().invoke(main, ["--home", str(tmp_path), "digest", "--mail"]).exit_code

    assert digest() == 1
    with mail_server(box, port):
        assert digest() == 0
        assert digest() == 0
    with Store.open(tmp_path) as store:
        states = [delivery.state for number in (1, 2, 3) for delivery in store.deliveries(number)]
    assert states == ["sent"] * 6
    assert len(box.messages) == len(set(box.messages)) == 6
