"""``vietlao archive``: what the archive holds, checked and cleaned."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from monitor.app import App
from monitor.commands.archive import archive
from spiders.errors import UnusableStore
from store.archive import Archive
from store.database import Store
from store.records import Decided, Reading


@pytest.fixture
def filled(tmp_path, make):
    """A home with a kept page and a dropped one, archived so many days ago."""

    def fill(days):
        clock = make.Clock(datetime.now(UTC) - timedelta(days=days))
        with Store.open(tmp_path, clock) as store, Archive(tmp_path, store) as kept:
            for name in ("keep", "drop"):
                page = make.page(make.found(name), name.encode() * 99)
                reading = Reading(make.article(page.found, text=name * 99), make.verdict(name))
                store.save_page(page, [Decided("judged", "ok", name)], reading, kept.keep(page))
        return tmp_path

    return fill


def run(home, *words):
    result = CliRunner().invoke(archive, words, obj=App(str(home)), catch_exceptions=False)
    return result.exit_code, [" ".join(line.split()) for line in result.output.splitlines()]


def test_what_is_held(filled):
    home = filled(days=1)
    code, lines = run(home)
    goes = (datetime.now(UTC) + timedelta(days=59)).date()
    assert code == 0
    assert lines[1:] == [f"dropped 1 0.0 MB {goes}", "keep 1 0.0 MB never", "0.0 MB in 1 file"]


def test_cleaning(filled):
    home = filled(days=61)
    assert run(home)[1][-1] == "0.0 MB in 1 file; the time of 1 page is over (--clean removes them)"
    assert run(home, "--clean")[1][0] == "archive cleaned: 1 page removed, 0.0 MB freed, 1 file changed"
    assert run(home, "--check")[1][1:] == ["keep 1 0.0 MB never", "0.0 MB in 1 file", "every page can be read"]


def test_a_damaged_file_fails_the_run_of_one_night(filled):
    home = filled(days=61)
    (path,) = (home / "archive").iterdir()
    path.write_bytes(path.read_bytes()[:200])
    code, lines = run(home, "--clean")
    assert code == 1
    assert any("cannot be read whole. `vietlao archive --check` names these pages" in line for line in lines), lines
    assert run(home, "--clean")[0] == 0
    assert run(home, "--check")[0] == 1
    with Store.open(home) as store:
        first, second = store.run(1), store.run(2)
    assert (first.kind, first.state, second.state) == ("clean", "failed", "finished")
    assert "is damaged, so it stays as it is" in first.detail


def test_a_file_that_the_store_does_not_know_is_named_with_what_to_do(filled):
    home = filled(days=1)
    (path,) = (home / "archive").iterdir()
    unknown = path.rename(path.with_name("2020-01-01.warc.gz"))
    with Store.open(home) as store:
        store.db.execute("UPDATE page SET record = record || 'x'")
        store.db.conn.commit()
    code, lines = run(home, "--clean")
    assert code == 0
    assert any(f"{unknown} holds pages that this store does not know" in line for line in lines), lines
    assert unknown.exists()


def test_a_kill_at_any_moment_loses_no_page(filled):
    """kill -9 right before each step that changes something: what the store knows can be read, and the next one ends it."""
    for step in ("replace", "move_pages", "unlink"):
        home = filled(days=61)
        script = KILLED.format(step=step, home=str(home))
        killed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
        assert killed.returncode == -9, killed.stderr
        assert run(home, "--check")[1][-1] == "every page can be read"
        assert run(home, "--clean", "--check")[1][-2:] == ["0.0 MB in 1 file", "every page can be read"]
        for path in [home / "news.db", *(home / "archive").iterdir()]:
            path.unlink()


KILLED = """
import os, signal
from pathlib import Path
from datetime import UTC, datetime
from store.database import Store
from store.retention import clean_up

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

owner = Store if {step!r} == "move_pages" else Path
setattr(owner, {step!r}, die)
with Store.open({home!r}) as store:
    clean_up(store, Path({home!r}), datetime.now(UTC))
"""


def test_checking_names_what_is_damaged(filled):
    home = filled(days=1)
    (path,) = (home / "archive").iterdir()
    data = bytearray(path.read_bytes())
    with Store.open(home) as store:
        offset, length = next((page.offset, page.length) for page in store.archived_pages() if page.id == 2)
    data[offset + length - 40 : offset + length - 20] = bytes(20)
    path.write_bytes(data)
    code, lines = run(home, "--check")
    assert code == 1
    assert any(line.startswith("https://bao-a.vn/tin-drop: ") for line in lines), lines
    assert lines[-1] == "pages that cannot be read: 1"
    assert sum(" is damaged at byte " in line for line in lines) == 1, lines


def test_checking_reads_the_records_that_are_no_pages_too(filled):
    home = filled(days=1)
    (path,) = (home / "archive").iterdir()
    data = bytearray(path.read_bytes())
    with Store.open(home) as store:
        page = next(page for page in store.archived_pages() if page.id == 1)
    request = page.offset + page.length
    data[request + 100 : request + 200] = bytes(100)
    path.write_bytes(data)
    code, lines = run(home, "--check")
    assert code == 1
    damage = f"archive/{path.name} is damaged at byte {request:,}: "
    assert sum(line.startswith(damage) for line in lines) == 1, lines
    assert lines[-2:][0] == "every page can be read"
    assert lines[-1].startswith("other damaged places: 1; ")


def test_checking_takes_a_half_written_end_for_no_damage(filled):
    home = filled(days=1)
    (path,) = (home / "archive").iterdir()
    data = path.read_bytes()
    with path.open("ab") as file:
        file.write(data[:150])
    assert run(home, "--check")[0] == 0


def test_an_empty_home(tmp_path):
    Store.open(tmp_path).close()
    assert run(tmp_path, "--clean", "--check")[0] == 0


def test_a_home_without_a_store(tmp_path):
    with pytest.raises(UnusableStore, match=r"no store in .* yet: `vietlao crawl` makes it"):
        run(tmp_path)
    assert list(tmp_path.iterdir()) == []
