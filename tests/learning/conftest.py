"""A home filled through the pipeline with articles of our own, and the command line on it."""

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from relevance.topic import Topic, load_topic
from spiders.page import Found, Page
from store.database import Store
from store.lock import writer_lock
from store.pipeline import StorePipeline
from store.session import join

SEEDS = Path(str(files("seeds")))
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = datetime(2100, 1, 1, tzinfo=UTC)

PATROL = (
    "Vietnamese and Lao border guards walk the line together",
    "A joint patrol of the Quang Tri Border Guard of Vietnam and Border Company 321 of Laos checked nine border markers.",
    "Officers of the Vietnam People's Army and the Lao People's Army met at the La Lay border gate after the patrol.",
    "Border guards of Vietnam and Laos agreed to hold joint patrols every month and to train soldiers together.",
)
TALKS = (
    "Defence ministers of Vietnam and Laos hold talks in Hanoi",
    "The defence ministries of Vietnam and Laos agreed on joint training of officers at talks in Hanoi.",
    "The Lao defence minister thanked the Vietnam People's Army for its help to the Lao People's Army.",
    "Both armies will hold a joint exercise near the border between Vietnam and Laos next spring.",
)
MARKET = (
    "Coffee growers in Laos look for buyers in Vietnam",
    "Farmers on the Bolaven plateau in Laos expect a good harvest of coffee this winter and sell it to Vietnam.",
    "Traders from Laos say that prices of coffee rise, and that roasters from Vietnam visit fairs there.",
    "A cooperative in Laos has planted coffee under shade trees on twelve hectares and sells honey too.",
)
WEATHER = (
    "Rain over the central coast",
    "Showers are expected along the coast from Monday, with sun in the north.",
    "Fishermen should stay in port until the wind eases on Wednesday evening.",
    "Schools in three districts will open an hour later than usual.",
)


def html(paragraphs: tuple[str, ...]) -> bytes:
    title, *body = paragraphs
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}"></head><body><article><h1>{title}</h1>{text}</article></body></html>'
    ).encode()


def found(name: str, title: str | None = None, host: str = "paper.vn") -> Found:
    url = f"https://{host}/{name}.html"
    return Found(url, url, host, f"https://{host}/rss", "feed", title)


def page(name: str, paragraphs: tuple[str, ...], host: str = "paper.vn") -> Page:
    place = found(name, paragraphs[0], host)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Page(place, place.url, 200, headers, html(paragraphs), datetime.now(UTC) - timedelta(hours=1))


COFFEE = """
[[group]]
id = "coffee"
role = "defence"
weight = 1.0
terms = ["coffee"]
"""


@dataclass(frozen=True)
class Rig:
    """A home with seeds of its own, and what is done with it."""

    path: Path

    @property
    def topic_path(self) -> Path:
        return self.path / "seeds" / "topic.toml"

    def topic(self) -> Topic:
        return load_topic(self.topic_path, self.path / "seeds" / "people.toml")

    def fetch(self, *pages: Page) -> None:
        """Take pages through the pipeline, as a crawl does."""
        session = join(self.path)
        pipeline = StorePipeline(session, self.topic(), None, None)
        try:
            for one in pages:
                session.store.discovered(one.found, session.run)
                session.store.decided(one.found.url, "fetched", "ok", "200", run=session.run)
                pipeline.store_page(one)
        finally:
            pipeline.close_spider()

    def vietlao(self, *words: str, keys: str | None = None) -> Result:
        """A command in this process; an exception that is no exit is a bug and is raised."""
        result = CliRunner().invoke(main, ["--home", str(self.path), *words], input=keys, prog_name="vietlao")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def store(self) -> Store:
        return Store.open(self.path)

    def topic_with_coffee(self) -> Path:
        """A topic to which coffee is a matter of defence, so that a dropped article enters."""
        return self._topic_file("coffee.toml", self.topic_path.read_text(encoding="utf-8") + COFFEE)

    def topic_of_nothing(self) -> Path:
        """A topic whose words weigh next to nothing, so that everything leaves."""
        text, changed = re.subn(r"(?m)^weight = [\d.]+", "weight = 0.01", self.topic_path.read_text(encoding="utf-8"))
        assert changed > 10
        return self._topic_file("nothing.toml", text)

    def topic_that_keeps_nothing(self) -> Path:
        """A topic that finds no defence word strong enough to keep an article, so that what was kept sinks."""
        text, changed = re.subn(
            r"(?m)^keep_defence = [\d.]+", "keep_defence = 5.0", self.topic_path.read_text(encoding="utf-8")
        )
        assert changed == 1
        return self._topic_file("marginal.toml", text)

    def _topic_file(self, name: str, text: str) -> Path:
        file = self.path / name
        file.write_text(text, encoding="utf-8")
        return file

    def decisions(self) -> dict[str, str]:
        """What stands now, by the address's name."""
        with self.store() as store:
            articles = store.articles(SINCE, UNTIL, ("keep", "marginal", "drop"))
        return {one.url.rsplit("/", 1)[1].removesuffix(".html"): one.decision for one in articles}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two kept articles, one dropped after it was judged, one put aside unread."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "seeds").mkdir()
    for name in ("topic.toml", "people.toml"):
        shutil.copy(SEEDS / name, folder / "seeds")
    Rig(folder).fetch(page("patrol", PATROL), page("talks", TALKS), page("market", MARKET), page("weather", WEATHER))
    return folder


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Rig:
    """A copy of it, to do with as one likes."""
    return Rig(shutil.copytree(filled, tmp_path / "home"))


@pytest.fixture
def make() -> SimpleNamespace:
    return SimpleNamespace(
        page=page, found=found, html=html, writer_lock=writer_lock, PATROL=PATROL, TALKS=TALKS, MARKET=MARKET
    )
