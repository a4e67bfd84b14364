"""The grown hand: what is said of it, and where."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from fake_reading import fake_reading
from stand_ins import StandInRooms

from boneage.combination import OLDEST_MONTHS
from boneage.estimate import Estimator
from boneage.quality.mature import AT_OR_ABOVE, GROWN_FROM, check_grown
from boneage.report.overlay import head_lines
from boneage.report.text import blocks
from boneage.report.wording import answer_words, chronological_words, headline, verdict_words
from boneage.result import BoneAge, Result, load_schema


def age(months: float) -> BoneAge:
    return BoneAge(months, (months - 15, months + 15), "combined")


@pytest.mark.parametrize("sex", ["M", "F"])
def test_below_the_limit_nothing_changes(sex: str) -> None:
    answer, finding = check_grown(age(GROWN_FROM[sex]), sex)  # type: ignore[index,arg-type]
    assert answer == age(GROWN_FROM[sex])  # type: ignore[index]
    assert finding.verdict == "passed"


@pytest.mark.parametrize(("sex", "words"), [("M", "16 y 0 mo"), ("F", "14 y 6 mo")])
def test_above_it_a_bound_is_said_and_the_months_stay(sex: str, words: str) -> None:
    months = GROWN_FROM[sex] + 4  # type: ignore[index]
    answer, finding = check_grown(age(months), sex)  # type: ignore[arg-type]
    assert (answer.months, answer.bound, answer.bound_months) == (months, "at_or_above", AT_OR_ABOVE[sex])  # type: ignore[index]
    assert answer.interval_95[1] == OLDEST_MONTHS
    assert answer.interval_95[0] <= AT_OR_ABOVE[sex]  # type: ignore[index]
    assert (finding.verdict, finding.check.code) == ("warning", "mature_hand")
    assert "at or above" in finding.message
    assert answer_words(answer) == f"at or above {words}"


def grown() -> Result:
    result = fake_reading().result
    assert result.bone_age is not None
    answer, _ = check_grown(replace(result.bone_age, months=203.0), "M")
    return replace(result, bone_age=answer)


def test_text_overlay_and_headline_say_the_bound_and_no_false_number() -> None:
    result = grown()
    shown = [str(blocks(result)[0]), head_lines(result)[0].text, headline(result)]
    assert all("at or above 16 y 0 mo" in text for text in shown)
    assert not any("203" in text or "16 y 11 mo" in text for text in shown)


def test_the_bound_goes_through_the_json() -> None:
    result = grown()
    jsonschema.Draft202012Validator(load_schema()).validate(json.loads(result.to_json()))
    read = Result.from_dict(json.loads(result.to_json()))
    assert read.bone_age is not None
    assert (read.bone_age.bound, read.bone_age.bound_months) == ("at_or_above", 192.0)


@pytest.mark.parametrize(
    ("own", "difference", "said"),
    [
        (150.0, AT_OR_ABOVE["M"] - 150.0, "Advanced"),
        (AT_OR_ABOVE["M"] - 6.0, 6.0, "No verdict: of a grown hand"),
        (AT_OR_ABOVE["M"] + 40.0, None, "No verdict: of a grown hand"),
    ],
)
def test_a_grown_hand_is_held_against_the_childs_age_by_its_bound(
    tmp_path: Path, own: float, difference: float | None, said: str
) -> None:
    film = tmp_path / "film.png"
    film.write_bytes(b"film")
    rooms = StandInRooms(measured={"M": 203.0, "F": 200.0}, regressed={"M": 203.0, "F": 200.0})
    result = Estimator(rooms=rooms).estimate(film, chronological_age_months=own).result
    chronological = result.chronological
    assert chronological is not None
    assert chronological.at_least
    assert chronological.difference_months == difference
    assert verdict_words(chronological).startswith(said)
    assert ("at least" in chronological_words(chronological)) == (difference is not None)
    assert (chronological.sds is None) == (difference is None)
    drawn = " ".join(line.text for line in head_lines(result))
    assert ("SD score at least" in drawn) == (difference is not None)
