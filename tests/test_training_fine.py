"""Training of the fine stage: canvases of drawn films, patches with their targets, and a short run of each network."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record, write_training_data
from numpy.typing import NDArray
from PIL import Image
from test_segmentation_wrist import answer_of as wrist_answer_of

from boneage.anatomy import CARPAL_VALUES, LABEL_VALUES, LABELS
from boneage.segmentation.channels import CHANNELS
from boneage.segmentation.hand_frame import FINE_SHAPE, finer, frame_of_joints
from boneage.segmentation.locator import load_unet
from boneage.segmentation.sites import JOINT_SITES, WRIST_SHAPE
from boneage.segmentation.wrist import WRIST_CHANNELS, WRIST_OWNER
from boneage.training import fine, fine_canvases
from boneage.training.fine import (
    FineOptions,
    Patches,
    classes_at,
    joint_loss,
    joint_patches,
    train_joints,
    train_wrist,
    wrist_loss,
    wrist_patches,
)
from boneage.training.fine_canvases import FineCanvases, keep, load_fine_canvases, picture_of
from boneage.training.hand_frames import HandFrames

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))
DRAWN = [value for value, name in LABELS.items() if name.endswith("_epiphysis") or value in CARPAL_VALUES]


class NoBones:
    """A first network that sees nothing."""

    def answer(self, pictures: torch.Tensor) -> torch.Tensor:
        answer = torch.zeros(len(pictures), CHANNELS, *pictures.shape[-2:])
        answer[:, 0] = 9.0
        return answer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three drawn films with masks, one with a native picture; the hand is drawn on 512 by 384 pixels."""
    root = tmp_path_factory.mktemp("data")
    splits = {"1": "train", "2": "train", "3": "tune"}
    pictures = [HAND.pixels] * 3
    mask = np.isin(HAND.labels, DRAWN)
    records = [record(film, split=split) for film, split in splits.items()]
    write_training_data(
        root, pictures, records, joints={"1": POINTS}, masks=dict.fromkeys(splits, mask), native={"2": HAND.pixels}
    )
    return root


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def canvases(folder: Path, cache: Path) -> Iterator[FineCanvases]:
    with zipfile.ZipFile(folder / "rsna" / "annotations" / "joint_regions_native.zip", "w") as archive:
        for film in ("1", "2", "3"):
            buffer = io.BytesIO()
            Image.fromarray((HAND.pixels.clip(0, 1) * 255).astype(np.uint8)).save(buffer, "WEBP", lossless=True)
            archive.writestr(f"{film}.webp", buffer.getvalue())
    films = films_of([HAND.pixels] * 3, [record(str(n), split=s) for n, s in ((1, "train"), (2, "train"), (3, "tune"))])
    frames = HandFrames(np.stack([POINTS] * 3), np.ones((3, 21)), np.zeros(3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fine_canvases, "BoneNetwork", NoBones)
        yield load_fine_canvases(films, frames, folder, cache)


def expected_labels() -> NDArray[np.uint8]:
    """The drawn epiphyses on the fine grid of the drawn hand."""
    frame = finer(frame_of_joints(dict(HAND.joints))[0])
    y, x = np.indices(FINE_SHAPE)
    film = np.rint(frame.to_film(np.column_stack([x.ravel(), y.ravel()]).astype(float))).astype(int)
    inside = (film >= 0).all(axis=1) & (film[:, 0] < 384) & (film[:, 1] < 512)
    labels = np.zeros(len(film), dtype=np.uint8)
    labels[inside] = HAND.labels[film[inside, 1], film[inside, 0]]
    return labels.reshape(FINE_SHAPE)


def test_the_canvases_hold_the_film_its_mask_and_the_names(canvases: FineCanvases) -> None:
    assert list(canvases.numbers) == [0, 1, 2]
    assert canvases.labels.shape == (3, *FINE_SHAPE)
    wanted = expected_labels()
    for name in ("metacarpal_3_epiphysis", "proximal_phalanx_2_epiphysis", "distal_phalanx_5_epiphysis"):
        drawn = wanted == LABEL_VALUES[name]
        assert (canvases.labels[0][drawn] == LABEL_VALUES[name]).mean() > 0.95, name
    np.testing.assert_array_equal(canvases.drawn[0], np.isin(wanted, DRAWN))
    bone = wanted > 0
    for kept in (canvases.stored, canvases.sharp):
        picture = picture_of(kept[0])[0, 0].numpy()
        assert picture[bone].mean() > picture[~bone].mean() + 0.3


def test_native_parts_are_sharper(canvases: FineCanvases) -> None:
    def steepness(kept: NDArray[np.uint8]) -> float:
        return float(np.abs(np.diff(kept.astype(float), axis=1)).max())

    for place in range(3):
        assert steepness(canvases.sharp[place]) > 1.05 * steepness(canvases.stored[place])


def test_the_second_opening_makes_nothing(canvases: FineCanvases, cache: Path, tmp_path: Path) -> None:
    films = films_of([HAND.pixels], [record("1")])
    frames = HandFrames(POINTS[None], np.ones((1, 21)), np.zeros(1))
    again = load_fine_canvases(films, frames, tmp_path / "nothing", cache)
    np.testing.assert_array_equal(again.labels, canvases.labels)


def test_pictures_are_kept_to_a_hundredth() -> None:
    picture = np.linspace(-0.1, 1.17, 200, dtype=np.float32).reshape(10, 20)
    np.testing.assert_allclose(picture_of(keep(picture))[0, 0].numpy(), picture, atol=0.003)


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_the_patches_of_all_joints(canvases: FineCanvases, seed: int | None) -> None:
    found = joint_patches(canvases, [0, 2], None if seed is None else np.random.default_rng(seed))
    assert sum(len(part.pictures) for part in found) == 2 * len(JOINT_SITES)
    for part in found:
        assert part.pictures.shape[0] == part.targets.shape[0]
        assert part.pictures.shape[2:] == part.targets.shape[1:]
        assert set(np.unique(part.targets)) <= {0, 1, 2, 3, 4, 255}
        middle = part.targets.shape[-1] // 2
        near = part.targets[:, middle - 20 : middle + 20, middle - 20 : middle + 20]
        assert ((near == 3).flatten(1).any(dim=1)).float().mean() > 0.8  # every joint has its distal epiphysis


def test_targets_at_a_joint_know_only_its_own_bones() -> None:
    site = next(site for site in JOINT_SITES if site.joint == "mcp_2")
    table = classes_at(site)
    assert table[LABEL_VALUES["metacarpal_2_epiphysis"]] == 2
    assert table[LABEL_VALUES["proximal_phalanx_2"]] == 4
    assert table[LABEL_VALUES["proximal_phalanx_3"]] == table[0] == 0
    assert table[255] == 255


def test_the_wrists_patch_has_label_values(canvases: FineCanvases) -> None:
    (part,) = wrist_patches(canvases, [0, 1], None)
    assert part.pictures.shape == (2, 1, *WRIST_SHAPE)
    assert LABEL_VALUES["radius_epiphysis"] in part.targets
    assert set(np.unique(part.targets)) & CARPAL_VALUES


def test_the_joint_loss_is_small_for_the_right_answer_only() -> None:
    classes = torch.from_numpy(np.arange(25).reshape(1, 5, 5) % 5).repeat(1, 4, 4).to(torch.uint8)
    right = torch.nn.functional.one_hot(classes.long(), 5).permute(0, 3, 1, 2).float() * 20
    patches = Patches(torch.zeros(1, 1, 20, 20), classes)
    assert float(joint_loss(right, patches)) < 0.01
    assert float(joint_loss(right.roll(1, dims=1), patches)) > 1


def test_nothing_is_learned_where_nothing_is_known() -> None:
    labels = np.full((16, 16), LABEL_VALUES["lunate"], dtype=np.uint8)
    labels[:, 8:] = 255
    labels[:4, :8] = LABEL_VALUES["carpals"]  # tissue known, name not
    answer = torch.randn(1, WRIST_CHANNELS, 16, 16, generator=torch.Generator().manual_seed(0), requires_grad=True)
    wrist_loss(answer, Patches(torch.zeros(1, 1, 16, 16), torch.from_numpy(labels)[None])).backward()  # type: ignore[no-untyped-call]
    assert answer.grad is not None
    assert float(answer.grad[..., 8:].abs().max()) == 0
    assert float(answer.grad[:, 4:, :4].abs().max()) == 0
    assert float(answer.grad[:, :4, :4, :8].abs().min()) > 0
    assert WRIST_OWNER[LABEL_VALUES["carpals"]] == 255


def test_the_wrist_loss_is_small_for_the_right_answer_only() -> None:
    names = ("lunate", "capitate", "radius", "ulna_epiphysis")
    labels = np.array([LABEL_VALUES[name] for name in names], dtype=np.uint8).repeat(8)[None].repeat(16, axis=0)
    patches = Patches(torch.zeros(1, 1, *labels.shape), torch.from_numpy(labels)[None])
    assert float(wrist_loss(wrist_answer_of(labels), patches)) < 0.05
    swapped = np.where(labels == LABEL_VALUES["lunate"], LABEL_VALUES["scaphoid"], labels).astype(np.uint8)
    assert float(wrist_loss(wrist_answer_of(swapped), patches)) > 0.3


def trained_on_drawn_hands(monkeypatch: pytest.MonkeyPatch, canvases: FineCanvases, folder: Path) -> None:
    """Let a training see two drawn hands, and watch a third."""
    films = films_of([HAND.pixels] * 3, [record(str(n), split=s) for n, s in ((1, "train"), (2, "train"), (3, "tune"))])
    monkeypatch.setattr(fine, "data_root", lambda: folder)
    monkeypatch.setattr(fine, "load_films", lambda *_: films)
    monkeypatch.setattr(fine, "load_hand_frames", lambda *_: None)
    monkeypatch.setattr(fine, "load_fine_canvases", lambda *_: canvases)


@pytest.mark.parametrize("name", ["joints", "wrist"])
def test_a_short_training_runs_and_goes_on(
    name: str, canvases: FineCanvases, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_on_drawn_hands(monkeypatch, canvases, folder)
    monkeypatch.setattr(fine, f"{name[:-1].upper() if name == 'joints' else 'WRIST'}_FEATURES", (4, 4, 4, 4, 4, 4))
    train = train_joints if name == "joints" else train_wrist
    options = FineOptions(tmp_path / "run", tmp_path, epochs=2, batch=1)
    state = train(options)
    assert all(torch.isfinite(value).all() for value in state.values())
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert log[-1]["step"] == 4
    assert log[-1]["tune_loss"] > 0
    again = train(options)  # nothing is left to do
    for key, value in state.items():
        torch.testing.assert_close(again[key], value)


@pytest.mark.parametrize("name", ["joints", "wrist"])
def test_a_training_that_goes_on_begins_with_the_shipped_network(
    name: str, canvases: FineCanvases, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_on_drawn_hands(monkeypatch, canvases, folder)
    train = train_joints if name == "joints" else train_wrist
    state = train(FineOptions(tmp_path / "run", tmp_path, epochs=1, batch=2, go_on=True))
    shipped = load_unet(name).state_dict()
    assert state.keys() == shipped.keys()
    moved = max(float((value - shipped[key]).abs().max()) for key, value in state.items())
    assert 0 < moved < 0.01
