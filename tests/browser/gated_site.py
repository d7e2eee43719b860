"""Pages that a browser has to open, and what they try besides."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rig_site import Answer, Site

GATE = '<html><body><script>document.cookie="D1N=open; path=/";window.location.reload(true);</script></body></html>'
ROBOTS = "User-agent: *\nDisallow: /secret-8.html\n"
TEXT = "<p>A paragraph of the article, long enough to be one.</p>" * 5


class Listener:
    """A host that nobody may call: TCP and UDP on one port, and what arrived there."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.threads = [threading.Thread(target=self.accept), threading.Thread(target=self.receive)]
        for thread in self.threads:
            thread.start()

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            with connection:
                self.calls.append("tcp " + connection.recv(200).decode("latin-1"))

    def receive(self) -> None:
        while data := self.udp.recv(200):
            self.calls.append(f"udp {data!r}")

    def close(self) -> None:
        self.tcp.shutdown(socket.SHUT_RDWR)
        self.tcp.close()
        self.udp.sendto(b"", ("127.0.0.1", self.port))
        for thread in self.threads:
            thread.join()
        self.udp.close()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


def page(title: str, head: str = "", body: str = TEXT) -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


def listing(port: int) -> str:
    """Filled by a script of its own host, after that has tried every way out that a page has."""
    bad = f"127.0.0.1:{port}"
    head = (
        f'<link rel="stylesheet" href="/style.css"><link rel="prefetch" href="http://{bad}/prefetch">'
        f'<link rel="preconnect" href="http://{bad}"><link rel="icon" href="/icon.png">'
        "<style>@font-face{font-family:f;src:url(/font.woff2)} h1{font-family:f}</style>"
    )
    body = (
        f'<img src="/picture.jpg"><img src="http://{bad}/pixel"><video src="/film.mp4" autoplay></video>'
        f'<iframe src="http://{bad}/frame"></iframe><iframe src="/frame-99.html"></iframe>'
        f'<script src="http://{bad}/script.js"></script><a id="file" href="/film.zip" download>x</a>'
        f'<main></main><script>const bad = "{bad}";</script><script src="/fill.js"></script>'
    )
    return page("Front page", head, body)


FILL = """
const tries = [
  () => fetch("http://" + bad + "/fetch", {mode: "no-cors"}).catch(() => 0),
  () => new WebSocket("ws://" + bad + "/socket"),
  () => new WebSocket("ws://" + location.host + "/own-socket"),
  () => navigator.sendBeacon("http://" + bad + "/beacon", "x"),
  () => navigator.sendBeacon("/own-beacon", "x"),
  () => fetch("/own-post", {method: "POST", body: "x"}).catch(() => 0),
  () => window.open("http://" + bad + "/popup"),
  () => navigator.serviceWorker.register("/worker.js").catch(() => 0),
  () => new EventSource("http://" + bad + "/events"),
  () => new Worker("http://" + bad + "/worker.js"),
  () => document.getElementById("file").click(),
  () => {
    const peer = new RTCPeerConnection({iceServers: [{urls: "stun:" + bad},
      {urls: "turn:" + bad + "?transport=tcp", username: "u", credential: "c"}]});
    peer.createDataChannel("d");
    peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  },
];
for (const attempt of tries) { try { attempt(); } catch (refused) { document.title += "!"; } }
fetch("/data.json").then((answer) => answer.json()).then((found) => {
  document.querySelector("main").innerHTML = found.map((path) => `<a href="${path}">The headline of ${path}</a>`).join(" ");
});
"""


def furnish(site: Site, port: int) -> None:
    """The pages of the gated site. ``port`` is the listener's."""
    articles = {
        "/plain-1.html": Answer(page("Plain")),
        "/moved-2.html": Answer("", 302, {"Location": "/target-3.html"}),
        "/target-3.html": Answer(page("Target", '<script src="/never.js"></script>')),
        "/away-4.html": Answer("", 302, {"Location": f"http://127.0.0.1:{port}/away"}),
        "/lured-5.html": Answer(f'<script>document.cookie = "a=1"; location.href = "http://127.0.0.1:{port}/lured";</script>'),
        "/circle-6.html": Answer('<script>document.cookie = "a=1"; location.reload();</script>'),
        "/gone-7.html": Answer(page("Not here"), 404),
        "/secret-8.html": Answer(page("Secret")),
        "/asleep-9.html": Answer('<script>document.cookie = "a=1"; addEventListener("x", () => location.reload());</script>'),
    }
    feed = '<rss version="2.0"><channel><item><title>By feed</title><link>/fed-10.html</link></item></channel></rss>'
    open_pages = {
        "/": Answer(listing(port)),
        "/busy": Answer(page("Busy", body="<script>while (true) {}</script>")),
        "/fill.js": Answer(FILL, kind="text/javascript"),
        "/data.json": Answer(json.dumps([*articles]), kind="application/json"),
        "/home.rss": Answer(feed.replace("/fed", f"{site.root}/fed"), kind="application/rss+xml"),
        "/fed-10.html": Answer(page("Fed")),
        "/robots.txt": Answer(ROBOTS, kind="text/plain"),
        **articles,
    }
    site.answers |= {path: gated(answer) for path, answer in open_pages.items()}


def gated(answer: Answer):
    """The answer for those who bring the cookie, the gate for others."""
    return lambda handler: answer if "D1N=open" in (handler.headers["Cookie"] or "") else Answer(GATE)
