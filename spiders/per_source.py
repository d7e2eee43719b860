"""What differs from source to source in how it is crawled."""

from typing import Any

from scrapy.settings import BaseSettings

from spiders.agent import user_agent
from spiders.chromium import launch_options, missing
from spiders.sources import Source


def source_settings(source: Source, settings: BaseSettings) -> dict[str, Any]:
    """The Scrapy settings of one source over the project's."""
    override = settings.get("VIETLAO_DELAY")
    delay = source.delay if override in (None, "") else float(override)
    own: dict[str, Any] = {
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_START_DELAY": delay,
        "USER_AGENT": user_agent(settings.get("VIETLAO_CONTACT") or ""),
    }
    if source.quirks.insecure_tls:
        own["DOWNLOAD_VERIFY_CERTIFICATES"] = False
    if source.quirks.needs_browser:
        own["PLAYWRIGHT_LAUNCH_OPTIONS"] = launch_options(settings)
    if settings.get("VIETLAO_SINCE"):
        own["CLOSESPIDER_TIMEOUT"] = 0  # a walk back takes the time that it takes
    return own


def why_skipped(source: Source, settings: BaseSettings) -> str | None:
    """Why a source is not crawled at all, or None."""
    if not source.enabled and not settings.getbool("VIETLAO_EVEN_DISABLED"):
        return f"disabled: {source.reason}"
    return missing(settings.get("VIETLAO_CHROMIUM") or "") if source.quirks.needs_browser else None


def lax_rules(source: Source) -> list[str]:
    """What is handled less strictly at this source than everywhere else, in sentences to be reported."""
    insecure = source.quirks.insecure_tls
    return [f"certificates are not verified: {insecure}"] if insecure else []
