"""The label map at input size."""

from __future__ import annotations

import io

import numpy as np
import pytest
from fake_reading import FRAME, drawn_bone_map, drawn_frame
from PIL import Image

from boneage.anatomy import LABEL_VALUES
from boneage.report.labels import film_labels, labels_png


def test_identity_frame_keeps_the_labels() -> None:
    bone_map = drawn_bone_map(drawn_frame(scale=1.0))
    assert np.array_equal(film_labels(bone_map, FRAME), bone_map.labels)


@pytest.mark.parametrize(("degrees", "mirrored"), [(0, False), (35, False), (-100, True), (180, True)])
def test_labels_land_where_the_frame_says(degrees: float, mirrored: bool) -> None:
    frame = drawn_frame(scale=2.3, degrees=degrees, mirrored=mirrored)
    bone_map = drawn_bone_map(frame)
    film = film_labels(bone_map, (920, 736))
    assert film.dtype == np.uint8
    for name in ("metacarpal_3", "carpals", "proximal_phalanx_1"):
        value = LABEL_VALUES[name]
        rows, columns = np.nonzero(bone_map.labels == value)
        expected = frame.to_film(np.array([[columns.mean(), rows.mean()]]))[0]
        found_rows, found_columns = np.nonzero(film == value)
        assert np.allclose([found_columns.mean(), found_rows.mean()], expected, atol=0.6)
        assert len(found_rows) == pytest.approx(len(rows) * 2.3**2, rel=0.03)


def test_no_label_is_invented_between_two() -> None:
    bone_map = drawn_bone_map(drawn_frame(scale=1.7, degrees=20))
    assert set(np.unique(film_labels(bone_map, (680, 544)))) <= set(np.unique(bone_map.labels))


def test_outside_the_frame_is_background() -> None:
    film = film_labels(drawn_bone_map(drawn_frame(scale=1.0)), (FRAME[0] + 50, FRAME[1] + 60))
    assert not film[FRAME[0] + 1 :].any()
    assert not film[:, FRAME[1] + 1 :].any()


def test_png_holds_the_labels_themselves() -> None:
    labels = drawn_bone_map(drawn_frame()).labels
    picture = Image.open(io.BytesIO(labels_png(labels)))
    assert picture.mode == "L"
    assert np.array_equal(np.asarray(picture), labels)
