"""Training of the segmentation network: labels move with the picture; nothing is learned where nothing is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record, write_training_data
from test_segmentation_channels import answer_of

from boneage.anatomy import LABEL_VALUES, LABELS
from boneage.segmentation.channels import CHANNELS, label_map
from boneage.segmentation.hand_frame import FRAME_SHAPE
from boneage.training import hand_frames, segmentation
from boneage.training.hand_frames import HandFrames
from boneage.training.segmentation import (
    Batch,
    SegmentationOptions,
    Sources,
    make_batch,
    mask_dice,
    segmentation_loss,
    train_segmentation,
)
from boneage.training.segmentation_labels import SegmentationLabels, load_segmentation_labels

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))


def sources(*, sharp: bool = False) -> Sources:
    """One drawn film whose label map in the hand frame is the drawing itself."""
    films = films_of([(HAND.labels > 0).astype(np.float32) * 0.6 + 0.2], [record("1")])
    frames = HandFrames(POINTS[None], np.ones((1, 21)), np.zeros(1))
    frame = frames.frame(0)
    y, x = np.indices(FRAME_SHAPE)
    film = np.rint(frame.to_film(np.column_stack([x.ravel(), y.ravel()]).astype(float))).astype(int)
    inside = (film >= 0).all(axis=1) & (film[:, 0] < 384) & (film[:, 1] < 512)
    labels = np.zeros(FRAME_SHAPE, dtype=np.uint8).ravel()
    labels[inside] = HAND.labels[film[inside, 1], film[inside, 0]]
    labels = labels.reshape(FRAME_SHAPE)
    picture = np.where(labels > 0, 220, 40).astype(np.uint8) if sharp else np.zeros(FRAME_SHAPE, dtype=np.uint8)
    known = SegmentationLabels(
        numbers=np.array([0]),
        labels=labels[None],
        masks=(labels > 19)[None],
        has_mask=np.array([True]),
        joints=frame.from_film(POINTS)[None],
        sharp=picture[None],
    )
    return Sources(films, frames, known)


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
@pytest.mark.parametrize("sharp", [False, True])
def test_labels_move_with_the_picture(seed: int | None, sharp: bool) -> None:
    batch = make_batch(sources(sharp=sharp), [0], None if seed is None else np.random.default_rng(seed))
    assert batch.pictures.shape == (1, 1, *FRAME_SHAPE)
    assert batch.labels.shape == (1, *FRAME_SHAPE)
    picture, labels = batch.pictures[0, 0].numpy(), batch.labels[0].numpy()
    known = labels != 255
    bone = (labels > 0)[known]
    assert bone.mean() > 0.05
    assert np.corrcoef(picture[known], bone)[0, 1] > 0.85


def test_without_chance_the_labels_are_those_of_the_film() -> None:
    given = sources()
    np.testing.assert_array_equal(make_batch(given, [0], None).labels[0].numpy(), given.known.labels[0])


def test_what_comes_in_from_outside_is_not_known() -> None:
    given = sources()
    batches = [make_batch(given, [0], np.random.default_rng(seed)) for seed in range(5)]
    assert any((batch.labels == 255).any() for batch in batches)
    for batch in batches:
        assert set(np.unique(batch.labels)) <= {0, *LABELS, 255}


def batch_of(labels: np.ndarray) -> Batch:
    return Batch(torch.zeros(1, 1, *labels.shape), torch.from_numpy(labels)[None])


shown = HAND.labels[100:420:2, 80:336:2].copy()


def test_the_loss_is_small_for_the_right_answer_only() -> None:
    batch = batch_of(shown)
    right = answer_of(shown)
    least = float(segmentation_loss(right, batch))
    assert least < 0.05
    swapped = shown.copy()
    swapped[shown == LABEL_VALUES["metacarpal_2"]] = LABEL_VALUES["metacarpal_3"]
    wrong_tissue = shown.copy()
    wrong_tissue[shown == LABEL_VALUES["carpals"]] = 0
    for wrong in (swapped, wrong_tissue, np.zeros_like(shown)):
        assert float(segmentation_loss(answer_of(wrong), batch)) > least + 0.1


def test_nothing_is_learned_where_nothing_is_known() -> None:
    labels = shown.copy()
    labels[40:90] = 255
    answer = torch.randn(1, CHANNELS, *labels.shape, generator=torch.Generator().manual_seed(0), requires_grad=True)
    segmentation_loss(answer, batch_of(labels)).backward()  # type: ignore[no-untyped-call]
    assert answer.grad is not None
    assert float(answer.grad[:, :, 40:90].abs().max()) == 0
    assert float(answer.grad[:, :, :40].abs().max()) > 0
    assert float(answer.grad[:, :, 90:].abs().max()) > 0


def test_the_bone_is_asked_only_on_bone() -> None:
    answer = torch.zeros(1, CHANNELS, *shown.shape, requires_grad=True)
    segmentation_loss(answer, batch_of(shown)).backward()  # type: ignore[no-untyped-call]
    assert answer.grad is not None
    owners = answer.grad[0, 4:, ::2, ::2].abs().sum(dim=0).numpy()
    np.testing.assert_array_equal(owners > 0, shown[::2, ::2] > 0)


def test_a_few_steps_lower_the_loss() -> None:
    torch.manual_seed(0)
    given = sources()
    net = segmentation.build_unet(CHANNELS, (4, 8, 8, 8, 8, 4))
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.03)
    whole = make_batch(given, [0], None)
    batch = Batch(whole.pictures[..., 128:320, 80:240], whole.labels[..., 128:320, 80:240])
    losses = []
    for _ in range(12):
        loss = segmentation_loss(net(batch.pictures), batch)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.85 * losses[0]


def test_the_dice_is_that_of_epiphyses_and_carpals() -> None:
    labels = torch.zeros(3, 10, 10, dtype=torch.uint8)
    labels[0, :2] = LABEL_VALUES["middle_phalanx_4_epiphysis"]
    labels[0, 2:4] = LABEL_VALUES["carpals"]
    labels[0, 4:] = LABEL_VALUES["metacarpal_1"]  # shafts were not drawn
    labels[1, :5] = LABEL_VALUES["ulna_epiphysis"]
    labels[2, :2] = LABEL_VALUES["radius_epiphysis"]
    mask = torch.zeros(3, 10, 10, dtype=torch.bool)
    mask[0, :4] = mask[1, 5:] = mask[2, :6] = True
    assert mask_dice(labels, mask).tolist() == pytest.approx([1.0, 0.0, 0.5])


def test_the_marked_values_are_epiphyses_and_carpals() -> None:
    assert set(segmentation._DRAWN_VALUES) == {*range(20, 39), 40, 42, 43}


def write_drawn_data(root: Path) -> None:
    """Five drawn films: three with masks and joints, one with joints alone, one that is only for the report."""
    splits = ("train", "train", "tune", "train", "devtest")
    records = [record(str(n), split=split) for n, split in enumerate(splits)]
    mask = np.isin(HAND.labels, [v for v, n in LABELS.items() if n.endswith("_epiphysis") or n == "carpals"])
    bone = (0.35 + 0.4 * (HAND.labels > 0)).astype(np.float32)
    write_training_data(
        root,
        [bone] * 5,
        records,
        joints={str(n): POINTS for n in range(5)},
        masks={str(n): mask for n in (0, 1, 2, 4)},
        native={"1": bone, "4": bone},
    )


def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[segmentation.Films, HandFrames]:
    write_drawn_data(tmp_path / "data")
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "data"))
    films = segmentation.load_films(tmp_path / "cache", tmp_path / "data")
    frames = HandFrames(np.stack([POINTS] * 5), np.ones((5, 21)), np.full(5, 0.05))
    for module in (segmentation, hand_frames):
        monkeypatch.setattr(module, "load_hand_frames", lambda *_: frames)
    return films, frames


def test_the_label_maps_are_grown_once_and_never_from_devtest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    films, frames = prepared(tmp_path, monkeypatch)
    known = load_segmentation_labels(films, frames, tmp_path / "data", tmp_path / "cache")
    assert known.numbers.tolist() == [0, 1, 2, 3]
    assert known.has_mask.tolist() == [True, True, True, False]
    assert [bool(picture.any()) for picture in known.sharp] == [False, True, False, False]
    assert (known.labels[3] == 255).all()
    expected = make_batch(sources(), [0], None).labels[0].numpy()
    for value, name in LABELS.items():
        if name.endswith("_epiphysis") or name == "carpals":
            drawn = expected == value
            assert (known.labels[1] == value)[drawn].mean() > 0.9, name
    np.testing.assert_array_equal(known.masks[1], np.isin(expected, segmentation._DRAWN_VALUES))
    assert np.isin(np.unique(known.labels[1]), [*LABELS, 0, 255]).all()
    shafts = known.labels[1] == LABEL_VALUES["proximal_phalanx_2"]
    assert mask_dice_of(shafts, expected == LABEL_VALUES["proximal_phalanx_2"]) > 0.85
    np.testing.assert_allclose(known.joints[3], frames.frame(3).from_film(POINTS), atol=1e-6)
    (tmp_path / "data" / "rsna" / "annotations" / "epiphysis_carpal_masks.zip").unlink()
    again = load_segmentation_labels(films, frames, tmp_path / "data", tmp_path / "cache")
    np.testing.assert_array_equal(again.labels, known.labels)


def mask_dice_of(one: np.ndarray, other: np.ndarray) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


@pytest.mark.slow
def test_the_command_trains_watches_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(tmp_path, monkeypatch)
    monkeypatch.setattr(segmentation, "FEATURES", (4, 4, 8, 8, 8, 4))
    options = SegmentationOptions(tmp_path / "run", tmp_path / "cache", epochs=2, batch=1)
    state = train_segmentation(options)
    rows = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["step"] == 4  # two training films with masks
    assert 0 <= rows[-1]["tune_dice"] <= 1
    net = segmentation.build_unet(CHANNELS, segmentation.FEATURES).eval()
    net.load_state_dict(state)
    with torch.inference_mode():
        assert label_map(net(torch.zeros(1, 1, *FRAME_SHAPE))).shape == (1, *FRAME_SHAPE)
    again = train_segmentation(options)
    assert all(torch.equal(state[name], again[name]) for name in state)
