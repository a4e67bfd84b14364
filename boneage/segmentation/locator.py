"""Finds the hand: 21 joints on the whole film, and from them the hand frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from boneage.anatomy import JOINTS
from boneage.network_weights import load_weights
from boneage.segmentation.hand_frame import frame_of_joints
from boneage.segmentation.joints import heat_map_points
from boneage.segmentation.resample import normalise, warp
from boneage.segmentation.unet import FoldedUNet

LOCATOR_SIZE: Final = 192
"""Height and width of the square that the whole film is laid into."""


SURE_HAND: Final = 0.90
"""Mean confidence less misfit of the palm, below which the network looks a second time, closer."""

FITTING_PALM: Final = 0.08
"""Misfit of the palm below which its direction is believed."""

MARGIN: Final = 2.0
"""Side of the square of the second look, in extents of the hand that was found (of 1.3 to 2.0 the best on `tune`)."""

WIDER: Final = 2.5
"""The same of the last look, at a hand that no look was sure of: what was taken for a hand may be a part of one."""

BRIGHT: Final = 0.995
"""Quantile of the grey levels that stands for white (as in `boneage.segmentation.resample.normalise`)."""

BRIGHT_BESIDE: Final = 0.9
"""The same where no look was sure: a tenth of the film may outshine the hand (a plate with letters, a lead edge)."""


@dataclass(frozen=True, eq=False)
class Located:
    """Joints of one film in the order of `JOINTS`: ``points`` (21, 2), film pixels ``[x, y]``, ``confidence`` (21,)."""

    points: NDArray[np.float64]
    confidence: NDArray[np.float64]

    @property
    def trust(self) -> float:
        """The mean confidence of the joints less the misfit of their palm: higher is better."""
        return float(self.confidence.mean()) - frame_of_joints(joints_of(self.points))[1]


def letterbox_matrix(height: int, width: int, size: int = LOCATOR_SIZE) -> NDArray[np.float64]:
    """Return the (3, 3) map from the square to film pixels: the film centred, its long side filling the square."""
    scale = max(height, width) / size
    matrix = np.diag([scale, scale, 1.0])
    matrix[:2, 2] = np.array([(width - 1) / 2, (height - 1) / 2]) - scale * (size - 1) / 2
    return matrix


def quarter_turn(turns: int, size: int = LOCATOR_SIZE) -> NDArray[np.float64]:
    """Return the (3, 3) map of a square onto itself that turns it about its middle by so many quarters."""
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[turns % 4]
    middle = (size - 1) / 2
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    matrix[:2, 2] = middle - matrix[:2, :2] @ [middle, middle]
    return matrix


def closer_square(
    points: NDArray[np.float64], size: int = LOCATOR_SIZE, *, margin: float = MARGIN
) -> NDArray[np.float64]:
    """Return the (3, 3) map to film pixels from a square round joints (21, 2), its side ``margin`` times their extent.

    Where the palm fits its template the square stands upright along the hand, and a mirrored hand is mirrored back.
    """
    frame, misfit = frame_of_joints(joints_of(points))
    upright = np.vstack([frame.matrix, [0.0, 0.0, 1.0]]) if misfit < FITTING_PALM else np.eye(3)
    inside = frame.from_film(points) if misfit < FITTING_PALM else points
    low, high = np.quantile(inside, [0.05, 0.95], axis=0)
    scale = max(float((high - low).max()) * margin, 1.0) / size
    matrix = np.diag([scale, scale, 1.0])
    matrix[:2, 2] = (low + high) / 2 - scale * (size - 1) / 2
    return upright @ matrix


def _is_upright(located: Located) -> bool:
    """Tell whether the fingers point up, within 45 degrees."""
    along = located.points[JOINTS.index("mcp_3")] - located.points[JOINTS.index("wrist")]
    return bool(-along[1] > abs(along[0]))


def _surest(*looks: Located) -> Located:
    return max(looks, key=lambda look: look.trust)


def load_unet(name: str) -> FoldedUNet:
    """Return a shipped U-Net, ready to read with; raises `WeightsError`."""
    tensors, entry = load_weights(name)
    net = FoldedUNet(int(entry["inputs"]), int(entry["outputs"]), tuple(entry["features"]))
    net.load_state_dict(tensors)
    return net.eval().to(memory_format=torch.channels_last)


class Locator:
    """The shipped locator network."""

    def __init__(self, net: FoldedUNet | None = None) -> None:
        self._net = net or load_unet("locator")

    def heat_maps(self, images: Tensor) -> Tensor:
        """Return heat-map logits (n, 21, size, size) of normalised squares (n, 1, size, size)."""
        with torch.inference_mode():
            answer: Tensor = self._net(images.to(memory_format=torch.channels_last))
        return answer.float()

    def locate(self, pixels: NDArray[np.float32]) -> Located:
        """Find the joints on a film of shape (rows, columns), bone bright.

        Where they are not sure, or the hand does not stand upright, the network looks again at a square round the hand
        that it has found, and the surer answer is taken: most films that it has learned from are upright, and a small
        hand on a large film fills few of its pixels. Where they are still not sure, it looks at the film in the three
        other quarter turns too, and at last with a wider square and with another white.
        """
        square = letterbox_matrix(*pixels.shape)
        located = self._look(pixels, square)
        if located.trust >= SURE_HAND and _is_upright(located):
            return located
        located = _surest(located, self._look(pixels, closer_square(located.points)))
        if located.trust >= SURE_HAND:
            return located
        turned = _surest(*(self._look(pixels, square @ quarter_turn(turns)) for turns in (1, 2, 3)))
        located = _surest(located, turned, self._look(pixels, closer_square(turned.points)))
        return located if located.trust >= SURE_HAND else self._last_looks(pixels, square, located)

    def _last_looks(self, pixels: NDArray[np.float32], square: NDArray[np.float64], located: Located) -> Located:
        """Return the surest of what was found and of a look with all bright things as white, closer, and wider."""
        dim = self._look(pixels, square, white=BRIGHT_BESIDE)
        near = self._look(pixels, closer_square(dim.points), white=BRIGHT_BESIDE)
        located = _surest(located, dim, near)
        return _surest(located, self._look(pixels, closer_square(located.points, margin=WIDER)))

    def glance(self, pixels: NDArray[np.float32], box: tuple[int, int, int, int]) -> Located:
        """Look once at a part of the film alone; ``box``: left, top, right, bottom in film pixels, end not included."""
        left, top, right, bottom = box
        part = pixels[top:bottom, left:right]
        located = self._look(part, letterbox_matrix(*part.shape))
        return Located(located.points + np.array([left, top]), located.confidence)

    def _look(self, pixels: NDArray[np.float32], matrix: NDArray[np.float64], *, white: float = BRIGHT) -> Located:
        """Find the joints in a square of the film.

        Parameters
        ----------
        pixels:
            (rows, columns).
        matrix:
            (3, 3), from the square to film pixels.
        white:
            Quantile of the square's grey levels that stands for white.
        """
        image, inside = warp(pixels, matrix[:2], (LOCATOR_SIZE, LOCATOR_SIZE))
        points, confidence = heat_map_points(self.heat_maps(normalise(image, inside, high=white)))
        film = points[0].double().numpy() @ matrix[:2, :2].T + matrix[:2, 2]
        return Located(film, confidence[0].double().numpy())


def joints_of(points: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    """Name an array of points (21, 2) by joint."""
    return {name: (float(x), float(y)) for name, (x, y) in zip(JOINTS, points, strict=True)}
