"""A user's measurement table: what is accepted, and how each fault is named."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import numpy as np
import pytest

from boneage.errors import TableError
from boneage.reference import tables
from boneage.reference.paths import reference_dir
from boneage.reference.tables import find_reference, list_references, load_reference

GOOD = """measurement,sex,age_months,mean,sd,n
metacarpal_2.length_mm,M,24,30.5,2.0,40
metacarpal_2.length_mm,M,36,34.25,2.25,41
metacarpal_2.length_mm,M,48,37,2.5,
metacarpal_3.length_mm,M,24,29,2,40
metacarpal_3.length_mm,M,36,33,2,40
metacarpal_2.length_mm,girls,24,31,2.0,40
metacarpal_2.length_mm,girls,36,35,2.25,41
"""


def write(folder, text=GOOD, name="mine.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_bare_table_is_enough(tmp_path):
    table = load_reference(write(tmp_path))
    assert table.name == "mine"
    assert table.metadata.version.startswith("sha256:")
    assert table.units == ("mm", "mm")
    assert table.expected("metacarpal_2.length_mm", 30, "M") == pytest.approx((32.375, 2.125))
    assert table.expected("metacarpal_3.length_mm", 48, "M") is None
    assert table.expected("metacarpal_3.length_mm", 30, "F") is None
    assert np.isnan(table.sexes["M"].n[0, 2])
    assert table.sexes["M"].correlation.tolist() == [[[1, 0], [0, 1]]]


def test_a_table_from_a_spreadsheet_and_a_compressed_one_read_the_same(tmp_path):
    plain = load_reference(write(tmp_path))
    spreadsheet = tmp_path / "sheet.csv"
    spreadsheet.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(GOOD.encode()))
    for path in (spreadsheet, packed):
        assert np.array_equal(load_reference(path).sexes["M"].mean, plain.sexes["M"].mean, equal_nan=True)
    assert load_reference(packed).name == "packed"


def test_metadata_and_correlation_beside_it_are_read(tmp_path):
    path = write(tmp_path)
    content = {"name": "Garn", "version": "1972", "population": "Ohio", "lookup": {"shrinkage": 0.25}}
    write(tmp_path, json.dumps(content), "mine.json")
    lines = "sex,age_months,measurement,metacarpal_3.length_mm,metacarpal_2.length_mm\n"
    lines += "M,36,metacarpal_3.length_mm,1\nM,36,metacarpal_2.length_mm,0.75,1\n"
    write(tmp_path, lines, "mine.correlation.csv")
    table = load_reference(path)
    assert (table.name, table.metadata.version, table.metadata.population) == ("Garn", "1972", "Ohio")
    assert table.settings.shrinkage == 0.25
    assert table.sexes["M"].correlation.tolist() == [[[1, 0.75], [0.75, 1]]]
    assert table.sexes["F"].correlation.tolist() == [[[1, 0], [0, 1]]]


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("34.25,2.25", "34.25,0", "table_sd_not_positive", "line 3"),
        ("34.25,2.25", "34.25,-2", "table_sd_not_positive", "line 3"),
        ("34.25,2.25", "34.25,nan", "table_bad_number", "line 3"),
        ("34.25,2.25", "34.25,", "table_blank_cell", "line 3"),
        ("34.25,2.25", ",", "table_blank_cell", "line 3"),
        ("34.25,2.25", "34;25,2.25", "table_bad_number", "line 3"),
        ("M,36,34.25", "M,24,34.25", "table_duplicate_cell", "line 3"),
        ("M,36,34.25", "M,12,34.25", "table_ages_not_rising", "line 3"),
        ("M,48,37", "M,480,37", "table_age_out_of_range", "line 4"),
        ("M,24,30.5", "M,-1,30.5", "table_age_out_of_range", "line 2"),
        ("M,48,37", "M,96,37", "table_gap", "metacarpal_2.length_mm"),
        ("metacarpal_3.length_mm,M,36", "metacarpal_3.length_mm,M,48", "table_gap", "metacarpal_3.length_mm"),
        ("M,24,30.5", "boy child,24,30.5", "table_unknown_sex", "line 2"),
        ("metacarpal_2.length_mm,M,24", "second metacarpal,M,24", "table_bad_name", "line 2"),
        ("2.0,40", "2.0,-4", "table_bad_number", "line 2"),
        ("2.0,40", "2.0", "table_ragged", "line 2"),
        ("sd,n", "spread,n", "table_missing_column", "sd"),
        ("sd,n", "sd,sd", "table_duplicate_column", "twice"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, old, new, code, where):
    assert old in GOOD
    with pytest.raises(TableError) as caught:
        load_reference(write(tmp_path, GOOD.replace(old, new, 1)))
    assert caught.value.code == code
    assert where in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(("text", "code"), [("", "table_empty"), (GOOD.splitlines()[0], "table_empty")])
def test_an_empty_table_is_refused(tmp_path, text, code):
    with pytest.raises(TableError) as caught:
        load_reference(write(tmp_path, text))
    assert caught.value.code == code


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(TableError) as caught:
        load_reference(path)
    assert caught.value.code == "table_unreadable"


@pytest.mark.parametrize(("unit", "code"), [("px", "table_unknown_unit"), ("ratio", "table_unit_mismatch")])
def test_units_are_checked(tmp_path, unit, code):
    path = write(tmp_path)
    write(tmp_path, json.dumps({"unit": unit}), "mine.json")
    with pytest.raises(TableError) as caught:
        load_reference(path)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[]",
        '{"lookup": {"shrinkage": 2}}',
        '{"lookup": {"temperature": {"M": {"ages": [], "values": []}}}}',
    ],
)
def test_broken_metadata_is_a_typed_error(tmp_path, content):
    path = write(tmp_path)
    write(tmp_path, content, "mine.json")
    with pytest.raises(TableError) as caught:
        load_reference(path)
    assert caught.value.code == "table_metadata"


CORRELATION = """sex,age_months,measurement,metacarpal_2.length_mm,metacarpal_3.length_mm
M,36,metacarpal_2.length_mm,1,0.5
M,36,metacarpal_3.length_mm,0.5,1
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("0.5,1\n", "0.7,1\n", "table_correlation_matrix"),
        ("0.5,1\n", "0.5,0.9\n", "table_correlation_matrix"),
        ("M,36,metacarpal_3.length_mm,0.5,1\n", "", "table_correlation_matrix"),
        ("0.5,1\n", "5,1\n", "table_correlation_row"),
        ("0.5,1\n", "x,1\n", "table_correlation_row"),
        ("0.5,1\n", "0.5\n", "table_correlation_row"),
        ("M,36,metacarpal_3", "boys,36,metacarpal_3", "table_correlation_row"),
        (",metacarpal_3.length_mm\nM", ",metacarpal_9.length_mm\nM", "table_correlation_header"),
    ],
)
def test_a_broken_correlation_file_is_a_typed_error(tmp_path, old, new, code):
    path = write(tmp_path)
    write(tmp_path, CORRELATION, "mine.correlation.csv")
    load_reference(path)
    assert old in CORRELATION
    write(tmp_path, CORRELATION.replace(old, new, 1), "mine.correlation.csv")
    with pytest.raises(TableError) as caught:
        load_reference(path)
    assert caught.value.code == code


