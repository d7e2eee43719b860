"""Addresses that brought no article are named with why, however many there are."""

from dataclasses import replace

import pytest

from digest.notread import SHOWN, plain, shown
from digest.render import render_html, render_text
from digest.view import view
from store.records import NotRead


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("the robots.txt of en.qdnd.vn disallows it", "the site's robots.txt asks programs not to read it"),
        ("redirected to https://ads.example/x?a=1; https://ads.example is not listed for qdnd", "it leads to another site, https://ads.example"),
        ("https://ads.example is not listed for qdnd", "it is on another site, https://ads.example"),
        ("is not an HTML page but video/mp4", "it is no web page but video/mp4"),
        ("the answer is larger than 16 MiB", "the answer is larger than 16 MiB"),
        ("", "no reason was recorded"),
    ],
)  # fmt: skip
def test_reasons_are_told_in_plain_words(reason, words):
    assert plain(reason) == words


def test_many_of_one_kind_do_not_hide_the_only_one_of_another():
    many = [NotRead(f"https://a.example/{number}", "A", None, "refused", f"answered {number}") for number in range(300)]
    only = NotRead("https://b.example/patrol", "B", "Patrol", "gone", "answered 404")
    views = shown([*many, only])
    assert len(views) == SHOWN
    assert (views[-1].address.name, views[-1].outlet, views[-1].said) == (only.url, "B", "“Patrol”, gone: answered 404")


def test_the_analyst_sees_what_was_refused_and_how_many_more(digest):
    page, text = render_html(digest), render_text(digest)
    for shown_in in (page, text):
        assert "https://en.qdnd.example/preview/border-patrols-552991" in shown_in
        assert "Refused, failed or gone (5)" in shown_in
    assert "“Draft of a report on border patrols”, refused: the site's robots.txt asks" in " ".join(text.split())
    crowd = tuple(NotRead(f"https://a.example/{number}", "A", None, "gone", "answered 404") for number in range(900))
    crowded = replace(digest, coverage=replace(digest.coverage, not_read=crowd))
    assert "And 890 more: “vietlao browse”" in render_text(crowded)
    assert len(render_html(crowded).encode()) < len(page.encode()) + 5_000


def test_what_failed_and_is_tried_again_is_told_once(digest):
    told = {word: number for number, word in view(digest).coverage.numbers}
    assert (told["failed (2 of them tried again)"], told["waiting"]) == (4, 1)
    every = replace(digest.coverage, retried=4, waiting=4)
    told = {word: number for number, word in view(replace(digest, coverage=every)).coverage.numbers}
    assert (told["failed (tried again)"], told["waiting"]) == (4, 0)
