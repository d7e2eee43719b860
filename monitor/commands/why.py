"""``vietlao why``."""

import click

from monitor.app import App, now, pass_app
from monitor.naming import number_or_address
from spiders.errors import MonitorError
from store.database import Store
from store.life import explain_life


@click.command()
@click.argument("what", metavar="URL|ID")
@pass_app
def why(app: App, what: str) -> None:
    """Tell why an address is or is not in a digest.

    Its life in plain sentences: where it was seen, what was decided about it and when. Takes an article's number, too. Works
    for addresses that were rejected and for addresses that were never seen.

    \b
    Example:
      vietlao why https://en.qdnd.vn/military/news/some-article-552224
    """
    with Store.open(app.home.path, clock=now, make=False) as store:
        app.say_fitting(explain_life(store.life(_address(store, what), app.sources), app.sources))


def _address(store: Store, what: str) -> str:
    named = number_or_address(what)
    if isinstance(named, str):
        return named
    article = store.article(named)
    if article is None:
        raise MonitorError(f"there is no article {named}; `vietlao search WORDS` finds articles and their numbers")
    return article.url
