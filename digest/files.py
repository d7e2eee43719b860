"""Digests as files: ``digests/<date>-<time>-<profile>.html`` and ``.txt`` under the home, and an index of them.

Each file is there whole or not at all, and writing the same digest twice leaves the same files. No file of another digest of
that minute is written over: the later one has its number behind its name (``…-daily-review-12.html``).
"""

import html
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digest.render import render_index
from digest.wording import ZONE
from spiders.errors import MonitorError
from store.records import StoredDigest

FOLDER = "digests"
INDEX = "index.html"
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class UnwritableFolder(MonitorError):
    """The folder of the digests cannot be written: its rights, a full disk, a file in its place."""


@dataclass(frozen=True, slots=True)
class DigestFiles:
    """Where one digest lies."""

    html: Path
    text: Path
    index: Path


def stem(stored: StoredDigest) -> str:
    """A file name without its ending, from the window's end in Vietnam: ``2026-11-21-0700-daily``. Sorts by time."""
    return f"{stored.until.astimezone(ZONE):%Y-%m-%d-%H%M}-{stored.profile}"


def files_of(home: Path, stored: StoredDigest) -> DigestFiles:
    """Where a digest lies, or will lie: under its plain name unless another digest took that before."""
    folder = home / FOLDER
    plain = DigestFiles(folder / f"{stem(stored)}.html", folder / f"{stem(stored)}.txt", folder / INDEX)
    if _is_free(plain.html, stored.html) and _is_free(plain.text, stored.text):
        return plain
    name = f"{stem(stored)}-{stored.id}"
    return DigestFiles(folder / f"{name}.html", folder / f"{name}.txt", folder / INDEX)


def _is_free(path: Path, text: str) -> bool:
    """Whether nothing else than this text would be written over."""
    return not path.exists() or path.read_bytes() == text.encode("utf-8")


def write_digest(home: Path, stored: StoredDigest) -> DigestFiles:
    """Write a digest's two files and the folder's index. Raises UnwritableFolder."""
    folder = home / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = files_of(home, stored)
        write_whole(paths.html, stored.html)
        write_whole(paths.text, stored.text)
        write_whole(paths.index, render_index(entries(folder)))
    except OSError as error:
        raise UnwritableFolder(
            f"{folder}: the digest cannot be written there ({error.strerror}): mend the folder's rights or make room; "
            "the digest is kept in the store, and its files are written by the next run"
        ) from error
    return paths


def is_written(home: Path, stored: StoredDigest) -> bool:
    """Whether a digest's files exist."""
    paths = files_of(home, stored)
    return paths.html.exists() and paths.text.exists()


def entries(folder: Path) -> tuple[tuple[str, str], ...]:
    """The digests of a folder, newest first: file name and a line that tells it from others."""
    found = sorted((path for path in folder.glob("*.html") if path.name != INDEX), key=lambda path: path.stem, reverse=True)
    return tuple((path.name, f"{_title(path)} ({_moment(path.name)})") for path in found)


def _title(path: Path) -> str:
    found = TITLE.search(path.read_text(encoding="utf-8", errors="replace"))
    return html.unescape(found[1]) if found else path.stem


def _moment(name: str) -> str:
    """``07:00, daily`` of ``2026-11-21-0700-daily.html``; the name itself when somebody else put the file there."""
    found = re.fullmatch(r"\d{4}-\d\d-\d\d-(\d\d)(\d\d)-(.+)\.html", name)
    return f"{found[1]}:{found[2]}, {found[3]}" if found else name


def write_whole(path: Path, text: str) -> None:
    """Make ``path`` hold exactly ``text``: written beside it, forced to disk, renamed. One that holds it already is left."""
    data = text.encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A rename is safe on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
