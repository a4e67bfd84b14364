"""How far a hand's measurements lie from those of the training films, once age and sex are accounted for.

For every kind of measurement the mean and the logarithm of the root mean square of the z scores that are left after the
age was fitted make a small vector. Its Mahalanobis distance from the middle of the training films (Mahalanobis PC, Proc
Natl Inst Sci India 1936;2:49), with a spread that outliers do not widen, is held against the distances of those films
themselves: the limit is a share of them, not a guess.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.errors import WeightsError
from boneage.quality.checks import Finding, QualityCheck

Floats = NDArray[np.float64]

FILE: Final = Path(__file__).resolve().parent.parent / "weights" / "quality.json"
KINDS: Final = (
    "length_ratio", "width_ratio", "epiphysis_width_ratio", "epiphysis_height_ratio", "gap_ratio",
    "joint_space_ratio", "size_ratio", "",
)  # fmt: skip
"""Kinds of measurement; the last is all others together."""
LARGEST_Z: Final = 12.0
"""z scores beyond it count as so many."""
LEAST_OF_KIND: Final = 2
"""Fewest measurements that make a kind."""
_FLOOR: Final = 0.05
_RIDGE: Final = 0.05
_LARGEST: Final = 8.0


@dataclass(frozen=True)
class DistanceModel:
    """The fitted middle, spread and distances of the training films.

    Attributes
    ----------
    reference:
        Name of the table whose z scores it takes.
    centre, spread:
        Of each feature: median and half the distance of the 16th and 84th percentile.
    correlation:
        Of the features.
    limit, refusal:
        Distances that 99 % and 99.9 % of the training films keep.
    quantiles:
        Share of the training films (rising) and their distance, as pairs.
    fitted_on:
        The films in words, with the share of the tuning films beyond the limit.
    """

    reference: str
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    correlation: tuple[tuple[float, ...], ...]
    limit: float
    refusal: float
    quantiles: tuple[tuple[float, float], ...]
    fitted_on: str

    def distance(self, z: Mapping[str, float]) -> float:
        """Return the distance of z scores by measurement; ``nan`` where there are too few of every kind."""
        return self.distance_of(features(z))

    def distance_of(self, row: Floats) -> float:
        """Return the distance of one film's features (16,)."""
        scaled = np.clip((row - self.centre) / np.array(self.spread), -_LARGEST, _LARGEST)
        there = np.isfinite(scaled)
        if not there.any():
            return math.nan
        matrix = np.array(self.correlation)[np.ix_(there, there)] + _RIDGE * np.eye(int(there.sum()))
        seen = scaled[there]
        return float(np.sqrt(seen @ np.linalg.solve(matrix, seen) / seen.size))

    def share_nearer(self, distance: float) -> float:
        """Return the share (0 to 1) of the training films that lie nearer."""
        shares, distances = np.array(self.quantiles).T
        return float(np.interp(distance, distances, shares))

    def check(self) -> QualityCheck:
        """Return the check with this model's limits."""
        return QualityCheck(
            "distance_from_training",
            "unlike_training",
            "Mahalanobis distance of the residual z scores, per feature",
            "at most",
            warn=self.limit,
            refuse=self.refusal,
            reason="99 and 99.9 % of the `train` films lie within; beyond the first limit the mean error of measured "
            "ages is twice that of other `tune` films and more",
            remedy="look at the outlines: an unusual skeleton, an injury or wrong outlines; read it by eye",
        )


def features(z: Mapping[str, float]) -> Floats:
    """Return mean and log root mean square of the z scores of each of `KINDS`, shape (16,), ``nan`` where too few."""
    values: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for name, score in z.items():
        kind = name.partition(".")[2]
        if math.isfinite(score):
            values[kind if kind in values else ""].append(float(np.clip(score, -LARGEST_Z, LARGEST_Z)))
    found = []
    for scores in values.values():
        few = len(scores) < LEAST_OF_KIND
        found += (
            [math.nan] * 2 if few else [float(np.mean(scores)), 0.5 * math.log(np.mean(np.square(scores)) + _FLOOR)]
        )
    return np.array(found)


def fit_distance(training: Floats, *, reference: str, fitted_on: str) -> DistanceModel:
    """Fit the model to the features (n, 16) of training films; a kind that none of them has says nothing."""
    known = np.isfinite(training).any(axis=0)
    seen = np.where(known, training, 0.0)
    centre = np.nanmedian(seen, axis=0)
    low, high = np.nanquantile(seen, [0.16, 0.84], axis=0)
    spread = np.where(known, np.maximum((high - low) / 2, 1e-6), 1.0)
    scaled = np.clip(np.nan_to_num((seen - centre) / spread), -3.0, 3.0)
    correlation = np.eye(training.shape[1])
    correlation[np.ix_(known, known)] = np.corrcoef(scaled[:, known].T)
    rough = DistanceModel(
        reference,
        _rounded(centre),
        _rounded(spread),
        tuple(_rounded(row) for row in correlation),
        math.inf,
        math.inf,
        (),
        fitted_on,
    )
    distances = np.array([rough.distance_of(row) for row in training])
    shares = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
    at = _rounded(np.nanquantile(distances, shares))
    limits = {"limit": at[shares.index(0.99)], "refusal": at[shares.index(0.999)]}
    return DistanceModel(**{**asdict(rough), **limits, "quantiles": tuple(zip(shares, at, strict=True))})


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


@cache
def load_distance(path: Path = FILE) -> DistanceModel:
    """Read the fitted model.

    Raises
    ------
    WeightsError
        ``quality_invalid`` if the file is not there or not such a model.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        known = {field.name: data[field.name] for field in fields(DistanceModel)}
        model = DistanceModel(**known)
        np.linalg.cholesky(np.array(model.correlation) + _RIDGE * np.eye(2 * len(KINDS)))
    except (OSError, ValueError, TypeError, KeyError, np.linalg.LinAlgError) as error:
        msg = f"the parameters of the quality gate cannot be read ({type(error).__name__})"
        raise WeightsError("quality_invalid", msg, remedy="install the package again") from error
    return model


def check_distance(z: Mapping[str, float], reference: str) -> tuple[Finding, ...]:
    """Hold the z scores of a looked-up hand against the training films; nothing where another table was used."""
    model = load_distance()
    if reference != model.reference:
        return ()
    distance = model.distance(z)
    share = model.share_nearer(distance)
    message = (
        f"the measurements of this hand lie further from those of the training films than {100 * share:.1f} % of these"
    )
    return (model.check().found(distance, message),)
