"""Ages, intervals, bones and verdicts in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex, settled
from hypothesis import given
from hypothesis import strategies as st

from boneage.anatomy import BONES, JOINTS, LABELS
from boneage.report.wording import (
    age_parts,
    age_words,
    bone_words,
    check_words,
    difference_words,
    headline,
    interval_words,
    joint_words,
    label_words,
    measurement_words,
    message_words,
    paragraph,
    signed,
    verdict,
    verdict_words,
)
from boneage.result import Check, Chronological
from boneage.result.correction import ReaderCorrection


@pytest.mark.parametrize(
    ("months", "words"),
    [(0.0, "0 y 0 mo"), (11.6, "1 y 0 mo"), (124.4, "10 y 4 mo"), (143.6, "12 y 0 mo"), (-1.0, "0 y 0 mo")],
)
def test_age_words(months: float, words: str) -> None:
    assert age_words(months) == words


@given(st.floats(0, 300))
def test_age_words_never_show_twelve_months_and_stay_within_half_a_month(months: float) -> None:
    years, _, rest, _ = age_words(months).split()
    assert int(rest) < 12
    assert abs(12 * int(years) + int(rest) - months) <= 0.5


def test_interval_words() -> None:
    assert interval_words((113.0, 135.0)) == "9 y 5 mo to 11 y 3 mo"


def test_signed_numbers_have_a_real_minus_and_no_signed_zero() -> None:
    assert [signed(1.26), signed(-1.26), signed(-0.04), signed(0.0)] == ["+1.3", "\u22121.3", "0.0", "0.0"]


def test_bone_words_are_all_different() -> None:
    assert bone_words("metacarpal_3") == "Metacarpal 3 (middle)"
    assert bone_words("ulna") == "Ulna"
    assert len({bone_words(bone) for bone in BONES}) == len(BONES)


def test_measurement_words() -> None:
    assert measurement_words("proximal_phalanx_2.length_ratio") == "Proximal phalanx 2 (index): length ratio"
    assert measurement_words("carpals.area_ratio") == "Carpals: area ratio"
    assert measurement_words("epiphysis_count") == "Epiphysis count"


def test_difference_words() -> None:
    assert difference_words(6.2) == "6 mo ahead of chronological age"
    assert difference_words(-30.0) == "2 y 6 mo behind chronological age"
    assert difference_words(0.3) == "same as chronological age"


@pytest.mark.parametrize(
    ("sds", "word"), [(2.0, "usual"), (-2.0, "usual"), (2.1, "advanced"), (-2.1, "delayed"), (None, "not scored")]
)
def test_verdict(sds: float | None, word: str) -> None:
    chronological = Chronological(100.0, 0.0, sds, "table")
    assert verdict(chronological) == word
    assert verdict_words(chronological).lower().startswith(word)


def test_headline_of_an_answer_a_refusal_and_an_error() -> None:
    assert headline(fake_reading().result) == "Bone age 10 y 4 mo (95 %: 9 y 5 mo to 11 y 3 mo)"
    assert headline(fake_refusal().result) == "Refused: no hand was found on this film"
    assert headline(fake_error().result).startswith("Not readable: the file ends")


def test_paragraph_names_everything_a_reader_must_know() -> None:
    text = paragraph(fake_reading().result)
    parts = (
        "10 y 4 mo",
        "9 y 5 mo to 11 y 3 mo",
        "rsna-train",
        "9 y 10 mo",
        "+0.6",
        "Brush Foundation",
        "research use",
    )
    assert [part for part in parts if part not in text] == []
    assert ".." not in text


def test_paragraph_begins_with_the_age_that_a_reader_settled_on() -> None:
    said = ReaderCorrection(excluded=("ulna",), final_months=132.0, comment="Seen twice", reader="AB")
    text = paragraph(replace(fake_reading().result, reader_correction=said))
    assert text.startswith("Reader's final bone age 11 y 0 mo (AB); automatic: bone age 10 y 4 mo (95 %")
    assert "Automatic: method: " in text
    assert "Automatic: chronological age 9 y 10 mo, bone age 6 mo ahead" in text
    assert "left out: Ulna." in text
    assert "Comment of the reader (AB): Seen twice." in text
    assert "settled on" not in text
    only_comment = replace(said, final_months=None, excluded=())
    assert paragraph(replace(fake_reading().result, reader_correction=only_comment)).startswith("Bone age 10 y 4 mo")


def test_paragraph_holds_the_readers_age_against_the_childs_own() -> None:
    text = paragraph(settled(fake_reading()).result)
    assert (
        "Reader's age: Chronological age 9 y 10 mo, bone age 5 y 2 mo ahead of chronological age, SD score +5.2"
        " (Brush Foundation). Advanced: more than 2 SD" in text
    )
    assert "Automatic: If boy: method: " in paragraph(settled(fake_unknown_sex()).result)


def test_paragraph_of_unknown_sex_gives_both_answers() -> None:
    text = paragraph(fake_unknown_sex().result)
    assert "if boy: 11 y 8 mo" in text
    assert "if girl: 10 y 4 mo" in text


def test_paragraph_of_a_refusal_says_what_helps() -> None:
    text = paragraph(fake_refusal().result)
    assert "check that this is a hand radiograph" in text
    assert "the grey levels are nearly flat" in text
    assert "10 y" not in text


def test_age_parts_are_those_that_age_words_show() -> None:
    assert age_parts(143.6) == (12, 0)
    assert age_parts(-3.0) == (0, 0)


def test_label_and_joint_words() -> None:
    assert label_words("metacarpal_3") == "Metacarpal 3 (middle)"
    assert label_words("metacarpal_3_epiphysis") == "Metacarpal 3 (middle): epiphysis"
    assert label_words("adductor_sesamoid") == "Adductor sesamoid"
    assert [joint_words(joint) for joint in ("wrist", "pip_3", "tip_1")] == ["Wrist", "PIP 3 (middle)", "Tip 1 (thumb)"]
    assert len({label_words(label) for label in LABELS.values()}) == len(LABELS)
    assert len({joint_words(joint) for joint in JOINTS}) == len(JOINTS)


def test_a_check_of_one_sex_says_of_which() -> None:
    assert check_words(Check("routes_difference_months", True)) == "routes difference months"
    assert check_words(Check("routes_difference_months", True, if_sex="F")) == "routes difference months (if a girl)"


def test_names_in_a_message_are_put_into_words_and_nothing_else_is() -> None:
    text = "not sure where these are: wrist, cmc_1, tip_5 (bones: metacarpal_3); see part_2 and dip_1"
    assert message_words(text) == (
        "not sure where these are: wrist, CMC 1 (thumb), tip 5 (little) (bones: metacarpal 3 (middle)); "
        "see part_2 and dip_1"
    )
