"""Whether bone is bright, judged from the picture alone.

Raster files have no tag that says so, and a DICOM tag may be wrong. Four measures are taken on the film reduced to
160 pixels, after uniform margins have been cut off. Each changes its sign when the film is inverted, so their weighted
sum does too, and a film is judged alike whichever way round it comes:

- ``centre``: a hand lies in the middle and is brighter than what surrounds it;
- ``flat``: where nothing is drawn (background) is darker than where much is drawn (bone);
- ``flat_inside``: the same in the middle two thirds, away from collimation borders;
- ``skew_inside``: bone is the bright minority of the middle two thirds.

The weights are those of a logistic regression on the training films, as they are and cropped, framed, turned, noisy
and with other gammas; `boneage.training.polarity` fits them anew and reports their accuracy on the tuning films.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WEIGHTS: Final[dict[str, float]] = {"centre": 15.67, "flat": 9.15, "flat_inside": 6.23, "skew_inside": 0.78}
"""Weight of each measure; the sum is a log-odds."""
INVERTED_BELOW: Final = -1.0
"""A picture without a trustworthy tag is taken as inverted below this score."""
CONTRADICTS_BELOW: Final = -3.0
"""A picture is believed against its own DICOM tag below this score."""
WORKING_SIZE: Final = 160
"""Longest side in pixels of the picture that is judged."""


def bone_bright_score(pixels: NDArray[np.float32]) -> float:
    """Return the log-odds that bone is bright; exactly the negative for the inverted picture.

    Parameters
    ----------
    pixels:
        ``float32`` (rows, columns), any range.

    Returns
    -------
    float
        Positive: bone is bright. Close to 0: the picture does not tell.
    """
    return sum(WEIGHTS[name] * value for name, value in polarity_features(pixels).items())


def polarity_features(pixels: NDArray[np.float32]) -> dict[str, float]:
    """Return the four measures of the module's description."""
    from scipy.ndimage import gaussian_gradient_magnitude

    picture = _normalised(_without_margins(_reduced(pixels)))
    rows, columns = picture.shape
    y, x = np.linspace(-1, 1, rows)[:, None], np.linspace(-1, 1, columns)[None, :]
    bell = np.exp(-(x**2 + y**2) / 0.5)
    gradient = gaussian_gradient_magnitude(picture, 1.0)
    inside = np.s_[rows // 6 : rows - rows // 6, columns // 6 : columns - columns // 6]
    return {
        "centre": float((bell * picture).sum() / bell.sum() - picture.mean()),
        "flat": _drawn_minus_flat(picture, gradient),
        "flat_inside": _drawn_minus_flat(picture[inside], gradient[inside]),
        "skew_inside": _skewness(picture[inside]),
    }


def _reduced(pixels: NDArray[np.float32]) -> NDArray[np.float64]:
    """Reduce to `WORKING_SIZE` by averaging, and scale to 0..1."""
    rows, columns = pixels.shape
    factor = WORKING_SIZE / max(rows, columns)
    if factor < 1:
        size = (max(8, round(columns * factor)), max(8, round(rows * factor)))
        image = Image.fromarray(np.ascontiguousarray(pixels, dtype=np.float32))
        pixels = np.asarray(image.resize(size, Image.Resampling.BOX))
    low, high = float(pixels.min()), float(pixels.max())
    return (pixels.astype(np.float64) - low) / max(high - low, 1e-9)


def _without_margins(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut uniform margins off, as screen captures and page scans have them."""
    for _ in range(2):
        rows, columns = (np.flatnonzero(picture.std(axis=axis) > 0.02) for axis in (1, 0))
        if len(rows) < 24 or len(columns) < 24:
            return picture
        picture = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return picture


def _normalised(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map the 1st and 99th percentiles to -1 and 1 and clip, so that inverting a picture changes every sign."""
    low, high = np.percentile(picture, [1, 99])
    return np.clip((picture - (low + high) / 2) / max((high - low) / 2, 1e-3), -1, 1)


def _drawn_minus_flat(picture: NDArray[np.float64], gradient: NDArray[np.float64]) -> float:
    """Median grey of the steepest 30 % minus that of the flattest 30 %; 0 where all is equally steep."""
    low, high = np.quantile(gradient, [0.3, 0.7])
    tells = (high - low) / max(high + low, 1e-9)
    return float(tells * (np.median(picture[gradient >= high]) - np.median(picture[gradient <= low])))


def _skewness(picture: NDArray[np.float64]) -> float:
    """Third standardised moment, limited to -3..3."""
    deviation = picture - picture.mean()
    return float(np.clip((deviation**3).mean() / ((deviation**2).mean() ** 1.5 + 1e-6), -3, 3))
