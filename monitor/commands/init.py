"""``vietlao init``."""

import click

from monitor.app import App, pass_app
from monitor.setup import write_home


@click.command()
@click.option("--force", is_flag=True, help="Write over files that are there already.")
@pass_app
def init(app: App, force: bool) -> None:
    """Write a commented vietlao.toml and editable seeds.

    They go into the home folder, which is made when it is not there. Files that are there already are kept.

    \b
    Example:
      vietlao --home ~/vietlao init
    """
    home = app.home_path.expanduser().resolve()
    for path, written in write_home(home, force=force).items():
        app.say(f"wrote {path}" if written else f"kept  {path} (it was there; --force writes over it)")
    app.say(f"Next: put a contact into {home / 'vietlao.toml'}, then: vietlao --home {home} run")
