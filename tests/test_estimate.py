"""One film through all rooms."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from stand_ins import StandInRooms, failing, film

from boneage.correction.correction import Correction
from boneage.errors import BoneAgeError, ReadError, Refusal
from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.quality.distance import load_distance
from boneage.radiograph.radiograph import Notice
from boneage.result import Contribution, Result, load_schema
from boneage.result.part_scores import carpal_scores


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(b"anything")
    return path


def estimator(rooms: StandInRooms | None = None, **options: str) -> Estimator:
    return Estimator(EstimateOptions(**options), rooms=rooms or StandInRooms())  # type: ignore[arg-type]


def test_an_age_in_whole_years_is_carried_through_refusals_and_corrections(png: Path) -> None:
    rooms = StandInRooms(film(age_months=120.0, age_in_whole_years=True))
    reading = estimator(rooms).estimate(png)
    assert reading.result.chronological is not None
    assert reading.result.chronological.in_whole_years
    said = estimator(rooms).estimate(png, chronological_age_months=120).result.chronological
    assert said is not None
    assert not said.in_whole_years


def test_both_routes_are_combined(png: Path) -> None:
    result = estimator().estimate(png).result
    assert result.status == "ok"
    assert result.bone_age is not None
    assert result.bone_age.months == pytest.approx(107)
    assert result.bone_age.method == "combined"
    assert result.estimates.measurement is not None
    assert result.estimates.measurement.months == 110
    assert result.estimates.measurement.reference == "stand_in_table"
    assert result.estimates.regression is not None
    assert result.estimates.regression.months == 104


@pytest.mark.parametrize(
    ("method", "months", "absent"), [("measurement", 110, "regress"), ("regression", 104, "look_up")]
)
def test_one_route_alone(png: Path, method: str, months: float, absent: str) -> None:
    rooms = StandInRooms()
    result = estimator(rooms, method=method).estimate(png).result
    assert result.bone_age is not None
    assert (result.bone_age.months, result.bone_age.method) == (months, method)
    assert absent not in {call[0] for call in rooms.calls}


def test_without_a_regression_network_the_bones_answer(png: Path) -> None:
    result = estimator(StandInRooms(has_regression=False)).estimate(png).result
    assert result.bone_age is not None
    assert result.bone_age.method == "measurement"
    assert "no_regression" in {reason.code for reason in result.reasons}


def test_unknown_sex_gives_both_answers(png: Path) -> None:
    result = estimator(StandInRooms(film(sex=None, sex_source="none"))).estimate(png).result
    assert result.bone_age is None
    assert result.by_sex is not None
    ages = {sex: answer.bone_age.months for sex, answer in result.by_sex.items() if answer.bone_age}
    assert ages == pytest.approx({"M": 107, "F": 94})
    assert "sex_unknown" in {reason.code for reason in result.warnings}


def test_unknown_on_purpose_outranks_the_file(png: Path) -> None:
    result = estimator().estimate(png, sex="unknown").result
    assert result.by_sex is not None
    assert (result.input.sex.value, result.input.sex.source) == (None, "user")


def test_a_sex_given_is_handed_to_the_reader(png: Path) -> None:
    rooms = StandInRooms()
    result = estimator(rooms).estimate(png, sex="F", pixel_spacing_mm=0.3).result
    assert rooms.calls[0] == ("read", png, 0.3, "F")
    assert result.bone_age is not None
    assert result.bone_age.months == pytest.approx(94)


def test_chronological_age_changes_no_estimate(png: Path) -> None:
    """The circular use of the child's own age must be impossible: no room may even see it."""
    seen, answers = [], []
    for age in (None, 12.0, 107.0, 240.0):
        rooms = StandInRooms()
        result = estimator(rooms).estimate(png, chronological_age_months=age).result
        answers.append((result.bone_age, result.estimates))
        seen.append([call for call in rooms.calls if call[0] != "score"])
    assert all(answer == answers[0] for answer in answers)
    assert all(calls == seen[0] for calls in seen)


def test_chronological_age_yields_difference_and_sd_score(png: Path) -> None:
    result = estimator().estimate(png, chronological_age_months=120).result
    assert result.chronological is not None
    assert result.chronological.difference_months == pytest.approx(-13)
    assert result.chronological.sds is not None
    assert result.chronological.sds < 0
    assert result.chronological.reference


