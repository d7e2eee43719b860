"""Sites that show nothing to a visitor without their cookie."""

from hashlib import md5

from monitor.replica.answers import Answer, Request, redirect
from monitor.replica.sites import Site


def cookie_value(site: Site) -> str:
    """The same at every start, as long as real ones."""
    return md5(site.host.encode(), usedforsecurity=False).hexdigest()


def gate(site: Site, request: Request) -> Answer | None:
    """The gate page, or None for a visitor that may pass."""
    if not site.gate or request.cookie(site.gate_cookie) == cookie_value(site):
        return None
    return _redirect_to_itself(site, request) if site.gate == "self-redirect" else _reload_by_script(site)


def _redirect_to_itself(site: Site, request: Request) -> Answer | None:
    """302 to the same address with an empty body and a cookie; the robots file is open to all."""
    if request.path == "/robots.txt":
        return None
    return redirect(request.url).adding(("Set-Cookie", f"{site.gate_cookie}={cookie_value(site)}; path=/"))


def _reload_by_script(site: Site) -> Answer:
    """Status 200 on every path, the robots file included: a script sets a cookie and reloads."""
    cookie = f"{site.gate_cookie}={cookie_value(site)}"
    script = f'document.cookie="{cookie}"+"; expires=Fri, 31 Dec 2049 23:59:59 GMT; path=/";window.location.reload(true);'
    body = f"<html><body><script>{script}</script></body></html>\n"
    return Answer(200, body.encode(), (("Content-Type", "text/html"), ("Cache-Control", "no-cache")))
