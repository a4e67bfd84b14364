"""The lengths of one film's bones against the Digital Hand Atlas: for the bone age found, and for the child's own age.

Only with a pixel size that can be relied on; without one the words why. The child's own age enters here, after the bone
age is settled, and goes nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast

from boneage.result import Contribution, HandLengths, LengthScore

if TYPE_CHECKING:
    from boneage.measurement.measurements import Measurements
    from boneage.radiograph.radiograph import Sex, Spacing

INFERRED: Final = "the scale of the reference is inferred (0.1 mm a pixel), so small differences mean nothing"


@dataclass(frozen=True)
class LengthFindings:
    """The summary of a hand, each bone's z scores by name, and the versions of the tables used by their names."""

    summary: HandLengths
    for_bone_age: Mapping[str, float] = field(default_factory=dict)
    for_chronological_age: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ages:
    """The ages that lengths are held against, in months; ``None`` where not known."""

    bone_age: float | None
    chronological: float | None


def find_lengths(
    measurements: Measurements,
    film_scale: float,
    spacing: Spacing,
    *,
    sex: Sex | None,
    ages: Ages,
    contributions: Iterable[Contribution] = (),
) -> LengthFindings:
    """Hold the joint-to-joint lengths of a film against both tables.

    Parameters
    ----------
    measurements:
        In pixels of the hand frame.
    film_scale:
        Film pixels per frame pixel.
    spacing:
        Size of a film pixel.
    sex:
        ``None`` where not known: then there is no score.
    ages:
        Bone age found and the child's own age.
    contributions:
        What the bone age rests on. Where lengths in millimetres are among it, they are not held against it.
    """
    from boneage.measurement.millimetres import millimetre_values

    lengths = millimetre_values(measurements, film_scale, spacing)
    why = _why_none(lengths, spacing, sex)
    if why or sex is None:
        return LengthFindings(HandLengths(message=why))
    circular = any(part.measurement.endswith("_mm") for part in contributions)
    said = []
    if circular:
        said.append("no score for bone age: that age was itself read from lengths in millimetres")
    for_bone_age, z_bone = _score(lengths, None if circular else ages.bone_age, sex, "bone_age", said)
    for_own_age, z_own = _score(lengths, ages.chronological, sex, "chronological_age", said)
    if for_bone_age or for_own_age:
        said.append(INFERRED)
    summary = HandLengths(for_bone_age, for_own_age, "; ".join(said))
    return LengthFindings(summary, z_bone, z_own, _versions(summary))


def _versions(summary: HandLengths) -> dict[str, str]:
    from boneage.reference.lengths import hand_atlas_lengths

    versions = {}
    if summary.for_bone_age is not None:
        versions[summary.for_bone_age.reference] = hand_atlas_lengths("bone_age").metadata.version
    if summary.for_chronological_age is not None:
        versions[summary.for_chronological_age.reference] = hand_atlas_lengths("chronological_age").metadata.version
    return versions


def _why_none(lengths: Mapping[str, float], spacing: Spacing, sex: Sex | None) -> str:
    if spacing.mm is None:
        return "no length scores: the film's pixel size is not known, so lengths are ratios only"
    if not spacing.reliable:
        return f"no length scores: the film's pixel size is not reliable ({spacing.message})"
    if sex is None:
        return "no length scores: the sex of the child is not known"
    return "" if lengths else "no length scores: no whole bone was measured"


def _score(
    lengths: Mapping[str, float],
    age: float | None,
    sex: Sex,
    axis: Literal["bone_age", "chronological_age"],
    said: list[str],
) -> tuple[LengthScore | None, dict[str, float]]:
    """Return the score of the hand and of each bone; where there is none, the words why go into ``said``."""
    from boneage.reference.length_scores import score_lengths
    from boneage.reference.lengths import hand_atlas_lengths

    if age is None:
        return None, {}
    table = hand_atlas_lengths(axis)
    found = score_lengths(lengths, age, sex, table)
    if isinstance(found, str):
        said.append(f"no score for {axis.replace('_', ' ')}: {found}")
        return None, {}
    verdict = cast(Literal["short", "usual", "long"], found.verdict)
    summary = LengthScore(
        age_months=age,
        mean_z=found.mean_z,
        sd_of_mean_z=found.sd_of_mean_z,
        sds=found.sds,
        bones=len(found.z),
        verdict=verdict,
        reference=table.name,
    )
    return summary, {name.split(".", 1)[0]: z for name, z in found.z.items()}
