"""``vietlao demo``."""

from pathlib import Path

import click

from monitor.app import App, pass_app
from monitor.demo import run_demo


@click.command()
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True, help="Folder."
)
@pass_app
@click.pass_context
def demo(ctx: click.Context, app: App, into: Path) -> None:
    """Run the whole job on an embedded sample.

    That is to crawl, extract, judge, store and make a digest. The sample is a small web of papers that this command serves on
    loopback for as long as it runs. Needs no network.

    \b
    Example:
      vietlao demo --into /tmp/demo
    """
    ctx.exit(run_demo(app, into))
