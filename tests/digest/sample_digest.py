"""An invented day of news, in our own words, that shows everything a digest can say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from relevance.estimate import RecallEstimate, Stratum
from relevance.verdict import Reason
from store.records import Coverage, NotRead, Sighting, Silence, SourceCoverage, StoredArticle
from store.revised import Revised, Revision
from store.storied import StoredStory, StoryReport, Told

UNTIL = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=1)
NOW = UNTIL + timedelta(minutes=2)


def hours(number: float) -> datetime:
    """So many hours after the window's begin."""
    return SINCE + timedelta(hours=number)


def article(number: int, **changes: object) -> StoredArticle:
    """A plain kept article, decided within the window, with whatever is to be different."""
    url = f"https://news.example/article-{number}.html"
    plain = StoredArticle(
        id=number,
        url=url,
        source="news-example",
        source_name="News Example",
        title=f"Border guards of both sides meet, part {number}",
        lead=None,
        text="Border guards of Vietnam and Laos met at the crossing on Friday to settle the patrol calendar. "
        "They will walk the line twice.",
        author=None,
        credit=None,
        lang="en",
        published=hours(number),
        published_source="jsonld",
        decided=hours(number) + timedelta(minutes=30),
        decision="keep",
        score=7.5,
        reasons=(Reason("Laos", "laos", "headline", 3.0), Reason("border guards", "defence", "headline", 2.5)),
        why_not_more="",
        quality=(),
        sightings=(Sighting(url, "news-example", "News Example", hours(number)),),
    )
    return replace(plain, **changes)


def sighting(source: str, name: str, path: str, hour: float) -> Sighting:
    return Sighting(f"https://{source}.example/{path}", source, name, hours(hour), hours(hour))


