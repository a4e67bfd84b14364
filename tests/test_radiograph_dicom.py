"""DICOM films: every compression, grey-level tags, scale, and what is refused."""

from __future__ import annotations

import logging
import traceback
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from make_dicom import SECRET, dicom_bytes, dicom_dataset, hand, stripes, to_bytes
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from boneage.errors import BoneAgeError, ReadError, Refusal
from boneage.radiograph.dicom import DicomFilm, read_dicom

RAMP = stripes()


def codes(film: DicomFilm) -> list[str]:
    return [notice.code for notice in film.notices]


def failure(data: bytes) -> BoneAgeError:
    with pytest.raises(BoneAgeError) as caught:
        read_dicom(data)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


def tagged(**tags: Any) -> DicomFilm:
    return read_dicom(dicom_bytes(RAMP, **tags))


# ---------------------------------------------------------------------------------------------------- compressions


@pytest.mark.shared
@pytest.mark.parametrize("film", ["RG2", "RG3"])
@pytest.mark.parametrize(
    ("compression", "tolerance"),
    [("RLE", 0), ("JPLL", 0), ("JLSL", 0), ("J2KR", 0), ("JLSN", 0.02), ("J2KI", 0.02), ("JPLY", 0.03)],
)
def test_every_compression_gives_the_uncompressed_picture(
    shared_data: Path, film: str, compression: str, tolerance: float
) -> None:
    plain = read_dicom((shared_data / "dicom" / f"{film}_UNC.dcm").read_bytes())
    other = read_dicom((shared_data / "dicom" / f"{film}_{compression}.dcm").read_bytes())
    assert other.inverted is plain.inverted is (film == "RG3")
    difference = np.abs(other.pixels - plain.pixels)
    assert float(np.percentile(difference, 99)) <= tolerance
    assert float(difference.max()) <= (0.15 if tolerance else 0)
    assert other.spacing == plain.spacing


@pytest.mark.shared
def test_real_tags(shared_data: Path) -> None:
    hip = read_dicom((shared_data / "dicom" / "RG2_UNC.dcm").read_bytes())
    assert (hip.spacing.source, hip.spacing.mm, hip.spacing.reliable) == ("pixel_spacing_uncalibrated", 0.2, False)
    assert (hip.sex, hip.age_months, hip.laterality) == ("M", None, None)
    limb = read_dicom((shared_data / "dicom" / "RG3_UNC.dcm").read_bytes())
    assert (limb.spacing.source, limb.sex, limb.laterality) == ("none", "F", "R")


@pytest.mark.shared
def test_a_real_film_without_meta_header(shared_data: Path) -> None:
    film = read_dicom((shared_data / "dicom" / "CR-MONO1-10-chest.dcm").read_bytes())
    assert film.pixels.shape == (440, 440)
    assert film.inverted


@pytest.mark.shared
def test_a_real_modality_table(shared_data: Path) -> None:
    path = shared_data / "dicom" / "CR-ModalitySequenceLUT.dcm"
    film = read_dicom(path.read_bytes())
    ds = pydicom.dcmread(path)
    expected = pydicom.pixels.apply_modality_lut(ds.pixel_array, ds).astype(np.float64)
    expected = 1 - (expected - expected.min()) / np.ptp(expected)
    np.testing.assert_allclose(film.pixels, expected, atol=1e-4)
    assert (film.spacing.source, film.spacing.mm) == ("detector", 0.15)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian])
def test_uncompressed_encodings(syntax: pydicom.uid.UID) -> None:
    ds = dicom_dataset(RAMP, syntax=syntax)
    if syntax == ExplicitVRBigEndian:
        ds.PixelData = RAMP.astype(">u2").tobytes()
    np.testing.assert_allclose(read_dicom(to_bytes(ds)).pixels, RAMP / 4095, atol=1e-5)


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_compressed_drawings(syntax: pydicom.uid.UID, dtype: type) -> None:
    picture = stripes(dtype, high=255)
    ds = dicom_dataset(picture)
    ds.compress(syntax)
    np.testing.assert_allclose(read_dicom(to_bytes(ds)).pixels, picture / 255, atol=1e-5)


@pytest.mark.parametrize("implicit", [True, False])
def test_a_missing_meta_header(implicit: bool) -> None:
    ds = dicom_dataset(RAMP)
    data = to_bytes(ds)
    if implicit:
        ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        data = to_bytes(ds)
    length = int.from_bytes(data[140:144], "little")
    np.testing.assert_allclose(read_dicom(data[144 + length :]).pixels, RAMP / 4095, atol=1e-5)


