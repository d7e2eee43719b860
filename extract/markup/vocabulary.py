"""What makers of pages call the parts of an article and the boxes around it.

Vietnamese systems share a small vocabulary, in Vietnamese or English; it was gathered from the pages in ../shared/pages and
the selectors in ../shared/sources_facts.yaml. No site is named. Words are matched whole within
:func:`extract.markup.tree.label`, where camelCase and underscores have become hyphens.
"""

import re


def words_of(text: str) -> frozenset[str]:
    """The words of a table written as text."""
    return frozenset(text.split())


def _any_of(text: str, tail: str = "") -> re.Pattern[str]:
    """A pattern for labels that hold one of the words, with any of the words in ``tail`` behind it."""
    choices = "|".join(sorted(words_of(text), key=lambda word: (-len(word), word)))
    more = f"(?:-(?:{'|'.join(sorted(words_of(tail)))}))*" if tail else ""
    return re.compile(f"-(?:{choices}){more}-")


BOX = _any_of(
    """
    relate related relation relations lienquan lien-quan tinlienquan tin-lien-quan bai-lien-quan baiviet-lien-quan
    doc-them docthem xem-them xemthem read-more readmore see-more seemore more-news morenews other-news othernews other-new
    tin-khac tinkhac tin-moi tinmoi tin-cung cungchuyenmuc cung-chuyen-muc cungmuc same-cate samecate same-category same-zone
    cung-tac-gia tindnd list-news-in-content most-read most-view mostread mostview doc-nhieu docnhieu xem-nhieu hot-news
    hotnews tin-nong tinnong news-feed newsfeed suggest suggestion suggested recommend recommended recommendation you-may
    co-the-ban-quan-tam quan-tam dable taboola outbrain mgid inner-story innerstory link-suggest
    tag tags tagdetail taglist tag-list list-tag tags-list keyword keywords tu-khoa tukhoa hashtag
    share sharing sharemxh social socials addthis fb-like like-fb zalo-share follow
    comment comments binhluan binh-luan ykien y-kien disqus fb-comments feedback
    newsletter subscribe subscription dang-ky login register paywall-offer
    ad ads adv advert advertisement advertising adsbygoogle quangcao quang-cao banner banners sponsor sponsored promo promotion
    breadcrumb breadcrumbs bread-crumb menu nav navbar navigation topbar toolbar
    sidebar side-bar footer site-footer popup modal overlay tooltip cookie consent gdpr
    audio podcast tts text-to-speech player-wrap voice rating vote-box star-rating survey-box weather
    visually-hidden sr-only screen-reader screen-reader-text visuallyhidden vjs-no-js no-js video-fallback
    signup sign-up inline-signup paywall premium-hidden poll polls survey quiz embed-placeholder oembed-placeholder
    author-bio author-box author-description author-info-box about-author about-the-author inline-teaser teaser-list
    more-articles more-stories more-on read-next also-read up-next print-box printbox print-info
    copyright print-only skip-link location-stamp sendstarauthor listvideo list-video topic-box event-box
    """
)
BODY = _any_of(
    """
    article-body articlebody detail-content content-detail contentdetail article-content entry-content post-content
    news-content singular-content fck-detail maincontent main-content main-detail-body story-body storybody cms-body
    content-body body-content detail-body detailbody boxdetail text-long editor-content editor-detail fulltext bodytext
    article-text article-editor detail-text content-news noidung noi-dung the-article-body abody post-ct-entry post-body
    articlecontent article-detail-content detail-cmain article-main content-article story-content detail-post-content
    body-text entry-body art-body artbody viewdetail view-content item-content news-body newsbody mastercms-content
    """
)
LEAD = _any_of(
    """
    sapo lead summary sumary chapo chapeau chappeau standfirst excerpt description abs intro introtext dek deck desc tomtat
    tom-tat abstract article-lead
    """
)
CAPTION = _any_of(
    """
    caption captions figcaption photo-desc photo-cms-caption media-caption img-desc image-desc pcaption p-caption chu-thich
    chuthich wp-caption-text photo-caption image-caption pic-caption desc-image note-image image-note img-note picture-caption
    caption-photo title-photo
    """
)
BYLINE = _any_of(
    "author authors byline tac-gia tacgia nguoi-viet writer reporter user-post butdanh but-danh journalist",
    "name info top bot credit meta item detail",
)
SOURCE = _any_of("source sources nguon nguontin", "name text detail info")
TIMED = _any_of(
    """
    date datetime time timestamp publish published publishdate pubdate pdate posted ngay thoi-gian thoigian dateline created
    meta subinfo timeline
    """
)
CHANGED = _any_of("updated modified update lastmod")
TITLE = _any_of(
    """
    title-detail detail-title article-title post-title news-title title-news entry-title headline details-headline cms-title
    main-title title-post article-header-title title-article titledetail detail-headline
    """
)
COMMENTS = _any_of("comment comments commentlist comment-list replies reply binh-luan binhluan y-kien")
ELSEWHERE = _any_of("related relate lien-quan lienquan sidebar footer most-read doc-nhieu tin-khac")
NOT_THE_ARTICLES = _any_of(
    """
    comment related relate sidebar footer menu nav weather header-date current-date today time-now item newest most
    """
)
