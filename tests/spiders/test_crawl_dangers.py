"""Whole crawls of sites that are slow, broken, hostile or gone. Each address must end with a recorded reason."""

import gzip
import ssl
import zlib
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rig_site import Answer, run_crawl, send, serving, source_at

CHALLENGE = '<html><body><script>document.cookie="D1N=1"+"; path=/";window.location.reload(true);</script></body></html>'
PAGE = "<html><body><p>An article.</p></body></html>"
LIMIT = 200_000


def drip(site):
    """A body that never ends, one byte at a time."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.close_connection = True
        try:
            while not site.ending.wait(0.05):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            return

    return answer


def endless(handler):
    """Chunks without end, no length declared."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.close_connection = True
    try:
        while True:
            handler.wfile.write(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
    except OSError:
        return


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<html>half")
    handler.close_connection = True


def moved(location, status=302):
    return Answer("", status, {"Location": location})


TRAPS = {
    "missing-1": (Answer("x", 404), "fetched gone: answered 404 Not Found"),
    "removed-2": (Answer("x", 410), "fetched gone: answered 410 Gone"),
    "broken-3": (Answer("x", 500), "fetched failed: answered 500 Internal Server Error"),
    "forbidden-4": (Answer("x", 403), "fetched failed: answered 403 Forbidden"),
    "challenge-5": (Answer(CHALLENGE), "fetched failed: needs a browser"),
    "challenged-6": (Answer(CHALLENGE, 503), "fetched failed: needs a browser"),
    "picture-7": (Answer(b"\x89PNG\r\n", kind="image/png"), "fetched rejected: is not an HTML page but image/png"),
    "empty-8": (Answer(" \n"), "fetched failed: answered 200 with an empty page"),
    "large-9": (Answer("x" * (LIMIT + 1)), "fetched rejected: the answer is larger than 0 MiB"),
    "endless-10": (endless, "fetched rejected: the answer is larger than 0 MiB"),
    "bomb-11": (
        Answer(gzip.compress(b"x" * 5_000_000), headers={"Content-Encoding": "gzip"}),
        "fetched rejected: the answer is larger than 0 MiB",
    ),
    "deflated-12": (
        Answer(zlib.compress(b"x" * 5_000_000), headers={"Content-Encoding": "deflate"}),
        "fetched rejected: the answer is larger than 0 MiB",
    ),
    "garbled-13": (Answer(b"not gzip", headers={"Content-Encoding": "gzip"}), "fetched failed: "),
    "cut-14": (cut_off, "fetched failed: the connection ended before the whole answer had arrived"),
    "off-15": (moved("https://evil.example/x-15.html"), "allowed rejected: redirected to https://evil.example/x-15.html"),
    "file-16": (moved("file:///etc/passwd"), "fetched failed: answered 302 Found"),
    "inner-17": (moved("http://10.0.0.1/admin-17.html"), "allowed rejected: redirected to http://10.0.0.1/admin-17.html"),
    "port-18": (moved("http://127.0.0.1:22/x-18.html"), "allowed rejected: redirected to http://127.0.0.1:22/x-18.html"),
    "self-19": (moved("/self-19.html"), "fetched failed: answers 302 to its own address, as sites do until a cookie is kept"),
    "round-20": (moved("/round-21.html"), "fetched failed: redirects more than 5 times"),
    "home-22": (moved("/"), "fetched gone: sends us to"),
    "private-23": (Answer(PAGE), "allowed rejected: the robots.txt of"),
}


@pytest.fixture(scope="module")
def rough(tmp_path_factory):
    with serving() as site:
        crawl = crawl_rough(site, tmp_path_factory.mktemp("rough"))
        crawl.root, crawl.paths = site.root, site.paths()
    return crawl


def crawl_rough(site, folder):
    site.answers |= {f"/{name}.html": answer for name, (answer, _) in TRAPS.items()}
    site.answers |= {
        "/round-21.html": moved("/round-20.html"),
        "/": Answer("<html><body>Home</body></html>"),
        "/good-99.html": Answer(PAGE),
        "/drip-98.html": drip(site),
        "/robots.txt": Answer("\ufeffUser-agent: *\nDisallow: /private-\nDisallow: /all\n", kind="text/plain"),
    }
    names = [*TRAPS, "drip-98", "good-99"]
    site.answers["/all.html"] = Answer("x")
    site.answers["/list"] = Answer("".join(f'<a href="/{name}.html">A headline: {name}</a>' for name in names))
    settings = {"DOWNLOAD_MAXSIZE": LIMIT, "DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 0, "CONCURRENT_REQUESTS": 8}
    site.answers["/gate"] = Answer(CHALLENGE)
    source = source_at(site.root, listings=[{"url": f"{site.root}{path}"} for path in ("/list", "/all.html", "/gate")])
    return run_crawl(folder, [source], settings)


@pytest.mark.parametrize("name", TRAPS)
def test_each_trap_ends_with_its_reason(rough, name):
    stage, outcome, reason = rough.fate(f"{rough.root}/{name}.html")
    assert f"{stage} {outcome}: {reason}".startswith(TRAPS[name][1])


def test_a_slow_drip_ends_at_the_time_limit(rough):
    assert rough.fate(f"{rough.root}/drip-98.html") == ("fetched", "failed", "took longer than 1 seconds")


def test_what_was_allowed_before_it_failed_is_recorded_too(rough):
    steps = [(line["stage"], line["outcome"]) for line in rough.of("decided") if line["url"] == f"{rough.root}/missing-1.html"]
    assert steps == [("allowed", "ok"), ("fetched", "gone")]


def test_only_the_article_becomes_a_page(rough):
    assert list(rough.pages) == [f"{rough.root}/good-99.html"]
    decided = {line["url"] for line in rough.of("decided")}
    assert decided == {line["url"] for line in rough.of("discovered")}


def test_nothing_that_was_refused_was_asked(rough):
    asked = rough.paths
    assert "/private-23.html" not in asked
    assert "/all.html" not in asked
    assert asked.count("/self-19.html") == 1


def test_a_challenge_in_place_of_a_listing_is_its_problem(rough):
    asked = rough.asked(f"{rough.root}/gate")
    assert (asked["status"], asked["items"]) == (200, 0)
    assert asked["problem"].startswith("needs a browser")


def test_a_disallowed_place_is_a_problem_of_the_source(rough):
    assert "robots.txt" in rough.asked(f"{rough.root}/all.html")["problem"]
    assert rough.outcome["state"] == "partly"
    assert rough.outcome["fetched"] == 1
    failed = [line["url"] for line in rough.of("decided") if line["outcome"] == "failed"]
    assert rough.outcome["failed"] == rough.lines[-1]["failed"] == len(failed) > 5
    assert "Traceback" not in rough.log


@pytest.mark.parametrize(
    ("robots", "asked", "state"),
    [
        (Answer("x", 503), ["/robots.txt"], "failed"),
        (moved("https://elsewhere.example/robots.txt"), ["/robots.txt", "/list", "/a-1.html"], "read"),
    ],
    ids=["unavailable", "elsewhere"],
)
def test_robots_files(site, tmp_path, robots, asked, state):
    site.answers |= {"/robots.txt": robots, "/list": Answer('<a href="/a-1.html">A headline</a>'), "/a-1.html": Answer(PAGE)}
    crawl = run_crawl(tmp_path, [source_at(site.root, listings=[{"url": f"{site.root}/list"}])], {"RETRY_TIMES": 0})
    assert site.paths() == asked
    assert crawl.outcome["state"] == state
    assert (state == "read") or "(status 503), so the site is left alone for now" in crawl.outcome["reason"]


@pytest.fixture
def gate(site):
    """A site that sends everyone back to the same address until its cookie comes along."""

    def guarded(answer):
        def check(handler):
            if "muid=7" in (handler.headers["Cookie"] or ""):
                return answer
            return Answer("", 302, {"Location": handler.path, "Set-Cookie": "muid=7; path=/"})

        return check

    site.answers |= {
        "/list": guarded(Answer('<a href="/a-1.html">A headline</a>')),
        "/a-1.html": guarded(Answer(PAGE)),
        "/warm": guarded(Answer("warm")),
    }
    return site


def test_a_cookie_opens_the_gate_for_a_source_that_keeps_it(gate, tmp_path):
    source = source_at(
        gate.root, listings=[{"url": f"{gate.root}/list"}], quirks={"keeps_cookies": True, "warm_up": f"{gate.root}/warm"}
    )
    crawl = run_crawl(tmp_path, [source])
    assert list(crawl.pages) == [f"{gate.root}/a-1.html"]
    assert gate.paths() == ["/robots.txt", "/warm", "/warm", "/list", "/a-1.html"]
    assert crawl.outcome["state"] == "read"
    sent = [request.headers.get("cookie") for request in gate.requests if request.path == "/a-1.html"]
    assert sent == ["muid=7"]
    assert "Cookie" not in dict(crawl.pages[f"{gate.root}/a-1.html"]["request_headers"])


def test_without_it_the_gate_is_a_clear_failure(gate, tmp_path):
    crawl = run_crawl(tmp_path, [source_at(gate.root, listings=[{"url": f"{gate.root}/list"}])])
    assert gate.paths() == ["/robots.txt", "/list"]
    assert "keeps_cookies" in crawl.outcome["reason"]
    assert crawl.outcome["state"] == "failed"


def test_retry_after_is_waited_for_or_left_to_the_next_run(site, tmp_path):
    visits = []

    def busy(handler):
        """Not to be asked again for a second; who comes earlier is told so again."""
        visits.append(monotonic())
        return Answer("", 503, {"Retry-After": "1"}) if visits[-1] - visits[0] < 0.95 else Answer(PAGE)

    site.answers |= {
        "/busy-1.html": busy,
        "/list": Answer('<a href="/busy-1.html">A headline</a>'),
    }
    crawl = run_crawl(tmp_path / "soon", [source_at(site.root, listings=[{"url": f"{site.root}/list"}])])
    assert list(crawl.pages) == [f"{site.root}/busy-1.html"]
    assert len(visits) == 2
    site.answers |= {
        "/busy-1.html": Answer("", 429, {"Retry-After": "3600"}),
        "/late-2.html": Answer(PAGE),
        "/list": Answer('<a href="/busy-1.html">A headline</a><a href="/late-2.html">A headline</a>'),
    }
    site.requests.clear()
    settings = {"CONCURRENT_REQUESTS": 1}
    crawl = run_crawl(tmp_path / "late", [source_at(site.root, listings=[{"url": f"{site.root}/list"}])], settings)
    decided = [line for line in crawl.of("decided") if line["url"] == f"{site.root}/busy-1.html"][-1]
    assert decided["reason"] == "answered 429 Too Many Requests and asked to wait 3600 seconds"
    assert decided["data"] == {"retry_after": 3600.0}
    assert "asked to be left alone" in crawl.fate(f"{site.root}/late-2.html")[2]
    assert site.paths() == ["/robots.txt", "/list", "/busy-1.html"]


def test_crawl_delay_slows_every_request(site, tmp_path):
    site.answers |= {"/robots.txt": Answer("User-agent: *\nCrawl-delay: 100000"), "/list": Answer("x")}
    source = source_at(site.root, listings=[{"url": f"{site.root}/list"}])
    crawl = run_crawl(tmp_path, [source], {"EXTENSIONS": '{"spiders.patience.Throttle": 0, "rig_throttle.Impatient": 1}'})
    assert "asks for 100000 seconds between requests; 60 are kept" in crawl.log
    assert "delay of 127.0.0.1 is 60" in crawl.log


def test_names_that_lead_inside_are_refused_on_the_connection(site, tmp_path):
    port = site.root.rpartition(":")[2]
    root = f"http://paper.example:{port}"
    settings = {"VIETLAO_LOOPBACK": "0", "TWISTED_DNS_RESOLVER": "rig_resolver.ToLoopback"}
    crawl = run_crawl(tmp_path, [source_at(root, feeds=[f"{root}/home.rss"])], settings)
    assert site.requests == []
    assert "127.0.0.1 is a loopback address" in crawl.outcome["reason"]
    assert crawl.outcome["state"] == "failed"


def test_names_that_lead_nowhere(site, tmp_path):
    root = "http://paper.missing"
    crawl = run_crawl(
        tmp_path,
        [source_at(root, feeds=[f"{root}/home.rss"])],
        {"TWISTED_DNS_RESOLVER": "rig_resolver.ToLoopback", "RETRY_TIMES": 0},
    )
    assert "the name paper.missing cannot be resolved" in crawl.outcome["reason"]


def test_a_proxy_on_loopback_is_the_operators_choice(site, tmp_path):
    """The server of the fixture is the proxy: it is asked for whole addresses, and names are not resolved by us."""
    root = "http://paper.missing"
    site.answers |= {
        f"{root}/list": Answer('<a href="/a-1.html">A headline</a>'),
        f"{root}/a-1.html": Answer("", 302, {"Location": "http://127.0.0.1:9/x-1.html"}),
    }
    settings = {"VIETLAO_LOOPBACK": "0", "TWISTED_DNS_RESOLVER": "rig_resolver.ToLoopback"}
    crawl = run_crawl(tmp_path, [source_at(root, listings=[{"url": f"{root}/list"}])], settings, env={"http_proxy": site.root})
    assert site.paths() == [f"{root}/robots.txt", f"{root}/list", f"{root}/a-1.html"]
    assert (
        crawl.fate(f"{root}/a-1.html")[2]
        == "redirected to http://127.0.0.1:9/x-1.html; http://127.0.0.1:9 is not listed for paper"
    )


@pytest.fixture
def secure(tmp_path):
    """An HTTPS site with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "key.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with serving(context) as site:
        site.answers |= {"/list": Answer('<a href="/a-1.html">A headline</a>'), "/a-1.html": Answer(PAGE)}
        site.certificate = certificate.public_bytes(serialization.Encoding.PEM)
        yield site


def test_certificates_are_verified(secure, tmp_path):
    source = source_at(secure.root, listings=[{"url": f"{secure.root}/list"}])
    crawl = run_crawl(tmp_path / "strict", [source], {"RETRY_TIMES": 0})
    assert secure.requests == []
    assert "certificate" in crawl.outcome["reason"]
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(secure.certificate)
    crawl = run_crawl(tmp_path / "trusted", [source], env={"SSL_CERT_FILE": str(trusted)})
    assert crawl.outcome == crawl.outcome | {"state": "read", "reason": None, "fetched": 1}


def test_an_exception_for_one_source_is_reported(secure, tmp_path):
    source = source_at(
        secure.root, listings=[{"url": f"{secure.root}/list"}], quirks={"insecure_tls": "its chain is incomplete"}
    )
    crawl = run_crawl(tmp_path, [source])
    assert crawl.outcome["state"] == "read"
    assert crawl.outcome["reason"] == "certificates are not verified: its chain is incomplete"
    assert "certificates are not verified" in crawl.log


def test_the_address_as_linked_is_tried_when_the_canonical_one_fails(site, tmp_path):
    site.answers |= {
        "/list": Answer('<a href="/print/only-1.html">A headline</a>'),
        "/print/only-1.html": lambda handler: send(handler, Answer(PAGE)),
    }
    crawl = run_crawl(tmp_path, [source_at(site.root, listings=[{"url": f"{site.root}/list"}])])
    page = crawl.pages[f"{site.root}/only-1.html"]
    assert page["url"] == f"{site.root}/print/only-1.html"
