"""Data flows one way: a room never imports one that comes after it (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOMS = ("radiograph", "segmentation", "measurement", "reference", "regression", "result", "quality", "report")
"""In the order in which a film goes through them."""


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, lazily or for types only included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_rooms_before_it(room: str, project_root: Path) -> None:
    later = {f"boneage.{name}" for name in ROOMS[ROOMS.index(room) + 1 :]}
    against = {
        f"{path.name} imports {module}"
        for path in (project_root / "boneage" / room).rglob("*.py")
        for module in imported(path)
        if ".".join(module.split(".")[:2]) in later
    }
    assert against == set()
