"""Whether a film's own window cuts off what bone age is read from.

A window is set for the eye, and by whoever looked last: one for soft tissue drowns the bones in white, one for the
bones drowns the soft tissue and the small bones in black. The stored values still hold what it cuts off. A window that
blackens the air round the hand alone, as most do, is sound.

The limits were set on the example films with windows of all sorts: readings keep within a month up to 3 % of a film
in white, and move by two to eight months where a fifth of the hand is black.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_WHITE: Final = 0.03
"""Largest share of the film that may become white."""
MAX_BLACK: Final = 0.10
"""Largest share of the hand that may become black."""
_END: Final = 0.002
"""Grey this close to 0 or 1 is cut off."""
_MARGIN: Final = 0.02
"""The ends of a lossy film are this wide, of the range of the middle 98 %."""
_TWO_CLASSES: Final = 0.82
"""Share of the variance that one threshold explains on a film of two kinds of grey, air and hand. On films on which it
parts bone from the rest it is 0.59 to 0.79, and the rest is split once more."""
_SAMPLE: Final = 512
_BINS: Final = 512


def cuts_off_the_hand(
    levels: NDArray[np.float32], grey: NDArray[np.float32], ignore: NDArray[np.bool_] | None, *, inverted: bool
) -> bool:
    """Tell whether a window blinds a film.

    Parameters
    ----------
    levels:
        Levels before the window (rows, columns).
    grey:
        The same pixels after it, 0..1.
    ignore:
        Mask of padding, if there is any.
    inverted:
        Whether bone is dark in ``grey``, as the tags have it.

    Returns
    -------
    bool
        Whether too much of the film becomes white or too much of the hand becomes black. Pixels at the lowest and the
        highest level of the film count for nothing: the detector or a border has cut them off already.
    """
    step = tuple(slice(None, None, max(1, side // _SAMPLE)) for side in levels.shape)
    level, shown = levels[step].astype(np.float64), grey[step].astype(np.float64)
    if ignore is not None:
        level, shown = level[~ignore[step]], shown[~ignore[step]]
    low, high = np.percentile(level, [1, 99])
    margin = _MARGIN * (high - low)
    lost = (level > level.min() + margin) & (level < level.max() - margin)
    if inverted:
        shown = 1 - shown
    rising = float(((level - level.mean()) * (shown - shown.mean())).mean()) >= 0
    if float((lost & (shown >= 1 - _END)).mean()) > MAX_WHITE:
        return True
    hand = _hand(level if rising else -level)
    return bool(hand.any()) and float((lost & (shown <= _END))[hand].mean()) > MAX_BLACK


def _hand(level: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return what is brighter than air."""
    low, high = np.percentile(level, [1, 99])
    bounded = np.clip(level, low, high)
    split, explained = _threshold(bounded)
    if explained < _TWO_CLASSES:
        split, _ = _threshold(bounded[bounded <= split])
    return level > split


def _threshold(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return Otsu's threshold and the share of the variance that it explains (0 where all values are one)."""
    from skimage.filters import threshold_otsu

    half_a_bin = float(np.ptp(values)) / _BINS / 2
    split, spread = float(threshold_otsu(values, nbins=_BINS)) + half_a_bin, float(values.var())
    above = values > split
    share = float(above.mean())
    if spread == 0 or share in {0.0, 1.0}:
        return split, 0.0
    between = share * (1 - share) * float(values[above].mean() - values[~above].mean()) ** 2
    return split, between / spread
