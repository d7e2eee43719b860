"""Stories stay what they are in the store: ids, merges, and what the analyst decided."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.stories.evaluate import read_labelled
from store.stories.tables import create_tables, current, members, merge, split, stories_of, update_stories
from store.stories.vocabulary import load_vocabulary

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(HERE.parents[1] / "seeds" / "people.toml")


@pytest.fixture(scope="module")
def reports():
    """Three events, numbered as articles: the patrols 1-3 and 4-6, the burial 7-9."""

    articles = [article.report for article in read_labelled((HERE / "events").glob("tune_1.txt"))]
    chosen = [one for event in ("a06", "a07", "a10") for one in articles if one.id.startswith(event)]
    return [replace(one, id=str(number)) for number, one in enumerate(chosen, 1)]


@pytest.fixture
def db(tmp_path):
    made = Database(tmp_path / "news.db")
    create_tables(made)
    return made


def grouping(db):
    found = {}
    for article, story in db.conn.execute("SELECT article, story FROM story_article ORDER BY article"):
        found.setdefault(story, []).append(article)
    return found


def test_reports_join_and_found_stories_and_ids_stay(db, reports, vocabulary):
    update_stories(db, reports[:4], {}, vocabulary)
    assert grouping(db) == {1: [1, 2, 3], 2: [4]}
    update_stories(db, reports, {}, vocabulary)
    assert grouping(db) == {1: [1, 2, 3], 2: [4, 5, 6], 3: [7, 8, 9]}
    again = update_stories(db, list(reversed(reports)), {}, vocabulary)
    assert again.redirects == {}
    assert grouping(db) == {1: [1, 2, 3], 2: [4, 5, 6], 3: [7, 8, 9]}


def test_a_merge_by_the_analyst_holds_and_leaves_a_redirect(db, reports, vocabulary):
    update_stories(db, reports, {}, vocabulary)
    assert merge(db, 3, 1) == 1
    update_stories(db, reports, {}, vocabulary)
    assert grouping(db) == {1: [1, 2, 3, 7, 8, 9], 2: [4, 5, 6]}
    assert (current(db, 3), current(db, 2), current(db, 99)) == (1, 2, None)
    assert merge(db, 1, 3) == 1


def test_a_split_by_the_analyst_holds(db, reports, vocabulary):
    update_stories(db, reports, {}, vocabulary)
    assert split(db, 1, [2, 3]) == 4
    update_stories(db, reports, {}, vocabulary)
    assert grouping(db) == {1: [1], 2: [4, 5, 6], 3: [7, 8, 9], 4: [2, 3]}
    assert merge(db, 4, 1) == 1
    update_stories(db, reports, {}, vocabulary)
    assert members(db, 1) == [1, 2, 3]


@pytest.mark.parametrize("articles", [[], [1, 2, 3], [4], [1, 4]])
def test_a_split_must_name_some_of_the_storys_articles(articles, db, reports, vocabulary):
    update_stories(db, reports, {}, vocabulary)
    with pytest.raises(LookupError, match="story 1 has the articles"):
        split(db, 1, articles)
    with pytest.raises(LookupError, match="no story 99"):
        merge(db, 1, 99)


def test_a_later_report_joins_two_stories_and_the_higher_number_leads_to_the_lower(db, reports, vocabulary):
    update_stories(db, [reports[0]], {}, vocabulary)
    update_stories(db, [reports[2]], {}, vocabulary)
    assert grouping(db) == {1: [1], 2: [3]}
    update_stories(db, reports[:3], {}, vocabulary)
    assert grouping(db) == {1: [1, 2, 3]}
    assert current(db, 2) == 1
    assert stories_of(db, ["1", "3", "77"]) == {"1": 1, "3": 1}


def test_a_copy_is_in_its_originals_story(db, reports, vocabulary):
    update_stories(db, [reports[0], reports[6]], {"7": "1"}, vocabulary)
    assert grouping(db) == {1: [1, 7]}
