"""From a film to its bone map: with stand-in networks, and with the shipped ones on real films."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, joint_array
from numpy.typing import NDArray
from PIL import Image
from test_segmentation_channels import answer_of

from boneage.anatomy import (
    CARPAL_VALUES,
    CARPALS,
    JOINTS,
    LABEL_VALUES,
    LABELS,
    SESAMOID,
    TUBULAR_BONES,
    bounding_joints,
)
from boneage.errors import Refusal
from boneage.radiograph.radiograph import Radiograph
from boneage.radiograph.read import read_radiograph
from boneage.segmentation.bone_map import BoneMap
from boneage.segmentation.channels import label_map
from boneage.segmentation.hand_checks import EDGE_CONFIDENCE
from boneage.segmentation.hand_frame import FINE_SHAPE, FINENESS, FRAME_SHAPE, PALM_PIXELS
from boneage.segmentation.locator import Located
from boneage.segmentation.resample import overview
from boneage.segmentation.segmenter import LEAST_SIDE, BoneNetwork, Segmenter
from boneage.segmentation.unet import FoldedUNet
from boneage.training.annotations import MaskArchive

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))


def film(pixels: NDArray[np.float32] = HAND.pixels, **changes: object) -> Radiograph:
    return replace(Radiograph(np.ascontiguousarray(pixels), "PNG", "ab" * 32), **changes)  # type: ignore[arg-type]


class StandInLocator:
    """Knows where the joints are."""

    def __init__(self, points: NDArray[np.float64] = POINTS, confidence: float = 0.9) -> None:
        self.located = Located(points, np.full(21, confidence))

    def unsure_of(self, joint: str, confidence: float) -> StandInLocator:
        self.located.confidence[JOINTS.index(joint)] = confidence
        return self

    def locate(self, pixels: NDArray[np.float32]) -> Located:
        return self.located

    def glance(self, pixels: NDArray[np.float32], box: tuple[int, int, int, int]) -> Located:
        return Located(self.located.points, np.zeros(21))


class StandInNetwork:
    """Answers with the drawing, or with given labels, and keeps the picture that it was shown."""

    def __init__(self, labels: NDArray[np.uint8] | None = None) -> None:
        self.labels = HAND.labels[110:494, 40:360] if labels is None else labels
        self.picture: torch.Tensor | None = None

    def answer(self, pictures: torch.Tensor) -> torch.Tensor:
        self.picture = pictures
        return answer_of(self.labels)


class StandInFine:
    """Adds nothing to the first network's labels, and keeps what it was shown."""

    def __init__(self) -> None:
        self.picture: torch.Tensor | None = None
        self.joints: Mapping[str, NDArray[np.float64]] = {}

    def labels(
        self, picture: torch.Tensor, coarse: torch.Tensor, joints: Mapping[str, NDArray[np.float64]]
    ) -> NDArray[np.uint8]:
        self.picture, self.joints = picture, joints
        return label_map(coarse)[0].numpy().repeat(FINENESS, axis=0).repeat(FINENESS, axis=1)


def segmenter(
    locator: StandInLocator | None = None, network: StandInNetwork | None = None, fine: StandInFine | None = None
) -> Segmenter:
    parts = locator or StandInLocator(), network or StandInNetwork(), fine or StandInFine()
    return Segmenter(*parts)  # type: ignore[arg-type]


def test_the_bone_map_holds_labels_pixels_joints_and_the_way_back() -> None:
    network, fine = StandInNetwork(), StandInFine()
    found = segmenter(network=network, fine=fine).segment(film())
    assert found.labels.shape == found.pixels.shape == found.frame.shape == FINE_SHAPE
    assert found.labels.dtype == np.uint8
    assert found.pixels.dtype == np.float32
    assert network.picture is not None
    assert fine.picture is not None
    np.testing.assert_array_equal(found.pixels, fine.picture[0, 0].numpy())
    for name, xy in fine.joints.items():
        np.testing.assert_allclose(xy, found.joints[name])
    np.testing.assert_allclose(network.picture.numpy(), overview(fine.picture).numpy())
    np.testing.assert_allclose(found.frame.to_film(joint_array(dict(found.joints))), POINTS, atol=1e-6)
    assert set(found.joint_confidence.values()) == {0.9}


def test_the_network_sees_the_hand_in_its_frame() -> None:
    network = StandInNetwork()
    found = segmenter(network=network).segment(film())
    assert network.picture is not None
    picture = network.picture[0, 0].numpy()
    values = {}
    for name, place in (("bone", (190.0, 290.0)), ("beside", (120.0, 150.0))):
        x, y = found.frame.from_film(np.array([place]))[0] / FINENESS
        values[name] = picture[round(y), round(x)]
    assert values["bone"] > 0.9
    assert values["beside"] < 0.1


