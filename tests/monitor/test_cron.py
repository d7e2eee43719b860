"""Cron expressions mean in APScheduler what they mean in crontab, and crontab lines mean what the configuration says."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import load_home
from monitor.cron import DAYS, cron_trigger, named_weekdays
from monitor.schedule import build_scheduler, crontab_lines, in_server_time

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAYTIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - Hypothesis wants naive bounds


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("*", "*"),
        ("0", "sun"),
        ("7", "sun"),
        ("1-5", "mon,tue,wed,thu,fri"),
        ("*/2", "sun,tue,thu,sat"),
        ("0,6", "sun,sat"),
        ("5-7", "sun,fri,sat"),
        ("mon-fri", "mon-fri"),
    ],
)
def test_weekdays_count_from_sunday_as_cron_does(field: str, named: str) -> None:
    assert named_weekdays(field) == named


@given(day=st.integers(0, 6), start=DAYTIMES)
def test_a_numbered_weekday_fires_on_that_day(day: int, start: datetime) -> None:
    fires = cron_trigger(f"0 7 * * {day}", "Asia/Ho_Chi_Minh").get_next_fire_time(None, start.replace(tzinfo=HANOI))
    assert fires is not None
    assert fires.strftime("%a").lower()[:3] == DAYS[day]


@pytest.mark.parametrize("expression", ["0 7 * *", "61 * * * *", "x * * * *", ""])
def test_what_is_no_cron_expression_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cron_trigger(expression, "UTC")


@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    offset=st.integers(-12, 14),
    day=DAYTIMES,
)
def test_a_daily_hour_in_server_time_is_the_same_moment(hour: int, minute: int, offset: int, day: datetime) -> None:
    server = timezone(timedelta(hours=offset))
    said = in_server_time(f"{minute} {hour} * * *", "Asia/Ho_Chi_Minh", day.replace(tzinfo=server))
    assert said is not None
    there = cron_trigger(said, "UTC").fields  # parses
    assert there
    local_minute, local_hour = said.split()[:2]
    moment = day.replace(hour=int(local_hour), minute=int(local_minute), tzinfo=server).astimezone(HANOI)
    assert (moment.hour, moment.minute) == (hour, minute)


def test_an_expression_without_an_hour_stays_and_one_with_weekdays_cannot_be_translated() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert in_server_time("*/30 * * * *", "Asia/Ho_Chi_Minh", now) == "*/30 * * * *"
    assert in_server_time("0 7 * * 1", "Asia/Ho_Chi_Minh", now) is None
    assert in_server_time("0 7 * * 1", "Asia/Ho_Chi_Minh", now.astimezone(HANOI)) == "0 7 * * 1"


def test_crontab_lines_quote_the_home_and_escape_percent_signs(tmp_path) -> None:
    home = tmp_path / "my 100% home"
    home.mkdir()
    (home / "vietlao.toml").write_text('[digest]\nmail = true\n[schedule]\ndigest = "0 7 * * 1-5"\n', encoding="utf-8")
    lines = crontab_lines(load_home(home), "/opt/vietlao/bin/vietlao", datetime(2026, 11, 21, tzinfo=UTC))
    crawl, told, clean, _, zone, digest = lines
    where = str(home).replace("%", r"\%")
    assert crawl == (
        f"*/30 * * * * /opt/vietlao/bin/vietlao --home '{where}' crawl >>'{where}/log/cron.log' 2>&1 || [ $? -eq 75 ]"
    )
    assert zone == "CRON_TZ=Asia/Ho_Chi_Minh"
    assert digest.startswith(f"0 7 * * 1-5 /opt/vietlao/bin/vietlao --home '{where}' digest --wait 3600 --mail >>")
    assert told == "# 15 3 * * * in Asia/Ho_Chi_Minh, in this server's time (UTC):"
    assert clean.startswith(f"15 20 * * * /opt/vietlao/bin/vietlao --home '{where}' archive --clean --wait 3600 >>")
    assert clean.endswith(" || [ $? -eq 75 ]")


def test_no_line_in_the_servers_time_stands_below_another_zone(tmp_path) -> None:
    """As cronie reads them: CRON_TZ holds from its line to the end."""
    (tmp_path / "vietlao.toml").write_text('[schedule]\ncrawl = "0 6-22 * * *"\nclean = "0 3 * * 0"\n', encoding="utf-8")
    lines = crontab_lines(load_home(tmp_path), "/bin/vietlao", datetime(2026, 11, 21, tzinfo=UTC))
    zone = lines.index("CRON_TZ=Asia/Ho_Chi_Minh")
    assert [line[:13] for line in lines[:zone] if line[0] != "#"] == ["0 0 * * * /bi"]
    assert [line[:13] for line in lines[zone + 1 :]] == ["0 6-22 * * * ", "0 3 * * 0 /bi"]


def test_a_late_job_still_runs_and_runs_once(tmp_path) -> None:
    scheduler = build_scheduler(load_home(tmp_path))
    assert scheduler._job_defaults == {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    assert [job.id for job in scheduler.get_jobs()] == ["crawl", "digest", "clean"]
