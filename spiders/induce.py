"""An article pattern from examples: addresses known to be articles, and addresses known to be none. Pure.

articles, others = tell_apart(certain, linked, base)
induced = induce(articles, others, home)
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from spiders.shapes import Address, Shape, is_index, is_numbered, may_be_article, take_apart

SHORTEST_HEADLINE = 15  # characters, as spiders.listings has it
MINOR = 0.2  # share of the commonest shape that another one needs to count as articles too, where nothing is certain
ODD = 0.1  # share of certain articles below which a shape that looks like a section is left out
SAME_NUMBER = 0.9  # share of articles whose numbers must differ for the number to be their identity
CLASSES = ("a-z0-9-", "A-Za-z0-9-", "A-Za-z0-9_-", "A-Za-z0-9_.-")


@dataclass(frozen=True, slots=True)
class Induced:
    """``article`` matches every given article and none of the given others; ``identity`` is None where no number tells
    articles apart; ``named`` counts single addresses that had to be written into the pattern."""

    article: str
    identity: str | None
    named: int = 0


def tell_apart(certain: Iterable[str], linked: Mapping[str, str], base: str = "/") -> tuple[list[str], list[str]]:
    """Which addresses are articles and which are not, both without repeats, in the order given.

    ``certain`` come from feeds and news sitemaps; ``linked`` are further addresses of the site with the text of their links
    (empty where a sitemap names them). Where nothing is certain, the commonest shape that can be one counts.
    """
    sure = list(dict.fromkeys(certain))
    apart = {url: take_apart(url, base) for url in (*sure, *linked) if urlsplit(url).path.startswith(base)}
    shapes = _certain_shapes([apart[url] for url in sure if url in apart])
    if not shapes:
        shapes = _likely_shapes([address for url, address in apart.items() if _is_headline(linked.get(url, ""))])
    articles: list[str] = []
    others: list[str] = []
    for url in dict.fromkeys((*sure, *linked)):
        address = apart.get(url)
        is_one = address is not None and address.shape in shapes and (url in sure or not is_index(address))
        (articles if is_one else others).append(url)
    return articles, [url for url in others if url not in sure]


def _is_headline(text: str) -> bool:
    return not text or len(text) >= SHORTEST_HEADLINE


def _certain_shapes(addresses: Sequence[Address]) -> set[Shape]:
    counted = Counter(address.shape for address in addresses)
    plain = {address.shape for address in addresses if not may_be_article(address)}
    return {shape for shape, count in counted.items() if shape not in plain or count >= ODD * len(addresses)}


def _likely_shapes(addresses: Sequence[Address]) -> set[Shape]:
    """The commonest shapes. Those with a number go first: on sites that number their articles, many an information page has the
    words of a headline in its address (38 such links beside 37 articles on one recorded front page)."""
    counted = Counter(address.shape for address in addresses if may_be_article(address) and not is_index(address))
    numbered = {shape: count for shape, count in counted.items() if is_numbered(shape)}
    usable = numbered if sum(numbered.values()) >= MINOR * counted.total() else dict(counted)
    most = max(usable.values(), default=0)
    return {shape for shape, count in usable.items() if count >= MINOR * most}


def induce(articles: Collection[str], others: Collection[str], home: str) -> Induced:
    """A pattern for the articles of the edition at ``home``, as general as the others allow. Addresses are canonical.

    An address given as both counts as an article. Raises ValueError without any article.
    """
    if not articles:
        raise ValueError("there is no article to learn from")
    base = base_of(home)
    inside = [url for url in articles if urlsplit(url).path.startswith(base)]
    base = base if len(inside) == len(articles) else "/"
    writer = _Writer(_host_pattern([home, *articles]), base, [take_apart(url, base) for url in articles])
    known = set(articles)
    wrong = [url for url in others if url not in known]
    shut, tight = writer.tag_folders(), False
    pattern = writer.pattern(tight, shut)
    for tight in (False, True):
        shut = sorted({*shut, *_folders_of(_caught(pattern, wrong), base)} - _folders_of(articles, base))
        pattern = writer.pattern(tight, shut)
        if not _caught(pattern, wrong):
            break
    caught = [_below(url, base) for url in _caught(pattern, wrong)]
    missed = [_below(url, base) for url in articles if not re.search(pattern, url)]
    if caught or missed:
        pattern = writer.pattern(tight, shut, caught, missed)
    return Induced(pattern, writer.identity(), len(caught) + len(missed))


def base_of(home: str) -> str:
    """The folder that an edition lives in: ``/en/`` for ``https://paper.vn/en``, ``/`` for a front page at the root."""
    path = urlsplit(home).path.strip("/")
    return f"/{path}/" if path and "." not in path.rsplit("/", 1)[-1] else "/"


