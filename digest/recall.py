"""The estimate of what the filter misses, in words. Pure."""

from math import ceil, floor

from digest import wording
from relevance.estimate import RecallEstimate, Stratum

HOW = {
    "judged": "dropped after their text was judged",
    "unread": "put aside without a text",
}


def statement(estimate: RecallEstimate) -> str:
    """What a digest says of it: over which time, from how many of how many, and the interval."""
    span = f"{wording.day(estimate.since, estimate.until)} to {wording.day(estimate.until)}"
    found = " ".join(_looked(stratum, estimate.level) for stratum in estimate.strata if stratum.size)
    if not found:
        return f"What the filter misses: from {span} it dropped nothing."
    opening = f"What the filter misses: a person looked at some of what it dropped from {span}, picked at random. {found}"
    share = estimate.share("judged")
    if share is None or any(stratum.size and not stratum.looked for stratum in estimate.strata if stratum.name == "judged"):
        return opening
    middle, low = (f"{part}%" for part in _percents(share)[:2])
    shown = f"about {middle} were shown, and at least {low}" if middle != low else f"{middle} were shown"
    return f"{opening} So of all relevant articles whose text was judged, {shown} ({estimate.level:.0%} sure)."


def explained(estimate: RecallEstimate) -> list[str]:
    """The same for the one who answered: each stratum with its bounds, recall without and with the unread pages, the method."""
    lines = [statement(estimate)]
    for stratum in estimate.strata:
        low, high = stratum.bounds(estimate.level)
        passed = f", {stratum.unsure} passed over" if stratum.unsure else ""
        counts = f"{stratum.looked:,} of {stratum.size:,} looked at, {stratum.relevant} relevant{passed}"
        lines.append(f"  {stratum.name:<7} {counts}; holds {low:,} to {high:,} relevant ones")
    lines.append(f"  shown   {estimate.shown:,} relevant articles; {estimate.known} dropped ones are marked relevant")
    for names, told in ((("judged",), "among pages whose text was judged"), ((), "with the pages put aside unread")):
        share = estimate.share(*names)
        lines.append(f"  recall  {share_told(share, estimate.level) if share else 'nothing relevant is known'} {told}")
    lines.append(
        f"  Intervals of {estimate.level:.0%}: exact hypergeometric bounds in each stratum"
        " (Clopper and Pearson's, for a population of known size), added after Bonferroni."
    )
    return lines


def share_told(share: tuple[float, float, float], level: float) -> str:
    """``93% (95% interval 71-99%)``, bounds rounded outwards; all of it only where nothing was missed."""
    middle, low, high = _percents(share)
    return f"{middle}% ({level:.0%} interval {low}–{high}%)"


def _percents(share: tuple[float, float, float]) -> tuple[int, int, int]:
    middle, low, high = share
    return 100 if middle == 1 else min(99, round(middle * 100)), floor(low * 100), ceil(high * 100)


def _looked(stratum: Stratum, level: float) -> str:
    pages = f"Of {wording.count(stratum.size, 'page')} {HOW[stratum.name]}"
    if not stratum.looked:
        return f"{pages}, none was looked at yet."
    by = " by headline" if stratum.name == "unread" else ""
    found = f"{stratum.relevant or 'none'} {'was' if stratum.relevant == 1 else 'were'} relevant"
    passed = f" and {stratum.unsure} could not be told" if stratum.unsure else ""
    most = stratum.bounds(level)[1]
    bound = f"so at most {most:,} of the {stratum.size:,} are" if stratum.looked < stratum.size else "and that is all of them"
    was = "was" if stratum.looked == 1 else "were"
    return f"{pages}, {stratum.looked:,} {was} looked at{by}: {found}{passed}, {bound} ({most / stratum.size:.1%})."
