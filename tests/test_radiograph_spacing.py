"""The classes of physical scale, in their order."""

from __future__ import annotations

import math

import pytest

from boneage.errors import ReadError, UsageError
from boneage.radiograph.radiograph import NO_SPACING
from boneage.radiograph.spacing import SpacingTags, dicom_spacing, user_spacing

NAN = math.nan


def classify(**tags: object) -> tuple[float | None, str, bool, list[str]]:
    spacing, notices = dicom_spacing(SpacingTags(**tags))  # type: ignore[arg-type]
    assert spacing.message
    return spacing.mm, spacing.source, spacing.reliable, [notice.code for notice in notices]


def test_nothing_known() -> None:
    assert dicom_spacing(SpacingTags()) == (NO_SPACING, ())


def test_fiducial_wins_over_everything() -> None:
    found = classify(
        pixel_spacing=(0.14, 0.14),
        calibration_type="FIDUCIAL",
        imager_pixel_spacing=(0.2, 0.2),
        magnification=(1.5,),
    )
    assert found == (pytest.approx(0.14), "fiducial", True, [])


def test_geometry() -> None:
    found = classify(pixel_spacing=(0.14, 0.14), calibration_type="geometry ", imager_pixel_spacing=(0.15, 0.15))
    assert found == (pytest.approx(0.14), "geometry", True, [])


def test_geometry_that_corrects_nothing_is_warned_of() -> None:
    found = classify(pixel_spacing=(0.15, 0.15), calibration_type="GEOMETRY", imager_pixel_spacing=(0.15, 0.15))
    assert found == (pytest.approx(0.15), "geometry", False, ["geometry_not_corrected"])


def test_detector_spacing_is_divided_by_the_stated_magnification() -> None:
    found = classify(
        imager_pixel_spacing=(0.11, 0.11),
        magnification=(1.1,),
        source_to_detector=(2000.0,),
        source_to_patient=(1000.0,),
    )
    assert found == (pytest.approx(0.1), "magnification_corrected", True, [])


@pytest.mark.parametrize("stated", [(), (1.0,), (0.0,), (NAN,), (0.9,)])
def test_distances_serve_where_no_magnification_above_one_is_stated(stated: tuple[float, ...]) -> None:
    found = classify(
        imager_pixel_spacing=(0.11, 0.11),
        magnification=stated,
        source_to_detector=(1100.0,),
        source_to_patient=(1000.0,),
    )
    assert found == (pytest.approx(0.1), "magnification_corrected", True, [])


def test_an_equal_pixel_spacing_does_not_stop_the_correction() -> None:
    found = classify(pixel_spacing=(0.11, 0.11), imager_pixel_spacing=(0.11, 0.11), magnification=(1.1,))
    assert found[:2] == (pytest.approx(0.1), "magnification_corrected")


def test_a_smaller_pixel_spacing_is_already_corrected() -> None:
    found = classify(pixel_spacing=(0.1, 0.1), imager_pixel_spacing=(0.11, 0.11), magnification=(1.1,))
    assert found == (pytest.approx(0.1), "already_corrected", True, [])


@pytest.mark.parametrize("pixel", [(), (0.15, 0.15)])
def test_the_detector_alone(pixel: tuple[float, ...]) -> None:
    found = classify(pixel_spacing=pixel, imager_pixel_spacing=(0.15, 0.15))
    assert found == (pytest.approx(0.15), "detector", False, [])


def test_a_larger_pixel_spacing_is_a_contradiction() -> None:
    found = classify(pixel_spacing=(0.2, 0.2), imager_pixel_spacing=(0.15, 0.15))
    assert found == (pytest.approx(0.15), "detector", False, ["spacing_contradiction"])


@pytest.mark.parametrize(
    ("pixel", "kind", "magnification"),
    [
        (0.02, "", ()),
        (0.1, "", ()),
        (0.4, "", (1.02,)),
        (1.0, "FIDUCIAL", ()),
        (0.3, "GEOMETRY", ()),
        (0.05, "GEOMETRY", ()),
        (0.15, "", (1.02,)),
    ],
)
def test_spacings_that_no_magnification_explains_are_not_reliable(
    pixel: float, kind: str, magnification: tuple[float, ...]
) -> None:
    found = classify(
        pixel_spacing=(pixel, pixel),
        calibration_type=kind,
        imager_pixel_spacing=(0.2, 0.2),
        magnification=magnification,
    )
    assert found == (pytest.approx(0.2), "detector", False, ["spacing_contradiction"])


