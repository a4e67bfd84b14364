"""Measurements of labelled films: each is taken once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from drawn_films import drawn_hand, films_of, joint_array, record
from numpy.typing import NDArray
from test_segmentation_channels import answer_of

from boneage.segmentation.channels import label_map
from boneage.segmentation.hand_frame import FINE_SHAPE, FINENESS, FRAME_SHAPE
from boneage.training import measured_films
from boneage.training.hand_frames import HandFrames
from boneage.training.measured_films import measure_films

HAND = drawn_hand()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


class StandInNetwork:
    """Sees the drawn hand in every picture; counts the pictures."""

    seen = 0

    def answer(self, pictures: torch.Tensor) -> torch.Tensor:
        type(self).seen += len(pictures)
        labels = np.zeros(FRAME_SHAPE, dtype=np.uint8)
        labels[: FRAME_SHAPE[0], :] = HAND.labels[100 : 100 + FRAME_SHAPE[0], 40 : 40 + FRAME_SHAPE[1]]
        return answer_of(labels).expand(len(pictures), -1, -1, -1)


class StandInFine:
    """Adds nothing to what the first network saw."""

    def labels(self, picture: torch.Tensor, coarse: torch.Tensor, joints: object) -> NDArray[np.uint8]:
        assert picture.shape[-2:] == FINE_SHAPE
        return label_map(coarse)[0].numpy().repeat(FINENESS, axis=0).repeat(FINENESS, axis=1)


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`measure_films` on four drawn films of the split ``train``, one of ``tune`` and one without a hand."""
    splits = ("train", "train", "tune", "train", "train", "train")
    films = films_of([HAND.pixels] * 6, [record(str(n), split=split) for n, split in enumerate(splits)])
    points = joint_array(dict(HAND.joints))
    misfit = np.array([0.05, 0.05, 0.05, 0.4, 0.05, 0.05])
    frames = HandFrames(np.stack([points] * 6), np.ones((6, 21)), misfit)
    monkeypatch.setattr(measured_films, "data_root", lambda: None)
    monkeypatch.setattr(measured_films, "load_films", lambda *_: films)
    monkeypatch.setattr(measured_films, "load_hand_frames", lambda *_: frames)
    monkeypatch.setattr(measured_films, "BoneNetwork", StandInNetwork)
    monkeypatch.setattr(measured_films, "FineStage", StandInFine)
    StandInNetwork.seen = 0

    def measure(output: Path, **options: Any) -> None:
        measure_films("train", output, Path("unused"), **options)

    return measure


def test_every_film_of_the_split_with_a_hand_is_measured(measuring: Callable[..., None], tmp_path: Path) -> None:
    output = tmp_path / "measured.csv"
    measuring(output)
    rows = rows_of(output)
    assert [row["id"] for row in rows] == ["0", "1", "4", "5"]
    filled = [sum(value != "" for value in row.values()) for row in rows]
    assert min(filled) > 20
    assert StandInNetwork.seen == 4


def test_an_interrupted_run_goes_on(measuring: Callable[..., None], tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    measuring(whole)
    lines = (tmp_path / "whole.csv.journal").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["0", "1", "4", "5"]
    (tmp_path / "parts.csv.journal").write_text("\n".join(lines[:3]) + "\n")
    StandInNetwork.seen = 0
    measuring(parts)
    assert StandInNetwork.seen == 1
    assert parts.read_text() == whole.read_text()


def test_parts_share_the_films_out(measuring: Callable[..., None], tmp_path: Path) -> None:
    shares = []
    for number in range(3):
        output = tmp_path / f"part{number}.csv"
        measuring(output, part=(number, 3))
        shares.append([row["id"] for row in rows_of(output)])
    assert shares == [["0", "5"], ["1"], ["4"]]
