"""Write the drawings of the documents: ``python -m boneage.report.drawings docs/drawings``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from boneage.report.drawings import carpals, cortex, finger, forearm, fusion, hand, plate, sesamoid, tubular

DRAWINGS: Final[dict[str, Callable[[], str]]] = {
    "tubular_bone.svg": tubular.draw,
    "growth_plate.svg": plate.draw,
    "fusion.svg": fusion.draw,
    "cortex.svg": cortex.draw,
    "joints.svg": finger.draw,
    "hand_scale.svg": hand.draw,
    "carpals.svg": carpals.draw,
    "forearm.svg": forearm.draw,
    "sesamoid.svg": sesamoid.draw,
}
"""File name to what draws it."""


def write_drawings(folder: Path) -> tuple[Path, ...]:
    """Draw everything anew into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS.items():
        (folder / name).write_text(draw(), encoding="utf-8")
    return tuple(folder / name for name in DRAWINGS)


if __name__ == "__main__":
    write_drawings(Path(sys.argv[1]))
