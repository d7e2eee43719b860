"""Canonical addresses: the one spelling under which an article is known, however it was linked.

    canonical(url, source)   the address to store and to ask
    article_key(url, source) the article's number at its source, when the slug around it may change
    is_listed(url, source)   whether the source may be asked at this address at all

All are pure and total: hostile input gives back something harmless, never an exception.
"""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from spiders.sources import Source

# Parameters that tell the publisher who shared a link, never which article it is. Families first, then single names:
# Google Analytics, VnExpress (vn_), VietNamNet (vnn_), in-site campaigns, Matomo, Mailchimp, HubSpot, Facebook, Google
# (also its AMP viewer and translator), Microsoft, Yandex, Instagram, X, Zalo, WeChat, Alibaba, Adobe.
TRACKING = re.compile(
    r"(utm|vn|vnn|itm|mtm|pk|piwik|hsa|at)_(source|medium|campaign|term|content|id|name|thumb|zone|cpc|kwd|keyword|group\w*)"
    r"|utm_\w+|vnn_\w+|mc_[ce]id|_hs(enc|mi)|__hs\w+|fbclid|fb_(action_ids|action_types|source|ref)|gclid|gclsrc|dclid|gbraid|wbraid"
    r"|_ga|_gl|usqp|_x_tr_\w+|msclkid|yclid|igshid?|twclid|__twitter_impression|ref_src|ref_url|zarsrc|zalo\w*|gidzl|ttclid"
    r"|spm|cmpid|ocid|icid|s_cid|share(d|_from|token)?|_|nocache|timestamp",
    re.IGNORECASE,
)

# The same article for a phone, a printer or a cache: parameter names, each with the values that mean so.
TWINS = {
    "amp": re.compile(r".*"),
    "print": re.compile(r".*"),
    "printpreview": re.compile(r".*"),
    "m": re.compile(r"1|true"),
    "mobile": re.compile(r".*"),
    "outputtype": re.compile(r"amp|print|mobile"),
    "view": re.compile(r"amp|print|mobile"),
    "layout": re.compile(r"amp|print|mobile"),
    "type": re.compile(r"amp|print"),
}
TWIN_PATH = re.compile(r"^/(?:amp|print)(?=/.)|/(?:amp|print)/*$|\.amp(?=\.html?$)")
TWIN_HOST = re.compile(r"^(?:www|m|amp|mobile)\.(?=[^.]+\.)")
SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ufeff]+")
DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEMELESS = re.compile(r"[\w-]+(\.[\w-]+)+\.?(/|$)")  # as a person types it: qdnd.vn/...
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def cleaned(url: str) -> str:
    """An address without the invisible characters that feeds and templates leave in and around it."""
    return UNSEEN.sub("", url)


def canonical(url: str, source: Source | None = None) -> str:
    """The one spelling of an address. Canonicalising twice changes nothing.

    Fragments, tracking parameters, AMP, mobile and print forms, default ports, the trailing dot of a host and the
    trailing slash go; http becomes https; parameters that may carry identity stay, sorted. With the article's ``source``
    the scheme and the host are spelled as the source's home spells them (``www.``, ``m.``, ``amp.`` twins of a listed
    host are that host), and a trailing slash stays where only that form matches the article pattern. A host is never
    changed to one that the source does not list. What is not an http address comes back cleaned but otherwise as it is.
    """
    parts = _split(cleaned(url))
    if parts is None:
        return cleaned(url)
    host, port = _host(parts, source), _port(parts)
    scheme = _scheme(parts, host, port, source)
    if port == DEFAULT_PORTS[scheme]:
        port = None
    netloc = host if port is None else f"{host}:{port}"
    bare = urlunsplit((scheme, netloc, _path(parts.path), _query(parts.query), ""))
    return _slash(_normal(bare), source)


def _normal(url: str) -> str:
    """Percent-encoding, parameter order and dot segments settled (w3lib); repeated because its passes interact."""
    for _ in range(4):
        once = canonicalize_url(url)
        path = _path(urlsplit(once).path)
        once = urlunsplit(urlsplit(once)._replace(path=path))
        if once == url:
            break
        url = once
    return url


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(f"https://{url}" if SCHEMELESS.match(url) else url)
        usable = parts.scheme in DEFAULT_PORTS and HOST.fullmatch(plain_host(parts.hostname)) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _port(parts: SplitResult) -> int | None:
    return None if parts.port == DEFAULT_PORTS[parts.scheme] else parts.port


def plain_host(host: str | None) -> str:
    """Lower case, without the trailing dot, international names in their ASCII form."""
    name = (host or "").rstrip(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return name
    return f"[{name}]" if ":" in name else name


def twin_key(host: str) -> str:
    """What ``www.``, ``m.`` and ``amp.`` forms of one site have in common."""
    return TWIN_HOST.sub("", host)


def _host(parts: SplitResult, source: Source | None) -> str:
    host = plain_host(parts.hostname)
    if source is None:
        return host
    home = plain_host(urlsplit(source.home).hostname)
    key = twin_key(host)
    if key == twin_key(home):
        return home
    twins = sorted(listed for listed in source.allowed_hosts if twin_key(listed) == key)
    # of several listed twins a desktop form goes before a mobile or AMP one
    return min(twins, key=lambda name: (name.startswith(("m.", "amp.", "mobile.")), name), default=host)


def _scheme(parts: SplitResult, host: str, port: int | None, source: Source | None) -> str:
    if port is not None:
        return parts.scheme
    if source is not None and host == plain_host(urlsplit(source.home).hostname):
        return urlsplit(source.home).scheme
    return "https"


def _path(path: str) -> str:
    path = SESSION.sub("", path)
    while (shorter := TWIN_PATH.sub("", path)) != path:
        path = shorter
    return re.sub(r"(?<=.)/+$", "", path) or "/"


def _query(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _is_noise(part))


def _is_noise(part: str) -> bool:
    name, _, value = part.partition("=")
    twin = TWINS.get(name.lower())
    return bool(TRACKING.fullmatch(name)) or (twin is not None and bool(twin.fullmatch(value.lower())))


def _slash(url: str, source: Source | None) -> str:
    if source is None or re.search(source.article, url):
        return url
    parts = urlsplit(url)
    slashed = urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/"))
    return slashed if re.search(source.article, slashed) else url


def article_key(url: str, source: Source) -> str | None:
    """``source-id:number`` where the source says how an article's number stands in its address, else None.

    Two addresses with one key are one article whose slug was changed: the one seen first keeps its row, and the other
    is recorded as another name of it. The slug itself is left alone, because an address without it may not open.
    """
    if source.identity is None:
        return None
    match = re.search(source.identity, url)
    return f"{source.id}:{match.group(1)}" if match and match.group(1) else None


def is_listed(url: str, source: Source) -> bool:
    """True for http and https addresses on a host of the source (its ``www.`` twin included), on a usual or listed port,
    without user name or other oddities that two URL parsers could read differently."""
    parts = _split(url)
    if parts is None or not url.lower().startswith(("http://", "https://")):
        return False
    host = plain_host(parts.hostname)
    if parts.netloc.lower() not in (host, f"{host}:{parts.port}"):
        return False
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return bool({host, twin} & source.allowed_hosts) and (parts.port in (None, 80, 443) or parts.port in source.ports)
