"""What goes into a digest: a pure choice among what the store has decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from digest.clean import host_of
from store.records import Coverage, Sighting, Silence, StoredArticle
from store.revised import Revised

# The window of a first digest begins here: whatever was decided before any digest belongs to the first one.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TITLE = "Vietnam–Laos defence"


@dataclass(frozen=True, slots=True)
class Story:
    """One thing to read: the article that stands for it, and where else its text was seen, each other outlet once."""

    article: StoredArticle
    elsewhere: tuple[Sighting, ...] = ()

    @property
    def time(self) -> datetime:
        """By which stories are ordered: when it was published, or when it was decided where no page says."""
        return self.article.published or self.article.decided


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that a digest says, for the window [``since``, ``until``) of decision times; all times aware.

    ``stories`` were kept, ``marginal`` nearly so; both newest first. ``silences`` are sources that have been quiet for longer
    than they use to. ``title`` names the topic in people's words. ``revised`` are addresses at which something changed, the
    latest first.
    """

    profile: str
    since: datetime
    until: datetime
    generated: datetime
    stories: tuple[Story, ...]
    marginal: tuple[Story, ...]
    coverage: Coverage
    silences: tuple[Silence, ...] = ()
    title: str = TITLE
    revised: tuple[Revised, ...] = ()

    @property
    def revisions(self) -> tuple[int, ...]:
        """The numbers of the revisions in it."""
        return tuple(revision.id for one in self.revised for revision in one.revisions)

    @property
    def articles(self) -> tuple[int, ...]:
        """The numbers of the articles in it, as they stand in it."""
        return tuple(story.article.id for story in (*self.stories, *self.marginal))


def select(
    articles: Iterable[StoredArticle],
    coverage: Coverage,
    since: datetime,
    until: datetime,
    profile: str,
    now: datetime,
    *,
    silences: Iterable[Silence] = (),
    title: str = TITLE,
    revised: Iterable[Revised] = (),
) -> Digest:
    """The digest of a window from what was decided in it.

    ``articles`` may come in any order, hold more than the window and hold an article twice. Raises ValueError for a time
    without zone or a window that ends before it begins.
    """
    if any(moment.tzinfo is None for moment in (since, until, now)):
        raise ValueError("a digest's times need a time zone")
    if until < since:
        raise ValueError(f"the window ends ({until:%Y-%m-%d %H:%M%z}) before it begins ({since:%Y-%m-%d %H:%M%z})")
    within = {article.id: article for article in articles if since <= article.decided < until}
    kept = [article for article in within.values() if article.decision == "keep"]
    marginal = [article for article in within.values() if article.decision == "marginal"]
    changed = tuple(one for one in revised if all(since <= revision.at < until for revision in one.revisions))
    return Digest(profile, since, until, now, _stories(kept), _stories(marginal), coverage, tuple(silences), title, changed)


def _stories(articles: list[StoredArticle]) -> tuple[Story, ...]:
    stories = [Story(article, _elsewhere(article)) for article in articles]
    return tuple(sorted(stories, key=lambda story: (story.time, story.article.decided, story.article.id), reverse=True))


def _elsewhere(article: StoredArticle) -> tuple[Sighting, ...]:
    """The first sighting at each outlet but the article's own, in order of time."""
    seen = {outlet(article)}
    others = []
    for sighting in sorted(article.sightings, key=lambda sighting: (sighting.published or sighting.seen, sighting.url)):
        if outlet(sighting) not in seen:
            others.append(sighting)
            seen.add(outlet(sighting))
    return tuple(others)


def outlet(seen: StoredArticle | Sighting) -> str:
    """Whose it is: the source's name, or the host for a site that is on no list."""
    return seen.source_name or host_of(seen.url) or "unknown outlet"
