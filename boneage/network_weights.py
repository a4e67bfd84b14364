"""Loading of the shipped network weights: safetensors only, and only when the hash is the one in the manifest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from boneage.errors import WeightsError
from boneage.software import WEIGHTS_FOLDER, manifest_entries

if TYPE_CHECKING:
    from torch import Tensor


def load_weights(name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the tensors of a shipped network, as float32, and its entry in the manifest.

    Raises
    ------
    WeightsError
        With code ``weights_missing`` or ``weights_changed`` if the file is not there or has another hash.
    """
    import torch
    from safetensors.torch import load

    entry = next((entry for entry in manifest_entries() if entry["name"] == name), None)
    path = WEIGHTS_FOLDER / entry["file"] if entry else WEIGHTS_FOLDER / f"{name}.safetensors"
    if entry is None or not path.is_file():
        msg = f"the weights of the network {name!r} are not installed"
        raise WeightsError("weights_missing", msg, remedy="install the package again")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        msg = f"the weights of the network {name!r} are not the ones in the manifest (their sha256 differs)"
        raise WeightsError("weights_changed", msg, remedy="install the package again; do not use these weights")
    return {key: value.to(torch.float32) for key, value in load(data).items()}, entry
