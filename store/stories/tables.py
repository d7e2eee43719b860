"""Stories in the store: which article is in which, where a merged story went, and what the analyst decided."""

from collections.abc import Iterable, Mapping, Sequence

from sqlite_utils import Database

from store.stories.assign import Assignment, assign
from store.stories.cluster import Clusterer, Corrections
from store.stories.features import Report, features_of
from store.stories.vocabulary import Vocabulary

TABLES = """
CREATE TABLE IF NOT EXISTS story (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    merged_into INTEGER REFERENCES story (id)
);
CREATE TABLE IF NOT EXISTS story_article (
    article INTEGER PRIMARY KEY,
    story INTEGER NOT NULL REFERENCES story (id)
);
CREATE INDEX IF NOT EXISTS story_article_story ON story_article (story);
CREATE TABLE IF NOT EXISTS story_correction (
    one INTEGER NOT NULL,
    other INTEGER NOT NULL CHECK (one < other),
    together INTEGER NOT NULL CHECK (together IN (0, 1)),
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
"""


def create_tables(db: Database) -> None:
    """The tables of stories; those of articles and of text bands are others' (``store.duplicates.create_tables``)."""
    db.conn.executescript(TABLES)


def update_stories(db: Database, reports: Sequence[Report], copies: Mapping[str, str], vocabulary: Vocabulary) -> Assignment:
    """Groups the reports in view (their ids are article numbers as text) and stores what changed. In view should be every
    article within ``store.stories.cluster.WINDOW`` of the new ones; ``copies`` has the original of each reprint. Articles
    out of view keep their story, ids stay, and a story that merged leads to the other. Runs in one transaction."""
    clusterer = Clusterer(corrections=corrections(db))
    for report in reports:
        clusterer.add(features_of(report, vocabulary), copies.get(report.id))
    with db.atomic():
        before = stories_of(db, [report.id for report in reports])
        assignment = assign(clusterer.groups(), before, next_id(db))
        keep(db, assignment, before)
    return assignment


def stories_of(db: Database, articles: Iterable[str]) -> dict[str, int]:
    """The story of each of the articles that is in one."""
    found: dict[str, int] = {}
    for article in articles:
        row = db.conn.execute("SELECT story FROM story_article WHERE article = ?", (int(article),)).fetchone()
        if row:
            found[article] = row[0]
    return found


def current(db: Database, story: int) -> int | None:
    """The story that a number leads to now, through merges; None when there never was such a story."""
    row = db.conn.execute("SELECT id, merged_into FROM story WHERE id = ?", (story,)).fetchone()
    while row and row[1] is not None:
        row = db.conn.execute("SELECT id, merged_into FROM story WHERE id = ?", (row[1],)).fetchone()
    return int(row[0]) if row else None


def members(db: Database, story: int) -> list[int]:
    """The articles of a story, oldest first by number."""
    return [row[0] for row in db.conn.execute("SELECT article FROM story_article WHERE story = ? ORDER BY article", (story,))]


def corrections(db: Database) -> Corrections:
    """All that the analyst decided."""
    rows = list(db.conn.execute("SELECT one, other, together FROM story_correction"))
    pairs = [(frozenset((str(one), str(other))), together) for one, other, together in rows]
    return Corrections(
        frozenset(pair for pair, together in pairs if together), frozenset(pair for pair, together in pairs if not together)
    )


def merge(db: Database, story: int, other: int) -> int:
    """Makes two stories one, now and for later runs, and returns the number that stays: the lower. What was decided to be
    apart between them is lifted. Raises LookupError when either does not exist or has no article."""
    stay, go = sorted((_existing(db, story), _existing(db, other)))
    if stay == go:
        return stay
    mine, theirs = members(db, stay), members(db, go)
    with db.atomic():
        for one in mine:
            for two in theirs:
                db.conn.execute("DELETE FROM story_correction WHERE one = ? AND other = ?", (min(one, two), max(one, two)))
        _correct(db, mine[0], theirs[0], together=True)
        db.conn.execute("UPDATE story_article SET story = ? WHERE story = ?", (stay, go))
        db.conn.execute("UPDATE story SET merged_into = ? WHERE id = ?", (stay, go))
    return stay


def split(db: Database, story: int, articles: Iterable[int]) -> int:
    """Takes articles out of a story into one of their own, now and for later runs, and returns its number. Raises
    LookupError when they are not some, but not all, of the story's articles."""
    number = _existing(db, story)
    all_of_it, out = members(db, number), sorted(set(articles))
    stay = [article for article in all_of_it if article not in out]
    if not out or not stay or not set(out) <= set(all_of_it):
        raise LookupError(f"story {number} has the articles {all_of_it}; name some of them, not all and no others")
    with db.atomic():
        new = next_id(db)
        db.conn.execute("INSERT INTO story (id) VALUES (?)", (new,))
        for one in out:
            for other in stay:
                _correct(db, one, other, together=False)
            db.conn.execute("UPDATE story_article SET story = ? WHERE article = ?", (new, one))
        for one in out[1:]:
            _correct(db, out[0], one, together=True)
    return new


def _correct(db: Database, one: int, other: int, *, together: bool) -> None:
    db.conn.execute(
        "INSERT INTO story_correction (one, other, together) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET together = excluded.together",
        (min(one, other), max(one, other), together),
    )


def _existing(db: Database, story: int) -> int:
    number = current(db, story)
    if number is None or not members(db, number):
        raise LookupError(f"there is no story {story}")
    return number


def next_id(db: Database) -> int:
    """The number of the next story that is founded."""
    row = db.conn.execute("SELECT max(id) FROM story").fetchone()
    return (row[0] or 0) + 1


def keep(db: Database, assignment: Assignment, before: Mapping[str, int]) -> None:
    """Stores what an assignment changed; ``before`` has the stories that its reports were in."""
    for story in sorted(set(assignment.story_of.values())):
        db.conn.execute("INSERT OR IGNORE INTO story (id) VALUES (?)", (story,))
    for article, story in assignment.story_of.items():
        if before.get(article) != story:
            db.conn.execute(
                "INSERT INTO story_article (article, story) VALUES (?, ?) ON CONFLICT DO UPDATE SET story = excluded.story",
                (int(article), story),
            )
    for story, target in assignment.redirects.items():
        # its articles out of view go along, so that a merged story is empty
        db.conn.execute("UPDATE story_article SET story = ? WHERE story = ?", (target, story))
        db.conn.execute("UPDATE story SET merged_into = ? WHERE id = ?", (target, story))
