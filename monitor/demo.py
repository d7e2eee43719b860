"""The main job on the embedded sample: a real crawl of the small web of papers over HTTP and HTTPS, store, digest."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from digest.selection import BEGINNING
from monitor.app import App
from monitor.commands.crawl import report
from monitor.commands.schedule import own_path
from monitor.config import CONFIG_NAME, Home, load_home
from monitor.crawl import chosen, crawl
from monitor.digests import digest_home
from monitor.progress import display_on
from monitor.replica.server import Replica
from spiders.errors import ConfigurationError
from store.database import Store
from store.lock import writer_lock
from store.records import StoredArticle
from store.wording import counted

MARK = "# The home of the demo: made anew by each `vietlao demo`."
EXAMPLES = 5  # dropped articles that the demo names
STATE = ("archive", "digests", "log", CONFIG_NAME, "news.db", "news.db-wal", "news.db-shm")


def fresh_home(folder: Path, source_ids: tuple[str, ...]) -> Home:
    """An empty home that watches what the sample serves, without the politeness that real sites are owed.

    Raises ConfigurationError when the folder holds a home that is not the demo's.
    """
    config = folder / CONFIG_NAME
    is_ours = config.exists() and config.read_text(encoding="utf-8").startswith(MARK)
    if folder.exists() and any(folder.iterdir()) and not is_ours:
        raise ConfigurationError.about(folder, "is not empty and not an earlier demo; name another folder with --into")
    for name in STATE:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{source}"' for source in source_ids)
    config.write_text(f"{MARK}\n\n[crawl]\nsources = [{listed}]\ndelay = 0\n", encoding="utf-8")
    return load_home(folder)


def run_demo(app: App, folder: Path) -> int:
    """Crawl the sample into ``folder``, make the digest and say what happened. Returns the exit code."""
    with Replica() as web:
        home = fresh_home(folder, web.source_ids)
        demo_app = App(str(folder))
        demo_app.console, demo_app.errors = app.console, app.errors
        sources = chosen(demo_app.sources, home.config.crawl.sources, home.seed("sources.toml"))
        app.say(f"crawling {len(sources)} sources of the embedded sample, over HTTP and HTTPS on this machine only")
        with writer_lock(home.path) as lock:
            result = crawl(
                home,
                sources,
                lock,
                lambda total: display_on(app.console, total),
                os.environ | web.environment,
                demo_app.clock,
                extra={"VIETLAO_LOOPBACK": True},
            )
            report(demo_app, result)
            if result.stopped:
                return result.exit_code
            code = digest_home(demo_app, since=None, until=None, mail=False)
        what_was_left_out(demo_app, home)
    where_to_look(app, home)
    return code or (1 if result.bugs else 0)


def what_was_left_out(app: App, home: Home) -> None:
    """The other half of the answer: what was read and is not in the digest, with reasons."""
    with Store.open(home.path, clock=app.clock) as store:
        dropped = store.articles(BEGINNING, app.clock(), ("drop",))
        coverage = store.coverage(BEGINNING, app.clock(), app.sources)
    for line in left_out(dropped, coverage.dropped):
        app.say(line)


def left_out(dropped: Sequence[StoredArticle], pages: int) -> list[str]:
    """How many of the dropped pages were judged by their text and how many were not, then some of the texts, none twice. Pure.

    A text that two pages show is one article, so pages are counted.
    """
    judged = sum(len(article.sightings) for article in dropped)
    lines = [f"{article.title}: {article.why_not_more}" for article in dropped]
    return [
        f"left out: {counted(pages - judged, 'page')} put aside at the first look,"
        f" {counted(judged, 'page')} judged not relevant, such as",
        *(f"  {line}" for line in list(dict.fromkeys(lines))[:EXAMPLES]),
    ]


def where_to_look(app: App, home: Home) -> None:
    """The next steps, as commands that can be pasted."""
    program = own_path()
    app.say()
    app.say(f"store   {home.database}")
    app.say(f"look in it:           {program} --home {home.path} browse")
    app.say(f"ask about an address: {program} --home {home.path} why ADDRESS")
