"""A digest as one HTML file and as plain text. The same digest gives the same bytes, whatever the machine.

Pages are hostile: Jinja2 escapes every value, and before that each one loses its invisible and control characters, so a
template cannot forget either. The HTML asks nothing of the network and forbids itself to.
"""

import re
import textwrap
from bisect import bisect_left
from functools import cache
from importlib.resources import files

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from digest.clean import one_line, visible
from digest.selection import Digest
from digest.view import view

WIDTH = 78

# Bytes. Gmail clips a mail's HTML at 102 kB (https://github.com/hteumeuleu/email-bugs/issues/41); the rest is for the notice
# that a mail may carry. A story of the embedded sample takes 2,390 bytes with its styles and 1,420 without, so that 50 fit with
# the coverage of all sources (16 kB).
LONGEST = 98_000

# Stands in digest.html where a mail may say something of its own; page text cannot hold it, since "<" is escaped.
NOTICE = "<!--notice-->"

_BLANK = re.compile(r"\n\s*\n")  # what control structures of templates leave between elements


def render_html(digest: Digest) -> str:
    """A page of its own: styles inlined for mail programs, those for dark screens and narrow ones kept in the head.

    Gmail shows only so much of a mail, and cuts off the rest with the coverage statement. A page that would be longer has the
    styles that every story repeats in its head instead: it looks the same but in the few programs that read no style there,
    which show it with plainer stories. Of a page that is too long even so, the last stories are told in short, and it says so.
    """
    page = _page(digest, in_head=False)
    return page if _fits(page) else _long_page(digest)


def _long_page(digest: Digest) -> str:
    """The page with as many stories in full as fit; the others in short. Where not even that fits, it is told in full."""
    page = _page(digest, in_head=True)
    if _fits(page) or not _fits(_page(digest, in_head=True, whole=0)):
        return page
    wholes = range(len(digest.stories))
    fitting = bisect_left(wholes, True, key=lambda whole: not _fits(_page(digest, in_head=True, whole=whole))) - 1
    return _page(digest, in_head=True, whole=fitting)


def _fits(page: str) -> bool:
    return len(page.encode()) <= LONGEST


def _page(digest: Digest, *, in_head: bool, whole: int | None = None) -> str:
    """``in_head``: where the styles go that every story repeats; ``whole``: how many stories are told in full (None: all)."""
    shown = {"digest": view(digest), "in_head": in_head, "whole": len(digest.stories) if whole is None else whole}
    page = _templates().get_template("digest.html").render(shown)
    sheets = ("style.css",) if in_head else ("stories.css", "style.css")
    # the inliner writes a no-break space as an entity, three times as long
    return _BLANK.sub("\n", _inliner(*sheets).inline(page)).replace("&nbsp;", "\N{NO-BREAK SPACE}")


def render_text(digest: Digest) -> str:
    """The same as plain text, at most 78 columns but for addresses, which are never broken."""
    text = _templates().get_template("digest.txt").render(digest=view(digest))
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def render_index(entries: tuple[tuple[str, str], ...]) -> str:
    """The page that lists the digests of a folder: (file name, title) each, as they are to stand."""
    return _inliner("stories.css", "style.css").inline(_templates().get_template("index.html").render(entries=entries))


@cache
def _inliner(*sheets: str) -> CSSInliner:
    """Writes style sheets of ours into the elements of a page; fetches nothing."""
    # The style element stays where it is, behind the charset; css-inline's keep_at_rules would move it to the front.
    styles = [(files("digest") / "templates" / sheet).read_text(encoding="utf-8") for sheet in sheets]
    return CSSInliner(extra_css="\n".join(styles), keep_style_tags=True, load_remote_stylesheets=False, minify_css=True)


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
    environment.filters["unbroken"] = lambda text: _Laid(visible(text).replace(" ", "\N{NO-BREAK SPACE}"))
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
