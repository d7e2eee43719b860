from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from digest.render import render_html, render_text
from digest.selection import BEGINNING, select
from digest.view import subject, view
from relevance.verdict import Reason
from store.records import Sighting


@pytest.fixture
def chosen(sample):
    def choose(*articles, coverage=sample.COVERAGE, since=sample.SINCE, until=sample.UNTIL):
        return select(articles, coverage, since, until, "daily", sample.NOW)

    return choose


def ids(stories):
    return [story.article.id for story in stories]


def test_kept_are_stories_marginal_stand_apart_dropped_stay_out(chosen, sample):
    digest = chosen(
        sample.article(1), sample.article(2, decision="marginal"), sample.article(3, decision="drop"), sample.article(4)
    )
    assert ids(digest.stories) == [4, 1]
    assert ids(digest.marginal) == [2]
    assert digest.articles == (4, 1, 2)


def test_window_takes_its_begin_and_leaves_its_end(chosen, sample):
    edges = [sample.SINCE - timedelta(microseconds=1), sample.SINCE, sample.UNTIL - timedelta(microseconds=1), sample.UNTIL]
    digest = chosen(*(sample.article(number, decided=edge) for number, edge in enumerate(edges)))
    assert sorted(ids(digest.stories)) == [1, 2]


def test_late_arrival_counts_by_its_decision_not_by_its_publication(chosen, sample):
    assert ids(chosen(sample.article(1, published=sample.hours(-200))).stories) == [1]


def test_newest_first_and_undated_by_the_time_of_decision(chosen, sample):
    digest = chosen(
        sample.article(1, published=sample.hours(2)),
        sample.article(2, published=None, decided=sample.hours(5)),
        sample.article(3, published=sample.hours(9)),
    )
    assert ids(digest.stories) == [3, 2, 1]