def test_a_compressed_film_without_meta_header_is_named_so() -> None:
    ds = dicom_dataset(RAMP)
    ds.compress(RLELossless)
    data = to_bytes(ds)
    length = int.from_bytes(data[140:144], "little")
    assert failure(data[144 + length :]).code == "dicom_compression_unknown"


# ------------------------------------------------------------------------------------------------------ grey levels


def test_monochrome1_is_inverted() -> None:
    film = tagged(PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_allclose(film.pixels, 1 - RAMP / 4095, atol=1e-5)
    assert film.inverted


@pytest.mark.parametrize(
    ("photometric", "shape", "inverted"),
    [
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME2", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", True),
    ],
)
def test_one_inversion_whichever_tag_asks_for_it(photometric: str, shape: str, inverted: bool) -> None:
    film = tagged(PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    assert film.inverted is inverted
    np.testing.assert_allclose(film.pixels[0, 0], float(inverted), atol=1e-5)


def test_the_window_comes_before_the_inversion() -> None:
    film = tagged(
        PhotometricInterpretation="MONOCHROME1", WindowCenter=2000, WindowWidth=3900, VOILUTFunction="LINEAR_EXACT"
    )
    expected = 1 - np.clip((RAMP[0].astype(float) - 2000) / 3900 + 0.5, 0, 1)
    np.testing.assert_allclose(film.pixels[0], expected, atol=1e-5)


def test_the_first_of_several_windows_is_used() -> None:
    film = tagged(WindowCenter=[3000, 1000], WindowWidth=[6000, 10])
    assert 0.45 < film.pixels[0, np.searchsorted(RAMP[0], 3000)] < 0.55


def test_rescaling_comes_before_the_window() -> None:
    film = tagged(RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=3000, WindowWidth=8000)
    assert film.pixels[0, np.searchsorted(RAMP[0], 2000)] == pytest.approx(0.5, abs=0.05)
    assert film.pixels[0, np.searchsorted(RAMP[0], 4000)] == 1


def test_a_voi_table_wins_over_a_window() -> None:
    item = Dataset()
    item.LUTDescriptor = [4096, 0, 16]
    item.LUTData = (np.arange(4096, dtype=np.float64) ** 2 / 4095**2 * 65535).astype("<u2").tobytes()
    item["LUTDescriptor"].VR, item["LUTData"].VR = "US", "OW"
    film = tagged(VOILUTSequence=Sequence([item]), WindowCenter=10, WindowWidth=5)
    np.testing.assert_allclose(film.pixels[0], (RAMP[0] / 4095.0) ** 2, atol=1e-3)


def test_a_malformed_table_is_left_out_with_a_notice() -> None:
    item = Dataset()
    item.LUTDescriptor = [4096, 0, 16]
    item.LUTData = b"\0\0\1\1"
    item["LUTDescriptor"].VR, item["LUTData"].VR = "US", "OW"
    film = tagged(VOILUTSequence=Sequence([item]))
    assert "lut_ignored" in codes(film)
    np.testing.assert_allclose(film.pixels, RAMP / 4095, atol=1e-5)


@pytest.mark.parametrize(
    "tags",
    [
        {"WindowCenter": 100, "WindowWidth": 0},
        {"WindowCenter": 100, "WindowWidth": -5},
        {"WindowCenter": 90000, "WindowWidth": 5},
        {"WindowCenter": 2000, "WindowWidth": 4000, "VOILUTFunction": "MAGIC"},
    ],
)
def test_a_useless_window_is_left_out_with_a_notice(tags: dict[str, Any]) -> None:
    film = tagged(**tags)
    assert codes(film) == ["window_ignored"]
    np.testing.assert_allclose(film.pixels, RAMP / 4095, atol=1e-5)


def test_a_zero_slope_is_left_out_with_a_notice() -> None:
    assert codes(tagged(RescaleSlope=0, RescaleIntercept=5)) == ["rescale_ignored"]


def test_signed_values() -> None:
    picture = stripes(np.int16, low=-1000, high=1000)
    film = read_dicom(dicom_bytes(picture))
    np.testing.assert_allclose(film.pixels, (picture + 1000) / 2000, atol=1e-5)


def test_overlay_bits_above_bits_stored_are_dropped() -> None:
    picture = stripes(high=1023)
    picture[40:50, 40:50] |= 0x8000
    ds = dicom_dataset(picture, BitsStored=10, HighBit=9)
    ds.add_new(0x60000100, "US", 16)
    ds.add_new(0x60000102, "US", 15)
    film = read_dicom(to_bytes(ds))
    np.testing.assert_allclose(film.pixels, (picture & 1023) / 1023, atol=1e-5)


def test_padding_becomes_dark_even_when_inverted() -> None:
    picture = stripes(low=100)
    picture[:10] = 0
    film = read_dicom(dicom_bytes(picture, PixelPaddingValue=0, PhotometricInterpretation="MONOCHROME1"))
    assert not film.pixels[:10].any()
    assert film.pixels[20, 0] == 1
    assert film.pixels[20, -1] == 0


def test_a_wrong_polarity_tag_is_corrected_with_a_warning() -> None:
    picture = hand()
    right = read_dicom(dicom_bytes(picture))
    wrong = read_dicom(dicom_bytes(picture, PhotometricInterpretation="MONOCHROME1"))
    assert codes(right) == []
    assert codes(wrong) == ["polarity_contradicts_tag"]
    assert wrong.notices[0].severity == "warning"
    assert not wrong.inverted
    np.testing.assert_allclose(wrong.pixels, right.pixels, atol=1e-5)


# --------------------------------------------------------------------------------------------------------- the tags


def test_scale_from_the_tags() -> None:
    film = tagged(ImagerPixelSpacing=[0.11, 0.11], EstimatedRadiographicMagnificationFactor=1.1)
    assert (film.spacing.source, film.spacing.mm) == ("magnification_corrected", pytest.approx(0.1))
    film = tagged(ImagerPixelSpacing=[0.11, 0.11], DistanceSourceToDetector=1100, DistanceSourceToPatient=1000)
    assert (film.spacing.source, film.spacing.mm) == ("magnification_corrected", pytest.approx(0.1))
    film = tagged(PixelSpacing=[0.14, 0.14], PixelSpacingCalibrationType="FIDUCIAL")
    assert (film.spacing.source, film.spacing.reliable) == ("fiducial", True)


def written(text: bytes, **tags: Any) -> bytes:
    """Return a file in which the value of PixelSpacing is ``text``, which pydicom itself would refuse to write."""
    data = dicom_bytes(RAMP, PixelSpacing=[0.1234567, 0.1234567], **tags)
    old = b"0.1234567\\0.1234567"
    assert data.count(old) == 1
    return data.replace(old, text.ljust(len(old)))


@pytest.mark.parametrize(
    "text", [b"NaN\\NaN", b"-0.2\\-0.2", b"0\\0", b"0,15\\0,15", b"wide\\wide", b"0.2", b"inf\\inf"]
)
def test_a_malformed_spacing_gives_no_millimetres(text: bytes) -> None:
    film = read_dicom(written(text))
    assert (film.spacing.source, film.spacing.mm) == ("none", None)
    assert codes(film) == ["bad_pixel_spacing"]


def test_an_empty_spacing_is_an_absent_one() -> None:
    film = read_dicom(written(b""))
    assert film.spacing.source == "none"
    assert codes(film) == []


def test_other_modalities_and_body_parts_are_remarked() -> None:
    assert codes(tagged(Modality="CT")) == ["unexpected_modality"]
    assert codes(tagged(BodyPartExamined="CHEST")) == ["unexpected_body_part"]
    assert codes(tagged(BodyPartExamined="HAND", Modality="DX")) == []


# ---------------------------------------------------------------------------------------------------------- refusals


def test_no_pixels() -> None:
    ds = dicom_dataset(RAMP)
    del ds.PixelData
    assert failure(to_bytes(ds)).code == "dicom_without_pixels"


def test_several_frames() -> None:
    ds = dicom_dataset(RAMP, NumberOfFrames=2)
    ds.PixelData = ds.PixelData * 2
    assert failure(to_bytes(ds)).code == "dicom_multi_frame"


def test_one_frame_said_to_be_one() -> None:
    assert tagged(NumberOfFrames=1).pixels.shape == RAMP.shape


@pytest.mark.parametrize(("photometric", "samples"), [("RGB", 3), ("YBR_FULL", 3), ("PALETTE COLOR", 1)])
def test_colour(photometric: str, samples: int) -> None:
    ds = dicom_dataset(stripes(np.uint8, high=255), PhotometricInterpretation=photometric, SamplesPerPixel=samples)
    ds.PixelData = ds.PixelData * samples
    ds.PlanarConfiguration = 0
    assert failure(to_bytes(ds)).code == "dicom_colour"


def test_an_unknown_photometric_interpretation_is_called_so() -> None:
    error = failure(dicom_bytes(RAMP, PhotometricInterpretation="GREYSCALE"))
    assert error.code == "dicom_damaged"
    assert "photometric" in error.message


def test_elements_of_senseless_form_are_damage() -> None:
    assert failure(dicom_bytes(RAMP, PixelData=b"")).code == "dicom_damaged"
    assert failure(dicom_bytes(RAMP, SamplesPerPixel=[1, 1])).code == "dicom_damaged"
    for tag in (0x00283000, 0x00283010):
        ds = dicom_dataset(RAMP)
        ds.add_new(tag, "OB", b"abcd")
        assert failure(to_bytes(ds)).code == "dicom_damaged"


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("part", [0.4, 0.8, 0.99])
def test_cut_short(compress: bool, part: float) -> None:
    ds = dicom_dataset(np.random.default_rng(0).integers(0, 4096, (96, 96)).astype(np.uint16))
    if compress:
        ds.compress(JPEG2000Lossless)
    data = to_bytes(ds)
    assert failure(data[: int(len(data) * part)]).code == "dicom_truncated"


def test_every_cut_of_a_file_is_a_typed_error() -> None:
    data = dicom_bytes(stripes(size=64), PixelSpacing=[0.1, 0.1], PatientSex="F", StudyDate="20200101")
    for length in range(132, len(data) - 64 * 64 * 2, 37):
        assert isinstance(failure(data[:length]), ReadError)


def test_garbage_in_the_compressed_stream() -> None:
    ds = dicom_dataset(RAMP)
    ds.compress(JPEG2000Lossless)
    ds.PixelData = ds.PixelData[:60] + bytes(len(ds.PixelData) - 68) + ds.PixelData[-8:]
    assert failure(to_bytes(ds)).code in {"dicom_damaged", "dicom_truncated"}


def test_a_missing_size() -> None:
    assert failure(dicom_bytes(RAMP, Rows=None)).code == "dicom_damaged"


def test_a_bomb_is_refused_from_its_header() -> None:
    ds = dicom_dataset(RAMP, Rows=20000, Columns=20000)
    assert failure(to_bytes(ds)).code == "image_too_large"


def test_too_small() -> None:
    error = failure(dicom_bytes(np.ones((1, 1), dtype=np.uint16)))
    assert isinstance(error, Refusal)
    assert error.code == "image_too_small"


def test_blank() -> None:
    error = failure(dicom_bytes(np.full((96, 96), 512, dtype=np.uint16)))
    assert isinstance(error, Refusal)
    assert error.code == "image_blank"


def test_a_stray_pixel_does_not_blank_a_film() -> None:
    picture = hand(high=250)
    picture[3, 3] = 65535
    film = read_dicom(dicom_bytes(picture))
    np.testing.assert_allclose(film.pixels[4:], picture[4:] / picture[4:].max(), atol=0.01)


def test_oblong_pixels() -> None:
    assert failure(dicom_bytes(RAMP, PixelSpacing=[0.2, 0.1])).code == "non_square_pixels"
    assert failure(dicom_bytes(RAMP, NominalScannedPixelSpacing=[0.15, 0.3])).code == "non_square_pixels"
    assert failure(dicom_bytes(RAMP, PixelSpacing=[0.2, 0.2], PixelAspectRatio=[1, 2])).code == "non_square_pixels"


# ------------------------------------------------------------------------------------------------------------ privacy


def leaky_files() -> list[bytes]:
    """Return files whose malformed values name the patient, so that a quoting parser would leak them."""
    good = dicom_bytes(
        RAMP,
        PatientSex="F",
        PatientAge="010Y",
        StudyDate="20200101",
        PatientBirthDate="20100101",
        BodyPartExamined="QQQQQQQQ",
        SpecificCharacterSet="ISO_IR 100",
    )
    bad_values = written(SECRET.encode() + b"\\1")
    bad_age = good.replace(b"010Y", SECRET[:4].encode())
    bad_part = good.replace(b"QQQQQQQQ", SECRET.encode() + b"!")
    bad_alphabet = good.replace(b"ISO_IR 100", SECRET.encode() + b"   ")
    return [bad_values, bad_age, bad_part, bad_alphabet, good[: len(good) // 2], good[:700], good[:400]]


@pytest.mark.parametrize("number", range(7))
def test_no_value_reaches_a_log_a_warning_or_an_error(
    number: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    data = leaky_files()[number]
    caplog.set_level(logging.DEBUG)
    said = ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            film = read_dicom(data)
            said = repr((film.notices, film.spacing))
        except BoneAgeError as error:
            said = "".join(traceback.format_exception(error)) + repr(error) + error.remedy
    out, err = capfd.readouterr()
    everything = said + caplog.text + out + err + "".join(str(warning.message) for warning in caught)
    for secret in (SECRET[:4], "Child", "20100101"):
        assert secret not in everything


def test_pydicom_may_speak_again_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="pydicom")  # the command line, in this process before, may have raised it
    read_dicom(dicom_bytes(RAMP))
    logging.getLogger("pydicom").warning("heard")
    assert "heard" in caplog.text