def test_the_labels_are_those_of_the_network() -> None:
    labels = np.zeros(FRAME_SHAPE, dtype=np.uint8)
    for value in range(1, LABEL_VALUES["carpals"] + 1):
        labels[8 * value : 8 * value + 8, 50:90] = value
    found = segmenter(network=StandInNetwork(labels)).segment(film())
    np.testing.assert_array_equal(found.labels[::FINENESS, ::FINENESS], labels)


def test_every_check_is_handed_on() -> None:
    found = segmenter().segment(film())
    assert [check.name for check in found.checks] == [
        "joint_confidence",
        "palm_misfit",
        "palm_pixels",
        "joints_unsure",
        "other_hand",
        "joints_cut_off",
        "tips_at_edge",
        "tubular_bones",
    ]
    assert all(check.passed for check in found.checks)
    assert found.notices == ()


@pytest.mark.parametrize(
    ("laterality", "code", "severity"),
    [("R", "right_hand", "info"), ("L", "mirrored", "warning"), (None, "mirrored", "warning")],
)
def test_a_mirrored_hand_is_read_and_remarked_on(laterality: str | None, code: str, severity: str) -> None:
    points = np.array([383.0, 0.0]) + POINTS * [-1.0, 1.0]
    network = StandInNetwork()
    mirrored = segmenter(StandInLocator(points), network).segment(film(HAND.pixels[:, ::-1], laterality=laterality))
    (notice,) = mirrored.notices
    assert (notice.code, notice.severity) == (code, severity)
    assert mirrored.frame.mirrored
    straight_network = StandInNetwork()
    segmenter(network=straight_network).segment(film())
    assert network.picture is not None
    assert straight_network.picture is not None
    torch.testing.assert_close(network.picture, straight_network.picture, atol=1e-3, rtol=0)


def test_a_hand_that_the_film_cuts_off_is_refused() -> None:
    shifted = POINTS - [0.0, 116.0]
    cut = film(HAND.pixels[116:])
    sure = {check.name: check.passed for check in segmenter(StandInLocator(shifted, 0.95)).segment(cut).checks}
    assert sure["joints_cut_off"]
    with pytest.raises(Refusal, match="tip_3") as caught:
        segmenter(StandInLocator(shifted, 0.95).unsure_of("tip_3", EDGE_CONFIDENCE - 0.01)).segment(cut)
    assert caught.value.code == "cut_off"


def test_a_sure_tip_whose_finger_runs_on_to_the_edge_is_remarked_on() -> None:
    row = round(float(POINTS[JOINTS.index("tip_3"), 1])) + 4
    found = segmenter(StandInLocator(POINTS - [0.0, row - 6.0], 0.95)).segment(film(HAND.pixels[row:]))
    (notice,) = found.notices
    assert (notice.code, notice.severity) == ("tips_at_edge", "warning")
    assert notice.message.endswith(": tip_3")
    (check,) = (check for check in found.checks if not check.passed)
    assert (check.name, check.value, len(check.places)) == ("tips_at_edge", 1.0, 1)


def test_a_white_frame_changes_nothing_that_the_networks_see() -> None:
    network, framed = StandInNetwork(), StandInNetwork()
    dim = 0.3 * HAND.pixels
    segmenter(network=network).segment(film(dim))
    wide = np.pad(dim, 30, constant_values=1.0)
    found = segmenter(StandInLocator(POINTS + 30.0), framed).segment(film(wide))
    assert network.picture is not None
    assert framed.picture is not None
    assert float((network.picture - framed.picture).abs().mean()) < 0.03
    assert found.checks[0].passed


