"""What the DICOM reports take over from the film: patient and study, whatever the header is like."""

from __future__ import annotations

import logging
import warnings

import pytest
from dicom_films import film_of, read_again, small_reading, with_result
from make_dicom import SECRET, to_bytes
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from boneage.errors import UsageError
from boneage.report.dicom import bone_segmentation, encapsulated_pdf, secondary_capture, structured_report
from boneage.report.dicom.source import source_header

WRITERS = {
    "sr": structured_report,
    "sc": secondary_capture,
    "seg": bone_segmentation,
    "pdf": lambda reading, source: encapsulated_pdf(reading, source, b"%PDF-1.4 odd length"),
}
EACH = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


@EACH
def test_a_film_with_hardly_any_tags_is_enough(write):
    reading = small_reading()
    source = film_of(reading)
    written = read_again(write(reading, source))
    assert written.StudyInstanceUID == source.StudyInstanceUID
    assert (written.PatientName, written.PatientID) == (source.PatientName, source.PatientID)
    assert written.SeriesInstanceUID != source.SeriesInstanceUID
    assert written.SOPInstanceUID not in {source.SOPInstanceUID, source.StudyInstanceUID}
    for keyword in ("PatientBirthDate", "PatientSex", "StudyDate", "AccessionNumber", "StudyID"):
        assert keyword in written, keyword
        assert not written[keyword].value, keyword


@EACH
def test_patient_and_study_are_those_of_the_film(write):
    tags = {
        "PatientBirthDate": "20140531",
        "PatientSex": "F",
        "StudyDate": "20240601",
        "StudyTime": "101500",
        "AccessionNumber": "A1",
        "StudyID": "S1",
        "StudyDescription": "Hand",
        "ReferringPhysicianName": "Doe^Jane",
        "IssuerOfPatientID": "here",
    }
    reading = small_reading()
    written = read_again(write(reading, film_of(reading, **tags)))
    assert {keyword: str(written[keyword].value) for keyword in tags} == tags


@EACH
@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
def test_a_sex_in_small_letters_is_one(write):
    reading = small_reading()
    assert read_again(write(reading, film_of(reading, PatientSex="m"))).PatientSex == "M"


@EACH
@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "Müller^Zoë"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎"),
        ("ISO_IR 192", "Łukasiewicz^Światosław"),
    ],
)
def test_names_survive_every_character_set(write, charset, name):
    reading = small_reading()
    source = film_of(reading, SpecificCharacterSet=charset, PatientName=name, StudyDescription=name.split("=")[-1])
    written = read_again(write(reading, source))
    assert str(written.PatientName) == name
    assert written.StudyDescription == name.split("=")[-1]
    assert written.SpecificCharacterSet == "ISO_IR 192"


@EACH
def test_odd_values_do_not_stop_a_report_and_are_never_said(write, caplog):
    caplog.set_level(logging.DEBUG)
    reading = small_reading()
    source = film_of(reading)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        odd = {"PatientName": SECRET * 9, "PatientSex": "Q" + SECRET, "PatientBirthDate": "31.5." + SECRET}
        for keyword, value in (odd | {"StudyTime": SECRET, "PatientAge": SECRET}).items():
            setattr(source, keyword, value)
        caught.clear()
        caplog.clear()
        written = read_again(write(reading, source))
    assert not written.PatientSex
    assert not written.PatientBirthDate
    assert not written.get("PatientAge")
    assert str(written.PatientName) == SECRET * 9
    assert not caught
    assert SECRET not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("highdicom")]


@EACH
@pytest.mark.filterwarnings("ignore:Invalid value for VR (AS|DA)")
def test_dates_and_ages_are_written_as_the_standard_has_them(write):
    reading = small_reading()
    source = film_of(reading, PatientBirthDate="2014.05.31", StudyDate="2024.06.01", PatientAge="10Y")
    written = read_again(write(reading, source))
    assert (written.PatientBirthDate, written.StudyDate, written.PatientAge) == ("20140531", "20240601", "010Y")


@EACH
def test_nothing_names_the_child_beyond_the_tags_of_the_film(write):
    reading = small_reading()
    path = f"/scans/{SECRET}.dcm"
    named = with_result(reading, input=reading.result.input.__class__(path, sha256="ab" * 32))
    source = film_of(reading, PatientName="Anonymous^A", PatientID="1")
    assert SECRET.encode() not in to_bytes(write(named, source))


def test_the_film_itself_is_not_changed():
    reading = small_reading()
    source = film_of(reading, SpecificCharacterSet="ISO_IR 100", PatientName="Müller^Zoë")
    before = source.to_json()
    structured_report(reading, source)
    assert source.to_json() == before


@EACH
@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
def test_a_film_that_nothing_can_refer_to_is_usage(write, keyword):
    reading = small_reading()
    source = film_of(reading)
    delattr(source, keyword)
    with pytest.raises(UsageError) as caught:
        write(reading, source)
    assert caught.value.code == "report_source_uids"
    assert keyword in caught.value.message
    assert caught.value.remedy


def test_what_is_no_radiograph_is_usage():
    reading = small_reading()
    with pytest.raises(UsageError) as caught:
        source_header(reading, film_of(reading, SOPClassUID="1.2.840.10008.5.1.4.1.1.4"))
    assert caught.value.code == "report_source_class"


def test_another_film_than_the_one_read_is_usage():
    reading = small_reading()
    with pytest.raises(UsageError) as caught:
        source_header(reading, film_of(reading, Rows=399, Columns=320, PixelData=bytes(399 * 320)))
    assert caught.value.code == "report_film_mismatch"
    assert "399 x 320" in caught.value.message
    assert "400 x 320" in caught.value.message


def test_private_tags_and_bytes_stay_behind():
    reading = small_reading()
    source = film_of(reading)
    source.private_block(0x0009, "MAKER", create=True).add_new(1, "LO", SECRET)
    header = source_header(reading, source)
    assert "PixelData" not in header
    assert not [element for element in header if element.tag.is_private]


def test_sequences_of_the_patient_are_taken_along():
    other = Dataset()
    other.PatientID, other.IssuerOfPatientID = "77", "elsewhere"
    reading = small_reading()
    written = structured_report(reading, film_of(reading, OtherPatientIDsSequence=[other]))
    assert [item.PatientID for item in read_again(written).OtherPatientIDsSequence] == ["77"]


@EACH
def test_each_report_is_an_object_of_its_own(write):
    reading = small_reading()
    source = film_of(reading, StudyInstanceUID=generate_uid())
    first, second = write(reading, source), write(reading, source)
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SeriesInstanceUID != second.SeriesInstanceUID
