"""The films that travel with the project are what their index says."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest

from boneage.radiograph.read import read_radiograph

PROJECT = Path(__file__).resolve().parent.parent
FILMS = PROJECT / "examples" / "films"


def index() -> list[dict[str, str]]:
    with (FILMS / "index.csv").open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_index_covers_the_folder() -> None:
    assert {row["file"] for row in index()} == {path.name for path in FILMS.glob("*.webp")}
    assert len(index()) == 10
    assert {row["sex"] for row in index()} == {"M", "F"}
    ages = [float(row["bone_age_months"]) for row in index()]
    assert min(ages) <= 12
    assert max(ages) >= 216
    assert "R" in {row["appears"] for row in index()}


def test_the_folder_is_small_and_attributed() -> None:
    assert sum(path.stat().st_size for path in FILMS.iterdir()) < 4_000_000
    readme = (FILMS / "README.md").read_text()
    for phrase in ("Halabi", "non-commercial", "https://www.rsna.org/", "synthetic"):
        assert phrase in readme


@pytest.mark.parametrize("row", index(), ids=lambda row: row["file"])
def test_every_film_reads_without_a_remark(row: dict[str, str]) -> None:
    radiograph = read_radiograph(FILMS / row["file"], sex=row["sex"])
    assert min(radiograph.rows, radiograph.columns) > 800
    assert not radiograph.inverted
    assert radiograph.notices == ()


@pytest.mark.shared
def test_the_index_repeats_the_published_labels(shared_data: Path) -> None:
    with (shared_data / "rsna" / "labels.csv").open(newline="") as handle:
        labels = {row["id"]: row for row in csv.DictReader(handle)}
    for row in index():
        label = labels[row["rsna_id"]]
        assert (row["sex"], row["bone_age_months"], row["split"]) == (
            label["sex"],
            label["bone_age_months"],
            label["split"],
        )


def test_the_synthetic_dicom_says_so_and_shows_its_film() -> None:
    ds = pydicom.dcmread(FILMS / "synthetic.dcm", stop_before_pixels=True)
    assert "SYNTHETIC" in ds.SeriesDescription
    assert "invented" in ds.ImageComments
    assert ds.PatientID == "SYNTHETIC"
    radiograph = read_radiograph(FILMS / "synthetic.dcm")
    picture = read_radiograph(FILMS / "rsna_1744.webp")
    assert (radiograph.sex, radiograph.age_months, radiograph.laterality) == ("M", 147, "L")
    assert radiograph.spacing.source == "magnification_corrected"
    assert radiograph.spacing.mm == pytest.approx(0.1 / 1.02)
    assert radiograph.notices == ()
    correlation = np.corrcoef(radiograph.pixels[::8, ::8].ravel(), picture.pixels[::8, ::8].ravel())[0, 1]
    assert correlation > 0.999


def test_the_synthetic_dicom_can_be_made_again(tmp_path: Path) -> None:
    output = tmp_path / "again.dcm"
    script = PROJECT / "examples" / "make_synthetic_dicom.py"
    subprocess.run([sys.executable, str(script), str(FILMS / "rsna_1744.webp"), str(output)], check=True)
    again, shipped = pydicom.dcmread(output), pydicom.dcmread(FILMS / "synthetic.dcm")
    assert again.SOPInstanceUID == shipped.SOPInstanceUID
    np.testing.assert_array_equal(again.pixel_array, shipped.pixel_array)
