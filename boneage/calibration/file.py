"""The calibration file: a small JSON with the corrections, what they were fitted with, and what they change."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final, get_args

from boneage.calibration.site import ROUTES, Correction, Kept, Origin, RouteCalibration, SiteCalibration
from boneage.errors import UsageError
from boneage.outputs import write_whole
from boneage.reference.rows import SEXES

SCHEMA_VERSION: Final = "1.0"
"""Version of the file; the first number changes when what is applied changes its meaning."""
KIND: Final = "boneage site calibration"
LONGEST_NAME: Final = 80

_SIGNIFICANT_DIGITS: Final = 6
_MOST_SHIFT_MONTHS: Final = 60.0
_MOST_SCALE: Final = 20.0


def check_name(name: str) -> str:
    """Return the name of a site, which is shown on every result, without blanks around it.

    Raises
    ------
    UsageError
        If it is empty, too long or not one line of text.
    """
    tidy = name.strip()
    if not tidy or len(tidy) > LONGEST_NAME or not tidy.isprintable():
        msg = "the name of the calibration is empty, too long or not plain text"
        raise UsageError("calibration_bad_name", msg, remedy=f"give --name one line of up to {LONGEST_NAME} letters")
    return tidy


def write_calibration(site: SiteCalibration, path: Path, *, about: Mapping[str, Any]) -> None:
    """Write a calibration.

    Parameters
    ----------
    site:
        What is to be applied.
    path:
        The file.
    about:
        Further keys for people (numbers of films, figures); nothing that names a film.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    document = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "name": site.name,
        "created": site.created,
        "fitted_with": asdict(site.origin),
        "routes": {
            name: {
                "interval_scale": route.interval_scale,
                "by_sex": {sex: asdict(correction) for sex, correction in route.by_sex.items()},
            }
            for name, route in site.routes.items()
        },
        **about,
    }
    write_whole(path, (json.dumps(_rounded(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _rounded(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.{_SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None
    return value


def load_calibration(path: Path) -> SiteCalibration:
    """Read a calibration from its file.

    Raises
    ------
    UsageError
        ``calibration_unreadable`` if the file cannot be read, else as `read_calibration`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"the calibration {path} cannot be read ({error.strerror or type(error).__name__})"
        raise UsageError("calibration_unreadable", msg, remedy="check the path") from error
    return read_calibration(content, name=str(path))


def read_calibration(content: bytes, *, name: str) -> SiteCalibration:
    """Read a calibration from the bytes of its file, which errors call ``name``.

    Raises
    ------
    UsageError
        ``calibration_invalid`` if it is not a calibration or holds a number that makes no sense,
        ``calibration_other_schema`` if it is one of another major version.
    """
    try:
        document = json.loads(content)
        if document["kind"] != KIND:
            raise _invalid(name, "is not a site calibration")
        version = str(document["schema_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise _invalid(name, "is not a site calibration") from error
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        msg = f"the calibration {name} has schema version {version!r}; this program reads {SCHEMA_VERSION}"
        raise UsageError("calibration_other_schema", msg, remedy="fit it again with boneage calibrate")
    try:
        site = SiteCalibration(
            name=check_name(document["name"]),
            created=_day(document["created"]),
            origin=_origin(document["fitted_with"]),
            routes={str(name): _route(route) for name, route in document["routes"].items()},
            sha256=hashlib.sha256(content).hexdigest(),
        )
        _check_numbers(site)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _invalid(name, f"misses a part or holds a wrong one ({type(error).__name__})") from error
    return site


def _invalid(name: str, why: str) -> UsageError:
    return UsageError("calibration_invalid", f"{name} {why}", remedy="give a file that boneage calibrate wrote")


def _day(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        msg = f"{text!r} is not a day"
        raise ValueError(msg)
    return text


def _origin(data: Mapping[str, Any]) -> Origin:
    return Origin(
        version=str(data["version"]),
        prior=str(data["prior"]),
        models=_words(data["models"]),
        references=_words(data["references"]),
        combination=str(data["combination"]),
    )


def _words(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()}


def _route(data: Mapping[str, Any]) -> RouteCalibration:
    return RouteCalibration({sex: _correction(data["by_sex"][sex]) for sex in SEXES}, float(data["interval_scale"]))


def _correction(data: Mapping[str, Any]) -> Correction:
    known = {field.name: data[field.name] for field in fields(Correction)}
    low, high = known["range_months"]
    return Correction(
        films=int(known["films"]),
        kept=known["kept"],
        offset_months=float(known["offset_months"]),
        slope=float(known["slope"]),
        centre_months=float(known["centre_months"]),
        range_months=(float(low), float(high)),
    )


def _check_numbers(site: SiteCalibration) -> None:
    """Raise a `ValueError` where a number cannot have come from a fit: it would move ages without sense."""
    corrections = [correction for route in site.routes.values() for correction in route.by_sex.values()]
    sound = (
        bool(site.routes)
        and set(site.routes) <= set(ROUTES)
        and all(1.0 <= route.interval_scale <= _MOST_SCALE for route in site.routes.values())
        and all(_is_sound(correction) for correction in corrections)
    )
    if not sound:
        msg = "a number makes no sense"
        raise ValueError(msg)


def _is_sound(correction: Correction) -> bool:
    low, high = correction.range_months
    return (
        correction.kept in get_args(Kept)
        and correction.films >= 0
        and 0.8 <= correction.slope <= 1.25
        and math.isfinite(correction.centre_months)
        and low <= high
        and max(abs(correction.shift(months)) for months in _ends(low, high)) <= _MOST_SHIFT_MONTHS
    )


def _ends(low: float, high: float) -> Iterable[float]:
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (math.nan,)
