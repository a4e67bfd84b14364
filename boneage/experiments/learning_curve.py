"""The learning curve: all routes fitted on the same few and many labelled films, judged on the same ``devtest`` films.

Each point is kept by itself as soon as it is finished, and a training goes on from its checkpoint, so that the
experiment may be stopped anywhere and called again with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from boneage.errors import UsageError
from boneage.experiments.points import ROUTES, Point, PointKey, Route, read_points
from boneage.experiments.subsets import subset
from boneage.outputs import make_folder
from boneage.training.films import FilmRecord, data_root, read_records

if TYPE_CHECKING:
    from boneage.experiments.curve import Curve
    from boneage.experiments.measured_rows import MeasuredFiles

SPLIT: Final = "devtest"
"""The films on which the routes are compared."""


@dataclass(frozen=True)
class CurveOptions:
    """What `boneage experiment learning-curve` is asked for.

    Attributes
    ----------
    run_dir:
        Checkpoints and finished points.
    cache:
        Decoded films and hand frames (regression route).
    routes, sizes, seeds:
        The points; size ``None`` stands for all labelled ``train`` films.
    shipped_for_all:
        Whether the shipped regression network stands for a training on all films.
    threads:
        Of the regression's training.
    steps:
        In place of the table of steps, for trials.
    measured:
        Measured films, for the measurement route.
    """

    run_dir: Path
    cache: Path = Path("cache")
    routes: tuple[Route, ...] = ROUTES
    sizes: tuple[int | None, ...] = (50, 100, 200, 500, 1000, 3000, None)
    seeds: tuple[int, ...] = (0,)
    shipped_for_all: bool = False
    threads: int = 1
    steps: int | None = None
    measured: MeasuredFiles | None = None


def parse_routes(text: str) -> tuple[Route, ...]:
    """Read ``measurement,regression,regions``.

    Raises
    ------
    UsageError
        ``bad_routes``.
    """
    words = [word.strip() for word in text.split(",")]
    if not set(words) <= set(ROUTES):
        msg = f"{text[:40]!r} is no list of routes"
        raise UsageError("bad_routes", msg, remedy=f"name some of {', '.join(ROUTES)}, with a comma")
    return tuple(route for route in ROUTES if route in words)


def parse_sizes(text: str) -> tuple[int | None, ...]:
    """Read ``50,100,all``; ``None`` stands for all.

    Raises
    ------
    UsageError
        ``bad_sizes``.
    """
    return tuple(None if word.strip() == "all" else _number(word, 1, "sizes") for word in text.split(","))


def parse_seeds(text: str) -> tuple[int, ...]:
    """Read ``0,1,2``.

    Raises
    ------
    UsageError
        ``bad_seeds``.
    """
    return tuple(_number(word, 0, "seeds") for word in text.split(","))


def _number(word: str, least: int, what: str) -> int:
    if not word.strip().isdigit() or int(word) < least:
        msg = f"{word.strip()[:20]!r} is not one of the {what}"
        raise UsageError(f"bad_{what}", msg, remedy="give whole numbers with commas between them")
    return int(word)


def run_points(options: CurveOptions) -> Iterator[Point]:
    """Yield the points that were asked for, each as soon as it is finished: seed by seed, small sizes first.

    All labelled films are the same films whatever the seed, so that what only they settle is there for the first seed
    alone.
    """
    make_folder(options.run_dir)
    records = read_records(data_root())
    films = [record for record in records if record.split == "train"]
    sizes = sorted({len(films) if size is None else size for size in options.sizes})
    makers = [_maker(route, options, records) for route in options.routes]
    for seed in options.seeds:
        for size in sizes:
            ids = subset(films, size, seed)
            for maker in makers:
                if seed == options.seeds[0] or size < len(films) or maker.seeded_with_all:
                    yield maker.make(PointKey(maker.route, size, seed), ids)


@dataclass(frozen=True)
class _Maker:
    """How the points of a route are made, and whether the seed matters where all films are used."""

    route: Route
    make: Callable[[PointKey, list[str]], Point]
    seeded_with_all: bool


def _maker(route: Route, options: CurveOptions, films: Sequence[FilmRecord]) -> _Maker:
    return _measurement_maker(options, films) if route == "measurement" else _regression_maker(route, options, films)


def _measurement_maker(options: CurveOptions, films: Sequence[FilmRecord]) -> _Maker:
    from boneage.experiments.measured_rows import read_measured
    from boneage.experiments.measurement_route import MeasurementSetup, measurement_point

    if options.measured is None:
        msg = "the measurement route needs measured films"
        raise UsageError(
            "no_measured_films", msg, remedy="boneage reference measure FILE.csv --split train, and devtest; name both"
        )
    judged = sum(film.split == SPLIT for film in films)
    setup = MeasurementSetup(read_measured(options.measured), options.run_dir, judged)
    return _Maker("measurement", lambda key, ids: measurement_point(setup, key, ids), seeded_with_all=False)


def _regression_maker(route: Route, options: CurveOptions, films: Sequence[FilmRecord]) -> _Maker:
    import torch

    from boneage.experiments.regression_route import RegressionSetup, regression_point, route_of, shipped_point
    from boneage.training.regression import open_source

    torch.set_num_threads(options.threads)
    setup = RegressionSetup(open_source(options.cache), options.run_dir, SPLIT, steps=options.steps)
    everyone = sum(film.split == "train" for film in films)
    ships = options.shipped_for_all and route_of(route).is_shipped

    def make(key: PointKey, ids: list[str]) -> Point:
        if ships and key.n == everyone:
            return shipped_point(setup, key)
        return regression_point(setup, key, ids)

    return _Maker(route, make, seeded_with_all=not ships)


def annotated_films(root: Path) -> dict[Route, int]:
    """Return how many ``train`` films with drawn labels each route's networks have learned from.

    The measurement route, and the regions, whose encoders begin as its own: films with a mask of epiphyses and carpals,
    or with 21 joints, each film once. The regression: films with joints alone, which the locator learned from.
    """
    from boneage.training.annotations import MaskArchive, read_joints

    train = {record.id for record in read_records(root) if record.split == "train"}
    joints = set(read_joints(root)) & train
    with MaskArchive(root) as archive:
        masks = set(archive.ids) & train
    return {"measurement": len(joints | masks), "regression": len(joints), "regions": len(joints | masks)}


def curve_of(run_dir: Path) -> Curve | None:
    """Return the learning curve of all finished points of a folder; ``None`` where there is none."""
    from boneage.experiments.curve import current_points, learning_curve

    points = current_points(read_points(run_dir))
    if not points:
        return None
    root = data_root()
    ages = {record.id: record.bone_age_months for record in read_records(root) if record.split == SPLIT}
    return learning_curve(points, ages, annotated_films(root))