def test_chronological_age_of_the_file_is_used_and_outranked(png: Path) -> None:
    rooms = StandInRooms(film(age_months=100.0))
    from_file = estimator(rooms).estimate(png).result.chronological
    given = estimator(rooms).estimate(png, chronological_age_months=90).result.chronological
    assert from_file is not None
    assert given is not None
    assert (from_file.months, given.months) == (100, 90)


def test_an_unknown_age_outranks_that_of_the_file(png: Path) -> None:
    rooms = StandInRooms(film(age_months=100.0, age_in_whole_years=True))
    assert estimator(rooms).estimate(png, chronological_age_months="unknown").result.chronological is None


def test_outside_the_standard_there_is_a_difference_but_no_score(png: Path) -> None:
    result = estimator().estimate(png, chronological_age_months=230).result
    assert result.chronological is not None
    assert result.chronological.sds is None
    assert "no_sd_score" in {reason.code for reason in result.reasons}


@pytest.mark.parametrize("room", ["read", "segment", "measure", "look_up", "regress"])
def test_a_refusal_of_any_room_is_a_refused_result(png: Path, room: str) -> None:
    result = estimator(failing(room, Refusal("not_a_hand", "no hand", remedy="film the hand"))).estimate(png).result
    assert result.status == "refused"
    assert result.bone_age is None
    assert [(reason.code, reason.remedy) for reason in result.problems] == [("not_a_hand", "film the hand")]


def test_an_unreadable_film_is_an_error(png: Path) -> None:
    reading = estimator(failing("read", ReadError("truncated", "cut short", remedy="send again"))).estimate(png)
    assert (reading.result.status, reading.radiograph) == ("error", None)
    assert reading.result.input.path == str(png)


@pytest.mark.parametrize(
    ("error", "code"), [(MemoryError(), "out_of_memory"), (ValueError("Doe^Jane"), "unexpected_error")]
)
def test_what_nobody_foresaw_is_an_error_without_details(png: Path, error: Exception, code: str) -> None:
    result = estimator(failing("measure", error)).estimate(png).result
    assert (result.status, result.problems[0].code) == ("error", code)
    assert "Doe" not in result.to_json()


def test_contradicting_routes_are_refused_with_what_was_found(png: Path) -> None:
    rooms = StandInRooms(measured={"M": 40.0}, regressed={"M": 200.0})
    reading = estimator(rooms).estimate(png)
    assert reading.result.status == "refused"
    assert reading.result.problems[0].code == "routes_disagree"
    assert reading.result.bones
    assert reading.result.estimates.measurement is not None
    assert reading.bone_map is not None


def test_unknown_sex_with_one_contradiction_keeps_the_other_answer(png: Path) -> None:
    rooms = StandInRooms(film(sex=None), measured={"M": 40.0, "F": 96.0}, regressed={"M": 200.0, "F": 92.0})
    result = estimator(rooms).estimate(png).result
    assert result.status == "ok"
    assert result.by_sex is not None
    assert result.by_sex["M"].bone_age is None
    assert result.by_sex["F"].bone_age is not None
    assert "routes_disagree" in {reason.code for reason in result.warnings}


def test_bones_are_in_film_pixels_and_millimetres(png: Path) -> None:
    result = estimator().estimate(png).result
    (bone,) = result.bones
    assert bone.endpoints == ((80.0, 140.0), (80.0, 60.0))
    assert bone.length_px == pytest.approx(80)
    assert bone.length_mm == pytest.approx(16)
    assert bone.z == pytest.approx(0.7)
    assert result.labels[3] == "metacarpal_3"


@pytest.mark.parametrize("method", ["auto", "measurement", "regression"])
def test_what_was_measured_is_in_the_result_whatever_the_method(png: Path, method: str) -> None:
    result = estimator(method=method).estimate(png).result
    assert result.values == {"metacarpal_3.length_ratio": 0.41}


def test_what_took_part_is_named(png: Path) -> None:
    software = estimator().estimate(png, chronological_age_months=100).result.software
    assert software.version
    versions = {reference.name: reference.version for reference in software.references}
    assert versions["stand_in_table"] == "7"
    assert any("Brush" in name for name in versions)