@pytest.mark.parametrize(
    ("points", "confidence", "labels", "code"),
    [
        (POINTS, 0.2, None, "not_a_hand"),
        (POINTS[::-1].copy(), 0.9, None, "not_a_hand"),
        (np.full((21, 2), 100.0), 0.9, None, "not_a_hand"),
        (POINTS / 8, 0.9, None, "hand_too_small"),
        (POINTS, 0.9, np.zeros(FRAME_SHAPE, dtype=np.uint8), "bones_missing"),
    ],
    ids=["unsure", "misfit", "one place", "small", "no bones"],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_refusals(points: NDArray[np.float64], confidence: float, labels: NDArray[np.uint8] | None, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        segmenter(StandInLocator(points, confidence), StandInNetwork(labels)).segment(film())
    assert caught.value.code == code
    assert caught.value.remedy


@pytest.mark.parametrize("shape", [(LEAST_SIDE - 1, 500), (500, LEAST_SIDE - 1), (1, 1)])
def test_films_too_small_to_see_anything_are_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(Refusal, match=f"{shape[0]} x {shape[1]}") as caught:
        segmenter().segment(film(np.zeros(shape, dtype=np.float32)))
    assert caught.value.code == "film_too_small"


def test_the_network_answers_in_float32_for_every_channel() -> None:
    net = FoldedUNet(1, 26, (2, 2, 2, 2, 2, 2)).eval()
    answer = BoneNetwork(net).answer(torch.rand(2, 1, 32, 48))
    assert answer.shape == (2, 26, 32, 48)
    assert answer.dtype == torch.float32
    assert not answer.requires_grad


FILMS = {
    "10186": 10,
    "4621": 24,
    "8824": 33,
    "1414": 78,
    "1406": 106,
    "2136": 115,
    "1744": 150,
    "1858": 168,
    "1667": 192,
    "2982": 228,
}


@pytest.fixture(scope="module")
def shipped() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def maps(shipped: Segmenter, project_root: Path) -> dict[str, BoneMap]:
    """The bone maps of the example films."""
    return {
        film_id: shipped.segment(read_radiograph(project_root / "examples" / "films" / f"rsna_{film_id}.webp"))
        for film_id in FILMS
    }


@pytest.mark.parametrize("film_id", FILMS)
def test_the_bones_of_every_example_are_found(film_id: str, maps: dict[str, BoneMap]) -> None:
    found = maps[film_id]
    counts = np.bincount(found.labels.ravel(), minlength=52)
    missing = [bone for bone in TUBULAR_BONES if counts[LABEL_VALUES[bone]] < 160]
    assert not missing
    assert counts[LABEL_VALUES["radius"]] > 1200
    assert counts[LABEL_VALUES["ulna"]] > 800
    for bone in TUBULAR_BONES:  # each shaft lies between its own joints
        start, stop = bounding_joints(bone)
        ys, xs = np.nonzero(found.labels == LABEL_VALUES[bone])
        first = np.array(found.joints[start or "wrist"])
        last = np.array(found.joints[stop])
        along = (last - first) / np.linalg.norm(last - first)
        place = (np.array([np.median(xs), np.median(ys)]) - first) @ along / np.linalg.norm(last - first)
        assert 0.2 < place < 0.95, bone
    assert all(check.passed for check in found.checks if check.name != "joints_at_edge")


def test_more_is_ossified_in_older_hands(maps: dict[str, BoneMap]) -> None:
    def epiphyses(film_id: str) -> int:
        names = {LABELS[value] for value in np.unique(maps[film_id].labels) if value}
        return sum(name.endswith("_epiphysis") for name in names)

    def carpal_share(film_id: str) -> float:
        return float(np.isin(maps[film_id].labels, list(CARPAL_VALUES)).mean())

    assert epiphyses("1744") >= 19
    assert {LABELS[v] for v in np.unique(maps["1858"].labels) if v} >= set(CARPALS)
    assert carpal_share("10186") < 0.5 * carpal_share("1414") < 0.5 * carpal_share("1858")


def test_epiphyses_and_carpals_lie_where_people_drew_them(maps: dict[str, BoneMap], shared_data: Path) -> None:
    values = [value for value, name in LABELS.items() if name.endswith("_epiphysis") or value in CARPAL_VALUES]
    found = {}
    with MaskArchive(shared_data) as archive:
        for film_id in set(FILMS) & set(archive.ids):
            bones = maps[film_id]
            mask = archive.read(film_id)
            y, x = np.indices(FINE_SHAPE)
            native = bones.frame.to_film(np.column_stack([x.ravel(), y.ravel()]).astype(float))
            native = np.rint(native).astype(int).clip(0, np.array(mask.shape)[::-1] - 1)
            drawn = mask[native[:, 1], native[:, 0]].reshape(FINE_SHAPE)
            marked = np.isin(bones.labels, values)
            found[film_id] = 2 * (drawn & marked).sum() / (drawn.sum() + marked.sum())
    assert len(found) == 8
    assert np.median(list(found.values())) > 0.84, found
    assert min(found.values()) > 0.6, found


def overlap(one: BoneMap, other: BoneMap) -> float:
    bone = (one.labels > 0) | (other.labels > 0)
    return float((one.labels == other.labels)[bone].mean())


def test_the_sesamoid_of_a_grown_hand_is_outlined_and_none_in_a_childs(maps: dict[str, BoneMap]) -> None:
    value = LABEL_VALUES[SESAMOID]
    for film_id, months in FILMS.items():
        there = maps[film_id].labels == value
        assert not there.any() or months > 100, film_id
        if film_id in {"1667", "2982"}:  # seen by eye, clear of the bone
            ys, xs = np.nonzero(there)
            knuckle = np.array(maps[film_id].joints["mcp_1"])
            assert 40 <= len(xs) <= 140
            assert np.linalg.norm(np.array([xs.mean(), ys.mean()]) - knuckle) < 50
            assert xs.mean() < knuckle[0]  # to the ulnar side


@pytest.mark.parametrize("film_id", ["8824", "1406", "1744"])
def test_a_film_lies_as_it_likes(
    film_id: str, shipped: Segmenter, maps: dict[str, BoneMap], project_root: Path
) -> None:
    straight = read_radiograph(project_root / "examples" / "films" / f"rsna_{film_id}.webp")
    for change, mirrors in ((np.fliplr, True), (np.rot90, False), (lambda p: np.rot90(p, 2), False)):
        found = shipped.segment(replace(straight, pixels=np.ascontiguousarray(change(straight.pixels))))
        assert found.frame.mirrored is (maps[film_id].frame.mirrored ^ mirrors)
        names = list(JOINTS)
        one = np.array([maps[film_id].joints[name] for name in names])
        other = np.array([found.joints[name] for name in names])
        hand = np.linalg.norm(one[0] - one[JOINTS.index("tip_3")])
        assert np.median(np.linalg.norm(one - other, axis=1)) < 0.015 * hand
        assert np.linalg.norm(one - other, axis=1).max() < 0.05 * hand
        assert overlap(maps[film_id], found) > 0.75


def test_an_inverted_film_is_read_the_same(
    shipped: Segmenter, maps: dict[str, BoneMap], project_root: Path, tmp_path: Path
) -> None:
    with Image.open(project_root / "examples" / "films" / "rsna_1744.webp") as image:
        Image.fromarray(255 - np.asarray(image.convert("L"))).save(tmp_path / "inverted.png")
    found = shipped.segment(read_radiograph(tmp_path / "inverted.png"))
    assert overlap(maps["1744"], found) > 0.98


def test_contrast_does_not_matter(shipped: Segmenter, maps: dict[str, BoneMap], project_root: Path) -> None:
    straight = read_radiograph(project_root / "examples" / "films" / "rsna_1858.webp")
    found = shipped.segment(replace(straight, pixels=0.4 + 0.2 * straight.pixels))
    assert overlap(maps["1858"], found) > 0.98


@pytest.mark.parametrize("kind", ["knee", "chest"])
def test_other_parts_of_the_body_are_refused(kind: str, shipped: Segmenter, shared_data: Path) -> None:
    files = sorted((shared_data / "negatives").glob(f"{kind}_*"))
    assert files
    read = []
    for path in files:
        try:
            shipped.segment(read_radiograph(path))
            read.append(path.name)
        except Refusal as refusal:
            assert refusal.code in {"not_a_hand", "bones_missing"}
    assert read == []


def test_half_a_hand_is_refused_or_remarked_on(shipped: Segmenter, project_root: Path) -> None:
    straight = read_radiograph(project_root / "examples" / "films" / "rsna_1744.webp")
    for part in (np.s_[: straight.rows // 2], np.s_[straight.rows // 2 :], np.s_[:, : straight.columns // 2]):
        try:
            found = shipped.segment(replace(straight, pixels=np.ascontiguousarray(straight.pixels[part])))
        except Refusal as refusal:
            assert refusal.code in {"not_a_hand", "bones_missing"}
        else:
            assert "cut_off" in {notice.code for notice in found.notices}


READING = """
import json, sys
from pathlib import Path
from boneage.measurement.measure import measure
from boneage.radiograph.read import read_radiograph
from boneage.segmentation.segmenter import Segmenter

found = Segmenter().segment(read_radiograph(Path(sys.argv[1])))
measured = measure(found)
import boneage.regression.regressor
heavy = ["monai", "pandas", "streamlit", "matplotlib", "boneage.training"]
loaded = [name for name in heavy if name in sys.modules]
print(json.dumps({"loaded": loaded, "labels": int((found.labels > 0).sum())}))
"""


def test_reading_a_film_loads_nothing_that_only_training_needs(project_root: Path) -> None:
    path = project_root / "examples" / "films" / "rsna_1744.webp"
    done = subprocess.run([sys.executable, "-c", READING, str(path)], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["loaded"] == []
    assert answer["labels"] > 5000


def test_two_readings_are_equal(shipped: Segmenter, maps: dict[str, BoneMap], project_root: Path) -> None:
    again = shipped.segment(read_radiograph(project_root / "examples" / "films" / "rsna_1744.webp"))
    np.testing.assert_array_equal(again.labels, maps["1744"].labels)
    assert again.joints == maps["1744"].joints
    palm = np.subtract(again.joints["wrist"], again.joints["mcp_3"])
    assert np.linalg.norm(palm) == pytest.approx(PALM_PIXELS * FINENESS, rel=0.1)
