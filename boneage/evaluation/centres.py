"""Which ossification centres a film shows: what the tool says against what people drew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import CARPALS, LABEL_VALUES, TUBULAR_BONES, epiphysis_of
from boneage.segmentation.hand_frame import finer, frame_of_joints
from boneage.segmentation.sites import FINE_PALM
from boneage.training.carpal_names import name_wrist
from boneage.training.named_masks import IGNORE, components_in_frame, name_components

EPIPHYSES: Final = tuple(epiphysis_of(bone) for bone in TUBULAR_BONES)
"""The epiphyses that are judged. Those of radius and ulna are not: where nothing is ossified yet, the end of
the shaft was drawn in their place."""

LEAST_AREA: Final = 12.0
"""Pixels of the fine grid that make a centre."""


@dataclass(frozen=True)
class Presence:
    """One centre on one film: its name, whether it is drawn and whether the tool shows it."""

    centre: str
    drawn: bool
    shown: bool

    @property
    def right(self) -> bool:
        """Whether both agree."""
        return self.drawn == self.shown


def presences(
    labels: NDArray[np.uint8], mask: NDArray[np.bool_], joints: Mapping[str, tuple[float, float]]
) -> list[Presence]:
    """Compare the centres of one film.

    Parameters
    ----------
    labels:
        The tool's label map, at any size.
    mask:
        The drawn mask, at native size.
    joints:
        The 21 joints in pixels of the mask.

    Returns
    -------
    list of Presence
        Without the centres that may be part of a component that has no certain name.
    """
    frame = finer(frame_of_joints(joints)[0])
    places = frame.from_film(np.array(list(joints.values()), dtype=float))
    on_grid = {name: (float(x), float(y)) for name, (x, y) in zip(joints, places, strict=True)}
    components = components_in_frame(mask, frame)
    named = name_components(components, on_grid, smallest=LEAST_AREA, palm=FINE_PALM)
    named = name_wrist(named, components, np.zeros(named.shape, dtype=np.float32))
    drawn = np.bincount(named.ravel(), minlength=256)
    shown = np.bincount(labels.ravel(), minlength=256) * (mask.shape[0] / labels.shape[0] / frame.scale) ** 2
    unsure = _unsure(named, on_grid)
    found = []
    for name in (*EPIPHYSES, *CARPALS):
        value = LABEL_VALUES[name]
        there = bool(drawn[value] >= LEAST_AREA)
        if there or name not in unsure:
            found.append(Presence(name, there, bool(shown[value] >= LEAST_AREA)))
    return found


def _unsure(named: NDArray[np.uint8], joints: Mapping[str, tuple[float, float]]) -> set[str]:
    """Return the centres that a component without a name may be: those of its joint, or every carpal."""
    from boneage.segmentation.sites import JOINT_SITES

    ys, xs = np.nonzero((named == IGNORE) | (named == LABEL_VALUES["carpals"]))
    if len(ys) == 0:
        return set()
    points = np.column_stack([xs, ys]).astype(float)
    names: set[str] = set()
    for site in JOINT_SITES:
        if np.linalg.norm(points - np.array(joints[site.joint]), axis=1).min() < site.size / 2:
            names.add(epiphysis_of(site.distal))
            if site.proximal is not None:
                names.add(epiphysis_of(site.proximal))
    up = np.array(joints["mcp_3"]) - np.array(joints["wrist"])
    height = (points - np.array(joints["wrist"])) @ up / float(up @ up)
    return names | (set(CARPALS) if (height < 0.5).any() else set())
