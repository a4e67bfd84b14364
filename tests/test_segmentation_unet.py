"""The U-Net that reads gives the answers of the one that was trained."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from boneage.segmentation.unet import FoldedUNet
from boneage.training.export import fold
from boneage.training.networks import build_unet

SHIPPED = (16, 32, 64, 128, 192, 16)


def used(net: nn.Module) -> nn.Module:
    """Give every normalisation running figures and factors as after training, negative factors included."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)  # type: ignore[union-attr, operator]
            module.running_var.uniform_(0.3, 3.0)  # type: ignore[union-attr, operator]
            nn.init.uniform_(module.weight, -0.5, 1.5)
            nn.init.uniform_(module.bias, -0.4, 0.4)
    return net.eval()


@pytest.mark.parametrize(("outputs", "features"), [(21, SHIPPED), (26, SHIPPED), (3, (4, 6, 10, 14, 18, 8))])
def test_folding_changes_no_answer(outputs: int, features: tuple[int, int, int, int, int, int]) -> None:
    torch.manual_seed(1)
    trained = used(build_unet(outputs, features))
    folded = FoldedUNet(1, outputs, features).eval()
    folded.load_state_dict(fold(trained.state_dict()))
    pictures = torch.rand(2, 1, 48, 32)
    with torch.inference_mode():
        expected: Tensor = trained(pictures)
        found: Tensor = folded(pictures)
    assert found.shape == (2, outputs, 48, 32)
    assert float(expected.std()) > 0.01  # there is something to compare
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


def test_the_normalisation_is_in_the_folded_weights() -> None:
    torch.manual_seed(2)
    fresh = build_unet(3, (4, 6, 10, 14, 18, 8)).eval()
    before = fold(fresh.state_dict())
    after = fold(used(fresh).state_dict())
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {name for name in before if name.startswith(("down", "up"))}


def test_any_size_of_sixteens_can_be_read() -> None:
    net = FoldedUNet(1, 2, (4, 4, 4, 4, 4, 4)).eval()
    for shape in ((16, 16), (64, 48), (32, 80)):
        assert net(torch.rand(1, 1, *shape)).shape == (1, 2, *shape)
