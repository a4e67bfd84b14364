"""The hand locator: the square it sees, and the joints it finds on real films however they lie."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, joint_array
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from boneage.anatomy import JOINTS
from boneage.errors import Refusal
from boneage.radiograph.read import read_radiograph
from boneage.segmentation.hand_checks import WORST_MISFIT, check_joints
from boneage.segmentation.hand_frame import PALM_PIXELS, frame_of_joints
from boneage.segmentation.locator import (
    LOCATOR_SIZE,
    MARGIN,
    Located,
    Locator,
    closer_square,
    joints_of,
    letterbox_matrix,
    quarter_turn,
)
from boneage.training.annotations import read_joints

FILMS = ("10186", "4621", "8824", "1414", "1406", "2136", "1744", "1858", "1667", "2982")


@given(height=st.integers(64, 4000), width=st.integers(64, 4000), size=st.sampled_from([64, 192]))
def test_the_film_lies_centred_and_fills_the_square(height: int, width: int, size: int) -> None:
    matrix = letterbox_matrix(height, width, size)
    middle = matrix @ [(size - 1) / 2, (size - 1) / 2, 1]
    np.testing.assert_allclose(middle, [(width - 1) / 2, (height - 1) / 2, 1], atol=1e-6)
    first, last = matrix @ [-0.5, -0.5, 1], matrix @ [size - 0.5, size - 0.5, 1]
    long = 1 if height >= width else 0
    assert first[long] == pytest.approx(-0.5, abs=1e-6)
    assert last[long] == pytest.approx(max(height, width) - 0.5, abs=1e-6)
    assert matrix[0, 0] == matrix[1, 1] > 0
    assert matrix[0, 1] == matrix[1, 0] == 0


class OnePeak(torch.nn.Module):
    """Answers with a peak at the centre of what is bright, for every joint."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight = x.clamp(min=0.3) - 0.3
        ys, xs = torch.meshgrid(torch.arange(x.shape[2]), torch.arange(x.shape[3]), indexing="ij")
        total = weight.sum(dim=(2, 3), keepdim=True)
        cx, cy = ((weight * place).sum(dim=(2, 3), keepdim=True) / total for place in (xs, ys))
        return -((xs - cx) ** 2 + (ys - cy) ** 2).expand(-1, len(JOINTS), -1, -1) / (2 * 1.5**2)


@pytest.mark.parametrize("shape", [(700, 500), (300, 1100), (192, 192), (90, 70)])
def test_joints_come_back_in_film_pixels(shape: tuple[int, int]) -> None:
    rows, columns = shape
    x, y = 0.7 * columns, 0.4 * rows
    ys, xs = np.indices(shape)
    spread = max(shape) / 60
    film = np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * spread**2)).astype(np.float32)
    located = Locator(OnePeak()).locate(film)  # type: ignore[arg-type]
    assert located.points.shape == (21, 2)
    assert located.confidence.shape == (21,)
    np.testing.assert_allclose(located.points, np.tile([x, y], (21, 1)), atol=0.25 * max(shape) / LOCATOR_SIZE + 0.5)


def test_points_get_their_names() -> None:
    points = np.arange(42.0).reshape(21, 2)
    named = joints_of(points)
    assert list(named) == list(JOINTS)
    assert named["wrist"] == (0.0, 1.0)
    assert named["tip_5"] == (40.0, 41.0)


@pytest.fixture(scope="module")
def locator() -> Locator:
    return Locator()


@pytest.fixture(scope="module")
def located(locator: Locator, project_root: Path) -> dict[str, tuple[NDArray[np.float32], Located]]:
    """The example films with their joints."""
    found = {}
    for film_id in FILMS:
        film = read_radiograph(project_root / "examples" / "films" / f"rsna_{film_id}.webp")
        found[film_id] = (film.pixels, locator.locate(film.pixels))
    return found


def hand_length(points: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(points[JOINTS.index("wrist")] - points[JOINTS.index("tip_3")]))


@pytest.mark.parametrize("film_id", FILMS)
def test_the_palm_of_every_example_fits_the_template(film_id: str, located: dict) -> None:
    _, found = located[film_id]
    frame, misfit = frame_of_joints(joints_of(found.points))
    assert misfit < 0.75 * WORST_MISFIT
    assert all(check.passed for check in check_joints(found.confidence, misfit, frame, PALM_PIXELS))
    assert frame.mirrored is (film_id == "1406")  # the one with the thumb to the left


