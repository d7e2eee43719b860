"""Addresses that look like articles where they are listed, and misbehave when they are asked."""

import zlib
from collections.abc import Iterator
from functools import cache
from threading import Event

from monitor.replica import render
from monitor.replica.answers import Answer, Stream, page, redirect
from monitor.replica.sites import Site, Trap

MIB = 1 << 20
TOO_BIG = 24 * MIB  # above the body cap of any sensible crawler (ours: 16 MiB), sent in a fraction of a second
SLOW_PIECES, FOREVER_PIECES = 10, 3000  # of a fifth of a second each
PIECE_SECONDS = 0.2
GZIP_WINDOW = 31  # zlib: the largest window, with a gzip header (whose time stays 0)
TEXTS = {
    "empty": "",
    "slow": "Chuyên mục điểm lại những hoạt động nổi bật, được cập nhật vào sáng thứ tư hằng tuần.",
    "endless": "Bản tin còn tiếp tục.",
}
GONE_TEXT = "Bài viết không tồn tại hoặc đã bị gỡ bỏ."


def spring(trap: Trap, site: Site, faults: frozenset[str]) -> Answer:
    """What the trap answers."""
    html = "text/html; charset=utf-8" if site.encoding == "utf-8" else "text/html"
    if trap.kind in ("offsite", "inside"):
        return redirect(trap.to)
    if trap.kind == "busy":
        return Answer(503, b"", (("Retry-After", "1"),))
    if trap.kind == "slow":
        return Answer(200, b"", (("Content-Type", html),), _slowly(_notice(trap, site), "slow" in faults))
    if trap.kind == "endless":
        return Answer(200, b"", (("Content-Type", html),), _on_and_on(_notice(trap, site), "endless" in faults))
    if trap.kind == "bomb":
        return Answer(200, _bomb(), (("Content-Type", html), ("Content-Encoding", "gzip")))
    if trap.kind == "deleted":
        return page(render.notice(site, site.name, GONE_TEXT, canonical=f"{site.root}/"), html)
    status = {"missing": 404, "gone": 410, "error": 500}.get(trap.kind, 200)
    return page(_notice(trap, site), html, status=status)


def _notice(trap: Trap, site: Site) -> bytes:
    return render.notice(site, trap.title, TEXTS.get(trap.kind, GONE_TEXT))


def _slowly(body: bytes, forever: bool) -> Stream:
    """A body that arrives in drips. ``forever`` outlasts any sensible time limit."""
    pieces = FOREVER_PIECES if forever else SLOW_PIECES

    def drip(ending: Event) -> Iterator[bytes]:
        step = max(1, len(body) // pieces)
        for start in range(0, pieces * step, step):
            if ending.wait(PIECE_SECONDS):
                return
            yield body[start : start + step] or b" "
        yield body[pieces * step :] or b"\n"

    return drip


def _on_and_on(body: bytes, forever: bool) -> Stream:
    """A page whose body does not end."""

    def pour(ending: Event) -> Iterator[bytes]:
        yield body
        sent = 0
        while not ending.is_set() and (forever or sent < TOO_BIG):
            yield b"<!-- -->" * (MIB // 8)
            sent += MIB

    return pour


@cache
def _bomb() -> bytes:
    """64 MiB of blanks in 64 KiB of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP_WINDOW)
    return b"".join(packer.compress(b" " * MIB) for _ in range(64)) + packer.flush()
