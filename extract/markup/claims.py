"""What a page says of itself to machines: JSON-LD, meta elements, canonical links.

Everything here is a claim: unescaped and cleaned, but not believed. Malformed JSON-LD is common (unescaped line breaks,
trailing commas, HTML entities inside strings) and is read as far as it goes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from extract.text import clean, unescape

_ARTICLE_TYPES = re.compile(
    r"article|newsarticle|reportage|(?:blog|liveblog|socialmedia)posting|liveblog|analysis|opinion|(?:claim)?review",
    re.IGNORECASE,
)
_LISTING_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage"})
_MAX_JSON = 400_000
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_FALLBACK_FIELD = re.compile(r'"(headline|description|datePublished|dateModified)"\s*:\s*"((?:[^"\\]|\\.){1,2000})"')


@dataclass(frozen=True, slots=True)
class Claims:
    """``jsonld`` is the article's node (empty when there is none); ``meta`` maps lower-case names to values, in the
    order they stand; ``canonical`` is every canonical address named, absolute."""

    jsonld: dict[str, object] = field(default_factory=dict)
    jsonld_types: frozenset[str] = frozenset()
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    canonical: tuple[str, ...] = ()
    title: str = ""
    language: str = ""

    def first(self, *names: str) -> str | None:
        """The first non-empty meta value under any of the names, in the order of the names."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)

    def stated(self, key: str) -> str | None:
        """A JSON-LD value as one string, or None: the text itself, or the ``name`` or ``url`` of a node."""
        return _as_text(self.jsonld.get(key))


def read_claims(root: HtmlElement, url: str) -> Claims:
    """Collect them. ``url`` resolves relative addresses; the page's own <base> is not trusted for that."""
    nodes = [node for script in root.iter("script") for node in _nodes(script)]
    return Claims(
        jsonld=_article_node(nodes),
        jsonld_types=frozenset(kind for node in nodes for kind in _types(node)),
        meta=_meta(root),
        canonical=tuple(_canonical(root, url)),
        title=clean(unescape(next((t.text_content() for t in root.iter("title") if t.text), ""))),
        language=(root.get("lang") or root.get("xml:lang") or "").lower()[:2],
    )


def _meta(root: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        value = element.get("content")
        if not value:
            continue
        for key in {element.get("property"), element.get("name"), element.get("itemprop")}:
            if key:
                found.setdefault(key.strip().lower(), []).append(clean(unescape(value)))
    return {key: tuple(values) for key, values in found.items()}


def _canonical(root: HtmlElement, url: str) -> Iterator[str]:
    links = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower().strip() == "canonical"]
    shared = [meta.get("content") for meta in root.iter("meta") if (meta.get("property") or "").lower() == "og:url"]
    for address in links + shared:
        absolute = web_address(address, url)
        if absolute:
            yield absolute


def web_address(address: str | None, base: str) -> str | None:
    """An http(s) address made absolute, or None when it is none (``javascript:``, broken brackets, blanks)."""
    if not address or not address.strip():
        return None
    try:
        absolute = urljoin(base, unescape(address.strip()))
        parts = urlsplit(absolute)
        return absolute if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _nodes(script: HtmlElement) -> Iterator[dict[str, object]]:
    if "ld+json" not in (script.get("type") or "").lower() or not script.text:
        return
    text = script.text[:_MAX_JSON].strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    yield from _walk(_loads(text), 0)


def _loads(text: str) -> object:
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    fields = dict(reversed(_FALLBACK_FIELD.findall(text)))
    return {"@type": "NewsArticle", **fields} if "Article" in text and fields else None


def _walk(value: object, depth: int) -> Iterator[dict[str, object]]:
    """Every typed node of a JSON-LD value, outermost first; lists and ``@graph`` are opened."""
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _walk(value.get(key), depth + 1)


def _types(node: dict[str, object]) -> list[str]:
    kind = node.get("@type")
    return [str(k).lower() for k in (kind if isinstance(kind, list) else [kind]) if k]


def _article_node(nodes: list[dict[str, object]]) -> dict[str, object]:
    for node in nodes:
        if any(_ARTICLE_TYPES.fullmatch(kind) or kind.endswith("article") for kind in _types(node)):
            return node
    return {}


def is_listing(claims: Claims) -> bool:
    """Whether JSON-LD calls the page a collection and no article."""
    return not claims.jsonld and bool(claims.jsonld_types & _LISTING_TYPES)


def _as_text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("url") or value.get("@id")
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return clean(unescape(str(value))) or None
    return None


def persons(claims: Claims) -> list[str]:
    """The names JSON-LD gives as author, organisations left out."""
    value = claims.jsonld.get("author")
    names = []
    for item in value if isinstance(value, list) else [value]:
        organisation = isinstance(item, dict) and "organization" in "".join(_types(item))
        name = None if organisation else _as_text(item)
        if name:
            names.append(name)
    return names
