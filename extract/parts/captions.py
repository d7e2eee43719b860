"""Captions: lines that say what a picture shows, with the picture beside them or, in copies of a text, without it.

Three things show one by themselves: a photographer's credit at its end, somebody's place in the picture ("Tran Van Thu
(left)"), and a line that only names an event ("Quang cảnh buổi lễ.", "At the talks."). Another place ("the bridge (left)"), an
overview, or a scene told in one sentence without any time ("… speaking at the talks.") may be news as well ("Laos signs a
border treaty with Vietnam."): such a line is a caption only right behind a picture, or where the text says it again, so that
no news is lost with it. Measured on paragraphs that are no
captions, by tests/extract/test_plain_captions.py.
"""

import re
from dataclasses import replace
from itertools import pairwise

from extract.language import detect
from extract.markup.blocks import Block
from extract.markup.weights import PROSE_CHARS
from extract.parts.credits import credits_photos
from extract.parts.names import NAME, is_credited
from extract.text import clean, sentences, words

# The longest caption on the nine real pages has 119 characters; agencies' go up to about 400.
_LONGEST = 400
_SCENE_CHARS = 220
# The share of a line's pairs of neighbouring words that the rest of the text has too. Of the nine such captions of the seed
# texts none is below 0.5; of 40 sentences of news of our own none has more than 0.41 in any of our 80 whole articles.
_SAID_AGAIN = 0.5
_STOPS = (".", "!", "?", "…", '"', "”", ":", ";", "。", "！", "？")

