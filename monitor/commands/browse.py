"""``vietlao browse``."""

import os
import socket
import sys
from importlib.resources import files
from pathlib import Path

import click

from monitor.app import App, pass_app
from spiders.errors import ConfigurationError
from store.database import Store


def datasette_arguments(database: Path, host: str, port: int, open_browser: bool) -> list[str]:
    """The command line of Datasette on a store: read-only, with our descriptions, pages and a low limit on query time."""
    ours = Path(str(files("store")))
    words = ["serve", str(database), "--metadata", str(ours / "metadata.yaml"), "--host", host, "--port", str(port)]
    for option, folder in (("--template-dir", "templates"), ("--plugins-dir", "plugins")):
        if (ours / folder).is_dir():
            words += [option, str(ours / folder)]
    words += ["--setting", "sql_time_limit_ms", "3000", "--setting", "allow_download", "off"]
    return [*words, "--open"] if open_browser else words


def refuse_taken(host: str, port: int) -> None:
    """Raises ConfigurationError where nothing can listen, in words that Datasette does not have for it."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        reason = f"port {port} of {host} cannot be used: {error.strerror or error}; try another --port, 0 takes a free one"
        raise ConfigurationError.about("--port", reason) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--open", "open_browser", is_flag=True, help="Open a browser on it.")
@pass_app
def browse(app: App, host: str, port: int, open_browser: bool) -> None:
    """Look into the store with Datasette.

    Read-only; works while a crawl writes.

    \b
    Example:
      vietlao browse --port 8001
    """
    database = app.home.database
    app.home.require_store()
    with Store.open(app.home.path, make=False):
        """Datasette would tell a damaged file with a traceback; this raises a sentence."""
    refuse_taken(host, port)
    arguments = datasette_arguments(database, host, port, open_browser)
    os.execv(sys.executable, [sys.executable, "-m", "datasette", *arguments])  # noqa: S606
