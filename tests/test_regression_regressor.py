"""The regressor: two networks' weighted answer with its calibrated interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand

from boneage.regression import regressor
from boneage.regression.network import AGE_MEAN, AGE_SD, INPUT_SHAPE, AgeNetwork
from boneage.regression.occlusion import REGIONS
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import cut_regions
from boneage.regression.regressor import Regressor, shrink
from boneage.segmentation.bone_map import BoneMap, HandFrame
from boneage.segmentation.hand_frame import FINE_SHAPE, FRAME_SHAPE
from boneage.segmentation.resample import overview, sample
from boneage.training.films import stretch_matrix

WIDTHS, BLOCKS = [4, 4, 4, 4, 4], [1, 1, 1, 1]
FEATURES = [2, 2, 2, 2, 2]
SHARE = 0.75
Networks = tuple[AgeNetwork, RegionalNetwork]


@pytest.fixture
def nets(monkeypatch: pytest.MonkeyPatch) -> Networks:
    """Two small networks whose answers a test can set, in place of the shipped ones."""
    torch.manual_seed(0)
    whole, regions = AgeNetwork(tuple(WIDTHS), tuple(BLOCKS)), RegionalNetwork(tuple(FEATURES), tuple(FEATURES))
    interval = {"ages": [12.0, 120.0, 228.0], "M": [10.0, 20.0, 30.0], "F": [8.0, 8.0, 40.0]}

    def load_weights(name: str) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        if name == "regression":
            return whole.state_dict(), {"widths": WIDTHS, "blocks": BLOCKS}
        assert name == "regression_regions"
        features = {"joint_features": FEATURES, "wrist_features": FEATURES}
        return regions.state_dict(), {**features, "share": SHARE, "interval_95": interval}

    monkeypatch.setattr(regressor, "load_weights", load_weights)
    return whole, regions


def answering(nets: Networks, whole: float, regions: float) -> Regressor:
    for net, months in zip(nets, (whole, regions), strict=True):
        torch.nn.init.zeros_(net.answer.weight)
        torch.nn.init.constant_(net.answer.bias, (months - AGE_MEAN) / AGE_SD)
    return Regressor()


PICTURE = np.random.default_rng(0).random(FRAME_SHAPE, dtype=np.float32)
FINE = np.random.default_rng(1).random(FINE_SHAPE, dtype=np.float32)
PLACES = {name: (1.5 * x, 1.5 * y) for name, (x, y) in drawn_hand().joints.items()}


def hand(pixels: np.ndarray = FINE) -> BoneMap:
    frame = HandFrame(np.eye(3)[:2], FINE_SHAPE)
    return BoneMap(np.zeros(FINE_SHAPE, np.uint8), pixels, PLACES, dict.fromkeys(PLACES, 1.0), frame)


@pytest.mark.parametrize(
    ("months", "sex", "half"),
    [(120.0, "M", 20.0), (120.0, "F", 8.0), (66.0, "M", 15.0), (174.0, "F", 24.0), (240.0, "M", 30.0)],
)
def test_the_interval_is_that_of_sex_and_age(nets: Networks, months: float, sex: Any, half: float) -> None:
    estimate = answering(nets, months, months).regress(hand(), sex)
    assert estimate.months == pytest.approx(months, abs=1e-3)
    assert estimate.interval_95 == pytest.approx((months - half, months + half), abs=1e-2)


def test_the_answer_is_the_weighted_mean(nets: Networks) -> None:
    assert answering(nets, 100.0, 120.0).regress(hand(), "M").months == pytest.approx(115.0, abs=1e-3)


def test_no_age_is_below_birth(nets: Networks) -> None:
    estimate = answering(nets, 6.0, 6.0).regress(hand(), "M")
    assert estimate.interval_95 == pytest.approx((0.0, 16.0), abs=1e-2)


def test_the_networks_see_the_shrunk_picture_the_regions_and_the_sex(nets: Networks) -> None:
    for net in nets:
        for parameter in net.parameters():
            torch.nn.init.normal_(parameter, 0, 0.1)
        net.eval()
    read = Regressor()
    picture = torch.from_numpy(FINE)[None, None]
    joints = {name: np.array(place) for name, place in PLACES.items()}
    for sex, code in (("F", 0), ("M", 1), (None, 2)):
        with torch.inference_mode():
            whole = float(nets[0](shrink(overview(picture)), torch.tensor([code])))
            regions = float(nets[1](cut_regions(picture, joints), torch.tensor([code])))
        expected = SHARE * regions + (1 - SHARE) * whole
        assert read.months(hand(), sex) == pytest.approx(expected, abs=0.05)  # type: ignore[arg-type]
    assert read.regress(hand(), "F").months != read.regress(hand(), "M").months
    assert read.regress(hand(FINE[:, ::-1].copy()), "F").months != read.regress(hand(), "F").months


def test_equal_pictures_give_equal_answers(nets: Networks) -> None:
    read = Regressor()
    assert read.regress(hand(), "F") == read.regress(hand(FINE.copy()), "F")


def test_shrinking_keeps_places() -> None:
    y, x = np.indices(FRAME_SHAPE).astype(np.float32)
    small = shrink(torch.from_numpy(np.stack([x, y]))[:, None])
    assert small.shape == (2, 1, *INPUT_SHAPE)
    factors = FRAME_SHAPE[1] / INPUT_SHAPE[1], FRAME_SHAPE[0] / INPUT_SHAPE[0]
    assert float(small[0, 0, 100, 50]) == pytest.approx(50.5 * factors[0] - 0.5, abs=0.05)
    assert float(small[1, 0, 100, 50]) == pytest.approx(100.5 * factors[1] - 0.5, abs=0.05)


def test_shrinking_samples_as_training_does() -> None:
    picture = torch.from_numpy(PICTURE)[None, None]
    matrix = torch.from_numpy(stretch_matrix(INPUT_SHAPE, FRAME_SHAPE))[None]
    expected, inside = sample(picture, matrix, INPUT_SHAPE)
    assert inside.all()
    torch.testing.assert_close(shrink(picture), expected, atol=1e-4, rtol=0)


def test_the_shipped_network_reads_every_age_with_an_interval() -> None:
    from boneage.software import manifest_entries

    entries = {entry["name"]: entry for entry in manifest_entries()}
    interval = entries["regression_regions"]["interval_95"]
    assert interval["ages"] == sorted(interval["ages"])
    for sex in ("M", "F"):
        assert len(interval[sex]) == len(interval["ages"])
        assert all(3 < half < 60 for half in interval[sex])
    estimate = Regressor().regress(hand(), "F")
    assert 0 <= estimate.interval_95[0] < estimate.months < estimate.interval_95[1]


def test_an_effect_is_what_the_answer_loses_with_a_region(nets: Networks) -> None:
    for net in nets:
        for parameter in net.parameters():
            torch.nn.init.normal_(parameter, 0, 0.1)
    read = Regressor()
    effects = read.effects(hand(), "F")
    assert [effect.region for effect in effects] == list(REGIONS)
    black = FINE.copy()
    corners = next(effect.corners for effect in effects if effect.region == "wrist")
    low, high = np.round(corners.min(axis=0) + 0.5).astype(int), np.round(corners.max(axis=0) + 0.5).astype(int)
    black[low[1] : high[1], low[0] : high[0]] = 0
    assert max(abs(effect.months) for effect in effects) > 0
    whole = read.regress(hand(), "F").months
    assert next(e.months for e in effects if e.region == "wrist") == pytest.approx(
        whole - read.regress(hand(black), "F").months, abs=max(0.5, 0.1 * abs(whole))
    )


def test_networks_that_look_nowhere_have_no_effects(nets: Networks) -> None:
    assert all(effect.months == 0 for effect in answering(nets, 90.0, 80.0).effects(hand(), "M"))
