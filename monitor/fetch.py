"""Pages for commands that look without storing: ``sources check`` and ``extract URL``. Each fetch is a child process."""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from monitor.app import App
from spiders.check import page_from_json
from spiders.errors import MonitorError
from spiders.page import Page


class NotFetched(MonitorError):
    """An address that gave no page; the text says why."""

    exit_code = 1


def environment(app: App) -> dict[str, str]:
    """What the child must know of this home."""
    crawl = app.home.config.crawl
    values = {"VIETLAO_SOURCES": str(app.seed("sources.toml")), "VIETLAO_CONTACT": crawl.contact}
    if crawl.delay is not None:
        values["VIETLAO_DELAY"] = str(crawl.delay)
    if crawl.proxy:
        values |= {"http_proxy": crawl.proxy, "https_proxy": crawl.proxy}
    return os.environ | values


def lines_of(app: App, module: str, arguments: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What a child says, one JSON object a line as it comes; its warnings go to standard error. Who has heard enough lets the
    child come to its end all the same, so that it never speaks into a closed pipe. Raises NotFetched when it ends badly."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment(app)) as child:
        said = child.stdout or StringIO()
        try:
            for line in said:
                yield json.loads(line)
        except BaseException:
            child.terminate()
            deque(said, maxlen=0)
            raise
    if child.returncode:
        raise NotFetched(f"the fetching process ended with code {child.returncode}; its message stands above")


def fetch_page(app: App, url: str) -> Page:
    """One page, fetched as a crawl would. Raises NotFetched with the reason when there is none."""
    page, reason = None, "nothing came back"
    for line in lines_of(app, "spiders.given", [url]):
        if line["kind"] == "page":
            page = page_from_json(line["page"])
        elif line["kind"] == "fate" or (line["kind"] == "source" and line["state"] == "skipped"):
            reason = line["reason"]
    if page is not None:
        return page
    raise NotFetched(reason)
