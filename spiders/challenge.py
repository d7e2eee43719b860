"""Pages that are no pages: a tiny script that sets a cookie and reloads, in front of every address of some sites."""

import re

NEEDS_A_BROWSER = "needs a browser: the site answers with a script that sets a cookie and reloads"
LARGEST = 20_000  # bytes; the recorded ones have 177 to about 3,000, articles start at 10,000
SETS_COOKIE = re.compile(rb"document\s*\.\s*cookie\s*=", re.IGNORECASE)
MOVES_ON = re.compile(rb"location\s*\.\s*(reload|replace|assign|href)|location\s*=|history\s*\.\s*go", re.IGNORECASE)
MARKUP = re.compile(rb"<(script|style|noscript|title)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
MOST_TEXT = 200  # characters of visible text, such as "Please wait while we check your browser"


def is_challenge(body: bytes, cf_mitigated: bytes | None = None) -> bool:
    """Whether an answer only wants a browser to run a script. ``cf_mitigated`` is Cloudflare's header that says so itself."""
    if (cf_mitigated or b"").strip().lower() == b"challenge":
        return True
    if not body or len(body) > LARGEST or not SETS_COOKIE.search(body) or not MOVES_ON.search(body):
        return False
    visible = MARKUP.sub(b" ", body)
    return len(b" ".join(visible.split())) < MOST_TEXT
