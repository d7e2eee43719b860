"""Digests that mail programs do not cut off: long ones keep styles in the head, and longer ones tell some stories in short."""

import re
from dataclasses import replace

import pytest
from lxml import html

from digest import render
from digest.render import LONGEST, render_html, render_text

GMAIL = 102_000
SUMMARY = "Hai bên đã trao đổi tình hình biên giới, thống nhất kế hoạch tuần tra chung và cùng thăm hỏi bà con ở hai bên. "
URL = "https://baonghean.example/quoc-phong/tuan-tra-song-phuong-bien-gioi-cap-tinh-nghe-an-bo-ly-kham-xay-lao-{}.html"


@pytest.fixture
def with_stories(digest):
    """The sample digest with so many stories, each as long as those of the embedded sample are."""

    def with_stories(count):
        whole = [story for story in digest.stories if story.article.reasons]
        stories = []
        for number in range(count):
            story = whole[number % len(whole)]
            told = replace(story.article, id=1000 + number, url=URL.format(number), text=SUMMARY * 3, lead=None)
            stories.append(replace(story, article=told))
        return replace(digest, stories=tuple(stories))

    return with_stories


def words_of(page):
    """All that is said and linked, without how it looks."""
    tree = html.document_fromstring(page)
    return tree.body.text_content().split(), tree.xpath("//@href")


def test_fifty_stories_stay_below_what_gmail_shows(with_stories):
    fifty = with_stories(50)
    page = render_html(fifty)
    assert len(page.encode()) <= LONGEST < GMAIL
    assert words_of(page) == words_of(render._page(fifty, in_head=False))
    assert "told in short" not in page
    assert len(render._page(fifty, in_head=False).encode()) > LONGEST  # or this would test nothing


def test_a_short_page_has_all_its_styles_inlined(digest):
    assert render_html(digest) == render._page(digest, in_head=False)


def test_styles_in_the_head_are_those_that_would_be_inlined(with_stories):
    """Every rule is kept, in blocks that Gmail reads (it drops longer ones, https://developers.google.com/gmail/design/css)."""
    page = render._page(with_stories(3), in_head=True)
    blocks = html.document_fromstring(page).xpath("//style/text()")
    assert len(blocks) == 2
    assert all(len(block) < 8192 for block in blocks)
    used = set(re.findall(r'class="([^"]+)"', page))
    styled = {name for block in blocks for name in re.findall(r"\.([a-z][\w-]*)", block)}
    repeated = {"story", "marginal", "meta", "mark", "summary", "note", "source", "quiet"}
    assert repeated <= styled & {name for names in used for name in names.split()}


def test_more_stories_than_fit_are_told_in_short_and_counted(with_stories):
    many = with_stories(120)
    page = render_html(many)
    assert len(page.encode()) <= LONGEST
    (told,) = re.findall(r"The (\d+) stories below are told in short", page)
    tree = html.document_fromstring(page)
    assert len(tree.find_class("story")) == 120
    assert len(tree.find_class("summary")) == 120 - int(told)
    one_more = render._page(many, in_head=True, whole=121 - int(told))
    assert len(one_more.encode()) > LONGEST
    assert all(URL.format(number) in page for number in range(120))
    assert render_text(many).count("Why here:") >= 120


def test_what_fits_in_no_way_is_told_in_full(with_stories):
    page = render_html(with_stories(300))
    assert len(page.encode()) > LONGEST
    assert "told in short" not in page
