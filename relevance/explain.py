"""A document with its evidence marked, for a terminal or as a page of HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from relevance.evidence import Evidence, Finding
from relevance.judge import explained
from relevance.topic import Topic
from relevance.verdict import Document, Verdict

_ANSI = {
    "partner": "1;32",
    "home": "34",
    "defence": "1;31",
    "joint": "35",
    "act": "35",
    "echo": "32",
    "third": "33",
    "alone": "33;2",
    "cancelled": "9;2",
    "veto": "7",
}
_NOTES = {"cancelled": "cancelled ", "veto": "veto "}
_RESET = "\x1b[0m"
_STYLE = """:root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto}
body{padding:0 1rem}
mark{color:inherit;border-radius:.2em;padding:0 .15em;background:#8883}mark.partner{background:#2a95}mark.echo{background:#2a92}
mark.home{background:#48f4}mark.defence{background:#e445}mark.joint{background:#b4d4}mark.act{background:#b4d1}
mark.third{background:#fa05}mark.alone{background:#fa02}
mark.cancelled{text-decoration:line-through;opacity:.6}mark.veto{outline:1px solid}h2{font-size:1.2rem}small{opacity:.7}
table{border-collapse:collapse}td,th{padding:.1rem .6rem;text-align:left}td:last-child{text-align:right}"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence under the same findings; ``roles`` is empty for plain text, ``note`` names the groups."""

    text: str
    roles: tuple[str, ...]
    note: str


def pieces_of(evidence: Evidence, sentence: int, topic: Topic) -> list[Piece]:
    """A sentence cut where findings begin and end; cancelled ones have the role ``cancelled``, their vetoes ``veto``."""
    text = evidence.sentences[sentence].text
    marks = list(_marks(evidence, sentence))
    edges = sorted({0, len(text), *(edge for finding, _ in marks for edge in (finding.start, finding.end))})
    pieces = []
    for start, end in pairwise(edges):
        over = [(finding, role) for finding, role in marks if finding.start <= start and end <= finding.end]
        roles = tuple(dict.fromkeys(role for _, role in over))
        note = ", ".join(dict.fromkeys(_NOTES.get(role, "") + topic.kinds[finding.kind].id for finding, role in over))
        pieces.append(Piece(text[start:end], roles, note))
    return pieces


def _marks(evidence: Evidence, sentence: int) -> Iterator[tuple[Finding, str]]:
    for finding in evidence.counted:
        if finding.sentence == sentence:
            yield finding, finding.role
    for finding, veto in evidence.cancelled:
        if finding.sentence == sentence:
            yield finding, "cancelled"
        if veto.sentence == sentence:
            yield veto, "veto"


def explain_text(document: Document, topic: Topic, *, colour: bool) -> str:
    """The marked text, the verdict and its reasons as plain text; without colour the groups stand in brackets."""
    evidence, verdict = explained(document, topic)
    lines = [_heading(verdict), ""]
    part = ""
    for index, sentence in enumerate(evidence.sentences):
        if sentence.part != part:
            part = sentence.part
            lines.append(f"[{part}]")
        lines.append("  " + "".join(_coloured(piece, colour) for piece in pieces_of(evidence, index, topic)))
    lines += ["", *(f"{reason.weight:+7.2f}  {reason.term} ({reason.group}, {reason.place})" for reason in verdict.reasons)]
    return "\n".join(lines) + "\n"


def _heading(verdict: Verdict) -> str:
    why = f": {verdict.why_not_more}" if verdict.why_not_more else ""
    return f"{verdict.decision}, score {verdict.score:g}{why} (rules {verdict.rules})"


def _coloured(piece: Piece, colour: bool) -> str:
    text = printable(piece.text)
    if not piece.roles:
        return text
    if not colour:
        return f"{text}[{piece.note}]"
    return f"\x1b[{_ANSI[piece.roles[0]]}m{text}{_RESET}"


def printable(text: str) -> str:
    """The text without control characters, which could otherwise steer a terminal."""
    return "".join(char if char.isprintable() or char == " " else "\ufffd" for char in text)


def explain_html(document: Document, topic: Topic) -> str:
    """The same as one HTML file without remote resources. Page text is escaped: it is hostile input."""
    evidence, verdict = explained(document, topic)
    body, part = [], ""
    for index, sentence in enumerate(evidence.sentences):
        if sentence.part != part:
            part = sentence.part
            body.append(f"<h2>{part}</h2>")
        body.append(f"<p>{''.join(_marked(piece) for piece in pieces_of(evidence, index, topic))}</p>")
    rows = "".join(
        f"<tr><td>{escape(reason.term)}<td>{reason.group}<td>{reason.place}<td>{reason.weight:+.2f}"
        for reason in verdict.reasons
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{verdict.decision}: {escape(document.title or document.url or 'explained')}</title><style>{_STYLE}</style>"
        f"<h1>{verdict.decision}</h1><p>Score {verdict.score:g}. {escape(verdict.why_not_more)}</p>"
        f"<p>{''.join(f'<mark class={role}>{role}</mark> ' for role in _ANSI)}</p>{''.join(body)}"
        f"<h2>reasons</h2><table><tr><th>term<th>group<th>place<th>weight{rows}</table>"
        f"<p><small>rules {verdict.rules}</small></p></html>\n"
    )


def _marked(piece: Piece) -> str:
    if not piece.roles:
        return escape(piece.text)
    return f'<mark class="{" ".join(piece.roles)}" title="{escape(piece.note)}">{escape(piece.text)}</mark>'
