"""A calibration is applied only to answers of what it was fitted with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from calibrations import made_site
from stand_ins import StandInRooms

from boneage.calibration.origin import check_origin, origin_of
from boneage.calibration.site import Origin, SiteCalibration
from boneage.combination import CombinationModel
from boneage.errors import UsageError
from boneage.options import EstimateOptions, Method
from boneage.software import installed_models

ORIGIN = Origin("1.0", "flat", {"locator": "aa", "regression": "bb"}, {"rsna": "7"}, "cc")


def site(**changes: object) -> SiteCalibration:
    return replace(made_site(StandInRooms()), origin=replace(ORIGIN, **changes))  # type: ignore[arg-type]


def codes(fitted: SiteCalibration, now: Origin = ORIGIN, method: Method = "auto") -> list[str]:
    return [note.code for note in check_origin(fitted, now, EstimateOptions(method))]


def test_the_same_origin_needs_no_word() -> None:
    assert codes(site()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"models": {"locator": "00", "regression": "bb"}}, "calibration_of_other_networks"),
        ({"models": {"locator": "aa"}}, "calibration_of_other_networks"),
        ({"models": {"locator": "aa", "regression": "bb", "more": "dd"}}, "calibration_of_other_networks"),
        ({"references": {"rsna": "8"}}, "calibration_of_other_table"),
        ({"references": {"own": "7"}}, "calibration_of_other_table"),
        ({"prior": "population"}, "calibration_of_other_prior"),
        ({"combination": "dd"}, "calibration_of_other_combination"),
    ],
)
def test_another_origin_is_refused_with_what_helps(change: dict[str, object], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        codes(site(**change))
    assert caught.value.code == code
    assert caught.value.remedy


def test_another_version_is_a_warning() -> None:
    assert codes(site(version="0.9")) == ["calibration_of_other_version"]


@pytest.mark.parametrize("change", [{"references": {"rsna": ""}}, {"combination": ""}, {"prior": ""}])
def test_what_a_report_did_not_say_is_a_warning(change: dict[str, object]) -> None:
    assert codes(site(**change)) == ["calibration_origin_unknown"]


def test_a_method_needs_only_what_it_uses() -> None:
    """The measurement alone does not care for the regression network, nor the regression for table and prior."""
    measured = Origin("1.0", "flat", {"locator": "aa"}, {"rsna": "7"})
    assert codes(site(models={"locator": "aa", "regression": "00"}), measured, "measurement") == []
    regressed = Origin("1.0", "flat", {"locator": "aa", "regression": "bb"})
    assert codes(site(references={"own": "1"}, prior="population"), regressed, "regression") == []


def test_origin_of_what_is_installed() -> None:
    rooms = StandInRooms()
    found = origin_of(rooms, EstimateOptions())
    assert found.models == {model.name: model.sha256 for model in installed_models()}
    assert found.references == {"stand_in_table": "7"}
    other = origin_of(StandInRooms(combination=CombinationModel(agreement_months=30.0)), EstimateOptions())
    assert found.combination != other.combination
    assert not any(name.startswith("regress") for name in origin_of(rooms, EstimateOptions("measurement")).models)
    assert origin_of(rooms, EstimateOptions("regression")).references == {}