TALKS = article(
    1,
    url="https://en.qdnd.example/defence/talks-in-vientiane-100201",
    source="qdnd-en",
    source_name="People's Army Newspaper",
    title="Chiefs of general staff agree on a training calendar for 2027",
    lead=None,
    text="VIENTIANE — Sr. Lt. Gen. Trần Văn Mẫu and Lt. Gen. Bounmy Sample agreed in Vientiane on Nov. 20 to train 120 Lao "
    "officers at Vietnamese academies next year, No. 2 on a list of seven joint tasks. The first course opens in March 2027 "
    "at the Army Officer College and lasts ten months. A second round of talks is set for May.\n"
    "Trần Văn Mẫu at the talks.\nThe two sides signed the minutes.",
    lang="en",
    published=hours(14.2),
    decided=hours(14.75),
    reasons=(
        Reason("Vientiane", "laos", "lead", 2.0),
        Reason("Lao officers", "laos", "lead", 3.0),
        Reason("Army Officer College", "defence", "text", 1.5),
        Reason("Chiefs of general staff", "defence", "headline", 3.5),
        Reason("agree", "joint action", "headline", 1.0),
    ),
    sightings=(
        sighting("qdnd-en", "People's Army Newspaper", "talks", 14.2),
        sighting("vietnamplus-en", "VietnamPlus", "talks-in-vientiane", 15),
        sighting("vietnam-vn", "Vietnam.vn", "talks-in-vientiane", 17.5),
        sighting("vietnam-vn", "Vietnam.vn", "talks-in-vientiane-2", 18),
        sighting("einpresswire", "EIN Presswire", "talks", 19),
    ),
)
PATROL = article(
    2,
    url="https://bienphong.example/tuan-tra-song-phuong-post500123.html",
    source="bienphong",
    source_name="Báo Biên phòng",
    title="Bộ đội Biên phòng Quảng Trị và Đại đội 321 tuần tra song phương trước mùa mưa",
    lead="Ngày 20.11.2026, Đồn Biên phòng La Lay phối hợp Đại đội Biên phòng 321 tuần tra 18,5 km đường biên.",
    text="Ngày 20.11.2026, Đồn Biên phòng La Lay phối hợp Đại đội Biên phòng 321 tuần tra 18,5 km đường biên.\n"
    "Lực lượng hai bên kiểm tra sáu cột mốc. Ảnh: Văn Thử/BP\n"
    "QUẢNG TRỊ – Đoàn do Đại tá, PGS.TS. Lê Văn Mẫu chỉ huy đã phát quang sáu cột mốc và trao 40 suất quà "
    "cho bà con bản giáp biên. Hai bên hẹn gặp lại ở TP. Đông Hà vào tháng 12.",
    lang="vi",
    published=hours(10),
    decided=hours(20),
    credit="TTXVN",
    reasons=(
        Reason("Đại đội Biên phòng 321", "laos", "lead", 3.0),
        Reason("tuần tra song phương", "joint action", "headline", 3.0),
        Reason("Bộ đội Biên phòng", "defence", "headline", 2.5),
        Reason("Đồn Biên phòng", "defence", "lead", 2.0),
        Reason("cột mốc", "defence", "text", 0.8),
        Reason("đường biên", "defence", "lead", 0.7),
        Reason("Lao động", "laos", "text", -1.0),
    ),
    sightings=(),
)
REMAINS = article(
    3,
    url="https://baonghean.example/don-nhan-hai-cot-liet-si-2026",
    source="baonghean",
    source_name="Báo Nghệ An",
    title="Đón 12 hài cốt liệt sĩ quân tình nguyện từ Xiêng Khoảng về nước",
    text="Sáng 19/11, tỉnh Nghệ An đón nhận 12 hài cốt quân tình nguyện do Đội quy tập tìm thấy ở Xiêng Khoảng. "
    "Lễ truy điệu sẽ tổ chức tại nghĩa trang Anh Sơn vào tuần sau.",
    lang="vi",
    published=datetime(2026, 11, 18, 17, 0, tzinfo=UTC),
    published_source="url",
    decided=hours(3),
    reasons=(
        Reason("Xiêng Khoảng", "laos", "headline", 3.0),
        Reason("quân tình nguyện", "defence", "headline", 3.0),
        Reason("hài cốt liệt sĩ", "defence", "headline", 2.0),
    ),
    sightings=(),
    quality=("too-short",),
)
STATE_VISIT = article(
    4,
    url="https://en.vietnamplus.example/state-visit-post900.vnp",
    source="vietnamplus-en",
    source_name="VietnamPlus",
    title="Two prime ministers review trade, power lines and schools",
    text="The two prime ministers met in Hanoi on Friday. They also asked their defence ministries to keep up joint patrols.",
    decision="marginal",
    published=hours(8),
    decided=hours(9),
    score=3.1,
    reasons=(Reason("Lao prime minister", "laos", "lead", 2.0), Reason("defence ministries", "defence", "text", 0.8)),
    why_not_more="defence stands in one sentence of nine only; the strongest is “defence ministries” in the text",
    sightings=(sighting("vov-en", "VOV World", "visit", 8.5),),
)
FOOTBALL = article(
    5,
    url="https://thethao.example/tuyen-quan-doi-giao-huu",
    source="thethao",
    source_name="Thể thao & Đời sống",
    title=None,
    text="Đội bóng quân đội hai nước đá giao hữu ở Viêng Chăn tối thứ Sáu, tỉ số 2-2. Trận lượt về diễn ra tại Vinh.",
    decision="marginal",
    lang=None,
    published=None,
    published_source=None,
    decided=hours(5),
    reasons=(Reason("Viêng Chăn", "laos", "text", 1.5), Reason("đá giao hữu", "sport", "text", -2.0)),
    why_not_more="the armies meet on a football field; sport cancels the defence words beside it",
    sightings=(),
)

TALKS_VI = article(
    9,
    url="https://www.qdnd.example/doi-ngoai/hoi-dam-vieng-chan-700300",
    source="qdnd",
    source_name="Báo Quân đội nhân dân",
    title="Tổng Tham mưu trưởng hai nước thống nhất lịch huấn luyện năm 2027",
    text="Ngày 20/11, tại Viêng Chăn, hai Tổng Tham mưu trưởng thống nhất đào tạo 120 sĩ quan Lào trong năm tới.",
    lang="vi",
    published=hours(13.5),
    decided=hours(14.9),
    sightings=(),
)
TALKS_COPY = article(
    10,
    url="https://tongthuat.example/hai-nuoc-thong-nhat-lich-huan-luyen",
    source="",
    source_name="",
    title="Hai nước thống nhất lịch huấn luyện",
    text="Ngày 20/11, tại Viêng Chăn, hai Tổng Tham mưu trưởng thống nhất đào tạo 120 sĩ quan Lào.",
    lang="vi",
    decision="marginal",
    published=hours(19.5),
    decided=hours(20),
    sightings=(),
)
WREATHS = article(
    11,
    url="https://en.baonghean.example/wreaths-at-anh-son-2026",
    source="baonghean-en",
    source_name="Nghe An News",
    title="Lao delegation lays wreaths at Anh Son",
    lang="en",
    published=hours(16),
    decided=hours(17),
    sightings=(),
)


