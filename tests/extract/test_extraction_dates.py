"""Dates in every form that the sources print."""

from datetime import UTC, datetime

import pytest

from extract.dates import Claim, Refusal, choose, judge, read_moment

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07T00:05:00+07:00"),
        ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),
        ("07-03-2026 - 09:40 PM", "2026-03-07T21:40:00+07:00"),
        ("07-03-2026 - 12:10 AM", "2026-03-07T00:10:00+07:00"),
        ("07-03-2026 - 13:10 PM", "2026-03-07T13:10:00+07:00"),
        ("17:22 | 05/29/2026", "2026-05-29T17:22:00+07:00"),
        ("March 21, 2025 - 21:45", "2025-03-21T21:45:00+07:00"),
        ("June 02/2022 - 16:12", "2022-06-02T16:12:00+07:00"),
        ("January 21, 2018 | 19:57 (GMT+7)", "2018-01-21T19:57:00+07:00"),
        ("September 09, 2026 9:33 AM GMT+7", "2026-09-09T09:33:00+07:00"),
        ("8/5/2026 8:35:00 PM", "2026-08-05T20:35:00+07:00"),
        ("9/30/2026 2:48:13 PM", "2026-09-30T14:48:13+07:00"),
        ("Wednesday, September 30, 2026, 14:48 (GMT+7)", "2026-09-30T14:48:00+07:00"),
        ("Thursday, 30/10/2025 07:09 (GMT+7)", "2025-10-30T07:09:00+07:00"),
        ("22:45, ngày 22-11-2020", "2020-11-22T22:45:00+07:00"),
        ("13:22 | 15/05/2022 GMT+7", "2022-05-15T13:22:00+07:00"),
        ("17:36 07/12/2022", "2022-12-07T17:36:00+07:00"),
        ("18/12/2025 19:42 GMT+7", "2025-12-18T19:42:00+07:00"),
        ("Published: 2022-09-16 14:24:08", "2022-09-16T14:24:08+07:00"),
        ("06/29/2021 | 04:50am EDT", "2021-06-29T04:50:00-04:00"),
        ("15:33, 17/08/2026", "2026-08-17T15:33:00+07:00"),
        ("Ngày 7 tháng 3 năm 2026 lúc 8h05", "2026-03-07T08:05:00+07:00"),
        ("20 giờ 15 phút, ngày 05/03/2026", "2026-03-05T20:15:00+07:00"),
        ("Mon, 14 Sep 26 10:20:11 +0700", "2026-09-14T10:20:11+07:00"),
        ("Sat, 25 Jul 2026 20:01:31 GMT+7", "2026-07-25T20:01:31+07:00"),
        ("2026-08-17T15:33:01&#x2B;07:00", "2026-08-17T15:33:01+07:00"),
        ("2026-03-07T08:01:53 +07:00", "2026-03-07T08:01:53+07:00"),
        ("2026-03-07T01:01:53.123Z", "2026-03-07T01:01:53+00:00"),
        ("2026-03-07 08:07", "2026-03-07T08:07:00+07:00"),
        ("1772816700", "2026-03-07T00:05:00+07:00"),
        ("1772816700123", "2026-03-07T00:05:00+07:00"),
        ("2026年3月7日 08:05", "2026-03-07T08:05:00+07:00"),
        ("5 mars 2026 à 10:15", "2026-03-05T10:15:00+07:00"),
        ("5 de marzo de 2026 a las 10:15", "2026-03-05T10:15:00+07:00"),
        ("5. März 2026 um 10:15 Uhr", "2026-03-05T10:15:00+07:00"),
        ("Chủ nhật, 04/01/2026", "2026-01-04T00:00:00+07:00"),
        ("Thứ Bảy, Ngày 07 tháng 03 năm 2026", "2026-03-07T00:00:00+07:00"),
        ("2026-03-07", "2026-03-07T00:00:00+07:00"),
    ],
)
def test_forms(stated: str, moment: str) -> None:
    found = read_moment(stated)
    assert found is not None
    assert found.when.isoformat() == moment


def test_a_source_may_put_the_month_first() -> None:
    day_first, month_first = read_moment("17:22 | 05/06/2026"), read_moment("17:22 | 05/06/2026", "mdy")
    assert day_first is not None and month_first is not None
    assert (day_first.when.month, month_first.when.month) == (6, 5)


@pytest.mark.parametrize("stated", ["30/02/2026", "1.234.2026", "99/99/2026", "Điện thoại 024-3736-6491", ""])
def test_no_date(stated: str) -> None:
    assert read_moment(stated) is None


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("2062-05-12T08:00:00+07:00", "it lies in the future"),
        ("2026-11-01T12:00:00+07:00", "it lies in the future"),
        ("0001-01-01T00:00:00", "it lies before 1995"),
        ("0", None),
        ("30/02/2026 08:00", "it is no possible date"),
    ],
)
def test_refusals_say_why(stated: str, reason: str | None) -> None:
    judged = judge(stated, "meta", NOW)
    assert (judged.reason if isinstance(judged, Refusal) else None) == reason


def claims(*stated: str) -> list[Claim]:
    judged = [judge(value, "text", NOW) for value in stated]
    return [claim for claim in judged if isinstance(claim, Claim)]


@pytest.mark.parametrize(
    ("stated", "chosen"),
    [
        (["2026-03-07", "07/03/2026 08:47"], "2026-03-07T08:47:00+07:00"),
        (["2026-03-07T00:00:00+07:00", "07/03/2026 08:47"], "2026-03-07T08:47:00+07:00"),
        (["2026-03-07", "09/10/2026 08:47"], "2026-03-07T00:00:00+07:00"),
        (["2026-03-07T08:47:00Z", "07/03/2026 08:47"], "2026-03-07T08:47:00+07:00"),
        (["2026-03-07T08:47:00Z", "07/03/2026 15:47"], "2026-03-07T08:47:00+00:00"),
        (["2026-03-07 08:47:00", "2026-03-07T08:47:00+09:00"], "2026-03-07T08:47:00+09:00"),
        (["2026-03-07 08:47:00", "2026-03-07T08:47:00Z"], "2026-03-07T08:47:00+07:00"),
        (["2026-03-07T08:01:00+07:00", "2026-03-07T08:01:53+07:00"], "2026-03-07T08:01:53+07:00"),
        (["2026-03-07T08:01:00+07:00", "2026-03-07T09:15:20+07:00"], "2026-03-07T08:01:00+07:00"),
    ],
)
def test_choice_among_claims(stated: list[str], chosen: str) -> None:
    claim = choose(claims(*stated))
    assert claim is not None
    assert claim.moment.when.isoformat() == chosen


def test_a_time_repeated_without_its_zone_takes_none_away() -> None:
    stated, again = judge("2026-03-07T08:47:00Z", "jsonld", NOW), judge("2026-03-07T08:47:00", "meta", NOW)
    chosen = choose([claim for claim in (stated, again) if isinstance(claim, Claim)])
    assert chosen is not None
    assert chosen.moment.when.isoformat() == "2026-03-07T08:47:00+00:00"


def test_times_as_java_prints_them() -> None:
    moment = read_moment("Sat Mar 07 08:47:10 ICT 2026")
    assert moment is not None
    assert moment.when.isoformat() == "2026-03-07T08:47:10+07:00"
