"""Labels of films: one reading or several readers, by id or by path."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from boneage.errors import UsageError
from boneage.evaluation.labels import Label, labels_by_path, manifest_of_labels, read_labels


def _labels(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text)
    return path


def test_labels_by_id(tmp_path: Path) -> None:
    path = _labels(tmp_path, "id,bone_age_months,sex\n1,100,M\n2,60.5,girl\n3,7,\n")
    assert read_labels(path) == {"1": Label("1", 100, "M"), "2": Label("2", 60.5, "F"), "3": Label("3", 7, "")}


def test_labels_of_one_split(tmp_path: Path) -> None:
    path = _labels(tmp_path, "id,bone_age_months,sex,split\n1,100,M,tune\n2,60,F,train\n")
    assert set(read_labels(path, split="train")) == {"2"}
    assert set(read_labels(path)) == {"1", "2"}


def test_paths_are_relative_to_the_labels(tmp_path: Path) -> None:
    """A film without an id is named by its file."""
    labels = read_labels(_labels(tmp_path, "path,id,bone_age_months,sex\nfilms/a.png,,100,M\nb.dcm,second,50,F\n"))
    assert labels["a"].path == str(tmp_path / "films" / "a.png")
    assert labels["second"].path == str(tmp_path / "b.dcm")
    assert [label.written_path for label in labels.values()] == ["films/a.png", "b.dcm"]


def test_a_path_of_two_labels_names_neither(tmp_path: Path) -> None:
    text = "path,id,bone_age_months,sex\na.png,first,100,M\na.png,second,90,M\nx/a.png,,50,F\n,4,50,F\n"
    found = labels_by_path(read_labels(_labels(tmp_path, text)).values())
    assert {path: label.id for path, label in found.items()} == {str(tmp_path / "x" / "a.png"): "a", "x/a.png": "a"}


def test_the_mean_of_several_readers_is_the_label(tmp_path: Path) -> None:
    """A reader who did not read a film leaves the cell empty; an age that all agreed on goes before the mean."""
    path = _labels(
        tmp_path, "id,sex,bone_age_months,reader_1,reader_2,reader_3\n1,M,,100,106,112\n2,F,,50,,54\n3,F,70,60,62,\n"
    )
    labels = read_labels(path)
    assert {name: label.months for name, label in labels.items()} == {"1": 106, "2": 52, "3": 70}
    assert labels["2"].readers == {"reader_1": 50, "reader_3": 54}


def test_readers_need_no_column_of_their_mean(tmp_path: Path) -> None:
    assert read_labels(_labels(tmp_path, "id,sex,reader_1,reader_2\n1,M,100,110\n"))["1"].months == 105


BAD_LABELS = [
    ("id,sex\n1,M\n", "labels_without_columns"),
    ("bone_age_months,sex\n1,M\n", "labels_without_columns"),
    ("id,bone_age_months\n1,100\n", "labels_without_columns"),
    ("id,bone_age_months,sex\n1,old,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n1,-3,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n1,10,M\n1,11,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n,10,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n1,10,X\n", "labels_bad_row"),
    ("id,reader_1,sex\n1,,M\n", "labels_bad_row"),
    ("path,bone_age_months,sex\na/1.png,10,M\nb/1.png,11,M\n", "labels_bad_row"),
    ("id,bone_age_months,sex\n", "labels_empty"),
]


@pytest.mark.parametrize(("text", "code"), BAD_LABELS)
def test_bad_labels(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_labels(_labels(tmp_path, text))
    assert caught.value.code == code


def test_a_wrong_cell_is_named_by_its_row(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="row 3 "):
        read_labels(_labels(tmp_path, "id,bone_age_months,sex\n1,10,M\n2,old,M\n"))


def _manifest(path: Path) -> list[tuple[str, str, str]]:
    with path.open(newline="") as file:
        return [(row["path"], row["sex"], row["id"]) for row in csv.DictReader(file)]


def test_manifest_of_a_folder(tmp_path: Path) -> None:
    """A label without a film has its row too."""
    films = tmp_path / "films"
    films.mkdir()
    (films / "1.png").touch()
    labels = {"1": Label("1", 100, "M"), "2": Label("2", 50, "F")}
    rows = _manifest(manifest_of_labels(labels, films, tmp_path / "manifest.csv"))
    assert rows == [(str(films / "1.png"), "M", "1"), (str(films / "2"), "F", "2")]


def test_manifest_of_paths(tmp_path: Path) -> None:
    labels = {"1": Label("1", 100, "", str(tmp_path / "x.dcm"))}
    assert _manifest(manifest_of_labels(labels, None, tmp_path / "m.csv")) == [(str(tmp_path / "x.dcm"), "", "1")]
