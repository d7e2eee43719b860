"""The life of an address in plain sentences, for ``vietlao why``. Pure."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from relevance.verdict import Reason
from spiders.sources import Source, source_of
from spiders.urls import canonical
from store.marked import Mark
from store.records import Life, Step, StoredArticle
from store.values import moment
from store.wording import counted, local_time

# (stage, outcome) -> how a step is told; what is not here is told by stage and outcome
TOLD = {
    ("discovered", "ok"): "It was found",
    ("allowed", "ok"): "It may be fetched",
    ("allowed", "rejected"): "It was not fetched",
    ("allowed", "failed"): "Whether it may be fetched could not be learned",
    ("fetched", "ok"): "It was fetched",
    ("fetched", "rejected"): "What came back was not taken",
    ("fetched", "failed"): "Fetching it failed",
    ("fetched", "gone"): "It was not there",
    ("triaged", "ok"): "A first look took it further",
    ("triaged", "rejected"): "A first look put it aside",
    ("extracted", "ok"): "Its text was extracted",
    ("extracted", "failed"): "Its text could not be extracted",
    ("extracted", "gone"): "The page says that the article is gone",
    ("extracted", "rejected"): "It holds no article",
    ("judged", "ok"): "It was judged",
    ("judged", "rejected"): "It was judged",
    ("judged", "failed"): "It could not be judged",
    ("stored", "ok"): "It was stored",
    ("stored", "rejected"): "It brought nothing new",
    ("digested", "ok"): "It was told",
}

ENDS = {
    "waiting": "It has not been brought to an end yet; the next run takes it up again.",
    "retry": "It could not be read so far.",
    "failed": "It was given up after {tries} and will not be tried again.",
    "rejected": "It is not to be fetched.",
    "gone": "It does not exist (any more).",
    "dropped": "It is in no digest, because it was not found relevant.",
    "marginal": "It is kept as marginal.",
    "keep": "It is kept.",
}


def spellings(url: str, sources: Sequence[Source] = ()) -> list[str]:
    """Under what an address may be known, as it stands first and canonical last. Without sources the host is tried with and
    without ``www.``."""
    plain = canonical(url)
    if not is_web_address(plain):
        return [plain]
    found = [url, *_twins(plain), plain, canonical(url, source_of(plain, sources))]
    return list(dict.fromkeys(reversed(found)))[::-1]


def is_web_address(url: str) -> bool:
    """Whether this is an address that a page could have."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _twins(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.").removeprefix("m.")
    hosts = (host, f"www.{host}")
    return [urlunsplit(parts._replace(netloc=name, scheme=scheme)) for name in hosts for scheme in ("http", "https")]


def explain_life(life: Life, sources: Sequence[Source]) -> str:
    """What happened to an address, when and why, a sentence a line; also for addresses that nobody ever saw."""
    lines = [_heading(life, sources)]
    if not life.known:
        return "\n".join([*lines, *_never_seen(life, sources)])
    lines += [_sentence(step) for step in life.steps]
    lines.append(_end(life))
    if life.article is not None:
        lines += _about(life, life.article)
    lines += _read_again(life)
    lines += [_marked(mark) for mark in life.marks]
    return "\n".join(lines)


def _heading(life: Life, sources: Sequence[Source]) -> str:
    name = next((source.name for source in sources if source.id == life.source), life.source)
    of = f" ({name})" if name else ""
    asked = life.asked.strip()
    other = f", asked for as {asked}" if asked != life.url else ""
    return f"{life.url}{of}{other}"


