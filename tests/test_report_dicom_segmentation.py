"""The segmentation of the bones: every label upon the pixels of the film."""

from __future__ import annotations

import io

import highdicom
import numpy as np
import pytest
from dicom_films import below, film_of, groups_of, read_again, run_tool, small_reading
from fake_reading import drawn_frame, fake_reading, fake_refusal
from make_dicom import to_bytes

from boneage.anatomy import LABEL_VALUES, LABELS
from boneage.errors import UsageError
from boneage.report.dicom import bone_segmentation, structured_report
from boneage.report.dicom.coded import anatomy_code, structure_code
from boneage.report.labels import film_labels
from boneage.result import Reading


def labels_of(reading: Reading) -> np.ndarray:
    """The label map of a reading at the size of its film."""
    return film_labels(reading.bone_map, (reading.radiograph.rows, reading.radiograph.columns))


@pytest.mark.parametrize(
    "frame", [drawn_frame(scale=1.0), drawn_frame(scale=1.0, degrees=20.0, mirrored=True)], ids=["upright", "turned"]
)
def test_each_frame_is_the_label_on_the_film(frame):
    reading = fake_reading(frame=frame)
    source = film_of(reading)
    seg = read_again(bone_segmentation(reading, source))
    labels = labels_of(reading)
    names = {item.SegmentNumber: item.SegmentLabel for item in seg.SegmentSequence}
    assert set(names.values()) == {LABELS[value] for value in np.unique(labels) if value}
    assert (seg.Rows, seg.Columns, seg.NumberOfFrames) == (*labels.shape, len(names))
    for frame_groups, mask in zip(seg.PerFrameFunctionalGroupsSequence, seg.pixel_array, strict=True):
        name = names[frame_groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber]
        assert np.array_equal(mask > 0, labels == LABEL_VALUES[name]), name
        [derived] = frame_groups.DerivationImageSequence
        assert derived.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID


def test_a_label_map_holds_the_same():
    reading = small_reading()
    seg = read_again(bone_segmentation(reading, film_of(reading), labelmap=True))
    names = {item.SegmentNumber: item.SegmentLabel for item in seg.SegmentSequence if item.SegmentNumber}
    back = np.zeros(256, np.uint8)
    for number, name in names.items():
        back[number] = LABEL_VALUES[name]
    assert np.array_equal(back[seg.pixel_array], labels_of(reading))


def test_the_parser_of_highdicom_finds_the_same_pixels():
    reading = small_reading()
    source = film_of(reading)
    seg = highdicom.seg.segread(io.BytesIO(to_bytes(bone_segmentation(reading, source))))
    [number] = seg.get_segment_numbers(segment_label="metacarpal_3_epiphysis")
    pixels = seg.get_pixels_by_source_instance([source.SOPInstanceUID], segment_numbers=[number])
    assert np.array_equal(pixels[0, ..., 0] > 0, labels_of(reading) == LABEL_VALUES["metacarpal_3_epiphysis"])


def test_each_segment_says_what_it_is_and_who_made_it():
    reading = small_reading()
    source = film_of(reading)
    seg = bone_segmentation(reading, source)
    segments = {item.SegmentLabel: item for item in seg.SegmentSequence}
    radius = segments["radius_epiphysis"]
    assert radius.SegmentedPropertyTypeCodeSequence[0].CodeValue == "62413002"
    assert radius.PrimaryAnatomicStructureSequence[0].CodeValue == "RADIUS-EPI"
    assert radius.SegmentAlgorithmType == "AUTOMATIC"
    assert "cdcd" in radius.SegmentationAlgorithmIdentificationSequence[0].AlgorithmParameters
    report = groups_of(structured_report(reading, source))
    assert segments["ulna"].TrackingUID == below(report["ulna"], "112040")[0].UID
    assert "FrameOfReferenceUID" not in seg


def test_every_label_has_a_code_of_its_own_that_fits():
    own = {structure_code(label).value for label in LABELS.values()}
    assert len(own) == len(LABELS)
    assert max(map(len, own)) <= 16
    assert structure_code("metacarpal_3_epiphysis").value == "MC3-EPI"
    assert {anatomy_code(label).scheme_designator for label in LABELS.values()} == {"SCT"}


def test_a_refused_film_has_no_outlines_to_rely_on():
    reading = fake_refusal()
    with pytest.raises(UsageError) as caught:
        bone_segmentation(reading, film_of(reading))
    assert caught.value.code == "report_needs_answer"
    assert "dicom-sr" in caught.value.remedy


def test_a_film_without_a_marked_bone_has_no_segmentation():
    from dataclasses import replace

    reading = small_reading()
    empty = replace(reading.bone_map, labels=np.zeros_like(reading.bone_map.labels))
    with pytest.raises(UsageError) as caught:
        bone_segmentation(Reading(reading.result, reading.radiograph, empty), film_of(reading))
    assert caught.value.code == "report_no_bones"


def test_dciodvfy_finds_no_error(tmp_path):
    reading = small_reading()
    text = run_tool("dciodvfy", bone_segmentation(reading, film_of(reading)), tmp_path)
    assert "Segmentation" in text
    assert not [line for line in text.splitlines() if line.startswith("Error")]


def test_dcmdump_reads_the_segments(tmp_path):
    reading = small_reading()
    text = run_tool("dcmdump", bone_segmentation(reading, film_of(reading)), tmp_path)
    for name in ("metacarpal_3", "distal_phalanx_5_epiphysis", "carpals"):
        assert f"[{name}]" in text
