"""Other extractors, each measured when it is installed and named as missing when it is not."""

import time
from collections.abc import Callable
from datetime import datetime

from extraction_measure import Found, GoldPage
from lxml import html

Extractor = Callable[[GoldPage], Found]


def peers() -> dict[str, Callable[[], Extractor]]:
    """Name to a function that imports the library (ImportError when it is missing) and gives the extractor."""
    return {
        "trafilatura": _trafilatura,
        "readability-lxml": _readability,
        "newspaper4k": _newspaper,
        "news-please": _newsplease,
        "goose3": _goose,
    }


def timed(extractor: Extractor, page: GoldPage) -> Found:
    """Run an extractor; one that raises found nothing."""
    started = time.perf_counter()
    try:
        found = extractor(page)
    except Exception:  # noqa: BLE001 - peers fail in their own ways, and then have found nothing
        found = Found("")
    return Found(found.text, found.title, found.published, found.author, time.perf_counter() - started)


def _iso(moment: object) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else str(moment or "")


def _trafilatura() -> Extractor:
    import trafilatura

    def run(page: GoldPage) -> Found:
        found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, include_comments=False)
        return Found(found.text or "", found.title or "", found.date or "", found.author or "") if found else Found("")

    return run


def _readability() -> Extractor:
    from readability import Document

    def run(page: GoldPage) -> Found:
        document = Document(page.body.decode("utf-8", "replace"))
        summary = html.fromstring(document.summary())
        return Found("\n".join(text.strip() for text in summary.itertext()), document.short_title())

    return run


def _newspaper() -> Extractor:
    from newspaper import Article

    def run(page: GoldPage) -> Found:
        article = Article(page.url, language="vi", fetch_images=False)
        article.download(input_html=page.body.decode("utf-8", "replace"))
        article.parse()
        return Found(article.text, article.title, _iso(article.publish_date), ", ".join(article.authors))

    return run


def _newsplease() -> Extractor:
    from newsplease import NewsPlease

    def run(page: GoldPage) -> Found:
        article = NewsPlease.from_html(page.body.decode("utf-8", "replace"), url=page.url, fetch_images=False)
        authors = ", ".join(article.authors or ())
        return Found(article.maintext or "", article.title or "", _iso(article.date_publish), authors)

    return run


def _goose() -> Extractor:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False, "use_meta_language": True})

    def run(page: GoldPage) -> Found:
        article = goose.extract(raw_html=page.body.decode("utf-8", "replace"))
        return Found(article.cleaned_text, article.title, _iso(article.publish_datetime_utc), ", ".join(article.authors))

    return run
