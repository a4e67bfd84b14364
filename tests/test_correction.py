"""A reader's corrections: what is accepted, what they change, and what they leave in the result."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from drawn_films import drawn_hand
from stand_ins import StandInRooms, failing

from boneage.anatomy import CARPALS, TUBULAR_BONES
from boneage.correction.apply import corrected
from boneage.correction.correction import Correction
from boneage.errors import Refusal, UsageError
from boneage.estimate import Estimator
from boneage.measurement.measure import measure
from boneage.measurement.measurements import JointLength
from boneage.measurement.millimetres import millimetre_values
from boneage.measurement.scale import hand_scale
from boneage.measurement.values import scale_free_values
from boneage.options import EstimateOptions
from boneage.radiograph.radiograph import Spacing
from boneage.reference.lookup import AgeLookup
from boneage.reference.standards import skeletal_age_sds
from boneage.reference.tables import load_reference
from boneage.result import Result, load_schema
from boneage.rooms import InstalledRooms

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
    assert corrected(FOUND, HAND.frame, Correction()).shown.values == pytest.approx(dict(FOUND.values))


def test_a_moved_end_changes_the_length_and_what_is_made_of_it() -> None:
    bone = BONES["middle_phalanx_3"]  # takes no part in the hand scale
    proximal, distal = np.array(bone.endpoints)
    longer = proximal, distal + 0.25 * (distal - proximal)
    after = corrected(FOUND, HAND.frame, Correction({"middle_phalanx_3": on_film(longer)})).shown
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
    hand = corrected(FOUND, HAND.frame, Correction(excluded=("metacarpal_3", "carpals")))
    after = hand.shown
    assert "metacarpal_3" not in {bone.bone for bone in hand.speaking.bones}
    assert "metacarpal_3" not in {length.bone for length in hand.speaking.joint_lengths}
    assert {bone.bone for bone in after.bones} == set(BONES)
    silent = {name.split(".")[0] for name in set(FOUND.values) - set(hand.speaking.values)}
    assert {"metacarpal_3", "carpals"} <= silent
    assert not any(name.startswith(("metacarpal_3.", "carpals.")) for name in hand.speaking.values)
    assert set(after.values) == set(FOUND.values)
    assert after.hand_scale_px == pytest.approx(FOUND.hand_scale_px, rel=0.05)


def test_a_bone_that_was_not_found_becomes_a_length() -> None:
    without = corrected(FOUND, HAND.frame, Correction()).shown
    lacking = type(FOUND)(
        tuple(bone for bone in without.bones if bone.bone != "distal_phalanx_2"), FOUND.carpals, {}, FOUND.hand_scale_px
    )
    after = corrected(
        lacking, HAND.frame, Correction({"distal_phalanx_2": on_film(BONES["distal_phalanx_2"].endpoints)})
    ).shown
    assert [bone.bone for bone in after.bones] == [bone.bone for bone in FOUND.bones]
    assert after.values["distal_phalanx_2.length_ratio"] == pytest.approx(
        FOUND.values["distal_phalanx_2.length_ratio"], rel=1e-6
    )


def test_moved_and_left_out_bones_say_nothing_in_millimetres_of_their_joints() -> None:
    joints = tuple(JointLength(bone, ((0.0, 0.0), (0.0, 9.0)), 9.0) for bone in BONES if bone in TUBULAR_BONES)
    found = replace(FOUND, joint_lengths=joints)
    told = Correction({"middle_phalanx_3": on_film(BONES["middle_phalanx_3"].endpoints)}, ("metacarpal_2",))
    spacing = Spacing(0.1, "user", True, "given")
    values = millimetre_values(corrected(found, HAND.frame, told).speaking, 1.0, spacing)
    assert not any(name.startswith("metacarpal_2.") for name in values)
    assert "middle_phalanx_3.joint_length_mm" not in values
    assert {"middle_phalanx_3.length_mm", "metacarpal_4.joint_length_mm"} <= set(values)


def test_too_few_bones_are_refused() -> None:
    bones = [bone for bone in BONES if bone in TUBULAR_BONES]
    assert corrected(FOUND, HAND.frame, Correction(excluded=tuple(bones[:-5]))).speaking.values
    with pytest.raises(Refusal) as caught:
        corrected(FOUND, HAND.frame, Correction(excluded=tuple(bones[:-4])))
    assert caught.value.code == "too_little_left"


@pytest.mark.usefixtures("few_are_enough")
def test_a_refused_revision_keeps_the_record_and_the_childs_age(png: Path) -> None:
    rooms = StandInRooms()
    estimator = Estimator(rooms=rooms)
    before = estimator.estimate(png, chronological_age_months=100)
    rooms.out_of_step = True
    after = estimator.revise(before, Correction(comment="a cast"))
    assert after.result.status == "refused"
    assert after.result.reader_correction is not None
    assert after.result.reader_correction.comment == "a cast"
    assert after.result.chronological is not None
    assert after.result.chronological.months == 100
    rooms.out_of_step = False
    again = estimator.revise(after, Correction(comment="no cast"))
    assert again.result.chronological is not None
    assert again.result.chronological.months == 100
    assert again.result.reader_correction is not None
    assert again.result.reader_correction.before == after.result.reader_correction.before


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in hand has one bone."""
    monkeypatch.setattr("boneage.correction.apply.LEAST_BONES", 1)


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(b"film")
    return path


