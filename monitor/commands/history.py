"""``vietlao history``."""

import click
from rich.text import Text

from monitor.app import App, now, pass_app
from monitor.naming import number_or_address
from spiders.errors import MonitorError
from store.database import Store
from store.history import explain_history, history_lines
from store.revised import Version

STYLES = {"same": "", "del": "red strike", "ins": "green underline"}


@click.command()
@click.argument("what", metavar="URL|ID")
@click.option("--whole", is_flag=True, help="Show edited sentences in full.")
@pass_app
def history(app: App, what: str, whole: bool) -> None:
    """Show how an article changed, or that it was taken away.

    Kept articles are read again after some hours, a day, a week and a month ([crawl] revisit in vietlao.toml). Every wording is
    kept. What went is marked [-so-], what came {+so+}; in a terminal by colour, strike-through and underline.

    \b
    Example:
      vietlao history https://en.qdnd.vn/military/news/some-article-552224
      vietlao history 17 --whole
    """
    with Store.open(app.home.path, clock=now, make=False) as store:
        versions = store.history(_number(store, what))
    if app.console.is_terminal and not app.console.no_color:
        _show(app, versions, whole)
    else:
        app.say(explain_history(versions, whole=whole))


def _number(store: Store, what: str) -> int:
    """The article meant, by its number or by any address that showed it."""
    article = store.article(number_or_address(what))
    if article is None:
        raise MonitorError(f"there is no article {what}; `vietlao why URL` says what became of an address")
    return article.id


def _show(app: App, versions: tuple[Version, ...], whole: bool) -> None:
    for line in history_lines(versions, whole=whole):
        told = Text()
        for piece in line:
            bare = piece.text.rstrip()
            told.append(bare, STYLES[piece.op])
            told.append(piece.text[len(bare) :])
        app.console.print(told, soft_wrap=True)
