"""The structured report: every number against the JSON, by a plain walk, by highdicom's parser and by dcmtk's."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import highdicom
import pytest
from dicom_films import (
    below,
    code_of,
    film_of,
    groups_of,
    items,
    read_again,
    run_tool,
    small_reading,
    value_of,
    with_result,
)
from fake_reading import drawn_frame, fake_error, fake_reading, fake_refusal, fake_unknown_sex, settled
from make_dicom import to_bytes

from boneage.report.dicom import structured_report
from boneage.report.dicom.bone_groups import axis_points
from boneage.report.wording import calibration_words
from boneage.result import Calibration, ReaderCorrection, Reason

BONE_AGE, SUBJECT_AGE, COMMENT = "85151-9", "121033", "121106"
CLOSE = {"abs": 0.0051, "rel": 2e-6}


def written(reading, **tags):
    """The report of a reading, read back, and its film."""
    source = film_of(reading, **tags)
    return read_again(structured_report(reading, source)), source


def test_the_report_is_a_measurement_report_that_nobody_has_verified():
    report, _ = written(small_reading())
    assert report.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.34"
    assert report.Modality == "SR"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert (report.VerificationFlag, report.PreliminaryFlag) == ("UNVERIFIED", "PRELIMINARY")
    assert report.CompletionFlag == "COMPLETE"
    assert "VerifyingObserverSequence" not in report


def test_the_film_is_the_evidence_and_stands_in_the_image_library():
    report, source = written(small_reading())
    [study] = report.CurrentRequestedProcedureEvidenceSequence
    [series] = study.ReferencedSeriesSequence
    [film] = series.ReferencedSOPSequence
    assert study.StudyInstanceUID == source.StudyInstanceUID
    assert series.SeriesInstanceUID == source.SeriesInstanceUID
    assert (film.ReferencedSOPClassUID, film.ReferencedSOPInstanceUID) == (source.SOPClassUID, source.SOPInstanceUID)
    images = [item for item in items(report) if item.ValueType == "IMAGE"]
    assert {item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for item in images} == {source.SOPInstanceUID}
    assert len(images) == 1 + 21


def test_orientation_and_detector_spacing_stand_in_the_library_where_the_film_has_them():
    report, _ = written(small_reading(), PatientOrientation=["L", "F"], ImagerPixelSpacing=[0.1, 0.2])
    values = {code_of(item): item for item in items(report) if item.RelationshipType == "HAS ACQ CONTEXT"}
    assert values["111044"].TextValue == "L"
    assert value_of(values["111026"]) == (0.2, "mm")


def test_the_bone_age_and_all_that_is_said_of_it_is_that_of_the_json():
    reading = small_reading()
    said = reading.result.to_dict()
    group = groups_of(written(reading)[0])["bone age"]
    [age] = below(group, BONE_AGE)
    assert value_of(age) == (pytest.approx(said["bone_age"]["months"], **CLOSE), "mo")
    limits = [value_of(below(age, code)[0])[0] for code in ("LOWER95", "UPPER95")]
    assert limits == pytest.approx(said["bone_age"]["interval_95"], **CLOSE)
    reach = [value_of(below(age, code)[0])[0] for code in ("371885007", "371886008")]
    assert [said["bone_age"]["months"] - reach[0], said["bone_age"]["months"] + reach[1]] == pytest.approx(limits)
    assert below(age, "370129005")[0].ConceptCodeSequence[0].CodeValue == "COMBINED"
    for code, route in (("AGEMEASURED", "measurement"), ("AGEREGRESSED", "regression")):
        [item] = below(group, code)
        assert value_of(item)[0] == pytest.approx(said["estimates"][route]["months"], **CLOSE)
        interval = [value_of(below(item, limit)[0])[0] for limit in ("LOWER95", "UPPER95")]
        assert interval == pytest.approx(said["estimates"][route]["interval_95"], **CLOSE)
    own = said["chronological"]
    assert value_of(below(group, SUBJECT_AGE)[0]) == (pytest.approx(own["months"], **CLOSE), "mo")
    assert value_of(below(group, "DIFFERENCE")[0])[0] == pytest.approx(own["difference_months"], **CLOSE)
    assert value_of(below(age, "121416")[0])[0] == pytest.approx(own["sds"], **CLOSE)
    assert below(age, "121406")[0].TextValue == own["reference"]


def test_the_usual_range_stands_where_the_reference_gives_one():
    from boneage.reference.standards import skeletal_age_sds

    reading = small_reading()
    own = reading.result.chronological
    score = skeletal_age_sds(124.0, own.months, "F")
    reading = with_result(reading, chronological=replace(own, sds=score.sds, reference=score.reference))
    [age] = below(groups_of(written(reading)[0])["bone age"], BONE_AGE)
    low, high = (value_of(below(age, code)[0])[0] for code in ("385524004", "371933006"))
    assert (high - low) / 4 == pytest.approx(score.sd_months, abs=0.01)
    assert (high + low) / 2 == pytest.approx(own.months, abs=0.01)


def test_without_a_chronological_age_there_is_none_in_the_report():
    group = groups_of(written(small_reading(own=None))[0])["bone age"]
    assert not below(group, SUBJECT_AGE)
    assert not below(group, "DIFFERENCE")
    assert not below(below(group, BONE_AGE)[0], "121416")


def test_each_bone_has_its_length_and_its_axis_on_the_film():
    reading = small_reading()
    said = reading.result.to_dict()
    report, source = written(reading)
    groups = groups_of(report)
    assert set(groups) == {"bone age", *(bone["bone"] for bone in said["bones"])}
    for bone in said["bones"]:
        [length] = below(groups[bone["bone"]], "VISIBLELENGTH" if bone["partial"] else "410668003")
        assert value_of(length) == (pytest.approx(bone["length_mm"], **CLOSE), "mm")
        [axis] = [item for item in length.ContentSequence if item.ValueType == "SCOORD"]
        assert axis.GraphicType == "POLYLINE"
        assert axis.RelationshipType == "INFERRED FROM"
        ends = [number + 0.5 for point in bone["endpoints"] for number in point]
        assert list(axis.GraphicData) == pytest.approx(ends, abs=1e-3)
        assert axis.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
        [site] = below(groups[bone["bone"]], "363698007")
        assert below(site, "272741003")[0].ConceptCodeSequence[0].CodeMeaning == "Left"


def test_a_bone_says_its_score_and_the_age_that_it_gives_alone():
    reading = small_reading(z=-1.25)
    bones = tuple(
        replace(bone, bone_age_months=111.5, bone_age_interval_95=(90.25, 130.75)) for bone in reading.result.bones
    )
    group = groups_of(written(with_result(reading, bones=bones))[0])["metacarpal_2"]
    assert value_of(below(below(group, "410668003")[0], "121416")[0])[0] == -1.25
    [alone] = below(group, "AGEONEBONE")
    assert value_of(alone) == (111.5, "mo")
    assert [value_of(below(alone, code)[0])[0] for code in ("LOWER95", "UPPER95")] == [90.25, 130.75]


@pytest.mark.parametrize("reliable", [True, False])
def test_without_a_spacing_to_rely_on_lengths_are_pixels(reliable):
    reading = small_reading()
    spacing = replace(reading.result.input.pixel_spacing, reliable=reliable)
    reading = with_result(reading, input=replace(reading.result.input, pixel_spacing=spacing))
    bone = reading.result.to_dict()["bones"][7]
    [length] = below(groups_of(written(reading)[0])[bone["bone"]], "410668003")
    expected = (bone["length_mm"], "mm") if reliable else (bone["length_px"], "{pixels}")
    assert value_of(length) == (pytest.approx(expected[0], **CLOSE), expected[1])


def test_axes_follow_a_turned_and_mirrored_hand():
    reading = fake_reading(frame=drawn_frame(scale=1.0, degrees=35.0, mirrored=True))
    report, _ = written(reading)
    shape = {"rows": reading.radiograph.rows, "columns": reading.radiograph.columns}
    for bone in reading.result.bones:
        lines = [item for item in items(groups_of(report)[bone.bone]) if item.ValueType == "SCOORD"]
        expected = axis_points(bone, **shape)
        assert len(lines) == (expected is not None), bone.bone
        if expected is not None:
            assert list(lines[0].GraphicData) == pytest.approx(expected.ravel().tolist(), abs=1e-3)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (((0.0, 0.0), (9.0, 19.0)), [[0.5, 0.5], [9.5, 19.5]]),
        (((-0.9, 5.0), (10.0, 5.0)), [[0.0, 5.5], [10.0, 5.5]]),
        (((-3.0, 5.0), (4.0, 5.0)), None),
    ],
)
def test_coordinates_count_from_the_corner_and_stay_on_the_film(ends, expected):
    bone = replace(small_reading().result.bones[0], endpoints=ends)
    points = axis_points(bone, rows=20, columns=10)
    assert (None if points is None else points.tolist()) == expected


def test_an_unknown_sex_is_two_answers_each_with_its_assumption():
    reading = fake_unknown_sex()
    said = reading.result.to_dict()["by_sex"]
    report, _ = written(reading)
    groups = groups_of(report)
    assert "bone age" not in groups
    for sex, name in (("M", "bone age if boy"), ("F", "bone age if girl")):
        [age] = below(groups[name], BONE_AGE)
        assert value_of(age)[0] == pytest.approx(said[sex]["bone_age"]["months"], **CLOSE)
        for code in (BONE_AGE, "AGEMEASURED", "AGEREGRESSED", "DIFFERENCE"):
            [assumed] = below(below(groups[name], code)[0], "ASSUMEDSEX")
            assert assumed.ConceptCodeSequence[0].CodeValue == sex
    assert report.CompletionFlag == "COMPLETE"


def test_a_known_sex_is_no_assumption():
    report, _ = written(small_reading())
    assert not [item for item in items(report) if code_of(item) == "ASSUMEDSEX"]


def test_one_of_two_answers_may_be_missing():
    reading = fake_unknown_sex()
    half = {"M": replace(reading.result.by_sex["M"], bone_age=None), "F": reading.result.by_sex["F"]}
    groups = groups_of(written(with_result(reading, by_sex=half))[0])
    [boy] = below(groups["bone age if boy"], BONE_AGE)
    assert boy.ValueType == "CODE"
    assert boy.ConceptCodeSequence[0].CodeValue == "114007"
    assert below(boy, "ASSUMEDSEX")[0].ConceptCodeSequence[0].CodeValue == "M"
    assert below(groups["bone age if girl"], BONE_AGE)[0].ValueType == "NUM"


@pytest.mark.parametrize(("reading", "qualifier"), [(fake_refusal(), "114007"), (fake_error(), "114006")])
def test_without_an_answer_the_report_says_why_and_has_no_number(reading, qualifier):
    report, _ = written(reading)
    assert report.CompletionFlag == "PARTIAL"
    assert report.CompletionFlagDescription
    groups = groups_of(report)
    assert set(groups) == {"bone age"}
    [age] = below(groups["bone age"], BONE_AGE)
    assert age.ValueType == "CODE"
    assert age.ConceptCodeSequence[0].CodeValue == qualifier
    assert not [item for item in groups["bone age"].ContentSequence if item.ValueType == "NUM"]
    assert len(highdicom.sr.srread(io.BytesIO(to_bytes(report))).content.get_image_measurement_groups()) == 1
    comments = [item.TextValue for item in below(groups["bone age"], COMMENT)]
    for reason in reading.result.reasons:
        assert any(reason.message in text and reason.code in text for text in comments)


def test_a_refused_film_lists_no_bones_that_nobody_should_rely_on():
    reading = small_reading()
    reading = with_result(reading, status="refused", bone_age=None, reasons=(Reason("bones_contradict", "no"),))
    assert set(groups_of(written(reading)[0])) == {"bone age"}


def test_a_grown_hand_has_a_bound_and_no_bone_age():
    reading = small_reading()
    age = replace(reading.result.bone_age, months=180.0, bound="at_or_above", bound_months=168.0)
    group = groups_of(written(with_result(reading, bone_age=age))[0])["bone age"]
    [number] = below(group, BONE_AGE)
    assert number.ValueType == "CODE"
    assert number.ConceptCodeSequence[0].CodeValue == "114009"
    assert value_of(below(group, "ATORABOVE")[0]) == (168.0, "mo")
    assert value_of(below(group, SUBJECT_AGE)[0])[0] == 118.0
    for code in ("DIFFERENCE", "AGEMEASURED", "AGEREGRESSED"):
        assert not below(group, code)


def test_remarks_and_the_research_use_stand_in_words():
    reading = small_reading()
    reading = with_result(reading, reasons=(Reason("mirrored", "the hand is mirrored", "look at it", "info"),))
    comments = [item.TextValue for item in below(groups_of(written(reading)[0])["bone age"], COMMENT)]
    assert comments[0] == "the hand is mirrored [mirrored]. What helps: look at it."
    assert "research use" in comments[-1]


def test_what_a_site_and_a_reader_changed_stands_in_words():
    reading = small_reading()
    stamp = Calibration("Site", "ef" * 32, "2026-01-01", 140, "offset")
    changed = ReaderCorrection(final_months=120.0, comment="plates open")
    report, _ = written(with_result(reading, calibration=stamp, reader_correction=changed))
    group = groups_of(report)["automatic bone age"]
    comments = " ".join(item.TextValue for item in below(group, COMMENT))
    assert calibration_words(next(iter(with_result(reading, calibration=stamp).result.answers().values()))) in comments
    assert "10 y 0 mo (120.0 months)" in comments
    assert "plates open" in comments
    assert f"site calibration: sha256 {'ef' * 32}" in [item.TextValue for item in below(group, "111002")]


@pytest.mark.parametrize("refused", [False, True])
def test_the_age_that_a_reader_settled_on_is_the_bone_age_and_the_programs_has_a_code_of_its_own(refused):
    reading = settled(small_reading(), 120.0)
    if refused:
        reading = with_result(reading, status="refused", bone_age=None, reasons=(Reason("bones_contradict", "no"),))
    report, _ = written(reading)
    groups = groups_of(report)
    assert next(iter(groups)) == "bone age settled on by a reader"
    group = groups["bone age settled on by a reader"]
    [stated] = below(group, BONE_AGE)
    assert value_of(stated) == (120.0, "mo")
    assert [value_of(score)[0] for score in below(stated, "121416")] == [5.2]
    assert not below(stated, "LOWER95")
    assert [value_of(number) for number in below(group, "DIFFERENCE")] == [(2.0, "mo")]
    assert not below(group, "111001")
    assert "bone age" not in groups
    automatic = groups["automatic bone age"]
    assert not below(automatic, BONE_AGE)
    [program] = below(automatic, "AGEAUTOMATIC")
    assert (program.ValueType == "CODE") == refused
    assert report.CompletionFlag == "COMPLETE"


def test_without_a_final_age_there_is_no_group_of_the_reader():
    changed = with_result(small_reading(), reader_correction=ReaderCorrection(excluded=("ulna",)))
    assert "bone age settled on by a reader" not in groups_of(written(changed)[0])


def test_the_algorithm_is_named_with_its_networks_and_tables():
    reading = small_reading()
    group = groups_of(written(reading)[0])["bone age"]
    assert below(group, "111001")[0].TextValue == "boneage"
    assert below(group, "111003")[0].TextValue == reading.result.software.version
    parameters = [item.TextValue for item in below(group, "111002")]
    assert parameters == [f"network segmentation: sha256 {'cd' * 32}", "reference rsna-train, version 1"]


def test_the_same_bone_of_the_same_film_keeps_its_tracking_uid():
    reading = small_reading()
    source = film_of(reading)
    uids = [
        {name: below(group, "112040")[0].UID for name, group in groups_of(structured_report(reading, source)).items()}
        for _ in range(2)
    ]
    assert uids[0] == uids[1]
    assert len(set(uids[0].values())) == 22
    other = groups_of(structured_report(reading, film_of(reading)))
    assert uids[0]["ulna"] != below(other["ulna"], "112040")[0].UID


def test_every_code_is_short_enough_and_private_ones_are_declared():
    report, _ = written(fake_unknown_sex())
    assert [item.CodingSchemeDesignator for item in report.CodingSchemeIdentificationSequence] == ["99BONEAGE"]
    found = [element.value for element in report.iterall() if element.keyword == "CodeValue"]
    assert found
    assert max(map(len, found)) <= 16
    assert max(len(element.value) for element in report.iterall() if element.keyword == "CodeMeaning") <= 64


def test_the_parser_of_highdicom_finds_the_same_numbers():
    reading = small_reading()
    said = reading.result.to_dict()
    report = highdicom.sr.srread(io.BytesIO(to_bytes(structured_report(reading, film_of(reading)))))
    groups = {group.tracking_identifier: group for group in report.content.get_image_measurement_groups()}
    [age] = [item for item in groups["bone age"].get_measurements() if item.name.value == BONE_AGE]
    assert age.value == pytest.approx(said["bone_age"]["months"], **CLOSE)
    assert age.unit.value == "mo"
    for bone in said["bones"]:
        length = groups[bone["bone"]].get_measurements()[0]
        assert length.value == pytest.approx(bone["length_mm"], **CLOSE)
        [axis] = length.referenced_coordinates
        assert axis.value.ravel().tolist() == pytest.approx([v + 0.5 for p in bone["endpoints"] for v in p], abs=1e-3)


def test_dsrdump_reads_the_same_numbers(tmp_path):
    reading = small_reading()
    said = reading.result.to_dict()
    text = run_tool("dsrdump", structured_report(reading, film_of(reading)), tmp_path)
    assert "UNVERIFIED" in text
    assert "PRELIMINARY" in text
    [months] = re.findall(r'NUM:\(,,"Bone age"\)="([\d.]+)" \(mo,UCUM', text)
    assert float(months) == pytest.approx(said["bone_age"]["months"], **CLOSE)
    lengths = [float(value) for value in re.findall(r'"Length[^"]*"\)="([\d.]+)" \(mm,UCUM', text)]
    assert lengths == pytest.approx([bone["length_mm"] for bone in said["bones"]], **CLOSE)


@pytest.mark.parametrize(
    "reading",
    [
        small_reading(),
        fake_unknown_sex(),
        fake_refusal(),
        fake_error(),
        with_result(small_reading(), reader_correction=ReaderCorrection(final_months=120.0)),
    ],
    ids=["ok", "both", "refused", "error", "reader"],
)
def test_dciodvfy_finds_no_error(reading, tmp_path):
    text = run_tool("dciodvfy", structured_report(reading, film_of(reading)), tmp_path)
    assert "Comprehensive3DSR" in text
    assert not [line for line in text.splitlines() if line.startswith("Error")]
