"""A real HTTP server on loopback, and crawls in a process of their own."""

import base64
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]


@dataclass
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"


@dataclass
class Asked:
    path: str
    headers: dict[str, str]


class Site:
    """Answers by path; a callable gets the handler and writes for itself or returns an Answer."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable] = {}
        self.requests: list[Asked] = []
        self.ending = threading.Event()

    def serve(self, tls: ssl.SSLContext | None = None) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.requests.append(Asked(self.path, {key.lower(): value for key, value in self.headers.items()}))
                answer = site.answers.get(self.path, Answer("not here", 404))
                if callable(answer):
                    answer = answer(self)
                if answer is not None:
                    send(self, answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.server.handle_error = lambda *_: None  # clients that hang up are part of the tests
        self.root = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()

    def paths(self) -> list[str]:
        return [asked.path for asked in self.requests]


@contextmanager
def serving(tls: ssl.SSLContext | None = None):
    """A site that answers until the block ends."""
    site = Site()
    site.serve(tls)
    try:
        yield site
    finally:
        site.stop()


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    handler.send_response(answer.status)
    headers = {"Content-Type": answer.kind, "Content-Length": str(len(body)), **answer.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if answer.status != 304:
        handler.wfile.write(body)


@dataclass
class Crawl:
    """What a crawl recorded."""

    lines: list[dict]
    log: str
    code: int

    def of(self, kind: str) -> list[dict]:
        return [line for line in self.lines if line["kind"] == kind]

    @property
    def pages(self) -> dict[str, dict]:
        return {page["found"]["url"]: page | {"body": base64.b64decode(page["body"])} for page in self.of("page")}

    @property
    def outcome(self) -> dict:
        (outcome,) = self.of("outcome")
        return outcome

    def asked(self, address: str) -> dict:
        (asked,) = [line for line in self.of("asked") if line["address"] == address]
        return asked

    def fate(self, url: str) -> tuple[str, str, str]:
        """Stage, outcome and reason of the last decision on an address."""
        last = [line for line in self.of("decided") if line["url"] == url][-1]
        return last["stage"], last["outcome"], last["reason"]


def toml(sources: list[dict]) -> str:
    """Enough TOML for sources: scalars, lists of strings, and the tables quirks and listings."""
    blocks = []
    for source in sources:
        flat = {key: value for key, value in source.items() if key not in ("quirks", "listings", "extract")}
        lines = ["[[source]]", *(f"{key} = {json.dumps(value)}" for key, value in flat.items())]
        for table in ("quirks", "extract"):
            if table in source:
                lines += [f"[source.{table}]", *(f"{key} = {json.dumps(value)}" for key, value in source[table].items())]
        for listing in source.get("listings", ()):
            lines += ["[[source.listings]]", *(f"{key} = {json.dumps(value)}" for key, value in listing.items())]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def run_crawl(
    folder: Path, sources: list[dict], settings: dict | None = None, known: dict | None = None, env: dict | None = None
) -> Crawl:
    """``scrapy crawl`` of the first source, in its own process, with the recorder as memory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(toml(sources), encoding="utf-8")
    (folder / "known.json").write_text(json.dumps(known or {}))
    record = folder / "record.jsonl"
    record.write_text("")
    given = {
        "VIETLAO_SOURCES": folder / "sources.toml",
        "VIETLAO_LOOPBACK": "1",
        "VIETLAO_DELAY": "0",
        "MEMORY": "rig_recorder.Recorder",
        "ITEM_PIPELINES": json.dumps({"rig_recorder.Pages": 1}),
        **(settings or {}),
    }
    arguments = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    command = [
        sys.executable,
        "-W",
        "error",
        "-W",
        "ignore::DeprecationWarning",
        "-m",
        "scrapy",
        "crawl",
        sources[0]["id"],
        *arguments,
    ]
    environment = clean_environment() | {"RECORD": str(record), "KNOWN": str(folder / "known.json")} | (env or {})
    ended = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return Crawl(lines, ended.stderr, ended.returncode)


def clean_environment() -> dict[str, str]:
    """The environment without proxies and settings of whoever runs the tests."""
    kept = {
        name: value for name, value in os.environ.items() if "proxy" not in name.lower() and not name.startswith("VIETLAO_")
    }
    return kept | {"PYTHONPATH": os.pathsep.join((str(HERE), str(CHECKOUT)))}


def source_at(root: str, **more) -> dict:
    """A source whose whole site is the loopback server."""
    plain = {"id": "paper", "name": "A paper", "languages": ["en"], "home": f"{root}/", "article": r"/[a-z0-9-]+-\d+\.html$"}
    return plain | more
