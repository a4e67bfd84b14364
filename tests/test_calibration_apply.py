"""A calibration on its way through the estimator: every age, the stamp, the warnings, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from calibrations import made_site, shifted_by
from stand_ins import StandInRooms, film

from boneage.calibration.apply import Calibrator, uncalibrated
from boneage.calibration.site import Correction, RouteCalibration, SiteCalibration
from boneage.errors import UsageError
from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.report.csv_row import csv_row
from boneage.report.speech import Speech
from boneage.report.text import blocks
from boneage.report.wording import calibration_words, paragraph
from boneage.result import (
    AgeByMeasurement,
    AgeByRegression,
    AgeCurve,
    AgeOfBone,
    BoneAge,
    Chronological,
    Estimates,
    Result,
    SexAnswer,
    load_schema,
)


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(b"anything")
    return path


def read(png: Path, *, sex: str = "M", own: float | None = None, site: SiteCalibration | None = None) -> Result:
    rooms = StandInRooms(film(sex=None if sex == "unknown" else sex))
    options = EstimateOptions(calibration=site)
    return Estimator(options, rooms=rooms).estimate(png, chronological_age_months=own).result


def site(**corrections: Correction) -> SiteCalibration:
    """Boys with a correction of each route, 6 months up unless said; girls with too few films."""
    routes = {
        route: RouteCalibration({"M": corrections.get(route, shifted_by(6.0)), "F": Correction(films=5)}, 1.25)
        for route in ("combined", "measurement", "regression")
    }
    return made_site(StandInRooms(), routes=routes)


def test_every_age_is_corrected_by_its_own_route(png: Path) -> None:
    before = read(png)
    after = read(png, site=site(measurement=shifted_by(-4.0), regression=shifted_by(2.0)))
    assert before.bone_age is not None
    assert after.bone_age is not None
    assert after.bone_age.months == pytest.approx(before.bone_age.months + 6)
    low, high = before.bone_age.interval_95
    half = 1.25 * (high - low) / 2
    assert after.bone_age.interval_95 == pytest.approx((after.bone_age.months - half, after.bone_age.months + half))
    assert after.bone_age.method == "combined"
    assert after.estimates.measurement is not None
    assert after.estimates.regression is not None
    assert (after.estimates.measurement.months, after.estimates.regression.months) == (106.0, 106.0)
    assert after.estimates.measurement.bone_ages == (AgeOfBone("metacarpal_3", 106.0, (68.5, 143.5)),)
    assert after.estimates.measurement.contributions == before.estimates.measurement.contributions  # type: ignore[union-attr]


def test_the_comparison_with_the_own_age_follows(png: Path) -> None:
    before, after = read(png, own=110.0), read(png, own=110.0, site=site())
    assert before.chronological is not None
    assert after.chronological is not None
    assert after.chronological.difference_months == pytest.approx(before.chronological.difference_months + 6)  # type: ignore[operator]
    assert after.chronological.sds is not None
    assert after.chronological.sds > before.chronological.sds  # type: ignore[operator]


def test_the_stamp_says_what_was_applied_and_keeps_what_was_read(png: Path) -> None:
    before, after = read(png), read(png, site=site())
    stamp = after.calibration
    assert stamp is not None
    assert (stamp.name, stamp.sha256, stamp.created) == ("Hospital X", "ab" * 32, "2026-01-31")
    assert (stamp.fitted_on_n, stamp.correction) == (50, "offset")
    assert stamp.uncalibrated is not None
    assert stamp.uncalibrated.bone_age == before.bone_age


def test_it_is_reversible_from_the_json_alone(png: Path) -> None:
    before = read(png)
    after = Result.from_dict(json.loads(read(png, site=site()).to_json()))
    (answer,) = after.answers().values()
    (expected,) = Result.from_dict(json.loads(before.to_json())).answers().values()
    assert uncalibrated(answer) == expected


def test_without_a_calibration_the_json_knows_nothing_of_it(png: Path) -> None:
    known, unknown = read(png).to_dict(), read(png, sex="unknown").to_dict()
    assert "calibration" not in {*known, *unknown, *unknown["by_sex"]["M"]}


@pytest.mark.parametrize("sex", ["M", "F", "unknown"])
def test_the_json_keeps_its_schema_and_comes_back(png: Path, sex: str) -> None:
    result = read(png, sex=sex, own=110.0, site=site())
    jsonschema.Draft202012Validator(load_schema()).validate(json.loads(result.to_json()))
    assert Result.from_dict(json.loads(result.to_json())).to_json() == result.to_json()


def test_both_answers_of_an_unknown_sex_have_their_own(png: Path) -> None:
    before, after = read(png, sex="unknown"), read(png, sex="unknown", site=site())
    assert before.by_sex is not None
    assert after.by_sex is not None
    shifts = {sex: after.by_sex[sex].bone_age.months - before.by_sex[sex].bone_age.months for sex in ("M", "F")}  # type: ignore[union-attr]
    assert shifts == pytest.approx({"M": 6.0, "F": 0.0})
    corrections = {sex: after.by_sex[sex].calibration.correction for sex in ("M", "F")}  # type: ignore[union-attr]
    assert corrections == {"M": "offset", "F": "few_films"}
    assert after.calibration is not None
    assert (after.calibration.uncalibrated, after.calibration.fitted_on_n) == (None, 55)


def test_a_sex_with_few_films_keeps_its_answer_and_is_told(png: Path) -> None:
    before, after = read(png, sex="F"), read(png, sex="F", site=site())
    assert (after.bone_age, after.estimates) == (before.bone_age, before.estimates)
    warning = next(reason for reason in after.warnings if reason.code == "calibration_few_girls")
    assert "only 5 films of girls" in warning.message


def test_outside_the_fitted_ages_is_a_warning(png: Path) -> None:
    narrow = shifted_by(6.0, range_months=(120.0, 150.0))
    codes = {reason.code: reason.severity for reason in read(png, site=site(combined=narrow)).warnings}
    assert codes["outside_calibration_boys"] == "warning"
    assert "outside_calibration_boys" not in {reason.code for reason in read(png, site=site()).warnings}


def test_a_second_application_is_refused() -> None:
    calibrator = Calibrator(site())
    answer = SexAnswer(
        BoneAge(100.0, (80.0, 120.0), "measurement"), Estimates(AgeByMeasurement(100.0, (80.0, 120.0), "t"))
    )
    once = calibrator.calibrate(answer, "M")
    assert once.bone_age is not None
    assert once.bone_age.months == 106.0
    with pytest.raises(UsageError) as caught:
        calibrator.calibrate(once, "M")
    assert caught.value.code == "already_calibrated"
    assert calibrator.calibrate(uncalibrated(once), "M") == once


def test_a_refused_film_has_no_stamp(png: Path) -> None:
    rooms = StandInRooms(measured={"M": 40.0}, regressed={"M": 200.0})
    result = Estimator(EstimateOptions(calibration=site()), rooms=rooms).estimate(png).result
    assert (result.status, result.calibration) == ("refused", None)


def test_the_curve_moves_and_widens_with_its_interval() -> None:
    curve = AgeCurve((90.0, 100.0, 110.0), (0.02, 0.05, 0.02))
    answer = SexAnswer(
        BoneAge(100.0, (80.0, 120.0), "measurement"),
        Estimates(AgeByMeasurement(100.0, (80.0, 120.0), "t", curve=curve)),
    )
    moved = Calibrator(site()).calibrate(answer, "M").estimates.measurement
    assert moved is not None
    assert moved.curve is not None
    assert moved.curve.ages == pytest.approx((93.5, 106.0, 118.5))
    assert moved.curve.density == pytest.approx((0.016, 0.04, 0.016))


@pytest.mark.parametrize(("shift", "bound"), [(-6.0, 180.0), (6.0, 192.0)])
def test_a_grown_hand_keeps_no_upper_end_and_its_bound_moves(shift: float, bound: float) -> None:
    grown = BoneAge(200.0, (185.0, 240.0), "regression", "at_or_above", 186.0)
    answer = SexAnswer(grown, Estimates(regression=AgeByRegression(200.0, (185.0, 215.0))))
    age = Calibrator(site(regression=shifted_by(shift))).calibrate(answer, "M").bone_age
    assert age is not None
    assert (age.bound, age.bound_months, age.interval_95[1]) == ("at_or_above", bound, 240.0)
    assert age.interval_95[0] <= bound


def test_of_a_grown_hand_the_bound_alone_is_said_as_it_was_read() -> None:
    grown = BoneAge(200.0, (185.0, 240.0), "regression", "at_or_above", 186.0)
    narrow = replace(shifted_by(6.0), range_months=(60.0, 150.0))
    calibrator = Calibrator(site(regression=narrow))
    answer = calibrator.calibrate(SexAnswer(grown, Estimates(regression=AgeByRegression(200.0, (185.0, 215.0)))), "M")
    assert calibration_words(answer).endswith("as it was read: at or above 15 y 6 mo.")
    in_chinese = Speech("zh").calibration(answer)
    assert Speech("zh").answer(grown) in in_chinese
    assert Speech("zh").age(200.0) not in in_chinese
    (outside,) = (one.message for one in calibrator.remarks(answer, "M") if one.code.startswith("outside"))
    assert "(186 months before it)" in outside
    own = Chronological(190.0, 2.0, 0.4, "of SD scores", at_least=True, doubt="interval")
    before = uncalibrated(replace(answer, chronological=own)).chronological
    assert before == Chronological(190.0, -4.0, at_least=True)


def test_a_bound_among_the_fitted_ages_lies_not_outside() -> None:
    """No grown hand is fitted on, so the best guess behind a bound is always beyond the films."""
    grown = BoneAge(200.0, (185.0, 240.0), "regression", "at_or_above", 186.0)
    calibrator = Calibrator(site(regression=replace(shifted_by(6.0), range_months=(60.0, 195.0))))
    answer = calibrator.calibrate(SexAnswer(grown, Estimates(regression=AgeByRegression(200.0, (185.0, 215.0)))), "M")
    assert calibrator.remarks(answer, "M") == ()


def test_whether_a_hand_is_grown_is_asked_before_the_correction(png: Path) -> None:
    """Measured and read at 205 months a boy is grown, also where his site's correction is 10 months down."""
    rooms = StandInRooms(measured={"M": 205.0}, regressed={"M": 205.0})
    fitted = site(combined=shifted_by(-10.0))
    age = Estimator(EstimateOptions(calibration=fitted), rooms=rooms).estimate(png).result.bone_age
    assert age is not None
    assert (age.bound, age.bound_months) == ("at_or_above", 182.0)


