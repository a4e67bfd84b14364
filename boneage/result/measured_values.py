"""Every measurement of a film that a table may have a curve for, by name, from its result alone."""

from __future__ import annotations

from typing import Literal

from boneage.anatomy import CARPALS
from boneage.result.model import Result

NoMillimetres = Literal["spacing_unknown", "spacing_unreliable", "no_lengths"]
"""Why a film has no lengths in millimetres that may be compared with a table."""


def measured_values(result: Result) -> dict[str, float]:
    """Return name to value: what can be compared with a table.

    Parameters
    ----------
    result:
        Of one film. One that an earlier version wrote, without ``values``, has those that its age was looked up with.

    Returns
    -------
    dict
        Scale-free values (`boneage.measurement.definitions`) and, where the pixel spacing can be relied on, the lengths
        from joint to joint in millimetres as ``<bone>.joint_length_mm``. Of a bone whose ends a reader moved that
        length is left out: it was taken before.
    """
    values = dict(result.values)
    for answer in result.answers().values():
        if answer.estimates.measurement is not None:
            for part in answer.estimates.measurement.contributions:
                values.setdefault(part.measurement, part.value)
    if _reliable(result):
        values |= _joint_lengths(result)
    return values


def why_no_millimetres(result: Result) -> NoMillimetres | None:
    """Return why `measured_values` holds no lengths in millimetres; ``None`` where it does."""
    if result.input.pixel_spacing.mm is None:
        return "spacing_unknown"
    if not _reliable(result):
        return "spacing_unreliable"
    return None if _joint_lengths(result) else "no_lengths"


def left_out_by_reader(result: Result, measurement: str) -> bool:
    """Tell whether a measurement belongs to a part of the hand that a reader left out of the lookup."""
    if result.reader_correction is None:
        return False
    part, excluded = measurement.partition(".")[0], result.reader_correction.excluded
    return part in excluded or ("carpals" in excluded and part in CARPALS)


def _reliable(result: Result) -> bool:
    spacing = result.input.pixel_spacing
    return spacing.mm is not None and spacing.reliable


def _joint_lengths(result: Result) -> dict[str, float]:
    moved = {bone.bone for bone in result.reader_correction.moved} if result.reader_correction else set()
    return {
        f"{bone.bone}.joint_length_mm": bone.joint_length_mm
        for bone in result.bones
        if bone.joint_length_mm is not None and bone.bone not in moved
    }
