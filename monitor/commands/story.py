"""``vietlao story``."""

import json

import click

from monitor.app import App, pass_app
from monitor.naming import number_or_address
from spiders.errors import MonitorError
from store.database import Store
from store.history import explain_history
from store.records import StoredArticle
from store.storied import StoredStory
from store.stories.vocabulary import load_vocabulary
from store.storytold import as_json, explain_story, reports_as_json
from store.wording import counted


@click.command()
@click.argument("what", metavar="ID|URL")
@click.option("--history", is_flag=True, help="Also what changed in its articles since they were first read.")
@click.option("--json", "wants_json", is_flag=True, help="Print one JSON object, reports and all.")
@pass_app
def story(app: App, what: str, history: bool, wants_json: bool) -> None:
    """Tell one story: what happened, and who reported it.

    Who took part, who had it from whom, and what copies changed. Takes a story's number, or the address of any article in it.
    A story that was merged into another leads there. For each reprint it says what the copy left out, added or changed.

    \b
    Example:
      vietlao story 17
      vietlao story https://en.qdnd.vn/military/news/some-article-552224 --history
    """
    if history and wants_json:
        raise click.UsageError("--history goes without --json")
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        number = _number(store, what)
        found = store.story(number)
        if found is None:
            raise MonitorError(f"{_unknown(store, number)}; `vietlao stories` lists them")
        if wants_json:
            click.echo(json.dumps(as_json(found) | {"reports": reports_as_json(found)}, ensure_ascii=False))
            return
        if found.id != number:
            app.say(f"Story {number} was merged into story {found.id}.")
        earlier = store.earlier_stories(found.id, load_vocabulary(app.seed("people.toml")))
        app.say_fitting(explain_story(found, earlier))
        if history:
            _tell_history(app, store, found)


def _number(store: Store, what: str) -> int:
    named = number_or_address(what)
    if isinstance(named, int):
        return named
    article = store.article(named)
    if article is None:
        raise MonitorError(
            f"there is no story {what}: give its number, or the address of an article (`vietlao why` knows those)"
        )
    number = store.story_of_article(article.id)
    if number is None:
        raise MonitorError(f"{article.url} is in no story: {_why_in_none(article)}")
    return number


def _why_in_none(article: StoredArticle) -> str:
    if article.decision == "drop":
        why = f" ({article.why_not_more})" if article.why_not_more else ""
        return f"it was dropped{why}, and stories are made of what is kept or marginal"
    return "it waits for the next crawl or digest, which puts it in its story"


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
        app.say(f"{same:,} of {counted(len(numbers), 'article')} not seen to change.")
