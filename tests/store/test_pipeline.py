"""Pages through triage, extraction, judging and storing, with the real parts."""

import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from spiders.errors import ConfigurationError, Locked, UnusableStore
from spiders.memory import Asked, Memory, SourceOutcome, Validators
from store import session as sessions
from store.database import Store
from store.examine import SMALL_PAGE
from store.ledger import Ledger
from store.pipeline import StorePipeline

DAY = timedelta(days=1)

PATROL = """
<p>Sáng 28/2, Đồn Biên phòng Nậm Cắn phối hợp với Đại đội Biên phòng 217 của Quân đội nhân dân Lào tổ chức tuần tra
song phương trên đoạn biên giới dài hơn 12 km do hai đơn vị quản lý.</p>
<p>Hai bên đã kiểm tra bốn vị trí mốc, trao đổi tình hình an ninh trật tự và thống nhất tăng cường phối hợp phòng, chống
tội phạm ma túy ở khu vực giáp ranh giữa Việt Nam và Lào.</p>
<p>Thiếu tá Trần Văn Hòa, Đồn trưởng, cho biết từ đầu năm lực lượng biên phòng hai nước đã cùng tuần tra sáu lần, không
phát hiện vi phạm nào trên tuyến biên giới.</p>
"""
HARVEST = "<p>Vụ mùa năm nay ở đồng bằng được mùa, nông dân phấn khởi thu hoạch sớm hơn mọi năm khoảng mười ngày.</p>" * 8
TOURISM = "<p>Lượng khách du lịch đến Lào tăng mạnh, nhiều quán cà phê mới được mở ở Luang Prabang phục vụ khách trẻ.</p>" * 6