@given(order=st.permutations(range(6)))
@settings(deadline=None)
def test_order_of_arrival_and_repetition_change_nothing(order, sample):
    articles = [sample.article(number, published=sample.hours(number // 2)) for number in range(6)]
    window = (sample.COVERAGE, sample.SINCE, sample.UNTIL, "daily", sample.NOW)
    shuffled = [articles[number] for number in order]
    assert select(shuffled + shuffled[:2], *window) == select(articles, *window)


def test_windows_that_abut_take_every_article_once(chosen, sample):
    articles = [sample.article(number, decided=sample.hours(number)) for number in range(24)]
    cuts = [sample.hours(hour) for hour in (0, 5, 6, 6.5, 24)]
    taken = [
        number for since, until in pairwise(cuts)
        for number in ids(chosen(*articles, since=since, until=until).stories)
    ]  # fmt: skip
    assert sorted(taken) == list(range(24))


def test_other_outlets_stand_once_and_never_the_storys_own(chosen, sample):
    (story,) = chosen(sample.TALKS).stories
    assert [sighting.source_name for sighting in story.elsewhere] == ["VietnamPlus", "Vietnam.vn", "EIN Presswire"]
    assert story.elsewhere[1].url.endswith("vientiane")


def test_sites_that_are_on_no_list_are_named_by_their_host(chosen, sample):
    unlisted = [Sighting(f"https://{host}.example/x", "", "", sample.hours(1)) for host in ("one", "two", "one")]
    (story,) = view(chosen(sample.article(1, source="", source_name="", sightings=tuple(unlisted)))).stories
    assert story.outlet == "news.example"
    assert [other.name for other in story.elsewhere] == ["one.example", "two.example"]


def test_a_window_is_checked(chosen, sample):
    with pytest.raises(ValueError, match="before it begins"):
        chosen(since=sample.UNTIL, until=sample.SINCE)
    with pytest.raises(ValueError, match="time zone"):
        chosen(since=datetime(2026, 11, 20))  # noqa: DTZ001


def test_an_empty_window_says_whether_anything_was_looked_at(chosen, sample):
    assert "No story was found" in view(chosen()).empty
    assert "nothing was looked at" in view(chosen(coverage=sample.NOTHING)).empty


def test_the_first_digest_has_no_begin(chosen, sample):
    assert view(chosen(since=BEGINNING)).window == "up to Sat 21 Nov 2026, 07:00"


def test_every_source_of_the_coverage_is_named_in_exactly_one_group(digest, sample):
    groups = view(digest).coverage.groups
    assert sorted(name for group in groups for name, _ in group.lines) == sorted(
        source.name for source in sample.COVERAGE.sources
    )
    assert [group.state for group in groups] == ["failed", "partly", "skipped", "untried", "disabled", "read"]


def test_unread_sources_are_said_first_and_in_the_subject(digest):
    assert view(digest).coverage.warning == (
        "Not read: Ministry of National Defence and Lào Cai Online. 2 sources were skipped or not tried; the coverage "
        "statement says why. What they published is missing here."
    )
    assert "(2 sources not read)" in subject(digest)


@pytest.mark.parametrize(
    ("states", "warning"),
    [
        (["read", "disabled", "partly"], ""),
        (["failed", "read"], "Not read: S0. What it published is missing here."),
        (
            ["skipped"],
            "1 source was skipped or not tried; the coverage statement says why. What it published is missing here.",
        ),
        (["failed"] * 8, "Not read: S0, S1, S2, S3, S4, S5 and 2 more. What they published is missing here."),
    ],
)
def test_the_warning_names_whose_news_is_missing(chosen, sample, states, warning):
    sources = tuple(sample.source(f"S{number}", state, reason="x") for number, state in enumerate(states))
    assert view(chosen(coverage=replace(sample.COVERAGE, sources=sources))).coverage.warning == warning


def test_a_source_that_was_not_read_to_its_end_does_not_count_as_read(chosen, sample):
    cut = [replace(sample.source(f"S{number}", state="partly", reason="the crawl was stopped"), unread=9) for number in (1, 2)]
    digest = chosen(coverage=replace(sample.COVERAGE, sources=(*cut, sample.source("S3"), sample.source("S4", state="partly"))))
    told = view(digest)
    assert ("2/4", "sources read") in told.figures
    assert "2 of 4 sources read, 2 not to the end." in told.coverage.opening
    assert told.coverage.warning == (
        "Not read to the end: S1 and S2; 18 addresses (articles, feeds, listings) wait for the next crawl. What "
        "they published may be missing here in part."
    )
    assert "(2 sources not read to the end)" in subject(digest)
    failed = chosen(coverage=replace(sample.COVERAGE, sources=(cut[0], sample.source("S3", state="failed"))))
    assert "(1 source not read, 1 not read to the end)" in subject(failed)
    assert "S1" not in told.coverage.quiet


def test_sources_without_news_are_named_and_silence_is_measured(digest):
    coverage = view(digest).coverage
    assert coverage.quiet == ("Báo Sơn La",)
    assert coverage.silent == (
        ("Báo Sơn La", "nothing for 18 days, since Mon 2 Nov, 10:00; its longest pause before was 31 hours"),
    )


def test_a_digest_shows_the_weightiest_reasons_and_counts_the_rest(chosen, sample):
    reasons = tuple(Reason(f"term {number}", f"group-{number % 7}", "body", float(number)) for number in range(1, 22))
    (story,) = view(chosen(sample.article(1, reasons=reasons))).stories
    assert story.evidence[0] == ("Group 0", "“term 21” (text), “term 14” (text)")
    assert [name for name, _ in story.evidence] == ["Group 0", "Group 6", "Group 5", "Group 4", "and 13 more"]


def test_a_term_is_told_once_and_not_again_within_another(chosen, sample):
    reasons = (
        Reason("tuần tra song phương", "joint", "headline", 3.0),
        Reason("Tuần tra", "defence", "headline", 2.5),
        Reason("tuần tra song phương", "defence", "lead", 2.0),
        Reason("đồn", "defence", "body", 1.0),
    )
    (story,) = view(chosen(sample.article(1, reasons=reasons))).stories
    assert story.evidence == (
        ("Joint", "“tuần tra song phương” (headline)"),
        ("Defence", "“đồn” (text)"),
        ("and 1 more", ""),
    )


def test_subject_is_one_line_of_readable_length(chosen, sample):
    line = subject(chosen(sample.article(1, title="Long\r\nBcc: x@example.org " * 30)))
    assert "\n" not in line
    assert "\r" not in line
    assert len(line) <= 140


def test_only_so_many_broken_pages_are_listed_and_the_rest_counted(chosen, sample):
    many = tuple((f"https://news.example/{number}", "no text") for number in range(31))
    coverage = view(chosen(coverage=replace(sample.COVERAGE, attention=many))).coverage
    assert (len(coverage.attention), coverage.attention_hidden) == (20, 11)


def told(sample, *reports):
    return {report.article: replace(sample.TALKS_EVENT, reports=reports) for report in reports}


def test_a_text_read_at_a_reprint_is_shown_where_its_own_report_is(sample):
    copy = sample.TALKS_VI
    first = Sighting("https://first.example/talks", "first", "First", sample.hours(10), sample.hours(12))
    article = replace(copy, credit="First", sightings=(Sighting(copy.url, copy.source, "Copy", sample.hours(14)), first))
    reports = (
        sample.reported(article, "independent", url=first.url, outlet="First", role="first report"),
        sample.reported(article, "reprint", role="reprint", original=article.id),
    )
    window = (sample.COVERAGE, sample.SINCE, sample.UNTIL, "daily", sample.NOW)
    (story,) = select([article], *window, stories=told(sample, *reports)).stories
    face = story.article
    assert (face.id, face.url, face.source_name, face.credit) == (article.id, first.url, "First", None)
    assert face.published == first.published
    untimed = replace(article, sightings=(article.sightings[0], replace(first, published=None)))
    (story,) = select([untimed], *window, stories=told(sample, *reports)).stories
    assert story.article == untimed


def test_more_reports_of_an_outlet_do_not_repeat_the_story_itself(sample):
    reports = (
        sample.reported(sample.TALKS_VI, "independent", role="first report"),
        sample.reported(sample.TALKS, ""),
        sample.reported(sample.TALKS_COPY, "", title="Another one"),
    )
    digest = select(
        [sample.TALKS], sample.COVERAGE, sample.SINCE, sample.UNTIL, "daily", sample.NOW, stories=told(sample, *reports)
    )
    groups = {group.label: [link.name for link in group.links] for group in view(digest).stories[0].reports}
    assert groups["More of these outlets"] == ["tongthuat.example: Another one"]


def test_a_story_has_the_number_of_its_entry_and_that_of_the_store(digest):
    page = html.document_fromstring(render_html(digest))
    entries = [" ".join(one.text_content().split()) for one in page.xpath("//div[@class='story']/h3")]
    text = render_text(digest)
    assert [entry.split(".")[0] for entry in entries] == ["1", "2", "3"]
    assert f"1. {digest.stories[0].article.title}" == entries[0]
    assert entries[0] in text
    assert "story\N{NO-BREAK SPACE}31" in page.find_class("story")[0].text_content()
    assert " · story 31\n" in text
    assert "(story 17)" in " ".join(text.split())
    assert "(story 17)" in page.text_content()
    assert "Talks · took place Fri 20 Nov · Vientiane" in text
