"""What a story's lines say of it."""

from store.storytold import as_json, explain_story, story_line


def test_a_story_without_a_kept_article_says_so(store, tell, vocabulary):
    tell.labelled(store, "c01.1", decision="marginal")
    tell.labelled(store, "c12.1")
    store.fold_stories(vocabulary)
    by_decision = {story.decision: store.story(story.id) for story in store.stories()}
    low, kept = by_decision["marginal"], by_decision["keep"]
    assert "marginal only" in story_line(low)
    assert "marginal only" in explain_story(low)
    assert "article 1 · first report · marginal" in explain_story(low)
    assert "marginal" not in story_line(kept) + explain_story(kept)
    assert [as_json(low)["decision"], as_json(kept)["decision"]] == ["marginal", "keep"]


def test_one_kept_article_makes_a_story_kept(store, tell, vocabulary):
    tell.labelled(store, "c01.1", decision="marginal")
    tell.labelled(store, "c01.2")
    store.fold_stories(vocabulary)
    (story,) = store.stories()
    assert story.decision == "keep"


def test_reports_that_the_lineage_does_not_count_are_explained(store, tell, vocabulary):
    """Two editions of one outlet report the event on their own, and the outlet counts once."""
    tell.labelled(store, "c01.2", "vietnamplus.vn")
    tell.labelled(store, "c01.3", "en.vietnamplus.vn")
    store.fold_stories(vocabulary)
    (story,) = (store.story(one.id) for one in store.stories())
    assert (len(story.reports), story.independent, story.reprints) == (2, 1, 0)
    (again,) = (report.outlet for report in story.reports if not report.counted)
    assert f"1 more report of outlets counted already ({again}): an outlet counts once" in explain_story(story)
