"""The regressor: the network's answer with its calibrated interval, and what it rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand

from boneage.regression import ensemble, regressor
from boneage.regression.network import AGE_MEAN, AGE_SD
from boneage.regression.occlusion import REGIONS
from boneage.regression.regional import RegionalNetwork
from boneage.regression.regions import as_fine_as_learned, cut_regions
from boneage.regression.regressor import Regressor
from boneage.segmentation.bone_map import BoneMap, HandFrame
from boneage.segmentation.hand_frame import FINE_SHAPE

FEATURES = [2, 2, 2, 2, 2]


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> RegionalNetwork:
    """A small network whose answer a test can set, in place of the shipped one."""
    torch.manual_seed(0)
    made = RegionalNetwork(tuple(FEATURES), tuple(FEATURES))

    def load_weights(name: str) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        assert name == "regression"
        interval = {
            "ages": [0.0, 228.0],
            "low": {"M": [-20.0, -20.0], "F": [-8.0, -8.0]},
            "high": {"M": [10.0, 10.0], "F": [8.0, 8.0]},
        }
        return made.state_dict(), {"joint_features": FEATURES, "wrist_features": FEATURES, "interval_95": interval}

    for module in (regressor, ensemble):
        monkeypatch.setattr(module, "load_weights", load_weights)
    monkeypatch.setattr(ensemble, "member_names", lambda: ("regression",))
    return made


def answering(net: RegionalNetwork, months: float) -> Regressor:
    torch.nn.init.zeros_(net.answer.weight)
    torch.nn.init.constant_(net.answer.bias, (months - AGE_MEAN) / AGE_SD)
    return Regressor()


def looking(net: RegionalNetwork) -> Regressor:
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2)
    return Regressor()


FINE = np.random.default_rng(1).random(FINE_SHAPE, dtype=np.float32)
PLACES = {name: (1.5 * x, 1.5 * y) for name, (x, y) in drawn_hand().joints.items()}


def hand(pixels: np.ndarray = FINE) -> BoneMap:
    frame = HandFrame(0.5 * np.eye(3)[:2], FINE_SHAPE)
    return BoneMap(np.zeros(FINE_SHAPE, np.uint8), pixels, PLACES, dict.fromkeys(PLACES, 1.0), frame)


@pytest.mark.parametrize(("sex", "below", "above"), [("M", 10.0, 20.0), ("F", 8.0, 8.0)])
def test_the_interval_holds_the_ages_between_whose_bounds_the_answer_lies(
    net: RegionalNetwork, sex: Any, below: float, above: float
) -> None:
    estimate = answering(net, 120).regress(hand(), sex)
    assert estimate.months == pytest.approx(120, abs=1e-3)
    assert estimate.interval_95 == pytest.approx((120 - below, 120 + above), abs=0.51)


@pytest.mark.parametrize(
    ("months", "kept", "interval"),
    [
        (6.0, 6.0, (0.0, 26.0)),
        (-5.0, 0.0, (0.0, 20.0)),
        (220.0, 220.0, (210.0, 240.0)),
        (300.0, 240.0, (218.0, 240.0)),
    ],
)
def test_no_age_is_outside_all_ages(
    net: RegionalNetwork, months: float, kept: float, interval: tuple[float, float]
) -> None:
    estimate = answering(net, months).regress(hand(), "M")
    assert estimate.months == pytest.approx(kept, abs=1e-3)
    assert estimate.interval_95 == pytest.approx(interval, abs=2.1)


def test_the_network_sees_the_regions_and_the_sex(net: RegionalNetwork) -> None:
    read = looking(net)
    net.eval()
    regions = cut_regions(torch.from_numpy(FINE)[None, None], {name: np.array(place) for name, place in PLACES.items()})
    for sex, code in (("F", 0), ("M", 1), (None, 2)):
        with torch.inference_mode():
            expected = float(net(regions, torch.tensor([code])))
        assert read.months(hand(), sex) == pytest.approx(expected, rel=1e-4, abs=0.05)  # type: ignore[arg-type]
    assert read.months(hand(), "F") != read.months(hand(), "M")
    assert read.months(hand(FINE[:, ::-1].copy()), "F") != read.months(hand(), "F")


def test_equal_pictures_give_equal_answers(net: RegionalNetwork) -> None:
    read = looking(net)
    assert read.regress(hand(), "F") == read.regress(hand(FINE.copy()), "F")


def test_the_shipped_network_reads_every_age_with_an_interval() -> None:
    from boneage.software import manifest_entries

    entries = {entry["name"]: entry for entry in manifest_entries()}
    interval = entries["regression"]["interval_95"]
    assert interval["ages"] == sorted(interval["ages"])
    for sex in ("M", "F"):
        low, high = (np.array(interval[side][sex]) for side in ("low", "high"))
        assert low.shape == high.shape == (len(interval["ages"]),)
        middle = slice(2, 16)  # at both ends answers are drawn to the middle
        assert (low[middle] < 0).all()
        assert (high[middle] > 0).all()
        assert ((high - low) > 6).all()
        assert ((high - low) < 120).all()
    estimate = Regressor().regress(hand(), "F")
    assert 0 <= estimate.interval_95[0] < estimate.months < estimate.interval_95[1]


def test_an_effect_is_what_the_answer_loses_with_a_region(net: RegionalNetwork) -> None:
    read = looking(net)
    effects = {effect.region: effect for effect in read.effects(hand(), "F")}
    assert list(effects) == list(REGIONS)
    regions = cut_regions(torch.from_numpy(FINE)[None, None], {name: np.array(place) for name, place in PLACES.items()})
    regions.wrist[:] = 0
    with torch.inference_mode():
        without = float(net.eval()(regions, torch.tensor([0])))
    assert effects["wrist"].months == pytest.approx(read.months(hand(), "F") - without, rel=1e-3, abs=0.05)
    assert effects["wrist"].months != 0


def test_a_network_that_looks_nowhere_has_no_effects(net: RegionalNetwork) -> None:
    assert all(effect.months == 0 for effect in answering(net, 90.0).effects(hand(), "M"))


def test_a_film_finer_than_those_that_were_learned_from_is_read_as_coarse_as_they(net: RegionalNetwork) -> None:
    read = looking(net)
    joints = {name: np.array(place) for name, place in PLACES.items()}
    for scale, coarser in ((0.5, False), (2.5, True)):
        frame = HandFrame(scale * np.eye(3)[:2], FINE_SHAPE)
        bone_map = BoneMap(np.zeros(FINE_SHAPE, np.uint8), FINE, PLACES, dict.fromkeys(PLACES, 1.0), frame)
        picture = torch.from_numpy(FINE)[None, None]
        if coarser:
            picture = as_fine_as_learned(picture, 300 * scale)
            assert float(picture.std()) < 0.5 * float(FINE.std())
        with torch.inference_mode():
            expected = float(net.eval()(cut_regions(picture, joints), torch.tensor([1])))
        assert read.months(bone_map, "M") == pytest.approx(expected, rel=1e-4, abs=0.05)
