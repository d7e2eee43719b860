"""Failures told as fates: at which stage an address ended, with what outcome, and why in a sentence for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError

from spiders.challenge import NEEDS_A_BROWSER, is_challenge
from spiders.memory import Outcome, Stage
from spiders.refusals import Refused
from spiders.times import retry_after

MIB = 2**20
NETWORK = ("twisted.", "OpenSSL.", "service_identity.", "cryptography.")
CODECS = ("zlib", "gzip", "brotli", "_brotli", "backports.zstd", "compression.zstd", "_zstd")


@dataclass(frozen=True, slots=True)
class Fate:
    """``retry_after`` is how many seconds the site asked us to wait. ``expected`` is False for an exception that nobody
    foresaw: a bug, to be recorded and raised all the same."""

    stage: Stage
    outcome: Outcome
    reason: str
    retry_after: float | None = None
    expected: bool = True

    @property
    def data(self) -> dict[str, float]:
        """What is recorded beside the reason."""
        return {} if self.retry_after is None else {"retry_after": self.retry_after}


def fate_of(error: BaseException, url: str, settings: BaseSettings) -> Fate:
    """The fate of a request that ended in an exception."""
    if isinstance(error, Refused):
        return Fate(error.stage, error.outcome, str(error), error.retry_after)
    if isinstance(error, HttpError):
        return fate_of_status(error.response)
    if _too_large(error):
        limit = settings.getint("DOWNLOAD_MAXSIZE") // MIB
        return Fate("fetched", "rejected", f"the answer is larger than {limit} MiB")
    if isinstance(error, exceptions.IgnoreRequest):
        return Fate("fetched", "failed", _ignored(error, settings))
    reason = _network_reason(error, url, settings)
    if reason is None:
        return Fate("fetched", "failed", f"an error in the program: {type(error).__name__}: {error}", expected=False)
    return Fate("fetched", "failed", reason)


def fate_of_status(response: Response) -> Fate:
    """The fate of an answer whose status is not 2xx."""
    status = response.status
    if is_challenge(response.body, response.headers.get("cf-mitigated")):
        return Fate("fetched", "failed", NEEDS_A_BROWSER)
    outcome: Outcome = "gone" if status in (404, 410) else "failed"
    wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    asked = "" if wait is None else f" and asked to wait {wait:.0f} seconds"
    return Fate("fetched", outcome, f"answered {status_words(status)}{asked}", wait)


def status_words(status: int) -> str:
    """``404 Not Found``; the bare number where the registry has no words."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _too_large(error: BaseException) -> bool:
    if isinstance(error, exceptions.DownloadCancelledError):
        return True  # the handler's only reason to cancel; with a declared length it says so, without one it does not
    return isinstance(error, exceptions.IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error)


def _ignored(error: BaseException, settings: BaseSettings) -> str:
    if "max redirections" in str(error):
        return f"redirects more than {settings.getint('REDIRECT_MAX_TIMES')} times"
    return str(error) or "the request was ignored"


def _network_reason(error: BaseException, url: str, settings: BaseSettings) -> str | None:
    host = urlsplit(url).netloc
    words = "; ".join(dict.fromkeys(_words(error)))
    if isinstance(error, exceptions.DownloadTimeoutError | TimeoutError):
        return f"took longer than {settings.getfloat('DOWNLOAD_TIMEOUT'):g} seconds"
    if isinstance(error, exceptions.CannotResolveHostError):
        return f"the name {urlsplit(url).hostname} cannot be resolved"
    if isinstance(error, exceptions.DownloadConnectionRefusedError):
        return f"{host} refused the connection"
    if isinstance(error, exceptions.ResponseDataLossError):
        return "the connection ended before the whole answer had arrived"
    if isinstance(error, TunnelError):
        return f"the proxy opened no tunnel to {host}: {error}"
    if "certificate" in words.lower():
        return f"the certificate of {host} could not be verified: {words}"
    if type(error).__module__.startswith(CODECS):
        return f"the compressed answer is broken: {words}"
    if isinstance(error, exceptions.DownloadFailedError | OSError) or type(error).__module__.startswith(NETWORK):
        return f"the connection to {host} failed: {words}"
    return None


def _words(error: BaseException | None, depth: int = 0) -> Iterator[str]:
    """What an exception says, dug out of the lists of failures that Twisted wraps around it."""
    if error is None or depth > 4:
        return
    reasons = getattr(error, "reasons", None)
    if reasons:
        for reason in reasons:
            yield from _words(reason.value, depth + 1)
    elif error.__cause__ is not None:
        yield from _words(error.__cause__, depth + 1)
    else:
        yield _phrase(error)


def _phrase(error: BaseException) -> str:
    if isinstance(error, VerificationError):
        return "the certificate belongs to another host"
    if error.args and isinstance(error.args[0], list):  # OpenSSL: [(library, function, reason), ...]
        return ", ".join(str(part[-1] if isinstance(part, tuple) and part else part) for part in error.args[0])
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
