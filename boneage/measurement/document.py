"""The generated parts of ``docs/measurements.md``.

Run with ``python -m boneage.measurement.document docs/measurements.md`` after changing a definition.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from boneage.anatomy import BONES, TUBULAR_BONES
from boneage.measurement.definitions import CARPALS, DEFINITIONS, KINDS


def values_table() -> Iterator[str]:
    """Yield the lines of the Markdown table of all scale-free values."""
    yield "| value | on | unit | formula | meaning |"
    yield "|---|---|---|---|---|"
    for kind in KINDS:
        name = f"`{kind.bones[0] if len(kind.bones) == 1 else '<bone>'}.{kind.name}`"
        yield f"| {name} | {_bones_in_words(kind.bones)} | {kind.unit} | {kind.formula} | {kind.description} |"
    yield ""
    yield f"Together {len(DEFINITIONS)} values. S is the hand scale; B, V and T are the grey levels named above."


def _bones_in_words(bones: tuple[str, ...]) -> str:
    """Name a group of bones."""
    if bones == (CARPALS,):
        return "carpals"
    if bones == BONES:
        return f"all {len(bones)} bones"
    if bones == TUBULAR_BONES:
        return f"the {len(bones)} tubular bones"
    if set(bones) == {bone for bone in TUBULAR_BONES if "phalanx" in bone}:
        return f"the {len(bones)} phalanges"
    return ", ".join(f"`{bone}`" for bone in bones)


def between_markers(text: str, part: str, lines: Iterator[str]) -> str:
    """Return the text with the lines between ``<!-- part: begin -->`` and ``<!-- part: end -->`` replaced."""
    before, rest = text.split(f"<!-- {part}: begin -->\n", 1)
    _, after = rest.split(f"<!-- {part}: end -->", 1)
    return f"{before}<!-- {part}: begin -->\n" + "".join(f"{line}\n" for line in lines) + f"<!-- {part}: end -->{after}"


def main(path: Path) -> None:
    """Write the generated parts of the page anew."""
    from boneage.measurement.precision import table  # measures 2,000 drawn bones: not needed to import this module

    text = between_markers(path.read_text(encoding="utf-8"), "values", values_table())
    path.write_text(between_markers(text, "precision", table()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
