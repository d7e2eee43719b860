"""Stable story ids: groups of reports come and change, a story keeps its name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """``story_of`` each report, and for each story that is no more the one it went into."""

    story_of: dict[str, int]
    redirects: dict[int, int]


def assign(groups: Iterable[list[str]], before: Mapping[str, int], next_id: int) -> Assignment:
    """Gives each group of reports an id. A group takes the lowest id its reports had, unless an earlier group took it (a
    story that was divided stays with the part whose reports came first); a new group founds one. A story whose reports all
    went elsewhere redirects to where its first went."""
    story_of: dict[str, int] = {}
    taken: set[int] = set()
    for group in groups:
        had = sorted({before[report] for report in group if report in before} - taken)
        story = had[0] if had else next_id
        next_id += not had
        taken.add(story)
        story_of.update(dict.fromkeys(group, story))
    went: dict[int, int] = {}
    for report, story in before.items():
        if story not in taken and report in story_of:
            went.setdefault(story, story_of[report])
    return Assignment(story_of, went)
