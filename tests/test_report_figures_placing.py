"""The film round a bone, with ends to be placed."""

from __future__ import annotations

import base64
import io

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from boneage.report.figures.placing import CLOSE, TARGET_META, TARGETS, clicked_point, placing_figure, view_of

ENDS = ((100.0, 220.0), (110.0, 120.0))


def film() -> np.ndarray:
    pixels = np.tile(np.linspace(0, 1, 200, dtype=np.float32), (300, 1))
    return np.ascontiguousarray(pixels)


def targets(figure: go.Figure) -> go.Scatter:
    (trace,) = [trace for trace in figure.data if trace.meta == TARGET_META]
    return trace


def test_both_ends_are_drawn_where_they_are_and_named() -> None:
    figure = placing_figure(film(), ENDS, names=("near", "far"))
    axis = figure.data[0]
    assert list(zip(axis.x, axis.y, axis.text, strict=True)) == [(100.0, 220.0, "near"), (110.0, 120.0, "far")]
    assert len(figure.data) == 2


def test_what_was_found_is_drawn_beside_what_was_placed() -> None:
    before = ((90.0, 210.0), (110.0, 120.0))
    figure = placing_figure(film(), ENDS, names=("", ""), before=before)
    assert list(figure.data[0].x) == [90.0, 110.0]
    assert len(placing_figure(film(), ENDS, names=("", ""), before=ENDS).data) == 2


@pytest.mark.parametrize("close_to", [None, 0, 1])
def test_targets_cover_the_view_and_a_click_is_near(close_to: int | None) -> None:
    left, top, side = view_of(ENDS, close_to)
    trace = targets(placing_figure(film(), ENDS, names=("", ""), close_to=close_to))
    assert len(trace.x) == TARGETS**2
    assert trace.hoverinfo == "none"  # "skip" would let no click through
    points = np.column_stack([trace.x, trace.y])
    for wanted in ((left + 0.3 * side, top + 0.77 * side), (left + 0.01 * side, top + 0.99 * side)):
        assert np.abs(points - wanted).max(axis=1).min() <= side / TARGETS / 2 + 0.06


def test_a_close_view_is_about_its_end() -> None:
    left, top, side = view_of(ENDS, 1)
    assert (left + side / 2, top + side / 2) == pytest.approx(ENDS[1])
    assert side == pytest.approx(CLOSE * np.hypot(10, 100))
    left, top, side = view_of(ENDS, None)
    for x, y in ENDS:
        assert left < x < left + side
        assert top < y < top + side


def test_the_view_stays_while_an_end_is_moved_within_it() -> None:
    moved = ((102.0, 200.0), ENDS[1])
    assert view_of(moved, None, before=ENDS) == pytest.approx(view_of(ENDS, None))
    left, _, side = view_of(((300.0, 220.0), ENDS[1]), None, before=ENDS)
    assert left < 100 < 300 < left + side


def test_the_picture_is_the_film_under_the_view() -> None:
    figure = placing_figure(film(), ENDS, names=("", ""))
    (image,) = figure.layout.images
    left, _, _ = view_of(ENDS, None)
    assert image.x + 0.5 == pytest.approx(np.floor(left))
    picture = Image.open(io.BytesIO(base64.b64decode(image.source.split(",")[1])))
    assert picture.size == (image.sizex, image.sizey)
    row = np.asarray(picture.convert("L"), dtype=float)[10]
    assert row[-1] > row[0] + 100


def test_a_view_beyond_the_film_does_not_fail() -> None:
    figure = placing_figure(film(), ((400.0, 500.0), (420.0, 520.0)), names=("", ""))
    assert figure.layout.images[0].sizex >= 1


def test_a_click_is_a_point_or_nothing() -> None:
    assert clicked_point(1, 2.5) == (1.0, 2.5)
    assert clicked_point(None, 2) is None
