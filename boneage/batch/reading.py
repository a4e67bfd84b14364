"""Reading a requested film: what its manifest says is said for it, and a wrong row is an error, not a film."""

from __future__ import annotations

from dataclasses import replace

from boneage.batch.inputs import FilmRequest
from boneage.estimate import Estimator
from boneage.result import Reading, errored


def read_request(estimator: Estimator, request: FilmRequest) -> Reading:
    """Return the reading of a requested film, which names it as the user did; one with a problem is not opened."""
    if request.problem is not None:
        return Reading(errored(request.shown, request.problem))
    reading = estimator.estimate(
        request.path,
        sex=request.sex,
        chronological_age_months=request.chronological_age_months,
        pixel_spacing_mm=request.pixel_spacing_mm,
    )
    source = replace(reading.result.input, path=request.shown)
    if request.sex is not None and source.sex.source == "user":
        source = replace(source, sex=replace(source.sex, source="manifest"))
    return replace(reading, result=replace(reading.result, input=source))