_CLOSING = "’'»)] "
# "… of the year. (VNA)", "… — VNS"
_AGENCY_SIGN = re.compile(r"(?:(?<=[.!?…”\"]) ?\([A-ZĐ]{2,8}\)| [—–] ?[A-ZĐ]{2,8})$")
_NAMED = r"(?P<name{}>(?:[^.;:!?()]|\.(?=\w)){{2,60}})"
_OF_WHAT = r"(?: (?:tư liệu|minh họa|minh hoạ|chụp màn hình|do|chụp))?"
# "… Ảnh: TTXVN", "(Photo: VNA)", "Ảnh minh họa", "VNA/VNS Photo Lan Anh", "Photo by Lan Anh".
_CREDITED = re.compile(
    rf"(?:^|\s|[(\[|/] ?)(?:Ảnh{_OF_WHAT}|(?<=[(\[|/])ảnh{_OF_WHAT}|Hình|Hình ảnh|Đồ họa)\s?[:/]\s?{_NAMED.format(1)}[)\].]*$"
    rf"|[.!?] Anh: {_NAMED.format(2)}$"  # by a translator who lost the accents
    rf"|(?:^|[\s(\[|/])(?:[Pp]hotos?|PHOTO|[Ii]llustration)(?:\s?:| by (?=[A-ZĐ])| courtesy of)\s?{_NAMED.format(3)}[)\].]*$"
    r"|[(–—-]\s?[Ảả]nh (?:minh họa|minh hoạ|tư liệu|internet)\)?\.?$|\((?:[Ii]llustrative|[Ff]ile) photo\)\.?$"
    r"|\b[A-Z]{2,5}(?:/[A-Z]{2,5})? Photos?(?: (?:by )?[A-ZĐ]\w+(?: [A-ZĐ]\w+){0,4})?\.?$"
)
# The same behind the writer's name: "Tin, ảnh: Lan Anh", "Lan Anh Ảnh: Đức Huy".
_SIGNED = re.compile(rf"\(?(?i:tin|bài|bài viết|nội dung|thực hiện|story|text|words)\b|{NAME.pattern}[ .;–-]+[Ảả]nh\s?:")
_SIDE = r"(?:left|right|L|R)"
_PLACED = re.compile(
    rf"\((?:(?:far |in the |on the |standing,? |seated,? )?(?:{_SIDE}|centre|center)|front row|standing"
    r"|(?:bên )?(?:trái|phải)|(?:ở )?giữa|bìa (?:trái|phải)|hàng (?:đầu|trước|sau)[^()]{0,30}"
    r"|(?:thứ|người) [^()]{0,30}từ (?:trái|phải)[^()]{0,20}"
    rf"|(?:first|second|third|fourth|fifth|\d\w\w|\d), ?(?:from )?(?:the )?{_SIDE}|[^()]{{0,20}}from (?:the )?(?:left|right))\)"
)
_COUNTED = re.compile(r"\b(?:from|row|thứ|hàng|bìa|first|second|third|fourth|fifth|\d\w\w)\b")
_PERSON_END = re.compile(r"(?:[A-ZÀ-ỸĐ][\w’'.-]+ ){2}$")
_EVENT = (
    r"(?:events?|meetings?|talks|ceremon(?:y|ies)|conferences?|receptions?|exchanges?|dialogues?|forums?|seminars?|workshops?"
    r"|sessions?|visits?|programmes?|programs?|exercises?|handover|signing|drills?|patrols?|symposiums?|congress)"
)
_OVERVIEW = re.compile(
    r"(?:(?:an? |the )?(?:overview|panorama|general view|view|scenes?|panoramic view|snapshot) (?:of|at|from) [^.,;:]{3,100}"
    rf"|at (?:the|a) (?:[\w-]+ ){{0,4}}{_EVENT}|(?:the )?[\w\s]{{3,40}} at the {_EVENT}"
    r"|[\w\s'’]{3,60} (?:pose|posing) for (?:a |an )?(?:group |souvenir |joint )?(?:photos?|pictures?)[^.;:]{0,80}"
    r"|(?:toàn cảnh|quang cảnh|khung cảnh|một góc) [^.,;:]{3,110}"
    r"|[^.,;:]{3,80} (?:chụp ảnh (?:lưu niệm|chung|kỷ niệm)|bắt tay)(?: [^.,;:]{0,60})?)\.?",
    re.IGNORECASE,
)
_EVENT_ALONE = re.compile(
    rf"(?:(?:an? |the )?(?:overview|panorama|general view|panoramic view) (?:of|at) |at )(?:the|a)"
    rf" (?:[\w-]+ ){{0,2}}{_EVENT}\.?"
    r"|(?:toàn|quang) cảnh (?:(?:buổi|phiên|cuộc|lễ) (?:\w+ ?){1,2}|(?:lễ|hội) \w+|chương trình|tọa đàm|toạ đàm|đại hội)\.?",
    re.IGNORECASE,
)
# What is done before a camera, in the present or as a participle; running text tells it in the past.
_DONE = re.compile(
    r"(?<!,) (?:(?:speaks?|speaking) (?:at|to|during|with)|address(?:es|ing) the|meeting with"
    r"|call(?:s|ing) on|(?:hands?|handing) over"
    r"|present(?:s|ing)? (?:\w+ ){0,3}(?:to|gifts?|souvenirs?|flowers?|certificates?|bouquets?|insignia|medals?)"
    r"|tak(?:e|es|ing) (?:a )?(?:group |souvenir )?photos?|shak(?:e|es|ing) hands|review(?:s|ing)? the (?:guards?|honou?r)"
    r"|lay(?:s|ing)? (?:a )?(?:wreaths?|flowers)|offer(?:s|ing)? (?:incense|flowers)"
    r"|(?:receiv|welcom|co-?chair|chair|inspect|greet|award|sign)ing (?!of\b)|(?:welcomes|greets|inspects|awards|signs) "
    r"|deliver(?:s|ing) (?:a|an|the|his|her) (?:\w+ )?(?:speech|remarks|address)|plant(?:s|ing)? (?:a )?trees?"
    r"|cut(?:s|ting)? the ribbon|visit(?:s|ing) the|exchanging )",
    re.IGNORECASE,
)
_DONE_VI = re.compile(
    r"[A-ZĐÀ-Ỹ][^.,;:!?()“”\"]{5,120} (?:phát biểu (?:tại|chào mừng|khai mạc)|duyệt đội danh dự|dâng hương|đặt vòng hoa"
    r"|(?:trao|tặng) (?:quà|hoa|tặng|biểu trưng|đồ lưu niệm))(?: [^.,;:!?()“”\"]{0,80})?\.?"
)
_SAID = re.compile(
    r"[“”\"]|\b(?:said|told|added|stressed|cho biết|cho rằng|nói|nhấn mạnh|khẳng định|chia sẻ|đề nghị)\b", re.IGNORECASE
)
_TOLD_VI = re.compile(
    r"\b(?:đã|sẽ|đang|nhằm|để|sau đó|cũng|còn|ngày|sáng|chiều|tối|năm|trước đó|tiếp đó|đồng thời|khi|dự và)\b", re.IGNORECASE
)
_TOLD = re.compile(
    r"\d|[“”\"?:;]|\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|do|does|did|said|told|held|met|made|"
    r"took|gave|went|came|saw|led|began|paid|laid|spoke|sent|set|put|became|got|brought|thought|wrote|stood|left|shook|chose|"
    r"spent|won|ran|rose|fell|grew|felt|kept|lost|sold|sought|taught|drew|flew|heard|knew|built|bought|fought|found|sat|broke|"
    r"that|which|who|whom|because|while|when|after|before|since|later|also|today|yesterday|tomorrow|this|these|not|if|but|they|we|"
    r"i|he|she|it|you|[a-z]{2,}(?<!unit)(?<!arm)(?<!retir)ed)\b",
    re.IGNORECASE,
)


