"""The overlay as a secondary capture."""

from __future__ import annotations

import numpy as np
import pytest
from dicom_films import film_of, read_again, run_tool, small_reading
from fake_reading import fake_error, fake_refusal

from boneage.errors import UsageError
from boneage.report.dicom import secondary_capture
from boneage.report.identifiers import without_path
from boneage.report.overlay import draw_overlay


@pytest.mark.parametrize("reading", [small_reading(), fake_refusal()], ids=["ok", "refused"])
def test_the_picture_is_the_overlay(reading):
    image = read_again(secondary_capture(reading, film_of(reading)))
    assert image.SOPClassUID == "1.2.840.10008.5.1.4.1.1.7"
    assert image.PhotometricInterpretation == "RGB"
    assert np.array_equal(image.pixel_array, np.asarray(draw_overlay(without_path(reading))))


def test_it_says_what_it_is_made_of():
    reading = small_reading()
    source = film_of(reading, PatientOrientation=["R", "F"], Laterality="L", BodyPartExamined="HAND")
    image = read_again(secondary_capture(reading, source))
    assert list(image.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert image.BurnedInAnnotation == "YES"
    [film] = image.SourceImageSequence
    assert (film.ReferencedSOPClassUID, film.ReferencedSOPInstanceUID) == (source.SOPClassUID, source.SOPInstanceUID)
    assert film.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
    assert list(image.PatientOrientation) == ["R", "F"]
    assert (image.Laterality, image.BodyPartExamined) == ("L", "HAND")


def test_a_picture_of_a_film_that_lost_detail_says_so():
    reading = small_reading()
    tags = {"LossyImageCompression": "01", "LossyImageCompressionRatio": 12.5}
    image = read_again(secondary_capture(reading, film_of(reading, **tags, LossyImageCompressionMethod="ISO_10918_1")))
    assert (image.LossyImageCompression, float(image.LossyImageCompressionRatio)) == ("01", 12.5)
    assert image.LossyImageCompressionMethod == "ISO_10918_1"
    assert "LossyImageCompression" not in read_again(secondary_capture(reading, film_of(reading)))


def test_an_orientation_that_the_film_does_not_state_is_not_made_up():
    reading = small_reading()
    image = read_again(secondary_capture(reading, film_of(reading)))
    assert not image.PatientOrientation
    assert not image.Laterality


def test_a_film_that_could_not_be_read_has_no_picture():
    reading = fake_error()
    with pytest.raises(UsageError) as caught:
        secondary_capture(reading, film_of(reading))
    assert caught.value.code == "report_needs_film"


def test_the_side_of_the_image_goes_before_that_of_the_series():
    reading = small_reading()
    image = read_again(secondary_capture(reading, film_of(reading, Laterality="L", ImageLaterality="L")))
    assert image.ImageLaterality == "L"
    assert "Laterality" not in image


@pytest.mark.parametrize(
    "tags", [{}, {"Laterality": "L"}, {"BodyPartExamined": "HAND", "Laterality": "L", "ImageLaterality": "L"}]
)
def test_dciodvfy_finds_no_error(tags, tmp_path):
    reading = small_reading()
    text = run_tool("dciodvfy", secondary_capture(reading, film_of(reading, **tags)), tmp_path)
    assert "SCImage" in text
    assert not [line for line in text.splitlines() if line.startswith("Error")]
