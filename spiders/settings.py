"""Scrapy's settings for this project, each with its reason. ``tests/spiders/test_settings.py`` asserts those that keep us safe.

Settings of our own begin with VIETLAO_ (MEMORY excepted) and take their defaults from the environment.
"""

import os

from spiders.agent import user_agent

BOT_NAME = "vietlao"
SPIDER_LOADER_CLASS = "spiders.loader.SourceLoader"
SPIDER_MODULES: list[str] = []  # spiders are made from the source file, not found in modules
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"  # robots and Retry-After wait with asyncio

# -- ours

VIETLAO_HOME = os.environ.get("VIETLAO_HOME", "") or os.getcwd()  # noqa: PTH109 - settings are plain strings
VIETLAO_SOURCES = os.environ.get("VIETLAO_SOURCES", "")  # empty: the file in the seeds package
VIETLAO_TOPIC = os.environ.get("VIETLAO_TOPIC", "")
VIETLAO_PEOPLE = os.environ.get("VIETLAO_PEOPLE", "")
VIETLAO_SINCE = os.environ.get("VIETLAO_SINCE", "")  # walk sitemaps and listings back to this date
VIETLAO_RUN = os.environ.get("VIETLAO_RUN", "")
VIETLAO_DELAY = os.environ.get("VIETLAO_DELAY", "")  # seconds instead of every source's own delay; robots files still count
VIETLAO_LOOPBACK = os.environ.get("VIETLAO_LOOPBACK", "") in ("1", "true", "True", "yes")  # rehearsals on this machine only
VIETLAO_CONTACT = os.environ.get("VIETLAO_CONTACT", "")  # mail or web address of whoever runs this
VIETLAO_CHROMIUM = os.environ.get("VIETLAO_CHROMIUM", "")  # the browser's path; empty: chromium on PATH
VIETLAO_CHROMIUM_SANDBOX = os.environ.get("VIETLAO_CHROMIUM_SANDBOX", "") not in ("0", "false", "False", "no")
VIETLAO_RENDER_TIMEOUT = 300  # seconds for a page in the browser: two of them asking thirty times each at a delay of five
VIETLAO_LIMIT = 0  # articles a source in one run; 0: all
VIETLAO_EVEN_DISABLED = False  # sources that are switched off are crawled too (a check of them)
MEMORY = "store.ledger.Ledger"
ITEM_PIPELINES = {"store.pipeline.StorePipeline": 300}

# -- who we are


USER_AGENT = user_agent(VIETLAO_CONTACT)  # made again for each spider, in case the contact comes as a setting
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.8,lo;q=0.5",
    # what every server can do; Brotli and zstd are decoded under the same cap when they come unasked
    "Accept-Encoding": "gzip, deflate",
}

# -- polite

ROBOTSTXT_OBEY = False  # Scrapy's middleware; spiders.robots.Robots replaces it and cannot be switched off
CONCURRENT_REQUESTS = 4  # of one source; sources run side by side
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 2.0  # a source's own delay replaces it
DOWNLOAD_DELAY_JITTER = 0.0  # jitter would undercut what a robots file asks for
AUTOTHROTTLE_ENABLED = True  # never faster than the site answers
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
RETRY_TIMES = 2
RETRY_EXCEPTIONS = [  # not a time-out: asking a struggling site again at once helps nobody, the next run will
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectionLost",
    "scrapy.core.downloader.handlers.http11.TunnelError",
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the reason is recorded as the fate of the address
COOKIES_ENABLED = False  # Scrapy's middleware; spiders.guards.SessionCookies serves the sources that ask for it
REFERER_ENABLED = False  # nobody needs to know where we came from
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False  # front pages reload themselves, and challenge pages want just that
REDIRECT_MAX_TIMES = 5
REDIRECT_PRIORITY_ADJUST = 0

# -- safe

DOWNLOAD_HANDLERS = {
    "http": "spiders.network.GuardedDownloadHandler",
    "https": "spiders.network.GuardedDownloadHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # quirks.insecure_tls of a source is the only exception, and is reported
DOWNLOAD_MAXSIZE = 16 * 2**20  # bytes, both as sent and after decompression
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60  # seconds in all, from the connection to the last byte: a slow drip ends here too
DOWNLOAD_FAIL_ON_DATALOSS = True  # half a page is no page
DNS_TIMEOUT = 20
CLOSESPIDER_TIMEOUT = 3600  # seconds a source; what is left waits for the next run (no limit with VIETLAO_SINCE)
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPCACHE_ENABLED = False
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the spider dedupes; Scrapy's filter would drop redirects in silence
URLLENGTH_LIMIT = 0  # Scrapy would drop long addresses in silence; the spider refuses them with a reason

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "spiders.guards.ListedHosts": 50,
    "spiders.robots.Robots": 100,
    "spiders.patience.PatientRetry": 550,
    "spiders.guards.Redirects": 600,
    "spiders.guards.SessionCookies": 700,
    "spiders.browser.Browser": 950,  # behind all others: it takes the place of the network
}
# -- the browser, for sources that need one

PLAYWRIGHT_BROWSER_PROVIDER = "spiders.chromium_process.OneChromium"
PLAYWRIGHT_ABORT_REQUEST = "spiders.browser_page.always"  # its own way to the network stays shut
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 2  # as many as requests to one host
PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT = VIETLAO_RENDER_TIMEOUT * 1000  # milliseconds

EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "spiders.patience.Throttle": 0,
}

# -- quiet

LOG_LEVEL = os.environ.get("VIETLAO_LOG_LEVEL", "") or "INFO"
LOG_VERSIONS: list[str] = []
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # newest first, as the places list them
