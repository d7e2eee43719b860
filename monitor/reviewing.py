"""Asking a person about articles, one key each; from a pipe, one line each."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from monitor.app import App
from relevance.explain import printable
from store.database import Store
from store.marked import Candidate, Label
from store.wording import local_time

KEYS: dict[str, Label] = {"r": "relevant", "m": "marginal", "i": "irrelevant"}
ASKED = "[r]elevant  [m]arginal  [i]rrelevant  [s]kip  [q]uit"
EXCERPT = 700
REASONS = 6
STRATA = {"judged": "drawn at random from what was dropped", "unread": "drawn at random from what was put aside unread"}


@dataclass(slots=True)
class Tally:
    """What a session came to."""

    marked: int = 0
    skipped: int = 0
    has_quit: bool = False


def ask_all(app: App, store: Store, candidates: Sequence[Candidate], by: str, tally: Tally) -> None:
    """Ask about each until the person quits; every answer is stored before the next question."""
    for number, candidate in enumerate(candidates, 1):
        if tally.has_quit:
            return
        app.say(f"\n{number} of {len(candidates)} · {STRATA.get(candidate.stratum or '', 'borderline')}")
        app.say("\n".join(shown(candidate)))
        _take(store, candidate, *_answer(app, _reader()), by, tally)


def _take(store: Store, candidate: Candidate, key: str, note: str, by: str, tally: Tally) -> None:
    if key == "q":
        tally.has_quit = True
    elif key == "s":
        tally.skipped += 1
        if candidate.sample is not None:
            store.skip(candidate.sample, candidate.url)
    else:
        tally.marked += 1
        store.mark(candidate.url, KEYS[key], by, note, sample=candidate.sample)


def shown(candidate: Candidate) -> list[str]:
    """What a person needs to judge by, with nothing in it that could steer a terminal."""
    article = candidate.article
    published = (article.published if article else None) or candidate.published
    when = local_time(published) if published else "time not stated"
    title = (article.title if article else None) or candidate.title or "(no headline)"
    lines = [_plain(title), f"{_plain(candidate.source_name) or 'unknown outlet'} · {when} · {_plain(candidate.url)}"]
    if article is None:
        return [
            *lines,
            _plain(candidate.summary or "(no text is stored: judge by headline and address)"),
            _plain(candidate.reason),
        ]
    text = _plain(article.text)
    lines.append(text[:EXCERPT] + ("…" if len(text) > EXCERPT else ""))
    lines.append(f"{article.decision}, score {article.score:g}. {_plain(article.why_not_more)}".rstrip())
    told = ", ".join(f"{one.term} ({one.group}, {one.place}, {one.weight:+.1f})" for one in article.reasons[:REASONS])
    return [*lines, _plain(told)] if told else lines


def _plain(text: str) -> str:
    return printable(" ".join(text.split()))


def _answer(app: App, read: Callable[[], str]) -> tuple[str, str]:
    """A key of KEYS, ``s`` or ``q``, and the note that a line may carry behind it. The end of the input quits."""
    while True:
        app.say(ASKED)
        key, _, note = read().strip().partition(" ")
        key = key.lower()
        if key in (*KEYS, "s", "q"):
            return key, note.strip()
        app.warn(f"{printable(key)!r} is none of r, m, i, s, q")


def _reader() -> Callable[[], str]:
    return _key if sys.stdin.isatty() else _line


def _key() -> str:
    try:
        return click.getchar()
    except EOFError:
        return "q"


def _line() -> str:
    return sys.stdin.readline() or "q"
