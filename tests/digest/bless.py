"""Write the golden digests anew, to be read in the diff: python tests/digest/bless.py"""

from dataclasses import replace
from pathlib import Path

import sample_digest

from digest.render import render_html, render_text
from digest.selection import Digest, select

GOLDEN = Path(__file__).parent / "golden"


def digests() -> dict[str, Digest]:
    """What is kept as golden files, by name."""
    window = (sample_digest.SINCE, sample_digest.UNTIL, "daily", sample_digest.NOW)
    return {
        "full": select(
            sample_digest.ARTICLES + sample_digest.REPORTED,
            sample_digest.COVERAGE,
            *window,
            silences=sample_digest.SILENCES,
            revised=sample_digest.REVISED,
            stories=sample_digest.EVENTS,
        ),
        "nothing-found": select([], replace(sample_digest.COVERAGE, kept=0, marginal=0), *window),
        "no-crawl": select([], sample_digest.NOTHING, *window),
    }


def rendered() -> dict[str, str]:
    """The text of every golden file, by file name."""
    pages = {f"{name}.html": render_html(digest) for name, digest in digests().items()}
    return pages | {f"{name}.txt": render_text(digest) for name, digest in digests().items()}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, text in rendered().items():
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {GOLDEN / name}")
