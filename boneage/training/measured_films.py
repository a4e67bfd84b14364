"""The measurements of all labelled films, from which the reference tables are built (`boneage reference measure`)."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import torch

from boneage.measurement.measure import measure
from boneage.measurement.measured_csv import write_measurements
from boneage.segmentation.fine import FineStage
from boneage.segmentation.hand_frame import FINE_SHAPE, FINE_TO_FRAME, finer
from boneage.segmentation.locator import Located
from boneage.segmentation.resample import overview
from boneage.segmentation.segmenter import BoneNetwork, bone_map, fine_joints
from boneage.training.films import data_root, load_films
from boneage.training.hand_frames import frame_to_stored, load_hand_frames, sample_stored
from boneage.training.loop import autocast
from boneage.training.regression import usable

LOGGER = logging.getLogger(__name__)


def measure_films(split: str, output: Path, cache: Path, *, part: tuple[int, int] = (0, 1)) -> None:
    """Measure every film of a split on which a hand is found, and write ``output`` (CSV: id, one column a measurement).

    Rows that a journal beside ``output`` already holds are not measured again, so that an interrupted run goes on.
    Films are measured one by one: in a batch the last digits of a value would depend on the films beside it.

    Parameters
    ----------
    split:
        ``train``, ``tune`` or ``devtest``.
    output:
        The CSV file; its journal is ``<output>.journal``.
    cache:
        Folder of decoded films and hand frames.
    part:
        (number, count): only every count-th film from number on, for several processes.
    """
    films = load_films(cache, data_root())
    frames = load_hand_frames(films, cache)
    network, fine = BoneNetwork(), FineStage()
    journal = output.with_name(output.name + ".journal")
    rows: dict[str, dict[str, float]] = {}
    if journal.is_file():
        for line in journal.read_text().splitlines():
            entry = json.loads(line)
            rows[entry["id"]] = entry["values"]
    numbers = [n for n in usable(films, frames, split)[part[0] :: part[1]] if films.records[n].id not in rows]
    with journal.open("a") as handle:
        for place, number in enumerate(numbers):
            to_stored = frame_to_stored(films, frames, number) @ FINE_TO_FRAME
            picture, _ = sample_stored(films, [number], [to_stored], FINE_SHAPE)
            frame, located = finer(frames.frame(number)), Located(frames.points[number], frames.confidence[number])
            with autocast(torch.device("cpu")):
                labels = fine.labels(picture, network.answer(overview(picture)), fine_joints(frame, located))
            found = measure(bone_map(picture, labels, frame, located))
            values = {name: float(f"{value:.6g}") for name, value in found.values.items()}
            rows[films.records[number].id] = values
            handle.write(json.dumps({"id": films.records[number].id, "values": values}) + "\n")
            handle.flush()
            if place % 400 == 0:
                LOGGER.info("measured %d of %d films", place + 1, len(numbers))
    write_measurements(rows, output)
