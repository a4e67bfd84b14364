"""The networks as they are trained."""

from __future__ import annotations

from monai.networks.nets import BasicUNet

from boneage.segmentation.unet import LEAK


def build_unet(outputs: int, features: tuple[int, int, int, int, int, int]) -> BasicUNet:
    """Return MONAI's BasicUNet for grey pictures, with batch normalisation (folded away when shipped)."""
    return BasicUNet(
        spatial_dims=2,
        in_channels=1,
        out_channels=outputs,
        features=features,
        norm="batch",
        act=("leakyrelu", {"negative_slope": LEAK, "inplace": True}),
    )
