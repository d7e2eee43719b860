"""The same pages for a browser that knows no proxy: every site under ``/HOST/PATH`` of the replica's own port."""

import re
from itertools import islice

from monitor.replica import render
from monitor.replica.answers import Answer, Request, page
from monitor.replica.gates import cookie_value
from monitor.replica.sites import Site
from monitor.replica.web import Web

LINK = re.compile(r"""(\b(?:href|src|content|action|data-root|data-service)=["'])(?:(?:https?:)?//([^/"'?#]+)|(?=/))""")
SHOWN = 4  # articles of each site on the index


def index_page(web: Web) -> Answer:
    """Every host with its places of discovery and newest articles."""
    entries = [(site, _places(site), tuple(islice(web.items(site), SHOWN))) for site in web.sites.values()]
    return page(render.index(entries), "text/html; charset=utf-8")


def _places(site: Site) -> tuple[str, ...]:
    listings = (place.path for place in site.listings)
    return (*listings, *site.feeds.paths, *site.sitemaps.index, *site.sitemaps.news, "/robots.txt")


def browsed(web: Web, host: str, path: str) -> Answer:
    """The page as a visitor with the site's cookie gets it, its links turned to ``/HOST/PATH``."""
    site = next(site for site in web.sites.values() if host in site.hosts)
    cookie = f"{site.gate_cookie}={cookie_value(site)}" if site.gate else ""
    answer = web.answer(Request("GET", site.scheme, host, path, {"cookie": cookie}))
    location = answer.header("Location")
    if location is not None:
        return Answer(answer.status, b"", (("Location", _turned_location(location)),))
    if "html" not in (answer.header("Content-Type") or "") or answer.stream or answer.header("Content-Encoding"):
        return answer
    text = answer.body.decode(site.encoding)
    headers = tuple(header for header in answer.headers if header[0] == "Content-Type")
    return Answer(answer.status, _turned(text, host).encode(site.encoding), headers)


def _turned(html: str, host: str) -> str:
    return LINK.sub(lambda match: f"{match.group(1)}/{match.group(2) or host}", html)


def _turned_location(location: str) -> str:
    return "/" + location.split("://", 1)[1] if "://" in location else location
