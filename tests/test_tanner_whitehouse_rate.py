"""From stages to score and age: printed rows, rows between, ends of the tables, and what is not rated."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from boneage.errors import UsageError
from boneage.reference.paths import reference_dir
from boneage.reference.rows import read_columns
from boneage.tanner_whitehouse.rate import parse_stages, rate
from boneage.tanner_whitehouse.score_age import age_of_score, age_rows
from boneage.tanner_whitehouse.systems import SYSTEMS
from boneage.tanner_whitehouse.text import rating_lines

WITH_AGES = [(key, sex) for key, system in SYSTEMS.items() if system.ages for sex in ("M", "F")]


def all_at(key: str, sex: str, place: int) -> dict[str, str]:
    """Return every bone at its stage of this place in the row of its stages."""
    system = SYSTEMS[key]
    return {bone: system.allowed(bone, sex)[place] for bone in system.bones(sex)}  # type: ignore[arg-type]


def age(key: str, sex: str, score: float):  # type: ignore[no-untyped-def]
    table = SYSTEMS[key].ages
    assert table is not None
    return age_of_score(table, sex, score)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "sex", "score", "months"),
    [
        ("tw3-rus", "M", 316, 120),
        ("tw3-rus", "M", 42, 24),
        ("tw3-rus", "M", 977, 196.8),
        ("tw3-rus", "F", 501, 120),
        ("tw3-rus", "F", 126, 24),
        ("tw2-rus-japanese", "M", 284, 120),
        ("tw2-rus-japanese", "F", 465, 120),
        ("tw2-carpal-japanese", "M", 654, 120),
        ("tw2-carpal-japanese", "F", 998, 153.6),
        ("tw2-20bone-japanese", "F", 761, 120),
        ("jp-rus", "M", 284, 120),
        ("jp-rus", "F", 465, 120),
        ("rus-chn", "M", 238, 120),
        ("rus-chn", "F", 453, 120),
        ("rus-chn", "F", 40, 12),
    ],
)
def test_printed_rows(key: str, sex: str, score: float, months: float) -> None:
    found = age(key, sex, score)
    assert found.months == pytest.approx(months)
    assert [cell.value for cell in found.cells] == [score]


@pytest.mark.parametrize(
    ("key", "sex", "score", "months"),
    [
        ("tw3-rus", "M", 314, 12 * 9.95),  # 312 at 9.9, 316 at 10.0
        ("jp-rus", "M", 285, 120.5),  # 284 at 120, 286 at 121
        ("rus-chn", "M", 253, 123),  # 238 at 10, 268 at 10.5 years
    ],
)
def test_between_two_rows_it_is_halfway(key: str, sex: str, score: float, months: float) -> None:
    found = age(key, sex, score)
    assert found.months == pytest.approx(months)
    assert len(found.cells) == 2


@pytest.mark.parametrize(("key", "sex"), WITH_AGES)
def test_every_row_is_reached_and_the_age_rises_with_the_score(key: str, sex: str) -> None:
    table = SYSTEMS[key].ages
    assert table is not None
    rows = age_rows(table)[sex]  # type: ignore[index]
    assert rows.scores[-1] == 1000
    for row, score in enumerate(rows.scores[:-1]):
        assert age(key, sex, score).months == pytest.approx(rows.middle[row])
    ages = [age(key, sex, score).months for score in range(int(rows.scores[0]), 1000)]
    assert all(low < high for low, high in pairwise(ages))


@pytest.mark.parametrize(("key", "sex"), WITH_AGES)
def test_beyond_the_table_there_is_a_bound_and_no_number(key: str, sex: str) -> None:
    table = SYSTEMS[key].ages
    assert table is not None
    rows = age_rows(table)[sex]  # type: ignore[index]
    below, above = age(key, sex, rows.scores[0] - 1), age(key, sex, 1000)
    assert (below.months, below.bound, below.bound_months) == (None, "below", rows.first[0])
    assert (above.months, above.bound, above.bound_months) == (None, "at_or_above", rows.first[-1])
    assert below.notes and above.notes


@pytest.mark.parametrize(
    ("key", "sex", "months"),
    [("tw3-rus", "M", 198), ("tw3-rus", "F", 180), ("rus-chn", "M", 216), ("jp-rus", "F", 176)],
)
def test_a_grown_hand_is_at_or_above_the_end(key: str, sex: str, months: float) -> None:
    found = rate(key, sex, all_at(key, sex, -1))  # type: ignore[arg-type]
    assert (found.score, found.bone_age_months, found.bound, found.bound_months) == (1000, None, "at_or_above", months)
    assert "at or above" in rating_lines(found)[0]


def test_a_hand_without_centres_is_below() -> None:
    found = rate("tw3-rus", "F", all_at("tw3-rus", "F", 0))
    assert (found.score, found.bound, found.bound_months) == (0, "below", 24)
    assert "below 2 y 0 mo" in rating_lines(found)[0]


def test_a_score_printed_at_two_ages_is_their_middle_and_says_so() -> None:
    found = age("jp-rus", "F", 225)  # printed at 47 and 48 months
    assert found.months == 47.5
    assert any("the middle is taken" in note for note in found.notes)
    assert found.cells[0].row == "3 y 11 mo to 4 y 0 mo"


def test_the_doubtful_japanese_row_is_said_where_it_takes_part() -> None:
    said = {
        score: any("misprint" in note for note in age("jp-rus", "F", score).notes) for score in (536, 538, 540, 554)
    }
    assert said == {536: False, 538: True, 540: True, 554: False}
    assert not age("jp-rus", "M", 540).notes


def test_the_wrong_row_of_rus_chn_is_left_out_and_its_gap_is_said() -> None:
    found = age("rus-chn", "F", 706)  # halfway from 637 at 11.5 to 775 at 12.5 years
    assert found.months == pytest.approx(144)
    assert any("left out" in note for note in found.notes)
    assert not age("rus-chn", "F", 637).notes
    assert 597 not in age_rows(SYSTEMS["rus-chn"].ages)["F"].scores  # type: ignore[arg-type]


def test_the_medians_of_rus_chn_agree_with_the_polynomial_of_the_same_standard() -> None:
    file = reference_dir() / "tanner_whitehouse" / "rus_chn05_score_by_age_knots.csv"
    columns = read_columns(file, ("sex", "rus_chn_score", "age_from_polynomial_at_this_score", "flag", "age_years"))
    compared = 0
    for row in range(columns.rows):
        score = columns.numbers("rus_chn_score")[row]
        if not columns.text("flag")[row] and 80 <= score < 980:
            sex = "MF"[columns.sexes()[row]]
            polynomial = columns.numbers("age_from_polynomial_at_this_score")[row]
            assert age("rus-chn", sex, float(score)).months == pytest.approx(12 * polynomial, abs=12 * 0.26)
            compared += 1
    assert compared > 45


def test_a_rating_sums_the_points_and_cites_its_tables() -> None:
    stages = {**all_at("tw3-rus", "M", 5), "radius": "G"}  # stage F throughout but the radius
    found = rate("tw3-rus", "M", stages)
    assert found.score == 385 == sum(bone.points for bone in found.bones)
    assert found.bone_age_months == pytest.approx(12 * (11.3 + 0.1 * 4 / 6))  # 381 at 11.3, 387 at 11.4
    assert found.score_table == "TW2/TW3 RUS stage scores, boys"
    assert [cell.row for cell in found.cells] == ["11.3 years", "11.4 years"]
    text = "\n".join(rating_lines(found))
    assert "score 385, bone age 11 y 4.4 mo" in text
    assert found.reference in text and "radius G: 87" in text


def test_the_same_stages_are_another_age_in_another_system() -> None:
    stages = all_at("tw3-rus", "F", 5)
    ages = {key: rate(key, "F", stages).bone_age_months for key in ("tw3-rus", "tw2-rus-japanese", "jp-rus")}
    assert len(set(ages.values())) == 3
    assert rate("tw2-rus", "F", stages).score == rate("tw3-rus", "F", stages).score


def test_without_a_table_of_ages_there_is_a_score_and_the_reason() -> None:
    found = rate("tw2-carpal", "M", all_at("tw2-carpal", "M", 4))
    assert found.score == 113 + 100 + 57 + 58 + 71 + 66 + 51
    assert (found.status, found.bone_age_months, found.bound) == ("ok", None, None)
    assert any("not found" in note for note in found.notes)
    assert "no bone age" in rating_lines(found)[0]


def test_what_is_not_rated_is_listed_and_there_is_no_score() -> None:
    stages = all_at("tw3-rus", "M", 5)
    del stages["ulna"], stages["metacarpal_3"]
    found = rate("tw3-rus", "M", stages)
    assert (found.status, found.score, found.bone_age_months) == ("missing", None, None)
    assert found.missing == ("ulna", "metacarpal_3")
    assert len(found.bones) == 11
    assert "2 of 13 bones" in rating_lines(found)[0]


def test_the_single_transcription_of_girls_is_said_of_girls() -> None:
    for sex, said in (("M", False), ("F", True)):
        notes = rate("tw3-rus", sex, all_at("tw3-rus", sex, 4)).notes  # type: ignore[arg-type]
        assert any("single transcription" in note for note in notes) is said


@pytest.mark.parametrize(
    ("key", "stages", "code"),
    [
        ("tw3-rus", {"ulna": "I"}, "unknown_stage"),  # the ulna ends with H
        ("tw3-rus", {"radius": "J"}, "unknown_stage"),
        ("tw3-rus", {"radius": "3"}, "unknown_stage"),
        ("tw3-rus", {"radius": ""}, "unknown_stage"),
        ("tw2-20bone", {"lunate": "I"}, "unknown_stage"),  # listed by the transcription, not a stage of the bone
        ("rus-chn", {"radius": "15"}, "unknown_stage"),
        ("rus-chn", {"radius": "G"}, "unknown_stage"),
        ("tw3-rus", {"capitate": "C"}, "unknown_bone"),
        ("tw3-rus", {"metacarpal_2": "C"}, "unknown_bone"),
    ],
)
def test_a_stage_or_bone_of_another_system_is_an_error(key: str, stages: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        rate(key, "M", stages)
    assert caught.value.code == code


def test_the_sex_must_be_known() -> None:
    with pytest.raises(UsageError):
        rate("tw3-rus", "unknown", {})  # type: ignore[arg-type]


def test_stages_as_they_are_typed() -> None:
    assert parse_stages(" Radius = f, triquetral=C,,ulna=E ") == {"radius": "f", "triquetrum": "C", "ulna": "E"}
    assert rate("tw3-rus", "M", {"radius": " g "}).bones[0].stage == "G"


@pytest.mark.parametrize("text", ["radius", "radius=", "=F", "radius=F,radius=G", "triquetral=A,triquetrum=B"])
def test_stages_that_are_not_understood(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_stages(text)
    assert caught.value.code == "bad_stages"


def test_a_rating_is_plain_json() -> None:
    for stages in (all_at("jp-rus", "F", 3), {}):
        found = rate("jp-rus", "F", stages)
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()
