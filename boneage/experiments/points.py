"""One point of the learning curve, kept as JSON: a route fitted on n films, and its answers for the others."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from boneage.outputs import make_folder, write_whole

Route = Literal["measurement", "regression", "regions"]

ROUTES: Final[tuple[Route, ...]] = ("measurement", "regression", "regions")
"""The measured bones; the network of the whole hand, from nothing but pixels and ages; and the network of the regions,
whose encoders begin as those of the segmentation."""


@dataclass(frozen=True)
class PointKey:
    """Which point: the route, the number of labelled films, and the seed that chose them."""

    route: Route
    n: int
    seed: int

    @property
    def name(self) -> str:
        """Name of its folder and file, for instance ``regression-n50-seed0``."""
        return f"{self.route}-n{self.n}-seed{self.seed}"


@dataclass(frozen=True)
class Point:
    """A finished point.

    Attributes
    ----------
    key:
        Which point it is.
    inputs:
        Hash of what it was made from: another one makes it another point.
    fitted_films:
        Films of the n that were used (on the others no hand is found).
    answers:
        Film id to bone age in months, for every evaluated film with an answer.
    unanswered:
        Films of the split without an answer.
    date:
        When it was finished, ISO 8601 with seconds, UTC.
    steps:
        Steps of the training; ``None`` where nothing was trained.
    seconds:
        Processor seconds of the fit; ``None`` where it is not known.
    how:
        What gave the answers, in words.
    source:
        Hash of what all points of a run share (the measured rows and how tables are built); points of different sources
        are not shown together.
    """

    key: PointKey
    inputs: str
    fitted_films: int
    answers: dict[str, float]
    unanswered: int
    date: str
    steps: int | None
    seconds: float | None
    how: str
    source: str = ""


def write_point(point: Point, folder: Path) -> None:
    """Write a point as ``<name>.json``, whole or not at all."""
    make_folder(folder)
    text = json.dumps(asdict(point), indent=1)
    write_whole(folder / f"{point.key.name}.json", (text + "\n").encode())


def read_point(folder: Path, key: PointKey) -> Point | None:
    """Return a finished point, or ``None`` where there is none."""
    path = folder / f"{key.name}.json"
    return _read(path) if path.is_file() else None


def read_points(folder: Path) -> list[Point]:
    """Return every finished point of a folder, by route, size and seed."""
    paths = [path for route in ROUTES for path in folder.glob(f"{route}-n*-seed*.json")]
    return sorted(map(_read, paths), key=lambda point: (ROUTES.index(point.key.route), point.key.n, point.key.seed))


def _read(path: Path) -> Point:
    data = json.loads(path.read_text())
    return Point(**{**data, "key": PointKey(**data["key"])})
