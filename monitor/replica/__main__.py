"""``vietlao replica``, also ``python -m monitor.replica``: the small web, for a person to look at."""

import signal
import threading
import webbrowser

import click

from monitor.replica.server import Replica
from monitor.replica.web import FAULTS


@click.command()
@click.option("--port", default=8088, show_default=True, help="Port on loopback; 0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the index in the browser.")
@click.option("--fault", "faults", multiple=True, type=click.Choice(sorted(FAULTS)), help="Switch a fault on; may be repeated.")
@click.option("--edition", type=click.Choice(["1", "2"]), default="1", help="2: some articles were edited, one is gone.")
def main(port: int, open_browser: bool, faults: tuple[str, ...], edition: str) -> None:
    """Serve the small web of papers until Ctrl-C.

    Example: vietlao replica --open
    """
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)  # also when started in the background or by a service manager
    try:
        with Replica(port=port, faults=faults, edition=int(edition)) as web:
            click.echo(_how_to(web))
            if open_browser:
                webbrowser.open(web.proxy)
            threading.Event().wait()
    except OSError as error:
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}; try --port 0") from None
    except KeyboardInterrupt:
        click.echo("\nstopped")


def _how_to(web: Replica) -> str:
    settings = "\n".join(f"  export {name}={value}" for name, value in web.environment.items())
    return (
        f"{web.proxy}/ shows every site and its newest articles.\n"
        f"Any program sees the sites at their real addresses with these settings:\n{settings}\n"
        f"for example: curl --cacert $SSL_CERT_FILE https://vietnamnews.vn/politics-laws\nCtrl-C ends it."
    )


if __name__ == "__main__":
    main()