def test_a_calibration_that_does_not_fit_stops_the_film_and_the_check(png: Path) -> None:
    fitted = site()
    other = replace(fitted, origin=replace(fitted.origin, models={"locator": "00"}))
    estimator = Estimator(EstimateOptions(calibration=other), rooms=StandInRooms())
    with pytest.raises(UsageError) as caught:
        estimator.check()
    assert caught.value.code == "calibration_of_other_networks"
    result = estimator.estimate(png).result
    assert (result.status, result.bone_age, result.problems[0].code) == ("error", None, "calibration_of_other_networks")


def test_a_calibration_without_the_route_is_wrong_usage() -> None:
    fitted = site()
    only = replace(fitted, routes={"measurement": fitted.routes["measurement"]})
    with pytest.raises(UsageError, match="no correction for: combined, regression"):
        Estimator(EstimateOptions(calibration=only), rooms=StandInRooms()).check()
    Estimator(EstimateOptions("measurement", calibration=only), rooms=StandInRooms()).check()


def test_words_csv_and_terminal_say_it(png: Path) -> None:
    result = read(png, site=site())
    (answer,) = result.answers().values()
    words = "Corrected (site calibration Hospital X, 50 local films of this sex); as it was read: 8 y 11 mo."
    assert calibration_words(answer) == words
    assert words in paragraph(result)
    assert any(words in str(block) for block in blocks(result))
    row = csv_row(result)
    assert (row["calibration"], row["uncalibrated_months"]) == (f"Hospital X:{'ab' * 6}", 107.0)
    assert row["bone_age_months"] == 113.0
    assert csv_row(read(png))["calibration"] is None


def test_words_where_nothing_was_moved(png: Path) -> None:
    girl = next(iter(read(png, sex="F", site=site()).answers().values()))
    boy = next(iter(read(png, site=site(combined=shifted_by(0.0, kept="none"))).answers().values()))
    assert calibration_words(girl).startswith("Not corrected (site calibration Hospital X, 5 local films")
    assert calibration_words(boy).startswith("Age left as it was read (site calibration Hospital X, 50 local films")
    assert calibration_words(next(iter(read(png).answers().values()))) == ""
