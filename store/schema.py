"""The tables of news.db, as named migrations that are only ever added to.

Times are UTC text ``2026-11-21T08:15:00.000000Z`` (sorts as time), text is NFC, lists are JSON. What each table and column
means stands in metadata.yaml, where Datasette shows it; a test keeps the two together.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x5669_4C61  # "ViLa"; ``file`` and we tell our databases from others by it

migrations = Migrations("store")

SOURCES_AND_RUNS = """
CREATE TABLE source (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'interrupted')),
    started TEXT NOT NULL,
    ended TEXT,
    detail TEXT NOT NULL DEFAULT '',
    pid INTEGER NOT NULL
);
CREATE INDEX run_started ON run (started);
CREATE TABLE source_run (
    run INTEGER NOT NULL REFERENCES run (id),
    source TEXT NOT NULL REFERENCES source (id),
    state TEXT NOT NULL CHECK (state IN ('read', 'partly', 'failed', 'skipped')),
    reason TEXT,
    seen INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (run, source)
);
CREATE INDEX source_run_source ON source_run (source, at);
CREATE TABLE place (
    address TEXT PRIMARY KEY,
    source TEXT NOT NULL REFERENCES source (id),
    kind TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    newest TEXT,
    read_at TEXT
);
CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    place TEXT NOT NULL REFERENCES place (address),
    run INTEGER REFERENCES run (id),
    at TEXT NOT NULL,
    status INTEGER,
    items INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    newest TEXT,
    problem TEXT
);
CREATE INDEX visit_place ON visit (place, at);
CREATE INDEX visit_run ON visit (run);
"""

ADDRESSES = """
CREATE TABLE address (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    key TEXT UNIQUE,
    source TEXT REFERENCES source (id),
    seen_as TEXT NOT NULL,
    via TEXT,
    kind TEXT,
    title TEXT,
    summary TEXT,
    published TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    fate TEXT NOT NULL DEFAULT 'waiting'
        CHECK (fate IN ('waiting', 'retry', 'failed', 'rejected', 'gone', 'dropped', 'marginal', 'keep')),
    changed TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due TEXT,
    claimed INTEGER REFERENCES run (id),
    article INTEGER REFERENCES article (id)
);
CREATE INDEX address_fate ON address (source, fate, due);
CREATE INDEX address_published ON address (source, published);
CREATE INDEX address_article ON address (article) WHERE article IS NOT NULL;
CREATE TABLE alias (
    url TEXT PRIMARY KEY,
    address INTEGER NOT NULL REFERENCES address (id)
);
CREATE INDEX alias_address ON alias (address);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    address INTEGER NOT NULL REFERENCES address (id),
    run INTEGER REFERENCES run (id),
    at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    stage TEXT NOT NULL CHECK (stage IN
        ('discovered', 'allowed', 'fetched', 'triaged', 'extracted', 'judged', 'stored', 'digested')),
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'rejected', 'failed', 'gone')),
    reason TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}',
    place TEXT,
    fate TEXT NOT NULL,
    broken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX decision_address ON decision (address, id);
