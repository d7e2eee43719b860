"""What the replica's articles are about and how they are written."""

import itertools
import re
import unicodedata
from collections import Counter, defaultdict

from monitor.replica.expected import expected
from monitor.replica.stories import load_stories, unaccented

ENTRIES = expected()
SEED_EVENTS = {"talks-2022-06", "exchange-2024-10", "meeting-2021-06", "visit-2025-03", "visit-2022-12"}


def events(outcome: str) -> set[str]:
    return {entry.event for entry in ENTRIES if entry.outcome == outcome and entry.event}


def test_there_is_enough_of_everything():
    assert events("keep") >= SEED_EVENTS
    assert len(events("keep")) >= 15
    assert len(events("marginal")) >= 3
    assert len(events("drop")) >= 35


def test_labels_of_one_event_agree():
    by_event = defaultdict(set)
    for entry in ENTRIES:
        by_event[entry.event].add(entry.outcome)
    assert [event for event, outcomes in by_event.items() if event and len(outcomes) > 1] == []


def test_every_seed_event_is_told_in_both_languages_and_reprinted():
    for event in SEED_EVENTS:
        told = [entry for entry in ENTRIES if entry.event == event]
        assert {entry.lang for entry in told} == {"vi", "en"}
        assert max(Counter(entry.group for entry in told).values()) >= 2


def test_one_text_stands_at_five_addresses_with_and_without_accents():
    reprints = [story for story in load_stories() if story.event == "talks-2022-06" and story.lang == "en"]
    assert len(reprints) >= 5
    bodies = [" ".join(block.text for block in story.blocks) for story in reprints]
    assert any("Việt Nam" in body for body in bodies)
    assert any("Vietnam" in body and "Việt Nam" not in body for body in bodies)


def test_reprints_share_most_of_their_words():
    groups = defaultdict(list)
    for story in load_stories():
        groups[story.group].append(shingles(" ".join(block.text for block in story.blocks if block.kind == "p")))
    for group, texts in groups.items():
        for first, second in itertools.pairwise(texts):
            assert len(first & second) >= 0.6 * min(len(first), len(second)), group


def shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", unaccented(text).lower())
    return {" ".join(words[start : start + 4]) for start in range(len(words) - 3)}


def test_texts_are_nfc_and_vietnamese_ones_are_accented():
    for story in load_stories():
        text = " ".join([story.title, story.lead, *(block.text for block in story.blocks)])
        assert unicodedata.is_normalized("NFC", text), story.url
        accented = sum(char != unaccented(char) for char in text if char.isalpha())
        assert (accented / len(text) > 0.15) == (story.lang == "vi"), story.url


def test_articles_are_of_full_length():
    for story in load_stories():
        words = len(" ".join([story.lead, *(block.text for block in story.blocks)]).split())
        assert words >= (150 if story.label == "keep" else 90), story.url
