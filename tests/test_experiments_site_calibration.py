"""Made-up sites of films with labels, calibrated and judged on the others."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from calibrations import made_films

from boneage.experiments.site_calibration import SitePoint, site_points, to_csv, to_markdown


@pytest.fixture(scope="module")
def points() -> tuple[SitePoint, ...]:
    return tuple(site_points(made_films(400, noise=4.0), sizes=(20, 100), shifts=(0.0, 7.0), draws=6))


def test_every_size_and_shift_has_its_point(points: tuple[SitePoint, ...]) -> None:
    assert [(point.films, point.shift_months) for point in points] == [(20, 0.0), (20, 7.0), (100, 0.0), (100, 7.0)]
    assert [point.others for point in points] == [380, 380, 300, 300]


def test_too_few_films_change_nothing(points: tuple[SitePoint, ...]) -> None:
    for point in points[:2]:
        assert point.corrected == 0
        assert point.mad_after == point.mad_before


def test_a_shift_is_taken_out_and_none_does_little_harm(points: tuple[SitePoint, ...]) -> None:
    unshifted, shifted = points[2:]
    assert shifted.mad_after < shifted.mad_before - 2
    assert shifted.corrected == 100
    assert shifted.worst_change < -1
    assert unshifted.mad_after < unshifted.mad_before + 0.3
    assert unshifted.coverage_after > 95


def test_points_are_written(points: tuple[SitePoint, ...], tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(points))))
    assert [row["films"] for row in rows] == ["20", "20", "100", "100"]
    assert to_markdown(points).count("\n| 100 |") == 2
