"""``vietlao evaluate``."""

from pathlib import Path

import click

from monitor.app import App, pass_app
from monitor.commands.judge import topic_files, topic_of
from monitor.marks import marked_items
from relevance.evaluate import Item, applying, below, errors, load_floors, measures, read_items, summary, table
from relevance.evaluate import evaluate as evaluate_items
from relevance.sensitivity import numbers as numbers_of
from relevance.sensitivity import outcome, worth
from relevance.topic import build, read_topic
from spiders.errors import MonitorError
from store.database import Store
from store.wording import counted

CHECKOUT = Path(__file__).resolve().parents[2]
FLOORS = CHECKOUT / "tests" / "relevance" / "floors.toml"


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--marks", is_flag=True, help="Measure on what was marked in the store (see `mark` and `review`).")
@click.option(
    "--floors", type=click.Path(path_type=Path), metavar="FILE", help="Floors to hold (default: those of the checkout)."
)
@click.option(
    "--numbers", is_flag=True, help="Move every number of the topic file both ways and say what would be decided otherwise."
)
@click.option("--topic", "topic_path", type=click.Path(path_type=Path), metavar="FILE", help="Another topic file.")
@click.option("--people", "people_path", type=click.Path(path_type=Path), metavar="FILE", help="Another people file.")
@pass_app
@click.pass_context
def evaluate(
    ctx: click.Context,
    app: App,
    files: tuple[Path, ...],
    marks: bool,
    floors: Path | None,
    numbers: bool,
    topic_path: Path | None,
    people_path: Path | None,
) -> None:
    """Measure the rules on labelled texts and check the floors.

    FILEs hold one JSON object a line with text, lang, label (2 core, 1 marginal, 0 not relevant) and, if known, id title site
    kind. Without FILEs: the articles under tests/relevance/articles, and the labelled sets in ../shared/relevance where they
    are. With --marks, what people marked in the store (relevant 2, marginal 1, irrelevant 0), and FILEs if any. Exit code 1
    when a floor is missed or a line is malformed. With --numbers, prints each number of the topic file with the nearest
    values that change a decision, in the form of the comments in that file; this takes some minutes.

    \b
    Example:
      vietlao evaluate
      vietlao evaluate marked.jsonl
      vietlao evaluate --marks
      vietlao evaluate --numbers
    """
    paths = list(files) or ([] if marks else default_files())
    items, faults = _read(paths)
    items += _marked(app) if marks else []
    if not items and not faults:
        raise MonitorError("there are no labelled articles here: name FILEs, mark some, or run this in a checkout")
    if numbers:
        _print_worths(app, items, *topic_files(app, topic_path, people_path))
        for fault in faults:
            app.warn(fault)
        ctx.exit(1 if faults else 0)
    topic = topic_of(app, topic_path, people_path)
    held = load_floors(floors or FLOORS) if floors or FLOORS.exists() else {}
    judged = evaluate_items(items, topic)
    found = measures(judged)
    missed = below(found, held)
    app.say(f"rules {topic.rules}: {counted(len(items), 'text')}, {told_floors(len(missed), len(applying(found, held)))}\n")
    for fault in (*faults, *missed):
        app.warn(fault)
    for text in (summary(found, held), errors(judged), table(judged)):
        if text:
            app.say(text + "\n")
    ctx.exit(1 if faults or missed else 0)


def told_floors(missed: int, held: int) -> str:
    return f"{missed} of {counted(held, 'floor')} missed" if held else "no floor holds for them"


def _print_worths(app: App, items: list[Item], topic_path: Path, people_path: Path) -> None:
    topic, people = read_topic(topic_path, people_path)
    now = outcome(evaluate_items(items, build(topic, people, "as it stands")))
    app.say(f"{len(items)} texts; as it stands: {now}")
    every = numbers_of(topic)
    for count, number in enumerate(every, 1):
        app.say(f"{number.name} = {number.value:g}  # {worth(number, topic, people, items, now)}")
        if app.errors.is_terminal:
            app.errors.print(f"{count} of {len(every)} numbers", end="\r", highlight=False)


def _marked(app: App) -> list[Item]:
    with Store.open(app.home.path, clock=app.clock, make=False) as store:
        return marked_items(store.last_marks())


def default_files() -> list[Path]:
    """The project's own articles, and the labelled sets beside the checkout."""
    folders = (CHECKOUT / "tests" / "relevance" / "articles", CHECKOUT.parent / "shared" / "relevance")
    return [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]


def _read(paths: list[Path]) -> tuple[list[Item], list[str]]:
    items: list[Item] = []
    faults: list[str] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                more, wrong = read_items(path.stem, file)
        except OSError as error:
            raise MonitorError(f"{path}: cannot be read: {error.strerror}") from None
        items += more
        faults += wrong
    return items, faults
