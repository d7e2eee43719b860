"""Pages that people hand over: from standard input, and what is no text at all."""

import json
import os
import random
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main

PAGE = (Path(__file__).resolve().parents[1] / "extract" / "pages" / "no-h1.html").read_bytes()
RANDOM = random.Random(7).randbytes(5000)
BINARY = {
    "random": RANDOM,
    "png": b"\x89PNG\r\n\x1a\n" + RANDOM,
    "deflated": zlib.compress(RANDOM),
    "utf-16": b"\x00\x01\x02\x03" * 999,
}


def vietlao(*words: str, given: bytes = b""):
    return CliRunner().invoke(main, list(words), input=given)


def test_a_page_from_standard_input_is_read_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    (by_file,), (by_pipe,) = (
        vietlao("extract", "--json", name, "--url", "https://bao.example/1", given=PAGE).stdout.splitlines()
        for name in (str(path), "-")
    )
    assert json.loads(by_pipe) == json.loads(by_file)
    told = [vietlao("judge", "--explain", name, given=PAGE).output for name in (str(path), "-")]
    assert told[0] == told[1]
    assert told[0].startswith("keep, score ")


def test_the_pipe_may_be_a_real_one() -> None:
    command = [sys.executable, "-m", "monitor.cli", "extract", "--json", "-"]
    done = subprocess.run(command, input=PAGE, capture_output=True, check=False, env=os.environ | {"LC_ALL": "C"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["title"]


@pytest.mark.parametrize("kind", BINARY)
@pytest.mark.parametrize("name", ["-", "file"])
def test_what_is_no_text_is_refused_and_never_an_article(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(BINARY[kind])
    named = "-" if name == "-" else str(path)
    said = vietlao("extract", "--json", named, given=BINARY[kind])
    assert said.exit_code == 1
    assert json.loads(said.stdout)["error"].startswith("it is not text but binary data")
    said = vietlao("judge", "--explain", named, given=BINARY[kind])
    assert (said.exit_code, "it is not text but binary data" in said.output) == (2, True)


@pytest.mark.parametrize("body", [b"", b"<p>\x00</p>", "<p>Một dòng</p>".encode("utf-16"), "<p>Tin Lào \ufffd</p>".encode()])
def test_odd_but_readable_pages_are_read(body: bytes) -> None:
    assert vietlao("extract", "--json", "-", given=body).exit_code == 0
