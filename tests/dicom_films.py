"""Readings with the DICOM film that they were made from, and plain walks through what is written of them."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_reading import drawn_frame, fake_reading
from make_dicom import dicom_dataset, to_bytes
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from boneage.radiograph.radiograph import Spacing
from boneage.result import Reading

SPACING = Spacing(0.15, "fiducial", True, "stated")


def small_reading(**changes: Any) -> Reading:
    """The drawn hand on a film of 400 x 320 pixels whose spacing is known."""
    return fake_reading(**{"frame": drawn_frame(scale=1.0), "spacing": SPACING, **changes})


def film_of(reading: Reading, **tags: Any) -> Dataset:
    """The bare CR film of a reading, written to a file and read back; ``None`` deletes a tag."""
    film = reading.radiograph
    shape = (400, 320) if film is None else (film.rows, film.columns)
    uids = {name: generate_uid() for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    return read_again(dicom_dataset(np.zeros(shape, np.uint8), **(uids | tags)))


def read_again(ds: Dataset) -> Dataset:
    """Write a data set to a file and read that."""
    return dcmread(io.BytesIO(to_bytes(ds)))


def with_result(reading: Reading, **changes: Any) -> Reading:
    """The reading with another result."""
    return Reading(replace(reading.result, **changes), reading.radiograph, reading.bone_map)


def items(ds: Dataset) -> Iterator[Dataset]:
    """Walk a content tree, parents first, without any library's idea of it."""
    for item in ds.get("ContentSequence", []):
        yield item
        yield from items(item)


def code_of(item: Dataset) -> str:
    """The concept name of a content item."""
    return str(item.ConceptNameCodeSequence[0].CodeValue)


def below(ds: Dataset, code: str) -> list[Dataset]:
    """The direct children with a concept name."""
    return [item for item in ds.get("ContentSequence", []) if code_of(item) == code]


def value_of(item: Dataset) -> tuple[float, str]:
    """Number and unit of a NUM item."""
    measured = item.MeasuredValueSequence[0]
    return float(measured.NumericValue), str(measured.MeasurementUnitsCodeSequence[0].CodeValue)


def groups_of(report: Dataset) -> dict[str, Dataset]:
    """The measurement groups by tracking identifier."""
    groups = [item for item in items(report) if code_of(item) == "125007"]
    return {str(below(group, "112039")[0].TextValue): group for group in groups}


def tool(name: str) -> str:
    """The path of a program; the test is skipped in words where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian packages dcmtk and dicom3tools)")
    return path


def run_tool(name: str, ds: Dataset, folder: Path) -> str:
    """Everything that a program says of a data set."""
    path = folder / "object.dcm"
    path.write_bytes(to_bytes(ds))
    run = subprocess.run([tool(name), str(path)], capture_output=True, text=True, errors="replace", check=False)
    return run.stdout + run.stderr
