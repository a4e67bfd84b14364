"""Invented hands with a known law of growth, for the tests of the reference room (no child was measured)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from boneage.reference.build import BuildOptions, build_table
from boneage.reference.measurement_table import LookupSettings, MeasurementTable, TableMetadata

GROUPS = ("metacarpal_3", "proximal_phalanx_2", "middle_phalanx_4", "distal_phalanx_5")


def law(age: np.ndarray, sex: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Mean and SD by age in months: lengths that level off, widths that rise steeply in between."""
    lead = 1.0 if sex == "M" else 1.12
    t = age * lead
    curves = {}
    for g, part in enumerate(GROUPS):
        curves[f"{part}.length_ratio"] = 0.2 + 0.5 * (1 - np.exp(-(t + 20) / (90 + 12 * g))), 0.018 + 0.00008 * age
        middle = 60.0 + 32 * g
        curves[f"{part}.epiphysis_width_ratio"] = 0.4 + 0.7 / (1 + np.exp(-(t - middle) / 30)), 0.04 + 0.0001 * age
    curves["carpals.area_ratio"] = 0.02 + 0.3 / (1 + np.exp(-(t - 90) / 32)), 0.012 + 0.00006 * age
    return curves


def correlation(size: int) -> np.ndarray:
    """Neighbours alike: 0.5 to the distance, on top of 0.15 between all."""
    gap = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    return 0.15 + 0.85 * 0.5**gap


def films(count: int, seed: int, *, missing: float = 0.03, outliers: float = 0.0, spread: float = 1.0) -> pd.DataFrame:
    """Draw hands: sexes in turn, ages even over 2 to 18.5 years, correlated normal deviations, some missing."""
    rng = np.random.default_rng(seed)
    ages = np.round(rng.uniform(24, 222, count), 0)
    sexes = np.where(np.arange(count) % 2 == 0, "M", "F")
    names = list(law(ages, "M"))
    values = np.empty((count, len(names)))
    noise = rng.multivariate_normal(np.zeros(len(names)), correlation(len(names)), size=count) * spread
    for sex in ("M", "F"):
        rows = sexes == sex
        for j, (mean, sd) in enumerate(law(ages[rows], sex).values()):
            values[rows, j] = mean + sd * noise[rows, j]
    values[rng.random(values.shape) < missing] = np.nan
    if outliers:
        values[rng.random(values.shape) < outliers] *= 2.5
    for j, name in enumerate(names):
        if name.endswith("epiphysis_width_ratio"):  # the centre appears about 3 years of age, later in later bones
            appears = 1 / (1 + np.exp(-(ages - 30 - 4 * j) / 4))
            values[rng.random(count) > appears, j] = np.nan
    frame = pd.DataFrame(values, columns=names)
    frame.insert(0, "bone_age_months", ages)
    frame.insert(0, "sex", sexes)
    frame.insert(0, "id", [str(seed * 100000 + i) for i in range(count)])
    return frame


@lru_cache(maxsize=1)
def built_table() -> MeasurementTable:
    """A table built from 2,400 drawn hands, its temperature fitted on left-out parts."""
    options = BuildOptions(folds=3, choose=False, settings=LookupSettings(shrinkage=0.02))
    metadata = TableMetadata("drawn", "1", source="drawn hands", age_axis="bone_age")
    return build_table(films(2400, 1, outliers=0.003), metadata, options=options)


def true_values(age: float, sex: str) -> dict[str, float]:
    """A hand exactly at the mean of an age."""
    return {name: float(mean[0]) for name, (mean, _) in law(np.array([age]), sex).items()}
