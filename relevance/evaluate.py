"""How well the rules do on labelled texts, and whether they stay above the floors that are kept in the repository.

Labels: 2 core, 1 marginal, 0 not relevant. Recall is asked of core texts; of what is kept, 1 counts as right either way.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from relevance.judge import judge
from relevance.lines import Line, read_line
from relevance.topic import Topic
from relevance.verdict import Document, Verdict
from spiders.errors import ConfigurationError, Problem

GATED = ("vi", "en")
BACKGROUND = ("background", "military-no-laos", "laocai", "thuoc-lao", "lao-homonym")
"""Kinds of text (by how they begin) of which not one may be kept."""


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled text; ``group`` is the set (file name without ending) it came from."""

    group: str
    id: str
    lang: str
    kind: str
    label: int
    document: Document


@dataclass(frozen=True, slots=True)
class Judged:
    item: Item
    verdict: Verdict

    @property
    def is_error(self) -> bool:
        """Core but not kept, or not relevant but kept."""
        label, decision = self.item.label, self.verdict.decision
        return (label == 2 and decision != "keep") or (label == 0 and decision == "keep")


@dataclass(frozen=True, slots=True)
class Measure:
    """``hits`` of ``total``; ``name`` is one of core_kept, core_shown, kept_right, background_kept."""

    group: str
    lang: str
    name: str
    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share, or for ``background_kept`` the count; 1 where there is nothing to get wrong."""
        if self.name == "background_kept":
            return self.hits
        return self.hits / self.total if self.total else 1.0


def read_items(group: str, file: BinaryIO) -> tuple[list[Item], list[str]]:
    """The labelled texts of a file and a sentence about each line that is none."""
    items, faults = [], []
    for number, raw in enumerate(file, 1):
        if raw.strip():
            item = _item(group, number, read_line(raw))
            if isinstance(item, Item):
                items.append(item)
            else:
                faults.append(f"{group} line {number}: {item}")
    return items, faults


def _item(group: str, number: int, line: Line | str) -> Item | str:
    if isinstance(line, str):
        return line
    label = str(line.fields.get("label", "")).strip()
    if label not in ("0", "1", "2"):
        return f"label is {line.fields.get('label')!r}, not 0, 1 or 2"
    lang = line.document.lang or ""
    kind = str(line.fields.get("kind") or "-")
    return Item(group, str(line.id if line.id is not None else number), lang, kind, int(label), line.document)


def evaluate(items: Iterable[Item], topic: Topic) -> list[Judged]:
    """Every item with its verdict, in order."""
    return [Judged(item, judge(item.document, topic)) for item in items]


def measures(judged: list[Judged]) -> list[Measure]:
    """All measures, for each set and language (``other`` for those that are reported but not gated)."""
    groups = sorted({(each.item.group, _lang(each)) for each in judged})
    return [
        measure
        for group, lang in groups
        for measure in _measures(group, lang, [each for each in judged if (each.item.group, _lang(each)) == (group, lang)])
    ]


def _lang(judged: Judged) -> str:
    return judged.item.lang if judged.item.lang in GATED else "other"


def _measures(group: str, lang: str, judged: list[Judged]) -> list[Measure]:
    core = [each.verdict.decision for each in judged if each.item.label == 2]
    kept = [each.item.label for each in judged if each.verdict.decision == "keep"]
    background = [each.verdict.decision for each in judged if each.item.label == 0 and each.item.kind.startswith(BACKGROUND)]
    return [
        Measure(group, lang, "core_kept", core.count("keep"), len(core)),
        Measure(group, lang, "core_shown", len(core) - core.count("drop"), len(core)),
        Measure(group, lang, "kept_right", sum(label > 0 for label in kept), len(kept)),
        Measure(group, lang, "background_kept", background.count("keep"), len(background)),
    ]


def load_floors(path: Path) -> dict[tuple[str, str, str], float]:
    """Floors by set, language and measure. ``background_kept`` is a ceiling. Raises ConfigurationError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            (group, lang, name): float(value)
            for group, langs in tables.items()
            for lang, values in langs.items()
            for name, value in values.items()
        }
    except OSError as error:
        raise ConfigurationError([Problem(str(path), "", f"cannot be read: {error.strerror}")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, TypeError, ValueError) as error:
        raise ConfigurationError([Problem(str(path), "", f"is no table of floors: {error}")]) from None


def applying(found: list[Measure], floors: dict[tuple[str, str, str], float]) -> list[tuple[Measure, float]]:
    """The measures that there is something to measure for and that have a floor, with it."""
    keyed = (((measure.group, measure.lang, measure.name), measure) for measure in found)
    return [(measure, floors[key]) for key, measure in keyed if key in floors and measure.total]


def below(found: list[Measure], floors: dict[tuple[str, str, str], float]) -> list[str]:
    """A sentence for each measure that misses its floor."""
    missed = []
    for measure, floor in applying(found, floors):
        is_ceiling = measure.name == "background_kept"
        if measure.value > floor if is_ceiling else measure.value < floor:
            side = "above its ceiling" if is_ceiling else "below its floor"
            missed.append(f"{measure.group} {measure.lang} {measure.name} {measure.value:.4g} is {side} {floor:g}")
    return missed


def table(judged: list[Judged]) -> str:
    """Decisions per set, language and kind, widest column first."""
    rows: dict[tuple[str, str, int, str], list[str]] = {}
    for each in judged:
        key = (each.item.group, each.item.lang or "-", each.item.label, each.item.kind)
        rows.setdefault(key, []).append(each.verdict.decision)
    lines = [f"{'set':<12} {'lang':<5} {'label':>5}  {'kind':<34} {'texts':>5} {'keep':>5} {'marginal':>8} {'drop':>5}"]
    for (group, lang, label, kind), decisions in sorted(rows.items()):
        counts = [decisions.count(decision) for decision in ("keep", "marginal", "drop")]
        lines.append(
            f"{group:<12} {lang:<5} {label:>5}  {kind:<34} {len(decisions):>5} {counts[0]:>5} {counts[1]:>8} {counts[2]:>5}"
        )
    return "\n".join(lines)


def summary(found: list[Measure], floors: dict[tuple[str, str, str], float]) -> str:
    """One line a measure, with its floor where it has one; ``-`` where there is nothing to measure."""
    lines = []
    for measure in found:
        floor = floors.get((measure.group, measure.lang, measure.name))
        value = f"{measure.hits}" if measure.name == "background_kept" else f"{measure.value:.3f}"
        value = value if measure.total else "-"
        gate = (
            "" if floor is None else f"  (floor {floor:g})" if measure.name != "background_kept" else f"  (at most {floor:g})"
        )
        lines.append(
            f"{measure.group:<12} {measure.lang:<5} {measure.name:<16} {value:>6}  {measure.hits} of {measure.total}{gate}"
        )
    return "\n".join(lines)


def errors(judged: list[Judged]) -> str:
    """Each error with its reasons."""
    return "\n".join(_error(each) for each in judged if each.is_error)


def _error(judged: Judged) -> str:
    item, verdict = judged.item, judged.verdict
    reasons = "; ".join(
        f"{reason.term} ({reason.group}, {reason.place}, {reason.weight:+.2f})" for reason in verdict.reasons[:8]
    )
    title = item.document.title or item.document.text[:100]
    head = f"{item.group} {item.id} label {item.label} {item.kind}: {verdict.decision}, score {verdict.score:g}"
    return f"{head}\n    {' '.join(title.split())}\n    {verdict.why_not_more or 'kept'}\n    {reasons or 'no evidence'}"
