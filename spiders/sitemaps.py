"""Sitemaps: address lists, Google News sitemaps, and indexes of either.

Limits are those of the sitemaps.org protocol (50,000 addresses a file) and our own: an index of years of months is walked
only as far back as asked.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

from lxml import etree

from spiders.discover import Child, Findings, Place, distinct, is_article
from spiders.page import Found
from spiders.times import read_time
from spiders.xmltext import Unreadable, unpacked, xml_text

LARGEST_SITEMAP = 50 * 2**20  # bytes unpacked, sitemaps.org; the transfer itself is capped lower by the download limit
MOST_ADDRESSES = 50_000
MOST_CHILDREN = 1_000
MOST_UNDATED = 5  # children that tell no time: categories, topics, authors; rarely news, so only a few are tried
DEEPEST = 3  # an index in an index in an index; one level is usual

NEWS = "{*}news"
DAY = r"3[01]|[12]\d|0?[1-9]"
PERIOD = re.compile(
    rf"(?<!\d)(?P<y>20\d{{2}})[-/_.](?P<m>1[0-2]|0?[1-9])(?:[-/_.](?P<d>{DAY})(?:[-_](?P<last>{DAY}))?)?(?!\d)"
    r"|(?<!\d)(?P<y2>20\d{2})(?P<m2>1[0-2]|0[1-9])(?P<d2>3[01]|[12]\d|0[1-9])?(?!\d)"
)


def read_sitemap(body: bytes, place: Place, since: datetime) -> Findings:
    """Articles of a sitemap that are not older than ``since`` (UTC), or the children of an index that can hold such.

    Entries of a news sitemap all count; of other sitemaps those that match the source's article pattern. An entry without
    a time counts. Never raises: what is wrong comes back as a problem.
    """
    try:
        text = xml_text(unpacked(body, LARGEST_SITEMAP))
        if re.match(r"(?:<!--.*?-->|<\?.*?\?>|\s)*<(?:\w+:)?sitemapindex\b", text, re.DOTALL):
            return _index(text, place, since)
        return _urlset(text, place, since)
    except Unreadable as problem:
        return Findings(problems=(f"{problem}",))


def _elements(text: str, tag: str) -> Iterator[etree._Element]:
    """Elements of that local name one by one, each forgotten after use, so that a huge file needs little memory."""
    events = etree.iterparse(
        BytesIO(text.encode("utf-8")),
        events=("end",),
        tag=(f"{{*}}{tag}", tag),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _, element in events:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"the sitemap is not valid XML: {error.msg}") from None


def _text(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(f"{{*}}{path}") or "").split())


def _urlset(text: str, place: Place, since: datetime) -> Findings:
    items: list[Found | None] = []
    problems: list[str] = []
    older: list[datetime] = []
    total = 0
    for total, element in enumerate(_elements(text, "url"), 1):
        if total > MOST_ADDRESSES:
            problems.append(f"the sitemap has more than {MOST_ADDRESSES} addresses; the rest was not read")
            break
        item, time = _entry(element, place)
        if time is not None and time < since:
            older.append(time)
        else:
            items.append(item)
    if not total:
        problems.append("the sitemap has no addresses")
    latest = max(older, default=None)
    return Findings(tuple(distinct(items)), tuple(problems), older=len(older), is_empty=not total, latest=latest)


def _entry(element: etree._Element, place: Place) -> tuple[Found | None, datetime | None]:
    news = element.find(NEWS)
    stated = _text(news, "publication_date") if news is not None else ""
    published, changed = read_time(stated), read_time(_text(element, "lastmod"))
    item = place.found(_text(element, "loc"), _text(news, "title") if news is not None else None, None, published)
    if item is not None and news is None and not is_article(item.url, place.source):
        item = None
    return item, published or changed


def _index(text: str, place: Place, since: datetime) -> Findings:
    problems: list[str] = []
    children: list[Child] = []
    for element in _elements(text, "sitemap"):
        if len(children) >= 50 * MOST_CHILDREN:
            problems.append("the sitemap index is too long; its end was not read")
            break
        loc = _text(element, "loc")
        if loc.startswith(("http://", "https://")):
            children.append(Child(loc, until(loc, _text(element, "lastmod"))))
    if not children:
        problems.append("the sitemap index names no sitemaps")
    wanted = choose(children, since)
    return Findings(problems=tuple(problems), children=wanted, older=len(children) - len(wanted), is_empty=not children)


def until(address: str, lastmod: str) -> datetime | None:
    """The newest moment a child sitemap can hold: the end of the period in its name (``news-2026-7.xml``,
    ``sitemaps-2026-6-21-25.xml``, ``2026-11-20.xml``), else its ``lastmod``, which many sites set to now for all."""
    match = PERIOD.search(address.split("://", 1)[-1].partition("/")[2])
    if match is None:
        return read_time(lastmod)
    year, month = int(match["y"] or match["y2"]), int(match["m"] or match["m2"])
    length = monthrange(year, month)[1]
    last = int(match["last"] or match["d"] or match["d2"] or length)
    start = read_time(f"{year}-{month}-{min(last, length)}")
    return start + timedelta(days=1) if start else None


def choose(children: list[Child], since: datetime) -> tuple[Child, ...]:
    """The children that can hold something new, newest first, and a few of those that tell no time."""
    dated = sorted((child for child in children if child.until and child.until >= since), key=_until, reverse=True)
    undated = [child for child in children if child.until is None][:MOST_UNDATED]
    return (*dated[:MOST_CHILDREN], *undated)


def _until(child: Child) -> datetime:
    assert child.until is not None
    return child.until
