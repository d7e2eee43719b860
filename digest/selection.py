"""What goes into a digest: a pure choice among what the store has decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from digest.clean import host_of
from relevance.verdict import Decision
from store.records import Coverage, Sighting, Silence, StoredArticle
from store.revised import Revised
from store.storied import StoredStory

# The window of a first digest begins here: whatever was decided before any digest belongs to the first one.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TITLE = "Vietnam–Laos defence"
# What the digest itself is written in.
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Story:
    """One event: the article that stands for it, where else its text was seen (each other outlet once), what the store knows of
    the event, and the other articles of the window that tell of it."""

    article: StoredArticle
    elsewhere: tuple[Sighting, ...] = ()
    event: StoredStory | None = None
    others: tuple[StoredArticle, ...] = ()

    @property
    def time(self) -> datetime:
        """By which stories are ordered: when it was published, or when it was decided where no page says."""
        return self.article.published or self.article.decided


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that a digest says, for the window [``since``, ``until``) of decision times; all times aware.

    ``stories`` were kept, ``marginal`` nearly so, ``further`` are new reports of what an earlier digest told; all newest
    first. ``silences`` are sources that have been quiet for longer
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
    further: tuple[Story, ...] = ()

    @property
    def revisions(self) -> tuple[int, ...]:
        """The numbers of the revisions in it."""
        return tuple(revision.id for one in self.revised for revision in one.revisions)

    @property
    def articles(self) -> tuple[int, ...]:
        """The numbers of the articles in it, as they stand in it."""
        told = (*self.stories, *self.further, *self.marginal)
        return tuple(article.id for story in told for article in (story.article, *story.others))


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
    stories: Mapping[int, StoredStory] | None = None,
) -> Digest:
    """The digest of a window from what was decided in it.

    ``articles`` may come in any order, hold more than the window and hold an article twice. ``stories`` has the event of each
    article that is in one: articles of one event are told together, and briefly when an earlier digest told it. Raises
    ValueError for a time without zone or a window that ends before it begins.
    """
    if any(moment.tzinfo is None for moment in (since, until, now)):
        raise ValueError("a digest's times need a time zone")
    if until < since:
        raise ValueError(f"the window ends ({until:%Y-%m-%d %H:%M%z}) before it begins ({since:%Y-%m-%d %H:%M%z})")
    within = {article.id: article for article in articles if since <= article.decided < until}
    changed = tuple(one for one in revised if all(since <= revision.recorded < until for revision in one.revisions))
    told = _stories(within.values(), stories or {})
    return Digest(
        profile,
        since,
        until,
        now,
        stories=tuple(story for story in told if not _is_further(story) and _decision(story) == "keep"),
        marginal=tuple(story for story in told if not _is_further(story) and _decision(story) == "marginal"),
        coverage=coverage,
        silences=tuple(silences),
        title=title,
        revised=changed,
        further=tuple(story for story in told if _is_further(story)),
    )


def _stories(articles: Iterable[StoredArticle], events: Mapping[int, StoredStory]) -> list[Story]:
    """The articles by event, the newest first; one that is in no event is a story by itself."""
    groups: dict[int, list[StoredArticle]] = {}
    for article in articles:
        if article.decision != "drop":
            event = events.get(article.id)
            groups.setdefault(event.id if event else -article.id, []).append(article)
    stories = [_story(group, events.get(group[0].id)) for group in groups.values()]
    return sorted(stories, key=lambda story: (story.time, story.article.decided, story.article.id), reverse=True)


def _story(articles: list[StoredArticle], event: StoredStory | None) -> Story:
    """The article that stands for an event is the best to read: one that is kept before a marginal one, an independent report
    before a reprint, one that could be read well before one with faults, one in the digest's own language before others, and
    of those that are equal in this the first."""
    reprints = _reprints(event)
    face, *others = sorted(
        articles,
        key=lambda one: (
            one.decision != "keep",
            one.id in reprints,
            bool(one.quality),
            one.lang != LANGUAGE,
            one.published or one.decided,
            one.id,
        ),
    )
    shown = _at_its_outlet(face, event)
    return Story(shown, _elsewhere(shown), event, tuple(others))


def _reprints(event: StoredStory | None) -> set[int]:
    """The articles that were seen as reprints and nowhere as anything else."""
    reports = event.reports if event else ()
    return {one.article for one in reports if one.role == "reprint"} - {one.article for one in reports if one.role != "reprint"}


def _at_its_outlet(face: StoredArticle, event: StoredStory | None) -> StoredArticle:
    """The article as the outlet has it whose own report it is: we may have read its text at one that took it over. It stays
    where it was read when nobody says when that outlet brought it."""
    reports = event.reports if event else ()
    own = next((one.url for one in reports if one.article == face.id and one.counted == "independent"), face.url)
    seen = next((one for one in face.sightings if one.url == own and one.published), None)
    if seen is None or own == face.url:
        return face
    return replace(
        face,
        url=seen.url,
        source=seen.source,
        source_name=seen.source_name,
        credit=None,
        published=seen.published,
        published_source="feed",
    )


def _decision(story: Story) -> Decision:
    """What a story is told as: kept when any of its articles is, and those come first."""
    return story.article.decision


def _is_further(story: Story) -> bool:
    """Whether an earlier digest told the event as at least what it is now."""
    told = story.event.told if story.event else None
    return told is not None and (told.decision == "keep" or _decision(story) == "marginal")


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
