"""The gate on a real film, changed on purpose, and on its way through the estimator."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from fake_reading import fake_reading
from scipy.ndimage import gaussian_filter
from stand_ins import StandInRooms

from boneage.errors import Refusal
from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.quality.checks import QualityCheck, box_place
from boneage.quality.gate import inspect_hand
from boneage.radiograph.radiograph import Radiograph
from boneage.radiograph.read import read_radiograph
from boneage.report.overlay import Layers, draw_overlay
from boneage.result import Check, Quality
from boneage.segmentation.bone_map import BoneMap, HandCheck
from boneage.segmentation.segmenter import Segmenter

FILM = Path(__file__).resolve().parent.parent / "examples" / "films" / "rsna_1744.webp"
CHECK = QualityCheck("drawn_check", "drawn_code", "drawn", "at most", 1.0, 2.0, "because", "do something")
PLACE = box_place((20.0, 30.0, 90.0, 120.0))


@cache
def real() -> tuple[Radiograph, BoneMap]:
    film = read_radiograph(FILM)
    return film, Segmenter().segment(film)


def verdicts(film: Radiograph, hand: BoneMap) -> dict[str, str]:
    return {finding.check.code: finding.verdict for finding in inspect_hand(film, hand) if finding.verdict != "passed"}


def test_a_good_film_passes_every_check() -> None:
    film, hand = real()
    findings = inspect_hand(film, hand)
    assert len(findings) == 6
    assert verdicts(film, hand) == {}
    assert all(np.isfinite(finding.value) for finding in findings)


@pytest.mark.parametrize(("share", "verdict"), [(170, None), (100, "warning"), (50, "refused")])
def test_blur_in_shares_of_the_palm(share: float, verdict: str | None) -> None:
    film, hand = real()
    palm = 300 * hand.frame.scale
    blurred = gaussian_filter(hand.pixels, palm / share / hand.frame.scale)
    assert verdicts(film, replace(hand, pixels=blurred)).get("too_blurred") == verdict


@pytest.mark.parametrize(("levels", "verdict"), [(255, None), (36, "warning"), (12, "refused")])
def test_few_grey_levels(levels: int, verdict: str | None) -> None:
    film, hand = real()
    coarse = replace(film, pixels=np.round(film.pixels * levels) / np.float32(levels))
    assert verdicts(coarse, hand).get("flat_contrast") == verdict


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "film.png"
    file.write_bytes(b"film")
    return file


def answer(path: Path, value: float) -> tuple[str, list[tuple[str, str]], Check]:
    rooms = StandInRooms(findings=(CHECK.found(value, "something is odd", PLACE),))
    result = Estimator(EstimateOptions(), rooms=rooms).estimate(path).result
    check = next(check for check in result.quality.checks if check.name == "drawn_check")
    return (
        result.status,
        [(reason.code, reason.severity) for reason in result.reasons if reason.code == "drawn_code"],
        check,
    )


def test_a_passed_check_is_only_noted(path: Path) -> None:
    status, reasons, check = answer(path, 0.5)
    assert (status, reasons, check.passed, check.places) == ("ok", [], True, ())


def test_a_failed_check_warns(path: Path) -> None:
    status, reasons, check = answer(path, 1.5)
    assert (status, reasons) == ("ok", [("drawn_code", "warning")])
    assert (check.passed, check.value, check.limit, check.places) == (False, 1.5, 1.0, (PLACE,))


def test_a_check_far_beyond_refuses_and_the_bones_stay(path: Path) -> None:
    rooms = StandInRooms(findings=(CHECK.found(2.5, "something is odd", PLACE),))
    reading = Estimator(EstimateOptions(), rooms=rooms).estimate(path)
    (problem,) = reading.result.problems
    assert (reading.result.status, problem.code, problem.remedy) == ("refused", "drawn_code", "do something")
    assert reading.result.bone_age is None
    assert reading.bone_map is not None


def test_the_checks_of_a_refusal_reach_the_result(path: Path) -> None:
    check = HandCheck("other_hand", False, 0.97, 0.85, (PLACE,))
    refusal = Refusal("two_hands", "two hands", remedy="cut one out", checks=(check,))
    rooms = StandInRooms(errors={"segment": refusal})
    result = Estimator(EstimateOptions(), rooms=rooms).estimate(path).result
    assert [(one.name, one.passed, one.places) for one in result.quality.checks] == [("other_hand", False, (PLACE,))]


def test_doubts_are_the_failed_checks() -> None:
    assert Quality((Check("a", True), Check("b", False))).doubts == ("b",)


def test_the_overlay_shows_where_a_check_failed() -> None:
    reading = fake_reading()
    quality = Quality((Check("drawn_check", False, 2.0, 1.0, (box_place((100.0, 50.0, 200.0, 150.0)),)),))
    marked = replace(reading, result=replace(reading.result, quality=quality))
    layers = Layers(outlines=False, axes=False, joints=False, words=False)
    plain = np.asarray(draw_overlay(marked, layers=replace(layers, checks=False)), dtype=int)
    drawn = np.asarray(draw_overlay(marked, layers=layers), dtype=int)
    changed = np.abs(plain - drawn).sum(axis=-1) > 30
    scale = plain.shape[0] / reading.radiograph.rows  # type: ignore[union-attr]
    rows, columns = np.nonzero(changed)
    assert np.min(rows) / scale == pytest.approx(50, abs=4)
    assert np.max(columns) / scale == pytest.approx(200, abs=4)
    assert not changed[round(100 * scale), round(150 * scale)]
