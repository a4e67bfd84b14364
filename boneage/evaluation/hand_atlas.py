"""Joint-to-joint lengths measured on the Digital Hand Atlas films, against the expert landmarks on the same films."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import ReadError, Refusal, UsageError

LOGGER = logging.getLogger(__name__)

TARGET_PERCENT: Final = 1.5
"""The median absolute difference that is aimed at."""

Lengths = Mapping[str, float]
"""Bone to length in film pixels."""


@dataclass(frozen=True)
class AtlasFilm:
    """One film: the lengths between landmarks and the measured ones, in film pixels.

    Attributes
    ----------
    name:
        The film's number in the atlas.
    landmarks:
        All 19 lengths.
    measured:
        Those that could be measured; none where the film was refused.
    refused:
        Why it was refused, or empty.
    """

    name: str
    landmarks: Lengths
    measured: Lengths
    refused: str = ""

    def differences(self) -> dict[str, float]:
        """Return bone to 100 × (measured - landmarks) / landmarks."""
        return {
            bone: 100 * (self.measured[bone] / self.landmarks[bone] - 1)
            for bone in TUBULAR_BONES
            if bone in self.measured
        }


def measured_lengths(path: Path) -> dict[str, float]:
    """Return the joint-to-joint lengths of one film in film pixels, as the installed networks measure them.

    Raises
    ------
    BoneAgeError
        If the film cannot be read or is refused.
    """
    from boneage.options import EstimateOptions
    from boneage.rooms import InstalledRooms

    rooms = InstalledRooms(EstimateOptions())
    bone_map = rooms.segment(rooms.read(path, pixel_spacing_mm=None, sex=None))
    found = rooms.measure(bone_map).joint_lengths
    return {joint.bone: joint.length_px * bone_map.frame.scale for joint in found}


def evaluate_hand_atlas(root: Path, *, measure: Callable[[Path], Lengths] = measured_lengths) -> tuple[AtlasFilm, ...]:
    """Measure every film of ``root/dha/images`` and set its landmarks beside it.

    Raises
    ------
    UsageError
        If films or landmarks are missing.
    """
    folder = root / "dha"
    paths = sorted((folder / "images").glob("*.png"))
    if not paths:
        msg = "the Digital Hand Atlas films were not found"
        raise UsageError("no_hand_atlas", msg, remedy="set BONEAGE_DATA to the folder that holds dha/images")
    landmarks = read_landmark_lengths(folder)
    films = []
    for path in paths:
        if path.stem not in landmarks:
            LOGGER.warning("a film of the atlas has no landmarks and is left out")
            continue
        try:
            films.append(AtlasFilm(path.stem, landmarks[path.stem], measure(path)))
        except (ReadError, Refusal) as error:
            films.append(AtlasFilm(path.stem, landmarks[path.stem], {}, refused=error.code))
    return tuple(films)


def read_landmark_lengths(folder: Path) -> dict[str, dict[str, float]]:
    """Return hand to bone to the distance of its two landmarks in pixels.

    Raises
    ------
    UsageError
        If a file is missing.
    """
    try:
        with (folder / "landmark_to_segment_map.csv").open(newline="", encoding="utf-8") as file:
            pairs = {
                row["segment"]: (row["landmark_index_proximal_0based"], row["landmark_index_distal_0based"])
                for row in csv.DictReader(file)
            }
        with (folder / "landmarks_37.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError as error:
        msg = "the Digital Hand Atlas landmarks were not found"
        raise UsageError("no_hand_atlas", msg, remedy="set BONEAGE_DATA to the folder that holds dha") from error
    return {row["dha_id"]: {bone: _distance(row, *pairs[bone]) for bone in TUBULAR_BONES} for row in rows}


def _distance(row: Mapping[str, str], first: str, last: str) -> float:
    return float(
        np.hypot(float(row[f"x{last}"]) - float(row[f"x{first}"]), float(row[f"y{last}"]) - float(row[f"y{first}"]))
    )


def summary(differences: Sequence[float]) -> tuple[float, float]:
    """Return median absolute difference and median signed difference (``nan`` of none)."""
    if not differences:
        return float("nan"), float("nan")
    return float(np.median(np.abs(differences))), float(np.median(differences))


def to_csv(films: Sequence[AtlasFilm]) -> str:
    """Return one line for each film and bone."""
    lines = ["film,bone,landmarks_px,measured_px,difference_percent"]
    for film in films:
        differences = film.differences()
        for bone in TUBULAR_BONES:
            known = bone in differences
            cells = (f"{film.measured[bone]:.2f}", f"{differences[bone]:+.2f}") if known else ("", "")
            lines.append(",".join((film.name, bone, f"{film.landmarks[bone]:.2f}", *cells)))
    return "\n".join(lines) + "\n"


def to_markdown(films: Sequence[AtlasFilm], *, command: str) -> str:
    """Return the differences by film and bone, with medians, as a Markdown table that names the command."""
    columns = [film.differences() for film in films]
    lines = [f"`{command}`", "", f"| bone, difference in % | {' | '.join(film.name for film in films)} | median |"]
    lines.append("|---|" + "---|" * (len(films) + 1))
    for bone in TUBULAR_BONES:
        known = [column[bone] for column in columns if bone in column]
        cells = [f"{column[bone]:+.1f}" if bone in column else "–" for column in columns]
        middle = f"{summary(known)[1]:+.1f}" if known else "–"
        lines.append(f"| {bone} | {' | '.join(cells)} | {middle} |")
    pooled = [value for column in columns for value in column.values()]
    parts = [summary(values) for values in (*(list(column.values()) for column in columns), pooled)]
    lines.append("| **median absolute** | " + " | ".join(f"{absolute:.2f}" for absolute, _ in parts) + " |")
    lines.append("| **median signed** | " + " | ".join(f"{signed:+.2f}" for _, signed in parts) + " |")
    lines.append("")
    worst = max((absolute for absolute, _ in parts[:-1] if np.isfinite(absolute)), default=float("nan"))
    lines.append(
        f"{len(films)} films, {len(pooled)} lengths; the aim is {TARGET_PERCENT} % on each film, "
        f"the worst has {worst:.2f} %."
    )
    lines += [f"{film.name} was refused: {film.refused}" for film in films if film.refused]
    return "\n".join(lines) + "\n"
