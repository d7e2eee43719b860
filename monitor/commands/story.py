"""``vietlao story``."""

import click

from monitor.app import App, pass_app
from spiders.errors import MonitorError
from store.database import Store
from store.history import explain_history
from store.storied import StoredStory
from store.stories.vocabulary import load_vocabulary
from store.storytold import explain_story

LONGEST_NUMBER = 19  # digits that SQLite can hold


@click.command()
@click.argument("what", metavar="ID|URL")
@click.option("--history", is_flag=True, help="Also what changed in its articles since they were first read.")
@pass_app
def story(app: App, what: str, history: bool) -> None:
    """Tell one story: what happened, who took part, who reported it and who had it from whom.

    Takes a story's number, or the address of any article in it. A story that was merged into another leads there. For each
    reprint it says what the copy left out, added or changed.

    \b
    Example:
      vietlao story 17
      vietlao story https://en.qdnd.vn/military/news/some-article-552224 --history
    """
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        number = _number(store, what)
        found = store.story(number)
        if found is None:
            raise MonitorError(f"{_unknown(store, number)}; `vietlao stories` lists them")
        if found.id != number:
            app.say(f"Story {number} was merged into story {found.id}.")
        earlier = store.earlier_stories(found.id, load_vocabulary(app.home.seed("people.toml")))
        app.say(explain_story(found, earlier))
        if history:
            _tell_history(app, store, found)


def _number(store: Store, what: str) -> int:
    if what.isascii() and what.isdecimal() and len(what) < LONGEST_NUMBER:
        return int(what)
    article = store.article(what)
    if article is None:
        raise MonitorError(
            f"there is no story {what}: give its number, or the address of an article (`vietlao why` knows those)"
        )
    number = store.story_of_article(article.id)
    if number is None:
        raise MonitorError(f"{article.url} is in no story: it is {article.decision}, or waits for the next crawl or digest")
    return number


def _unknown(store: Store, number: int) -> str:
    if store.story_number(number) is None:
        return f"there is no story {number}"
    return f"story {number} has no article any more: those it had are not relevant by the rules of now, or tell another story"


def _tell_history(app: App, store: Store, found: StoredStory) -> None:
    """The articles that changed, each with its versions; then how many did not."""
    numbers = list(dict.fromkeys(report.article for report in found.reports))
    same = 0
    app.say("\nWhat changed")
    for number in numbers:
        versions = store.history(number)
        if any(version.revision is not None for version in versions):
            app.say(f"article {number}")
            app.say(explain_history(versions))
        else:
            same += 1
    if same:
        app.say(f"{same} of {len(numbers)} articles were not seen to change.")