def test_joints_lie_where_people_drew_them(located: dict, shared_data: Path) -> None:
    drawn = read_joints(shared_data)
    errors = {}
    for film_id in set(FILMS) & set(drawn):
        pixels, found = located[film_id]
        annotation = drawn[film_id]
        scale = np.array([annotation.width / pixels.shape[1], annotation.height / pixels.shape[0]])
        distance = np.linalg.norm((found.points + 0.5) * scale - 0.5 - annotation.points, axis=1)
        errors[film_id] = 100 * distance / hand_length(annotation.points)
    assert len(errors) == 5
    for film_id, percent in errors.items():
        assert np.median(percent) < 2.0, film_id
        assert percent.max() < 8.0, film_id


def mirrored(x: NDArray[np.float64], y: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    return np.stack([columns - 1 - x, y], axis=-1)


def turned_half(x: NDArray[np.float64], y: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    return np.stack([columns - 1 - x, rows - 1 - y], axis=-1)


def turned_quarter(x: NDArray[np.float64], y: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    return np.stack([columns - 1 - y, x], axis=-1)  # what np.rot90 did is undone


CHANGES: dict[str, tuple[Callable[[NDArray[np.float32]], NDArray[np.float32]], Callable[..., NDArray[np.float64]]]] = {
    "mirrored": (lambda film: film[:, ::-1], mirrored),
    "turned by 180 degrees": (lambda film: film[::-1, ::-1], turned_half),
    "turned by 90 degrees": (lambda film: np.rot90(film), turned_quarter),
    "half as large": (lambda film: film[::2, ::2], lambda x, y, *_: np.stack([2 * x, 2 * y], axis=-1)),
    "darker and flatter": (lambda film: 0.2 + 0.3 * film, lambda x, y, *_: np.stack([x, y], axis=-1)),
}


@pytest.mark.parametrize(
    ("film_id", "change"),
    [(film_id, change) for film_id in FILMS for change in CHANGES],
)
def test_the_joints_do_not_depend_on_how_the_film_lies(
    film_id: str, change: str, locator: Locator, located: dict
) -> None:
    film, expected = located[film_id]
    alter, undo = CHANGES[change]
    found = locator.locate(np.ascontiguousarray(alter(film)))
    back = undo(found.points[:, 0], found.points[:, 1], *film.shape)
    percent = 100 * np.linalg.norm(back - expected.points, axis=1) / hand_length(expected.points)
    assert np.median(percent) < 1.5
    assert percent.max() < 3.0


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_square_turned_by_quarters_stays_the_square(turns: int) -> None:
    matrix = quarter_turn(turns)
    corners = np.array([[0, 0, 1], [LOCATOR_SIZE - 1, 0, 1], [0, LOCATOR_SIZE - 1, 1]]) @ matrix.T
    assert corners.min() == pytest.approx(0)
    assert corners.max() == pytest.approx(LOCATOR_SIZE - 1)
    assert np.linalg.det(matrix) == pytest.approx(1.0)  # turned, not mirrored
    np.testing.assert_allclose(np.linalg.matrix_power(quarter_turn(1), turns), matrix, atol=1e-9)


@pytest.mark.parametrize("degrees", [30, 75, 140, 200, 260, 315])
def test_a_film_turned_by_any_angle_is_found(degrees: int, locator: Locator, located: dict) -> None:
    film, expected = located["1744"]
    image = Image.fromarray(film).rotate(degrees, expand=True, resample=Image.Resampling.BILINEAR)
    found = locator.locate(np.asarray(image))
    angle, middle = np.deg2rad(degrees), np.array([film.shape[1] - 1, film.shape[0] - 1]) / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    wanted = (expected.points - middle) @ turn.T + (np.array(image.size) - 1) / 2
    percent = 100 * np.linalg.norm(found.points - wanted, axis=1) / hand_length(expected.points)
    assert np.median(percent) < 1.5
    assert percent.max() < 4.0


def test_the_closer_square_stands_upright_round_the_hand() -> None:
    points = joint_array(dict(drawn_hand().joints))
    for degrees in (0, 70, 180):
        for mirror in (1.0, -1.0):
            angle = np.deg2rad(degrees)
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([mirror, 1.0])
            film = 3.0 * points @ turn.T + [2000.0, 900.0]
            inverse = np.linalg.inv(closer_square(film))
            square = film @ inverse[:2, :2].T + inverse[:2, 2]
            assert (square > 5).all()
            assert (square < LOCATOR_SIZE - 6).all()
            across, along = square[JOINTS.index("mcp_3")] - square[JOINTS.index("wrist")]
            assert -along > 5 * abs(across)  # fingers up
            assert square[JOINTS.index("tip_1"), 0] > square[JOINTS.index("tip_5"), 0]  # a left hand
            extent = np.ptp(np.quantile(square, [0.05, 0.95], axis=0), axis=0).max()
            assert extent == pytest.approx(LOCATOR_SIZE / MARGIN, rel=0.01)


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_where_no_palm_fits_the_square_is_not_turned() -> None:
    matrix = closer_square(np.random.default_rng(1).uniform(0, 1000, (21, 2)))
    assert matrix[0, 0] == matrix[1, 1] > 0
    assert matrix[0, 1] == matrix[1, 0] == 0
    assert np.isfinite(closer_square(np.full((21, 2), 50.0))).all()


@pytest.mark.parametrize("film_id", ["4621", "1744"])
def test_a_small_hand_on_a_large_film_is_found(film_id: str, locator: Locator, located: dict) -> None:
    film, expected = located[film_id]
    rows, columns = film.shape
    large = np.zeros((3 * rows, 3 * columns), dtype=np.float32)
    large[rows // 2 : rows // 2 + rows, columns : 2 * columns] = film
    found = locator.locate(large)
    percent = 100 * np.linalg.norm(found.points - [columns, rows // 2] - expected.points, axis=1)
    assert np.median(percent) / hand_length(expected.points) < 1.5
    assert percent.max() / hand_length(expected.points) < 5.0


def refused(located: Located) -> str | None:
    frame, misfit = frame_of_joints(joints_of(located.points))
    try:
        check_joints(located.confidence, misfit, frame, PALM_PIXELS)
    except Refusal as refusal:
        return refusal.code
    return None


def pictures_without_a_hand() -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(0)
    y, x = np.indices((500, 400)).astype(np.float32)
    return {
        "black": np.zeros((500, 400), dtype=np.float32),
        "grey": np.full((500, 400), 0.5, dtype=np.float32),
        "noise": random.random((500, 400), dtype=np.float32),
        "ramp": x / 400,
        "disc": ((x - 200) ** 2 + (y - 250) ** 2 < 120**2).astype(np.float32),
        "bars": (np.sin(x / 12) > 0).astype(np.float32),
    }


@pytest.mark.parametrize("name", list(pictures_without_a_hand()))
def test_pictures_without_a_hand_are_refused(name: str, locator: Locator) -> None:
    assert refused(locator.locate(pictures_without_a_hand()[name])) == "not_a_hand"


@pytest.mark.parametrize("film_id", ["4621", "1744"])
def test_a_plate_brighter_than_the_hand_does_not_hide_it(film_id: str, locator: Locator, located: dict) -> None:
    """A white plate on a dim film takes the bright end of the grey levels for itself."""
    film, expected = located[film_id]
    dim = (0.12 * film).astype(np.float32)
    side = round(0.12 * max(film.shape))
    dim[:side, -side:] = 1.0
    found = locator.locate(dim)
    assert refused(found) is None
    percent = 100 * np.linalg.norm(found.points - expected.points, axis=1) / hand_length(expected.points)
    assert np.median(percent) < 2.0


class Wide(torch.nn.Module):
    """Unsure of all it sees; keeps the brightness of what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[float] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.shown.append(float(x.mean()))
        return torch.zeros(1, len(JOINTS), LOCATOR_SIZE, LOCATOR_SIZE)


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_looks_end_where_no_look_is_sure() -> None:
    net = Wide()
    Locator(net).locate(np.random.default_rng(0).random((300, 200), dtype=np.float32))  # type: ignore[arg-type]
    assert len(net.shown) == 9
