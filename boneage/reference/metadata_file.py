"""Reading and writing ``NAME.json``, the provenance and lookup settings beside a measurement table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from boneage.errors import TableError
from boneage.options import PRIORS
from boneage.reference.belt import Belt
from boneage.reference.measurement_table import Curve, LookupSettings, TableMetadata
from boneage.reference.rows import SEXES, Sex

_BOUNDS: Final = ("low", "high")


def read_metadata(path: Path, *, name: str, version: str) -> tuple[TableMetadata, LookupSettings, dict[str, str] | str]:
    """Read provenance, lookup settings and units.

    Parameters
    ----------
    path:
        The JSON file; where it does not exist the defaults are returned.
    name, version:
        Used where the file states none.

    Returns
    -------
    tuple
        Metadata, settings, and units: one for all, or by measurement; empty where not stated.

    Raises
    ------
    TableError
        ``table_metadata`` if the file is not the JSON that the format asks for.
    """
    if not path.is_file():
        return TableMetadata(name, version), LookupSettings(), {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = {key: content[key] for key in (item.name for item in fields(TableMetadata)) if key in content}
        metadata = TableMetadata(**{"name": name, "version": version, **known})
        units = content.get("unit", {})
        if not isinstance(units, str):
            units = {str(key): str(value) for key, value in units.items()}
        return metadata, _settings(content.get("lookup", {})), units
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path.name} is not the metadata of a measurement table ({type(error).__name__}: {error})"
        raise TableError("table_metadata", msg, remedy="See docs/reference_tables.md for its fields.") from error


def _settings(content: Mapping[str, Any]) -> LookupSettings:
    freedom = content.get("degrees_of_freedom")
    settings = LookupSettings(
        shrinkage=float(content.get("shrinkage", LookupSettings.shrinkage)),
        degrees_of_freedom=float("inf") if freedom is None else float(freedom),
        temperature=_curves(content.get("temperature", {})),
        correction=_curves(content.get("correction", {})),
        population=_curves(content.get("population", {})),
        belts={prior: _belts(content["belts"][prior]) for prior in PRIORS if prior in content.get("belts", {})},
        part_temperature=_by_sex(content.get("part_temperature", {})),
        silent=frozenset(content.get("silent", ())),
        presence_weights=_by_sex(content.get("presence_weights", {})),
        anchors=_by_sex(content.get("anchors", {})),
    )
    positive = (*settings.temperature.values(), *settings.population.values())
    cold = any(curve.values.min() <= 0 for curve in positive)
    cold = cold or any(value <= 0 for parts in settings.part_temperature.values() for value in parts.values())
    if not 0 <= settings.shrinkage <= 1 or settings.degrees_of_freedom <= 0 or cold:
        msg = "lookup: shrinkage lies in 0..1; degrees_of_freedom, temperatures and population are positive"
        raise ValueError(msg)
    return settings


def _by_sex(content: Mapping[Any, Mapping[str, Any]]) -> dict[Sex, dict[str, Any]]:
    return {sex: dict(content[sex]) for sex in SEXES if sex in content}


def _curves(content: Mapping[str, Any]) -> dict[Sex, Curve]:
    curves: dict[Sex, Curve] = {}
    for sex in SEXES:
        if sex in content:
            ages, values = (np.array(content[sex][key], dtype=np.float64) for key in ("ages", "values"))
            fits = ages.ndim == 1 and ages.size > 0 and ages.shape == values.shape
            if not fits or not np.isfinite(values).all() or (np.diff(ages) <= 0).any():
                msg = f"lookup: the curve for {sex} needs rising ages and as many finite values"
                raise ValueError(msg)
            curves[sex] = Curve(ages, values)
    return curves


def _belts(content: Mapping[str, Any]) -> dict[Sex, Belt]:
    belts: dict[Sex, Belt] = {}
    for sex in SEXES:
        if sex in content:
            bounds = [_curves({sex: {"ages": content[sex]["ages"], "values": content[sex][key]}}) for key in _BOUNDS]
            low, high = (curves[sex].values for curves in bounds)
            usual = float(content[sex]["usual_spread"])
            if (low > high).any() or usual <= 0:
                msg = f"lookup: the belt for {sex} needs low <= high and a positive usual_spread"
                raise ValueError(msg)
            belts[sex] = Belt(bounds[0][sex].ages, low, high, usual)
    return belts


def metadata_text(
    metadata: TableMetadata, settings: LookupSettings, units: dict[str, str], *, extra: Mapping[str, Any]
) -> str:
    """Return the content of the JSON file; keys in a fixed order, so that equal inputs give equal bytes."""
    content = {
        "format": "boneage measurement table 1",
        **asdict(metadata),
        **extra,
        "unit": units,
        "lookup": lookup_content(settings),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def lookup_content(settings: LookupSettings) -> dict[str, Any]:
    """Return the settings as the JSON file holds them."""
    freedom = settings.degrees_of_freedom
    return {
        "shrinkage": settings.shrinkage,
        "degrees_of_freedom": None if np.isinf(freedom) else freedom,
        "temperature": _plain(settings.temperature),
        "correction": _plain(settings.correction),
        "population": _plain(settings.population),
        "belts": {prior: _plain_belts(settings.belts[prior]) for prior in PRIORS if prior in settings.belts},
        "part_temperature": _by_sex(settings.part_temperature),
        "silent": sorted(settings.silent),
        "anchors": _by_sex(settings.anchors),
        "presence_weights": _by_sex(settings.presence_weights),
    }


def _plain(curves: Mapping[Sex, Curve]) -> dict[str, dict[str, list[float]]]:
    return {
        sex: {
            "ages": [float(age) for age in curves[sex].ages],
            "values": [round(float(value), 4) for value in curves[sex].values],
        }
        for sex in SEXES
        if sex in curves
    }


def _plain_belts(belts: Mapping[Sex, Belt]) -> dict[str, dict[str, Any]]:
    return {
        sex: {
            "ages": [float(age) for age in belts[sex].ages],
            **{key: [round(float(value), 4) for value in getattr(belts[sex], key)] for key in _BOUNDS},
            "usual_spread": belts[sex].usual_spread,
        }
        for sex in SEXES
        if sex in belts
    }