CREATE INDEX decision_time ON decision (last_at);
CREATE INDEX decision_broken ON decision (run) WHERE broken;
CREATE UNIQUE INDEX decision_place ON decision (address, place) WHERE place IS NOT NULL;
"""

ARTICLES = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address INTEGER NOT NULL UNIQUE REFERENCES address (id),
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    source TEXT REFERENCES source (id),
    title TEXT,
    lead TEXT,
    text TEXT NOT NULL,
    text_digest TEXT,
    author TEXT,
    credit TEXT,
    translator TEXT,
    lang TEXT,
    published TEXT,
    published_source TEXT,
    modified TEXT,
    image TEXT,
    captions TEXT NOT NULL DEFAULT '[]',
    quality TEXT NOT NULL DEFAULT '[]',
    extractor TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('keep', 'marginal', 'drop')),
    score REAL NOT NULL,
    why_not_more TEXT NOT NULL,
    rules TEXT NOT NULL,
    decided TEXT NOT NULL,
    stored TEXT NOT NULL
);
CREATE INDEX article_decided ON article (decision, decided);
CREATE INDEX article_text ON article (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX article_source ON article (source, decided);
CREATE TABLE reason (
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    term TEXT NOT NULL,
    topic_group TEXT NOT NULL,
    place TEXT NOT NULL,
    weight REAL NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (article, number)
) WITHOUT ROWID;
CREATE TABLE page (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address INTEGER NOT NULL REFERENCES address (id),
    url TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT,
    fetched TEXT NOT NULL,
    archived TEXT NOT NULL,
    size INTEGER NOT NULL,
    payload_digest TEXT NOT NULL,
    file TEXT,
    offset INTEGER,
    length INTEGER,
    record TEXT NOT NULL,
    original INTEGER REFERENCES page (id),
    origin TEXT NOT NULL DEFAULT 'crawl'
);
CREATE INDEX page_address ON page (address, fetched);
CREATE INDEX page_digest ON page (payload_digest);
CREATE INDEX page_file ON page (file, offset);
CREATE INDEX page_original ON page (original) WHERE original IS NOT NULL;
"""

DIGESTS = """
CREATE TABLE digest (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    created TEXT NOT NULL,
    subject TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    UNIQUE (profile, since, until)
);
CREATE TABLE digest_article (
    digest INTEGER NOT NULL REFERENCES digest (id),
    position INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (digest, position),
    UNIQUE (digest, article)
) WITHOUT ROWID;
CREATE INDEX digest_article_article ON digest_article (article);
CREATE TABLE delivery (
    digest INTEGER NOT NULL REFERENCES digest (id),
    recipient TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'unknown')),
    attempts INTEGER NOT NULL DEFAULT 0,
    message_id TEXT NOT NULL,
    reply TEXT,
    changed TEXT NOT NULL,
    pid INTEGER,
    PRIMARY KEY (digest, recipient)
);
CREATE INDEX delivery_state ON delivery (state) WHERE state <> 'sent';
"""


LEARNING = """
CREATE TABLE sample (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    drawn TEXT NOT NULL,
    drawn_by TEXT NOT NULL,
    seed TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL
);
CREATE TABLE sample_stratum (
    sample INTEGER NOT NULL REFERENCES sample (id),
    stratum TEXT NOT NULL CHECK (stratum IN ('judged', 'unread')),
    size INTEGER NOT NULL,
    PRIMARY KEY (sample, stratum)
) WITHOUT ROWID;
CREATE TABLE sample_item (
    sample INTEGER NOT NULL REFERENCES sample (id),
    stratum TEXT NOT NULL,
    position INTEGER NOT NULL,
    address INTEGER NOT NULL REFERENCES address (id),
    skipped TEXT,
    PRIMARY KEY (sample, stratum, position),
    UNIQUE (sample, address)
) WITHOUT ROWID;
CREATE INDEX sample_item_address ON sample_item (address);
CREATE TABLE mark (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address INTEGER NOT NULL REFERENCES address (id),
    label TEXT NOT NULL CHECK (label IN ('relevant', 'marginal', 'irrelevant')),
    note TEXT NOT NULL,
    marked_by TEXT NOT NULL,
    marked TEXT NOT NULL,
    fate TEXT NOT NULL,
    sample INTEGER REFERENCES sample (id)
);
CREATE INDEX mark_address ON mark (address, id);
CREATE INDEX mark_sample ON mark (sample) WHERE sample IS NOT NULL;
CREATE TABLE past_verdict (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    decision TEXT NOT NULL,
    score REAL NOT NULL,
    why_not_more TEXT NOT NULL,
    rules TEXT NOT NULL,
    reasons TEXT NOT NULL,
    decided TEXT NOT NULL,
    replaced TEXT NOT NULL
);
CREATE INDEX past_verdict_article ON past_verdict (article, id);
ALTER TABLE digest_article ADD COLUMN decision TEXT;
UPDATE digest_article SET decision = (SELECT decision FROM article WHERE article.id = digest_article.article);
"""

