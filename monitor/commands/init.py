"""``vietlao init``."""

import click

from monitor.app import App, pass_app
from monitor.setup import write_home


@click.command()
@click.option("--force", is_flag=True, help="Write over files that are there already.")
@pass_app
def init(app: App, force: bool) -> None:
    """Write a commented vietlao.toml and editable copies of the seeds.

    They go into the home folder, which is made when it is not there.

    \b
    Example:
      vietlao --home ~/vietlao init
    """
    home = app.home_path.expanduser().resolve()
    for path in write_home(home, force=force):
        app.say(f"wrote {path}")
    app.say(f"Next: put a contact into {home / 'vietlao.toml'}, then: vietlao --home {home} run")