@pytest.mark.usefixtures("few_are_enough")
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
    assert next(call for call in rooms.calls if call[0] == "look_up")[-1] == {"carpals"}
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


@pytest.mark.usefixtures("few_are_enough")
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


@pytest.mark.parametrize(("end", "refused"), [((99999.0, 40.0), True), ((80.0, -9.0), True), ((160.9, 0.0), False)])
@pytest.mark.usefixtures("few_are_enough")
def test_an_end_off_the_film_is_refused(png: Path, end: tuple[float, float], refused: bool) -> None:
    estimator = Estimator(rooms=StandInRooms())
    before, told = estimator.estimate(png), Correction({"metacarpal_3": ((80.0, 140.0), end)})
    if not refused:
        assert estimator.revise(before, told).result.reader_correction is not None
        return
    with pytest.raises(UsageError, match="metacarpal_3 lie off the film") as caught:
        estimator.revise(before, told)
    assert caught.value.code == "bad_correction"


@pytest.mark.slow
def test_on_a_real_film_a_moved_end_is_looked_up_as_the_rooms_do_it_one_by_one() -> None:
    name, estimator, rooms = "middle_phalanx_3", Estimator(), InstalledRooms(EstimateOptions())
    before = estimator.estimate(EXAMPLES / "rsna_1744.webp", sex="M")
    assert before.bone_map is not None
    assert before.radiograph is not None
    old = next(bone for bone in before.result.bones if bone.bone == name)
    (x1, y1), (x2, y2) = old.endpoints
    ends = ((x1, y1), (x1 + 0.85 * (x2 - x1), y1 + 0.85 * (y2 - y1)))
    after = estimator.revise(before, Correction({name: ends})).result
    new = next(bone for bone in after.bones if bone.bone == name)

    # The same by hand: measured, the length put in its place, scale-free values made of it, looked up.
    found, frame = rooms.measure(before.bone_map), before.bone_map.frame
    length = math.dist(*ends) / frame.scale
    axis = frame.from_film(np.array(ends)).tolist()
    changed = tuple(
        replace(bone, length_px=length, endpoints=(tuple(axis[0]), tuple(axis[1]))) if bone.bone == name else bone
        for bone in found.bones
    )
    joints = tuple(joint for joint in found.joint_lengths if joint.bone != name)
    hand = replace(found, bones=changed, joint_lengths=joints)
    scale = hand_scale({bone.bone: bone for bone in changed})
    hand = replace(hand, hand_scale_px=scale)
    values = dict(scale_free_values(hand))
    posterior = rooms.look_up(values, "M")

    assert new.length_px == pytest.approx(math.dist(*ends), rel=1e-5)
    assert values[f"{name}.length_ratio"] == pytest.approx(length / scale)
    assert after.estimates.measurement is not None
    assert before.result.estimates.measurement is not None
    parts = {part.measurement: part for part in after.estimates.measurement.contributions}
    straight = {part.measurement: part for part in posterior.contributions}
    assert parts.keys() == straight.keys()
    part, direct = parts[f"{name}.length_ratio"], straight[f"{name}.length_ratio"]
    assert part.value == pytest.approx(values[f"{name}.length_ratio"], rel=1e-5)
    assert (part.z, part.weight, part.expected) == pytest.approx((direct.z, direct.weight, direct.expected), rel=1e-4)
    first = {one.measurement: one for one in before.result.estimates.measurement.contributions}
    assert part.z < first[f"{name}.length_ratio"].z - 0.5  # a shorter bone than before
    assert new.z == pytest.approx(direct.z, rel=1e-4)
    assert new.z != pytest.approx(old.z, abs=0.1)
    ages = {one.bone: one.months for one in after.estimates.measurement.bone_ages}
    straight_ages = {one.part: one.months for one in posterior.bone_ages}
    earlier = {one.bone: one.months for one in before.result.estimates.measurement.bone_ages}
    assert ages[name] == pytest.approx(straight_ages[name], rel=1e-4)
    assert ages[name] < earlier[name]
    assert after.estimates.measurement.months == pytest.approx(posterior.months, rel=1e-4)
    assert after.estimates.regression == before.result.estimates.regression  # it looks at pixels


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


