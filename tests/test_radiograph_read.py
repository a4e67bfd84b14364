"""The one door: a path in, a radiograph out."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from make_dicom import SECRET, dicom_bytes, stripes
from PIL import Image

from boneage.errors import ReadError, UsageError
from boneage.radiograph.radiograph import Radiograph
from boneage.radiograph.read import read_radiograph

PROJECT = Path(__file__).resolve().parent.parent
FILMS = PROJECT / "examples" / "films"


def codes(radiograph: Radiograph) -> list[str]:
    return [notice.code for notice in radiograph.notices]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / f"{SECRET}.dcm"
    data = dicom_bytes(stripes(), PatientSex="F", PatientAge="120M", PixelSpacing=[0.2, 0.2], ImageLaterality="L")
    path.write_bytes(data)
    return path


def test_a_dicom_film(film: Path) -> None:
    radiograph = read_radiograph(film)
    assert (radiograph.format, radiograph.rows, radiograph.columns) == ("DICOM", 96, 96)
    assert (radiograph.sex, radiograph.sex_source) == ("F", "dicom")
    assert (radiograph.age_months, radiograph.laterality) == (120, "L")
    assert radiograph.spacing.source == "pixel_spacing_uncalibrated"
    assert radiograph.sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    assert radiograph.pixels.dtype == np.float32
    assert 0 <= radiograph.pixels.min() < radiograph.pixels.max() <= 1
    assert codes(radiograph) == []


@pytest.mark.parametrize("name", ["film", "film.png", "film.txt"])
def test_the_content_decides_and_not_the_name(film: Path, name: str) -> None:
    renamed = film.with_name(name)
    film.rename(renamed)
    assert read_radiograph(renamed).format == "DICOM"


def test_a_picture_named_dcm(tmp_path: Path) -> None:
    path = tmp_path / "film.dcm"
    Image.fromarray(stripes(np.uint8, high=255)).save(path, format="PNG")
    assert read_radiograph(path).format == "PNG"


def test_a_text_named_dcm(tmp_path: Path) -> None:
    path = tmp_path / f"{SECRET}.dcm"
    path.write_text("This is a letter, not a film. " * 50)
    with pytest.raises(ReadError) as caught:
        read_radiograph(path)
    assert caught.value.code == "unknown_format"
    assert SECRET not in str(caught.value)


def test_a_raster_knows_neither_scale_nor_sex() -> None:
    radiograph = read_radiograph(FILMS / "rsna_4621.webp")
    assert (radiograph.spacing.mm, radiograph.spacing.source, radiograph.spacing.reliable) == (None, "none", False)
    assert (radiograph.sex, radiograph.sex_source, radiograph.age_months) == (None, "none", None)


def test_a_printer_resolution_is_no_scale(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    Image.fromarray(stripes(np.uint8, high=255)).save(path, dpi=(300, 300))
    assert read_radiograph(path).spacing.mm is None


def test_the_spacing_of_the_user_wins(film: Path) -> None:
    spacing = read_radiograph(film, pixel_spacing_mm=0.15).spacing
    assert (spacing.mm, spacing.source, spacing.reliable) == (0.15, "user", True)


@pytest.mark.parametrize(("mm", "expected"), [(0.15, ["spacing_conflict"]), (0.1402, [])])
def test_a_spacing_against_a_calibrated_one_is_remarked(tmp_path: Path, mm: float, expected: list[str]) -> None:
    path = tmp_path / "film"
    path.write_bytes(dicom_bytes(stripes(), PixelSpacing=[0.14, 0.14], PixelSpacingCalibrationType="FIDUCIAL"))
    assert codes(read_radiograph(path, pixel_spacing_mm=mm)) == expected


@pytest.mark.parametrize("mm", [float("nan"), -0.1, 0.0])
def test_an_absurd_spacing_is_wrong_usage_even_before_the_file_is_looked_for(mm: float) -> None:
    with pytest.raises(UsageError) as caught:
        read_radiograph("nowhere.png", pixel_spacing_mm=mm)
    assert caught.value.code == "bad_pixel_spacing"


@pytest.mark.parametrize(
    ("word", "sex", "source", "notices"),
    [
        (None, "F", "dicom", []),
        ("", "F", "dicom", []),
        ("girl", "F", "user", []),
        ("M", "M", "user", ["sex_conflict"]),
        ("unknown", None, "user", []),
    ],
)
def test_the_word_of_the_user_wins(
    film: Path, word: str | None, sex: str | None, source: str, notices: list[str]
) -> None:
    radiograph = read_radiograph(film, sex=word)
    assert (radiograph.sex, radiograph.sex_source, codes(radiograph)) == (sex, source, notices)


def test_an_unknown_word_is_wrong_usage(film: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_radiograph(film, sex="prince")
    assert caught.value.code == "unknown_sex_word"


def test_a_right_hand_is_remarked(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(dicom_bytes(stripes(), ImageLaterality="R"))
    radiograph = read_radiograph(path)
    assert radiograph.laterality == "R"
    assert codes(radiograph) == ["right_hand"]


def test_nothing_of_the_patient_is_logged(film: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    read_radiograph(film, sex="M")
    assert caplog.records
    assert SECRET not in caplog.text


def test_a_raster_is_read_without_importing_what_it_does_not_need() -> None:
    program = (
        "import sys; from boneage.radiograph.read import read_radiograph;"
        "read_radiograph(sys.argv[1]);"
        "print([name for name in ('pydicom', 'torch', 'pandas', 'gdcm', 'skimage') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(FILMS / "rsna_4621.webp")]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert result.stdout.strip() == "[]"
