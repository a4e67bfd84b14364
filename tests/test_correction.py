"""A reader's corrections: what is accepted, what they change, and what they leave in the result."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from drawn_films import drawn_hand
from stand_ins import StandInRooms, failing

from boneage.correction.apply import corrected
from boneage.correction.correction import Correction
from boneage.errors import Refusal, UsageError
from boneage.estimate import Estimator
from boneage.measurement.measure import measure
from boneage.result import Result, load_schema

HAND = drawn_hand()
FOUND = measure(HAND)
BONES = {bone.bone: bone for bone in FOUND.bones}
EXAMPLES = Path(__file__).parents[1] / "examples" / "films"


def on_film(points: Any) -> Any:
    return tuple(tuple(point) for point in HAND.frame.to_film(np.array(points)).tolist())


@pytest.mark.parametrize(
    "data",
    [
        {"moved": {"humerus": [[0, 0], [9, 9]]}},
        {"moved": {"radius": [[0, 0], [0, 0]]}},
        {"moved": {"radius": [[0, 0], [float("nan"), 9]]}},
        {"moved": {"radius": [[0, 0]]}},
        {"moved": {"radius": "here"}},
        {"excluded": ["humerus"]},
        {"final_months": 400},
        {"final_months": "old"},
        {"moved": 7},
    ],
)
def test_nonsense_is_a_typed_error(data: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        Correction.from_dict(data)
    assert caught.value.code == "bad_correction"


def test_a_correction_is_read_from_json() -> None:
    data = {"moved": {"radius": [[1, 2], [3, 40]]}, "excluded": ["carpals"], "final_months": 99, "comment": "cast"}
    assert Correction.from_dict(data) == Correction({"radius": ((1, 2), (3, 40))}, ("carpals",), 99.0, "cast")
    assert Correction.from_dict({}).is_empty
    assert not Correction.from_dict({"comment": "seen"}).is_empty


def test_no_correction_changes_nothing() -> None:
    assert corrected(FOUND, HAND.frame, Correction()).values == pytest.approx(dict(FOUND.values))


def test_a_moved_end_changes_the_length_and_what_is_made_of_it() -> None:
    bone = BONES["middle_phalanx_3"]  # takes no part in the hand scale
    proximal, distal = np.array(bone.endpoints)
    longer = proximal, distal + 0.25 * (distal - proximal)
    after = corrected(FOUND, HAND.frame, Correction({"middle_phalanx_3": on_film(longer)}))
    new = next(one for one in after.bones if one.bone == "middle_phalanx_3")
    factor = math.dist(*map(tuple, longer)) / bone.length_px
    assert new.length_px == pytest.approx(factor * bone.length_px)
    assert after.values["middle_phalanx_3.length_ratio"] == pytest.approx(
        factor * FOUND.values["middle_phalanx_3.length_ratio"]
    )
    assert after.values["middle_phalanx_3.width_ratio"] == pytest.approx(
        FOUND.values["middle_phalanx_3.width_ratio"] / factor
    )
    same = {name for name in FOUND.values if FOUND.values[name] == pytest.approx(after.values[name])}
    changed = {name.split(".")[0] for name in set(FOUND.values) - same}
    assert changed <= {"middle_phalanx_3", "distal_phalanx_3"}  # the joint space beyond it moves too
    assert after.hand_scale_px == FOUND.hand_scale_px


def test_a_part_left_out_keeps_its_measures_but_says_nothing() -> None:
    after = corrected(FOUND, HAND.frame, Correction(excluded=("metacarpal_3", "carpals")))
    assert {bone.bone for bone in after.bones} == set(BONES)
    silent = {name.split(".")[0] for name in set(FOUND.values) - set(after.values)}
    assert {"metacarpal_3", "carpals"} <= silent
    assert not any(name.startswith(("metacarpal_3.", "carpals.")) for name in after.values)
    assert after.hand_scale_px == pytest.approx(FOUND.hand_scale_px, rel=0.05)


def test_a_bone_that_was_not_found_becomes_a_length() -> None:
    without = corrected(FOUND, HAND.frame, Correction())
    lacking = type(FOUND)(
        tuple(bone for bone in without.bones if bone.bone != "distal_phalanx_2"), FOUND.carpals, {}, FOUND.hand_scale_px
    )
    after = corrected(
        lacking, HAND.frame, Correction({"distal_phalanx_2": on_film(BONES["distal_phalanx_2"].endpoints)})
    )
    assert [bone.bone for bone in after.bones] == [bone.bone for bone in FOUND.bones]
    assert after.values["distal_phalanx_2.length_ratio"] == pytest.approx(
        FOUND.values["distal_phalanx_2.length_ratio"], rel=1e-6
    )


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(b"film")
    return path


def test_the_lookup_follows_and_the_answer_before_is_kept(png: Path) -> None:
    rooms = StandInRooms()
    estimator = Estimator(rooms=rooms)
    before = estimator.estimate(png, chronological_age_months=120)
    rooms.calls.clear()
    rooms.measured = {"M": 130.0, "F": 90.0}
    ends = ((80.0, 140.0), (80.0, 40.0))
    told = Correction({"metacarpal_3": ends}, ("carpals",), 126.0, "proximal end was on the trapezoid", "RD")
    after = estimator.revise(before, told)
    asked = {call[0] for call in rooms.calls}
    assert {"measure", "look_up", "regress", "score"} <= asked
    assert not {"read", "segment"} & asked
    assert after.result.bone_age is not None
    assert before.result.bone_age is not None
    assert after.result.bone_age.months != before.result.bone_age.months
    assert after.result.chronological is not None
    assert after.result.chronological.months == 120
    record = after.result.reader_correction
    assert record is not None
    assert record.moved[0].endpoints == ends
    np.testing.assert_allclose(record.moved[0].found, before.result.bones[0].endpoints)
    assert (record.excluded, record.final_months, record.reader) == (("carpals",), 126.0, "RD")
    assert record.before == {"M": before.result.bone_age}
    np.testing.assert_allclose(after.result.bones[0].endpoints, ends)
    again = estimator.revise(after, Correction(comment="as found after all"))
    assert again.result.reader_correction is not None
    assert again.result.reader_correction.before == {"M": before.result.bone_age}
    assert again.result.bones[0].endpoints == before.result.bones[0].endpoints


def test_the_record_keeps_the_schema_and_reads_back(png: Path) -> None:
    estimator = Estimator(rooms=StandInRooms())
    plain = estimator.estimate(png)
    assert "reader_correction" not in plain.result.to_dict()
    after = estimator.revise(plain, Correction(excluded=("radius",), comment="fracture")).result
    data = after.to_dict()
    jsonschema.validate(data, load_schema())
    assert Result.from_dict(data).to_dict() == data


def test_without_bones_there_is_nothing_to_correct(png: Path) -> None:
    estimator = Estimator(rooms=failing("segment", Refusal("not_a_hand", "no hand", remedy="another film")))
    with pytest.raises(UsageError) as caught:
        estimator.revise(estimator.estimate(png), Correction())
    assert caught.value.code == "nothing_to_correct"


@pytest.mark.slow
def test_on_a_real_film_an_empty_correction_gives_the_same_answer() -> None:
    estimator = Estimator()
    before = estimator.estimate(EXAMPLES / "rsna_1744.webp", sex="M")
    after = estimator.revise(before, Correction(comment="seen"))
    assert after.result.bone_age == before.result.bone_age
    assert after.result.quality == before.result.quality
    without = estimator.revise(before, Correction(excluded=("carpals", "radius", "ulna")))
    assert without.result.estimates.measurement is not None
    assert not any(
        part.measurement.startswith(("carpals.", "radius.", "ulna."))
        for part in without.result.estimates.measurement.contributions
    )
