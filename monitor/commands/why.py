"""``vietlao why``."""

import click

from monitor.app import App, now, pass_app
from store.database import Store
from store.life import explain_life


@click.command()
@click.argument("url")
@pass_app
def why(app: App, url: str) -> None:
    """Tell the life of an address: where it was seen, and why it is or is not in a digest.

    Works for addresses that were rejected and for addresses that were never seen.

    \b
    Example:
      vietlao why https://en.qdnd.vn/military/news/some-article-552224
    """
    with Store.open(app.home.path, clock=now, make=False) as store:
        app.say(explain_life(store.life(url, app.sources), app.sources))
