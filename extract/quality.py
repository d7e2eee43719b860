"""What is wrong with an extracted text, as codes that are stored and sentences that are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from extract.article import Article
from extract.text import fold

SENTENCES = {
    "no-text": "No text was found on the page.",
    "too-short": "The text is too short to be a whole article.",
    "mostly-links": "Most of the text stands in links.",
    "mostly-figures": "The text is a table of figures, not running text.",
    "wrong-language": "The text is not in a language this source publishes in.",
    "no-title": "The page has no headline.",
    "no-date": "The page states no usable publication time.",
    "date-refused": "The page states a publication time that cannot be true.",
    "consent-or-challenge": "The answer is a consent, cookie or challenge page, not the article.",
    "listing": "The page lists other stories and is no article.",
    "deleted": "The article was deleted or moved away.",
    "not-html": "The answer is no web page.",
    "too-large": "The page is so large that only its beginning was read.",
}

# The shortest of the nine gold texts has 1,490 characters; real two-sentence flashes have about 200.
SHORTEST = 200
_CHALLENGE = re.compile(
    r"document\.cookie\s*=.{0,400}?location\.(?:reload|href)|just a moment\.\.\.|checking your browser|cf-chl"
    r"|challenge-platform|verify you are (?:a )?human|enable javascript and cookies|ddos protection by"
    r"|attention required!|captcha-delivery|we value your privacy|before you continue to",
    re.IGNORECASE | re.DOTALL,
)
_GONE = re.compile(
    r"khong tim thay trang|trang khong ton tai|loi 404|error 404|404 not found"
    r"|(?:bai viet|noi dung|trang|duong dan|tin)[^.]{0,40}(?:khong ton tai|da bi xoa|da bi go|da duoc go|khong con)"
    r"|page not found|article not found|no longer available|has been removed|does not exist"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gate judges beside the article. ``linked`` is the share of the container's text in links;
    ``story_links`` counts links with the length of a headline on the whole page."""

    status: int
    asked: str
    canonical: tuple[str, ...]
    source_text: str
    page_text: str
    title_shown: bool
    linked: float
    story_links: int
    called_article: bool
    called_listing: bool
    languages: tuple[str, ...]
    date_refused: bool
    is_html: bool
    cut: bool


def judge_quality(article: Article, seen: Seen) -> tuple[str, ...]:
    """Codes of :data:`SENTENCES`, the gravest first; empty when nothing is wrong."""
    if not seen.is_html:
        return ("not-html",)
    if _is_challenge(article, seen):
        return ("consent-or-challenge",)
    if _is_deleted(article, seen):
        return ("deleted",)
    return tuple(_faults(article, seen))


def _faults(article: Article, seen: Seen) -> Iterator[str]:
    if not article.text:
        yield "no-text"
    elif len(article.text) < SHORTEST:
        yield "too-short"
    if _is_listing(article, seen):
        yield "listing"
    elif seen.linked > 0.5 and article.text:
        yield "mostly-links"
    elif _figures(article.text) > 0.3:
        yield "mostly-figures"
    if article.lang and seen.languages and article.lang not in seen.languages and len(article.text) >= SHORTEST:
        yield "wrong-language"
    if not article.title:
        yield "no-title"
    if article.published is None:
        yield "date-refused" if seen.date_refused else "no-date"
    if seen.cut:
        yield "too-large"


def _is_challenge(article: Article, seen: Seen) -> bool:
    return len(article.text) < 600 and len(seen.page_text) < 3000 and bool(_CHALLENGE.search(seen.source_text[:20_000]))


def _is_deleted(article: Article, seen: Seen) -> bool:
    if seen.status in (404, 410):
        return True
    if len(article.text) >= 1000:
        return False
    if _is_home(article.url) and not _is_home(seen.asked):
        return True
    undated = article.published_source in (None, "feed", "url")
    if undated and not _is_home(article.url) and any(_is_home(address) for address in seen.canonical[:1]):
        return True
    return len(seen.page_text) < 4000 and bool(_GONE.search(fold(f"{article.title}. {seen.page_text[:3000]}")))


def _is_home(address: str) -> bool:
    try:
        return urlsplit(address).path in ("", "/")
    except ValueError:
        return False


def _is_listing(article: Article, seen: Seen) -> bool:
    """Many headlines to go to, and either no running text or nothing that calls the page an article."""
    if seen.called_listing:
        return True
    if _is_home(article.url) and seen.story_links > 10:
        return True
    thin = len(article.text) < 1200
    return seen.story_links >= 15 and not seen.called_article and (thin or article.published is None or not seen.title_shown)


def _figures(text: str) -> float:
    """The share of digits among letters and digits. The nine gold texts have up to 0.09, a balance sheet 0.5."""
    digits = sum(map(str.isdigit, text))
    return digits / (digits + sum(map(str.isalpha, text)) or 1)
