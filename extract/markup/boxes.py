"""Boxes that stand in or around an article and are not the article: other stories, tags, comments, sharing, menus.

They are known by what their makers call them (class, id, role; Vietnamese systems use a small vocabulary, in Vietnamese
or English) and by their shape: nearly all their text is links. No site is named; the vocabulary was gathered from the
pages in ../shared/pages and the selectors in ../shared/sources_facts.yaml.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from extract.markup.tree import HEADINGS, label, link_share, remove, text_of

# Words are matched whole within extract.markup.tree.label(), where camelCase and underscores have become hyphens.
_BOX_WORDS = """
 relate related relation relations lienquan lien-quan tinlienquan baiviet-lien-quan tin-lien-quan bai-lien-quan
 doc-them docthem xem-them xemthem read-more readmore see-more seemore more-news morenews other-news othernews other-new
 tin-khac tinkhac tin-moi tinmoi tin-cung cungchuyenmuc cung-chuyen-muc cungmuc same-cate samecate same-category same-zone
 cung-tac-gia tindnd list-news-in-content most-read most-view mostread mostview doc-nhieu docnhieu xem-nhieu hot-news
 hotnews tin-nong tinnong news-feed newsfeed suggest suggestion suggested recommend recommended recommendation you-may
 co-the-ban-quan-tam quan-tam dable taboola outbrain mgid
 tag tags tagdetail taglist tag-list list-tag tags-list keyword keywords tu-khoa tukhoa hashtag
 share sharing sharemxh social socials addthis fb-like like-fb zalo-share follow
 comment comments binhluan binh-luan ykien y-kien disqus fb-comments feedback
 newsletter subscribe subscription dang-ky login register paywall-offer
 ad ads adv advert advertisement advertising adsbygoogle quangcao quang-cao banner banners sponsor sponsored promo promotion
 breadcrumb breadcrumbs bread-crumb menu nav navbar navigation topbar toolbar
 sidebar side-bar footer site-footer popup modal overlay tooltip cookie consent gdpr
 audio podcast tts text-to-speech player-wrap voice rating vote-box star-rating survey-box weather
 copyright print-only font-size fontsize skip-link sendstarauthor listvideo list-video topic-box event-box
"""
_BOX = re.compile(
    "-(?:"
    + "|".join(sorted(_BOX_WORDS.split(), key=len, reverse=True))
    + r")(?:s|es)?(?:-(?:box|list|block|wrap|wrapper|area|news|item|items|content|inner|top|bot|bottom|left|right|detail|pc|mb|\d+))*-"
)
_BOX_TAGS = frozenset(("nav", "aside", "footer", "dialog", "menu"))
# Inline elements carry such words too (a link to a tag page inside a sentence); only these are boxes.
_CAN_BE_BOX = frozenset(
    "article aside center details dialog div dl figure footer form header menu nav ol p section table ul h2 h3 h4 h5 h6 li span zone".split()
)

_BODY_WORDS = """
 article-body articlebody detail-content content-detail contentdetail article-content entry-content post-content
 news-content singular-content fck-detail maincontent main-content main-detail-body story-body storybody cms-body
 content-body body-content detail-body detailbody boxdetail text-long editor-content editor-detail fulltext
 article-text article-editor detail-text detail-content-body content-news noidung noi-dung news-detail-content the-article-body abody
 post-ct-entry post-body articlecontent article-detail-content detail-cmain article-main content-article story-content
 article-detail__content detail-post-content cke-content bodytext body-text entry-body view-content-detail
"""
_BODY = re.compile("-(?:" + "|".join(word.replace("__", "-") for word in _BODY_WORDS.split()) + ")-")
_LEAD = re.compile(
    "-(?:sapo|lead|summary|sumary|chapo|chapeau|standfirst|excerpt|description|abs|intro|introtext|dek|deck|desc|tomtat|tom-tat|abstract)-"
)
_CAPTION = re.compile(
    "-(?:caption|captions|figcaption|photo-desc|photo-cms-caption|media-caption|img-desc|image-desc|pcaption|chu-thich|chuthich|wp-caption-text|"
    "photo-caption|image-caption|pic-caption|desc-image|note-image|image-note|img-note)-"
)
PROSE_CHARS = 80
_WHOLE_PAGE = frozenset(("html", "body", "main"))


def is_body(element: HtmlElement) -> bool:
    """Whether its makers call it the article's text."""
    return bool(_BODY.search(label(element)))


