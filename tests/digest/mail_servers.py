"""Real SMTP servers on loopback that can be told where to fail, with certificates of a throw-away authority."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "analyst", "correct horse"


@dataclass(frozen=True, slots=True)
class Authority:
    """``ca`` is what clients trust; ``certificate`` and ``key`` are the server's, good for 127.0.0.1 only."""

    ca: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_authority(folder: Path) -> Authority:
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Throw-away authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    ca = (
        _builder(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    certificate = (
        _builder(name, ca_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    paths = Authority(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    paths.ca.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    paths.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, subject, key, x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1)
    )


@dataclass
class Mailbox:
    """Takes mail and keeps it. Each field names those it treats badly: refused at MAIL, RCPT or DATA, cut off after DATA (the
    mail is kept all the same when ``keeps_cut_off``), or left waiting there for ever (``reached`` is set then)."""

    refuse_senders: bool = False
    refuse: set[str] = field(default_factory=set)
    refuse_data: set[str] = field(default_factory=set)
    cut_off: set[str] = field(default_factory=set)
    keeps_cut_off: bool = True
    hang_at: str = ""
    hang_for: set[str] = field(default_factory=set)
    reached: threading.Event = field(default_factory=threading.Event)
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    sessions: int = 0
    logins: list[bytes] = field(default_factory=list)

    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.refuse_senders:
            return "550 5.7.1 this sender may not send here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return "550 5.1.1 nobody of that name here"
        await self._hang("RCPT", address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (recipient,) = envelope.rcpt_tos
        await self._hang("DATA", recipient)
        if recipient in self.refuse_data:
            return "554 5.6.0 this message is not to our taste"
        cut_off = recipient in self.cut_off
        if not cut_off or self.keeps_cut_off:
            self.taken.append((recipient, message_from_bytes(envelope.content, policy=default)))
            self.raw.append(envelope.content)
        if cut_off:
            server.transport.abort()
        return "250 2.0.0 taken"

    async def _hang(self, stage, address):
        if self.hang_at == stage and address in self.hang_for:
            self.reached.set()
            await asyncio.Event().wait()

    def authenticate(self, server, session, envelope, mechanism, auth_data):
        good = isinstance(auth_data, LoginPassword) and (auth_data.login, auth_data.password) == (
            USER.encode(), PASSWORD.encode(),
        )  # fmt: skip
        self.logins.append(auth_data.login)
        return AuthResult(success=good, handled=False)


class _Controller(Controller):
    """A controller that takes any free port, which the library asks itself at after the server is up."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(mailbox: Mailbox, security: str = "none", authority: Authority | None = None, login: bool = False) -> Iterator[int]:
    """The port of a server that offers what ``security`` says."""
    smtp = {}
    if login:
        smtp |= {
            "authenticator": mailbox.authenticate,
            "auth_required": security == "starttls",
            "auth_require_tls": security == "starttls",
        }
    if security == "starttls":
        smtp |= {"tls_context": authority.context(), "require_starttls": True}
    tls = authority.context() if security == "tls" else None
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0, ssl_context=tls, server_hostname="mail.example", **smtp)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
