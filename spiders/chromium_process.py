"""One Chromium for all sources of this process. Needs the extra ``browser``."""

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright
from scrapy.exceptions import NotSupported
from scrapy_playwright.handler import Config

from spiders.refusals import Refused

PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "XDG_RUNTIME_DIR", "LD_LIBRARY_PATH")  # no secrets, and no proxies

logger = logging.getLogger(__name__)


class Running:
    """Chromium and Playwright's driver, with a home folder that goes away with them."""

    def __init__(self, playwright: Playwright, home: "tempfile.TemporaryDirectory[str]", browser: Browser) -> None:
        self.playwright, self.home, self.browser = playwright, home, browser

    @classmethod
    async def start(cls, options: dict[str, Any]) -> "Running":
        """Raises playwright's Error when Chromium does not start."""
        home = tempfile.TemporaryDirectory(prefix="vietlao-chromium-", ignore_cleanup_errors=True)
        playwright = await async_playwright().start()
        environment: dict[str, str | float | bool] = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment["HOME"] = home.name
        if not options["chromium_sandbox"]:
            logger.warning("Chromium runs without its sandbox, because this runs as root or VIETLAO_CHROMIUM_SANDBOX says so")
        try:
            browser = await playwright.chromium.launch(env=environment, **options)
        except BaseException:
            await playwright.stop()
            home.cleanup()
            raise
        return cls(playwright, home, browser)

    async def stop(self) -> None:
        await self.browser.close()
        await self.playwright.stop()
        self.home.cleanup()


class Lent:
    """What scrapy-playwright sees of the shared browser: closing it only gives it back."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.listeners: list[tuple[Any, Callable[..., Any]]] = []

    def on(self, event: Any, listener: Callable[..., Any]) -> None:
        self.listeners.append((event, listener))
        self.browser.on(event, listener)

    async def new_context(self, **options: Any) -> BrowserContext:
        return await self.browser.new_context(**options)

    async def close(self) -> None:
        for event, listener in self.listeners:
            self.browser.remove_listener(event, listener)


class OneChromium:
    """scrapy-playwright's browser provider, one a source: Chromium starts with the first page that any source wants rendered
    and ends with the last source that wanted one."""

    running: Running | None = None
    borrowers: set["OneChromium"] = set()  # noqa: RUF012 - shared on purpose
    lock = asyncio.Lock()

    def __init__(self, config: Config) -> None:
        self.options: dict[str, Any] = config.launch_options
        self.failure: str | None = None

    async def start(self) -> None:
        """Nothing is started before it is needed."""

    async def launch_browser(self) -> Lent:
        """Raises Refused when Chromium does not start; it is tried once a source, and the log has what it said."""
        if self.failure is None:
            try:
                return await self.borrow()
            except Error as error:
                logger.error("Chromium does not start: %s", error)
                hint = "; where a container forbids its sandbox, set VIETLAO_CHROMIUM_SANDBOX=0"
                self.failure = "Chromium does not start, the log says why" + (hint if self.options["chromium_sandbox"] else "")
        raise Refused(self.failure, stage="fetched", outcome="failed")

    async def borrow(self) -> Lent:
        shared = OneChromium
        async with shared.lock:
            if shared.running is not None and not shared.running.browser.is_connected():
                await shared.running.stop()  # it crashed
                shared.running = None
            if shared.running is None:
                shared.running = await Running.start(self.options)
            shared.borrowers.add(self)
            return Lent(shared.running.browser)

    async def launch_persistent_context(self, options: dict[str, Any]) -> BrowserContext:
        raise NotSupported("no profile is kept")

    async def close(self) -> None:
        shared = OneChromium
        async with shared.lock:
            shared.borrowers.discard(self)
            if shared.running is not None and not shared.borrowers:
                running, shared.running = shared.running, None
                await running.stop()