def test_an_unknown_name_lists_the_installed_ones(tmp_path, monkeypatch):
    (tmp_path / "measurement").mkdir()
    write(tmp_path / "measurement", name="here.csv")
    write(tmp_path / "measurement", CORRELATION, "here.correlation.csv")
    monkeypatch.setattr(tables, "reference_dir", lambda: tmp_path)
    assert list_references() == ("here",)
    assert find_reference("here").name == "here.csv"
    with pytest.raises(TableError) as caught:
        find_reference("elsewhere")
    assert caught.value.code == "reference_not_found" and "here" in caught.value.remedy
    with pytest.raises(TableError):
        find_reference(tmp_path / "nowhere.csv")


def test_the_template_has_the_columns_and_no_numbers():
    lines = (reference_dir() / "template" / "measurement_table.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["measurement,sex,age_months,mean,sd,n"]


def test_every_installed_table_loads():
    for name in list_references():
        table = load_reference(name)
        assert set(table.sexes) == {"M", "F"}
        assert "not stated" not in table.units


def test_loading_and_lookup_import_nothing_heavy():
    code = (
        "import sys; import boneage.reference.tables, boneage.reference.lookup, boneage.reference.standards;"
        "print([m for m in ('pandas', 'torch', 'scipy', 'monai', 'skimage') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
