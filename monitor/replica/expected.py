"""What should become of every address of the small web, for the tests of the whole job and for the demo's own check."""

from dataclasses import dataclass
from typing import Literal

from monitor.replica.sites import Site, Trap, load_sites
from monitor.replica.stories import Later, Story, load_stories

Outcome = Literal["keep", "marginal", "drop", "failed", "rejected", "twin"]

OUTCOMES: dict[str, tuple[Outcome, str]] = {
    "missing": ("failed", "answers 404"),
    "gone": ("failed", "answers 410"),
    "error": ("failed", "answers 500"),
    "busy": ("failed", "answers 503 each time"),
    "forbidden": ("rejected", "robots.txt forbids it"),
    "offsite": ("rejected", "redirects to a host that is not listed"),
    "inside": ("rejected", "redirects to a loopback address"),
    "deleted": ("failed", "says that the article was removed; its canonical link is the front page"),
    "empty": ("keep", "holds a headline and no text, and the headline alone is of interest"),
    "slow": ("drop", "arrives slowly and holds no article"),
    "endless": ("failed", "is larger than any page"),
    "bomb": ("failed", "unpacks to 64 MiB"),
    "twin": ("twin", "another address of an article listed elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """An address and its fate. ``keep``, ``marginal`` and ``drop`` are verdicts on an article; ``failed`` was asked and
    gave none; ``rejected`` must not be asked (or followed) at all; ``twin`` must not be stored beside the article ``of``
    (which of the two addresses names it is open: the one that was seen first).

    ``event`` names what happened, ``group`` the text that is reprinted (the same for reprints in one language), both
    empty where there is no article; ``listed`` is False for addresses that no place of discovery of a source shows.
    ``later`` says what the second edition does to it: ``edited`` (other words: a revision), ``noise`` (other counters,
    links and spellings around the same words: no revision) or ``gone`` (answers 410).
    """

    url: str
    source: str
    outcome: Outcome
    event: str = ""
    group: str = ""
    lang: str = ""
    listed: bool = True
    of: str = ""
    why: str = ""
    later: Later = ""


def expected() -> tuple[Expected, ...]:
    """Every article and every trap of the replica, ordered by address."""
    stories = [_of_story(story) for story in load_stories()]
    traps = [_of_trap(site, trap) for site in load_sites().values() for trap in site.traps]
    return tuple(sorted([*stories, *traps], key=lambda entry: entry.url))


def _of_story(story: Story) -> Expected:
    return Expected(
        url=story.url,
        source=story.site.source or story.site.id,
        outcome=story.label,
        event=story.event,
        group=story.group,
        lang=story.lang,
        listed=bool(story.site.source),
        later=story.later,
    )


def _of_trap(site: Site, trap: Trap) -> Expected:
    outcome, why = OUTCOMES[trap.kind]
    url = f"{site.scheme}://{trap.host or site.host}{trap.path}"
    of = next((story.url for story in load_stories() if story.site is site and story.number == trap.of), "")
    listed = trap.published is not None
    return Expected(url, site.source or site.id, outcome, lang=site.lang, listed=listed, of=of, why=why)
