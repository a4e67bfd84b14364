"""What a reader corrects on one film."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from boneage.anatomy import BONES
from boneage.combination import OLDEST_MONTHS
from boneage.errors import UsageError

Point = tuple[float, float]
Ends = tuple[Point, Point]

CARPALS: Final = "carpals"
PARTS: Final = (*BONES, CARPALS)
"""What can be left out of the lookup."""

EDGE_SHARE: Final = 0.01
"""So much of the film's longer side an end may lie beyond its edge, as those of a bone that is cut off may."""

_REMEDY: Final = "see docs/correction.md for what can be corrected"


@dataclass(frozen=True)
class Correction:
    """A reader's corrections.

    Attributes
    ----------
    moved:
        Bone to its proximal and distal end, ``[x, y]`` in pixels of the film.
    excluded:
        Bones, or ``carpals``, that are not to speak for an age.
    final_months:
        The bone age that the reader settles on, in months; ``None`` leaves the answer to the program.
    comment, reader:
        In the reader's own words.

    Raises
    ------
    UsageError
        With code ``bad_correction`` for an unknown bone, an end that is no point, two ends in one place, or an age
        outside 0 to 240 months.
    """

    moved: Mapping[str, Ends] = field(default_factory=dict)
    excluded: tuple[str, ...] = ()
    final_months: float | None = None
    comment: str = ""
    reader: str = ""

    def __post_init__(self) -> None:
        for name in self.moved:
            if name not in BONES:
                _refuse(f"{name[:40]!r} is no bone whose ends can be moved")
        for name, ends in self.moved.items():
            if not all(math.isfinite(number) for point in ends for number in point) or math.dist(*ends) < 1:
                _refuse(f"the ends of {name} are not two points apart")
        for name in self.excluded:
            if name not in PARTS:
                _refuse(f"{name[:40]!r} is nothing that can be left out")
        if self.final_months is not None and not 0 <= self.final_months <= OLDEST_MONTHS:
            _refuse(f"a bone age of {self.final_months:g} months is outside 0 to {OLDEST_MONTHS:g}")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was corrected."""
        return self == Correction()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Correction:
        """Read a correction from JSON: ``{moved: {bone: [[x, y], [x, y]]}, excluded, final_months, comment, reader}``.

        Raises
        ------
        UsageError
            With code ``bad_correction`` if it is not such a JSON.
        """
        try:
            moved = {str(bone): _ends(ends) for bone, ends in dict(data.get("moved") or {}).items()}
            excluded = tuple(str(name) for name in data.get("excluded") or ())
            final = data.get("final_months")
            return cls(
                moved,
                excluded,
                None if final is None else float(final),
                str(data.get("comment") or ""),
                str(data.get("reader") or ""),
            )
        except (TypeError, ValueError, AttributeError) as error:
            msg = f"the correction cannot be understood ({type(error).__name__})"
            raise UsageError("bad_correction", msg, remedy=_REMEDY) from error


def off_film(moved: Mapping[str, Ends], shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the bones of which an end was put off a film of this shape, (rows, columns)."""
    rows, columns = shape
    slack = EDGE_SHARE * max(shape)

    def is_off(point: Point) -> bool:
        x, y = point
        return not (-slack <= x <= columns + slack and -slack <= y <= rows + slack)

    return tuple(name for name, ends in moved.items() if any(map(is_off, ends)))


def _ends(value: Any) -> Ends:
    (x1, y1), (x2, y2) = value
    return (float(x1), float(y1)), (float(x2), float(y2))


def _refuse(msg: str) -> None:
    raise UsageError("bad_correction", msg, remedy=_REMEDY)