# What each part is for stands in store/sql/search.py. Plain SQL only: any program may write to the tables.
SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
    folded, accented, facets, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TABLE search_entry (
    id INTEGER PRIMARY KEY,
    article INTEGER UNIQUE REFERENCES article (id) ON DELETE SET NULL,
    at TEXT NOT NULL
);
CREATE TABLE search_word (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE search_pending (
    article INTEGER PRIMARY KEY
);
CREATE TRIGGER search_new AFTER INSERT ON article BEGIN
    INSERT OR IGNORE INTO search_pending (article) VALUES (new.id); END;
CREATE TRIGGER search_changed AFTER UPDATE OF title, text, published, decision, source ON article
    WHEN (old.title, old.text, old.published, old.decision, old.source)
        IS NOT (new.title, new.text, new.published, new.decision, new.source) BEGIN
    INSERT OR IGNORE INTO search_pending (article) VALUES (new.id); END;
CREATE TRIGGER search_seen AFTER UPDATE OF article ON address
    WHEN new.article IS NOT NULL AND new.article IS NOT old.article BEGIN
    INSERT OR IGNORE INTO search_pending (article) VALUES (new.article); END;
INSERT INTO search_pending (article) SELECT id FROM article;
"""

BULK = """
CREATE TABLE read_again (
    page INTEGER PRIMARY KEY REFERENCES page (id),
    version TEXT NOT NULL,
    change TEXT NOT NULL,
    text_digest TEXT,
    read TEXT NOT NULL,
    applied TEXT
);
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}',
    started TEXT NOT NULL,
    changed TEXT NOT NULL,
    finished TEXT
);
CREATE TABLE import_fault (
    import INTEGER NOT NULL REFERENCES import (id),
    record INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import, record)
) WITHOUT ROWID;
"""


REVISIONS = """
CREATE TABLE revisit (
    address INTEGER PRIMARY KEY REFERENCES address (id),
    step INTEGER NOT NULL DEFAULT 0,
    visits INTEGER NOT NULL DEFAULT 0,
    there TEXT NOT NULL,
    asked TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    wait TEXT,
    problem TEXT,
    missing TEXT,
    missing_run INTEGER REFERENCES run (id),
    gone INTEGER NOT NULL DEFAULT 0,
    etag TEXT,
    last_modified TEXT
);
CREATE TABLE revision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address INTEGER NOT NULL REFERENCES address (id),
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('edited', 'gone', 'back')),
    at TEXT NOT NULL,
    run INTEGER REFERENCES run (id),
    there TEXT NOT NULL,
    reason TEXT NOT NULL,
    old_title TEXT,
    old_text TEXT,
    title TEXT,
    text TEXT,
    old_decision TEXT NOT NULL,
    decision TEXT NOT NULL,
    page INTEGER REFERENCES page (id)
);
CREATE INDEX revision_article ON revision (article, id);
CREATE INDEX revision_address ON revision (address, id);
CREATE INDEX revision_at ON revision (at);
CREATE TABLE digest_revision (
    digest INTEGER NOT NULL REFERENCES digest (id),
    revision INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, revision)
) WITHOUT ROWID;
CREATE INDEX digest_revision_revision ON digest_revision (revision);
"""

# What each is for stands in store/sql/stories.py. The triggers are plain SQL, so that any program may write to the articles.
STORIES = """
CREATE TABLE story (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    merged_into INTEGER REFERENCES story (id),
    kind TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    event_first TEXT,
    event_last TEXT,
    headlines TEXT NOT NULL DEFAULT '{}',
    participants TEXT NOT NULL DEFAULT '[]',
    first_report TEXT,
    last_report TEXT,
    independent INTEGER NOT NULL DEFAULT 0,
    reprints INTEGER NOT NULL DEFAULT 0,
    outlets TEXT NOT NULL DEFAULT '[]',
    changed TEXT
);
CREATE INDEX story_last ON story (last_report);
CREATE INDEX story_kind ON story (kind, last_report);
CREATE TABLE story_article (
    article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    story INTEGER NOT NULL REFERENCES story (id),
    at TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT 'report' CHECK (role IN ('first report', 'report', 'reprint')),
    original INTEGER REFERENCES article (id) ON DELETE SET NULL,
    credit TEXT
);
CREATE INDEX story_article_story ON story_article (story);
CREATE INDEX story_article_at ON story_article (at);
CREATE INDEX story_article_original ON story_article (original) WHERE original IS NOT NULL;
CREATE TABLE story_correction (
    one INTEGER NOT NULL,
    other INTEGER NOT NULL CHECK (one < other),
    together INTEGER NOT NULL CHECK (together IN (0, 1)),
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE TABLE story_pending (
    article INTEGER PRIMARY KEY
);
CREATE TABLE fingerprint (
    article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    bands TEXT NOT NULL
);
CREATE TABLE text_bands (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE TABLE text_likeness (
    one INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    share REAL NOT NULL,
    copied INTEGER NOT NULL CHECK (copied IN (0, 1)),
    PRIMARY KEY (one, other),
    CHECK (one < other)
) WITHOUT ROWID;
CREATE INDEX text_likeness_other ON text_likeness (other);
CREATE TRIGGER story_new AFTER INSERT ON article WHEN new.decision <> 'drop' BEGIN
    INSERT OR IGNORE INTO story_pending (article) VALUES (new.id); END;
CREATE TRIGGER story_changed AFTER UPDATE OF title, text, published, lang, credit, decision ON article
    WHEN (new.decision <> 'drop' OR old.decision <> 'drop')
        AND (old.title, old.text, old.published, old.lang, old.credit, old.decision)
            IS NOT (new.title, new.text, new.published, new.lang, new.credit, new.decision) BEGIN
    INSERT OR IGNORE INTO story_pending (article) VALUES (new.id); END;
CREATE TRIGGER story_seen AFTER UPDATE OF article ON address
    WHEN new.article IS NOT NULL AND new.article IS NOT old.article BEGIN
    INSERT OR IGNORE INTO story_pending (article) SELECT id FROM article WHERE id = new.article AND decision <> 'drop'; END;
INSERT INTO story_pending (article) SELECT id FROM article WHERE decision <> 'drop';
"""


def run_statements(db: Database, statements: str) -> None:
    """Run DDL inside the migration's transaction (``executescript`` of sqlite3 would commit it)."""
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m001_sources_runs_and_places(db: Database) -> None:
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    run_statements(db, SOURCES_AND_RUNS)


@migrations()
def m002_addresses_and_decisions(db: Database) -> None:
    run_statements(db, ADDRESSES)


@migrations()
def m003_articles_reasons_and_pages(db: Database) -> None:
    run_statements(db, ARTICLES)


@migrations()
def m004_digests_and_deliveries(db: Database) -> None:
    run_statements(db, DIGESTS)


@migrations()
def m005_marks_samples_and_past_verdicts(db: Database) -> None:
    run_statements(db, LEARNING)


@migrations()
def m006_search(db: Database) -> None:
    run_statements(db, SEARCH)


@migrations()
def m007_imports_and_pages_read_again(db: Database) -> None:
    run_statements(db, BULK)


@migrations()
def m008_revisions(db: Database) -> None:
    run_statements(db, REVISIONS)


@migrations()
def m009_stories(db: Database) -> None:
    run_statements(db, STORIES)


@migrations()
def m010_what_a_stopped_crawl_left(db: Database) -> None:
    db.execute("ALTER TABLE source_run ADD COLUMN unread INTEGER NOT NULL DEFAULT 0")
