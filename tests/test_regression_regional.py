"""The regional network: its encoders, what stays as it was, and what its answer depends on."""

from __future__ import annotations

import pytest
import torch

from boneage.regression.network import AGE_MEAN
from boneage.regression.regional import AGES, KEPT_LEVELS, RegionalNetwork
from boneage.regression.regions import Regions
from boneage.segmentation.unet import FoldedUNet

SMALL = (2, 3, 4, 5, 6)


def some_regions(count: int = 2) -> Regions:
    torch.manual_seed(1)
    return Regions(torch.rand(count, 5, 1, 96, 96), torch.rand(count, 10, 1, 64, 64), torch.rand(count, 1, 192, 192))


def network() -> RegionalNetwork:
    torch.manual_seed(0)
    net = RegionalNetwork(SMALL, SMALL)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, 0.0, 0.2)
    return net


def test_the_encoder_is_the_way_down_of_the_u_net() -> None:
    unet, net = FoldedUNet(1, 3, (*SMALL, 4)), network()
    net.joints.down.load_state_dict(unet.down.state_dict())
    x = torch.rand(2, 1, 64, 64)
    expected = x
    with torch.inference_mode():
        for level, pair in enumerate(unet.down):
            expected = unet._twice(pair, torch.nn.functional.max_pool2d(expected, 2) if level else expected)
        torch.testing.assert_close(net.joints(x), expected)


def test_the_first_levels_do_not_learn() -> None:
    net = network()
    net(some_regions(), torch.tensor([0, 1])).sum().backward()
    for encoder in (net.joints, net.wrist):
        for level, pair in enumerate(encoder.down):
            learned = [parameter.grad is not None for parameter in pair.parameters()]
            assert all(learned) == (level >= KEPT_LEVELS)
            assert any(learned) == (level >= KEPT_LEVELS)


@pytest.mark.parametrize("part", ["knuckles", "small_joints", "wrist"])
def test_the_answer_depends_on_every_part(part: str) -> None:
    net = network().eval()
    regions = some_regions(1)
    before = net(regions, torch.tensor([0]))
    getattr(regions, part)[:] = 0
    assert abs(float((net(regions, torch.tensor([0])) - before).detach())) > 1e-3


def test_equal_joints_at_different_places_are_told_apart() -> None:
    net = network().eval()
    regions = some_regions(1)
    before = net(regions, torch.tensor([0]))
    swapped = Regions(regions.knuckles.flip(1), regions.small_joints, regions.wrist)
    assert abs(float((net(swapped, torch.tensor([0])) - before).detach())) > 1e-3


def test_the_answer_of_a_hand_does_not_depend_on_its_company() -> None:
    net = network().eval()
    regions = some_regions(3)
    alone = Regions(regions.knuckles[1:2], regions.small_joints[1:2], regions.wrist[1:2])
    with torch.inference_mode():
        torch.testing.assert_close(
            net(regions, torch.tensor([0, 1, 2]))[1:2], net(alone, torch.tensor([1])), atol=1e-3, rtol=1e-5
        )


def test_the_sex_matters() -> None:
    net = network().eval()
    torch.nn.init.normal_(net.sex.weight)
    with torch.inference_mode():
        answers = [float(net(some_regions(1), torch.tensor([code]))) for code in (0, 1, 2)]
    assert len({round(answer, 3) for answer in answers}) == 3


def spread(months: float) -> RegionalNetwork:
    """A network that answers with a normal law round an age, whatever it sees."""
    net = RegionalNetwork(SMALL, SMALL, distribution=True).eval()
    with torch.no_grad():
        net.answer.bias.copy_(-((net.ages - months) ** 2) / (2 * 9.0**2))
    return net


@pytest.mark.parametrize("months", [60.0, 100.7, 180.0])
def test_the_age_is_the_mean_of_the_distribution(months: float) -> None:
    net, codes = spread(months), torch.tensor([0, 1])
    with torch.inference_mode():
        assert net.said(some_regions(), codes).shape == (2, len(AGES))
        torch.testing.assert_close(net(some_regions(), codes), torch.full((2,), months), atol=0.01, rtol=0)


def test_a_distribution_begins_as_the_ages_of_the_films() -> None:
    net = RegionalNetwork(SMALL, SMALL, distribution=True).eval()
    with torch.inference_mode():
        age = net(some_regions(1), torch.tensor([0]))
    assert abs(float(age) - AGE_MEAN) < 3


def test_the_ages_travel_with_the_code_and_not_with_the_weights() -> None:
    number, distribution = (RegionalNetwork(SMALL, SMALL, distribution=kind) for kind in (False, True))
    assert set(number.state_dict()) == set(distribution.state_dict())
    assert (len(number.answer.bias), len(distribution.answer.bias)) == (1, len(AGES))
