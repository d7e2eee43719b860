"""The five documents the project was created from, wrapped as pages in memory: tails cut, credits found.

They lie in ../shared beside the checkout and are not part of the project; without them these tests are skipped.
"""

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.article import Article
from extract.to_article import to_article
from spiders.page import Found, Page

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not SEEDS.exists(), reason="there are no seed texts in ../shared/seeds")


def article(number: int) -> Article:
    lines = next(SEEDS.glob(f"{number:03d}_*.txt")).read_text("utf-8").splitlines()
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
    url = "https://bao.example/van-ban-1.html"
    page = Page(Found(url, url, "", "", "given"), url, 200, (), f"<html><body><div>{body}</div></body></html>".encode(), NOW)
    return to_article(page, None, now=NOW)


@pytest.mark.parametrize(
    ("number", "last", "gone"),
    [
        (0, "relations between the two countries and armies.", ("Castor Oil", "Nails Salon", "Hair Loss")),
        (
            1,
            "the two countries' Defense Ministries.",
            ("According to", "thoidai.com.vn", "Same tag", "No data", "Sapa", "Political"),
        ),
        (2, "bilateral defence relation in the coming time.", ("Disclaimer", "Publicnow", "HOT NEWS", "Log in", "04:50am")),
        (
            3,
            "to be forever green and sustainable.",
            ("TIN LIÊN QUAN", "Mercedes", "Arsenal", "monthly allowances", "Thu Giang"),
        ),
        (4, "Heroic Martyrs’ Monument in Vientiane.", ("Translated by", "Mai Huong")),
    ],
)
def test_tails_are_cut(number: int, last: str, gone: tuple[str, ...]) -> None:
    text = article(number).text
    assert text.endswith(last)
    assert [string for string in gone if string in text] == []


def test_captions_stand_apart() -> None:
    """Those of the third and fifth document stand in the text without any picture."""
    assert [len(article(number).captions) for number in range(5)] == [0, 2, 5, 2, 4]
    assert not any(caption in article(number).text for number in range(5) for caption in article(number).captions)


def test_credits_are_found() -> None:
    found = [article(number) for number in range(5)]
    assert found[0].credit == "VNS"
    assert found[1].credit == "thoidai.com.vn"
    assert found[2].credit == "Ministry of National Defense of the Socialist Republic of Vietnam"
    assert found[3].author == "Thu Giang"
    assert found[4].translator == "Mai Huong"
