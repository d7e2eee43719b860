"""``vietlao split`` and ``vietlao merge``: the analyst's corrections of stories."""

import click

from monitor.app import App, pass_app
from monitor.stories import fold_waiting
from spiders.errors import MonitorError
from store.database import Store
from store.lock import writer_lock
from store.storied import StoredStory
from store.stories.vocabulary import load_vocabulary
from store.storytold import headline_of

NUMBER = click.IntRange(1, 2**63 - 1)


@click.command()
@click.argument("number", metavar="ID", type=NUMBER)
@click.argument("articles", metavar="ARTICLE...", type=NUMBER, nargs=-1, required=True)
@pass_app
def split(app: App, number: int, articles: tuple[int, ...]) -> None:
    """Say that articles of a story tell of another event.

    They become a story of their own. `story ID` shows the numbers of the articles. The correction holds: those that stay and
    those that go are never put into one story again by the program, only by `merge`.

    \b
    Example:
      vietlao split 17 204 209
    """
    app.home.require_store()
    vocabulary = load_vocabulary(app.seed("people.toml"))
    with writer_lock(app.home.path), Store.open(app.home.path, clock=app.clock, make=False) as store:
        fold_waiting(app.home, store, app.errors)
        try:
            new = store.split_story(number, articles, vocabulary)
        except LookupError as error:
            raise MonitorError(f"{error.args[0]}") from None
        for one in (number, new):
            _say(app, store.story(one))


@click.command()
@click.argument("one", metavar="ID", type=NUMBER)
@click.argument("other", metavar="ID", type=NUMBER)
@pass_app
def merge(app: App, one: int, other: int) -> None:
    """Say that two stories are one event. The lower number stays, the other leads there.

    The correction holds: the program does not part them again, only `split` does.

    \b
    Example:
      vietlao merge 17 23
    """
    app.home.require_store()
    vocabulary = load_vocabulary(app.seed("people.toml"))
    with writer_lock(app.home.path), Store.open(app.home.path, clock=app.clock, make=False) as store:
        fold_waiting(app.home, store, app.errors)
        try:
            stays = store.merge_stories(one, other, vocabulary)
        except LookupError as error:
            raise MonitorError(f"{error.args[0]}") from None
        _say(app, store.story(stays))


def _say(app: App, story: StoredStory | None) -> None:
    if story is not None:
        numbers = dict.fromkeys(str(report.article) for report in story.reports)
        app.say(f"story {story.id}: {headline_of(story)} ({story.lineage}; articles {', '.join(numbers)})")
