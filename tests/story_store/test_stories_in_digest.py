"""An event is told once: no article twice, none left out, and what joins later is a further report."""

from datetime import UTC, datetime

import pytest

from digest.make import make_digest
from digest.selection import select


@pytest.fixture
def digest(store, tmp_path, clock, vocabulary):
    """Makes the next digest as a run does."""

    def make(**window):
        store.fold_stories(vocabulary)
        since, until = window.get("since"), window.get("until")
        made = make_digest(store, (), "daily", since, until, clock.pass_(hours=12), tmp_path)
        clock.pass_(hours=12)
        return made

    return make


def test_one_event_is_one_entry_with_all_its_articles_told(store, tell, digest):
    numbers = [tell.labelled(store, name) for name in ("c01.1", "c01.2", "c12.1")]
    made = digest()
    assert sorted(made.articles) == numbers
    assert "2 stories" in made.subject
    assert "2 independent reports: qdnd.vn, vietnamnews.vn" in made.text
    english, vietnamese = (tell.events()[name].report.title for name in ("c01.1", "c01.2"))
    assert " ".join(english.split()) in " ".join(made.text.split())
    assert f"Vietnamese: {vietnamese}" in " ".join(made.text.split())
    assert store.undigested("daily", store.clock()) == []


def test_what_joins_a_told_story_is_a_further_report_and_told_once(store, tell, digest):
    tell.labelled(store, "c01.1")
    digest()
    store.end_run(store.begin_run("crawl"), "finished")
    late = tell.labelled(store, "c01.2")
    made = digest()
    assert made.articles == (late,)
    assert "0 stories" in made.subject
    assert "1 further report" in made.subject
    assert "FURTHER REPORTS" in made.text
    assert "by now 2 independent reports, 0 reprints" in " ".join(made.text.split())
    assert "No new story was found in this window, only further reports" in " ".join(made.text.split())
    assert digest().articles == ()


def test_what_was_told_as_marginal_is_told_in_full_when_it_is_kept(store, tell, digest):
    low = tell.labelled(store, "c01.1", decision="marginal")
    assert "0 stories, 1 marginal" in digest().subject
    tell.labelled(store, "c01.3", decision="marginal")
    assert "1 further report" in digest().subject
    kept = tell.labelled(store, "c01.2")
    made = digest()
    assert made.articles == (kept,)
    assert "1 story" in made.subject
    store.judged_anew(low, tell.verdict("keep"), "keep")
    last = digest()
    assert last.articles == (low,)
    assert "1 further report" in last.subject


def test_a_review_tells_everything_in_full_again(store, tell, digest):
    numbers = [tell.labelled(store, "c01.1")]
    digest()
    numbers.append(tell.labelled(store, "c01.2"))
    digest()
    review = digest(since=datetime(2026, 1, 1, tzinfo=UTC))
    assert sorted(review.articles) == numbers
    assert "1 story" in review.subject
    assert "further" not in review.subject


def test_the_face_is_kept_independent_whole_and_in_english_before_it_is_early(store, tell, vocabulary):
    names = {"c01.2": {}, "c01.1": {}, "c01.3": {"quality": ("too-short",)}, "c01.4": {"decision": "marginal"}}
    numbers = {name: tell.labelled(store, name, **fields) for name, fields in names.items()}
    store.fold_stories(vocabulary)
    articles = store.articles_by_id(list(numbers.values()))
    window = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), "daily", tell.now
    nothing = store.coverage(*window[:2], ())
    chosen = select(articles, nothing, *window, stories=store.stories_of(numbers.values()))
    (story,) = chosen.stories
    faces = [story.article.id, *(article.id for article in story.others)]
    assert faces == [numbers[name] for name in ("c01.1", "c01.2", "c01.3", "c01.4")]
    assert chosen.articles == tuple(faces)
    assert chosen.marginal == chosen.further == ()
    alone = select(articles, nothing, *window)
    assert [len(alone.stories), len(alone.marginal)] == [3, 1]
    assert sorted(alone.articles) == sorted(chosen.articles)
