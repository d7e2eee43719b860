"""A digest as one HTML file and as plain text. The same digest gives the same bytes, whatever the machine.

Pages are hostile: Jinja2 escapes every value, and before that each one loses its invisible and control characters, so a
template cannot forget either. The HTML asks nothing of the network and forbids itself to.
"""

import textwrap
from functools import cache
from importlib.resources import files

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from digest.clean import one_line, visible
from digest.selection import Digest
from digest.view import view

WIDTH = 78

# Stands in digest.html where a mail may say something of its own; page text cannot hold it, since "<" is escaped.
NOTICE = "<!--notice-->"


def render_html(digest: Digest) -> str:
    """A page of its own: styles inlined for mail programs, those for dark screens and narrow ones kept in the head."""
    return _inlined(_templates().get_template("digest.html").render(digest=view(digest)))


def render_text(digest: Digest) -> str:
    """The same as plain text, at most 78 columns but for addresses, which are never broken."""
    text = _templates().get_template("digest.txt").render(digest=view(digest))
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def render_index(entries: tuple[tuple[str, str], ...]) -> str:
    """The page that lists the digests of a folder: (file name, title) each, as they are to stand."""
    return _inlined(_templates().get_template("index.html").render(entries=entries))


def _inlined(page: str) -> str:
    """The page with ``style.css`` written into its elements; fetches nothing."""
    return _inliner().inline(page)


@cache
def _inliner() -> CSSInliner:
    # The style element stays where it is, behind the charset; css-inline's keep_at_rules would move it to the front.
    styles = (files("digest") / "templates" / "style.css").read_text(encoding="utf-8")
    return CSSInliner(extra_css=styles, keep_style_tags=True, load_remote_stylesheets=False, minify_css=True)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("digest"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrap"] = _wrap
    environment.filters["rule"] = lambda text, mark: _Laid(mark * len(one_line(text)))
    return environment


class _Laid(str):
    """Text whose lines are ours."""

    __slots__ = ()


def _finish(value: object) -> object:
    """What every value becomes before it is escaped and printed."""
    return visible(value) if type(value) is str else value


def _wrap(text: str, first: str = "", rest: str | None = None) -> _Laid:
    """The text in lines of at most 78 columns, indented by ``first`` and then ``rest``; no word or address is broken."""
    return _Laid(
        textwrap.fill(
            one_line(text),
            WIDTH,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
