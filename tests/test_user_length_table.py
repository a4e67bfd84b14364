"""A user's own table of lengths in millimetres, from the empty form to an age. All its numbers are invented here."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from cli_runs import Runner
from PIL import Image

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.measurement.measure import measure
from boneage.measurement.millimetres import MILLIMETRE_KINDS, millimetre_values
from boneage.measurement.phantom import CARPAL_DISCS, bone_map_of, phantom_hand
from boneage.radiograph.radiograph import Spacing
from boneage.reference.paths import reference_dir
from boneage.reference.tables import load_reference

HAND = bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)
LENGTHS = millimetre_values(measure(HAND), HAND.frame.scale, Spacing(0.5, "user", True, "given"))
FORM = reference_dir() / "template" / "bone_lengths_mm.csv"


def filled(folder: Path, kind: str = "length_mm", *, age: float = 120.0) -> Path:
    """Fill the form in: each length grows by a linear law that passes the drawn hand's own length at an age."""
    path = folder / "my_table.csv"
    with FORM.open(newline="") as form, path.open("w", newline="") as file:
        rows = csv.DictReader(form)
        writer = csv.DictWriter(file, rows.fieldnames or [])
        writer.writeheader()
        for row in rows:
            bone = row["measurement"].split(".")[0]
            length = LENGTHS[f"{bone}.{kind}"]
            mean = length * (0.5 + 0.5 * float(row["age_months"]) / age)
            writer.writerow(row | {"measurement": f"{bone}.{kind}", "mean": f"{mean:.3f}", "sd": f"{0.05 * mean:.3f}"})
    return path


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film on which the drawn hand is found."""
    path = tmp_path / "film.png"
    noise = np.random.default_rng(0).integers(20, 230, HAND.labels.shape, dtype=np.uint8)
    Image.fromarray(noise).save(path)
    monkeypatch.setattr("boneage.rooms.InstalledRooms.segment", lambda self, radiograph: HAND)
    monkeypatch.setattr("boneage.rooms.InstalledRooms.inspect", lambda self, radiograph, bone_map: ())
    return path


@pytest.mark.parametrize("kind", MILLIMETRE_KINDS)
def test_an_age_is_read_from_lengths_in_millimetres(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    table = filled(tmp_path, kind)
    ran = Runner(capsys)(
        "predict", film, "--sex", "F", "--pixel-spacing", 0.5, "--reference", table, "--method", "measurement", "--json"
    )
    assert ran.code == 0, ran.err
    result = json.loads(ran.out)
    assert result["bone_age"]["months"] == pytest.approx(120, abs=3)
    assert result["estimates"]["measurement"]["reference"] == "my_table"
    parts = result["estimates"]["measurement"]["contributions"]
    assert {part["measurement"] for part in parts} == {f"{bone}.{kind}" for bone in TUBULAR_BONES}
    assert result["lengths"]["for_bone_age"] is None
    assert "itself read from lengths in millimetres" in result["lengths"]["message"]


def test_twice_the_pixel_size_is_an_older_hand(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = filled(tmp_path)
    ran = Runner(capsys)(
        "predict",
        film,
        "--sex",
        "M",
        "--pixel-spacing",
        0.6,
        "--reference",
        table,
        "--method",
        "measurement",
        "--json",
    )
    assert json.loads(ran.out)["bone_age"]["months"] == pytest.approx(168, abs=5)  # 1.2 = 0.5 + 0.5 * 168 / 120


def test_without_a_pixel_size_it_is_refused_and_says_what_helps(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Runner(capsys)(
        "predict", film, "--sex", "F", "--reference", filled(tmp_path), "--method", "measurement", "--json"
    )
    assert ran.code == 3
    (reason,) = [reason for reason in json.loads(ran.out)["reasons"] if reason["severity"] == "error"]
    assert reason["code"] == "no_measurements" and "--pixel-spacing" in reason["remedy"]


def test_the_empty_form_has_every_bone_and_no_number_and_is_no_table() -> None:
    with FORM.open(newline="") as form:
        rows = list(csv.DictReader(form))
    assert {row["measurement"] for row in rows} == {f"{bone}.length_mm" for bone in TUBULAR_BONES}
    assert {row["sex"] for row in rows} == {"M", "F"}
    assert not any(row["mean"] or row["sd"] or row["n"] for row in rows)
    with pytest.raises(TableError) as caught:
        load_reference(FORM)
    assert caught.value.code == "table_blank_cell"
