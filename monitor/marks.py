"""Marked articles as labelled texts: for ``mark --export`` and ``evaluate --marks``. Pure."""

from collections.abc import Iterable

from relevance.evaluate import Item
from store.marked import Label, Marked
from store.rejudge import document_of_stored, site_of

VALUE: dict[Label, int] = {"relevant": 2, "marginal": 1, "irrelevant": 0}
KIND = "marked"


def exported(marked: Iterable[Marked]) -> list[dict[str, object]]:
    """A JSON object for each marked article whose text is stored."""
    return [
        {
            "id": str(one.article.id),
            "url": one.article.url,
            "site": site_of(one.article.url),
            "lang": one.article.lang,
            "title": one.article.title or "",
            "lead": one.article.lead or "",
            "text": one.article.text,
            "label": VALUE[one.mark.label],
            "kind": KIND,
            "note": one.mark.note,
        }
        for one in marked
        if one.article is not None
    ]


def marked_items(marked: Iterable[Marked]) -> list[Item]:
    """The same as items that ``evaluate`` measures, in a set of their own."""
    return [
        Item("marks", str(one.article.id), one.article.lang or "", KIND, VALUE[one.mark.label], document_of_stored(one.article))
        for one in marked
        if one.article is not None
    ]
