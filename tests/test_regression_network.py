"""The direct-regression network."""

from __future__ import annotations

import pytest
import torch

from boneage.regression.network import AGE_MEAN, AGE_SD, INPUT_SHAPE, SEX_CODES, AgeNetwork, ResidualBlock

SMALL = ((4, 6, 8, 8, 12), (1, 2, 1, 1))


def network(seed: int = 0) -> AgeNetwork:
    torch.manual_seed(seed)
    net = AgeNetwork(*SMALL)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, 0, 0.2)
    return net.eval()


def test_it_answers_in_months_for_girls_boys_and_the_unknown_sex() -> None:
    net = network()
    picture = torch.rand(1, 1, *INPUT_SHAPE)
    with torch.inference_mode():
        ages = net(picture.expand(3, -1, -1, -1), torch.tensor([SEX_CODES["F"], SEX_CODES["M"], SEX_CODES[None]]))
    assert ages.shape == (3,)
    assert ages.dtype == torch.float32
    assert len({round(float(age), 3) for age in ages}) == 3


def test_the_sex_of_a_fresh_network_does_not_matter_yet() -> None:
    torch.manual_seed(1)
    net = AgeNetwork(*SMALL).eval()
    with torch.inference_mode():
        ages = net(torch.rand(1, 1, *INPUT_SHAPE).expand(3, -1, -1, -1), torch.arange(3))
    torch.testing.assert_close(ages[1:], ages[:1].expand(2))


def test_the_answer_is_in_units_of_the_spread_of_ages() -> None:
    net = network()
    torch.nn.init.zeros_(net.answer.weight)
    for value, months in ((0.0, AGE_MEAN), (1.0, AGE_MEAN + AGE_SD), (-2.0, AGE_MEAN - 2 * AGE_SD)):
        torch.nn.init.constant_(net.answer.bias, value)
        with torch.inference_mode():
            assert float(net(torch.rand(1, 1, *INPUT_SHAPE), torch.tensor([0]))) == pytest.approx(months)


def test_pictures_of_a_batch_do_not_touch_each_other() -> None:
    net = network()
    pictures, sexes = torch.rand(3, 1, *INPUT_SHAPE), torch.tensor([0, 1, 2])
    with torch.inference_mode():
        together = net(pictures, sexes)
        alone = torch.cat([net(pictures[i : i + 1], sexes[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-3)
    assert float(together.diff().abs().min()) > 0


def test_where_something_is_seen_matters_beside_the_mean() -> None:
    torch.manual_seed(0)
    net = AgeNetwork(*SMALL).eval()
    torch.nn.init.normal_(net.narrow[0].weight, 0, 5)
    torch.nn.init.normal_(net.hidden.weight, 0, 5)
    picture = torch.zeros(2, 1, *INPUT_SHAPE)
    picture[0, :, 60:70, 60:70] = 9
    picture[1, :, 124:134, 92:102] = 9  # moved by two and one steps of the coarsest features: the same mean
    with torch.inference_mode():
        features = net.stages(net.stem(picture))
        torch.testing.assert_close(*features.mean(dim=(2, 3)), rtol=1e-3, atol=1e-4)
        high, low = net(picture, torch.tensor([0, 0]))
    assert abs(float(high - low)) > 0.5


@pytest.mark.parametrize(("inputs", "outputs", "stride"), [(4, 4, 1), (4, 8, 2), (4, 8, 1)])
def test_a_fresh_block_hands_on_what_it_gets(inputs: int, outputs: int, stride: int) -> None:
    torch.manual_seed(0)
    block = ResidualBlock(inputs, outputs, stride).eval()
    x = torch.rand(2, inputs, 13, 9)
    with torch.inference_mode():
        found = block(x)
    short = torch.nn.functional.avg_pool2d(x, stride, ceil_mode=True) if stride > 1 else x
    torch.testing.assert_close(found, torch.relu(block.short(short)))
    assert found.shape == (2, outputs, -(-13 // stride), -(-9 // stride))


def test_any_widths_fit_together() -> None:
    for widths, blocks in (((4, 4, 4, 4, 4), (1, 1, 1, 1)), ((8, 4, 12, 4, 20), (2, 1, 1, 3))):
        net = AgeNetwork(widths, blocks).eval()
        with torch.inference_mode():
            assert torch.isfinite(net(torch.rand(2, 1, *INPUT_SHAPE), torch.tensor([0, 2]))).all()
