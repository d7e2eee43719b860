"""``vietlao digest``."""

from datetime import datetime

import click

from monitor.app import END, MOMENT, App, pass_app
from monitor.digests import digest_home, ready_to_digest
from store.lock import writer_lock


@click.command()
@click.option("--since", type=MOMENT, help="Start of the window (default: where the last digest ended).")
@click.option("--until", type=END, help="End of the window (default: now); a bare date is within it, to its end in Vietnam.")
@click.option("--mail", is_flag=True, help="Send it by mail, and whatever an earlier run could not send.")
@click.option("--wait", type=click.IntRange(0), default=0, show_default=True, help="Seconds to wait for a running crawl.")
@pass_app
@click.pass_context
def digest(ctx: click.Context, app: App, since: datetime | None, until: datetime | None, mail: bool, wait: int) -> None:
    """Render what was kept since the last digest, as HTML and text.

    An article belongs to the window in which it was judged, so a late find is in the next digest instead of nowhere.

    \b
    Example:
      vietlao digest --since 7d --mail
    """
    ready_to_digest(app, since, until, mail=mail)
    app.home.require_store()
    with writer_lock(app.home.path, wait=wait):
        code = digest_home(app, since=since, until=until, mail=mail)
    ctx.exit(code)