def as_captions(blocks: list[Block], lead: str | None) -> list[Block]:
    """Mark plain paragraphs that caption a picture: right behind one, short and set apart; or by what they say.

    The lead is none, and neither is anything when no other text would be left. A photographer's credit alone goes.
    """
    beside = _beside_pictures(blocks)
    telling = _telling(blocks, lead)
    telling += [number - 1 for number in telling if number and _repeats_in_another_language(blocks[number - 1], blocks[number])]
    all_marked = {*beside, *telling}
    left = any(block.kind == "text" and len(block.text) >= PROSE_CHARS for n, block in enumerate(blocks) if n not in all_marked)
    marked = all_marked if left else set(beside)
    left_over = [
        (number, block) for number, block in enumerate(blocks) if number not in marked or not credits_photos(block.text)
    ]
    return [replace(block, kind="caption") if number in marked else block for number, block in left_over]


def _telling(blocks: list[Block], lead: str | None) -> list[int]:
    """The paragraphs that are captions by what they say: by themselves, or with a picture or the rest of the text to bear it
    out."""
    plain = [
        n for n, block in enumerate(blocks) if block.kind in ("text", "item") and block.text != lead and block.linked < 0.5
    ]
    alike = [number for number in plain if says_caption(blocks[number].text)]
    sure = {number for number in alike if _is_sure(blocks[number].text)}
    if len(sure) == len(alike):
        return alike
    rest = (block.text for number, block in enumerate(blocks) if block.kind == "text" and number not in alike)
    told = {pair for text in (lead or "", *rest) for pair in pairwise(words(text))}
    return [
        number
        for number in alike
        if number in sure or (number and blocks[number - 1].kind == "image") or _is_said(words(blocks[number].text), told)
    ]


def _is_said(line: list[str], told: set[tuple[str, str]]) -> bool:
    pairs = list(pairwise(line))
    return bool(pairs) and sum(pair in told for pair in pairs) >= _SAID_AGAIN * len(pairs)


def _beside_pictures(blocks: list[Block]) -> list[int]:
    found = []
    behind_picture = False
    for number, block in enumerate(blocks):
        if block.kind in ("text", "item") and behind_picture and _captions_picture(block):
            found.append(number)
            behind_picture = False
        else:
            behind_picture = block.kind == "image" or (behind_picture and not block.text)
    return found


def _repeats_in_another_language(block: Block, caption: Block) -> bool:
    """Whether a line before a caption is the same in the language that an aggregator translated from."""
    if block.kind != "text" or not 8 <= len(block.text) <= _SCENE_CHARS or block.text.endswith(_STOPS):
        return False
    languages = detect(block.text), detect(caption.text)
    return None not in languages and languages[0] != languages[1]


def _captions_picture(block: Block) -> bool:
    told = _AGENCY_SIGN.sub("", block.text).rstrip(_CLOSING).endswith(_STOPS)
    set_apart = block.align == "center" or block.italic > 0.8 or not told
    return len(block.text) <= 300 and set_apart and block.linked < 0.5


def says_caption(text: str) -> bool:
    """Whether a paragraph may be a caption wherever it stands, for how it reads."""
    if not 8 <= len(text) <= _LONGEST:
        return False
    if _is_credited(text):
        return not _SIGNED.match(text)
    if len(text) > _SCENE_CHARS:
        return False
    if _PLACED.search(text):
        known = not _SAID.search(text)
    else:
        known = (bool(_OVERVIEW.fullmatch(text)) and not _TOLD_VI.search(text)) or _shows_scene(text)
    return known and len(sentences(clean(text))) == 1


def _is_sure(text: str) -> bool:
    if _is_credited(text) or _EVENT_ALONE.fullmatch(text):
        return True
    placed = _PLACED.search(text)
    if placed is None:
        return False
    return bool(_COUNTED.search(placed.group()) or _PERSON_END.search(text[: placed.start()]))


def _is_credited(text: str) -> bool:
    found = _CREDITED.search(text)
    return found is not None and all(map(is_credited, filter(None, found.groups())))


def _shows_scene(text: str) -> bool:
    if _DONE_VI.fullmatch(text):
        return not _TOLD_VI.search(text)
    return bool(_DONE.search(text)) and text[:1].isupper() and not _TOLD.search(text)
