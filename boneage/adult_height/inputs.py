"""The inputs of each method: one frozen object a method, and what each of its fields means.

Every field may be ``None``, which means *not given*: `HeightInputs.missing` lists what the method still needs. Nothing
is filled in for the user. Lengths are in cm, weights in kg, ages in months.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import ClassVar, Final, Literal

from boneage.adult_height.scales import SCALES, Scale
from boneage.errors import UsageError
from boneage.keyed_text import keyed
from boneage.reference.rows import SEXES, Sex

INCH_CM: Final = 2.54
"""Centimetres in an inch."""

POUND_KG: Final = 0.45359237
"""Kilograms in a pound (avoirdupois), exact by definition."""

STANDING_TO_RECUMBENT_CM: Final = 1.25
"""What Roche, Wainer and Thissen add to a standing height to have a recumbent length."""

LENGTH_MINUS_HEIGHT_CM: Final = (-1.0, 5.0)
"""What recumbent length minus standing height may be where both are measured: limits of this project, for sense.

One to two centimetres are usual; the rest is room for the errors of two measurements.
"""

MaturityGroup = Literal["auto", "accelerated", "average", "retarded"]
GROUPS: Final[tuple[MaturityGroup, ...]] = ("auto", "accelerated", "average", "retarded")


@dataclass(frozen=True)
class Field:
    """What an input is: its words, its unit, and the numbers that can be meant (for sense, not for the method)."""

    words: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()


FIELDS: Final[dict[str, Field]] = {
    "sex": Field("sex", choices=SEXES),
    "height_cm": Field("standing height", "cm", 40, 230),
    "recumbent_length_cm": Field("recumbent length", "cm", 40, 230),
    "weight_kg": Field("weight", "kg", 2, 250),
    "midparent_height_cm": Field("mean of both parents' heights, with no allowance for sex", "cm", 120, 220),
    "bone_age_months": Field("bone age", "months", 0, 300),
    "bone_age_scale": Field("scale of the bone age", choices=tuple(SCALES)),
    "chronological_age_months": Field("chronological age", "months", 0, 300),
    "maturity_group": Field("Bayley-Pinneau table", choices=GROUPS),
    "menarche": Field("whether menarche has occurred", choices=("yes", "no")),
}
"""Every input of every method."""


@dataclass(frozen=True, kw_only=True)
class HeightInputs:
    """What every method needs, with or without a bone age.

    Attributes
    ----------
    sex:
        ``M`` or ``F``.
    height_cm:
        Standing height now.
    chronological_age_months:
        The child's own age.

    Raises
    ------
    UsageError
        ``bad_height_input`` if a value cannot be meant, such as a height of 1.40 (metres).
    """

    sex: Sex | None = None
    height_cm: float | None = None
    chronological_age_months: float | None = None

    NEEDED: ClassVar[tuple[str, ...]] = ("sex", "height_cm", "chronological_age_months")

    def __post_init__(self) -> None:
        for item in fields(self):
            _check(item.name, getattr(self, item.name))

    def missing(self) -> tuple[str, ...]:
        """Return the names of the needed inputs that were not given, in the order of `NEEDED`."""
        return tuple(name for name in self.NEEDED if getattr(self, name) is None)

    @property
    def present_height_cm(self) -> float | None:
        """Return the standing height now, as far as it is known."""
        return self.height_cm


def _check(name: str, value: object) -> None:
    field = FIELDS[name]
    if value is None or (name == "menarche" and isinstance(value, bool)):
        return
    if field.choices:
        if value not in field.choices:
            msg = f"{field.words} is {str(value)[:30]!r}"
            raise UsageError("bad_height_input", msg, remedy=f"use one of: {', '.join(field.choices)}")
        return
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not field.low <= float(str(value)) <= field.high:
        msg = keyed(
            "bad_height_input",
            "{field} is {value}, which is not between {low:g} and {high:g} {unit}",
            field=field.words,
            value=str(value)[:30],
            low=field.low,
            high=field.high,
            unit=field.unit,
        )
        raise UsageError("bad_height_input", msg, remedy=keyed("give_it_in", "give it in {unit}", unit=field.unit))


@dataclass(frozen=True, kw_only=True)
class BoneAgeInputs(HeightInputs):
    """Inputs of a method that rests on a bone age.

    Attributes
    ----------
    bone_age_months, bone_age_scale:
        Bone age and the scale that it was read on (`boneage.adult_height.scales.SCALES`).
    """

    bone_age_months: float | None = None
    bone_age_scale: Scale | None = None

    NEEDED: ClassVar[tuple[str, ...]] = (
        "sex",
        "height_cm",
        "bone_age_months",
        "bone_age_scale",
        "chronological_age_months",
    )


@dataclass(frozen=True, kw_only=True)
class KhamisRocheInputs(HeightInputs):
    """Inputs of Khamis-Roche, which does without a bone age."""

    weight_kg: float | None = None
    midparent_height_cm: float | None = None

    NEEDED: ClassVar[tuple[str, ...]] = (*HeightInputs.NEEDED, "weight_kg", "midparent_height_cm")


@dataclass(frozen=True, kw_only=True)
class BayleyPinneauInputs(BoneAgeInputs):
    """Inputs of Bayley-Pinneau; the chronological age may be left out where the group is chosen by the user."""

    maturity_group: MaturityGroup = "auto"

    def missing(self) -> tuple[str, ...]:
        """Return what is needed and was not given."""
        names = super().missing()
        if self.maturity_group != "auto":
            names = tuple(name for name in names if name != "chronological_age_months")
        return names


@dataclass(frozen=True, kw_only=True)
class RegressionInputs(BoneAgeInputs):
    """Inputs of Khamis-Guo, and the base of those of Roche-Wainer-Thissen."""

    weight_kg: float | None = None
    midparent_height_cm: float | None = None

    NEEDED: ClassVar[tuple[str, ...]] = (*BoneAgeInputs.NEEDED, "weight_kg", "midparent_height_cm")


@dataclass(frozen=True, kw_only=True)
class RocheWainerThissenInputs(RegressionInputs):
    """Inputs of Roche-Wainer-Thissen; a measured recumbent length takes the place of the standing height.

    Raises
    ------
    UsageError
        ``bad_height_input``, also where length and height are not those of one child: their difference lies outside
        `LENGTH_MINUS_HEIGHT_CM`.
    """

    recumbent_length_cm: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.recumbent_length_cm is None or self.height_cm is None:
            return
        difference = round(self.recumbent_length_cm - self.height_cm, 1)
        low, high = LENGTH_MINUS_HEIGHT_CM
        if not low <= difference <= high:
            msg = keyed(
                "length_against_height",
                "recumbent length minus standing height is {difference:.1f} cm, which is not between {low:g} and"
                " {high:g} cm",
                difference=difference,
                low=low,
                high=high,
            )
            remedy = keyed("length_or_height", "measure both again, or give the one of them that is sure")
            raise UsageError("bad_height_input", msg, remedy=remedy)

    def missing(self) -> tuple[str, ...]:
        """Return what is needed and was not given."""
        names = super().missing()
        if self.recumbent_length_cm is not None:
            names = tuple(name for name in names if name != "height_cm")
        return names

    @property
    def present_height_cm(self) -> float | None:
        """Return the standing height now; where the length alone was measured, what that makes standing."""
        if self.height_cm is None and self.recumbent_length_cm is not None:
            return self.recumbent_length_cm - STANDING_TO_RECUMBENT_CM
        return self.height_cm


@dataclass(frozen=True, kw_only=True)
class TannerInputs(BoneAgeInputs):
    """Inputs of Tanner 1975; menarche is needed of girls from 11 to below 15 years only."""

    menarche: bool | None = None

    def missing(self) -> tuple[str, ...]:
        """Return what is needed and was not given."""
        names = super().missing()
        if self.menarche is None and self.menarche_matters:
            names = (*names, "menarche")
        return names

    @property
    def menarche_matters(self) -> bool:
        """Tell whether there are two equations for this child, before and after menarche."""
        age = self.chronological_age_months
        return self.sex == "F" and age is not None and 132 <= age < 180
