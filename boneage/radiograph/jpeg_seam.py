"""The seam that a slipped JPEG leaves in a picture.

A JPEG codes the mean grey of a block of 8 x 8 pixels as the difference from the block before. A damaged byte that still
decodes therefore shifts the grey of everything after it, silently: a step of one and the same height runs along the
upper edge of the row of blocks from the damage to the right, and along its lower edge from the left to the damage.
Nothing that is drawn looks so; a border of a collimator or of a pasted picture lies on one line.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 8
MIN_STEP: Final = 3.5
"""Least height of a step, of 255 levels."""
MIN_QUANTA: Final = 3.0
"""Least height of a step in quanta of a block's mean: strong compression draws smooth backgrounds in bands of one."""
MIN_LINE_STEP: Final = 16.0
"""The same for damage at the start of a row of blocks, whose seam lies on one line."""
_BLACK, _WHITE = 1.0, 254.0
"""Levels at which a shift may have been clipped: there the step is not seen."""
_CANDIDATE: Final = 1.0
_CLIP: Final = 20.0


def has_slipped(levels: NDArray[Any], quantum: float = 0.0) -> bool:
    """Tell whether a decoded JPEG shows the seam of a shift in grey.

    Parameters
    ----------
    levels:
        Luminance (rows, columns) from 0 to 255, in the order in which it was coded: not turned.
    quantum:
        The levels by which the stream can tell the means of two blocks apart.

    Returns
    -------
    bool
        ``False`` also where the picture is too small to tell.
    """
    across = levels.shape[1] // BLOCK
    rows = np.arange(BLOCK, levels.shape[0] - 1, BLOCK)
    if across < 8 or len(rows) < 3:
        return False
    before, above, below, after = (levels[rows + k, : across * BLOCK].astype(np.float32) for k in (-2, -1, 0, 1))
    steps = _block_means((below - above) - ((above - before) + (after - below)) / 2)
    clipped = _block_means(((below <= _BLACK) | (below >= _WHITE)).astype(np.float32)) > 0.25
    steps[clipped] = np.nan
    # A row of coded units is one block high, or two where colour is coded at half the size.
    grey, least = _block_means(above), max(MIN_STEP, MIN_QUANTA * quantum)
    return any(_seam(steps[:-height], steps[height:], grey[:-height], least) for height in (1, 2))


def _block_means(line: NDArray[np.floating]) -> NDArray[np.float32]:
    """Mean over the width of each block: (lines, columns) to (lines, blocks)."""
    return line.reshape(len(line), -1, BLOCK).mean(axis=2, dtype=np.float32)


def _seam(upper: NDArray[np.float32], lower: NDArray[np.float32], grey: NDArray[np.float32], least: float) -> bool:
    """Search every row of units for the block at which damage explains the steps at its upper and lower edge best."""
    seen = _sums(~np.isnan(upper))[:, -1:] - _sums(~np.isnan(upper)) + _sums(~np.isnan(lower))
    height = _sums(_bounded(upper))[:, -1:] - _sums(_bounded(upper)) + _sums(_bounded(lower))
    enough = seen >= max(8, 0.3 * upper.shape[1])
    score = np.where(enough, np.abs(height) / np.maximum(seen, 1), 0)
    return any(
        _is_stair(upper[row], lower[row], int(score[row].argmax()), least)
        or _is_line(upper[row], lower[row], int(score[row].argmax()), grey[row])
        for row in np.flatnonzero(score.max(axis=1) >= _CANDIDATE)
    )


def _bounded(steps: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip(np.nan_to_num(steps), -_CLIP, _CLIP)


def _sums(values: NDArray[Any]) -> NDArray[np.float64]:
    """Sums of the first 0, 1, ... values of every row."""
    return np.pad(np.cumsum(values, axis=1, dtype=np.float64), ((0, 0), (1, 0)))


def _is_stair(upper: NDArray[np.float32], lower: NDArray[np.float32], at: int, least: float) -> bool:
    """Tell whether both treads are of one height and the rest of both edges is level."""
    left, right = _known(lower[:at]), _known(upper[at:])
    if min(len(left), len(right)) < max(6, 0.05 * len(upper)):
        return False
    step = float(np.median(np.concatenate([left, right])))
    if abs(step) < least:
        return False
    level = _known(np.concatenate([upper[:at], lower[at:]]))
    return all(
        abs(float(np.median(part)) - step) <= 0.12 * abs(step) and _share(part, step, 0.6) >= 0.55
        for part in (left, right)
    ) and (not len(level) or _share(level, 0.0, 0.5 * abs(step), absolute=True) >= 0.6)


def _is_line(upper: NDArray[np.float32], lower: NDArray[np.float32], at: int, grey: NDArray[np.float32]) -> bool:
    """Tell whether a drawing goes on across a high step that is the same everywhere."""
    path = np.concatenate([lower[:at], upper[at:]])
    known = ~np.isnan(path)
    step = float(np.median(path[known]))
    if abs(step) < MIN_LINE_STEP or known.sum() < 0.5 * len(path):
        return False
    drawn = float(np.ptp(np.percentile(grey[known], [10, 90])))
    return drawn >= 20 and _share(path[known], step, 0.1) >= 0.9


def _known(steps: NDArray[np.float32]) -> NDArray[np.float32]:
    return steps[~np.isnan(steps)]


def _share(values: NDArray[np.float32], centre: float, reach: float, *, absolute: bool = False) -> float:
    """Return the share of values within ``reach`` (times the centre, or absolute) of a centre."""
    return float((np.abs(values - centre) <= (reach if absolute else reach * abs(centre))).mean())
