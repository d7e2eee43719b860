"""``vietlao judge``."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import click

from extract.to_article import to_article
from monitor.app import App, pass_app
from monitor.commands.extract import bytes_of, page_of, refuse_binary
from relevance.explain import explain_html, explain_text
from relevance.judge import document_of
from relevance.judge import judge as judge_document
from relevance.lines import Line, read_line
from relevance.topic import Topic, load_topic
from relevance.verdict import Document, Verdict
from spiders.errors import MonitorError
from spiders.page import Page
from spiders.sources import source_of

Fetch = Callable[[App, str], Page]


@click.command()
@click.option(
    "--jsonl",
    type=click.File("rb"),
    metavar="FILE",
    help="Judge the lines of FILE (- for standard input): JSON objects with text and, if known, id title url site lang.",
)
@click.option(
    "--explain",
    metavar="FILE|URL",
    help="Show one article (a saved page or plain text, - for standard input, or an address) with its evidence.",
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT", help="With --explain: write a page to OUT."
)
@click.option("--topic", "topic_path", type=click.Path(path_type=Path), metavar="FILE", help="Another topic file.")
@click.option("--people", "people_path", type=click.Path(path_type=Path), metavar="FILE", help="Another people file.")
@pass_app
@click.pass_context
def judge(
    ctx: click.Context,
    app: App,
    jsonl: BinaryIO | None,
    explain: str | None,
    html: Path | None,
    topic_path: Path | None,
    people_path: Path | None,
) -> None:
    """Decide what is relevant, and say why.

    With --jsonl, prints one JSON object a line in the same order: id, decision (keep, marginal or drop), score, reasons,
    why_not_more and rules. A malformed line is answered in its place with {"error"}; the rest goes on, and the exit code is 1.

    \b
    Example:
      vietlao judge --jsonl articles.jsonl
      vietlao judge --explain page.html --html why.html
    """
    if (jsonl is None) == (explain is None):
        raise click.UsageError("give either --jsonl FILE or --explain FILE|URL")
    if html and not explain:
        raise click.UsageError("--html goes with --explain")
    topic = topic_of(app, topic_path, people_path)
    if jsonl is not None:
        ctx.exit(judge_lines(app, jsonl, topic))
    elif explain is not None:
        _explain(app, document_from(app, explain, _fetch), topic, html)


def topic_of(app: App, topic_path: Path | None, people_path: Path | None) -> Topic:
    """The home's topic, or that of the given files (each may be given alone)."""
    if topic_path is None and people_path is None:
        return app.topic
    return load_topic(*topic_files(app, topic_path, people_path))


def topic_files(app: App, topic_path: Path | None, people_path: Path | None) -> tuple[Path, Path]:
    """The paths of the topic and people files: the given ones, else the home's."""
    return topic_path or app.seed("topic.toml"), people_path or app.seed("people.toml")


def judge_lines(app: App, lines: BinaryIO, topic: Topic) -> int:
    """Answers each line as it comes; the exit code is 1 when one was malformed. Blank lines are passed over."""
    out = sys.stdout.buffer
    failed = 0
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        line = read_line(raw)
        if isinstance(line, str):
            failed = 1
            app.warn(f"line {number}: {line}")
        out.write(_answer(line, topic).encode("utf-8", "backslashreplace") + b"\n")
        out.flush()
    return failed


def _answer(line: Line | str, topic: Topic) -> str:
    if isinstance(line, str):
        return json.dumps({"error": line}, ensure_ascii=False)
    return json.dumps({"id": line.id, **as_json(judge_document(line.document, topic))}, ensure_ascii=False)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON values."""
    return {
        "decision": verdict.decision,
        "score": verdict.score,
        "reasons": [
            {"term": reason.term, "group": reason.group, "place": reason.place, "weight": reason.weight}
            for reason in verdict.reasons
        ],
        "why_not_more": verdict.why_not_more,
        "rules": verdict.rules,
    }


def document_from(app: App, name: str, fetch: Fetch) -> Document:
    """The document of an address, a saved page, or a file of plain text. Raises MonitorError."""
    if name.startswith(("http://", "https://")):
        return _extracted(app, fetch(app, name))
    try:
        body = bytes_of(name)
    except OSError as error:
        raise MonitorError(f"{name}: cannot be read: {error.strerror}") from None
    try:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return _extracted(app, page_of(name, body, None, app.clock()))
        text = body.decode("utf-8", "replace")
        refuse_binary(text)
    except MonitorError as error:
        raise MonitorError(f"{name}: {error}") from None
    return Document(text)


def _extracted(app: App, page: Page) -> Document:
    return document_of(to_article(page, source_of(page.url, app.sources), now=app.clock()))


def _explain(app: App, document: Document, topic: Topic, html: Path | None) -> None:
    if html is None:
        colour = app.console.is_terminal and "NO_COLOR" not in os.environ
        click.echo(explain_text(document, topic, colour=colour), nl=False, color=colour)
        return
    try:
        html.write_text(explain_html(document, topic), encoding="utf-8")
    except OSError as error:
        raise MonitorError(f"{html}: cannot be written: {error.strerror}") from None
    app.say(f"wrote {html}")


def _fetch(app: App, url: str) -> Page:
    from monitor.fetch import fetch_page  # it brings Scrapy, which reading a FILE should not wait for

    return fetch_page(app, url)
