"""``vietlao sources add`` and ``vietlao sources record``: from a site to a source with its test."""

from pathlib import Path

import click

from monitor.app import App, pass_app
from monitor.commands.extract import page_of_file
from monitor.crawl import chosen
from monitor.fetch import fetch_page
from monitor.looking import new_entries
from monitor.recording import make_pair, review, write_pair
from spiders.errors import ConfigurationError
from spiders.page import Page

IN_CHECKOUT = Path("tests") / "pages_of_sources"


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@pass_app
def add(app: App, urls: tuple[str, ...]) -> None:
    """Look at sites and print a source entry for each, ready to paste.

    Finds feeds, sitemaps, sections and what the addresses of articles have in common, and reads two articles. Asks some
    forty addresses of a site at most, as politely as a crawl. Nothing is stored; entries go to standard output, progress
    to standard error. What to look at by hand stands in their comments. Exit code 1 when a site could not be reached.

    \b
    Example:
      vietlao sources add https://vietnamnews.vn >> seeds/sources.toml
    """
    for entry in new_entries(app, urls):
        click.echo(f"\n{entry}", nl=False)


@click.command()
@click.argument("source_id", metavar="ID")
@click.argument("page", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="The address a FILE was saved from (default: the one the page names).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the pairs, one folder a source.")
@click.option("--force", is_flag=True, help="Replace a pair that is there.")
@pass_app
@click.pass_context
def record(ctx: click.Context, app: App, source_id: str, page: str, url: str | None, out: Path | None, force: bool) -> None:
    """Keep a page of a source as an example, with what must come out of it.

    Writes page.html and expected.json, and prints what to look at before they count as true. Goes to
    tests/pages_of_sources in a checkout, else to pages_of_sources under the home; --out names another folder.
    Exit code 1 when something is wrong with the text, though the pair is written.

    The page is its publisher's: keep it for your own tests and do not publish it. The pages that come with this program
    are in words of its authors, set into the structure of such pages.

    \b
    Example:
      vietlao sources record qdnd-en https://en.qdnd.vn/military/news/some-article-552224
    """
    (source,) = chosen(app.sources, [source_id], app.seed("sources.toml"))
    pair = make_pair(page_given(app, page, url), source, app.sources)
    folder = (out or usual_folder(app.home_path)) / source.id
    write_pair(pair, folder, force=force)
    for line in review(pair):
        app.say(line)
    app.say(f"\nwritten to {folder}: for your own tests, not for publication")
    ctx.exit(1 if pair.article.quality else 0)


def page_given(app: App, page: str, url: str | None) -> Page:
    """The page at an address, or saved in a file. Raises ConfigurationError for a file that cannot be read, NotFetched."""
    if page.startswith(("http://", "https://")):
        if url:
            raise click.UsageError("--url goes with a FILE")
        return fetch_page(app, page)
    try:
        return page_of_file(Path(page), url, app.clock())
    except OSError as error:
        raise ConfigurationError.about(page, f"cannot be read: {error.strerror}") from None


def usual_folder(home: Path) -> Path:
    """The suite's own folder in a checkout, else one under the home."""
    return IN_CHECKOUT if IN_CHECKOUT.is_dir() else home / "pages_of_sources"