def _never_seen(life: Life, sources: Sequence[Source]) -> list[str]:
    lines = ["This address was never seen."]
    if not is_web_address(life.url):
        return [*lines, "It is not a web address; give it whole, with https:// in front."]
    source = source_of(life.url, sources)
    if source is None:
        return [*lines, f"Its host, {urlsplit(life.url).hostname}, belongs to no source in the list."]
    if not source.enabled:
        return [*lines, f"It belongs to {source.name} ({source.id}), which is switched off: {source.reason}"]
    if not re.search(source.article, life.url):
        lines.append(f"Its host belongs to {source.name} ({source.id}), but it does not look like an article there.")
        return [*lines, f"Articles there match {source.article}"]
    if source.skip and re.search(source.skip, life.url):
        return [
            *lines,
            f"It belongs to {source.name} ({source.id}), whose list says to skip addresses that match {source.skip}",
        ]
    places = len(source.feeds) + len(source.sitemaps) + len(source.listings)
    return [
        *lines,
        f"It looks like an article of {source.name} ({source.id}), but no reading of its {places} feeds, sitemaps and"
        " listings has shown it so far.",
        f"To look further back: vietlao crawl {source.id} --since DATE",
    ]


def _sentence(step: Step) -> str:
    told = TOLD.get((step.stage, step.outcome), f"{step.stage}: {step.outcome}")
    times, last = step.data.get("times"), step.data.get("last")
    again = f" ({times} times, last {local_time(moment(last))})" if isinstance(last, str) else ""
    return f"{local_time(step.at)}  {told}: {step.reason}{again}"


def _end(life: Life) -> str:
    end = ENDS.get(life.fate or "", "").format(tries=counted(life.tries, "try", "tries"))
    if life.fate == "failed" and not life.tries:  # nobody tried: it came in a file that was imported
        end = "It could not be read."
    if life.fate == "dropped" and life.digests:
        end = "It is not relevant any more."
    if life.due is not None:
        end += f" It is tried again after {local_time(life.due)}, when a run meets it."
    return end


def _about(life: Life, article: StoredArticle) -> list[str]:
    published = f", published {local_time(article.published)}" if article.published else ", publication time unknown"
    lines = [f"Article {article.id}: {article.title or 'without headline'}{published}"]
    lines.append(f"Verdict: {article.decision}, score {article.score:g}. {article.why_not_more}".rstrip())
    lines += [f"  {_reason(reason)}" for reason in article.reasons]
    others = [sighting for sighting in article.sightings if sighting.url != life.url]
    lines += [f"The same text was seen at {one.url} ({one.source_name}) {local_time(one.seen)}" for one in others]
    if life.digests:
        lines.append("It was in digest " + ", ".join(map(str, life.digests)) + ".")
        if life.told_as == "marginal" and article.decision == "keep":
            lines.append("It was marginal there; the next one tells it as kept.")
    elif life.is_history:
        lines.append("It came in a file long after it was fetched, so it is history, and in no digest.")
    elif article.decision != "drop":
        lines.append("It was in no digest yet; the next one takes it.")
    return lines


CHANGES = {"edited": "It was edited", "gone": "It was taken away", "back": "It came back"}


def _read_again(life: Life) -> list[str]:
    """How it was read again, and what had changed."""
    lines = [f"{local_time(one.at)}  {CHANGES[one.kind]}: {one.reason}." for one in life.revisions]
    watch = life.watch
    if watch is not None and watch.visits:
        times = "once" if watch.visits == 1 else f"{watch.visits} times"
        lines.append(
            f"It was asked for again {times}, last {local_time(watch.asked)}; it was last there {local_time(watch.there)}."
        )
    if watch is not None and watch.missing and not watch.gone:
        lines.append(f"It is missing since {local_time(watch.missing)} ({watch.problem}); a later run has to confirm that.")
    elif watch is not None and watch.problem and not watch.gone:
        lines.append(f"The last time it could not be read again: {watch.problem}.")
    if life.revisions:
        lines.append(f"`vietlao history {life.url}` shows what changed.")
    return lines


def _marked(mark: Mark) -> str:
    note = f": {mark.note}" if mark.note else ""
    return f"Marked {mark.label} by {mark.by} {local_time(mark.at)}{note}"


def _reason(reason: Reason) -> str:
    return f"{reason.weight:+g}  {reason.term} ({reason.group}, {reason.place})"
