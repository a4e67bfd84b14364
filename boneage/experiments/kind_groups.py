"""The groups that the ablation takes the measurements apart into, by what they tell. Imports nothing heavy.

Every kind of `boneage.measurement.definitions.KINDS` is in exactly one group; a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from boneage.errors import UsageError


@dataclass(frozen=True)
class KindGroup:
    """A group of kinds of measurement.

    Attributes
    ----------
    name, description:
        What it is called, and what it tells in a sentence.
    kinds:
        Names of kinds, the part of a measurement's name after the dot.
    """

    name: str
    description: str
    kinds: frozenset[str]


GROUPS: Final[tuple[KindGroup, ...]] = (
    KindGroup(
        "lengths",
        "distances along the bones and between them, in units of the hand scale",
        frozenset({"length_ratio", "shaft_length_ratio", "joint_space_ratio", "height_ratio", "variance_ratio"}),
    ),
    KindGroup(
        "ratios",
        "shapes: one size of a bone over another of the same bone",
        frozenset(
            {
                "width_ratio",
                "metacarpal_index",
                "epiphysis_width_ratio",
                "epiphysis_height_ratio",
                "epiphysis_shape_ratio",
            }
        ),
    ),
    KindGroup(
        "maturity",
        "ossification: growth plates and their closing, carpals, and which centres are there at all",
        frozenset({"gap_ratio", "plate_contrast", "fusion", "size_ratio", "area_share", "centres", "contrast"}),
    ),
)
"""The partition. That a measurement is there or missing counts as maturity and speaks only beside that group."""


@dataclass(frozen=True)
class MeasurementSet:
    """The measurements of one table of the ablation: those of some groups."""

    name: str
    groups: tuple[str, ...]

    @property
    def presence(self) -> bool:
        """Whether it speaks for an age that a measurement is there or missing."""
        return "maturity" in self.groups

    def columns(self, names: Iterable[str]) -> list[str]:
        """Return those of the measurements that are in the set, in their order (errors as in `group_of`)."""
        return [name for name in names if group_of(name) in self.groups]


_NAMES: Final = tuple(group.name for group in GROUPS)

ALONE: Final = (*(MeasurementSet(name, (name,)) for name in _NAMES), MeasurementSet("all", _NAMES))
"""Each group alone, and all together."""

LEFT_OUT: Final = tuple(
    MeasurementSet(f"all but {name}", tuple(other for other in _NAMES if other != name)) for name in _NAMES
)
"""All but one group."""


def group_of(measurement: str) -> str:
    """Return the group of a measurement by its name ``<bone>.<kind>``.

    Raises
    ------
    UsageError
        With code ``unknown_measurement`` if its kind is in no group.
    """
    kind = measurement.rpartition(".")[2]
    for group in GROUPS:
        if kind in group.kinds:
            return group.name
    msg = f"the measurement {measurement[:60]} belongs to no group"
    raise UsageError("unknown_measurement", msg, remedy="measure the films again with this version")