def html(title, body, extra="", date="2026-02-28T09:30:00+07:00"):
    return (
        f'<html lang="vi"><head><title>{title}</title><meta property="article:published_time" content="{date}">{extra}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def large(page: bytes) -> bytes:
    return page + b"<!--" + b"x" * SMALL_PAGE + b"-->"


@pytest.fixture
def crawler(tmp_path, make):
    return crawler_of(make, tmp_path)


@pytest.fixture
def pipeline(crawler, clock):
    opened = StorePipeline.from_crawler(crawler)
    opened.session.store.clock = clock
    yield opened
    opened.close_spider()


def crawler_of(make, home, **settings):
    spider = type("BaoA", (Spider,), {"name": "bao-a", "source": make.source()})
    return get_crawler(spider, {"VIETLAO_HOME": str(home), **settings})


def send(pipeline, make, body, place=None, **changes):
    place = place or make.found()
    pipeline.session.store.discovered(place, pipeline.session.run)
    return pipeline.process_item(make.page(place, body, **changes))


def counts(pipeline):
    stats = pipeline.crawler.stats.get_stats()
    return {name.removeprefix("vietlao/"): value for name, value in stats.items() if name.startswith("vietlao/")}


def steps(pipeline, url="https://bao-a.vn/tin-1"):
    return [(step.stage, step.outcome) for step in pipeline.session.store.life(url).steps]


def archived(pipeline):
    return [(record.url, record.status) for _, record in pipeline.session.store.pages()]


def test_a_relevant_page(pipeline, make):
    body = html("Tuần tra song phương Việt Nam - Lào", PATROL)
    page = send(pipeline, make, body)
    store = pipeline.session.store
    assert page.body == body
    assert counts(pipeline) == {"pages": 1, "kept": 1}
    assert steps(pipeline) == [
        ("discovered", "ok"),
        ("triaged", "ok"),
        ("extracted", "ok"),
        ("judged", "ok"),
        ("stored", "ok"),
    ]
    (article,) = store.articles(make.start, make.start + DAY)
    assert (article.title, article.decision, article.rules) == (
        "Tuần tra song phương Việt Nam - Lào",
        "keep",
        pipeline.topic.rules,
    )
    assert article.text.startswith("Sáng 28/2, Đồn Biên phòng Nậm Cắn")
    assert article.published.isoformat() == "2026-02-28T02:30:00+00:00"
    ((place, record),) = store.pages()
    assert pipeline.session.archive.read(record, place).body == body
    judged = store.life(page.url).steps[3]
    assert judged.data == {"decision": "keep", "score": article.score, "rules": pipeline.topic.rules}
    assert judged.reason.startswith(f"keep, score {article.score:g}; ")


def test_a_page_that_does_not_name_the_partner_is_put_aside_unread(pipeline, make):
    send(pipeline, make, large(html("Được mùa", HARVEST)))
    assert counts(pipeline) == {"pages": 1, "dropped": 1}
    assert steps(pipeline) == [("discovered", "ok"), ("triaged", "rejected")]
    assert pipeline.session.store.life("https://bao-a.vn/tin-1").fate == "dropped"
    assert archived(pipeline) == []


def test_a_small_page_is_looked_at_and_dropped_all_the_same(pipeline, make):
    send(pipeline, make, html("Được mùa", HARVEST))
    assert steps(pipeline)[-1] == ("triaged", "rejected")
    assert archived(pipeline) == []


def test_a_page_that_names_laos_in_passing_is_judged_kept_and_told(pipeline, make):
    send(pipeline, make, html("Du lịch Lào", TOURISM))
    store = pipeline.session.store
    assert counts(pipeline) == {"pages": 1, "dropped": 1}
    assert steps(pipeline)[-2:] == [("judged", "rejected"), ("stored", "ok")]
    assert store.article(1).decision == "drop"
    assert archived(pipeline) == [("https://bao-a.vn/tin-1", 200)]


def test_a_page_on_which_laos_stands_far_from_defence_is_kept_but_not_read(pipeline, make):
    send(pipeline, make, large(html("Du lịch Lào", TOURISM)))
    assert steps(pipeline) == [("discovered", "ok"), ("triaged", "rejected")]
    assert "no defence word stands near it" in pipeline.session.store.life("https://bao-a.vn/tin-1").steps[-1].reason
    assert archived(pipeline) == [("https://bao-a.vn/tin-1", 200)]


def test_the_same_page_is_read_when_its_headline_elsewhere_promises_more(pipeline, make):
    place = make.found(title="Bộ trưởng Quốc phòng Lào thăm Việt Nam")
    send(pipeline, make, large(html("Du lịch Lào", TOURISM)), place)
    assert steps(pipeline)[-2:] == [("judged", "rejected"), ("stored", "ok")]


def test_a_challenge_is_no_irrelevant_article(pipeline, make):
    script = "<script>document.cookie='D1N=abc'; window.location.reload(true)</script>"
    send(pipeline, make, f"<html><head><title>bao-a</title></head><body>{script}</body></html>".encode())
    life = pipeline.session.store.life("https://bao-a.vn/tin-1")
    assert life.fate == "retry"
    assert "consent, cookie or challenge page" in life.steps[-1].reason
    assert counts(pipeline) == {"pages": 1, "failed": 1}
    coverage = pipeline.session.store.coverage(make.start, make.start + DAY, [make.source()])
    assert [address for address, _ in coverage.attention] == ["https://bao-a.vn/tin-1"]


def test_a_page_listed_under_a_relevant_headline_is_never_put_aside_unread(pipeline, make):
    place = make.found(title="Bộ trưởng Quốc phòng Lào thăm Việt Nam")
    send(pipeline, make, large(html("Chúng tôi coi trọng quyền riêng tư", "<p>Đồng ý.</p>")), place)
    life = pipeline.session.store.life(place.url)
    assert ("triaged", "ok") in steps(pipeline)
    assert "though the page does not" in next(step.reason for step in life.steps if step.stage == "triaged")
    assert archived(pipeline) == [(place.url, 200)]


def test_a_page_that_says_the_article_is_gone(pipeline, make):
    send(pipeline, make, html("Không tìm thấy trang", "<p>Bài viết không tồn tại.</p>"))
    assert pipeline.session.store.life("https://bao-a.vn/tin-1").fate == "gone"


def test_a_redirect_is_another_name(pipeline, make):
    body = html("Tuần tra song phương Việt Nam - Lào", PATROL)
    send(pipeline, make, body, url="https://bao-a.vn/tin-moi?x=1")
    assert pipeline.session.store.article("https://bao-a.vn/tin-moi?x=1").id == 1


def test_the_same_text_elsewhere_is_a_sighting(pipeline, make):
    body = html("Tuần tra song phương Việt Nam - Lào", PATROL)
    for place in (make.found(), make.found(of="bao-b")):
        send(pipeline, make, body, place)
    (article,) = pipeline.session.store.articles(make.start, make.start + DAY)
    assert [sighting.source for sighting in article.sightings] == ["bao-a", "bao-b"]


@pytest.mark.parametrize(
    ("broken", "stage"),
    [("first_look", "triaged"), ("to_article", "extracted"), ("judge", "judged")],
)
def test_a_bug_ends_one_page_and_is_told(pipeline, make, monkeypatch, broken, stage, caplog):
    body = html("Tuần tra song phương Việt Nam - Lào", PATROL)
    with monkeypatch.context() as patch:
        patch.setattr(f"store.examine.{broken}", lambda *_, **__: {}["nothing"])
        send(pipeline, make, body)
    send(pipeline, make, body, make.found("2"))
    store, run = pipeline.session.store, pipeline.session.run
    life = store.life("https://bao-a.vn/tin-1")
    assert (life.steps[-1].stage, life.steps[-1].outcome, life.fate) == (stage, "failed", "retry")
    assert life.steps[-1].reason.startswith("an error in the program: KeyError: 'nothing' (test_pipeline.py, line ")
    assert "Traceback" in caplog.text
    assert counts(pipeline) == {"pages": 2, "failed": 1, "kept": 1}
    assert len(archived(pipeline)) == 2
    assert store.end_run(run, "finished") == "failed"


def test_a_page_that_keeps_the_reader_busy_for_ever_is_given_up_and_kept(pipeline, make, monkeypatch):
    def for_ever(*arguments, **options):
        while True:
            with suppress(Exception):  # as libraries do, which must not hold it up
                sum(range(1000))

    # long enough for the quick pages of this test, processor time that the busy one uses up at once
    monkeypatch.setattr("store.pipeline.PAGE_SECONDS", 0.5)
    with monkeypatch.context() as busy:
        busy.setattr("store.examine.to_article", for_ever)
        send(pipeline, make, html("Tuần tra chung với Lào", PATROL))
    life = pipeline.session.store.life("https://bao-a.vn/tin-1")
    assert (life.steps[-1].stage, life.steps[-1].outcome) == ("extracted", "failed")
    assert life.steps[-1].reason == "reading it took longer than 0.5 seconds, so it was given up"
    assert archived(pipeline) == [("https://bao-a.vn/tin-1", 200)]
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    send(pipeline, make, html("Tuần tra chung với Lào", PATROL), make.found("https://bao-a.vn/tin-2"))
    assert counts(pipeline) == {"pages": 2, "failed": 1, "kept": 1}


def test_a_full_disk_is_told_and_ends_the_crawl(pipeline, make, monkeypatch):
    ended = []
    monkeypatch.setattr(pipeline, "_end_crawl", ended.append)
    db = pipeline.session.store.db
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    body = html("Tuần tra Việt Nam - Lào", PATROL + "<p>Quân đội nhân dân Lào đã tham gia.</p>" * 900)
    with pytest.raises(UnusableStore, match="full") as caught:
        pipeline.process_item(make.page(body=body))
    assert ended == [caught.value]
    assert not pipeline.session.store.life("https://bao-a.vn/tin-1").known


CRAWL = """
import asyncio, sys
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from datetime import UTC, datetime
from spiders.errors import UnusableStore
from spiders.page import Found, Page
from store.database import Store

def full(*_, **__):
    raise UnusableStore("news.db: the disk is full")

Store.save_page = full

class Endless(Spider):
    name = "endless"

    async def start(self):
        number = 0
        while True:
            url = f"https://bao-a.vn/tin-{(number := number + 1)}"
            found = Found(url, url, "bao-a", "https://bao-a.vn/rss", "feed")
            yield Page(found, url, 200, (), b"<html>", datetime.now(UTC))
            await asyncio.sleep(0.01)

    def closed(self, reason):
        print(reason)

settings = {"VIETLAO_HOME": sys.argv[1], "ITEM_PIPELINES": {"store.pipeline.StorePipeline": 300}, "LOG_LEVEL": "CRITICAL"}
process = AsyncCrawlerProcess(settings | {"TELNETCONSOLE_ENABLED": False})
process.crawl(Endless)
process.start()
"""


def test_a_crawl_whose_store_fails_stops_fetching(tmp_path):
    done = subprocess.run([sys.executable, "-c", CRAWL, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["news.db: the disk is full"], done.stderr
    with Store.open(tmp_path) as store:
        assert (store.run(1).state, store.run(1).detail) == ("failed", "news.db: the disk is full")


def test_other_items_pass(pipeline):
    assert pipeline.process_item({"not": "a page"}) == {"not": "a page"}
    assert counts(pipeline) == {}


def test_a_broken_topic_stops_the_start(make, tmp_path):
    (tmp_path / "topic.toml").write_text("nonsense = true")
    crawler = crawler_of(make, tmp_path, VIETLAO_TOPIC=str(tmp_path / "topic.toml"))
    with pytest.raises(ConfigurationError, match="nonsense"):
        StorePipeline.from_crawler(crawler)
    assert sessions._sessions == {}


class TestSession:
    def test_ledger_and_pipeline_share_one_run(self, crawler, tmp_path):
        ledger, pipeline = Ledger.from_crawler(crawler), StorePipeline.from_crawler(crawler)
        assert ledger.session is pipeline.session
        ledger.close()
        assert pipeline.session.store.run(1).state == "running"
        pipeline.close_spider()
        with Store.open(tmp_path) as store:
            assert store.run(1).state == "finished"

    def test_a_parents_run_is_left_to_the_parent(self, make, tmp_path):
        with Store.open(tmp_path) as store:
            run = store.begin_run("crawl")
            ledger = Ledger.from_crawler(crawler_of(make, tmp_path, VIETLAO_RUN=str(run)))
            assert ledger.session.run == run
            ledger.close()
            assert store.run(run).state == "running"
            assert store.run(run + 1) is None

    def test_a_home_in_use_is_refused(self, crawler, tmp_path, monkeypatch):
        monkeypatch.setattr("store.lock._taken", lambda fd: False)
        with pytest.raises(Locked):
            Ledger.from_crawler(crawler)
        assert sessions._sessions == {}


class TestLedger:
    @pytest.fixture
    def ledger(self, crawler):
        opened = Ledger.from_crawler(crawler)
        yield opened
        opened.close()

    def test_keeps_its_promises(self, ledger, make):
        memory: Memory = ledger
        place = make.found()
        assert memory.discovered(place)
        assert not memory.discovered(place)
        assert memory.pending("bao-a") == []
        memory.decided(place.url, "fetched", "failed", "answered 503", retry_after=60, source="bao-a")
        memory.asked(Asked("bao-a", "https://bao-a.vn/rss", "feed", 200, 1, 1, validators=Validators('"1"')))
        assert memory.validators("https://bao-a.vn/rss") == Validators('"1"')
        outcome = SourceOutcome("bao-a", "partly", "1 article failed", 1, 0, 1)
        memory.source_finished(outcome)
        store = ledger.session.store
        assert store.run_outcomes(ledger.session.run) == [outcome]
        assert store.life(place.url).steps[-1].data == {"retry_after": 60, "source": "bao-a"}

    def test_knows_the_sources_name(self, ledger, make):
        make.save(ledger.session.store, replace(make.found(), title=None))
        assert ledger.session.store.article(1).source_name == "Báo bao-a"
