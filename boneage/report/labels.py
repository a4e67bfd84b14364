"""The label map at input size: the picture behind ``<stem>_labels.png``."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from boneage.segmentation.bone_map import BoneMap


def film_labels(bone_map: BoneMap, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Carry the labels from the hand frame to the film by nearest neighbour.

    Parameters
    ----------
    bone_map:
        The segmented hand.
    shape:
        (rows, columns) of the film.

    Returns
    -------
    NDArray[np.uint8]
        Labels of shape ``shape``; 0 where the film lies outside the hand frame.
    """
    from scipy.ndimage import affine_transform  # here: only those who want this picture pay for it

    frame = bone_map.frame
    inverse = np.linalg.inv(frame.matrix[:, :2])
    shift = -inverse @ frame.matrix[:, 2]
    # `affine_transform` counts (row, column), the frame counts [x, y]: both axes of the map are swapped.
    warped = affine_transform(
        bone_map.labels, inverse[::-1, ::-1], offset=shift[::-1], output_shape=shape, order=0, mode="constant", cval=0
    )
    return np.asarray(warped, dtype=np.uint8)


def labels_png(labels: NDArray[np.uint8]) -> bytes:
    """Return a label map as an 8-bit grey PNG whose values are the labels themselves."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(labels).save(buffer, format="PNG", optimize=False)
    return buffer.getvalue()