def test_a_magnification_of_the_distances_is_held_against_the_spacings_too() -> None:
    tags = {"pixel_spacing": (0.15, 0.15), "imager_pixel_spacing": (0.2, 0.2), "source_to_detector": (1020.0,)}
    assert not classify(**tags, source_to_patient=(1000.0,))[2]
    assert classify(**tags, source_to_patient=(765.0,))[1:3] == ("already_corrected", True)


def test_pixel_spacing_alone_is_uncertain() -> None:
    assert classify(pixel_spacing=(0.2, 0.2)) == (pytest.approx(0.2), "pixel_spacing_uncalibrated", False, [])


def test_an_unbelievable_magnification_is_left_out() -> None:
    found = classify(imager_pixel_spacing=(0.15, 0.15), magnification=(11.0,))
    assert found == (pytest.approx(0.15), "detector", False, ["bad_magnification"])


def test_calibration_type_without_pixel_spacing() -> None:
    assert classify(calibration_type="FIDUCIAL", imager_pixel_spacing=(0.15, 0.15))[1] == "detector"


@pytest.mark.parametrize(
    "bad", [(NAN, NAN), (-0.15, -0.15), (0.0, 0.0), (0.15, NAN), (0.15,), (math.inf, math.inf), (15.0, 15.0)]
)
def test_unbelievable_spacings_give_no_millimetres(bad: tuple[float, ...]) -> None:
    assert classify(pixel_spacing=bad) == (None, "none", False, ["bad_pixel_spacing"])


def test_a_bad_pixel_spacing_leaves_the_detector() -> None:
    found = classify(pixel_spacing=(NAN, NAN), calibration_type="FIDUCIAL", imager_pixel_spacing=(0.15, 0.15))
    assert found == (pytest.approx(0.15), "detector", False, ["bad_pixel_spacing"])


@pytest.mark.parametrize(
    "tags",
    [
        {"pixel_spacing": (0.2, 0.1)},
        {"imager_pixel_spacing": (0.1, 0.2)},
        {"aspect_ratio": (4.0, 3.0)},
        {"aspect_ratio": (1.0, 2.0), "pixel_spacing": (0.2, 0.2)},
        {"pixel_spacing": (3.0, 6.0)},
        {"imager_pixel_spacing": (0.001, 0.002), "pixel_spacing": (0.2, 0.2)},
        {"nominal_scanned": (0.15, 0.30)},
        {"nominal_scanned": (0.15, 0.30), "pixel_spacing": (0.2, 0.2)},
    ],
)
def test_oblong_pixels_are_an_error(tags: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ReadError) as caught:
        classify(**tags)
    assert caught.value.code == "non_square_pixels"


@pytest.mark.parametrize("ratio", [(1.0, 1.0), (0.0, 1.0), (NAN, 1.0), (2.0,)])
def test_an_aspect_ratio_of_square_pixels_or_none_passes(ratio: tuple[float, ...]) -> None:
    assert classify(pixel_spacing=(0.2, 0.2), aspect_ratio=ratio, nominal_scanned=(0.2, 0.2))[0] == 0.2


def test_pixels_square_within_one_percent_pass() -> None:
    assert classify(pixel_spacing=(0.2, 0.201))[0] == pytest.approx(0.2005, abs=1e-4)


def test_a_user_spacing() -> None:
    spacing = user_spacing(0.15)
    assert (spacing.mm, spacing.source, spacing.reliable) == (0.15, "user", True)


@pytest.mark.parametrize("mm", [NAN, -0.1, 0.0, math.inf, 15.0, 0.0001])
def test_an_absurd_user_spacing_is_wrong_usage(mm: float) -> None:
    with pytest.raises(UsageError) as caught:
        user_spacing(mm)
    assert caught.value.code == "bad_pixel_spacing"
