"""The keypoints and masks that people drew on some of the training films."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from boneage.anatomy import JOINTS, RAYS

_FINGERS = {2: "forefinger", 3: "middle_finger", 4: "ring_finger", 5: "pinky_finger"}
_KEYPOINT_OF_JOINT: dict[str, str] = {
    "wrist": "wrist",
    "cmc_1": "thumb1",
    "mcp_1": "thumb2",
    "ip_1": "thumb3",
    "tip_1": "thumb4",
    **{
        f"{joint}_{ray}": f"{_FINGERS[ray]}{number}"
        for ray in RAYS[1:]
        for number, joint in enumerate(("mcp", "pip", "dip", "tip"), start=1)
    },
}


@dataclass(frozen=True, eq=False)
class JointAnnotation:
    """The 21 joints of one film: ``points`` is (21, 2) native ``[x, y]`` in the order of `boneage.anatomy.JOINTS`."""

    id: str
    side: str
    height: int
    width: int
    points: NDArray[np.float64]


def read_joints(root: Path) -> dict[str, JointAnnotation]:
    """Read `keypoints_21.csv`; films with fewer than all 21 points are left out."""
    rows: dict[str, dict[str, Mapping[str, str]]] = {}
    with (root / "rsna" / "annotations" / "keypoints_21.csv").open(newline="") as handle:
        for row in csv.DictReader(handle):
            rows.setdefault(row["id"], {})[row["keypoint"]] = row
    result = {}
    for film_id, points in rows.items():
        if any(not points.get(_KEYPOINT_OF_JOINT[joint], {}).get("x") for joint in JOINTS):
            continue
        first = points["wrist"]
        xy = [[float(points[_KEYPOINT_OF_JOINT[joint]][axis]) for axis in ("x", "y")] for joint in JOINTS]
        height, width = int(first["native_height"]), int(first["native_width"])
        result[film_id] = JointAnnotation(film_id, first["side"], height, width, np.array(xy))
    return result


class MaskArchive:
    """The 1,026 binary masks of epiphyses and carpals, read one by one."""

    def __init__(self, root: Path) -> None:
        self._archive = zipfile.ZipFile(root / "rsna" / "annotations" / "epiphysis_carpal_masks.zip")
        self.ids = tuple(Path(name).stem for name in self._archive.namelist())

    def __enter__(self) -> MaskArchive:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def read(self, film_id: str) -> NDArray[np.bool_]:
        """Return the mask at native size."""
        with Image.open(io.BytesIO(self._archive.read(f"{film_id}.png"))) as image:
            return np.asarray(image.convert("L")) > 127
