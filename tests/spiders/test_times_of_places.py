"""Times as feeds and listings write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.times import VIETNAM, day_in_address, read_time, retry_after

SIX_FORTY_FOUR_PM = datetime(2026, 9, 14, 11, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 14 Sep 2026 18:44:00 +0700",
        "Mon, 14 Sep 2026 18:44:00 GMT+7",
        "Mon, 14 Sep 2026 18:44:00 +07",
        "Mon, 14 Sep 2026 18:44:00 UTC+07:00",
        "Mon, 14 Sep 2026 11:44:00 GMT",
        "Mon, 14 Sep 2026 11:44:00 Z",
        "14 Sep 2026 18:44:00",
        "9/14/2026 6:44:00 PM",
        "2026-09-14T18:44:00+07:00",
        "2026-09-14T11:44:00.000Z",
        "2026-09-14 18:44",
        "14/09/2026 18:44",
        "14/09/2026 18:44 GMT+7",
        "Thứ hai, 14/9/2026, 18:44 (GMT+7)",
        "18:44 | 14/09/2026 GMT+7",
        "14-09-2026 - 06:44 PM",
        "September 14, 2026 6:44 PM GMT+7",
        "  \n 14.9.2026 18:44 ",
        "1789386240",
        "/Date(1789386240000)/",
    ],
)
def test_one_moment_in_many_hands(text):
    assert read_time(text) == SIX_FORTY_FOUR_PM


def test_month_first_only_where_it_is_meant():
    assert read_time("9/4/2026 6:44:00 PM").astimezone(VIETNAM).month == 9
    assert read_time("07-03-2026 - 00:01 AM").astimezone(VIETNAM).month == 3
    assert read_time("9/4/2026 18:44").astimezone(VIETNAM).month == 4
    assert read_time("9/4/2026 18:44", month_first=True).astimezone(VIETNAM).month == 9


@pytest.mark.parametrize("text", ["", "soon", "32/13/2026", "14/09/1026", "25:61 14/09/2026", "2026", "0000-00-00", "+07:00"])
def test_no_time(text):
    assert read_time(text) is None


@given(st.text(max_size=60))
def test_any_text_is_survived(text):
    moment = read_time(text)
    assert moment is None or moment.tzinfo is UTC


@given(st.integers(820454400, 4102400000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_iso_round_trip_to_the_second(moment):
    assert read_time(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.vn/x-20260307075519174.htm", "2026-03-07"),
        ("https://a.vn/x-196260307071308923.htm", "2026-03-07"),
        ("https://a.vn/2026/03/07/x.html", "2026-03-07"),
        ("https://a.vn/x-post986802.vnp", None),
        ("https://a.vn/x-20261399075519174.htm", None),
    ],
)
def test_day_in_an_address(url, day):
    found = day_in_address(url)
    assert (found and found.astimezone(VIETNAM).date().isoformat()) == day


def test_retry_after():
    now = datetime(2026, 9, 14, 12, tzinfo=UTC)
    assert retry_after(b"120", now) == 120
    assert retry_after(b"Mon, 14 Sep 2026 12:05:00 GMT", now) == 300
    assert retry_after(b"Mon, 14 Sep 2026 11:00:00 GMT", now) == 0
    assert retry_after(b"later", now) is None
    assert retry_after(None, now) is None
