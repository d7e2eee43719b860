"""Page to article: what the whole room does, in one pure function."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extract import dates, quality
from extract.article import Article
from extract.encoding import decode
from extract.language import detect
from extract.markup.blocks import Block, read_blocks
from extract.markup.boxes import drop_boxes
from extract.markup.claims import Claims, is_listing, read_claims, web_address
from extract.markup.tree import MAX_CHARS, labelled, length, link_share, parse, remove, remove_unseen, text_of
from extract.parts.body import ESSAY, Body, find_body, once, select, voted
from extract.parts.captions import as_captions
from extract.parts.credits import Credits, source_shown, take_credits
from extract.parts.edges import cut_head, cut_tail
from extract.parts.headline import headline
from extract.parts.lead import find_lead, joined
from extract.parts.names import Outlet, author_claimed, author_shown, outlet_of, person
from extract.parts.times import moments_shown
from spiders.page import Page
from spiders.sources import ExtractRules, Source

_NO_RULES = ExtractRules()
# Text that a script of the page decodes for readers; a word of a text is never so long.
_CODED = re.compile(r"[A-Za-z0-9+/=]{60,}$")


def to_article(page: Page, source: Source | None, *, now: datetime) -> Article:
    """Extract an article from a page as fetched. Cannot fetch, and never raises whatever the page holds.

    ``source`` brings override rules, credit patterns and languages; None extracts generically. ``now`` (aware) is the
    time against which stated dates are judged.
    """
    rules = source.extract if source else _NO_RULES
    decoded = decode(page.body, page.header("Content-Type"))
    root = parse(decoded.text)
    claims = read_claims(root, page.url)
    outlet = outlet_of(_host(page.url), claims, source.name if source else "")
    story_links = _story_links(root)
    remove_unseen(root)
    page_text = text_of(root)
    title, shown_title = _title(root, claims, rules)
    published, modified, refused = _times(page, root, claims, rules, shown_title, now)
    text = _read(root, claims, source, outlet, title, shown_title)
    article = Article(
        url=page.url,
        canonical_url=_canonical(page, claims),
        site=_host(page.url),
        title=title,
        lead=text.lead,
        text="\n".join(text.lines),
        author=text.author,
        published=published.moment.when if published else None,
        published_source=published.source if published else None,
        modified=modified,
        lang=_language(title, text.lines, claims),
        credit=text.credits.credit,
        translator=text.credits.translator,
        image=_image(claims, page.url),
        captions=text.captions,
        extractor=text.body.found_by if text.lines else "",
        notes=tuple(str(refusal) for refusal in refused),
    )
    seen = quality.Seen(
        status=page.status,
        asked=page.found.url,
        canonical=claims.canonical,
        source_text=decoded.text,
        page_text=page_text,
        title_shown=shown_title is not None,
        linked=link_share(text.body.container) if text.body.container is not None else 0.0,
        story_links=story_links,
        called_article=bool(claims.jsonld),
        called_listing=is_listing(claims),
        languages=source.languages if source else (),
        date_refused=bool(refused),
        is_html=_is_html(page),
        cut=len(decoded.text) > MAX_CHARS,
    )
    return replace(article, quality=quality.judge_quality(article, seen))


@dataclass(frozen=True, slots=True)
class _Text:
    """What was read between headline and footer. ``lines`` has the lead first."""

    lead: str | None
    lines: list[str]
    captions: tuple[str, ...]
    author: str | None
    credits: Credits
    body: Body


def _read(
    root: HtmlElement, claims: Claims, source: Source | None, outlet: Outlet, title: str | None, shown: HtmlElement | None
) -> _Text:
    """Find lead, text, captions and credits; the tree loses its boxes on the way."""
    rules = source.extract if source else _NO_RULES
    ruled_author, credits_shown = _credits_shown(root, rules, outlet)
    dropped = _drop(root, rules)
    found, weights = voted(root)
    drop_boxes(root, weights, shown)
    body = find_body(root, weights, found, rules, shown)
    lead = find_lead(root, claims, rules, shown, body, found)
    blocks = _without_lines(as_captions(once(list(body.blocks)), lead), rules.drop_lines)
    blocks = cut_tail([block for block in blocks if block.kind == "image" or block.text != title])
    blocks, taken = take_credits(blocks, source.credits if source else (), outlet)
    author = _author(ruled_author, author_claimed(claims, outlet), credits_shown.author, taken.author)
    blocks = cut_head(blocks, author)
    captions = [block.text for block in [*dropped, *blocks] if block.kind == "caption"]
    lines = joined(lead, [block.text for block in _story(blocks)])
    return _Text(
        lead=lead,
        lines=[] if _is_menu(lines) else lines,
        captions=tuple(dict.fromkeys(captions)),
        author=author,
        credits=replace(taken, credit=taken.credit or credits_shown.credit),
        body=body,
    )


def _drop(root: HtmlElement, rules: ExtractRules) -> list[Block]:
    """Remove what a source's rules drop; the captions of pictures among it come back."""
    dropped: list[Block] = []
    for selector in rules.drop:
        for element in select(root, selector):
            dropped.extend(block for block in read_blocks(element) if block.kind == "caption")
            remove(element)
    return dropped


