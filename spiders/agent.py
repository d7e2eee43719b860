"""How we introduce ourselves."""

import re
from importlib.metadata import version

TOKEN = "vietlao"  # noqa: S105 - the product token of RFC 9110 and 9309, which robots files may name


def user_agent(contact: str) -> str:
    """``vietlao/VERSION (+contact)``: who asks and how to reach them. Line ends and odd characters cannot enter a header."""
    known = re.sub(r"[^\x21-\x7e]+", " ", contact).strip(" ()")
    return f"{TOKEN}/{version('vietlao')} (+{known or 'no contact given'})"
