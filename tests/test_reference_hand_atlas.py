"""The tables of the Digital Hand Atlas: read, trimmed, and the shipped ones rebuilt."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from cli_runs import Runner

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import TableError
from boneage.reference.hand_atlas import build_hand_atlas, read_hands
from boneage.reference.lengths import JOINT_LENGTH_TABLES
from boneage.reference.tables import load_reference

ROOT = Path(os.environ.get("BONEAGE_DATA", "../shared/data"))
HEADER = ["dha_id", "ethnicity", "sex", "age_completed_years", "mean_manual_gp_bone_age_months"]
HEADER += [f"{bone}_px" for bone in TUBULAR_BONES] + ["flag"]


def write_hands(folder: Path, rows: list[tuple[str, str, str, str, float, str]]) -> Path:
    """Rows: id, sex, completed years, bone age, every length in pixels, flag."""
    lines = [",".join(HEADER)]
    for name, sex, years, months, length, flag in rows:
        lines.append(",".join([name, "x", sex, years, months, *[str(length)] * len(TUBULAR_BONES), flag]))
    path = folder / "dha" / "hands_joint_segment_px.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def test_hands_are_read_on_either_axis_and_flagged_ones_left_out(tmp_path: Path) -> None:
    path = write_hands(
        tmp_path,
        [
            ("1", "M", "10", "126.5", 400.0, ""),
            ("2", "F", "12", "150", 500.0, "size outlier"),
            ("3", "F", "11", "", 450.0, ""),
        ],
    )
    own = read_hands(path, "chronological_age")
    assert list(own["id"]) == ["1", "3"]
    assert list(own["bone_age_months"]) == [126.0, 138.0]  # the middle of the year
    assert own["distal_phalanx_5.joint_length_mm"].tolist() == pytest.approx([40.0, 45.0])
    read = read_hands(path, "bone_age")
    assert list(read["id"]) == ["1"] and list(read["bone_age_months"]) == [126.5]


def test_a_length_that_is_none_is_a_typed_error(tmp_path: Path) -> None:
    path = write_hands(tmp_path, [("1", "M", "10", "126.5", 0.0, "")])
    with pytest.raises(TableError) as caught:
        read_hands(path, "bone_age")
    assert caught.value.code == "table_bad_number"


def test_without_the_hands_there_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        build_hand_atlas(tmp_path, tmp_path / "out")
    assert caught.value.code == "table_not_found"


@pytest.mark.shared
@pytest.mark.slow
def test_the_shipped_tables_are_rebuilt_and_bit_for_bit_in_one_environment(tmp_path: Path) -> None:
    """Another processor or library ends the fits at other last digits; one and the same never does."""
    if not (ROOT / "dha").is_dir():
        pytest.skip("needs the shared data")
    first, second = tmp_path / "first", tmp_path / "second"
    built = build_hand_atlas(ROOT, first)
    build_hand_atlas(ROOT, second)
    for axis, table in built.items():
        for cells in table.sexes.values():
            assert np.isnan(cells.present).all()
        for ending in ("csv", "correlation.csv", "json"):
            name = f"{JOINT_LENGTH_TABLES[axis]}.{ending}"
            assert (first / name).read_bytes() == (second / name).read_bytes(), name
        shipped = load_reference(table.name)
        assert shipped.measurements == table.measurements
        for sex, cells in table.sexes.items():
            own = shipped.sexes[sex]
            np.testing.assert_array_equal(cells.ages, own.ages)
            np.testing.assert_array_equal(cells.n, own.n)
            np.testing.assert_allclose(cells.mean, own.mean, rtol=2e-3)
            np.testing.assert_allclose(cells.sd, own.sd, rtol=0.1)
            assert np.nanmedian(np.abs(cells.sd / own.sd - 1)) < 0.01


def test_the_command_builds_both_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called = []

    class Table:
        name = "dha_joint_mm"
        measurements = ("a", "b")

    def build(root: Path, output_dir: Path) -> dict[str, Table]:
        called.append((root, output_dir))
        return {"bone_age": Table()}

    (tmp_path / "rsna").mkdir()
    (tmp_path / "rsna" / "labels.csv").write_text("id\n")
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path))
    monkeypatch.setattr("boneage.reference.hand_atlas.build_hand_atlas", build)
    ran = Runner(capsys)("reference", "build-dha", "--output-dir", tmp_path / "out")
    assert ran.code == 0
    assert called == [(tmp_path, tmp_path / "out")]
    assert "dha_joint_mm.csv" in ran.err