@pytest.mark.usefixtures("few_are_enough")
def test_the_readers_age_is_held_against_the_childs_own_as_the_programs_is(png: Path) -> None:
    estimator = Estimator(rooms=StandInRooms())
    before = estimator.estimate(png, chronological_age_months=138)
    after = estimator.revise(before, Correction(final_months=180)).result
    said, automatic = after.reader_correction, after.chronological
    assert said is not None
    assert automatic is not None
    assert said.chronological is not None
    assert list(said.chronological) == ["M"]
    held = said.held_against("M")
    assert held is not None
    expected = skeletal_age_sds(180, 138, "M")
    assert (held.months, held.difference_months) == (138, 42)
    assert (held.sds, held.reference) == (expected.sds, automatic.reference)
    assert automatic == before.result.chronological  # the program's stays what it was
    data = after.to_dict()
    jsonschema.validate(data, load_schema())
    assert data["reader_correction"]["chronological"]["M"]["difference_months"] == 42
    assert Result.from_dict(data).to_dict() == data
    del data["reader_correction"]["chronological"]  # as earlier versions wrote it
    jsonschema.validate(data, load_schema())
    earlier = Result.from_dict(data).reader_correction
    assert earlier is not None
    assert (earlier.final_months, earlier.chronological) == (180, None)


@pytest.mark.usefixtures("few_are_enough")
def test_of_an_unknown_sex_the_readers_age_is_scored_under_either(png: Path) -> None:
    estimator = Estimator(rooms=StandInRooms())
    before = estimator.estimate(png, sex="unknown", chronological_age_months=138)
    said = estimator.revise(before, Correction(final_months=180)).result.reader_correction
    assert said is not None
    for sex in ("M", "F"):
        held = said.held_against(sex)
        assert held is not None
        assert held.sds == skeletal_age_sds(180, 138, sex).sds  # type: ignore[arg-type]
    assert said.held_against(None) is None


@pytest.mark.usefixtures("few_are_enough")
def test_the_readers_age_is_scored_where_the_program_refuses(png: Path) -> None:
    rooms = StandInRooms()
    estimator = Estimator(rooms=rooms)
    before = estimator.estimate(png, chronological_age_months=138)
    rooms.out_of_step = True
    contradicted = estimator.revise(before, Correction(final_months=180)).result
    emptied = estimator.revise(before, Correction(excluded=("metacarpal_3",), final_months=180)).result
    for result in (contradicted, emptied):
        assert result.status == "refused"
        assert result.reader_correction is not None
        held = result.reader_correction.held_against("M")
        assert held is not None
        assert held.difference_months == 42


@pytest.mark.usefixtures("few_are_enough")
def test_without_an_age_of_the_child_or_of_the_reader_nothing_is_held_against_another(png: Path) -> None:
    estimator = Estimator(rooms=StandInRooms())
    told = estimator.revise(estimator.estimate(png), Correction(final_months=180))
    untold = estimator.revise(estimator.estimate(png, chronological_age_months=138), Correction(comment="seen"))
    for reading in (told, untold):
        assert reading.result.reader_correction is not None
        assert reading.result.reader_correction.chronological is None
    assert told.result.settled is told.result.reader_correction
    assert untold.result.settled is None


@pytest.mark.slow
def test_on_a_real_film_carpals_that_are_left_out_do_not_count_as_absent() -> None:
    estimator = Estimator()
    before = estimator.estimate(EXAMPLES / "rsna_2136.webp", sex="M")
    after = estimator.revise(before, Correction(excluded=("carpals",))).result.estimates.measurement
    assert after is not None
    table = load_reference()
    weights = {name: weight for name, weight in table.settings.presence_weights["M"].items() if not is_carpal(name)}
    mute = replace(table, settings=replace(table.settings, presence_weights={"M": weights}))
    values = {part.measurement: part.value for part in after.contributions}
    assert not any(map(is_carpal, values))
    assert after.months == pytest.approx(AgeLookup(mute).posterior(values, "M").months, abs=0.05)
    assert after.months > AgeLookup(table).posterior(values, "M").months + 2  # as if nothing were ossified there


def is_carpal(measurement: str) -> bool:
    return measurement.partition(".")[0] in {"carpals", *CARPALS}