def reported(by: StoredArticle, counted: str, **changes: object) -> StoryReport:
    """An article as its story tells it."""
    plain = StoryReport(
        by.id, by.url, by.source_name or "tongthuat.example", by.title or "", by.lang, by.published or by.decided, by.decision,
        "report", counted,
    )  # fmt: skip
    return replace(plain, **changes)


TALKS_EVENT = StoredStory(
    id=31,
    headlines={"vi": TALKS_VI.title, "en": TALKS.title},
    event=(date(2026, 11, 20), date(2026, 11, 20)),
    place="Vientiane",
    kind="talks",
    participants=(),
    first_report=hours(13.5),
    last_report=hours(19.5),
    independent=2,
    reprints=3,
    outlets=("Báo Quân đội nhân dân", "People's Army Newspaper", "VietnamPlus", "Vietnam.vn", "tongthuat.example"),
    reports=(
        reported(TALKS_VI, "independent", role="first report"),
        reported(TALKS, "independent"),
        reported(TALKS, "reprint", url=TALKS.sightings[1].url, outlet="VietnamPlus", role="reprint", original=1),
        reported(TALKS, "reprint", url=TALKS.sightings[2].url, outlet="Vietnam.vn", role="reprint", original=1),
        reported(TALKS_COPY, "reprint", role="reprint", original=9, credit="qdnd"),
    ),
)
WREATHS_EVENT = StoredStory(
    id=17,
    headlines={"vi": "Nghệ An đón đoàn cựu chiến binh Lào"},
    event=(date(2026, 11, 17), date(2026, 11, 19)),
    place="Nghệ An",
    kind="remembrance",
    participants=(),
    first_report=hours(-50),
    last_report=hours(16),
    independent=3,
    reprints=1,
    outlets=("Báo Nghệ An", "Nghe An News"),
    reports=(reported(WREATHS, "independent"),),
    told=Told(40, SINCE, "keep"),
)
EVENTS = {1: TALKS_EVENT, 9: TALKS_EVENT, 10: TALKS_EVENT, 11: WREATHS_EVENT}


def revision(number: int, of: StoredArticle, kind: str, hour: float, there: float, reason: str, **changes: object) -> Revision:
    plain = Revision(
        id=number, url=of.url, source_name=of.source_name, article=of.id, kind=kind, at=hours(hour), there=hours(there),
        reason=reason, old_title=None, old_text=None, title=None, text=None, old_decision="keep", decision="keep",
        recorded=hours(hour),
    )  # fmt: skip
    return replace(plain, **changes)


def edit(number: int, of: StoredArticle, hour: float, there: float, before: str, after: str, **changes: object) -> Revision:
    fields = {"old_title": of.title, "title": of.title, "old_text": before, "text": after} | changes
    return revision(number, of, "edited", hour, there, "as the store says", **fields)


CRASH = article(
    6,
    url="https://news.example/convoy.html",
    title="Convoy reaches Vinh with 17 trucks",
    text="The convoy left Khammouane on Tuesday with 17 trucks. It reached Vinh that night.",
    decided=hours(-40),
)
CAMP = article(
    7, url="https://thethao.example/trai-he", source_name="Thể thao & Đời sống", title="Trại hè thiếu nhi", lang="vi"
)
FLAG = article(8, url="https://baonghean.example/chao-co", source_name="Báo Nghệ An", title="Lễ chào cờ nơi cột mốc", lang="vi")
REVISED = (
    Revised(
        CRASH,
        CRASH.url,
        CRASH.source_name,
        (
            edit(
                1,
                CRASH,
                9,
                -15,
                "The convoy left Khammouane on Tuesday with 15 trucks and two guns. It reached Vinh that night. It was led.",
                "The convoy left Khammouane on Tuesday with 16 trucks. It reached Vinh that night.",
                old_title="Convoy of 15 trucks and two guns reaches Vinh",
            ),
            edit(
                2,
                CRASH,
                15,
                9,
                "The convoy left Khammouane on Tuesday with 16 trucks. It reached Vinh that night.",
                CRASH.text,
                decision="marginal",
            ),
        ),
    ),
    Revised(
        CAMP,
        CAMP.url,
        CAMP.source_name,
        (revision(3, CAMP, "gone", 7, -17, "sends us to https://thethao.example/, which is not an article"),),
    ),
    Revised(
        FLAG,
        FLAG.url,
        FLAG.source_name,
        (
            revision(4, FLAG, "gone", 3, -30, "answered 410 Gone"),
            revision(5, FLAG, "back", 6, -30, "it is there again"),
            edit(
                6,
                FLAG,
                6,
                -30,
                "Sáng thứ Hai, 40 chiến sĩ dự lễ. Gió rất to. Cờ bay cao. Bà con đến xem. Trời nắng. Lễ kéo dài một giờ.",
                "Sáng thứ Hai, 42 chiến sĩ dự lễ. Lễ kéo dài hai giờ. Một tiểu đội Lào cùng dự.",
            ),
        ),
    ),
)


