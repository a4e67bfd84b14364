"""How well bones and joints are found: the files of a batch against drawn masks and joints of the RSNA films.

What is compared is what a user gets: ``<id>_labels.png`` and ``<id>.json`` of ``boneage batch --output-dir``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from boneage.anatomy import CARPAL_VALUES, JOINTS, LABELS, TUBULAR_BONES
from boneage.evaluation.centres import EPIPHYSES, presences
from boneage.evaluation.metrics import Figure, bootstrap
from boneage.training.annotations import MaskArchive, read_joints

_BONES = np.array([value for value, name in LABELS.items() if name.endswith("_epiphysis") or value in CARPAL_VALUES])
"""What was drawn: epiphyses and carpals of any name, no sesamoid."""


@dataclass(frozen=True)
class BoneFigures:
    """Figures on the films of a batch that have drawn masks or joints.

    Attributes
    ----------
    masked_films, jointed_films, films:
        Films with a mask, with joints, and in all, that were answered.
    dice:
        Mean over films of the Dice of all epiphyses and carpals together with the mask, at the film's size.
    joints:
        Median over all joints of the distance in percent of hand length (wrist to tip of the third finger).
    bones_found:
        Mean percentage of the 19 tubular bones in the answer.
    all_bones:
        Percentage of films with all 19 tubular bones.
    epiphyses, carpals:
        Percentage of centres that are rightly shown or not shown, on the films with a mask.
    worst:
        The ten masked films of lowest Dice, as (id, Dice).
    """

    films: int
    masked_films: int
    jointed_films: int
    dice: Figure
    joints: Figure
    bones_found: Figure
    all_bones: Figure
    epiphyses: Figure
    carpals: Figure
    worst: tuple[tuple[str, float], ...]


def dice(found: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> float:
    """Return the Dice coefficient of two masks of the same shape; two empty ones agree (1).

    Examples
    --------
    >>> dice(np.array([True, True]), np.array([True, False]))
    0.6666666666666666
    """
    both = int(found.sum()) + int(drawn.sum())
    return 1.0 if both == 0 else float(2 * (found & drawn).sum() / both)


def _film_dice(labels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> float:
    """Return the Dice at the size of the label map, the mask brought to it by area."""
    from PIL import Image

    size = (labels.shape[1], labels.shape[0])
    drawn = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)
    return dice(np.isin(labels, _BONES), np.asarray(drawn) >= 128)


def _joint_distances(
    document: dict[str, object], points: NDArray[np.float64], factor: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the distance of each joint in percent of hand length; ``factor`` takes input pixels to native ones."""
    found = {joint["joint"]: joint["xy"] for joint in document["joints"]}  # type: ignore[attr-defined]
    xy = np.array([found.get(name, (np.nan, np.nan)) for name in JOINTS], dtype=float)
    native = (xy + 0.5) * factor - 0.5
    hand = np.linalg.norm(points[JOINTS.index("wrist")] - points[JOINTS.index("tip_3")])
    distances: NDArray[np.float64] = 100 * np.linalg.norm(native - points, axis=1) / hand
    return distances


def _centres(labels: NDArray[np.uint8], mask: NDArray[np.bool_], document: dict[str, object]) -> tuple[float, float]:
    """Return the percentages of epiphyses and carpals rightly shown or not shown; ``nan`` where joints are missing."""
    factor = np.array([mask.shape[1] / labels.shape[1], mask.shape[0] / labels.shape[0]])
    joints = {
        joint["joint"]: tuple((np.array(joint["xy"]) + 0.5) * factor - 0.5)
        for joint in document["joints"]  # type: ignore[attr-defined]
    }
    if set(joints) != set(JOINTS):
        return float("nan"), float("nan")
    judged = presences(labels, mask, joints)
    kinds = [one.centre in EPIPHYSES for one in judged]
    right = np.array([one.right for one in judged])
    return tuple(  # type: ignore[return-value]
        100 * float(right[np.equal(kinds, kind)].mean()) if np.equal(kinds, kind).any() else float("nan")
        for kind in (True, False)
    )


def evaluate_bones(answers: Path, root: Path) -> BoneFigures:
    """Compare the files in ``answers`` with the annotations under ``root`` (see `boneage.training.films.data_root`)."""
    from PIL import Image

    annotations = read_joints(root)
    dices: dict[str, float] = {}
    distances: list[NDArray[np.float64]] = []
    found: list[float] = []
    centres: list[tuple[float, float]] = []
    with MaskArchive(root) as archive:
        masked = set(archive.ids)
        for path in sorted(answers.glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["status"] != "ok":
                continue
            bones = {bone["bone"] for bone in document["bones"]}
            found.append(100 * len(bones & set(TUBULAR_BONES)) / len(TUBULAR_BONES))
            film_id = path.stem
            if film_id in masked:
                with Image.open(path.with_name(f"{film_id}_labels.png")) as image:
                    labels, mask = np.asarray(image), archive.read(film_id)
                dices[film_id] = _film_dice(labels, mask)
                centres.append(_centres(labels, mask, document))
            if film_id in annotations:
                drawn = annotations[film_id]
                rows, columns = document["input"]["rows"], document["input"]["columns"]
                factor = np.array([drawn.width / columns, drawn.height / rows])
                distances.append(_joint_distances(document, drawn.points, factor))
    worst = sorted(dices.items(), key=lambda item: item[1])[:10]
    shares = np.array(centres).reshape(-1, 2)
    medians = np.array([float(np.nanmedian(d)) for d in distances])
    return BoneFigures(
        len(found),
        len(dices),
        len(distances),
        bootstrap(100 * np.array(list(dices.values()))),
        bootstrap(medians, lambda v: np.median(v, axis=-1)),
        bootstrap(np.array(found)),
        bootstrap(100.0 * (np.array(found) == 100)),
        bootstrap(shares[np.isfinite(shares[:, 0]), 0]),
        bootstrap(shares[np.isfinite(shares[:, 1]), 1]),
        tuple((film_id, round(value, 3)) for film_id, value in worst),
    )


def to_markdown(figures: BoneFigures, *, command: str) -> str:
    """Return the figures as a Markdown table that names the command."""
    rows = [
        ("epiphysis and carpal Dice × 100 (mean)", figures.masked_films, figures.dice),
        ("joints, distance in % of hand length (median)", figures.jointed_films, figures.joints),
        ("tubular bones found, % of 19 (mean)", figures.films, figures.bones_found),
        ("films with all 19 tubular bones, %", figures.films, figures.all_bones),
        ("epiphyses rightly shown or not shown, % of 19", figures.masked_films, figures.epiphyses),
        ("carpals rightly shown or not shown, % of 7", figures.masked_films, figures.carpals),
    ]
    lines = [f"`{command}`", "", "| what | films | figure (95 % interval) |", "|---|---|---|"]
    lines += [f"| {what} | {count} | {figure} |" for what, count, figure in rows]
    lines += ["", "Lowest Dice: " + ", ".join(f"{film_id} {value}" for film_id, value in figures.worst), ""]
    return "\n".join(lines)
