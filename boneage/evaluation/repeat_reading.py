"""A film and its variants, each read the public way: every measurement and the age, comparable between variants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from boneage.batch.inputs import FilmRequest
from boneage.batch.reading import read_request
from boneage.estimate import Estimator
from boneage.evaluation.variants import ORIGINAL, VARIANTS, Variant
from boneage.outputs import film_stem
from boneage.result import Reading, Result

if TYPE_CHECKING:
    from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement

AGE = "age"


@dataclass(frozen=True)
class RepeatedReading:
    """What one variant of one film gave.

    Attributes
    ----------
    film, variant:
        Their names.
    status:
        Of the result.
    values:
        Name to finite number: the scale-free values under their own names; sizes in pixels of the unchanged film under
        ``<bone>.<field>``; ages in months under ``age.<route>`` (``age.<route> if boy`` where the sex is not known).
    """

    film: str
    variant: str
    status: str
    values: Mapping[str, float]


def read_repeatedly(
    films: Iterable[FilmRequest], estimator: Estimator, variants: Sequence[Variant] = VARIANTS
) -> Iterator[RepeatedReading]:
    """Read every film as its file has it, then its variants.

    A film that is not answered as it is says nothing about repeatability: it has one reading, and no variants.
    """
    for request in films:
        name = request.id or film_stem(request.path)
        first = read_request(estimator, request)
        yield RepeatedReading(name, ORIGINAL.name, first.result.status, comparable_values(first))
        if first.result.status != "ok" or first.radiograph is None:
            continue
        sex = first.result.input.sex.value or "unknown"
        for variant in variants:
            content = variant.encode(first.radiograph.pixels)
            reading = estimator.estimate_bytes(content, name=f"{name} {variant.name}", sex=sex)
            values = comparable_values(reading, scale=variant.scale)
            yield RepeatedReading(name, variant.name, reading.result.status, values)


def comparable_values(reading: Reading, *, scale: float = 1.0) -> dict[str, float]:
    """Return everything measured and read as plain numbers that do not depend on how the film came.

    Parameters
    ----------
    reading:
        The film's reading; nothing is returned of one that was refused.
    scale:
        Pixels of this variant per pixel of the unchanged film: sizes are divided by it.
    """
    from boneage.measurement.measure import measure

    if reading.result.status != "ok" or reading.bone_map is None:
        return {}
    measured = measure(reading.bone_map)
    film_pixels = reading.bone_map.frame.scale / scale
    values = dict(measured.values)
    for bone in measured.bones:
        values |= {f"{bone.bone}.{name}": value for name, value in _sizes(bone, film_pixels).items()}
    values |= {f"carpals.{name}": value for name, value in _sizes(measured.carpals, film_pixels).items()}
    values |= {f"{bone.carpal}.area_px2": bone.area_px2 * film_pixels**2 for bone in measured.carpals.bones}
    values |= {f"{length.bone}.joint_length_px": length.length_px * film_pixels for length in measured.joint_lengths}
    values["hand.hand_scale_px"] = measured.hand_scale_px * film_pixels
    return {name: value for name, value in (values | _ages(reading.result)).items() if value == value}


def _sizes(measured: BoneMeasurement | CarpalMeasurement, film_pixels: float) -> dict[str, float]:
    """Return the lengths and areas of a bone or of the carpals, in pixels of the unchanged film."""
    sizes = {}
    for field in fields(measured):
        value = getattr(measured, field.name)
        if field.name.endswith("_px2"):
            sizes[field.name] = float(value) * film_pixels**2
        elif field.name.endswith("_px"):
            sizes[field.name] = float(value) * film_pixels
    return sizes


def _ages(result: Result) -> dict[str, float]:
    """Return the age of the answer and of both routes in months."""
    endings = {sex: "" if result.by_sex is None else f" if {word}" for sex, word in (("M", "boy"), ("F", "girl"))}
    return {
        f"{AGE}.{route}{endings[sex]}": months
        for sex, routes in ages_by_sex(result).items()
        for route, months in routes.items()
    }


def ages_by_sex(result: Result) -> dict[str, dict[str, float]]:
    """Return sex to route to age in months; the routes are ``answer``, ``measurement`` and ``regression``.

    A route without an age is left out; there are two sexes where it is not known.
    """
    ages: dict[str, dict[str, float]] = {}
    for sex, answer in result.answers().items():
        routes = answer.estimates
        found = {"answer": answer.bone_age, "measurement": routes.measurement, "regression": routes.regression}
        ages[sex or "M"] = {route: age.months for route, age in found.items() if age is not None}
    return ages
