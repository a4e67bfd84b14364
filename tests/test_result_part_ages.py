"""Single bones against the hand: in the result, in words and on the overlay."""

from __future__ import annotations

from dataclasses import replace

from stand_ins import StandInRooms, film

from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.reference.posterior import PartAge, PatternEntry
from boneage.report.bone_lines import pattern_lines, step_lines
from boneage.report.overlay import foot_lines
from boneage.result import Result, out_of_step

AGES = (
    PartAge("metacarpal_3", 60.0, (40.0, 80.0)),
    PartAge("radius", 112.0, (90.0, 130.0)),
    PartAge("carpals", 150.0, (130.0, 170.0)),
    PartAge("ulna", 105.0, (80.0, 130.0)),
    PartAge("metacarpal_4", 108.0, (90.0, 125.0)),
)
PATTERN = (PatternEntry("metacarpal_3", -1.0, -2.4, True), PatternEntry("metacarpal_4", 1.0, 0.4, False))


class Rooms(StandInRooms):
    """A lookup that also says what single bones say."""

    def look_up(self, values, sex, *, unseen=()):
        found = super().look_up(values, sex)
        return replace(found, prior="population", bone_ages=AGES, pattern=PATTERN)


def _result(**changes) -> Result:
    rooms = Rooms(radiograph=film(**changes))
    return Estimator(EstimateOptions(method="measurement"), rooms=rooms).estimate_bytes(b"film").result


def test_the_result_states_prior_ages_and_pattern():
    result = _result()
    measured = result.estimates.measurement
    assert measured.prior == "population"
    assert [(age.bone, age.months) for age in measured.bone_ages] == [(a.part, a.months) for a in AGES]
    (bone,) = result.bones
    assert (bone.bone_age_months, bone.bone_age_interval_95) == (60.0, (40.0, 80.0))
    assert (result.carpals.bone_age_months, result.carpals.bone_age_interval_95) == (150.0, (130.0, 170.0))
    assert [(e.bone, e.flagged) for e in result.pattern_profile] == [("metacarpal_3", True), ("metacarpal_4", False)]
    document = result.to_dict()
    assert document["pattern_profile"][0] == {"bone": "metacarpal_3", "z": -1.0, "z_own_hand": -2.4, "flagged": True}
    assert document["estimates"]["measurement"]["prior"] == "population"
    read = Result.from_dict(document)
    assert (read.pattern_profile, read.bones, read.estimates) == (
        result.pattern_profile,
        result.bones,
        result.estimates,
    )


def test_an_unknown_sex_has_them_under_either_sex_only():
    result = _result(sex=None, sex_source="none")
    assert result.pattern_profile is None and result.bones[0].bone_age_months is None
    assert result.carpals.bone_age_months is None
    for answer in result.by_sex.values():
        assert len(answer.pattern_profile) == 2 and len(answer.estimates.measurement.bone_ages) == len(AGES)


def test_bones_whose_interval_misses_the_age_are_out_of_step():
    (answer,) = _result().answers().values()  # a boy of 110 months
    assert [age.bone for age in out_of_step(answer)] == ["metacarpal_3", "carpals"]
    (line,) = step_lines(answer)
    assert "Metacarpal 3 (middle) 5 y 0 m" in line and "Carpals 12 y 6 m" in line and "Radius" not in line
    measured = replace(answer.estimates.measurement, bone_ages=answer.estimates.measurement.bone_ages[1:2])
    assert step_lines(replace(answer, estimates=replace(answer.estimates, measurement=measured))) == []


def test_the_pattern_line_names_what_is_flagged():
    (answer,) = _result().answers().values()
    (line,) = pattern_lines(answer)
    assert "1 of 2" in line and "Metacarpal 3 (middle)" in line and "Metacarpal 4" not in line
    (quiet,) = pattern_lines(replace(answer, pattern_profile=answer.pattern_profile[1:]))
    assert "none of 1" in quiet
    assert pattern_lines(replace(answer, pattern_profile=None)) == []


def test_the_overlay_names_bones_out_of_step():
    assert any("Out of step" in line.text for line in foot_lines(_result()))
