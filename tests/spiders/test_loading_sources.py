"""``scrapy list`` and ``scrapy crawl``: one spider a source, and clear words when that cannot be."""

import subprocess
import sys

import pytest
from rig_site import CHECKOUT, clean_environment, source_at, toml
from scrapy import Request
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from spiders.loader import SourceLoader, spider_for
from spiders.sources import Source, load_sources

ROOT = "https://paper.vn"
ONE = source_at(ROOT, feeds=[f"{ROOT}/f"])
OFF = source_at("https://other.vn", id="other", enabled=False, reason="closed")


def scrapy(*arguments):
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env=clean_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "sources.toml"
    file.write_text(toml([ONE, OFF]))
    return file


def test_scrapy_lists_every_source(file):
    ended = scrapy("list", "-s", f"VIETLAO_SOURCES={file}")
    assert (ended.stdout.split(), ended.returncode) == (["other", "paper"], 0)


def test_a_faulty_file_is_told_without_a_traceback(file):
    file.write_text(toml([ONE | {"feed": ["x"], "article": "("}, ONE | {"name": ""}]))
    ended = scrapy("crawl", "paper", "-s", f"VIETLAO_SOURCES={file}")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    for words in (
        "source paper feed: unknown key",
        "source paper article: '(' is not a regular expression",
        "source paper name",
    ):
        assert words in ended.stderr


def loader(file):
    return SourceLoader.from_settings(Settings({"VIETLAO_SOURCES": str(file)}))


def test_an_unknown_source_is_told_with_a_guess(file):
    with pytest.raises(UsageError, match="did you mean paper"):
        loader(file).load("papers")
    with pytest.raises(KeyError):
        loader(file).load("nothing-like-it")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UsageError, match="there is no such file"):
        loader(tmp_path / "none.toml").list()


def test_a_spider_belongs_to_its_source(file):
    spider = loader(file).load("paper")
    assert spider.name == spider.source.id == "paper"
    assert loader(file).find_by_request(Request("https://paper.vn/a-visit-1.html")) == ["paper"]
    assert loader(file).find_by_request(Request("https://elsewhere.vn/")) == []


def test_spiders_of_two_sources_are_two_classes(file):
    one, other = map(spider_for, load_sources(file))
    assert one is not other
    assert one.source.id != other.source.id


def test_the_shipped_sources_all_load():
    shipped = SourceLoader.from_settings(Settings())
    if not shipped.path.exists():
        pytest.skip("there is no source file in this checkout")
    assert len(shipped.list()) == len(set(shipped.list())) > 0
    assert all(isinstance(shipped.load(name).source, Source) for name in shipped.list())


def test_a_mistyped_date_or_delay_is_told(file):
    settings = Settings({"VIETLAO_SOURCES": str(file), "VIETLAO_SINCE": "yesterday", "VIETLAO_DELAY": "fast"})
    with pytest.raises(UsageError) as told:
        SourceLoader.from_settings(settings).load("paper")
    assert "'yesterday' is not a date" in str(told.value)
    assert "'fast' is not a number of seconds" in str(told.value)
