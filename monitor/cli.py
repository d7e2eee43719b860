"""The command ``vietlao``. Each command lives in its own module under monitor/commands."""

import importlib
from keyword import iskeyword
from typing import Any

import click

from monitor.app import App, Commands
from monitor.stopping import STOPPED, ending_in_order
from spiders.errors import MonitorError

# Name of the command and the module that holds it, in the order of --help: set-up, the daily job, questions, tools.
COMMANDS = {
    "init": "monitor.commands.init",
    "sources": "monitor.commands.sources",
    "crawl": "monitor.commands.crawl",
    "digest": "monitor.commands.digest",
    "run": "monitor.commands.crawl",
    "why": "monitor.commands.why",
    "history": "monitor.commands.history",
    "search": "monitor.commands.search",
    "stories": "monitor.commands.stories",
    "story": "monitor.commands.story",
    "split": "monitor.commands.correct",
    "merge": "monitor.commands.correct",
    "mark": "monitor.commands.mark",
    "review": "monitor.commands.review",
    "backtest": "monitor.commands.backtest",
    "rejudge": "monitor.commands.rejudge",
    "archive": "monitor.commands.archive",
    "reprocess": "monitor.commands.reprocess",
    "import": "monitor.commands.import_warc",
    "browse": "monitor.commands.browse",
    "cron": "monitor.commands.schedule",
    "schedule": "monitor.commands.schedule",
    "extract": "monitor.commands.extract",
    "judge": "monitor.commands.judge",
    "evaluate": "monitor.commands.evaluate",
    "cluster": "monitor.commands.cluster",
    "demo": "monitor.commands.demo",
    "replica": "monitor.commands.replica",
}


class LazyCommands(Commands):
    """Imports a command's module when it is asked for, so that ``why`` does not wait for Scrapy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        attribute = f"{name}_" if iskeyword(name) else name
        command: click.Command = getattr(importlib.import_module(COMMANDS[name]), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Whoever asks a command to stop gets a word, the store a note, and the shell an exit code of its own."""
        with ending_in_order():
            try:
                return super().invoke(ctx)
            except click.NoSuchOption as error:
                if error.option_name.partition("=")[0] != "--home" or error.ctx is None:
                    raise
                words = f"{ctx.command_path} --home DIR{error.ctx.command_path.removeprefix(ctx.command_path)}"
                raise click.UsageError(f"--home stands before the command: {words}", error.ctx) from None
            except KeyboardInterrupt:
                note_stopped(ctx.obj)
                ctx.exit(STOPPED)


def note_stopped(app: App) -> None:
    """Record the runs of this process as interrupted, as the next run would only do later."""
    try:
        if app.home.database.exists():
            from store.database import Store  # most commands that are stopped have it, and --help need not wait for it

            with Store.open(app.home.path, clock=app.clock, make=False) as store:
                store.interrupt_runs("stopped by hand")
    except MonitorError as error:
        app.warn(f"vietlao: {error}")


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--home",
    envvar="VIETLAO_HOME",
    default=".",
    show_default="the current folder",
    metavar="DIR",
    help="Where state lives: vietlao.toml, seeds, news.db, archive, digests, log. Also VIETLAO_HOME.",
)
@click.version_option(package_name="vietlao", prog_name="vietlao")
@click.pass_context
def main(ctx: click.Context, home: str) -> None:
    """Watch Vietnamese news for Vietnam-Laos defence items, and account for every page.

    Exit codes: 0 all well, 1 some source failed (or some input line was bad), 2 wrong use or configuration,
    3 nothing could be reached, 75 another run holds the lock, 130 stopped by hand (Ctrl-C) or by a signal.

    \b
    Example:
      vietlao --home ~/vietlao init
      vietlao --home ~/vietlao run
    """
    ctx.obj = App(home)


if __name__ == "__main__":
    main()
