"""The replica as a server: proxy and certificates, log, browser form, start and stop."""

import ssl
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pytest
from lxml import html

from monitor.replica.answers import Request, finished
from monitor.replica.server import Replica
from monitor.replica.stories import load_stories
from monitor.replica.web import FAULTS, Web


def test_requests_are_logged(visitor_of):
    with Replica() as web:
        visitor_of(web).ask("https://vietnamnews.vn/politics-laws?p=2")
        visitor_of(web).ask("http://vietnamnews.vn/none")
    assert web.requests == [
        ("CONNECT", "vietnamnews.vn", "vietnamnews.vn:443", 200),
        ("GET", "vietnamnews.vn", "/politics-laws?p=2", 200),
        ("GET", "vietnamnews.vn", "/none", 301),
    ]


def test_any_other_host_is_refused_with_a_sentence(visitor):
    reply = visitor.ask("http://example.com/")
    assert reply.status == 502
    assert "The replica does not serve example.com" in reply.text
    with pytest.raises(OSError, match="502"):
        visitor.ask("https://example.com/")


def test_certificates_name_their_host_and_nobody_else_trusts_them(web):
    proxy = urlsplit(web.proxy)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": f"http://{proxy.netloc}"}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
    )
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        opener.open("https://vietnamnews.vn/")


def test_a_wrong_certificate_can_be_switched_on(visitor_of):
    with Replica(faults={"wrong-certificate"}) as web:
        with pytest.raises(ssl.SSLCertVerificationError, match="not valid for 'thoidai"):
            visitor_of(web).ask("https://thoidai.com.vn/")
        assert visitor_of(web).ask("https://vietnamnews.vn/").status == 200


def test_an_unavailable_robots_file_can_be_switched_on(visitor_of):
    with Replica(faults={"robots-unavailable"}) as web:
        assert visitor_of(web).ask("https://baonghean.vn/robots.txt").status == 503


@pytest.mark.parametrize("fault", ["slow", "endless"])
def test_endless_faults_end_with_the_replica(visitor_of, fault):
    """A client that waits on a body without end does not keep the server from stopping."""
    urls = {trap.kind: f"https://{site.host}{trap.path}" for site in Web().sites.values() for trap in site.traps}
    with Replica(faults={fault}) as web:
        visitor = visitor_of(web)
        connection = visitor._connection("https", urlsplit(urls[fault]).hostname)
        connection.request("GET", urlsplit(urls[fault]).path)
        answer = connection.getresponse()
        assert answer.read(1)
    connection.close()
    answer.close()


def test_unknown_faults_are_named():
    with pytest.raises(ValueError, match=r"no fault earthquake; there are slow"):
        Replica(faults={"earthquake"})
    assert all(FAULTS.values())


def test_nothing_is_left_when_it_ends(visitor_of):
    before = set(threading.enumerate())
    with Replica() as web:
        visitor = visitor_of(web)
        idle = visitor._connection("https", "vietnamnews.vn")
        idle.request("GET", "/politics-laws")
        assert idle.getresponse().read()  # and the connection stays open
        folder = web.ca_file.parent
        port = urlsplit(web.proxy).port
        assert folder.is_dir()
    idle.close()
    assert set(threading.enumerate()) == before
    assert not folder.exists()
    with pytest.raises(URLError, match="refused"):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}/", timeout=5)


def test_several_requests_on_one_connection(visitor):
    connection = visitor._connection("https", "vietnamnews.vn")
    for path in ("/politics-laws", "/none", "/robots.txt"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.read()
        assert answer.status == (404 if path == "/none" else 200)
    connection.close()


def test_head_has_the_headers_and_no_body(visitor):
    full, head = (visitor.ask("https://vietnamnews.vn/politics-laws", method=method) for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.headers == full.headers


def test_gzip_for_those_who_read_it(visitor):
    reply = visitor.ask("https://vietnamnews.vn/politics-laws", Accept_Encoding="gzip, deflate")
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.body.startswith(b"\x1f\x8b")


def test_the_same_bytes_at_every_start():
    first, second = Web(), Web()
    for story in load_stories():
        request = Request("GET", story.site.scheme, story.site.host, story.path, {"accept-encoding": "gzip"})
        assert finished(first.answer(request), request) == finished(second.answer(request), request)


@pytest.fixture
def browser():
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def test_a_browser_without_the_proxy_finds_its_way(web, browser):
    with browser.open(web.proxy + "/") as answer:
        index = html.fromstring(answer.read())
    links = index.xpath("//a/@href")
    assert "/en.qdnd.vn/military/news" in links
    assert len({link.split("/")[1] for link in links}) >= 18
    with browser.open(f"{web.proxy}/en.qdnd.vn/military/news") as answer:
        page = html.fromstring(answer.read())
    onward = page.xpath("//div[@class='list-news']//a/@href")
    assert onward
    assert all(link.startswith("/en.qdnd.vn/") for link in onward)
    with browser.open(web.proxy + onward[0]) as answer:
        assert b"post-content" in answer.read()


@pytest.mark.parametrize("path", ["/laodong.vn/thoi-su/", "/www.bienphong.com.vn/", "/vietnamplus.vn/rss/home.rss"])
def test_a_browser_passes_gates_and_old_encodings(web, browser, path):
    with browser.open(web.proxy + path) as answer:
        body = answer.read()
    assert answer.status == 200
    assert b"window.location.reload" not in body
    assert len(body) > 1000


def test_a_browser_is_told_what_is_not_there(web, browser):
    with pytest.raises(HTTPError, match="404") as error:
        browser.open(web.proxy + "/example.com/")
    assert b"There is no example.com in this small web" in error.value.read()
    error.value.close()


def test_the_environment_leads_a_child_process_into_the_web(web):
    script = "import urllib.request as u; print(u.urlopen('https://vietnamnews.vn/politics-laws').status)"
    answer = subprocess.run([sys.executable, "-c", script], env=web.environment, capture_output=True, text=True, check=False)
    assert (answer.stdout, answer.stderr) == ("200\n", "")
    assert Path(web.environment["SSL_CERT_FILE"]).is_file()


def test_it_explains_itself_to_a_person():
    answer = subprocess.run([sys.executable, "-m", "monitor.replica", "--help"], capture_output=True, text=True, check=True)
    assert "--port" in answer.stdout
    assert "vietlao replica --open" in answer.stdout


def test_a_person_starts_it_and_ends_it(browser):
    command = [sys.executable, "-u", "-m", "monitor.replica", "--port", "0", "--fault", "robots-unavailable"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said = [next(process.stdout) for _ in range(8)]
        with browser.open(said[0].split()[0]) as answer:
            assert b"The small web of papers" in answer.read()
        process.terminate()
        rest = process.communicate(timeout=20)[0]
    assert (process.returncode, rest) == (0, "\nstopped\n")
    authority = next(line for line in said if "SSL_CERT_FILE=" in line).strip().partition("=")[2]
    assert not Path(authority).exists()


def test_a_port_that_is_taken_is_named(web):
    port = str(urlsplit(web.proxy).port)
    command = [sys.executable, "-m", "monitor.replica", "--port", port]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert f"port {port} cannot be used: Address already in use; try --port 0" in answer.stderr
