"""How Datasette shows the store: times in Vietnam's clock, addresses as links, hostile text harmless.

What stands in titles and texts was written by strangers. Datasette escapes it; this plugin also shows the characters that
would turn the direction of the line around them, and forbids the page to load anything from elsewhere.

ASCII only: Datasette reads plugins and metadata in the locale's encoding.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from datasette import hookimpl  # type: ignore[import-untyped]
from markupsafe import Markup, escape

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LINK = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
TURNING = {ord(letter) for letter in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
SHORTENED = 120
ELLIPSIS = "\u2026"

# Datasette's own pages have scripts and styles in them
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, database: str) -> Markup | None:
    """Our way to show a cell, or None where Datasette's is right."""
    if database != "news" or not isinstance(value, str):
        return None
    if STAMP.fullmatch(value):
        return shown_time(value)
    if LINK.fullmatch(value):
        return shown_link(value)
    if any(ord(letter) in TURNING for letter in value) or "\n" in value:
        return Markup('<span style="white-space: pre-line">{}</span>').format(shown_text(value))
    return None


def shown_time(stamp: str) -> Markup:
    """Vietnamese time, with UTC as a hint."""
    local = datetime.fromisoformat(stamp).astimezone(LOCAL)
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(stamp, f"{local:%Y-%m-%d %H:%M}")


def shown_link(address: str) -> Markup:
    """A link that tells the other site nothing about this page."""
    text = address if len(address) <= SHORTENED else address[: SHORTENED - 1] + ELLIPSIS
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(address, shown_text(text))


def shown_text(text: str) -> Markup:
    """The text with turning characters named instead of obeyed."""
    return escape("".join(f"\u2039{unicodedata.name(one)}\u203a" if ord(one) in TURNING else one for one in text))


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[Any], Any]:
    """Send the policy with every answer."""
    policy = (b"content-security-policy", POLICY.encode())

    def wrap(app: Any) -> Any:
        async def with_policy(scope: Any, receive: Any, send: Any) -> None:
            async def send_with_policy(event: dict[str, Any]) -> None:
                if event["type"] == "http.response.start":
                    event = {**event, "headers": [*event.get("headers", []), policy]}
                await send(event)

            await app(scope, receive, send_with_policy)

        return with_policy

    return wrap
