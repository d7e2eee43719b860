"""The versions of an article told as text: what stood where and when, and what changed, word by word. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from store.revised import Version
from store.revisions.changes import Edit, Wording, change
from store.revisions.worddiff import Piece, marked, shortened
from store.wording import local_time

INDENT = "    "

Line = tuple[Piece, ...]


def explain_history(versions: Sequence[Version], *, whole: bool = False) -> str:
    """The history of an article (:meth:`store.database.Store.history`) as plain text, changes as ``[-what went-]`` and
    ``{+what came+}``. ``whole`` shows edited sentences in full instead of the words around a change."""
    return "\n".join(_marked(line) for line in history_lines(versions, whole=whole))


def history_lines(versions: Sequence[Version], *, whole: bool = False) -> tuple[Line, ...]:
    """The same as pieces, for whoever has other means to set off what changed; the plain words are ``same``."""
    return tuple(_lines(versions, whole))


def _lines(versions: Sequence[Version], whole: bool) -> Iterator[Line]:
    if not versions:
        yield _plain("There is no such article.")
    for url, group in groupby(versions, key=lambda version: version.url):
        theirs = list(group)
        yield _plain(f"{url} ({theirs[0].source_name})" if theirs[0].source_name else url)
        for version in theirs:
            yield from _told(version, whole)
        if len(theirs) == 1:
            yield _plain(f"{INDENT}It was not seen to change.")


def _told(version: Version, whole: bool) -> Iterator[Line]:
    revision = version.revision
    when = f"{local_time(version.seen)}  "
    if revision is None:
        yield _plain(f"{when}Version 1: {version.title or 'without headline'}")
    elif revision.kind == "edited":
        yield _plain(
            f"{when}Version {version.number}: {revision.reason}. Before it was last read {local_time(revision.there)}."
        )
        old, new = Wording(revision.old_title, revision.old_text or ""), Wording(revision.title, revision.text or "")
        yield from edit_lines(old, new, whole=whole)
    elif revision.kind == "gone":
        yield _plain(
            f"{when}Gone: {revision.reason}. It was last there {local_time(revision.there)}; version {version.number} is kept."
        )
    else:
        yield _plain(f"{when}Back: {revision.reason}.")
    if revision is not None and revision.decision != revision.old_decision:
        yield _plain(f"{INDENT}Verdict: {revision.decision}, before {revision.old_decision}.")


def edit_lines(old: Wording, new: Wording, *, whole: bool = False) -> tuple[Line, ...]:
    """What changed from one wording to another, a sentence a line."""
    found = change(old, new)
    if found is None:
        return ()
    lines = [_edit(edit, "", whole) for edit in found.edits]
    return (_edit(found.headline, "Headline: ", whole), *lines) if found.headline else tuple(lines)


def _edit(edit: Edit, label: str, whole: bool) -> Line:
    return (Piece("same", INDENT + label), *(edit.pieces if whole else shortened(edit.pieces)))


def _plain(text: str) -> Line:
    return (Piece("same", text),)


def _marked(line: Line) -> str:
    head = line[0].text
    return head[: len(head) - len(head.lstrip())] + marked(line)
