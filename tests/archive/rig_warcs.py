"""WARC files made to measure, and tasks that do what pages should not."""

import gzip
import os
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from monitor.replica.answers import Request
from monitor.replica.stories import load_stories
from monitor.replica.web import Web
from store.batch.crew import Job
from store.batch.work import Examined
from store.examine import Examination
from store.records import Decided

HTML = ("Content-Type", "text/html; charset=utf-8")
DATE = "2026-03-01T05:00:00Z"


def response(url="https://bao-a.vn/tin-1", body=b"<html><p>x", status="200 OK", headers=(HTML,), date=DATE, **warc):
    """One response record, plain."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return record("response", url, head + body, date, **warc)


def record(kind, url, block=b"", date=DATE, **warc):
    """Any record, plain. ``warc`` are further WARC headers, with underscores for hyphens."""
    headers = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": date}
    headers |= {name.replace("_", "-"): value for name, value in warc.items()} | {"Content-Length": len(block)}
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in headers.items() if value is not None)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def request(url):
    return record("request", url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def packed(*records):
    """A WARC file as it should be: a gzip member for each record."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def stories(count, kinds=("keep", "marginal", "drop")):
    """Articles of the small web of papers: address and response."""
    web = Web()
    chosen = [story for story in load_stories() if story.label in kinds and web_body(web, story.url)][:count]
    return [(story.url, web_body(web, story.url)) for story in chosen]


def web_body(web, url):
    parts = urlsplit(url)
    answer = web.answer(Request("GET", parts.scheme, parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")))
    return answer.body if answer.status == 200 and len(answer.body) > 3000 else b""


@dataclass(frozen=True)
class Saying:
    """A task that answers with a word."""

    word: str

    def done(self, setup):
        return Examined(Examination([Decided("judged", "ok", f"{self.word} {setup.topic.rules}")]))


@dataclass(frozen=True)
class Hanging:
    def done(self, setup):
        while True:
            pass


@dataclass(frozen=True)
class Dying:
    """Dies as a crash in a library would; from the second time on it lives, when it leaves traces in ``marks``."""

    marks: str = ""

    def done(self, setup):
        if not self.marks or not Path(self.marks).exists():
            if self.marks:
                Path(self.marks).touch()
            os.abort()
        return Saying("alive").done(setup)


@dataclass(frozen=True)
class Hungry:
    def done(self, setup):
        return Saying(str(len(bytearray(8 * 2**30)))).done(setup)


@dataclass(frozen=True)
class Slow:
    """Takes its time without using the processor."""

    word: str
    seconds: float

    def done(self, setup):
        time.sleep(self.seconds)
        return Saying(self.word).done(setup)


def job(task):
    return Job(task)
