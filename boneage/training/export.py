"""From a trained network to shipped weights: folded, in half precision, with hash and passport in the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from boneage.software import WEIGHTS_FOLDER

_EPSILON = 1e-5


def _folded_pair(state: dict[str, Tensor], prefix: str) -> list[tuple[Tensor, Tensor]]:
    """Return (weight, bias) of the two convolutions of a MONAI ``TwoConv``, batch normalisation folded in."""
    result = []
    for number in (0, 1):
        stem = f"{prefix}.conv_{number}"
        norm = f"{stem}.adn.N"
        factor = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + _EPSILON)
        weight = state[f"{stem}.conv.weight"] * factor[:, None, None, None]
        bias = (state[f"{stem}.conv.bias"] - state[f"{norm}.running_mean"]) * factor + state[f"{norm}.bias"]
        result.append((weight, bias))
    return result


def fold(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Turn the weights of MONAI's `BasicUNet` (batch norm) into those of `boneage.segmentation.unet.FoldedUNet`.

    Weights that are folded already, of a training that went on from shipped ones, are returned as they are.
    """
    if "down.0.0.weight" in state:
        return dict(state)
    folded: dict[str, Tensor] = {}

    def put(name: str, pairs: list[tuple[Tensor, Tensor]]) -> None:
        for number, (weight, bias) in enumerate(pairs):
            folded[f"{name}.{number}.weight"], folded[f"{name}.{number}.bias"] = weight, bias

    put("down.0", _folded_pair(state, "conv_0"))
    for level in range(1, 5):
        put(f"down.{level}", _folded_pair(state, f"down_{level}.convs"))
    for level in range(4):
        stem = f"upcat_{4 - level}"
        for part in ("weight", "bias"):
            folded[f"raise_.{level}.{part}"] = state[f"{stem}.upsample.deconv.{part}"]
        put(f"up.{level}", _folded_pair(state, f"{stem}.convs"))
    folded["last.weight"], folded["last.bias"] = state["final_conv.weight"], state["final_conv.bias"]
    return folded


def ship(name: str, tensors: dict[str, Tensor], passport: dict[str, Any], folder: Path = WEIGHTS_FOLDER) -> str:
    """Write ``<name>.safetensors`` in half precision and its entry in ``manifest.json``; return the sha256.

    What half precision cannot hold (a variance above 65504, say) stays in single precision.
    """
    data = save({key: as_shipped(value.detach().cpu()).contiguous() for key, value in tensors.items()})
    digest = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.safetensors").write_bytes(data)
    models = [model for model in _models(folder) if model["name"] != name]
    _write(folder, [*models, {"name": name, "file": f"{name}.safetensors", "sha256": digest, **passport}])
    return digest


def as_shipped(value: Tensor) -> Tensor:
    """Return a tensor in half precision, or in single precision where half cannot hold it."""
    half = value.to(torch.float16)
    return half if torch.isfinite(half).all() or not torch.isfinite(value).all() else value.to(torch.float32)


def amend(name: str, said: dict[str, Any], folder: Path = WEIGHTS_FOLDER) -> None:
    """Add to the passport of a shipped network, or change what it says.

    Raises
    ------
    KeyError
        If there is no such network in the manifest.
    """
    models = _models(folder)
    if name not in {model["name"] for model in models}:
        msg = f"no network {name!r} in the manifest"
        raise KeyError(msg)
    _write(folder, [{**model, **said} if model["name"] == name else model for model in models])


def _models(folder: Path) -> list[dict[str, Any]]:
    path = folder / "manifest.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["models"]) if path.is_file() else []


def _write(folder: Path, models: list[dict[str, Any]]) -> None:
    manifest = {"models": sorted(models, key=lambda model: str(model["name"]))}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


TERMS = (
    "Weights trained on the RSNA Pediatric Bone Age Challenge 2017 films "
    "(Halabi SS et al., Radiology 2019;290:498-503): academic research, education and other non-commercial use"
)
"""The note that the weights carry."""
