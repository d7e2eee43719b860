"""The replica's server: a forward proxy on loopback that is itself every site it serves.

    with Replica() as web:
        web.proxy        # http://127.0.0.1:PORT, for http_proxy and https_proxy
        web.ca_file      # what signs its certificates, for SSL_CERT_FILE
        web.environment  # both, as a child process wants them

A browser without the proxy reads the same pages at http://127.0.0.1:PORT/HOST/PATH.
"""

import socket
import ssl
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from monitor.replica.answers import Answer, Request, finished, sentence
from monitor.replica.browse import browsed, index_page
from monitor.replica.certificates import Authority
from monitor.replica.web import Web


class Asked(NamedTuple):
    """One request that was answered; ``path`` includes the query."""

    method: str
    host: str
    path: str
    status: int


class Replica:
    """The small web, served while the ``with`` block lasts.

    ``port`` 0 takes a free one. ``faults`` are names of :data:`monitor.replica.web.FAULTS`; an unknown one raises
    ValueError. In ``edition`` 2 some articles were edited, and one is gone; :meth:`turn_to` changes it while it is
    served. ``web`` serves other pages than our own in the same way. Same articles, same bytes at every start; only the
    certificates differ.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Iterable[str] = frozenset(),
        web: Web | None = None,
        edition: int = 1,
    ) -> None:
        self._host, self._port = host, port
        self._web = web or Web(frozenset(faults), edition)
        self.requests: list[Asked] = []
        self.source_ids: tuple[str, ...] = self._web.source_ids

    def __enter__(self) -> "Replica":
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vietlao-replica-")))
            authority = Authority(folder)
            server = stack.enter_context(_Server((self._host, self._port), self._web, authority, self.requests))
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="replica")
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.stop)
            self.ca_file = authority.ca_file
            self.proxy = f"http://{self._host}:{server.server_address[1]}"
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def turn_to(self, edition: int) -> None:
        """From now on serve another edition of the small web."""
        self._web.turn_to(edition)

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs in its environment to live in this web and in no other."""
        return {
            "http_proxy": self.proxy,
            "https_proxy": self.proxy,
            "no_proxy": "",
            "SSL_CERT_FILE": str(self.ca_file),
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for every handler
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], web: Web, authority: Authority, log: list[Asked]) -> None:
        self.web, self.authority, self.log = web, authority, log
        self.ending = Event()
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(address, _Handler)

    def stop(self) -> None:
        """End the accept loop and wake every handler that waits for a client."""
        self.shutdown()
        self.ending.set()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # the client may have closed it already
                    connection.shutdown(socket.SHUT_RDWR)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        if self.ending.is_set():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up or distrusts a certificate is no error of the server; everything else is printed."""
        if not isinstance(sys.exception(), (ConnectionError, ssl.SSLError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    tunnel: str | None = None  # the host that a CONNECT asked for

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        with suppress(OSError):  # the last bytes may have nobody to go to
            super().finish()
        self.server.closed(self.connection)
        self.connection.close()

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        host = host.lower().rstrip(".")
        if port != "443" or not self.server.web.knows(host):
            self._answer(_refusal(host or self.path), host, self.path)
            return
        self.server.log.append(Asked("CONNECT", host, self.path, 200))
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self._begin_tls(host)

    def _begin_tls(self, host: str) -> None:
        context = self.server.authority.context(host, self.server.web.certificate_name(host))
        self.rfile.close()
        self.wfile.close()
        plain = self.connection
        self.connection = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self.server.closed(plain)
        self.server.opened(self.connection)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.connection.do_handshake()
        self.tunnel, self.close_connection = host, False

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self.tunnel is not None:
            self._site("https", self.tunnel, self.path)
        elif parts.scheme == "http" and parts.hostname:
            self._site("http", parts.hostname, self.path.split(parts.netloc, 1)[1] or "/")
        elif self.path.startswith("/"):
            self._browser()
        else:
            self._answer(sentence(400, "This proxy understands http addresses and CONNECT."), "", self.path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _site(self, scheme: str, host: str, path: str) -> None:
        host = host.lower().rstrip(".")
        if not self.server.web.knows(host):
            self._answer(_refusal(host), host, path)
            return
        self._answer(self._asked_for(scheme, host, path), host, path)

    def _asked_for(self, scheme: str, host: str, path: str) -> Answer:
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Request(self.command, scheme, host, path, headers)
        return finished(self.server.web.answer(request), request)

    def _browser(self) -> None:
        """Somebody opened the port itself: the index, or a page under /HOST/PATH."""
        host, _, rest = self.path.lstrip("/").partition("/")
        if not host:
            self._answer(index_page(self.server.web), "", self.path)
        elif not self.server.web.knows(host):
            self._answer(sentence(404, f"There is no {host} in this small web; / lists what there is."), host, self.path)
        else:
            self._answer(browsed(self.server.web, host, f"/{rest}"), host, f"/{rest}")

    def _answer(self, answer: Answer, host: str, path: str) -> None:
        self.server.log.append(Asked(self.command, host, path, answer.status))
        self.send_response_only(answer.status)
        for key, value in answer.headers:
            self.send_header(key, value)
        if answer.stream is not None:
            self._stream(answer)
            return
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _stream(self, answer: Answer) -> None:
        """A body in chunks, for as long as the client listens and the replica lives."""
        assert answer.stream is not None
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if self.command == "HEAD":
            return
        for piece in answer.stream(self.server.ending):
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error: ``Replica.requests`` is the log."""


def _refusal(host: str) -> Answer:
    return sentence(502, f"The replica does not serve {host}: it has its own small web and reaches no other.")
