"""Weights with their passport in the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from boneage.segmentation.unet import FoldedUNet
from boneage.training.export import TERMS, amend, fold, ship


def test_ship_writes_half_precision_hash_and_passport(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    digest = ship("net", {"a": torch.tensor([0.1, 2.0])}, {"terms": TERMS, "inputs": 1}, folder)
    data = (folder / "net.safetensors").read_bytes()
    (entry,) = json.loads((folder / "manifest.json").read_text())["models"]
    assert digest == entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert entry == {"name": "net", "file": "net.safetensors", "sha256": digest, "terms": TERMS, "inputs": 1}
    (tensor,) = load_file(folder / "net.safetensors").values()
    assert tensor.dtype == torch.float16
    torch.testing.assert_close(tensor.float(), torch.tensor([0.1, 2.0]), atol=1e-3, rtol=0)


def test_shipping_again_replaces_one_entry_and_keeps_the_others_in_order(tmp_path: Path) -> None:
    for name, value in (("b", 1.0), ("c", 2.0), ("a", 3.0), ("c", 4.0)):
        ship(name, {"x": torch.tensor([value])}, {"note": f"{name}{value}"}, tmp_path)
    models = json.loads((tmp_path / "manifest.json").read_text())["models"]
    assert [(model["name"], model["note"]) for model in models] == [("a", "a3.0"), ("b", "b1.0"), ("c", "c4.0")]
    assert float(load_file(tmp_path / "c.safetensors")["x"]) == 4.0


def test_equal_weights_give_equal_files(tmp_path: Path) -> None:
    tensors = {"z": torch.ones(3), "a": torch.zeros(2, 2)}
    first = ship("one", tensors, {}, tmp_path)
    assert ship("two", dict(reversed(tensors.items())), {}, tmp_path) == first
    assert (tmp_path / "one.safetensors").read_bytes() == (tmp_path / "two.safetensors").read_bytes()


def test_tensors_that_are_not_contiguous_are_shipped(tmp_path: Path) -> None:
    weight = torch.arange(24.0).reshape(2, 3, 2, 2)
    ship("net", {"w": weight.to(memory_format=torch.channels_last)}, {}, tmp_path)
    torch.testing.assert_close(load_file(tmp_path / "net.safetensors")["w"].float(), weight)


def test_folded_weights_of_a_training_that_went_on_stay_as_they_are() -> None:
    state = FoldedUNet(1, 2, (4, 4, 4, 4, 4, 4)).state_dict()
    again = fold(state)
    assert again.keys() == state.keys()
    assert all(torch.equal(again[name], value) for name, value in state.items())


def test_a_passport_can_be_amended_and_nothing_else_changes(tmp_path: Path) -> None:
    digests = [ship(name, {"x": torch.ones(1)}, {"note": name}, tmp_path) for name in ("a", "b")]
    amend("b", {"note": "new", "more": 1}, tmp_path)
    first, second = json.loads((tmp_path / "manifest.json").read_text())["models"]
    assert first == {"name": "a", "file": "a.safetensors", "sha256": digests[0], "note": "a"}
    assert second == {"name": "b", "file": "b.safetensors", "sha256": digests[1], "note": "new", "more": 1}
    with pytest.raises(KeyError, match="'c'"):
        amend("c", {}, tmp_path)


def test_what_half_precision_cannot_hold_stays_in_single_precision(tmp_path: Path) -> None:
    ship("net", {"variance": torch.tensor([2.4e6, 1.0]), "weight": torch.tensor([0.5])}, {}, tmp_path)
    tensors = load_file(tmp_path / "net.safetensors")
    assert tensors["variance"].tolist() == [2.4e6, 1.0]
    assert tensors["weight"].dtype == torch.float16
