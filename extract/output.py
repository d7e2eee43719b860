"""An article as ``vietlao extract --json`` prints it."""

from datetime import datetime

from extract.article import Article


def article_json(article: Article) -> dict[str, object]:
    """Plain values for JSON. Times are ISO 8601 with offset; a key without a value is None, lists are never None."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "site": article.site,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "author": article.author,
        "published": _iso(article.published),
        "published_source": article.published_source,
        "modified": _iso(article.modified),
        "lang": article.lang,
        "credit": article.credit,
        "image": article.image,
        "captions": list(article.captions),
        "quality": list(article.quality),
        "translator": article.translator,
        "extractor": article.extractor,
        "notes": list(article.notes),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
