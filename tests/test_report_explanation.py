"""The picture of the regions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_reading import fake_reading

from boneage.report.explanation import (
    FULL_MONTHS,
    OLDER,
    YOUNGER,
    colour_of,
    draw_explanation,
    explanation_png,
)
from boneage.report.overlay import picture_scale
from boneage.result import AgeByRegression, Reading, RegionOfRegression


def explained(*effects: tuple[str, float]) -> Reading:
    """A reading whose regression was asked; each region a square of 40 film pixels, one beside the other."""
    made = fake_reading()
    regions = tuple(
        RegionOfRegression(
            name,
            months,
            tuple((float(x), float(y)) for x, y in np.array([[0, 0], [40, 0], [40, 40], [0, 40]]) + 50 * n),
        )
        for n, (name, months) in enumerate(effects)
    )
    direct = made.result.estimates.regression
    assert direct is not None
    estimates = replace(made.result.estimates, regression=AgeByRegression(direct.months, direct.interval_95, regions))
    return replace(made, result=replace(made.result, estimates=estimates))


@pytest.mark.parametrize(("months", "colour"), [(24.0, OLDER), (FULL_MONTHS, OLDER), (-FULL_MONTHS, YOUNGER)])
def test_strong_effects_have_the_full_colour(months: float, colour: tuple[int, int, int]) -> None:
    assert colour_of(months) == (*colour, 150)


def test_the_opacity_grows_with_the_effect() -> None:
    assert [colour_of(months)[3] for months in (0.0, 3.0, -6.0)] == [0, 38, 75]


def test_regions_are_coloured_where_they_lie() -> None:
    made = explained(("wrist", 20.0), ("mcp_2", -20.0))
    picture = draw_explanation(made)
    plain = draw_explanation(explained(("wrist", 0.0), ("mcp_2", 0.0)))
    assert picture is not None
    assert plain is not None
    assert made.radiograph is not None
    scale = picture_scale(made.radiograph.pixels.shape)
    changed = np.abs(np.asarray(picture, float)[: plain.height] - np.asarray(plain, float)[: picture.height]).sum(
        axis=2
    )
    _, xs = np.nonzero(changed > 30)
    assert xs.min() <= 5 * scale
    assert xs.max() >= 85 * scale


def test_without_regions_there_is_no_picture() -> None:
    assert explanation_png(fake_reading()) is None


def test_without_words_the_picture_is_the_film_alone() -> None:
    made = explained(("wrist", 20.0))
    worded, plain = draw_explanation(made), draw_explanation(made, worded=False)
    assert worded is not None
    assert plain is not None
    assert made.radiograph is not None
    scale = picture_scale(made.radiograph.pixels.shape)
    assert plain.height == pytest.approx(made.radiograph.rows * scale, abs=1)
    assert worded.height > plain.height
    assert worded.width == plain.width