def source(name: str, state: str = "read", seen: int = 0, **changes: object) -> SourceCoverage:
    key = name.casefold().replace(" ", "-")
    plain = SourceCoverage(key, name, state, None, hours(23), hours(20), seen, 0, 0, max(0, seen - 1), 0)
    return replace(plain, **changes)


COVERAGE = Coverage(
    runs=48,
    sources=(
        source("People's Army Newspaper", seen=41, kept=1),
        source("Báo Biên phòng", seen=33, kept=1),
        source("Báo Nghệ An", seen=118, kept=1),
        source("VietnamPlus", seen=96, marginal=1),
        source("Thể thao & Đời sống", seen=1204, marginal=1),
        source("Báo Sơn La", newest=hours(-429)),
        source(
            "Nhân Dân", state="partly", seen=57, reason="2 of 5 feeds answered 404: /rss/quoc-phong.rss, /rss/bien-gioi.rss"
        ),
        source(
            "Ministry of National Defence",
            state="failed",
            reason="the certificate ran out on 18 November",
            last_read=hours(-60),
        ),
        source(
            "Lào Cai Online", state="failed", reason="no answer within 30 seconds, three times", last_read=None, newest=None
        ),
        source("Báo Điện Biên", state="skipped", reason="robots.txt asks everybody to stay away"),
        source("Thời Đại", state="untried", reason="the run was stopped before its turn"),
        source("Lao Động", state="disabled", reason="needs a browser: a script sets the cookie that its pages ask for"),
    ),
    seen=1549,
    kept=3,
    marginal=2,
    dropped=1537,
    failed=4,
    rejected=2,
    gone=1,
    waiting=3,
    retried=2,
    not_read=(
        NotRead(
            "https://en.qdnd.example/preview/border-patrols-552991",
            "People's Army Newspaper",
            "Draft of a report on border patrols",
            "refused",
            "the robots.txt of en.qdnd.example disallows it",
        ),
        NotRead("https://baonghean.example/tai-ve-457", "Báo Nghệ An", None, "refused", "the answer is larger than 16 MiB"),
        NotRead("https://vietnamplus.example/cu-789.vnp", "VietnamPlus", "Tin cũ", "gone", "answered 410 Gone"),
        NotRead("https://nhandan.example/anh-hai-nuoc-post123.html", "Nhân Dân", None, "failed", "no text was found"),
        NotRead("https://baonghean.example/video-456", "Báo Nghệ An", None, "failed", "84 characters"),
        *(
            NotRead(f"https://baonghean.example/tin-{number}", "Báo Nghệ An", None, "tried again", "answered 503")
            for number in (501, 502)
        ),
    ),
    attention=(
        ("https://nhandan.example/anh-hai-nuoc-post123.html", "no text: the page holds pictures only"),
        ("https://baonghean.example/video-456", "too short: 84 characters"),
    ),
    recall=RecallEstimate(
        since=hours(-29 * 24),
        until=hours(12),
        drawn=hours(12),
        shown=118,
        known=1,
        apart=0,
        strata=(Stratum("judged", 930, 120, 1), Stratum("unread", 45_210, 150, 0, 1)),
    ),
)
QUIET_SINCE = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SILENCES = (Silence("báo-sơn-la", "Báo Sơn La", QUIET_SINCE, UNTIL - QUIET_SINCE, timedelta(hours=31)),)
ARTICLES = (STATE_VISIT, TALKS, FOOTBALL, REMAINS, PATROL)
REPORTED = (TALKS_VI, TALKS_COPY, WREATHS)
NOTHING = Coverage(0, (source("Báo Sơn La", state="untried", reason="no crawl ran"),), 0, 0, 0, 0, 0, 0)
