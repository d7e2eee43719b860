"""Pages a second on one core: triage, extraction and judging against extractors that read every page.

A stream of real pages (../shared/pages beside the checkout, or a folder of .html files) in which 3 of 100 are relevant: real
pages that were given one of the project's own core articles in place of their own headlines and paragraphs. Peers are
measured when they are installed:

    make bench-relevance
    build/peers/bin/python benchmarks/relevance_triage.py [FOLDER] [PAGES]
"""

import gc
import importlib
import json
import logging
import re
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import trafilatura

import seeds
from extract.to_article import to_article
from relevance.judge import document_of, judge
from relevance.second_look import first_look
from relevance.topic import load_topic
from spiders.page import Found, Page

CHECKOUT = Path(__file__).resolve().parents[1]
ARTICLES = CHECKOUT / "tests" / "relevance" / "articles" / "articles-vi.jsonl"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
RELEVANT = 3
SECONDS = 2.0
_OWN_TEXT = re.compile(rb"<h1\b.*?</h1>|<p\b.*?</p>", re.IGNORECASE | re.DOTALL)


def stream(folder: Path, pages: int) -> list[bytes]:
    """Real pages in turn, of which every hundred holds three with a core article as their text."""
    real = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    if not real:
        sys.exit(f"there are no .html files in {folder}; name a folder of saved pages")
    rows = [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    core = [row for row in rows if row["label"] == 2]
    given = [real[number % len(real)] for number in range(pages)]
    for number in range(0, pages, 100):
        for place in range(RELEVANT):
            at = number + place * 33
            if at < pages:
                given[at] = dressed(given[at], core[(number + place) % len(core)])
    return given


def dressed(body: bytes, row: dict[str, str]) -> bytes:
    """The page with this article and no other: with two, readers would differ in which of them they take for the page's."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in row["text"].split("\n"))
    article = f"<article><h1>{escape(row['title'])}</h1>{paragraphs}</article>".encode()
    return re.sub(rb"(<body[^>]*>)", lambda match: match[1] + article, _OWN_TEXT.sub(b"", body), count=1)


def ours() -> Callable[[bytes], object]:
    folder = Path(seeds.__file__).parent
    topic = load_topic(folder / "topic.toml", folder / "people.toml")
    found = Found("https://example.vn/a-1.html", "https://example.vn/a-1.html", "", "", "given")

    def read(body: bytes) -> object:
        if not first_look(body, "text/html", topic).showable:
            return None
        page = Page(found, found.url, 200, (("Content-Type", "text/html"),), body, NOW)
        return judge(document_of(to_article(page, None, now=NOW)), topic).decision

    return read


def news_please() -> Callable[[bytes], object]:
    module = importlib.import_module("newsplease")
    url = "https://example.vn/a-1.html"
    return lambda body: module.NewsPlease.from_html(body.decode("utf-8", "replace"), url=url, fetch_images=False)


def newspaper() -> Callable[[bytes], object]:
    module = importlib.import_module("newspaper")

    def read(body: bytes) -> object:
        article = module.Article("https://example.vn/a-1.html", fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return article.text

    return read


def readability() -> Callable[[bytes], object]:
    module = importlib.import_module("readability")
    return lambda body: module.Document(body.decode("utf-8", "replace")).summary()


READERS: dict[str, Callable[[], Callable[[bytes], object]]] = {
    "vietlao (triage, extract, judge)": ours,
    "trafilatura on every page": lambda: trafilatura.bare_extraction,
    "readability": readability,
    "newspaper4k, no images": newspaper,
    "news-please, no images": news_please,
}


def rate(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    """Pages a second of processor time, over as many rounds of the stream as fill :data:`SECONDS`."""
    read(pages[0])
    gc.collect()
    rounds, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        for body in pages:
            read(body)
        rounds += 1
    return rounds * len(pages) / (time.process_time() - start)


def offline(*_: object) -> None:
    """In place of connecting and looking names up: some readers fetch pictures or lists unasked, and none of them shall."""
    raise OSError("the benchmark reaches no address")


def main() -> None:
    socket.socket.connect = offline  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = offline  # type: ignore[assignment]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT.parent / "shared" / "pages"
    pages = stream(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    logging.disable(logging.CRITICAL)
    base = 0.0
    for name, make in READERS.items():
        try:
            read = make()
        except ImportError as error:
            print(f"{name:<36} not installed ({error.name})")
            continue
        value = rate(read, pages)
        base = base or value
        print(f"{name:<36} {value:8.1f} pages a second; vietlao is {base / value:.1f} times as fast", flush=True)


if __name__ == "__main__":
    main()
