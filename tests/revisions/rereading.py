"""Pages of our own that change between two readings, and a store that reads them with the real parts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from spiders.memory import Again
from spiders.page import Found, Page
from spiders.sources import Source
from store.database import Store
from store.ledger import Ledger
from store.pipeline import StorePipeline
from store.revisions.schedule import REVISIT_HOURS

START = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
TITLE = "Tuần tra song phương Việt Nam - Lào trước mùa mưa"
BODY = (
    "Sáng 28/2, Đồn Biên phòng Nậm Cắn phối hợp với Đại đội Biên phòng 217 của Quân đội nhân dân Lào tổ chức tuần tra song "
    "phương trên đoạn biên giới dài hơn 12 km do hai đơn vị quản lý.",
    "Hai bên đã kiểm tra bốn vị trí mốc, trao đổi tình hình an ninh trật tự và thống nhất tăng cường phối hợp phòng, chống tội "
    "phạm ma túy ở khu vực giáp ranh giữa Việt Nam và Lào.",
    "Thiếu tá Trần Văn Hòa, Đồn trưởng, cho biết từ đầu năm lực lượng biên phòng hai nước đã cùng tuần tra sáu lần, không phát "
    "hiện vi phạm nào trên tuyến biên giới.",
)
MARKET = "Chợ phiên vùng cao khai hội, du khách thập phương nô nức đổ về xem đua ngựa và nếm rượu ngô cùng bà con bản địa."


def html(title: str = TITLE, body: tuple[str, ...] = BODY, tail: str = "", date: str = "2026-03-01T11:30:00+07:00") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<html lang="vi"><head><title>{title}</title><meta property="article:published_time" content="{date}"></head>'
        f"<body><article><h1>{title}</h1>{text}{tail}</article></body></html>"
    ).encode()


def source(number: str) -> Source:
    return Source(
        id=number,
        name=f"Báo {number}",
        languages=("vi",),
        home=f"https://{number}.vn/",
        feeds=(f"https://{number}.vn/rss",),
        article=rf"{number}\.vn/tin-\w+",
    )


@dataclass
class Desk:
    """A home with a clock of its own. Each reading is a run of its own, as a crawl would be."""

    home: Path
    now: datetime = START
    hours: tuple[float, ...] = REVISIT_HOURS
    opened: list[StorePipeline] = field(default_factory=list)

    def wait(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def open(self, of: str = "bao-a") -> StorePipeline:
        spider = type("Bao", (Spider,), {"name": of, "source": source(of)})
        pipeline = StorePipeline.from_crawler(get_crawler(spider, {"VIETLAO_HOME": str(self.home)}))
        pipeline.session.store.clock = lambda: self.now
        self.opened.append(pipeline)
        return pipeline

    def close(self) -> None:
        self.opened.pop().close_spider()

    def found(self, of: str = "bao-a", name: str = "1") -> Found:
        url = f"https://{of}.vn/tin-{name}"
        return Found(url, url, of, f"https://{of}.vn/rss", "feed", TITLE)

    def read(self, body: bytes, of: str = "bao-a", name: str = "1", **headers: str) -> dict[str, int]:
        """One page through the pipeline; returns what it counted as."""
        pipeline, place = self.open(of), self.found(of, name)
        try:
            pipeline.session.store.discovered(place, pipeline.session.run)
            sent = (("Content-Type", "text/html; charset=utf-8"), *((key, value) for key, value in headers.items()))
            pipeline.process_item(Page(place, place.url, 200, sent, body, self.now))
            stats = pipeline.crawler.stats.get_stats()
            return {key.removeprefix("vietlao/"): value for key, value in stats.items() if key.startswith("vietlao/")}
        finally:
            self.close()

    def again(self, of: str = "bao-a") -> list[Again]:
        """What a crawl would be told to read again."""
        pipeline = self.open(of)
        try:
            return Ledger(pipeline.session, None, self.hours).again(of)
        finally:
            self.close()

    def tell(self, outcome: str, reason: str, of: str = "bao-a", name: str = "1", **data: object) -> None:
        """What a spider tells of an address that brought no page."""
        pipeline = self.open(of)
        try:
            ledger = Ledger(pipeline.session, None, self.hours)
            ledger.decided(self.found(of, name).url, "fetched", outcome, reason, **data)
        finally:
            self.close()

    def store(self) -> Store:
        return Store.open(self.home, clock=lambda: self.now)

    def kinds(self, number: int = 1) -> list[str]:
        """What happened to an article after it was first read."""
        with self.store() as store:
            return [version.revision.kind for version in store.history(number) if version.revision]
