"""What a result holds beside its ages: the bones and joints on the film, the checks, and what computed them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from boneage import anatomy
from boneage.result import (
    Contribution,
    Quality,
    Result,
    Seconds,
    film_bone_health,
    film_bones,
    film_carpals,
    film_joints,
    with_part_ages,
)
from boneage.result.part_scores import carpal_scores, length_scores
from boneage.walk import Walk

if TYPE_CHECKING:
    from boneage.hand_lengths import LengthFindings


def furnish(walk: Walk, result: Result, *, table_versions: Mapping[str, str]) -> Result:
    """Add the bones, joints, labels, checks, software and seconds to a result.

    Parameters
    ----------
    walk:
        What was found on the film.
    result:
        The answer, or why there is none.
    table_versions:
        Name to version of the reference tables that were opened.
    """
    from boneage.software import software_of

    versions = dict(table_versions)
    if walk.bone_map is not None and walk.measurements is not None:
        frame, spacing = walk.bone_map.frame, result.input.pixel_spacing
        parts = result.estimates.measurement.contributions if result.estimates.measurement else ()
        lengths = _lengths_of(walk, result, parts)
        versions |= lengths.versions
        result = replace(
            result,
            bones=film_bones(
                walk.measurements,
                frame,
                spacing_mm=spacing.mm,
                z=length_scores(parts),
                sds_for_bone_age=lengths.for_bone_age,
                sds_for_chronological_age=lengths.for_chronological_age,
            ),
            lengths=lengths.summary,
            carpals=film_carpals(walk.measurements.carpals, frame, z=carpal_scores(parts)),
            bone_health_index=film_bone_health(walk.measurements, frame, spacing),
            values=dict(walk.measurements.values),
            joints=film_joints(walk.bone_map),
            labels=anatomy.LABELS,
        )
        result = with_part_ages(result)
    seconds = Seconds(**walk.seconds, total=time.perf_counter() - walk.started)
    quality = Quality(walk.checks())
    return replace(
        result,
        quality=quality,
        software=software_of(result, table_versions=versions),
        seconds=seconds,
    )


def _lengths_of(walk: Walk, result: Result, parts: Sequence[Contribution]) -> LengthFindings:
    """Hold the bones' lengths against both ages, once the bone age is settled."""
    from boneage.hand_lengths import Ages, find_lengths

    measured = walk.speaking or walk.measurements
    assert measured is not None
    assert walk.bone_map is not None
    assert walk.radiograph is not None
    return find_lengths(
        measured,
        walk.bone_map.frame.scale,
        walk.radiograph.spacing,
        sex=walk.radiograph.sex,
        ages=Ages(
            result.bone_age.months if result.bone_age and result.bone_age.bound is None else None,
            result.chronological.months if result.chronological else None,
        ),
        contributions=parts,
    )
