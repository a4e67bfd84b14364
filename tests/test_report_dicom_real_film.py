"""All DICOM reports of the example film, read by the real rooms: one study, one film, one set of numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dicom_films import below, groups_of, read_again, value_of
from pydicom import dcmread

from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.report.dicom import bone_segmentation, secondary_capture, structured_report
from boneage.report.labels import film_labels

FILM = Path(__file__).parents[1] / "examples" / "films" / "synthetic.dcm"


@pytest.mark.slow
def test_the_example_film_is_reported_as_it_was_read():
    source = dcmread(FILM)
    reading = Estimator(EstimateOptions()).estimate(FILM)
    said = reading.result.to_dict()
    report, image, seg = (
        read_again(write(reading, source)) for write in (structured_report, secondary_capture, bone_segmentation)
    )
    assert {ds.StudyInstanceUID for ds in (report, image, seg)} == {source.StudyInstanceUID}
    assert len({ds.SeriesInstanceUID for ds in (source, report, image, seg)}) == 4
    groups = groups_of(report)
    assert value_of(below(groups["bone age"], "85151-9")[0])[0] == pytest.approx(said["bone_age"]["months"], abs=0.006)
    for bone in said["bones"]:
        [length] = below(groups[bone["bone"]], "VISIBLELENGTH" if bone["partial"] else "410668003")
        assert value_of(length) == (pytest.approx(bone["length_mm"], abs=0.006), "mm")
    labels = film_labels(reading.bone_map, (source.Rows, source.Columns))
    assert seg.NumberOfFrames == len(np.unique(labels)) - 1
    assert int(sum(frame.sum(dtype=np.int64) for frame in seg.pixel_array)) == int((labels > 0).sum())
