"""``sources check``: what each place of a source gives today, and one article as extracted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from extract.article import Article
from extract.quality import SENTENCES
from extract.to_article import to_article
from monitor.app import LOCAL, App
from monitor.crawl import NOTHING_REACHED, OK, SOME_FAILED
from monitor.fetch import lines_of
from monitor.offline import common_fault
from spiders.check import page_from_json
from spiders.sources import Source


def check_sources(app: App, sources: Sequence[Source]) -> int:
    """Check sources and print what they gave, each as it ends. Returns the exit code of a crawl with such outcomes."""
    by_id = {source.id: source for source in sources}
    heard: dict[str, list[dict[str, Any]]] = {source.id: [] for source in sources}
    states: dict[str, str] = {}
    reasons: list[str | None] = []
    for line in lines_of(app, "spiders.check", list(by_id)):
        source = line["source"]
        heard[source].append(line)
        if line["kind"] == "source":
            states[source] = line["state"]
            reasons += [line["reason"]] if line["state"] != "skipped" else []
            show(app, by_id[source], heard.pop(source))
    for source in heard:
        states[source] = "failed"
        app.warn(f"{source}: the check ended without a word about it")
    tried = [state for state in states.values() if state != "skipped"]
    if not any(state in ("read", "partly") for state in tried):
        if offline := common_fault(reasons):
            app.say(offline)
        return NOTHING_REACHED
    return SOME_FAILED if "failed" in tried else OK


def show(app: App, source: Source, lines: Sequence[dict[str, Any]]) -> None:
    """One source: its places, what failed, and the first article."""
    end = lines[-1]
    app.console.rule(f"{source.id}: {source.name}", align="left")
    app.say(f"{end['state']}{': ' + end['reason'] if end['reason'] else ''}")
    places = [line for line in lines if line["kind"] == "place"]
    if places and app.console.is_terminal:
        app.console.print(table(places))
    elif places:
        app.say(lines_of_places(places))
    for line in lines:
        if line["kind"] == "fate":
            app.say(f"{line['url']}\n  {line['reason']}")
    pages = [page_from_json(line["page"]) for line in lines if line["kind"] == "page"]
    if pages:
        show_article(app, to_article(pages[0], source, now=app.clock()))


def table(places: Sequence[dict[str, Any]]) -> Table:
    """Places of discovery for a terminal."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("place", overflow="fold", ratio=1)
    for heading in ("status", "items"):
        shown.add_column(heading, justify="right")
    shown.add_column("newest", no_wrap=True)
    shown.add_column("problem", overflow="fold", ratio=1)
    for place, problem in zip(places, problems(places), strict=True):
        shown.add_row(f"{place['by']} {place['address']}", *facts(place), problem)
    return shown


def lines_of_places(places: Sequence[dict[str, Any]]) -> str:
    """The same where there is no terminal: a line a place, however long."""
    found = [("place", "status", "items", "newest", "address and problem")]
    for place, problem in zip(places, problems(places), strict=True):
        found.append((place["by"], *facts(place), f"{place['address']}{'  ' + problem if problem else ''}"))
    return "\n".join(f"{by:8} {status:>6} {items:>5}  {newest:16}  {rest}" for by, status, items, newest, rest in found)


def facts(place: dict[str, Any]) -> tuple[str, str, str]:
    """Status, number of items and the newest time, in Vietnam."""
    newest = datetime.fromisoformat(place["newest"]).astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if place["newest"] else ""
    return str(place["status"] or "none"), str(place["items"]), newest


def problems(places: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with each place, told once where it is the same as with the place above."""
    last = ""
    for place in places:
        problem = place["problem"] or ""
        yield "as above" if problem and problem == last else problem
        last = problem


def show_article(app: App, article: Article) -> None:
    """One article as extracted, short enough to compare with the page in a browser."""
    published = article.published.astimezone(LOCAL).isoformat() if article.published else None
    facts = {
        "article": article.url,
        "title": article.title,
        "published": f"{published} (from {article.published_source})" if published else None,
        "author": article.author,
        "credit": article.credit,
        "lead": article.lead,
        "text": f"{len(article.text)} characters, ends: …{article.text[-80:].strip()}" if article.text else None,
    }
    for name, value in facts.items():
        app.say(f"{name:10} {value if value else '(none found)'}")
    for code in article.quality:
        app.say(f"{'wrong':10} {code}: {SENTENCES[code]}")