def is_lead(element: HtmlElement) -> bool:
    return bool(_LEAD.search(label(element)))


def is_caption(element: HtmlElement) -> bool:
    return element.tag in ("figcaption", "caption") or bool(_CAPTION.search(label(element)))


def is_box(element: HtmlElement) -> bool:
    """Whether its makers call it a box of something else."""
    if element.tag in _BOX_TAGS:
        return True
    if element.tag not in _CAN_BE_BOX:
        return False
    name = label(element)
    return bool(name) and bool(_BOX.search(name)) and not (_BODY.search(name) or _LEAD.search(name) or _CAPTION.search(name))


def prose(element: HtmlElement) -> int:
    """How many characters of running text stand in an element: paragraphs of some length that are not links."""
    return sum(len(text) for _, text in paragraphs(element))


def paragraphs(element: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The paragraphs that are prose: at least :data:`PROSE_CHARS` characters, less than half of them in links."""
    for unit in element.iter("p", "div", "td", "blockquote", "h2", "h3", "h4", "li", "section", "article", "span"):
        own = own_text(unit)
        if len(own) >= PROSE_CHARS and link_share(unit) < 0.5:
            yield unit, own


def own_text(element: HtmlElement) -> str:
    """Text of an element and its inline children, without that of block children or spans (which are units themselves)."""
    if element.tag == "span":
        parent = element.getparent()
        if parent is not None and parent.tag in ("p", "li", "span", "a", "h2", "h3", "h4", "td", "blockquote"):
            return ""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and (child.tag in _INLINE or (child.tag == "span" and element.tag != "div")):
            pieces.append(child.text_content())
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())


_INLINE = frozenset("a abbr b bdi big br cite code del em font i ins kbd mark q s small strong sub sup time tt u var".split())


def drop_boxes(root: HtmlElement, keep: HtmlElement | None) -> None:
    """Remove boxes from a page, never one that holds the article.

    ``keep`` is the element of the headline. A box stays when it holds more than a third of the page's prose, unless an
    element called the article's text stands elsewhere and has prose of its own.
    """
    whole = prose(root)
    body = _named_body(root, whole)
    guarded = _guarded(body, keep)
    for element in list(root.iter()):
        if element.tag in _WHOLE_PAGE or element in guarded or not is_box(element):
            continue
        if body is not None or prose(element) * 3 < whole:
            remove(element)


def _named_body(root: HtmlElement, whole: int) -> HtmlElement | None:
    named = [(prose(element), element) for element in root.iter() if isinstance(element.tag, str) and is_body(element)]
    best = max(named, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= max(300, whole * 0.3) else None


def _guarded(body: HtmlElement | None, keep: HtmlElement | None) -> set[HtmlElement]:
    return {above for element in (body, keep) if element is not None for above in (element, *element.iterancestors())}


def drop_teasers(container: HtmlElement) -> None:
    """Remove other stories' teasers inside a container: an item whose heading, or whose text, is a link."""
    whole = prose(container)
    for element in list(container.iter()):
        if element is container or not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if _is_teaser(element) and prose(element) * 3 < whole:
            remove(element)


def _is_teaser(element: HtmlElement) -> bool:
    if element.tag in ("ul", "ol", "div", "section", "table", "article", "li", "tr") and link_share(element) > 0.75:
        return len(text_of(element)) > 3
    if element.tag not in ("div", "li", "article", "section", "td", "tr"):
        return False
    linked = [h for h in element.iter(*HEADINGS) if link_share(h) > 0.9]
    return bool(linked) and len(text_of(element)) < 700 * len(linked)
