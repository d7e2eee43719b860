"""Whether pages can be rendered here: the optional extra, and the system's own Chromium. Imports neither.

Chromium is given no network of its own: no name can be resolved, and everything, loopback included, is sent to a proxy whose
name is one of those. Whatever a page needs is fetched by :mod:`spiders.browser_page` through Scrapy's own downloader, so every
rule of a crawl holds for it; certificates are verified there too, against the same authorities (SSL_CERT_FILE).
"""

import os
import shutil
from importlib.util import find_spec
from typing import Any

from scrapy.settings import BaseSettings

NAMES = ("chromium", "chromium-browser")  # as Debian calls it, as others do
NOWHERE = {"server": "http://nowhere.invalid:1", "bypass": "<-loopback>"}  # RFC 6761: .invalid never resolves
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # names and proxies would not hold back its UDP
    "--blink-settings=imagesEnabled=false",
)
HOW = "needs a browser"


def program(named: str = "") -> str | None:
    """The path of Chromium: the program that VIETLAO_CHROMIUM names, else the one on PATH; None when there is none."""
    candidates = (named,) if named else NAMES
    return next(filter(None, map(shutil.which, candidates)), None)


def missing(named: str = "") -> str | None:
    """What keeps pages from being rendered here and what to do about it, or None. ``named`` is VIETLAO_CHROMIUM."""
    wanted = []
    if find_spec("scrapy_playwright") is None:
        wanted.append("install the extra (pip install 'vietlao[browser]')")
    if program(named) is None:
        wanted.append(
            f"VIETLAO_CHROMIUM names {named}, which is no program" if named else "install Chromium (apt install chromium)"
        )
    return f"{HOW}: {'; '.join(wanted)}" if wanted else None


def has_sandbox(settings: BaseSettings) -> bool:
    """Whether Chromium runs inside its sandbox: always, but for root, who cannot have it, and where VIETLAO_CHROMIUM_SANDBOX
    is switched off, for containers that forbid it."""
    return os.geteuid() != 0 and settings.getbool("VIETLAO_CHROMIUM_SANDBOX")


def launch_options(settings: BaseSettings) -> dict[str, Any]:
    """How Playwright is to start Chromium; it never looks for, or downloads, one of its own."""
    return {
        "executable_path": program(settings.get("VIETLAO_CHROMIUM") or ""),
        "chromium_sandbox": has_sandbox(settings),
        "proxy": NOWHERE,
        "args": list(ARGUMENTS),
        "timeout": 60_000,
        "handle_sigint": False,  # the crawl ends in order and closes it
        "handle_sigterm": False,
        "handle_sighup": False,
    }
