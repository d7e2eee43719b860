"""A memory and a pipeline for crawls under test: they write what they are told as JSON lines to the file RECORD.

Runs inside the crawl's own process. Answers to ``discovered``, ``pending``, ``again`` and ``validators`` come from the file
KNOWN.
"""

import base64
import dataclasses
import json
import os
from datetime import datetime
from pathlib import Path

from spiders.memory import Again, Asked, SourceOutcome, Validators
from spiders.page import Found, Page


def plain(value):
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def write(kind, **data):
    with Path(os.environ["RECORD"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"kind": kind, **{key: plain(value) for key, value in data.items()}}, ensure_ascii=False) + "\n")


class Recorder:
    def __init__(self, crawler):
        self.crawler = crawler
        file = os.environ.get("KNOWN")
        known = json.loads(Path(file).read_text()) if file else {}
        self.known = set(known.get("urls", ()))
        self.waiting = [Found(**found) for found in known.get("pending", ())]
        self.old = [Again(Found(**old["found"]), Validators(**old["validators"])) for old in known.get("again", ())]
        self.kept = {address: Validators(**given) for address, given in known.get("validators", {}).items()}

    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler)

    def discovered(self, found: Found) -> bool:
        write("discovered", **plain(found))
        names = {name for name in (found.url, found.key) if name}
        fresh = not names & self.known
        self.known |= names
        return fresh

    def pending(self, source):
        return [found for found in self.waiting if found.source == source]

    def again(self, source):
        return [old for old in self.old if old.found.source == source]

    def decided(self, url, stage, outcome, reason, **data):
        write("decided", url=url, stage=stage, outcome=outcome, reason=reason, data=data)

    def validators(self, address):
        return self.kept.get(address, Validators())

    def asked(self, asked: Asked):
        write("asked", **plain(asked))

    def source_finished(self, outcome: SourceOutcome):
        write("outcome", **plain(outcome))

    def close(self):
        stats = self.crawler.stats.get_stats()
        write(
            "closed", **{name.removeprefix("vietlao/"): count for name, count in stats.items() if name.startswith("vietlao/")}
        )


class Stumbling(Recorder):
    """A memory with a bug."""

    def discovered(self, found):
        if "poison" in found.url:
            raise KeyError("a bug in the program")
        return super().discovered(found)


class Pages:
    def process_item(self, item: Page):
        write("page", **plain(item))
        return item
