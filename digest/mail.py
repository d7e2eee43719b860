"""The digest as mail: one message for each recipient, the same bytes at each try, each try's outcome kept in the store.

A delivery is ``pending``, then ``sending`` while the message is handed over, then ``sent``, ``failed`` or ``unknown``. One
that is still ``sending`` when a run begins belongs to a run that died; whether its message arrived nobody can say, so it is
``unknown``. Unknown ones are sent again, with a line that says so: a doubled digest is better than a lost one. The caller
holds the home's writer lock.
"""

import hashlib
import ipaddress
import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path

from digest import smtp
from digest.clean import one_line
from digest.render import NOTICE
from digest.smtp import PORTS, MailError, Outcome, Security, Server
from spiders.errors import ConfigurationError, Problem
from store.database import Store
from store.records import Delivery, StoredDigest

MAY_REPEAT = (
    "This mail may repeat one that you have: when it was sent before,\n"
    "the connection was lost before the mail server had answered."
)
# What browsers take for a mail address (the HTML standard, 4.10.5.1.5), and one with a name before it.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
NAMED = re.compile(r"""(?:"[^"\\\r\n]*"|[^"<>@,;:\\\r\n]*)\s<([^<>]*)>""")
# A recipient whom the server refuses every day is not tried for ever; his deliveries stay failed and are reported.
MOST_ATTEMPTS = 10
# 7bit: a server without 8BITMIME takes it as it is.
POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where the digest goes; made and checked by :func:`mail_settings`. ``sender`` may carry a name, ``recipients`` are bare
    addresses. ``repeat_unknown``: send again what may or may not have arrived."""

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30
    ca_file: str | None = None
    repeat_unknown: bool = True

    @property
    def server(self) -> Server:
        """The server's part of it."""
        helo = bare(self.sender).rpartition("@")[2]
        return Server(self.host, self.port, self.security, helo, self.user, self.password, self.timeout, self.ca_file)


def mail_settings(
    file: str | Path,
    *,
    host: str | None,
    port: int | None,
    security: Security,
    user: str | None,
    password: str | None,
    sender: str | None,
    recipients: Iterable[str],
    timeout: float,
    ca_file: str | None,
    repeat_unknown: bool = True,
) -> MailSettings:
    """Settings that mail can be sent with. Raises ConfigurationError with every problem, naming ``file`` and the key."""
    recipients = tuple(recipients)
    faults = {
        "mail.host": None if host else "is missing; name the server that takes your mail",
        "mail.sender": _fault_of_address(sender) if sender else "is missing; digests need an address they come from",
        "mail.recipients": None if recipients else "is empty; name at least one address",
        "mail.password": "is missing; put it into the environment variable VIETLAO_MAIL__PASSWORD"
        if user and not password
        else None,
        "mail.ca_file": f"there is no file {ca_file}" if ca_file and not Path(ca_file).is_file() else None,
    }
    if security == "none" and host and not _is_loopback(host):
        faults["mail.security"] = f'"none" is for a server on this machine only, and {host} is not; use "starttls" or "tls"'
    problems = [Problem(str(file), key, fault) for key, fault in faults.items() if fault]
    problems += [Problem(str(file), "mail.recipients", fault) for fault in map(_fault_of_address, recipients) if fault]
    if problems or host is None or sender is None:
        raise ConfigurationError(problems)
    addresses = tuple(dict.fromkeys(map(bare, recipients)))
    port = port or PORTS[security]
    return MailSettings(host, port, security, sender, addresses, user, password, timeout, ca_file, repeat_unknown)


def bare(address: str) -> str:
    """``ana@example.org`` of ``Ana <ana@example.org>``; empty for what is no address."""
    found = NAMED.fullmatch(address)
    inner = found[1] if found else address
    return inner if ADDRESS.fullmatch(inner) else ""


def _fault_of_address(address: str) -> str | None:
    if bare(address):
        return None
    return f"{one_line(address)!r} is no mail address; write ana@example.org or Ana <ana@example.org>"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def message_id(stored: StoredDigest, recipient: str, sender: str) -> str:
    """The same on every try, so that whoever keeps the mail can fold doubles; another for each digest and recipient."""
    person = hashlib.sha256(recipient.encode()).hexdigest()
    return f"<digest-{stored.id}-{stored.sha256[:20]}.{person[:20]}@{bare(sender).rpartition('@')[2]}>"


def compose(stored: StoredDigest, delivery: Delivery, sender: str, *, repeat: bool) -> bytes:
    """The message as it goes over the wire: plain text and HTML, the same bytes for the same arguments."""
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = delivery.recipient
    message["Date"] = format_datetime(stored.created)
    message["Message-ID"] = delivery.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(stored.text, repeat))
    message.add_alternative(_html(stored.html, repeat), subtype="html")
    # The library would draw a boundary by lot; this one cannot stand in the parts, which are encoded or free of its mark.
    message.set_boundary(f"=_{stored.sha256[:32]}")
    return _subject(one_line(stored.subject)) + message.as_bytes()


