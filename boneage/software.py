"""What is installed and what took part in an answer: version, networks with their hashes, reference tables, labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from boneage import __version__, anatomy
from boneage.errors import WeightsError
from boneage.result import Model, Reference, Result, Software

WEIGHTS_FOLDER: Final = Path(__file__).parent / "weights"


@cache
def installed_models() -> tuple[Model, ...]:
    """Return the networks of the package's manifest, by name and hash; empty where there is no manifest.

    Raises
    ------
    WeightsError
        With code ``manifest_invalid`` if the manifest is there but cannot be read.
    """
    return tuple(Model(entry["name"], entry["sha256"]) for entry in manifest_entries())


@cache
def manifest_entries() -> tuple[dict[str, Any], ...]:
    """Return the entries of the manifest of weights (name, file, sha256, licence, training data, …).

    Raises
    ------
    WeightsError
        With code ``manifest_invalid`` if the manifest is there but cannot be read.
    """
    path = WEIGHTS_FOLDER / "manifest.json"
    if not path.is_file():
        return ()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["models"]
        return tuple({**entry, "name": str(entry["name"]), "sha256": str(entry["sha256"])} for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"the manifest of the network weights cannot be read ({type(error).__name__})"
        raise WeightsError("manifest_invalid", msg, remedy="install the package again") from error


def is_regression(network: str) -> bool:
    """Tell by its name whether a network reads the age straight from the picture (``regression``, ``regression_2``)."""
    return network.startswith("regression")


def software_of(result: Result, *, table_versions: Mapping[str, str]) -> Software:
    """Return what took part in a result: the networks and the tables that were used for it.

    Parameters
    ----------
    result:
        The result, complete but for this.
    table_versions:
        Name to version of the tables that were opened; the others stand without a version.
    """
    try:
        models = installed_models()
    except WeightsError:  # The reading itself has met the same error and says so; here it must not hide that.
        models = ()
    answers = result.answers().values() or (result,)
    regressed = any(answer.estimates.regression for answer in answers)
    used = tuple(model for model in models if result.joints and (regressed or not is_regression(model.name)))
    names = {answer.estimates.measurement.reference for answer in answers if answer.estimates.measurement}
    names |= {
        answer.chronological.reference for answer in answers if answer.chronological and answer.chronological.reference
    }
    if result.lengths is not None:
        scores = (result.lengths.for_bone_age, result.lengths.for_chronological_age)
        names |= {score.reference for score in scores if score is not None}
    return Software(__version__, used, tuple(Reference(name, table_versions.get(name, "")) for name in sorted(names)))


def installed_references() -> tuple[dict[str, str], ...]:
    """Return name, version, source, population and age axis of every installed measurement table."""
    from boneage.reference.tables import list_references, load_reference

    tables = (load_reference(name).metadata for name in list_references())
    keys = ("name", "version", "source", "population", "split", "age_axis")
    return tuple({key: str(getattr(table, key)) for key in keys} for table in tables)


def describe_installation() -> dict[str, Any]:
    """Return all of it as plain JSON types, for ``boneage info --json``."""
    import platform

    libraries = ("torch", "monai", "numpy", "scipy", "scikit-image", "pandas", "pydicom", "pillow", "streamlit")
    return {
        "version": __version__,
        "python": platform.python_version(),
        "libraries": {name: _installed_version(name) for name in libraries},
        "models": list(manifest_entries()),
        "references": list(installed_references()),
        "labels": {str(value): name for value, name in anatomy.LABELS.items()},
        "bones": list(anatomy.BONES),
        "joints": list(anatomy.JOINTS),
    }


def _installed_version(library: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"
