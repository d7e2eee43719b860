"""One writer at a time, also when processes die."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from spiders.errors import Locked, UnusableStore
from store.lock import LOCK_NAME, alive, writer_lock

HOLDER = """
import sys
from store.lock import writer_lock
with writer_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""

PARENT = """
import subprocess, sys
from store.lock import writer_lock
with writer_lock(sys.argv[1]) as lock:
    import os
    child = subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[1]], pass_fds=[lock.fd],
                             env=os.environ | lock.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
    sys.stdin.read()
"""

ORPHAN = """
import pathlib, sys, time
from store.lock import writer_lock
with writer_lock(sys.argv[1]):
    pathlib.Path(sys.argv[1], "ready").touch()
    while True:
        time.sleep(60)
"""


def start(code, *arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


@pytest.fixture
def holder(tmp_path):
    process, said = start(HOLDER, tmp_path)
    assert said == "held"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_told_who_holds_it_and_since_when(tmp_path, holder):
    with pytest.raises(Locked) as caught, writer_lock(tmp_path):
        pass
    assert caught.value.exit_code == 75
    message = str(caught.value)
    assert f"process {holder.pid} since 20" in message
    assert str(tmp_path) in message


def test_a_killed_holder_leaves_nothing_to_clear_away(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / LOCK_NAME).exists()
    with writer_lock(tmp_path) as lock:
        assert f'"pids": [{os.getpid()}]' in lock.path.read_text()


def test_waiting_for_it(tmp_path, holder):
    timer = threading.Timer(0.3, holder.kill)
    timer.start()
    with writer_lock(tmp_path, wait=60):
        assert holder.wait() == -signal.SIGKILL
    timer.join()


def test_nested_use_in_one_process(tmp_path):
    with writer_lock(tmp_path) as outer, writer_lock(tmp_path / "x" / "..") as inner:
        assert inner == outer
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(outer.fd)


def test_two_homes_do_not_meet(tmp_path):
    with writer_lock(tmp_path / "a") as one, writer_lock(tmp_path / "b") as other:
        assert one.fd != other.fd


def test_a_child_protects_the_home_after_its_parent_was_killed(tmp_path):
    parent, child = start(PARENT, tmp_path, ORPHAN)
    try:
        wait_until(lambda: (tmp_path / "ready").exists())
        parent.kill()
        parent.communicate()
        with pytest.raises(Locked, match=f"process {child} "), writer_lock(tmp_path):
            pass
    finally:
        os.kill(int(child), signal.SIGKILL)
    with writer_lock(tmp_path, wait=60):
        pass


def test_an_inherited_number_that_is_another_file_is_not_the_lock(tmp_path, monkeypatch):
    other = os.open(tmp_path, os.O_RDONLY)
    monkeypatch.setenv("VIETLAO_LOCK_FD", str(other))
    process, said = start(HOLDER, tmp_path / "home")
    try:
        assert said == "held"
        with pytest.raises(Locked), writer_lock(tmp_path / "home"):
            pass
    finally:
        process.kill()
        process.communicate()
        os.close(other)


def test_a_home_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    told = pytest.raises(UnusableStore, match=r"file/home may not be written .*name another --home")
    with told, writer_lock(tmp_path / "file" / "home"):
        pass


@pytest.mark.parametrize("content", ["", "not json", "{}", '{"pids": "x", "since": "never"}'])
def test_an_unreadable_holder_is_another_process(tmp_path, holder, content):
    (tmp_path / LOCK_NAME).write_text(content)
    with pytest.raises(Locked, match=r"another process\)"), writer_lock(tmp_path):
        pass


def test_who_is_alive():
    assert alive(os.getpid())
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert not alive(done.pid)


def wait_until(happened, polls=3000):
    """Poll for what another process does, a minute at most."""
    event = threading.Event()
    while not happened():
        assert (polls := polls - 1), "the other process did not get there"
        event.wait(0.02)
