"""The regressor: the network's answer with its calibrated interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from boneage.regression import regressor
from boneage.regression.network import AGE_MEAN, AGE_SD, INPUT_SHAPE, AgeNetwork
from boneage.regression.regressor import Regressor, shrink
from boneage.segmentation.hand_frame import FINE_SHAPE, FRAME_SHAPE
from boneage.segmentation.resample import overview, sample
from boneage.training.films import stretch_matrix

WIDTHS, BLOCKS = [4, 4, 4, 4, 4], [1, 1, 1, 1]


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> AgeNetwork:
    """A small network whose answer a test can set, in place of the shipped one."""
    torch.manual_seed(0)
    made = AgeNetwork(tuple(WIDTHS), tuple(BLOCKS))

    def load_weights(name: str) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        assert name == "regression"
        interval = {"ages": [12.0, 120.0, 228.0], "M": [10.0, 20.0, 30.0], "F": [8.0, 8.0, 40.0]}
        return made.state_dict(), {"widths": WIDTHS, "blocks": BLOCKS, "interval_95": interval}

    monkeypatch.setattr(regressor, "load_weights", load_weights)
    return made


def answering(net: AgeNetwork, months: float) -> Regressor:
    torch.nn.init.zeros_(net.answer.weight)
    torch.nn.init.constant_(net.answer.bias, (months - AGE_MEAN) / AGE_SD)
    return Regressor()


PICTURE = np.random.default_rng(0).random(FRAME_SHAPE, dtype=np.float32)
FINE = np.random.default_rng(1).random(FINE_SHAPE, dtype=np.float32)


@pytest.mark.parametrize(
    ("months", "sex", "half"),
    [(120.0, "M", 20.0), (120.0, "F", 8.0), (66.0, "M", 15.0), (174.0, "F", 24.0), (240.0, "M", 30.0)],
)
def test_the_interval_is_that_of_sex_and_age(net: AgeNetwork, months: float, sex: Any, half: float) -> None:
    estimate = answering(net, months).regress(FINE, sex)
    assert estimate.months == pytest.approx(months, abs=1e-3)
    assert estimate.interval_95 == pytest.approx((months - half, months + half), abs=1e-2)


def test_no_age_is_below_birth(net: AgeNetwork) -> None:
    estimate = answering(net, 6.0).regress(FINE, "M")
    assert estimate.interval_95 == pytest.approx((0.0, 16.0), abs=1e-2)


def test_the_network_sees_the_shrunk_picture_and_the_sex(net: AgeNetwork) -> None:
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2)
    read = Regressor()
    net.eval()
    for sex, code in (("F", 0), ("M", 1)):
        with torch.inference_mode():
            expected = float(net(shrink(overview(torch.from_numpy(FINE)[None, None])), torch.tensor([code])))
        assert read.regress(FINE, sex).months == pytest.approx(expected, abs=0.01)  # type: ignore[arg-type]
    assert read.regress(FINE, "F").months != read.regress(FINE, "M").months
    assert read.regress(FINE[:, ::-1].copy(), "F").months != read.regress(FINE, "F").months


def test_equal_pictures_give_equal_answers(net: AgeNetwork) -> None:
    read = Regressor()
    assert read.regress(FINE, "F") == read.regress(FINE.copy(), "F")


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
    interval = entries["regression"]["interval_95"]
    assert interval["ages"] == sorted(interval["ages"])
    for sex in ("M", "F"):
        assert len(interval[sex]) == len(interval["ages"])
        assert all(3 < half < 60 for half in interval[sex])
    estimate = Regressor().regress(FINE, "F")
    assert 0 <= estimate.interval_95[0] < estimate.months < estimate.interval_95[1]
