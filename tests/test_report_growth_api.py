"""The bone age fields of a growth chart service."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fake_reading import drawn_answer, fake_reading, fake_unknown_sex, settled
from report_material import material
from scipy.stats import norm

from boneage.errors import UsageError
from boneage.report.growth_api import growth_api_fields, write_growth_api
from boneage.result import Estimates, Result
from boneage.result.correction import ReaderCorrection


def result_of(months: float = 124.0, own: float | None = 118.0, reference: str = "rsna") -> Result:
    answer = drawn_answer(months, own)
    assert answer.estimates.measurement is not None
    lookup = replace(answer.estimates.measurement, reference=reference)
    return replace(
        fake_reading().result,
        bone_age=answer.bone_age,
        estimates=replace(answer.estimates, measurement=lookup),
        chronological=answer.chronological,
    )


def test_fields_are_those_of_the_result() -> None:
    fields = growth_api_fields(result_of())
    assert list(fields) == ["bone_age", "bone_age_type", "bone_age_sds", "bone_age_centile", "bone_age_text"]
    assert fields["bone_age"] == pytest.approx(124 / 12, abs=5e-4)
    assert fields["bone_age_sds"] == 0.6
    assert "Bone age 10 y 4 mo" in fields["bone_age_text"]


@pytest.mark.parametrize("months", [88.0, 118.0, 131.5])
def test_centile_is_that_of_the_sd_score(months: float) -> None:
    fields = growth_api_fields(result_of(months))
    assert fields["bone_age_centile"] == pytest.approx(100 * norm.cdf((months - 118) / 10), abs=0.05)


def test_what_is_not_known_is_left_out() -> None:
    assert set(growth_api_fields(result_of(own=None))) == {"bone_age", "bone_age_type", "bone_age_text"}
    assert "bone_age_type" not in growth_api_fields(result_of(reference="our_own_table"))


def test_the_regression_alone_is_on_the_scale_of_its_readings() -> None:
    result = result_of()
    alone = replace(result, estimates=Estimates(None, result.estimates.regression))
    assert growth_api_fields(alone)["bone_age_type"] == "greulich-pyle"


def test_two_answers_are_none_for_a_chart() -> None:
    with pytest.raises(UsageError) as caught:
        growth_api_fields(fake_unknown_sex().result)
    assert caught.value.code == "report_needs_sex"


def test_file_is_json_of_the_fields() -> None:
    told = material(fake_reading())
    assert json.loads(write_growth_api(told)) == growth_api_fields(told.reading.result)


def test_a_bound_is_no_point_on_a_chart() -> None:
    result = result_of()
    assert result.bone_age is not None
    grown = replace(result.bone_age, bound="at_or_above", bound_months=186.0)
    with pytest.raises(UsageError) as caught:
        growth_api_fields(replace(result, bone_age=grown))
    assert caught.value.code == "report_needs_number"


def test_the_age_of_a_reader_goes_first_with_its_own_score_and_without_a_type() -> None:
    fields = growth_api_fields(settled(fake_reading(), 130.0).result)
    assert set(fields) == {"bone_age", "bone_age_sds", "bone_age_centile", "bone_age_text"}
    assert fields["bone_age"] == pytest.approx(130 / 12, abs=5e-4)
    assert fields["bone_age_sds"] == 5.2  # the reader's, not the 0.6 of the program
    assert fields["bone_age_centile"] == 100.0
    assert "automatic: bone age 10 y 4 mo" in fields["bone_age_text"]


def test_of_a_readers_age_that_is_held_against_nothing_there_is_no_score() -> None:
    fields = growth_api_fields(replace(result_of(), reader_correction=ReaderCorrection(final_months=132.0)))
    assert set(fields) == {"bone_age", "bone_age_text"}
    assert fields["bone_age"] == 11.0


def test_a_readers_age_of_an_unknown_sex_is_none_for_a_chart() -> None:
    with pytest.raises(UsageError) as caught:
        growth_api_fields(settled(fake_unknown_sex()).result)
    assert caught.value.code == "report_needs_sex"