def _caught(pattern: str, urls: Iterable[str]) -> list[str]:
    return [url for url in urls if re.search(pattern, url)]


def _folders_of(urls: Iterable[str], base: str) -> set[str]:
    paths = (urlsplit(url).path.removeprefix(base).strip("/").split("/") for url in urls)
    return {folders[0] for folders in paths if len(folders) > 1}


def _below(url: str, base: str) -> str:
    parts = urlsplit(url)
    return parts.path.removeprefix(base) + (f"?{parts.query}" if parts.query else "")


def _host_pattern(urls: Iterable[str]) -> str:
    names = dict.fromkeys(urlsplit(url).netloc.removeprefix("www.") for url in urls)
    listed = "|".join(map(_quoted, names))
    return rf"^https?://(?:www\.)?{f'(?:{listed})' if len(names) > 1 else listed}"


def _quoted(text: str) -> str:
    """``re.escape`` without the backslashes that nobody needs."""
    return re.sub(r"\\([-&#~ /=%:,!<>\"'`@])", r"\1", re.escape(text))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the pattern of given articles, more or less tightly."""

    host: str
    base: str
    addresses: Sequence[Address]

    @property
    def groups(self) -> list[list[Address]]:
        """The articles by shape, the commonest first."""
        found: dict[Shape, list[Address]] = defaultdict(list)
        for address in self.addresses:
            found[address.shape].append(address)
        return sorted(found.values(), key=len, reverse=True)

    def tag_folders(self) -> list[str]:
        """The folders of tag pages, where articles stand in folders that are not these."""
        folders = {folder for address in self.addresses for folder in address.folders}
        return [folder for folder in ("tag", "tags") if folders and folder not in folders]

    def pattern(self, tight: bool = False, shut: Sequence[str] = (), but: Sequence[str] = (), also: Sequence[str] = ()) -> str:
        """``shut`` are first folders that hold no articles, ``but`` and ``also`` single addresses below the base."""
        forms = list(dict.fromkeys([_form(group, tight) for group in self.groups] + [_quoted(path) for path in also]))
        body = forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"
        return f"{self.host}{_quoted(self.base)}{_not(shut, '/')}{_not(but, '/?$')}{body}$"

    def identity(self) -> str | None:
        """Where the number stands, when it tells the articles apart."""
        places = [place for group in self.groups if (place := _place_of_number(group))]
        if not places:
            return None
        after = places[0][1]
        before = list(dict.fromkeys(start for start, end in places if end == after))
        start = before[0] if len(before) == 1 else f"(?:{'|'.join(before)})"
        pattern = rf"{start}(\d+){after}"
        found = [match.group(1) for address in self.addresses if (match := re.search(pattern, address.url))]
        if not found or len(set(found)) < SAME_NUMBER * len(found):
            return None
        return pattern.replace(r"(\d+)", r"(\d{5,})") if min(map(len, found)) >= 5 else pattern


def _not(paths: Sequence[str], end: str) -> str:
    listed = "|".join(map(_quoted, paths))
    return f"(?!(?:{listed}){end})" if len(paths) > 1 else f"(?!{listed}{end})" if paths else ""


def _form(group: Sequence[Address], tight: bool) -> str:
    """The part below the base for articles of one shape."""
    shape = group[0].shape
    inner = "".join(_inner([address.inner[at] for address in group], kind) for at, kind in enumerate(shape.inner))
    end = _quoted(shape.ending) if shape.ending or shape.keys else "/?"
    return _folders(group, tight) + inner + _name(group, tight) + end + _query(group)


def _folders(group: Sequence[Address], tight: bool) -> str:
    depths = [len(address.folders) for address in group]
    low, high = min(depths), max(depths)
    if high == 0:
        return ""
    one = _text([folder for address in group for folder in address.folders])
    if tight:
        return f"(?:{one}/){{{low},{high}}}" if low != high else f"(?:{one}/){{{low}}}"
    return f"(?:{one}/){'+' if low else '*'}"


def _inner(folders: Sequence[str], kind: str) -> str:
    if kind == "word":
        return f"{_text(folders)}/"
    lengths = {len(folder) for folder in folders}
    if lengths <= {4} or lengths <= {1, 2}:  # a year; a month or a day
        return rf"\d{{{min(lengths)},{max(lengths)}}}/" if len(lengths) > 1 else rf"\d{{{min(lengths)}}}/"
    return f"{_digits(folders, False)}/"


def _name(group: Sequence[Address], tight: bool) -> str:
    shape = group[0].shape
    numbers, slugs = [address.number for address in group], [address.slug for address in group]
    if shape.kind == "number":
        return _digits(numbers, tight)
    if shape.kind == "end":
        any_length = shape.label.strip("-_.") and not tight
        return f"{_text(slugs)}{_quoted(shape.label)}{chr(92) + 'd+' if any_length else _digits(numbers, tight)}"
    if shape.kind == "start":
        return f"{_digits(numbers, tight)}{_quoted(shape.label)}{_text(slugs)}"
    if shape.kind == "code":
        low, high = min(map(len, slugs)), max(map(len, slugs))
        return f"[0-9A-Fa-f]{{{low},{high}}}" if low != high else f"[0-9A-Fa-f]{{{low}}}"
    return _headline(slugs, tight) if shape.kind == "slug" else _text(slugs)


def _headline(slugs: Sequence[str], tight: bool) -> str:
    for letters in ("a-z0-9", "A-Za-z0-9"):
        if all(re.fullmatch(f"[{letters}]+(?:-[{letters}]+)+", slug) for slug in slugs):
            fewest = min(slug.count("-") for slug in slugs)
            return f"[{letters}]+(?:-[{letters}]+){{{fewest if tight else min(3, fewest)},}}"
    return _text(slugs)


def _digits(numbers: Sequence[str], tight: bool) -> str:
    low, high = min(map(len, numbers)), max(map(len, numbers))
    if not tight:  # numbers grow, and older articles have shorter ones
        low, high = max(min(low, 5), low - 1), high + 2
    return rf"\d{{{low},{high}}}" if low != high else rf"\d{{{low}}}"


def _text(values: Sequence[str]) -> str:
    """The narrowest class of characters that holds all values."""
    whole = "".join(values)
    if not whole:
        return ""
    usable = (f"[{letters}]" for letters in CLASSES if re.fullmatch(f"[{letters}]*", whole))
    return next(usable, "[^/?#]") + ("+" if all(values) else "*")


def _query(group: Sequence[Address]) -> str:
    keys = group[0].shape.keys
    if not keys:
        return ""
    values = [[address.query[at][1] for address in group] for at in range(len(keys))]
    return r"\?" + "&".join(f"{_quoted(key)}={_value(found)}" for key, found in zip(keys, values, strict=True))


def _value(values: Sequence[str]) -> str:
    if len(set(values)) == 1 and (len(values) > 1 or len(values[0]) < 6):
        return _quoted(values[0])
    return r"\d+" if all(re.fullmatch(r"[0-9]+", value) for value in values) else "[^&#]*"


def _place_of_number(group: Sequence[Address]) -> tuple[str, str] | None:
    """What stands before and after the number of these articles, or None when they have none."""
    shape = group[0].shape
    end = (_quoted(shape.ending) if shape.ending else "/?") + r"(?:\?|$)" * bool(shape.keys) + "$" * (not shape.keys)
    if shape.kind == "end":
        return _quoted(shape.label), end
    if shape.kind == "start":
        return "/", f"{_quoted(shape.label)}[^/?#]+{end}"
    if shape.kind == "number" and all(len(address.number) >= 4 for address in group):
        return "/", end
    long = [at for at, kind in enumerate(shape.inner) if kind == "number" and all(len(a.inner[at]) >= 5 for a in group)]
    if long and long[-1] == len(shape.inner) - 1:
        return "/", f"/[^/?#]+{end}"
    numeric = [key for at, key in enumerate(shape.keys) if all(re.fullmatch(r"[0-9]{2,}", a.query[at][1]) for a in group)]
    return (rf"[?&]{_quoted(numeric[0])}=", r"(?:&|$)") if len(numeric) == 1 else None
