"""A ``[[source]]`` entry as text, made from what a look at a site brought. Pure.

Whatever came from the site is untrusted: it stands in quoted strings, or in comments from which line breaks and control
characters are gone, so that no page can write TOML of its own.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from extract.article import Article
from extract.quality import SENTENCES
from monitor.app import LOCAL
from spiders.looked import Looked, Seen
from spiders.urls import plain_host
from store.wording import counted

USUAL_DELAY = 2.0  # seconds, as spiders.sources has it
SECOND_LEVEL = frozenset(("com", "gov", "org", "net", "edu", "ac", "co", "info"))  # as in com.vn, gov.la
LONGEST_COMMENT = 300  # characters
MOST_REMARKS = 20  # of a kind; some sites name hundreds of feeds


def entry_of(looked: Looked, articles: Sequence[Article], taken: Sequence[str] = ()) -> str:
    """The entry, ready to paste. ``articles`` were read on the site; ``taken`` are ids already in use."""
    return "\n".join(_lines(looked, articles, taken)) + "\n"


def _lines(looked: Looked, articles: Sequence[Article], taken: Sequence[str]) -> Iterator[str]:
    languages = list(dict.fromkeys(lang for article in articles if (lang := article.lang) and lang != "other"))
    languages = languages or ["vi"]
    off = why_off(looked)
    yield "[[source]]"
    yield f"id = {quoted(id_of(looked.home, languages[0], taken))}"
    yield f"name = {quoted(looked.name or plain_host(urlsplit(looked.home).hostname))}"
    yield f"languages = {_list(languages)}" + ("" if articles else "  # a guess: no article was read")
    yield f"home = {quoted(looked.home)}"
    if looked.hosts:
        yield f"hosts = {_list(looked.hosts)}"
    yield from _places("feeds", looked.feeds)
    yield from _places("sitemaps", looked.sitemaps)
    yield from _listings(looked.listings)
    yield f"article = {literal(looked.article or '^' + re.escape(looked.home))}"
    if looked.examples:
        yield f"examples = {_list(looked.examples)}"
    if looked.identity:
        yield f"identity = {literal(looked.identity)}"
    if looked.delay > USUAL_DELAY:
        yield f"delay = {looked.delay:g}  # its robots.txt asks for it"
    yield from _quirks(looked)
    if not (urlsplit(looked.home).hostname or "").endswith(".vn") and languages[0] != "vi":
        yield "vietnamese = false  # its address is not under .vn: true if it is a Vietnamese outlet"
    if off:
        yield "enabled = false"
        yield f"reason = {quoted(off)}"
    yield from _remarks(looked, articles)


def why_off(looked: Looked) -> str | None:
    """Why the entry cannot be switched on as it is, or None."""
    if looked.article and (looked.feeds or looked.sitemaps or looked.listings):
        return None
    if looked.needs_browser:
        return "needs a browser; its places and its article pattern are still to be found"
    return "no place that lists articles was found"


def id_of(home: str, language: str, taken: Sequence[str] = ()) -> str:
    """A short name for an edition that is not in use yet: ``paper`` for www.paper.com.vn, ``paper-en`` for en.paper.vn."""
    labels = plain_host(urlsplit(home).hostname).split(".")
    names = labels[:-1] or labels
    if len(names) > 1 and names[-1] in SECOND_LEVEL:
        names = names[:-1]
    bare = re.sub(r"[^a-z0-9]+", "-", names[-1].lower()).strip("-") or "source"
    wanted = bare if language == "vi" else f"{bare}-{language}"
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *numbered) if name not in taken)


def quoted(text: str) -> str:
    """A TOML basic string. JSON's escapes are among TOML's; DEL, which JSON leaves alone, is not allowed bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(pattern: str) -> str:
    """A pattern between single quotes, where backslashes need no escape; as a basic string when it holds one itself."""
    usable = "'" not in pattern and all(char.isprintable() for char in pattern)
    return f"'{pattern}'" if usable else quoted(pattern)


def comment(text: str) -> str:
    """A comment on one line, whatever the text holds."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return "# " + " ".join(visible.split())[:LONGEST_COMMENT]


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"


def _places(key: str, places: Sequence[Seen]) -> Iterator[str]:
    if places:
        yield f"{key} = ["
        yield from (f"    {quoted(seen.address)},  {_found(seen)}" for seen in places)
        yield "]"


def _listings(listings: Sequence[Seen]) -> Iterator[str]:
    if listings:
        yield "listings = ["
        for seen in listings:
            pages = f", pages = {quoted(seen.pages)}" if seen.pages else ""
            yield f"    {{ url = {quoted(seen.address)}{pages} }},  {_found(seen)}"
        yield "]"


def _found(seen: Seen) -> str:
    newest = f", newest {_local(seen.newest)}" if seen.newest else ""
    return f"# {counted(seen.items, 'address', 'addresses')}{' in the newest part' if seen.is_index else ''}{newest}"


def _local(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def _quirks(looked: Looked) -> Iterator[str]:
    quirks = ["keeps_cookies = true", f"warm_up = {quoted(looked.home)}"] if looked.keeps_cookies else []
    quirks += ["needs_browser = true"] if looked.needs_browser else []
    if looked.keeps_cookies:
        yield "# it redirects to the same address until its cookie comes back"
    if quirks:
        yield f"quirks = {{ {', '.join(quirks)} }}"


def _remarks(looked: Looked, articles: Sequence[Article]) -> Iterator[str]:
    for article in articles:
        yield comment(f"read {article.url}")
        when = _local(article.published) if article.published else "no time"
        facts = (article.title or "no headline", when, article.author or "no author", f"{len(article.text)} characters")
        yield comment(f"as {' | '.join(facts)}")
        yield from (comment(f"wrong: {code}: {SENTENCES[code]}") for code in article.quality)
    yield from _some("problem", looked.problems)
    yield from _some("not asked", looked.not_asked)


def _some(heading: str, values: Sequence[str]) -> Iterator[str]:
    yield from (comment(f"{heading}: {value}") for value in values[:MOST_REMARKS])
    if len(values) > MOST_REMARKS:
        yield f"# {heading}: and {len(values) - MOST_REMARKS} more"
