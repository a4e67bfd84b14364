"""A reader's corrections in words."""

from __future__ import annotations

from dataclasses import replace

from fake_reading import fake_reading

from boneage.report.correction_lines import correction_lines
from boneage.result import BoneAge, MovedBone, Result
from boneage.result.correction import ReaderCorrection

ENDS = ((1.0, 2.0), (3.0, 4.0))


def result_with(said: ReaderCorrection | None) -> Result:
    return replace(fake_reading().result, reader_correction=said)


def test_nothing_where_nobody_changed_anything() -> None:
    assert correction_lines(result_with(None)) == []
    assert correction_lines(result_with(ReaderCorrection())) == []


def test_changes_and_the_answer_before() -> None:
    before = {"F": BoneAge(120.0, (110.0, 130.0), "combined")}
    said = ReaderCorrection((MovedBone("metacarpal_3", ENDS),), ("radius",), before=before)
    assert correction_lines(result_with(said)) == [
        "Corrected by the reader: ends moved of Metacarpal 3 (middle); left out: Radius.",
        "Before the corrections: 10 y 0 mo.",
    ]


def test_two_answers_before_say_whose_they_are() -> None:
    age = BoneAge(120.0, (110.0, 130.0), "combined")
    said = ReaderCorrection(excluded=("ulna",), before={"M": age, "F": replace(age, months=96.0)})
    assert correction_lines(result_with(said))[1] == "Before the corrections: if boy 10 y 0 mo, if girl 8 y 0 mo."


def test_the_age_of_the_reader_comes_first() -> None:
    said = ReaderCorrection(final_months=126.0, comment="seen twice", reader="A. Reader")
    assert correction_lines(result_with(said)) == [
        "Bone age settled on by the reader (A. Reader): 10 y 6 mo (126.0 months).",
        "Comment of the reader (A. Reader): seen twice",
    ]
