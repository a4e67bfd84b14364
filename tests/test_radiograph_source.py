"""What can be wrong with a file before its content is looked at, and what the content is."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from make_dicom import dicom_dataset, stripes
from PIL import Image
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from boneage.errors import ReadError
from boneage.radiograph import source
from boneage.radiograph.source import load_bytes, sniff


def code_of(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        load_bytes(path)
    assert caught.value.remedy
    assert path.name not in str(caught.value) or not path.name
    return caught.value.code


def test_a_missing_file(tmp_path: Path) -> None:
    assert code_of(tmp_path / "Zyxwvut.dcm") == "file_not_found"


def test_a_path_that_cannot_exist() -> None:
    assert code_of(Path("a\0b")) == "file_not_found"


def test_a_folder(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "is_a_folder"


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "Zyxwvut.png"
    path.touch()
    assert code_of(path) == "file_empty"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "Zyxwvut.png"
    os.mkfifo(path)
    assert code_of(path) == "not_a_file"


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Zyxwvut.png"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.geteuid() == 0:  # root may read everything

        def refuse(self: Path) -> bytes:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "read_bytes", refuse)
    assert code_of(path) == "file_unreadable"


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Zyxwvut.png"
    path.write_bytes(b"12345")
    monkeypatch.setattr(source, "MAX_FILE_BYTES", 4)
    assert code_of(path) == "file_too_large"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_rasters_are_known_by_their_content(kind: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(stripes(np.uint8, high=255)).save(buffer, format=kind)
    assert sniff(buffer.getvalue()) == "raster"


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_dicom_without_preamble_and_meta_header(syntax: str) -> None:
    ds = dicom_dataset(stripes(), syntax=syntax, StudyDate="20200101")
    buffer = io.BytesIO()
    ds.save_as(buffer, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=syntax != ExplicitVRBigEndian)
    data = buffer.getvalue()
    start = data.find(b"\x08\x00" if syntax != ExplicitVRBigEndian else b"\x00\x08", 132)
    bare = data[start:] if data[128:132] == b"DICM" else data
    assert bare[:4] != b"DICM"
    assert sniff(bare) == "DICOM"


@pytest.mark.parametrize(
    "data",
    [
        b"This is a letter about a child, not a film. " * 20,
        b"\x08\x00" * 400,
        bytes(4000),
        b"%PDF-1.7 " + bytes(400),
        b"GIF89a" + bytes(400),
        b"\x08",
        b"RIFFxxxxAVI ",
    ],
)
def test_other_content_is_not_taken_for_a_film(data: bytes) -> None:
    assert sniff(data) is None
