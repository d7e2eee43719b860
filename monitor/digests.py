"""Making and sending digests for a home: what the commands ``digest``, ``run`` and ``demo`` share."""

from datetime import datetime

from digest.files import files_of
from digest.mail import MailSettings, deliver_all, mail_settings
from digest.make import make_digest
from monitor.app import App
from monitor.config import CONFIG_NAME
from monitor.crawl import watched
from monitor.stories import fold_waiting
from spiders.errors import ConfigurationError
from store.database import Store
from store.records import StoredDigest
from store.wording import counted


def digest_home(app: App, *, since: datetime | None, until: datetime | None, mail: bool) -> int:
    """Make a digest, write its files, say where they are, and mail it when asked. Returns the exit code: 1 when some mail
    could not be delivered. The caller holds the writer lock.

    Mail settings are checked first: a mistake there must not use up the window of a digest that nobody gets.
    """
    settings = ready_to_digest(app, since, until, mail=mail)
    home, config, now = app.home, app.home.config, app.clock()
    with Store.open(home.path, clock=app.clock) as store:
        run = store.begin_run("digest")
        app.seed("people.toml")  # whose names stories are told apart by
        for fault in fold_waiting(home, store, app.errors):
            app.warn(f"unexpected: {fault}")
        sources = watched(app.sources, config.crawl.sources, app.seed("sources.toml"))
        stored = make_digest(store, sources, config.digest.profile, since, until, now, home.path, run=run)
        app.say(stored.subject)
        app.say(f"digest  {files_of(home.path, stored).html} (and .txt)")
        undelivered = send(app, store, stored, settings) if settings else 0
        store.end_run(run, "finished", f"{counted(undelivered, 'delivery', 'deliveries')} failed" if undelivered else "")
    return 1 if undelivered else 0


def ready_to_digest(app: App, since: datetime | None, until: datetime | None, *, mail: bool) -> MailSettings | None:
    """What must be in order before a digest begins; returns how to mail it, if asked to. Raises ConfigurationError."""
    if since is not None and since >= (until or app.clock()):
        raise ConfigurationError.about("--since", "lies after --until, so there is nothing between them")
    return mail_settings_of(app) if mail else None


def mail_settings_of(app: App) -> MailSettings:
    """The [mail] table as settings that mail can be sent with. Raises ConfigurationError."""
    mail = app.home.config.mail
    password = mail.password.get_secret_value() if mail.password else None
    return mail_settings(app.home.path / CONFIG_NAME, **{**mail.model_dump(), "password": password})


def send(app: App, store: Store, stored: StoredDigest, settings: MailSettings) -> int:
    """Mail this digest and the earlier ones of its profile that have not reached everybody. Returns how many deliveries are
    still open; each is told on standard error."""
    still_open = 0
    for deliveries in deliver_all(store, stored, settings).values():
        for delivery in deliveries:
            if delivery.state == "sent":
                app.say(f"mailed  digest {delivery.digest} to {delivery.recipient}")
            else:
                still_open += 1
                app.warn(f"digest {delivery.digest} not mailed to {delivery.recipient} ({delivery.state}): {delivery.reply}")
    if still_open:
        app.warn("The next `vietlao digest --mail` tries again.")
    return still_open