def test_quality_checks_and_remarks_of_the_rooms_are_shown(png: Path) -> None:
    seen_twice = StandInRooms(film(notices=(Notice("mirrored", "said by the reader", severity="info"),)))
    result = estimator(seen_twice).estimate(png).result
    checks = {check.name: (check.passed, check.value) for check in result.quality.checks}
    assert checks == {
        "tubular_bones": (True, 19.0),
        "bones_out_of_step": (True, 0.0),
        "routes_difference_months": (True, 6.0),
        "grown_boy": (True, 107.0),
    }
    assert [(reason.code, reason.message) for reason in result.reasons] == [("mirrored", "said by the reader")]


def test_a_failed_check_is_shown_with_its_limit(png: Path) -> None:
    result = estimator(StandInRooms(measured={"M": 40.0}, regressed={"M": 200.0})).estimate(png).result
    (check,) = [check for check in result.quality.checks if not check.passed]
    assert (check.name, check.value) == ("routes_difference_months", 160.0)
    assert isinstance(check.limit, float)
    assert check.limit < 160


@pytest.mark.parametrize("method", ["auto", "measurement"])
def test_a_hand_whose_bones_contradict_the_age_is_refused(png: Path, method: str) -> None:
    result = estimator(StandInRooms(out_of_step=True), method=method).estimate(png).result
    assert result.status == "refused"
    assert result.bone_age is None
    assert result.problems[0].code == "bones_contradict"
    assert "100 %" in result.problems[0].message
    (check,) = [check for check in result.quality.checks if not check.passed]
    assert (check.name, check.value) == ("bones_out_of_step", 1.0)


def unknown_sex(png: Path, measured: dict[str, float], **changes: object) -> Result:
    rooms = StandInRooms(film(sex=None), measured=measured, regressed={"M": 100.0, "F": 100.0}, **changes)  # type: ignore[arg-type]
    return estimator(rooms).estimate(png).result


@pytest.mark.parametrize(
    ("measured", "sex", "difference"),
    [({"M": 110.0, "F": 104.0}, "M", 10.0), ({"M": 104.0, "F": 110.0}, "F", 10.0), ({"M": 40.0, "F": 99.0}, "M", 60.0)],
)
def test_of_a_check_made_for_both_sexes_the_worse_says_for_which(
    png: Path, measured: dict[str, float], sex: str, difference: float
) -> None:
    result = unknown_sex(png, measured)
    checks = {check.name: check for check in result.quality.checks}
    assert len(checks) == len(result.quality.checks)
    assert checks["routes_difference_months"].if_sex == sex
    assert checks["routes_difference_months"].value == difference
    assert checks["tubular_bones"].if_sex is None
    jsonschema.validate(result.to_dict(), load_schema())
    assert Result.from_dict(result.to_dict()).quality == result.quality
    known = estimator().estimate(png).result
    assert {check.if_sex for check in known.quality.checks} == {None}
    assert "if_sex" not in str(known.to_dict()["quality"])


def test_what_stops_the_answer_of_one_sex_says_of_which(png: Path) -> None:
    result = unknown_sex(png, {"M": 99.0, "F": 40.0})
    assert result.by_sex is not None
    assert result.by_sex["F"].bone_age is None
    (reason,) = [reason for reason in result.warnings if reason.code == "routes_disagree"]
    assert reason.message.startswith("if a girl: ")


def test_what_stops_both_answers_says_of_each(png: Path) -> None:
    (differing,) = unknown_sex(png, {"M": 30.0, "F": 40.0}).problems
    assert differing.message.startswith("if a boy: ")
    assert "; if a girl: " in differing.message
    (alike,) = unknown_sex(png, {"M": 110.0, "F": 110.0}, out_of_step=True).problems
    assert alike.message.startswith("100 %")


def test_a_remark_that_holds_for_both_sexes_is_said_once(png: Path) -> None:
    result = unknown_sex(png, {"M": 110.0, "F": 110.0}, has_regression=False)
    (reason,) = [reason for reason in result.reasons if reason.code == "no_regression"]
    assert reason.message.startswith("no regression")
    assert "if_sex" not in str(result.to_dict()["reasons"])


