"""``vietlao search``."""

import difflib
import json
from datetime import datetime

import click
from rich.text import Text

from monitor.app import END, LOCAL, MOMENT, App, now, pass_app
from monitor.progress import advancing
from relevance.verdict import Decision
from spiders.errors import MonitorError
from store.database import Store
from store.search.found import LIMIT, MOST, Filter, Found, Hit, as_json
from store.search.snippet import Marked
from store.wording import counted


# a word that begins with - is taken away from what is found, and no short option may claim it
@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=LIMIT, show_default=True, type=click.IntRange(1, MOST), help="Show at most so many.")
@click.option("--since", type=MOMENT, help="Published since then (2026-11-01, 7d).")
@click.option("--until", type=END, help="Published before then; a bare date is within, to its end in Vietnam.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Seen at this source; may be given again.")
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    type=click.Choice(["keep", "marginal", "drop"]),
    help="With this verdict; may be given again. Dropped articles are searched too.",
)
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line instead.")
@pass_app
def search(
    app: App,
    query: tuple[str, ...],
    limit: int,
    since: datetime | None,
    until: datetime | None,
    sources: tuple[str, ...],
    decisions: tuple[Decision, ...],
    as_lines: bool,
) -> None:
    """Find stored articles by words, with or without accents.

    All words must be there, in headline or text. '"A phrase"' stands in quotation marks (within those that your shell takes),
    quốc* is the beginning of a word, OR stands between alternatives, NOT or - before what must not be there, parentheses hold
    together. Operators are in capitals. Shown first is what has the accents that were typed, then what has others; each part
    newest first.

    \b
    Example:
      vietlao search quan doi nhan dan lao
      vietlao search '"tuần tra chung" (Sơn La OR Điện Biên) -bóng' --since 2026-01-01 --decision keep
    """
    mistyped = [word for word in query if word.startswith("--")]
    if mistyped:
        raise click.NoSuchOption(mistyped[0])
    if since and until and since >= until:
        raise MonitorError("--since: lies after --until")
    with Store.open(app.home.path, clock=now, make=False) as store:
        _complete(app, store)
        found = store.search(" ".join(query), Filter(since, until, sources, decisions), limit)
    if not found.hits:
        _check_sources(app, sources)
    if as_lines:
        for hit in found.hits:
            click.echo(json.dumps(as_json(hit), ensure_ascii=False))
    else:
        _show(app, found)


def _complete(app: App, store: Store) -> None:
    """Put articles from before there was an index into it; on a big store that takes a while, once."""
    waiting = store.unindexed()
    if not waiting:
        return
    if not app.errors.is_terminal:
        app.warn(f"putting {counted(waiting, 'article')} into the search index (may be interrupted, and goes on the next time)")
    with advancing(app.errors, "putting articles into the search index", waiting) as advance:
        store.index_all(advance)


def _check_sources(app: App, wanted: tuple[str, ...]) -> None:
    """Nothing was found: perhaps because a source is none."""
    known = [source.id for source in app.sources]
    for one in wanted:
        if one not in known:
            near = difflib.get_close_matches(one, known, 1)
            raise MonitorError(f"source {one}: there is no such source" + (f"; did you mean {near[0]}?" if near else ""))


def _show(app: App, found: Found) -> None:
    for hit in found.hits:
        app.console.print(_lines(hit, marks=not app.console.is_terminal), soft_wrap=True)
    if not found.hits:
        app.say("Nothing was found.")
    elif found.more:
        app.say(f"There are more than these {len(found.hits)}: add a word, or --limit, --since, --until.")


def _lines(hit: Hit, *, marks: bool) -> Text:
    """Headline, what it is, the place that matches, address. ``marks`` puts ** around matches, where there are no colours."""
    when = (hit.published or hit.decided).astimezone(LOCAL)
    about = [f"{when:%Y-%m-%d %H:%M}", hit.decision, hit.source_name, f"article {hit.article}"]
    about += [] if hit.exact else ["other accents"]
    lines = _marked(hit.title, "bold", marks) if hit.title.text else Text("(no headline)")
    lines.append(f"\n  {' · '.join(about)}\n  ", style="dim")
    lines.append_text(_marked(hit.snippet, "", marks))
    return lines.append(f"\n  {hit.url}\n")


def _marked(line: Marked, style: str, marks: bool) -> Text:
    shown = Text()
    for text, match in line.pieces():
        shown.append(f"**{text}**" if match and marks else text, style=f"{style} reverse".strip() if match else style)
    return shown
