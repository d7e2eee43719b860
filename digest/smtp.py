"""Speaking SMTP: one session with a mail server, and what became of each message handed over in it.

SMTP cannot promise that a message arrives exactly once. Until the server has answered the message's end nobody knows whether
it took it: a connection lost there leaves the outcome unknown, and it is called that instead of failed.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from digest.clean import clip, one_line
from spiders.errors import MonitorError

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
LONGEST_REPLY = 200


class MailError(MonitorError):
    """No message can be handed over: the server cannot be reached, cannot be trusted, or does not let us in."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over. ``timeout`` is in seconds for each answer; ``ca_file`` is trusted instead of the system's
    authorities; certificates are always verified. ``helo`` is the name we give ourselves."""

    host: str
    port: int
    security: Security
    helo: str
    user: str | None = None
    password: str | None = None
    timeout: float = 30
    ca_file: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message, with the server's answer or a sentence that says what went wrong."""

    state: Literal["sent", "failed", "unknown"]
    reply: str


def open_session(server: Server) -> smtplib.SMTP:
    """A session that is encrypted and logged in as the settings ask. Raises MailError; then nothing was sent."""
    with _told(f"The mail server {server} could not be reached", "Check mail.host, mail.port and mail.security"):
        session = _connect(server)
    try:
        _prepare(session, server)
    except BaseException:
        session.close()
        raise
    return session


def _connect(server: Server) -> smtplib.SMTP:
    # The name is given because smtplib would otherwise ask the resolver for this machine's own.
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, server.helo, timeout=server.timeout, context=_context(server))
    return smtplib.SMTP(server.host, server.port, server.helo, timeout=server.timeout)


def _context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=server.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _prepare(session: smtplib.SMTP, server: Server) -> None:
    with _told(f"The mail server {server} did not greet us", "Check that mail.port is one for mail"):
        session.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        with _told(
            f"The mail server {server} gave no encrypted connection", "Nothing is sent in the clear; check mail.security"
        ):
            session.starttls(context=_context(server))
            session.ehlo()
    if server.user is not None:
        advice = "Check mail.user and the environment variable VIETLAO_MAIL__PASSWORD"
        with _told(f"The mail server {server} did not let {server.user} in", advice):
            session.login(server.user, server.password or "")


def hand_over(session: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> Outcome:
    """One message to one recipient. Never raises for what the server or the network does."""
    try:
        refusal = _announce(session, sender, recipient)
    except (smtplib.SMTPException, OSError) as error:
        return Outcome("failed", f"The message to {recipient} was not taken: {_cause(error)}.")
    if refusal:
        return Outcome("failed", refusal)
    try:
        code, reply = session.data(message)
    except smtplib.SMTPDataError as error:
        return Outcome(
            "failed", f"The server refused the message to {recipient}: {_answer(error.smtp_code, error.smtp_error)}."
        )
    except (smtplib.SMTPException, OSError) as error:
        return Outcome("unknown", f"Whether the message to {recipient} was taken is not known: {_cause(error)}.")
    if code != 250:
        return Outcome("failed", f"The server refused the message to {recipient}: {_answer(code, reply)}.")
    return Outcome("sent", _answer(code, reply))


def _announce(session: smtplib.SMTP, sender: str, recipient: str) -> str | None:
    """Say who sends and who receives; a sentence when the server will have neither."""
    code, reply = session.mail(sender)
    if code != 250:
        return f"The server refused the sender {sender}: {_answer(code, reply)}."
    code, reply = session.rcpt(recipient)
    if code not in (250, 251):
        return f"The server refused the recipient {recipient}: {_answer(code, reply)}."
    return None


def is_usable(session: smtplib.SMTP) -> bool:
    """Whether another message can follow in this session; forgets what a refused one has left in it."""
    try:
        return session.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def close(session: smtplib.SMTP) -> None:
    """End a session politely where it still lives."""
    with suppress(smtplib.SMTPException, OSError):  # every message has its outcome by now; a lost farewell changes none
        session.quit()
    session.close()


@contextmanager
def _told(what: str, advice: str) -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(f"{what}: {_cause(error)}. {advice}. Nothing was sent; the next run tries again.") from error


def _cause(error: Exception) -> str:
    match error:
        case smtplib.SMTPResponseException():
            return f"it answered {_answer(error.smtp_code, error.smtp_error)}"
        case smtplib.SMTPServerDisconnected():
            return "the connection was lost or timed out"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted ({error.verify_message})"
        case ssl.SSLError():
            return f"it does not speak TLS there ({error.reason or error})"
        case TimeoutError():
            return "no answer in time"
        case socket.gaierror():
            return "its name is not known"
        case OSError(strerror=str(reason)):
            return reason.lower()
    return one_line(str(error)).rstrip(".").lower()


def _answer(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return clip(f"{code} {one_line(text)}".strip(), LONGEST_REPLY).rstrip(".")
