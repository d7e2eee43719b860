"""The shape of the house: imports point one way, rooms have no side doors."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("seeds", "spiders", "extract", "relevance", "store", "digest", "monitor")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported_rooms(path: Path) -> set[str]:
    """The rooms whose modules a file imports, at its top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            found.add(node.module.split(".")[0])
    return found & set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_rooms_upstream_of_it(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    downstream = set(ROOMS[ROOMS.index(room) + 1 :])
    assert imported_rooms(path) & downstream == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_s_front_door_is_empty(room: str) -> None:
    assert (ROOT / room / "__init__.py").read_text(encoding="utf-8") == ""