def _is_menu(lines: list[str]) -> bool:
    """Whether all that was found is a few names of sections: words without one sentence, fewer than any flash has."""
    text = "\n".join(lines)
    return len(text) < quality.SHORTEST and not any(len(line.split()) > 5 or re.search(r"[.!?…:”\"]$", line) for line in lines)


def _language(title: str | None, lines: list[str], claims: Claims) -> str | None:
    """By the words of headline and text; what the page claims counts only where these are too few."""
    return detect("\n".join([title or "", *lines])) or (claims.language or None if lines else None)


def _title(root: HtmlElement, claims: Claims, rules: ExtractRules) -> tuple[str | None, HtmlElement | None]:
    for selector in rules.title:
        for element in select(root, selector):
            if text_of(element):
                return text_of(element), element
    return headline(root, claims)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _canonical(page: Page, claims: Claims) -> str:
    """The canonical address the page names, unless it is the home page or another site's."""
    host = _host(page.url)
    for address in claims.canonical:
        if _host(address) == host and urlsplit(address).path.strip("/"):
            return address
    return page.found.url


def _image(claims: Claims, base: str) -> str | None:
    return web_address(claims.first("og:image", "og:image:secure_url", "twitter:image") or claims.stated("image"), base)


def _is_html(page: Page) -> bool:
    kind = (page.header("Content-Type") or "text/html").lower()
    if any(word in kind for word in ("html", "xml", "text/plain")):
        return b"%PDF-" not in page.body[:1024]
    return b"<html" in page.body[:4096].lower()


def _story_links(root: HtmlElement) -> int:
    """Links with the length of a headline, to different addresses."""
    return len({link.get("href") for link in root.iter("a") if length(link.text_content()) >= 35})


def _credits_shown(root: HtmlElement, rules: ExtractRules, outlet: Outlet) -> tuple[str | None, Credits]:
    """The author that a rule selects, and what elements called author and source show."""
    named = labelled(root)
    for selector in rules.author:
        names = [name for element in select(root, selector) if (name := person(text_of(element), outlet))]
        if names:
            return ", ".join(dict.fromkeys(names)), Credits(credit=source_shown(named, outlet))
    return None, Credits(author_shown(named, outlet), source_shown(named, outlet))


def _author(ruled: str | None, claimed: str | None, shown: str | None, signed: str | None) -> str | None:
    """A rule first, then the metadata, the byline, the signature; a longer list of authors that begins alike wins."""
    ranked = [name for name in (ruled, claimed, shown, signed) if name]
    return next((name for name in ranked if ranked[0] in name and name != ranked[0]), ranked[0] if ranked else None)


def _without_lines(blocks: list[Block], patterns: tuple[str, ...]) -> list[Block]:
    blocks = [block for block in blocks if not _CODED.match(block.text)]
    return [block for block in blocks if not any(re.search(pattern, block.text[:1000]) for pattern in patterns)]


def _story(blocks: list[Block]) -> list[Block]:
    """The blocks that are text; captions too where they are the story (a picture essay)."""
    texts = [block for block in blocks if block.text and block.kind != "caption"]
    captions = [block for block in blocks if block.kind == "caption"]
    written, shown = sum(len(b.text) for b in texts), sum(len(b.text) for b in captions)
    if len(captions) >= ESSAY and shown > 2 * written:
        return [block for block in blocks if block.text]
    return texts


def _times(
    page: Page, root: HtmlElement, claims: Claims, rules: ExtractRules, title: HtmlElement | None, now: datetime
) -> tuple[dates.Claim | None, datetime | None, list[dates.Refusal]]:
    order: dates.Order = "mdy" if rules.dates == "mdy" else "dmy"
    stated = list(moments_shown(root, claims, rules, title, page.url))
    judged = [dates.judge(value, source, now, order) for source, value in stated]
    good = [claim for claim in judged if isinstance(claim, dates.Claim)]
    refused = [refusal for refusal in judged if isinstance(refusal, dates.Refusal)]
    feed = page.found.published
    if feed is not None and feed <= now + dates.AHEAD:
        good.append(dates.Claim(dates.Moment(feed.astimezone(dates.VIETNAM), True, True), "feed"))
    modified = claims.stated("dateModified") or claims.first(
        "article:modified_time", "lastmod", "last-modified", "og:updated_time", "datemodified"
    )
    changed = dates.judge(modified, "meta", now, order) if modified else None
    return dates.choose(good), changed.moment.when if isinstance(changed, dates.Claim) else None, refused
