"""Exact duplicates: the digest under which two texts count as the same. Pure.

Only what never changes a word is folded: Unicode form, case, white space, invisible characters and typographic quotes and
dashes. Accents and numbers stay, so different reports never meet here; reprints that changed a word are no exact duplicates.
"""

import hashlib
import re
import unicodedata

# Shorter texts are captions and notices that a site prints over many headlines ("The page does not exist"), so there
# the headline must be the same too. Of 466 labelled full articles three are shorter than this, the fourth has 281 characters.
SELF_EVIDENT = 200

TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "..."})
SPACES = re.compile(r"\s+")


def folded(text: str) -> str:
    """The text as it is compared."""
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    spaced = SPACES.sub(" ", unicodedata.normalize("NFKC", visible)).strip()
    return unicodedata.normalize("NFC", spaced.translate(TYPOGRAPHY).casefold())


def text_digest(text: str, title: str | None) -> str | None:
    """SHA-256 of the folded text as hex; of headline and text for a short one; None when there is no text."""
    body = folded(text)
    if not body:
        return None
    compared = body if len(body) >= SELF_EVIDENT else f"{folded(title or '')}\n{body}"
    return hashlib.sha256(compared.encode("utf-8", "replace")).hexdigest()
