"""Loading of network weights: only the ones of the manifest, byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from boneage import network_weights, software
from boneage.errors import WeightsError
from boneage.network_weights import load_weights


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with one small network in half precision and its manifest, in place of the shipped one."""
    data = save({"layer.weight": torch.tensor([[1.5, -2.25]], dtype=torch.float16)})
    (tmp_path / "small.safetensors").write_bytes(data)
    entry = {"name": "small", "file": "small.safetensors", "sha256": hashlib.sha256(data).hexdigest(), "inputs": 1}
    lost = {"name": "lost", "file": "lost.safetensors", "sha256": "0" * 64}
    (tmp_path / "manifest.json").write_text(json.dumps({"models": [entry, lost]}))
    for module in (network_weights, software):
        monkeypatch.setattr(module, "WEIGHTS_FOLDER", tmp_path)
    software.manifest_entries.cache_clear()
    yield tmp_path
    software.manifest_entries.cache_clear()


def test_weights_come_as_float32_with_their_entry(weights: Path) -> None:
    tensors, entry = load_weights("small")
    assert tensors["layer.weight"].dtype == torch.float32
    assert tensors["layer.weight"].tolist() == [[1.5, -2.25]]
    assert entry["inputs"] == 1


@pytest.mark.parametrize("place", [0, 9, -1])
def test_one_changed_byte_is_noticed(weights: Path, place: int) -> None:
    path = weights / "small.safetensors"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(WeightsError) as caught:
        load_weights("small")
    assert caught.value.code == "weights_changed"
    assert "small" in caught.value.message
    assert caught.value.remedy


def test_a_cut_file_is_noticed_before_it_is_read(weights: Path) -> None:
    path = weights / "small.safetensors"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(WeightsError) as caught:
        load_weights("small")
    assert caught.value.code == "weights_changed"


@pytest.mark.parametrize("name", ["lost", "unheard_of"])
def test_a_missing_network_is_named(weights: Path, name: str) -> None:
    with pytest.raises(WeightsError, match=name) as caught:
        load_weights(name)
    assert caught.value.code == "weights_missing"


def test_a_file_without_an_entry_is_not_loaded(weights: Path) -> None:
    (weights / "stray.safetensors").write_bytes((weights / "small.safetensors").read_bytes())
    with pytest.raises(WeightsError) as caught:
        load_weights("stray")
    assert caught.value.code == "weights_missing"


def test_the_message_holds_no_path(weights: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        load_weights("lost")
    assert str(weights) not in caught.value.message + caught.value.remedy


SHIPPED = software.WEIGHTS_FOLDER


def shipped_entries() -> list[dict[str, object]]:
    entries = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))["models"]
    assert entries
    return list(entries)


def test_every_shipped_file_is_the_one_of_the_manifest_and_small_enough_to_fetch() -> None:
    for entry in shipped_entries():
        path = SHIPPED / str(entry["file"])
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], entry["name"]
        assert path.stat().st_size <= 25_000_000


def test_the_manifest_lists_terms_and_training_data() -> None:
    for entry in shipped_entries():
        assert "non-commercial" in str(entry["terms"])
        assert "Halabi SS" in str(entry["terms"])
        assert "RSNA train films" in str(entry["trained_on"])


def test_no_weights_lie_beside_the_listed_ones() -> None:
    listed = {str(entry["file"]) for entry in shipped_entries()}
    assert {path.name for path in SHIPPED.iterdir() if path.is_file() and path.suffix != ".json"} == listed
    assert all(name.endswith(".safetensors") for name in listed)


def test_every_shipped_network_loads() -> None:
    software.manifest_entries.cache_clear()
    for entry in shipped_entries():
        tensors, _ = load_weights(str(entry["name"]))
        assert tensors
        assert all(torch.isfinite(value).all() for value in tensors.values())


def test_every_network_of_a_reading_is_shipped() -> None:
    assert {entry["name"] for entry in shipped_entries()} == {
        "locator",
        "segmentation",
        "joints",
        "wrist",
        "regression",
        "regression_2",
    }
