"""SD scores and atlas plates against the published numbers."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from boneage.errors import TableError
from boneage.reference.paths import reference_dir
from boneage.reference.standards import (
    GREULICH_PYLE_1959,
    atlas_plates,
    load_standard,
    skeletal_age_sds,
)


def test_at_a_row_the_printed_sd_is_used():
    score = skeletal_age_sds(132.0, 120.0, "M")
    assert score.sd_months == 9.79
    assert score.sds == pytest.approx(12 / 9.79)
    assert score.sds_from_table_mean == pytest.approx((132 - 125.68) / 9.79)
    assert "Brush" in score.reference
    assert score.reason == ""


@pytest.mark.parametrize(("sex", "low", "high"), [("M", 9.79, 10.09), ("F", 11.73, 11.94)])
def test_between_rows_the_sd_is_interpolated_and_not_the_nearest(sex, low, high):
    quarter = skeletal_age_sds(120.0, 123.0, sex)
    assert quarter.sd_months == pytest.approx(low + 0.25 * (high - low))
    assert quarter.sds == pytest.approx(-3 / quarter.sd_months)


def test_sexes_are_not_swapped():
    assert skeletal_age_sds(72, 60, "M").sd_months == 8.79
    assert skeletal_age_sds(72, 60, "F").sd_months == 11.65


@pytest.mark.parametrize(("sex", "age"), [("M", 204.5), ("F", 192.5), ("F", 204), ("M", 2.9), ("F", 0)])
def test_outside_the_table_there_is_no_score_but_a_reason(sex, age):
    score = skeletal_age_sds(150.0, age, sex)
    assert score.sds is None and score.sds_from_table_mean is None and score.sd_months is None
    assert "outside the table" in score.reason


@pytest.mark.parametrize(("sex", "age"), [("M", 204), ("F", 192), ("M", 3), ("F", 3)])
def test_the_ends_of_the_table_belong_to_it(sex, age):
    assert skeletal_age_sds(age, age, sex).sds == 0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_age_that_is_no_number_gives_a_reason(bad):
    assert skeletal_age_sds(bad, 120, "M").sds is None
    assert skeletal_age_sds(120, bad, "M").reason


def test_the_other_standard_is_another_one_and_says_so():
    score = skeletal_age_sds(132.0, 120.0, "M", standard=GREULICH_PYLE_1959)
    assert score.sd_months == 11.4
    assert score.sds_from_table_mean is None
    assert "Tables V and VI" in score.reference


def test_unknown_sex_and_unknown_standard_are_typed_errors():
    with pytest.raises(TableError) as caught:
        skeletal_age_sds(100, 100, "X")
    assert caught.value.code == "unknown_sex"
    with pytest.raises(TableError) as caught:
        load_standard("nobody")
    assert caught.value.code == "unknown_standard" and "brush" in caught.value.remedy


def _broken(tmp_path: Path, old: str, new: str) -> Path:
    text = (reference_dir() / "gp_brush_skeletal_age_mean_sd.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "gp_brush_skeletal_age_mean_sd.csv").write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("boys,9,9.56,1.43", "boys,9,9.56,-1.43", "table_sd_not_positive", "line 4"),
        ("boys,9,9.56,1.43", "boys,5,9.56,1.43", "table_ages_not_rising", "line 4"),
        ("boys,9,9.56,1.43", "boys,6,9.56,1.43", "table_ages_not_rising", "line 4"),
        ("boys,9,9.56,1.43", "boys,9,5.56,1.43", "table_ages_not_rising", "line 4"),
        ("boys,9,9.56,1.43", "boys,9,,1.43", "table_bad_number", "line 4"),
        ("boys,9,9.56,1.43", "boys,9,9.56,n/a", "table_bad_number", "line 4"),
        ("boys,9,9.56,1.43", "boys,9,9.56,inf", "table_bad_number", "line 4"),
        ("boys,9,", "children,9,", "table_unknown_sex", "line 4"),
        ("boys,9,9.56,1.43,5,5", "boys,9,9.56", "table_ragged", "line 4"),
        ("sd_months", "sd", "table_missing_column", "sd_months"),
        ("girls", "boys", "table_ages_not_rising", "line 26"),
    ],
)
def test_a_broken_standard_names_its_row(tmp_path, old, new, code, where):
    with pytest.raises(TableError) as caught:
        load_standard(folder=_broken(tmp_path, old, new))
    assert caught.value.code == code
    assert where in caught.value.message
    assert caught.value.remedy


def test_a_missing_file_is_a_typed_error(tmp_path):
    with pytest.raises(TableError) as caught:
        load_standard(folder=tmp_path)
    assert caught.value.code == "table_not_found"
    assert str(tmp_path) not in caught.value.message


def test_plates():
    plates = atlas_plates()
    assert (len(plates["M"]), len(plates["F"])) == (31, 27)
    assert plates["M"][0].months == 0 and plates["M"][-1].months == 228 and plates["F"][-1].months == 216
