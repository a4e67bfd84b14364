"""The file of `boneage train held-out`: the age of every ``train`` film by a network that has not seen it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from boneage.errors import UsageError

_COLUMN: Final = "regression_months"


def write_held_out_ages(ages: Mapping[str, float], path: Path) -> None:
    """Write the ages in months by film as CSV: ``id``, ``regression_months``."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("id", _COLUMN))
        writer.writerows((film, f"{months:.2f}") for film, months in sorted(ages.items()))


def read_held_out_ages(path: Path) -> dict[str, float]:
    """Read the ages in months by film.

    Raises
    ------
    UsageError
        ``no_held_out_ages`` if the file is not such a CSV or holds no film.
    """
    remedy = "make it with boneage train held-out"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            ages = {row["id"]: float(row[_COLUMN]) for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} is no table of id and {_COLUMN} ({type(error).__name__})"
        raise UsageError("no_held_out_ages", msg, remedy=remedy) from error
    if not ages:
        raise UsageError("no_held_out_ages", f"{path.name} holds no film", remedy=remedy)
    return ages
