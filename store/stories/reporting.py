"""Stored articles as reports: what the clusterer compares, and each outlet's copy of it for the lineage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from store.duplicates import Text, compare
from store.records import Sighting, StoredArticle
from store.storied import Counted, Role, StoryReport
from store.stories.features import HANOI, Report
from store.stories.lineage import Lineage, credited, lineage, missing_sentences, outlet_of, published_at


@dataclass(slots=True)
class Spread:
    """The articles of a story, each as one report an outlet at which its text was seen. ``articles`` and ``sightings`` by the
    report's id; ``originals`` has for each copy the report it repeats."""

    reports: list[Report] = field(default_factory=list)
    articles: dict[str, StoredArticle] = field(default_factory=dict)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)

    def lineage(self) -> Lineage:
        """Who was first, and who took it over; by report."""
        return lineage(self.reports, self.originals)

    def outlets(self) -> tuple[str, ...]:
        """The outlets by the names that people know, in the order in which they came."""
        return tuple(dict.fromkeys(outlet_name(self.sightings[report.id]) for report in sorted(self.reports, key=published_at)))


def report_of(article: StoredArticle) -> Report:
    """What is compared of an article."""
    return Report(
        id=str(article.id),
        title=article.title or "",
        text=article.text,
        url=article.url,
        site=_host(article.url),
        lang=article.lang,
        published=_published(article),
        credit=article.credit,
    )


def text_of(article: StoredArticle) -> Text:
    """The same for the search for reprints."""
    return Text(str(article.id), article.text, article.lang, _day(article))


def spread(articles: Iterable[StoredArticle], originals: Mapping[int, int]) -> Spread:
    """Each article at each of its outlets; ``originals`` has for an article the one whose text it repeats with changes."""
    found = Spread()
    heads: dict[int, str] = {}
    for article in articles:
        reports = _at_outlets(article, found)
        head = first_of(reports)
        heads[article.id] = head.id
        found.originals |= {report.id: head.id for report in reports if report is not head}
    for copy, original in originals.items():
        if copy in heads and original in heads:
            found.originals[heads[copy]] = heads[original]
    return found


def first_of(reports: Sequence[Report]) -> Report:
    """Whose text it is, of reports that have one text: the house's that another credits, though we may have read it later;
    else the first publication's."""
    named = {credited(report) for report in reports}
    return min(
        reports,
        key=lambda report: (outlet_of(report.site) not in named, published_at(report), int(report.id.partition(".")[0])),
    )


def told_reports(found: Spread, kept: Mapping[int, int], *, details: bool) -> tuple[StoryReport, ...]:
    """Every report of a story as it is told, by time; ``kept`` has the original of each article that repeats another, also of
    one in another story. ``details`` says what copies changed, which takes some time for each."""
    line = found.lineage()
    counted: dict[str, Counted] = dict.fromkeys(line.independent, "independent")
    counted.update({one.report: "reprint" for one in line.taken})
    return tuple(
        _told(found, report, counted.get(report.id, ""), report.id == line.first, kept, details)
        for report in sorted(found.reports, key=published_at)
    )


def outlet_name(sighting: Sighting) -> str:
    """Whose it is: the source's name, or the host for a site that is on no list."""
    return sighting.source_name or _host(sighting.url)


def role_of(report: Report, first: bool, is_copy: bool) -> Role:
    """What a report is in its story. One that credits a house is a reprint though its original was never seen."""
    if first:
        return "first report"
    return "reprint" if is_copy or credited(report) else "report"


def _told(found: Spread, report: Report, counted: Counted, first: bool, kept: Mapping[int, int], details: bool) -> StoryReport:
    article, sighting = found.articles[report.id], found.sightings[report.id]
    original = found.originals.get(report.id)
    number = found.articles[original].id if original else kept.get(article.id)
    told = StoryReport(
        article=article.id,
        url=sighting.url,
        outlet=outlet_name(sighting),
        title=article.title or "",
        lang=article.lang,
        published=sighting.published or sighting.seen,
        decision=article.decision,
        role=role_of(report, first, number is not None),
        counted=counted,
        original=number,
        credit=credited(report),
    )
    if not details or original is None or number == article.id:
        return told
    source = found.articles[original]
    likeness = compare(text_of(source), text_of(article))
    return replace(
        told,
        left_out=missing_sentences(source.text, article.text),
        added=missing_sentences(article.text, source.text),
        changed=tuple((one.here, one.there) for one in likeness.changed) if likeness else (),
    )


def _at_outlets(article: StoredArticle, found: Spread) -> list[Report]:
    """The first report of each outlet, the article's own first."""
    own = report_of(article)
    reports: dict[str, Report] = {}
    for number, sighting in enumerate(_sightings(article)):
        site = _host(sighting.url)
        if outlet_of(site) in reports:
            continue
        # the page's own word counts more than the feed's, where the article was read
        stated = own.published if number == 0 else None
        id_ = own.id if number == 0 else f"{own.id}.{number}"
        report = replace(own, id=id_, url=sighting.url, site=site, published=stated or sighting.published or sighting.seen)
        reports[outlet_of(site)] = report
        found.articles[id_], found.sightings[id_] = article, sighting
    found.reports += reports.values()
    return list(reports.values())


def _sightings(article: StoredArticle) -> list[Sighting]:
    """Where the article was seen, its own address first, with the page's time."""
    own, *others = article.sightings
    return [replace(own, published=article.published or own.published), *others]


def _published(article: StoredArticle) -> datetime | date | None:
    """An address tells the day only."""
    return _day(article) if article.published_source == "url" else article.published


def _day(article: StoredArticle) -> date | None:
    return article.published.astimezone(HANOI).date() if article.published else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
