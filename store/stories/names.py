"""The people and places a text names, known or not, under keys that both languages share."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from store.stories.fold import fold
from store.stories.vocabulary import SYLLABLE, TITLES_EN, TITLES_VI, Vocabulary, is_vietnamese_name, person_key, place_key

_WORD = r"\p{Lu}[\p{L}\p{M}]*(?:-\p{L}[\p{L}\p{M}]*)*"
RUN = regex.compile(rf"{_WORD}(?:[ \u00a0]{{1,2}}(?:[-–][ ])?{_WORD}){{0,8}}")
ABBREVIATED = regex.compile(r"\b(Gen|Lt|Sr|Sen|Maj|Col|Brig|Capt|Lieut|Mr|Mrs|Ms|Dr|Prof|Snr|Cdr|Comr|Sgt)\.")
ACRONYM = regex.compile(r"\b\p{Lu}{2,}\b")
RANK_BEFORE = regex.compile(
    r"(?<!\p{L})(?:tướng|tuong|tá|ta|úy|uy|ông|ong|bà|ba|đồng chí|dong chi|trưởng|truong|sứ|lệnh|chính ủy|nhiệm|tịch|"
    r"bí thư|đ/c|"
    r"general|colonel|major|captain|lieutenant|commander|minister|mr|ms|counterpart|chief)\s+$",
    regex.IGNORECASE,
)
GATE_VI = r"cửa khẩu(?: quốc tế| chính| phụ| quốc gia)?|cua khau(?: quoc te)?"
POST_VI = r"đồn(?: biên phòng| bp)?(?: cửa khẩu)?(?: quốc tế)?|don(?: bien phong)?"
CEMETERY_VI = r"nghĩa trang(?: liệt s[ĩỹ])?(?: quốc (?:gia|tế))?"
AREA_VI = (
    r"tỉnh|huyện|xã|bản|thị trấn|thị xã|phường|thành phố|trạm|sông|suối|mường|tinh|huyen|xa|thi tran|thi xa|phuong|thanh pho"
)
PLACE_BEFORE = regex.compile(
    rf"(?<!\p{{L}})(?:{AREA_VI}|{GATE_VI}|{POST_VI}|{CEMETERY_VI}|(?:village|district|province|commune|town) of)\s+$",
    regex.IGNORECASE,
)
POST_EN = r"border (?:gate|post|guard (?:station|post)|crossing|checkpoint|defence post|station)"
PLACE_AFTER = regex.compile(
    rf"^['’s]*\s+(?:(?:international |national |main |auxiliary |secondary )?{POST_EN}"
    r"|(?:international |national )?(?:checkpoint|gate|martyrs|cemetery)"
    r"|commune|district|village|town\b|city|province|ward|hamlet|station|river|stream)",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person (``p:`` key), place (``l:``) or other run of capitals (``b:``) at an offset, as written. ``sure`` when a rank
    or a Vietnamese family name says that it is a person."""

    key: str
    at: int
    written: str
    sure: bool = False


def names_in(text: str, lang: str, vocabulary: Vocabulary) -> Iterator[Name]:
    """Names that the vocabulary does not hold, from capitals, ranks before them and place words beside them. Offsets are
    those of ``text``; known names in it are to be blanked out beforehand."""
    text = ACRONYM.sub(lambda match: match[0].lower(), ABBREVIATED.sub(r"\1 ", text))
    for match in RUN.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        after = text[match.end() : match.end() + 40]
        for written, offset, titled in _parts(match[0], lang, vocabulary):
            ranked = titled or (offset == 0 and bool(RANK_BEFORE.search(before)))
            placed = bool((offset == 0 and PLACE_BEFORE.search(before)) or PLACE_AFTER.search(after))
            name = _classify(written, match.start() + offset, ranked, placed, lang)
            if name:
                yield name


def _parts(run: str, lang: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int, bool]]:
    """The pieces of a run of capitals between words that are no part of a name, with their offset and whether a title
    stands right before them. In Vietnamese only what leads the run can be a title; a name may hold any syllable."""
    titles, plain = (TITLES_EN, vocabulary.plain_english) if lang == "en" else (TITLES_VI, TITLES_VI)
    piece: list[str] = []
    start = 0
    titled = was_title = False
    for match in regex.finditer(r"[^ \u00a0–]+", run):
        word = match[0]
        folded = fold(word).strip("-")
        if folded in plain and not (piece and (lang != "en" or _continues(word, folded, piece))):
            if piece:
                yield " ".join(piece), start, titled
                piece = []
            was_title = folded in titles
            continue
        if not piece:
            start, titled = match.start(), was_title
        piece.append(word)
        was_title = False
    if piece:
        yield " ".join(piece), start, titled


def _continues(word: str, folded: str, piece: list[str]) -> bool:
    """Whether an English word continues a Vietnamese name: ``The`` in ``Tran The Anh``, accents always."""
    return folded != word.lower() or (is_vietnamese_name(f"{piece[0]} {word}") and len(folded) <= 5 and folded not in TITLES_EN)


def _classify(written: str, at: int, ranked: bool, placed: bool, lang: str) -> Name | None:
    syllables = fold(written).replace("-", " ").split()
    if placed and not ranked:
        return Name("l:" + place_key(written), at, written)
    if is_vietnamese_name(written) and (ranked or len(syllables) > 2 or lang == "en"):
        return Name("p:" + person_key(written), at, written, sure=True)
    shaped = all(map(SYLLABLE.fullmatch, syllables))
    foreign = ("-" in written and shaped) or (lang == "en" and not shaped)
    if len(syllables) > 1 and (ranked or foreign) and len(person_key(written)) > 3:
        return Name("p:" + person_key(written), at, written, ranked)
    if len(syllables) > 1:
        return Name("b:" + "".join(syllables), at, written)
    return None
