"""The page ``/-/search``: what ``vietlao search`` finds, by the same function, on Datasette's own connection."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from datasette import NotFound, Response, hookimpl  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from sqlite_utils import Database

from store.connection import reading
from store.search.found import LIMIT, MOST, Filter, Found, as_json
from store.search.query import WrongQuery
from store.search.searching import search

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
DATABASE = "news"
DECISIONS = ("keep", "marginal", "drop")


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/-/search(?P<json>\.json)?$", answer)]


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    return [{"href": datasette.urls.path("/-/search"), "label": "Search"}]


@hookimpl  # type: ignore[untyped-decorator]
def database_actions(datasette: Any, database: str) -> list[dict[str, str]]:
    return menu_links(datasette) if database == DATABASE else []


async def answer(request: Any, datasette: Any) -> Response:
    """The form, and what was found. A query or date that cannot be understood is answered with 400 and a sentence."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
    if DATABASE not in datasette.databases:
        raise NotFound(f"There is no database {DATABASE}")
    asked = {name: request.args.get(name) or "" for name in ("q", "since", "until", "source", "decision", "limit")}
    found, problem = Found((), False), ""
    try:
        if asked["q"].strip():
            found = await _found(datasette, asked)
    except (WrongQuery, ValueError) as error:
        problem = str(error)
    status = 400 if problem else 200
    if request.url_vars["json"]:
        return Response.json(_plain(asked["q"], found, problem), status=status)
    values = {**asked, "found": found, "problem": problem, "decisions": DECISIONS, "local": LOCAL}
    return Response.html(await datasette.render_template("search.html", values, request=request), status=status)


async def _found(datasette: Any, asked: dict[str, str]) -> Found:
    chosen, limit = _filter(asked), _limit(asked["limit"])
    milliseconds = datasette.setting("sql_time_limit_ms")

    def ask(connection: sqlite3.Connection) -> Found:
        db = Database(connection, execute_plugins=False)
        with sqlite_timelimit(connection, milliseconds), reading(db):
            return search(db, asked["q"], chosen, limit)

    try:
        found: Found = await datasette.get_database(DATABASE).execute_fn(ask)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise WrongQuery("that took too long: look for more words at once, or in a shorter time") from None
    return found


def _filter(asked: dict[str, str]) -> Filter:
    """Raises ValueError with a sentence. ``until`` is the last day, since that is what a form with two dates means."""
    if asked["decision"] and asked["decision"] not in DECISIONS:
        raise ValueError(f"{asked['decision']!r} is no decision: choose one of {', '.join(DECISIONS)}")
    return Filter(
        since=_day(asked["since"]),
        until=_day(asked["until"], timedelta(days=1)),
        sources=tuple(asked["source"].split()),
        decisions=(asked["decision"],) if asked["decision"] else (),  # type: ignore[arg-type]
    )


def _day(text: str, later: timedelta = timedelta()) -> datetime | None:
    """When a day begins in Vietnam, or so much later."""
    if not text:
        return None
    try:
        return (datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=LOCAL) + later).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a date: write it as 2026-11-01") from None


def _limit(text: str) -> int:
    if not text:
        return LIMIT
    if not (text.isdecimal() and len(text) < 9 and int(text)):
        raise ValueError(f"limit: {text!r} is not a number from 1 to {MOST}")
    return min(int(text), MOST)


def _plain(query: str, found: Found, problem: str) -> dict[str, object]:
    if problem:
        return {"query": query, "error": problem}
    hits = [as_json(hit) for hit in found.hits]
    return {"query": query, "hits": hits, "more": found.more, "unindexed": found.unindexed}
