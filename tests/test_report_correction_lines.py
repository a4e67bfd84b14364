"""A reader's corrections in words."""

from __future__ import annotations

from dataclasses import replace

from fake_reading import fake_reading

from boneage.report.correction_lines import automatic_prefix, correction_lines
from boneage.report.speech import Speech
from boneage.result import BoneAge, Chronological, MovedBone, Result
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


def test_the_age_of_the_reader_has_its_own_difference_score_and_verdict() -> None:
    held = Chronological(118.0, 62.0, 6.2, "Brush Foundation")
    said = ReaderCorrection(final_months=180.0, chronological={"F": held})
    assert correction_lines(result_with(said))[1] == (
        "Reader's age: Chronological age 9 y 10 mo, bone age 5 y 2 mo ahead of chronological age, SD score +6.2"
        " (Brush Foundation). Advanced: more than 2 SD ahead of chronological age."
    )
    assert correction_lines(result_with(said), Speech("zh"))[1] == (
        "阅片者骨龄：生活年龄9岁10个月，骨龄比生活年龄超前5岁2个月，标准差评分 +6.2（Brush Foundation）。"
        "超前：骨龄比生活年龄超前超过 2 SD。"
    )
    both = ReaderCorrection(final_months=180.0, chronological={"M": held, "F": held})
    assert [line[:9] for line in correction_lines(result_with(both))[1:]] == ["If boy: R", "If girl: "]


def test_the_programs_answer_is_named_as_such_only_beside_a_readers() -> None:
    assert automatic_prefix(result_with(ReaderCorrection(final_months=180.0))) == "Automatic: "
    assert automatic_prefix(result_with(ReaderCorrection(comment="seen"))) == ""
    assert automatic_prefix(result_with(None)) == ""
