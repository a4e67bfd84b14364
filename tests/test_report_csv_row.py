"""One row of the batch report."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex, settled

from boneage.anatomy import BONES
from boneage.radiograph.radiograph import Spacing
from boneage.report.csv_row import COLUMNS, csv_row, csv_text
from boneage.result import BoneAge, Reason


def test_columns_are_those_of_the_contract() -> None:
    text = (
        "path, id, status, reason_code, reason, sex, sex_source, bone_age_months, lower_95_months, upper_95_months, "
        "measurement_months, regression_months, chronological_age_months, difference_months, sds, reference, "
        "laterality, pixel_spacing_mm, pixel_spacing_source"
    )
    contract = text.split(", ")
    lengths = [f"{bone}_length_{unit}" for unit in ("px", "mm") for bone in BONES]
    assert list(COLUMNS[: len(contract) + len(lengths) + 3]) == [*contract, *lengths, "sha256", "model", "version"]
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_every_row_has_every_column() -> None:
    for reading in (fake_reading(), fake_unknown_sex(), fake_refusal(), fake_error()):
        assert tuple(csv_row(reading.result)) == COLUMNS


def test_row_of_an_answer() -> None:
    row = csv_row(fake_reading(spacing=Spacing(0.1, "user", True, "")).result, identifier="child 7")
    expected = {
        "path": "drawn.png",
        "id": "child 7",
        "status": "ok",
        "reason_code": "",
        "sex": "F",
        "sex_source": "user",
        "bone_age_months": 124.0,
        "lower_95_months": 113.0,
        "upper_95_months": 135.0,
        "measurement_months": 121.0,
        "regression_months": 126.0,
        "chronological_age_months": 118.0,
        "difference_months": 6.0,
        "sds": 0.6,
        "reference": "rsna-train",
        "laterality": "L",
        "pixel_spacing_mm": 0.1,
        "sha256": "ab" * 32,
        "model": "segmentation:cdcdcdcdcdcd",
        "version": "0.0.1",
        "prior": "flat",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["metacarpal_3_length_mm"] == round(row["metacarpal_3_length_px"] * 0.1, 2)  # type: ignore[operator]


def test_cut_off_bones_have_no_length() -> None:
    row = csv_row(fake_reading().result)
    assert row["radius_length_px"] is None
    assert row["metacarpal_1_length_px"] is not None
    assert row["metacarpal_1_length_mm"] is None


def test_rows_without_an_answer_say_why() -> None:
    refusal, failure = csv_row(fake_refusal().result), csv_row(fake_error().result)
    assert (refusal["status"], refusal["reason_code"]) == ("refused", "not_a_hand")
    assert (failure["status"], failure["reason"]) == ("error", "the file ends before its pixels do")
    assert refusal["bone_age_months"] is None


def test_warnings_of_an_answer_are_listed_remarks_are_not() -> None:
    reasons = (Reason("flat", "flat film", "", "warning"), Reason("old", "old file", "", "info"))
    assert csv_row(replace(fake_reading().result, reasons=reasons))["reason_code"] == "flat"


def test_unknown_sex_has_both_ages_and_no_single_one() -> None:
    row = csv_row(fake_unknown_sex().result)
    assert (row["sex"], row["bone_age_months"]) == ("unknown", None)
    assert (row["if_male_months"], row["if_female_months"]) == (140.0, 124.0)


def test_of_a_hand_that_is_grown_for_one_sex_alone_that_sex_has_its_bound_and_no_guess() -> None:
    result = fake_unknown_sex().result
    assert result.by_sex is not None
    grown = BoneAge(210.0, (186.0, 228.0), "combined", "at_or_above", 186.0)
    row = csv_row(replace(result, by_sex={**result.by_sex, "F": replace(result.by_sex["F"], bone_age=grown)}))
    assert (row["if_male_months"], row["if_female_months"]) == (140.0, None)
    assert (row["if_male_at_or_above_months"], row["if_female_at_or_above_months"]) == (None, 186.0)
    assert row["bone_age_at_or_above_months"] is None


def test_csv_text_reads_back() -> None:
    row = csv_row(replace(fake_error().result, reasons=(Reason("odd", 'a "quoted", broken\nline'),)))
    (back,) = csv.DictReader(io.StringIO(csv_text([row])))
    assert back["reason"] == 'a "quoted", broken\nline'
    assert back["bone_age_months"] == ""


def test_the_routes_intervals_and_the_tables_versions_are_in_the_row() -> None:
    row = csv_row(fake_reading().result)
    assert (row["measurement_lower_95_months"], row["measurement_upper_95_months"]) == (104.0, 138.0)
    assert (row["regression_lower_95_months"], row["regression_upper_95_months"]) == (112.0, 140.0)
    assert row["tables"] == "rsna-train:1"
    assert (row["calibration"], row["uncalibrated_months"]) == (None, None)


def test_the_age_of_a_reader_has_its_own_difference_and_score() -> None:
    row = csv_row(settled(fake_reading()).result)
    assert (row["reader_final_months"], row["reader_difference_months"], row["reader_sds"]) == (180.0, 62.0, 5.2)
    assert (row["bone_age_months"], row["difference_months"], row["sds"]) == (124.0, 6.0, 0.6)
    both = csv_row(settled(fake_unknown_sex()).result)
    assert (both["reader_final_months"], both["reader_sds"]) == (180.0, None)
    assert csv_row(fake_reading().result)["reader_sds"] is None
