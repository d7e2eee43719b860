"""Any order of runs, sightings, decisions, digests and crashes: what must hold after each step."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from extract.article import Article
from relevance.verdict import Verdict
from spiders.page import Found, Page
from store.database import Store
from store.fates import ENDED, RETRY_HOURS
from store.records import Decided, Reading

START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = st.sampled_from("abcdef")
TEXTS = st.sampled_from(["Bài một. ", "Bài hai. ", "Bài ba. "])


def found(name: str) -> Found:
    url = f"https://bao-a.vn/tin-{name}"
    return Found(url, url, "bao-a", "https://bao-a.vn/rss", "feed")


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.now = START
        self.store = Store.open(self.home, lambda: self.now)
        self.digested_until = START
        self.decisions: dict[int, list[str]] = {}
        self.begin()

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.home)

    def begin(self):
        self.run = self.store.begin_run("crawl")
        self.handed_out: set[str] = set()

    def hand_out(self, url):
        assert url not in self.handed_out, "an address was handed out twice in one run"
        assert self.store.life(url).fate not in ENDED, "an address that has a verdict was handed out again"
        self.handed_out.add(url)

    @rule()
    def next_run(self):
        self.store.end_run(self.run, "finished")
        self.begin()

    @rule()
    def crash(self):
        """The process goes away without a word and another takes over."""
        self.store.close()
        self.store = Store.open(self.home, lambda: self.now)
        self.begin()

    @rule(hours=st.sampled_from([0, 1, 5, 30, 100]))
    def wait(self, hours):
        self.now += timedelta(hours=hours, seconds=1)

    @rule(name=NAMES)
    def discover(self, name):
        place = found(name)
        known = self.store.life(place.url)
        wanted = self.store.discovered(place, self.run)
        if not known.known:
            assert wanted, "a new address was not handed out"
        if wanted:
            self.hand_out(place.url)

    @rule()
    def take_up(self):
        for place in self.store.pending("bao-a", self.run):
            self.hand_out(place.url)

    @precondition(lambda self: self.handed_out)
    @rule(data=st.data(), outcome=st.sampled_from(["failed", "gone", "rejected"]))
    def fail(self, data, outcome):
        url = data.draw(st.sampled_from(sorted(self.handed_out)))
        self.store.decided(url, "allowed" if outcome == "rejected" else "fetched", outcome, outcome, run=self.run)

    @precondition(lambda self: self.handed_out)
    @rule(data=st.data(), decision=st.sampled_from(["keep", "marginal", "drop"]), text=TEXTS)
    def read(self, data, decision, text):
        url = data.draw(st.sampled_from(sorted(self.handed_out)))
        place = found(url.rsplit("-")[-1])
        article = Article(url, url, "bao-a.vn", text, None, text * 40)
        verdict = Verdict(decision, 1.0, (), "", "r")
        page = Page(place, url, 200, (), b"", self.now)
        saved = self.store.save_page(page, [Decided("judged", "ok", decision)], Reading(article, verdict), None, self.run)
        assert self.store.life(url).article.id == saved.article

    @rule()
    def digest(self):
        self.now += timedelta(seconds=1)
        articles = self.store.undigested("daily", self.now)
        for article in articles:
            before = self.decisions.setdefault(article.id, [])
            assert before in ([], ["marginal"]), "an article was told again that had not risen"
            assert not before or article.decision == "keep"
            before.append(article.decision)
        self.store.freeze_digest("daily", self.digested_until, self.now, "", "", "", [article.id for article in articles])
        self.digested_until = self.now
        left = {article.id for article in self.store.articles(START, self.now)} - set(self.decisions)
        assert left == set(), "a relevant article was skipped"

    @invariant()
    def one_article_for_each_text(self):
        articles = self.store.articles(START, self.now + timedelta(seconds=1), ("keep", "marginal", "drop"))
        urls = [sighting.url for article in articles for sighting in article.sightings]
        assert len(urls) == len(set(urls)), "an address is a sighting of two articles"
        for article in articles:
            assert article.sightings[0].url == article.url
            fates = {self.store.life(sighting.url).fate for sighting in article.sightings}
            assert fates == {{"drop": "dropped"}.get(article.decision, article.decision)}

    @invariant()
    def nobody_is_asked_for_ever(self):
        for name in "abcdef":
            life = self.store.life(found(name).url)
            assert life.tries <= len(RETRY_HOURS) + 1 or life.fate in {"failed", "gone", *ENDED}
            assert (life.due is None) == (life.fate not in ("retry", "gone", "rejected")) or life.fate == "gone"

    @invariant()
    def the_file_is_sound(self):
        assert self.store.db.execute("PRAGMA foreign_key_check").fetchall() == []


Life.TestCase.settings = settings(deadline=None, max_examples=30, stateful_step_count=25)


TestLife = Life.TestCase
