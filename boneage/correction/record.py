"""What a correction leaves in the result."""

from __future__ import annotations

import numpy as np

from boneage.correction.correction import Correction
from boneage.measurement.measurements import Measurements
from boneage.result import MovedBone, ReaderCorrection, Reading


def record_of(correction: Correction, found: Measurements, reading: Reading) -> ReaderCorrection:
    """Return the record of a correction.

    Parameters
    ----------
    correction:
        What the reader says.
    found:
        The hand as the program measured it.
    reading:
        The reading before, whose answer is kept; that of a reading already corrected is the one before that.
    """
    assert reading.bone_map is not None
    frame = reading.bone_map.frame
    ends = {bone.bone: bone.endpoints for bone in found.bones}
    moved = []
    for bone, endpoints in correction.moved.items():
        old = None
        if bone in ends:
            proximal, distal = frame.to_film(np.array(ends[bone])).tolist()
            old = ((proximal[0], proximal[1]), (distal[0], distal[1]))
        moved.append(MovedBone(bone, endpoints, old))
    earlier = reading.result.reader_correction
    before = earlier.before if earlier else {
        sex or "unknown": answer.bone_age
        for sex, answer in reading.result.answers().items()
        if answer.bone_age is not None
    }  # fmt: skip
    return ReaderCorrection(
        tuple(moved),
        correction.excluded,
        correction.final_months,
        correction.comment,
        correction.reader,
        before or None,
    )