def test_the_doubt_of_one_sex_does_not_widen_the_answer_of_the_other(
    png: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hand lies far from the training films only if it is a boy's."""
    model = load_distance()
    asked: list[str] = []

    def check(z: object, reference: str) -> tuple[object, ...]:
        asked.append(reference)
        return (model.check().found(model.limit + 0.1 if len(asked) == 1 else 0.5, "far off"),)

    monkeypatch.setattr("boneage.quality.distance.check_distance", check)
    result = unknown_sex(png, {"M": 110.0, "F": 110.0})
    assert result.by_sex is not None
    boy, girl = (result.by_sex[sex].bone_age for sex in "MF")
    assert boy is not None
    assert girl is not None
    assert boy.interval_95[1] - boy.months > 1.5 * (girl.interval_95[1] - girl.months)
    (far,) = [check for check in result.quality.checks if check.name == "distance_from_training"]
    assert (far.passed, far.if_sex) == (False, "M")
    (reason,) = [reason for reason in result.warnings if reason.code == "unlike_training"]
    assert reason.message == "if a boy: far off"


def test_the_regression_alone_does_not_ask_the_measurements(png: Path) -> None:
    assert estimator(StandInRooms(out_of_step=True), method="regression").estimate(png).result.status == "ok"


def test_every_stage_is_timed(png: Path) -> None:
    seconds = estimator().estimate(png).result.seconds
    stages = (seconds.read, seconds.segment, seconds.measure, seconds.lookup, seconds.regress)
    assert all(stage is not None and stage >= 0 for stage in stages)
    assert seconds.total is not None
    assert seconds.total >= sum(stage or 0 for stage in stages)


def test_bytes_stand_for_a_file(png: Path) -> None:
    result = estimator().estimate_bytes(b"anything", name="upload.png").result
    assert (result.status, result.input.path) == ("ok", "upload.png")


def results(png: Path) -> list[Result]:
    unknown = StandInRooms(film(sex=None))
    rooms = [StandInRooms(), unknown, failing("segment", Refusal("a", "b")), failing("read", BoneAgeError("a", "b"))]
    return [estimator(room).estimate(png, chronological_age_months=100).result for room in rooms]


def test_every_kind_of_result_keeps_the_schema(png: Path) -> None:
    for result in results(png):
        jsonschema.validate(result.to_dict(), load_schema())


def test_carpals_take_their_z_scores_from_their_sizes() -> None:
    parts = [
        Contribution("carpals.size_ratio", 0.2, 0.3, 0.4, 0.1),
        Contribution("hamate.size_ratio", 0.2, 0.3, -1.5, 0.1),
        Contribution("metacarpal_3.length_ratio", 0.9, 0.9, 0.1, 0.1),
    ]
    assert carpal_scores(parts) == {"hamate": -1.5}


def test_what_the_regression_rests_on_is_asked_only_on_request(png: Path) -> None:
    rooms = StandInRooms()
    result = Estimator(rooms=rooms).estimate(png).result
    assert result.estimates.regression is not None
    assert result.estimates.regression.regions is None
    assert "region_effects" not in {call[0] for call in rooms.calls}
    explained = Estimator(EstimateOptions(explain=True), rooms=rooms).estimate(png).result.estimates.regression
    assert explained is not None
    assert explained.regions is not None
    assert [(part.region, part.months) for part in explained.regions] == [("wrist", 5.0), ("mcp_2", -2.0)]
    assert explained.regions[1].corners[0] == (50.0, 60.0)  # (20, 20) of the frame: times 2, moved by (10, 20)


def test_a_listener_is_told_of_every_stage_as_it_begins(png: Path) -> None:
    told: list[str] = []
    estimator().estimate_bytes(png.read_bytes(), listener=told.append)
    assert list(dict.fromkeys(told)) == ["read", "segment", "measure", "lookup", "regress"]


@pytest.mark.parametrize("mm", [0.02, 1.9])
def test_a_pixel_size_that_no_hand_has_gives_no_millimetres(png: Path, mm: float) -> None:
    reading = estimator(StandInRooms()).estimate(png, pixel_spacing_mm=mm)
    result = reading.result
    assert (result.input.pixel_spacing.mm, result.input.pixel_spacing.reliable) == (None, False)
    assert "impossible_length" in [reason.code for reason in result.warnings]
    assert all(bone.length_mm is None and bone.length_px for bone in result.bones)
    again = estimator(StandInRooms()).revise(reading, Correction(final_months=100.0))
    assert "impossible_length" in [reason.code for reason in again.result.warnings]
    assert again.result.input.pixel_spacing.mm is None
