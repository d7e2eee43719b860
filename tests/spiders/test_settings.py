"""The settings that keep us safe and polite. A change here is a decision, not a detail."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rig_site import CHECKOUT, clean_environment
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from spiders import settings as ours
from spiders.news import NewsSpider
from spiders.sources import Source


@pytest.fixture
def settings():
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    return settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("DOWNLOAD_MAXSIZE", 16 * 1024 * 1024),
        ("DOWNLOAD_TIMEOUT", 60),
        ("DOWNLOAD_FAIL_ON_DATALOSS", True),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("REFERER_ENABLED", False),
        ("REFERRER_POLICY", "no-referrer"),
        ("METAREFRESH_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("HTTPCACHE_ENABLED", False),
        ("AUTOTHROTTLE_ENABLED", True),
        ("AUTOTHROTTLE_TARGET_CONCURRENCY", 1.0),
        ("DOWNLOAD_DELAY_JITTER", 0.0),
        ("REDIRECT_MAX_TIMES", 5),
        ("RETRY_TIMES", 2),
        ("CLOSESPIDER_TIMEOUT", 3600),
        ("VIETLAO_LOOPBACK", False),
        ("VIETLAO_EVEN_DISABLED", False),
        ("VIETLAO_LIMIT", 0),
    ],
)
def test_values(settings, name, value):
    assert settings[name] == value


def test_only_guarded_http_can_be_spoken(settings):
    handlers = settings.get_component_priority_dict_with_base("DOWNLOAD_HANDLERS")
    spoken = {scheme: handler for scheme, handler in handlers.items() if handler}
    guarded = "spiders.network.GuardedDownloadHandler"
    assert spoken == {"http": guarded, "https": guarded}


def test_the_guards_stand_in_their_order(settings):
    both = settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")
    on = [
        load_object(name).__name__ for name, place in sorted(both.items(), key=lambda pair: pair[1] or 0) if place is not None
    ]
    wanted = [
        "ListedHosts",
        "Robots",
        "PatientRetry",
        "HttpCompressionMiddleware",
        "Redirects",
        "SessionCookies",
        "HttpProxyMiddleware",
    ]
    assert [name for name in on if name in wanted] == wanted
    replaced = {"OffsiteMiddleware", "RobotsTxtMiddleware", "RetryMiddleware", "RedirectMiddleware", "HttpAuthMiddleware"}
    assert not replaced & set(on)


def test_few_requests_at_a_time(settings):
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") <= 2
    assert settings.getint("CONCURRENT_REQUESTS") <= 4
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1


def test_time_outs_are_not_tried_again_at_once(settings):
    assert not [name for name in settings.getlist("RETRY_EXCEPTIONS") if "Timeout" in str(name)]


def test_what_we_offer_to_decode(settings):
    assert settings["DEFAULT_REQUEST_HEADERS"]["Accept-Encoding"] == "gzip, deflate"


SOURCE = Source(
    id="paper", name="x", languages=("vi",), home="https://paper.vn", feeds=("https://paper.vn/f",), article="x", delay=7
)


def of_source(settings, **more):
    spider = type("Spider", (NewsSpider,), {"name": "paper", "source": SOURCE.model_copy(update=more)})
    spider.update_settings(settings)
    return settings


def test_a_source_has_its_own_delay_unless_it_is_overridden(settings):
    assert of_source(settings.copy())["DOWNLOAD_DELAY"] == 7
    settings.set("VIETLAO_DELAY", "0")
    assert of_source(settings)["DOWNLOAD_DELAY"] == 0


def test_certificates_go_unverified_for_one_source_only(settings):
    assert of_source(settings.copy())["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    lax = SOURCE.quirks.model_copy(update={"insecure_tls": "old chain"})
    assert of_source(settings, quirks=lax)["DOWNLOAD_VERIFY_CERTIFICATES"] is False


def test_a_contact_given_as_a_setting_counts(settings):
    settings.set("VIETLAO_CONTACT", "desk@example.org")
    assert "(+desk@example.org)" in of_source(settings)["USER_AGENT"]


def test_a_walk_back_takes_its_time(settings):
    settings.set("VIETLAO_SINCE", "2026-11-01")
    assert of_source(settings)["CLOSESPIDER_TIMEOUT"] == 0


def test_the_environment_is_the_default():
    code = "from spiders import settings as s; print(s.VIETLAO_HOME, s.VIETLAO_DELAY, s.VIETLAO_LOOPBACK, s.USER_AGENT)"
    given = {"VIETLAO_HOME": "/somewhere", "VIETLAO_DELAY": "3", "VIETLAO_LOOPBACK": "1", "VIETLAO_CONTACT": "me@example.org"}
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=clean_environment() | given,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    home, delay, loopback, agent = ended.stdout.split(maxsplit=3)
    assert (home, delay, loopback) == ("/somewhere", "3", "True")
    assert "(+me@example.org)" in agent


def test_every_setting_has_a_scrapy_or_own_name(settings):
    from scrapy.settings import default_settings

    names = {name for name in vars(ours) if name.isupper()}
    known = {name for name in vars(default_settings) if name.isupper()} | {"MEMORY", "TELNETCONSOLE_ENABLED"}
    handler = Path(importlib.util.find_spec("scrapy_playwright").origin).with_name("handler.py").read_text(encoding="utf-8")
    known |= set(re.findall(r'"(PLAYWRIGHT_\w+)"', handler))
    assert {name for name in names - known if not name.startswith("VIETLAO_")} == set()
