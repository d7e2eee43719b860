"""Ctrl-C and SIGTERM in the middle of work: a word at once, what was fetched kept, the store and the digest told."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.config import load_home
from monitor.replica.server import Replica
from monitor.schedule import build_scheduler, end_jobs, run_job
from store.database import Store
from store.lock import writer_lock

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SOURCES = '["qdnd-en", "vietnamplus"]'
# the command as a terminal starts it: a shell that runs the tests in the background has Ctrl-C ignored, which is inherited
HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from monitor.cli import main; main()"


@pytest.fixture(autouse=True)
def hearing() -> Iterator[None]:
    """The same for commands that run in this process."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def begin(web: Replica, home: Path, *words: str) -> "subprocess.Popen[str]":
    plain = {"VIETLAO_LOOPBACK": "1", "VIETLAO_CRAWL__DELAY": "0.5", "VIETLAO_CRAWL__SOURCES": SOURCES}
    command = [sys.executable, "-c", HEARING, "--home", str(home), *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=os.environ | web.environment | plain, stdout=pipe, stderr=pipe, text=True)


def wait_for(what: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    while not what():
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail("".join(process.communicate()))


def both_have_begun(web: Replica) -> bool:
    """A feed and a listing were answered; at half a second a request, a dozen at either paper waits."""
    answered = {(one.host, f"{one.path}/".split("/")[1]) for one in list(web.requests) if one.status == 200}
    return {("en.qdnd.vn", "military"), ("www.vietnamplus.vn", "rss")} <= answered


@pytest.mark.parametrize(("command", "number"), [("crawl", signal.SIGINT), ("run", signal.SIGTERM)])
def test_a_crawl_that_is_stopped_says_so_and_the_digest_knows(tmp_path: Path, command: str, number: signal.Signals) -> None:
    with Replica() as web:
        process = begin(web, tmp_path, command)
        wait_for(lambda: both_have_begun(web), process)
        process.send_signal(number)
        assert process.stderr.readline() == (
            "stopping; what was fetched is kept (requests under way end first; once more ends at once)\n"
        )
        out, err = process.communicate()
    assert (process.returncode, err) == (130, "")
    assert "0 of 2 sources read: " in out
    assert "not read to the end: the crawl was stopped before " in out
    assert "what was fetched is stored, and the next crawl goes on from there" in out
    assert ("no digest was made" in out) == (command == "run")
    with Store.open(tmp_path) as store:
        run = store.run(1)
    assert (run.state, run.detail) == ("interrupted", f"stopped by {number.name}")
    done = CliRunner().invoke(main, ["--home", str(tmp_path), "digest"], env={"VIETLAO_CRAWL__SOURCES": SOURCES})
    assert "(2 sources not read to the end)" in done.output
    (page,) = (tmp_path / "digests").glob("*-daily.txt")
    told = page.read_text(encoding="utf-8")
    assert "0/2 sources read" in told
    assert "! Not read to the end: " in told
    assert "shutdown" not in told
    log = (tmp_path / "log" / "crawl.log").read_text(encoding="utf-8").splitlines()
    assert any("2 sources; sources and rules: those of the program" in line for line in log)
    for line in log:
        assert abs(datetime.now(UTC) - datetime.fromisoformat(line[:23].replace(" +07", "+07:00"))) < timedelta(hours=1), line


def test_asked_twice_a_crawl_ends_at_once_and_is_interrupted_all_the_same(tmp_path: Path) -> None:
    with Replica() as web:
        process = begin(web, tmp_path, "crawl")
        wait_for(lambda: both_have_begun(web), process)
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 130
    with Store.open(tmp_path) as store:
        assert store.run(1).state == "interrupted"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_any_command_that_is_stopped_leaves_no_run_that_seems_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    Store.open(tmp_path).close()

    def stopped_meanwhile(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)

    monkeypatch.setattr("monitor.digests.make_digest", stopped_meanwhile)
    before = signal.getsignal(number)
    result = CliRunner().invoke(main, ["--home", str(tmp_path), "digest"])
    assert (result.exit_code, "Aborted" in result.output) == (130, False)
    assert capfd.readouterr().err == "stopping; what was stored is kept\n"
    assert signal.getsignal(number) is before
    with Store.open(tmp_path) as store:
        assert (store.run(1).state, store.run(1).detail) == ("interrupted", "stopped by hand")


def test_a_signal_that_whoever_started_us_ignores_stays_ignored(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    command = f"trap '' HUP; exec {sys.executable} -c 'import os, signal; from monitor.stopping import ending_in_order\n"
    command += "with ending_in_order(): os.kill(os.getpid(), signal.SIGHUP); print(1)'"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_the_schedule_ends_the_jobs_that_are_at_work(tmp_path: Path) -> None:
    (tmp_path / "vietlao.toml").write_text('[schedule]\ncrawl = "0 0 1 1 *"\nclean = ""\n', encoding="utf-8")
    Store.open(tmp_path).close()
    home = load_home(tmp_path)
    at_work: set[subprocess.Popen[bytes]] = set()
    with writer_lock(tmp_path):  # the digest waits for it
        job = Thread(target=run_job, args=(home, "digest", at_work))
        job.start()
        while not at_work:
            job.join(0.05)
        end_jobs(at_work)
        job.join()
    assert not at_work
    assert [one.args[2] for one in build_scheduler(home, at_work).get_jobs()] == [at_work, at_work]


def test_the_schedule_itself_ends_with_130(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "schedule"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert process.returncode == 130
    assert out.endswith("stopped; what was stored is kept, and the next start goes on from there\n")
    assert err == "stopping; what was stored is kept\n"
