"""The files of one film."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from stand_ins import StandInRooms, failing

from boneage.errors import OutputError, ReadError, UsageError
from boneage.estimate import Estimator
from boneage.outputs import check_not_inputs, film_stem, make_folder, shown_path, write_reading, write_whole

STEMS = [
    ("a/film.png", "film"),
    ("film.tar.png", "film.tar"),
    ("IM0001", "IM0001"),
    ("1.2.840.113", "1.2.840.113"),
    ("1.2.840.113.dcm", "1.2.840.113"),
    (".hidden", ".hidden"),
]


@pytest.mark.parametrize(("path", "stem"), STEMS)
def test_stem(path: str, stem: str) -> None:
    assert film_stem(path) == stem


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(b"anything")
    return path


def test_three_files_of_a_film(png: Path, tmp_path: Path) -> None:
    reading = Estimator(rooms=StandInRooms()).estimate(png)
    paths = write_reading(reading, tmp_path / "new" / "out", stem="film")
    assert [path.name for path in paths] == ["film.json", "film_overlay.png", "film_labels.png"]
    assert json.loads(paths[0].read_text()) == reading.result.to_dict()
    with Image.open(io.BytesIO(paths[2].read_bytes())) as labels:
        assert (labels.mode, labels.size) == ("L", (160, 200))
        assert set(np.unique(np.asarray(labels))) == {0, 3}
    assert not [path for path in (tmp_path / "new" / "out").iterdir() if path.name.endswith("partial")]


def test_pictures_of_an_earlier_run_do_not_stay(png: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_reading(Estimator(rooms=StandInRooms()).estimate(png), out, stem="film")
    broken = Estimator(rooms=failing("read", ReadError("broken", "broken"))).estimate(png)
    write_reading(broken, out, stem="film")
    assert [path.name for path in out.iterdir()] == ["film.json"]


def test_no_output_is_an_input_under_any_name(png: Path, tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to(png)
    for name in (png, tmp_path / "link.png"):
        with pytest.raises(UsageError) as caught:
            check_not_inputs([tmp_path / "new.png", name], [tmp_path / "none.png", png])
        assert caught.value.code == "output_is_an_input"
        assert str(name) in caught.value.message
    check_not_inputs([tmp_path / "new.png"], [tmp_path / "new.png", png])


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError) as caught:
        make_folder(tmp_path / "file" / "out")
    assert caught.value.code == "output_not_writable"


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError):
        write_whole(tmp_path / "taken", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_name_that_is_not_utf_8_is_written_out(tmp_path: Path) -> None:
    assert shown_path("é左.png") == "é左.png"
    assert shown_path(os.fsdecode(b"bad\xff.png")) == "bad\\udcff.png"
    path = tmp_path / os.fsdecode(b"bad\xff.png")
    path.write_bytes(b"anything")
    reading = Estimator(rooms=StandInRooms()).estimate(path)
    assert reading.result.status == "ok", "the file is opened under its own name"
    (document, *_) = write_reading(reading, tmp_path / "out", stem=film_stem(path))
    assert json.loads(document.read_text("utf-8"))["input"]["path"] == shown_path(path)


def test_a_name_that_is_too_long_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_whole(tmp_path / ("a" * 300), b"x")