def _subject(text: str) -> bytes:
    """The header line. EmailMessage (Python 3.11) puts a blank too many into one that it folds between plain and encoded words;
    here all of it is encoded."""
    return b"Subject: " + Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n").encode("ascii") + b"\r\n"


def _text(text: str, repeat: bool) -> str:
    return f"{MAY_REPEAT}\n\n{text}" if repeat else text


def _html(html: str, repeat: bool) -> str:
    if not repeat:
        return html
    style = "margin:0 0 1.25rem;padding:.6rem .85rem;border-left:4px solid #0f5a66;background:#e9f1f1;font-size:.9rem"
    return html.replace(NOTICE, f'<p class="notice" style="{style}">{escape(MAY_REPEAT)}</p>', 1)


def deliver(store: Store, stored: StoredDigest, settings: MailSettings) -> tuple[Delivery, ...]:
    """Send a frozen digest to every recipient of the settings who has not got it yet; the deliveries as they stand afterwards.

    What the server or the network does is told by the states and replies, never raised. Run it again to try the rest again.
    """
    store.plan_deliveries(stored.id, {who: message_id(stored, who, settings.sender) for who in settings.recipients})
    return _finish(store, stored, settings)


def deliver_all(store: Store, stored: StoredDigest, settings: MailSettings) -> dict[int, tuple[Delivery, ...]]:
    """Send a digest, and before it what earlier runs of its profile could not: deliveries by digest number, oldest first.

    Earlier digests are those with a delivery that is still due, and those frozen since the last one that mail was planned for:
    their run died, or was not asked to send. Articles in them are in no other digest.
    """
    unplanned = _unplanned(store, stored)
    begun = [one for one in store.undelivered_digests(stored.profile) if one.id != stored.id]
    done = {one.id: _finish(store, one, settings) for one in begun}
    done |= {one.id: deliver(store, one, settings) for one in (*unplanned, stored)}
    return dict(sorted(done.items()))


def _unplanned(store: Store, stored: StoredDigest) -> list[StoredDigest]:
    """Digests of the profile before this one, back to the last with deliveries; none where mail was never planned."""
    found: list[StoredDigest] = []
    for number in range(stored.id - 1, 0, -1):
        earlier = store.digest(number)
        if earlier is None or earlier.profile != stored.profile:
            continue
        if store.deliveries(number):
            return found[::-1]
        found.append(earlier)
    return []


def _finish(store: Store, stored: StoredDigest, settings: MailSettings) -> tuple[Delivery, ...]:
    for delivery in store.deliveries(stored.id):
        if delivery.state == "sending":
            store.set_delivery(stored.id, delivery.recipient, "unknown", "The run ended while this message was handed over.")
    with _Courier(settings.server) as courier:
        for delivery in store.deliveries(stored.id):
            if is_due(delivery, settings):
                _deliver_one(store, stored, delivery, settings, courier)
    return tuple(store.deliveries(stored.id))


def is_due(delivery: Delivery, settings: MailSettings) -> bool:
    """Whether a delivery is to be tried (again): not yet sent, its recipient still wanted, and not given up."""
    if delivery.recipient not in settings.recipients or delivery.attempts >= MOST_ATTEMPTS:
        return False
    return delivery.state in ("pending", "failed") or (delivery.state == "unknown" and settings.repeat_unknown)


def _deliver_one(store: Store, stored: StoredDigest, delivery: Delivery, settings: MailSettings, courier: "_Courier") -> None:
    repeat = delivery.state == "unknown"
    message = compose(stored, delivery, settings.sender, repeat=repeat)
    try:
        courier.be_ready()
    except MailError as error:
        outcome = Outcome("failed", str(error))
    else:
        store.set_delivery(stored.id, delivery.recipient, "sending", None)
        outcome = courier.carry(bare(settings.sender), delivery.recipient, message)
    # One that may have arrived earlier does not become certain by failing now.
    state = "unknown" if repeat and outcome.state == "failed" else outcome.state
    store.set_delivery(stored.id, delivery.recipient, state, outcome.reply)


class _Courier:
    """One session for all messages, opened when first needed and again when it was lost; a server that cannot be reached is
    not asked anew for each recipient."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session: smtplib.SMTP | None = None
        self._failure: MailError | None = None

    def __enter__(self) -> "_Courier":
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def be_ready(self) -> None:
        """Raises MailError when there is no session to be had."""
        if self._failure is not None:
            raise self._failure
        if self._session is not None and not smtp.is_usable(self._session):
            self._drop()
        if self._session is None:
            try:
                self._session = smtp.open_session(self._server)
            except MailError as error:
                self._failure = error
                raise

    def carry(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Hand one message over in the open session."""
        if self._session is None:
            raise RuntimeError("be_ready() opens the session")
        return smtp.hand_over(self._session, sender, recipient, message)

    def _drop(self) -> None:
        if self._session is not None:
            smtp.close(self._session)
            self._session = None
