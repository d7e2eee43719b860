"""Fixtures of this folder. The rig beside it is imported by name, also inside the crawls' own processes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from rig_site import serving


@pytest.fixture
def site():
    with serving() as site:
        yield site
