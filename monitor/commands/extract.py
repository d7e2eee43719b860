"""``vietlao extract``."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from unicodedata import category

import click

from extract.article import Article
from extract.encoding import decode
from extract.markup.claims import read_claims
from extract.markup.tree import parse
from extract.output import article_json
from extract.quality import SENTENCES
from extract.to_article import to_article
from monitor.app import App, pass_app
from spiders.errors import MonitorError
from spiders.page import Found, Page
from spiders.sources import Source, source_of

Fetch = Callable[[App, str], Page]

STDIN = "-"
# Characters that no page has: controls, private ones and those that no alphabet has given out. Of 112 recorded pages none has
# any; of random bytes, images and programs 12 to 75 % of the characters are such, whatever they are decoded as.
NO_TEXT = ("Cc", "Cn", "Co", "Cs")
WHITE = "\t\n\r\f\v\x85"
LOOKED_AT = 60_000
STRANGE = 0.01
FEWEST_STRANGE = 10


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a page, in the order given.")
@click.option("--url", metavar="URL", help="The address a FILE was fetched from (default: the one the page names).")
@pass_app
@click.pass_context
def extract(ctx: click.Context, app: App, inputs: tuple[str, ...], as_json: bool, url: str | None) -> None:
    """Show what is extracted from saved pages or from addresses.

    A FILE (- for standard input) is read without any network; an address is fetched as a crawl would. The rules of the source
    that the address belongs to are used, where there is one. Exit code 1 when some input could not be read or fetched.

    \b
    Example:
      vietlao extract --json page.html --url https://en.qdnd.vn/military/news/some-article-552224
    """
    if url and len(inputs) > 1:
        raise click.UsageError("--url goes with one FILE; several were given")
    if url and not _is_address(url):
        raise click.UsageError(f"--url {url!r} is not an address: it begins with http:// or https://")
    failed = False
    out = sys.stdout.buffer
    for name, result in results(app, inputs, url, _fetch, app.clock()):
        failed |= isinstance(result, str)
        if isinstance(result, str):
            app.warn(f"{name}: {result}")
        out.write((_line(name, result) if as_json else _readable(result)).encode())
        out.flush()
    ctx.exit(1 if failed else 0)


def results(
    app: App, inputs: tuple[str, ...], url: str | None, fetch: Fetch, now: datetime
) -> Iterator[tuple[str, Article | str]]:
    """Each input with its article, or with a sentence about why there is none."""
    for name in inputs:
        try:
            page = fetch(app, name) if _is_address(name) else page_of(name, bytes_of(name), url, now)
        except (OSError, MonitorError) as error:
            yield name, f"cannot be read: {error.strerror or error}" if isinstance(error, OSError) else str(error)
            continue
        yield name, to_article(page, _source(app, page.url), now=now)


def page_of_file(path: Path, url: str | None, now: datetime) -> Page:
    """A saved page as if it had been fetched now from ``url``, or from the address that the page names. Raises OSError, and
    MonitorError for what is no text."""
    return page_of(str(path), path.read_bytes(), url, now)


def page_of(name: str, body: bytes, url: str | None, now: datetime) -> Page:
    """The same for bytes that a file of that name (``-``: standard input) gave."""
    text = decode(body).text
    refuse_binary(text)
    usual = "file:///dev/stdin" if name == STDIN else Path(name).resolve().as_uri()
    address = url or next(iter(read_claims(parse(text), "").canonical), usual)
    found = Found(address, address, "", name, "given")
    return Page(found, address, 200, (("Content-Type", "text/html"),), body, now)


def bytes_of(name: str) -> bytes:
    """What a file holds, or standard input for ``-``. Raises OSError."""
    return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()


def refuse_binary(text: str) -> None:
    """Raises MonitorError for what was decoded from an image, an archive or random bytes: an "article" in it means nothing."""
    seen = text[:LOOKED_AT]
    strange = sum(char not in WHITE and category(char) in NO_TEXT for char in seen) + seen.count("\ufffd")
    if strange > max(FEWEST_STRANGE, STRANGE * len(seen)):
        raise MonitorError("it is not text but binary data: give a page as HTML (unpacked, if it is compressed)")


def _fetch(app: App, url: str) -> Page:
    from monitor.fetch import fetch_page  # it brings Scrapy, which reading a FILE should not wait for

    return fetch_page(app, url)


def _is_address(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _source(app: App, url: str) -> Source | None:
    return source_of(url, app.sources)


def _line(name: str, result: Article | str) -> str:
    value = {"url": name, "error": result} if isinstance(result, str) else article_json(result)
    return json.dumps(value, ensure_ascii=False) + "\n"


def _readable(result: Article | str) -> str:
    """An article for a terminal: the facts, what is wrong, the text."""
    if isinstance(result, str):
        return ""
    values = article_json(result)
    facts = ("url", "title", "published", "published_source", "author", "credit", "translator", "lang", "extractor")
    lines = [f"{key:16} {values[key]}" for key in facts if values[key]]
    lines += [f"{'quality':16} {code}: {SENTENCES[code]}" for code in result.quality]
    lines += [f"{'note':16} {note}" for note in result.notes]
    return "\n".join([*lines, "", result.text, "", ""])
