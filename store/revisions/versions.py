"""The versions of an article, put together from what stands now and what had changed. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from store.records import Sighting, StoredArticle
from store.revised import Revision, Version


def versions(
    article: StoredArticle, revisions: Sequence[Revision], read: Mapping[str, datetime] | None = None
) -> tuple[Version, ...]:
    """What stood at each address of an article, in the order of its sightings, each from the first version on. ``read`` says
    when the first page of an address was fetched, which is before it was seen here where that page came in a file."""
    found: list[Version] = []
    for sighting in article.sightings:
        theirs = [revision for revision in revisions if revision.url == sighting.url]
        seen = min(sighting.seen, (read or {}).get(sighting.url, sighting.seen))
        found += _versions_at(sighting, seen, article, theirs)
    return tuple(found)


def _versions_at(sighting: Sighting, seen: datetime, article: StoredArticle, revisions: Sequence[Revision]) -> list[Version]:
    """``first`` is the wording before the first edit; an absence and a return leave the wording as it was."""
    edits = [revision for revision in revisions if revision.kind == "edited"]
    wording = (edits[0].old_title, edits[0].old_text) if edits else (article.title, article.text)
    decision = revisions[0].old_decision if revisions else article.decision
    found = [Version(sighting.url, sighting.source_name, 1, seen, *wording, decision)]
    number = 1
    for revision in revisions:
        if revision.kind == "edited":
            number += 1
            wording = (revision.title, revision.text)
        stands = wording if revision.kind != "gone" else (None, None)
        found.append(Version(sighting.url, sighting.source_name, number, revision.at, *stands, revision.decision, revision))
    return found
