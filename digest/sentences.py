"""Where a sentence ends, in Vietnamese and English news prose.

A full stop ends a sentence unless it belongs to an abbreviation, an initial or a number. Both languages put a capital,
a figure or an opening quote after it; Vietnamese capitals are Unicode's, so one rule serves both.
"""

import regex

# A possible end: stops, then closing quotes or brackets, blank, and what opens the next sentence.
END = regex.compile(r"""(?P<stop>[.!?…]+)['"’”»)\]]*(?P<blank>\s+)(?=['"‘“«(\[–—-]*\s?[\p{Lu}\p{N}])""")

# The word that carries the stop, with the stops inside it ("PGS.TS", "Sr", "U.S").
CARRIER = regex.compile(r"[\p{L}\p{N}/&.]+\Z")

ENGLISH = """
    Gen Lt Maj Col Capt Cpt Cdr Cmdr Brig Sgt Cpl Pvt Adm Sr Jr Snr Jnr Dr Prof Mr Mrs Ms Messrs Hon Rev St Mt Ft
    Gov Sen Rep Amb Pres Min Dept Div Regt Bde Bn Inc Ltd Co Corp No Nos Art Vol Fig pp vs etc approx est ca cf
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
"""
VIETNAMESE = """
    TP Tp tp TX Tx tx TT tt Th ThS Ths TS Ts PGS GS BS Bs BSCK KS LS CN NSND NSƯT NGND NGƯT AHLLVTND Đ/c đ/c Đc đc ĐC
    Tr tr Q P H X T Ô Đ Nxb NXB tlđd vv v.v
"""
ABBREVIATIONS = frozenset((ENGLISH + VIETNAMESE).split())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of one block of text, in order, blanks at their ends taken away; joined by blanks they are the block."""
    found, start = [], 0
    for end in END.finditer(text):
        if _ends(text, end):
            found.append(text[start : end.start("blank")])
            start = end.end("blank")
    found.append(text[start:])
    return tuple(sentence.strip() for sentence in found if sentence.strip())


def _ends(text: str, end: regex.Match[str]) -> bool:
    if end["stop"] != ".":
        return True
    carrier = CARRIER.search(text, max(0, end.start() - 20), end.start())
    word = carrier.group() if carrier else ""
    if word.isdigit():
        return not (len(word) <= 2 and text[end.end() : end.end() + 1].isdigit())
    return not _is_abbreviation(word)


def _is_abbreviation(word: str) -> bool:
    """Every piece between stops is a known short form or a single letter ("PGS.TS", "U.S", "Nguyễn T")."""
    pieces = word.split(".")
    return bool(word) and all(piece in ABBREVIATIONS or (len(piece) == 1 and piece.isalpha()) for piece in pieces)
