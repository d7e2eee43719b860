"""Making the digest of a window: select, render, freeze, write. From the moment it is frozen its bytes do not change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.files import is_written, write_digest
from digest.render import render_html, render_text
from digest.selection import BEGINNING, TITLE, select
from digest.view import subject
from spiders.sources import Source
from store.database import Store
from store.records import StoredArticle, StoredDigest
from store.revised import Revised


@dataclass(frozen=True, slots=True)
class Window:
    """What a digest is to be made of: the profile it is kept under, its span of decision times, the articles decided in it,
    and where something changed in it. A review tells again what was told."""

    profile: str
    since: datetime
    until: datetime
    articles: tuple[StoredArticle, ...]
    revised: tuple[Revised, ...] = ()
    is_review: bool = False


def make_digest(
    store: Store,
    sources: Sequence[Source],
    profile: str,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    home: Path,
    *,
    title: str = TITLE,
    run: int | None = None,
) -> StoredDigest:
    """Freeze the digest of a window in the store and write its files under ``home``.

    Without ``since`` it is the profile's next digest (:func:`next_window`), with ``since`` a review (:func:`review_window`);
    ``until`` is at most ``now``, and ``now`` when None. A window that was frozen before is not rendered again, only written.
    Raises ValueError for a window that ends before it begins, UnwritableFolder for its files.
    """
    until = min(until or now, now)
    window = next_window(store, profile, until) if since is None else review_window(store, profile, since, until)
    stored = store.digest_for(window.profile, window.since, window.until)
    if stored is None:
        stored = _freeze(store, sources, window, now, title, run)
    _write(store, stored, home)
    return stored


def next_window(store: Store, profile: str, until: datetime) -> Window:
    """From where the profile's last digest ended, with everything that none of its digests told yet; the first takes all.

    A begin that would leave such an article or revision out (it came while the last digest was made, or the clock was set back)
    moves before it, so that nothing is ever skipped.
    """
    articles = tuple(store.undigested(profile, until))
    revised = store.revised(until, profile=profile)
    times = [article.decided for article in articles] + [revision.recorded for one in revised for revision in one.revisions]
    last_end = store.last_digest_end(profile) or BEGINNING
    return Window(profile, min([last_end, until, *times]), until, articles, revised)


def review_window(store: Store, profile: str, since: datetime, until: datetime) -> Window:
    """All that was decided in the window, told before or not. Kept under ``<profile>-review``, so that looking back neither
    moves the begin of the next digest nor uses up its articles."""
    articles = tuple(store.articles(since, until))
    return Window(f"{profile}-review", since, until, articles, store.revised(until, since), is_review=True)


def _freeze(
    store: Store, sources: Sequence[Source], window: Window, now: datetime, title: str, run: int | None
) -> StoredDigest:
    coverage = store.coverage(window.since, window.until, sources)
    silent = store.silent_sources(sources, window.until)
    span = window.since, window.until
    stories = store.stories_of((one.id for one in window.articles), None if window.is_review else window.profile)
    digest = select(
        window.articles,
        coverage,
        *span,
        window.profile,
        now,
        silences=silent,
        title=title,
        revised=window.revised,
        stories=stories,
    )
    pages = subject(digest), render_html(digest), render_text(digest)
    return store.freeze_digest(window.profile, *span, *pages, digest.articles, run, digest.revisions)


def _write(store: Store, stored: StoredDigest, home: Path) -> None:
    """Write the files, and those of the digest before when its run died between freezing and writing."""
    before = store.digest(stored.id - 1)
    if before is not None and not is_written(home, before):
        write_digest(home, before)
    write_digest(home, stored)
