import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = [f"{name}.{kind}" for name in ("full", "nothing-found", "no-crawl") for kind in ("html", "txt")]


@pytest.mark.parametrize("name", NAMES)
def test_digest_is_as_blessed(bless, name):
    assert bless.rendered()[name] == (bless.GOLDEN / name).read_text(encoding="utf-8"), (
        "the rendering changed; if that is meant: python tests/digest/bless.py, and read the diff"
    )


def test_every_golden_file_is_tested(bless):
    assert sorted(file.name for file in bless.GOLDEN.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize(("zone", "locale"), [("America/New_York", "C"), ("Asia/Tokyo", "tr_TR.UTF-8")])
def test_rendering_does_not_depend_on_the_machine(bless, zone, locale):
    code = (
        "import locale, sys; sys.path.insert(0, sys.argv[1])\n"
        "try: locale.setlocale(locale.LC_ALL, '')\n"
        "except locale.Error: pass\n"
        "import bless; sys.stdout.buffer.write(bless.rendered()['full.html'].encode())"
    )
    environment = os.environ | {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": "7"}
    result = subprocess.run(
        [sys.executable, "-c", code, str(Path(bless.__file__).parent)], env=environment, capture_output=True, check=True
    )
    assert result.stdout.decode() == bless.rendered()["full.html"]
