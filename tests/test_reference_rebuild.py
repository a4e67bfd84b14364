"""Tables are rebuilt bit for bit: however many threads compute, and the shipped one from its own inputs."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from reference_films import films

from boneage.reference.build import BuildOptions, build_reference
from boneage.reference.tables import DEFAULT_REFERENCE, find_reference

FILES = (".csv", ".correlation.csv", ".json")
ROOT = Path(__file__).resolve().parent.parent


def _inputs(folder: Path) -> tuple[Path, Path]:
    frame = films(260, 41)
    frame[["id", "sex", "bone_age_months"]].assign(split="train").to_csv(folder / "labels.csv", index=False)
    frame.drop(columns=["sex", "bone_age_months"]).to_csv(folder / "measured.csv", index=False)
    return folder / "measured.csv", folder / "labels.csv"


def test_the_number_of_threads_changes_no_byte(tmp_path):
    measured, labels = _inputs(tmp_path)
    for threads in ("1", "2"):
        words = ("reference", "build", measured, labels, "--name", "t", "--output-dir", tmp_path / threads)
        environment = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)}
        command = [sys.executable, "-m", "boneage", *map(str, words), "--folds", "2"]
        subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True)
    for end in FILES:
        assert (tmp_path / "1" / f"t{end}").read_bytes() == (tmp_path / "2" / f"t{end}").read_bytes(), end


def test_the_order_of_columns_and_rows_changes_no_cell(tmp_path):
    import pandas as pd

    measured, labels = _inputs(tmp_path)
    options = BuildOptions(folds=0)
    build_reference(measured, labels, "train", tmp_path / "a", "t", options=options)
    frame = pd.read_csv(measured, dtype={"id": str}).sample(frac=1, random_state=2)
    frame.to_csv(measured, index=False)
    build_reference(measured, labels, "train", tmp_path / "b", "t", options=options)
    assert (tmp_path / "a" / "t.csv").read_bytes() == (tmp_path / "b" / "t.csv").read_bytes()


def _measured_file(name: str, digest: str) -> Path | None:
    """Return the file that the shipped table was built from, if it lies where such files are kept."""
    folders = [Path(os.environ[key]) for key in ("BONEAGE_MEASURED",) if key in os.environ]
    for folder in (*folders, ROOT / "data" / "measured", ROOT / "cache", ROOT / "runs"):
        path = folder / name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return path
    return None


@pytest.mark.slow
@pytest.mark.shared
def test_the_shipped_table_is_rebuilt_bit_for_bit(shared_data, tmp_path):
    shipped = find_reference(DEFAULT_REFERENCE)
    metadata = json.loads(shipped.with_suffix(".json").read_text())
    words = shlex.split(metadata["created_by"])
    measured_name, labels_name = words[3:5]
    measured = _measured_file(measured_name, metadata["inputs"][measured_name])
    if measured is None:
        pytest.skip(f"{measured_name}, which the shipped table was built from, is not here (BONEAGE_MEASURED=DIR)")
    labels = shared_data / "rsna" / labels_name
    if hashlib.sha256(labels.read_bytes()).hexdigest() != metadata["inputs"][labels_name]:
        pytest.skip("the labels are not those that the shipped table was built from")
    command = [sys.executable, "-m", "boneage", *words[1:3], str(measured), str(labels), *words[5:]]
    subprocess.run([*command, "--output-dir", str(tmp_path)], check=True, cwd=ROOT, capture_output=True)
    for end in FILES:
        own = shipped.with_name(metadata["name"] + end).read_bytes()
        assert (tmp_path / (metadata["name"] + end)).read_bytes() == own, end
