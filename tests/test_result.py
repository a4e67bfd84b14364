"""The result object: its JSON, its schema, and how it is built from the other rooms' objects."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from boneage.anatomy import BONES, LABELS
from boneage.errors import ReadError, Refusal
from boneage.measurement.measurements import BoneMeasurement, CarpalBone, CarpalMeasurement, Measurements
from boneage.radiograph.radiograph import Notice, Radiograph, Spacing
from boneage.result import (
    AgeByMeasurement,
    AgeByRegression,
    BoneAge,
    BoneResult,
    CarpalResult,
    Check,
    Chronological,
    Contribution,
    Estimates,
    Input,
    JointResult,
    Model,
    PixelSpacing,
    Quality,
    Reason,
    Reference,
    Result,
    Seconds,
    SexAnswer,
    SexOfInput,
    Software,
    errored,
    film_bone_health,
    film_bones,
    film_carpals,
    film_joints,
    input_of,
    load_schema,
    refused,
    result_reasons,
)
from boneage.segmentation.bone_map import BoneMap, HandFrame


def full_result() -> Result:
    estimates = Estimates(
        AgeByMeasurement(
            121.5, (109.0, 134.0), "rsna-train", (Contribution("metacarpal_3.length_ratio", 0.31, 0.3, 0.4, 0.12),)
        ),
        AgeByRegression(124.0, (112.0, 136.0)),
    )
    return Result(
        status="ok",
        input=Input(
            "film.dcm",
            "ab" * 32,
            "DICOM",
            1000,
            800,
            "L",
            SexOfInput("F", "dicom"),
            PixelSpacing(0.14, "user", True, ""),
        ),
        reasons=(Reason("spacing_from_user", "spacing given by hand", "", "warning"),),
        bone_age=BoneAge(123.0, (113.0, 133.0), "combined"),
        estimates=estimates,
        chronological=Chronological(118.0, 5.0, 0.45, "brush-foundation"),
        bones=(BoneResult("metacarpal_3", ((10.0, 20.0), (11.0, 90.0)), 70.0, 9.8, z=-0.2),),
        joints=(JointResult("wrist", (5.0, 6.0), 0.9),),
        labels=dict(LABELS),
        quality=Quality((Check("hand_found", True, 0.9, 0.5),)),
        software=Software("0.1.0", (Model("segmentation", "cd" * 32),), (Reference("rsna-train", "1"),)),
        seconds=Seconds(0.1, 0.4, 0.1, 0.01, 0.2, 0.81),
        values={"metacarpal_3.length_ratio": 0.31},
    )


def validate(result: Result) -> None:
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(result.to_json()))


def test_full_result_keeps_the_schema_and_the_contract_keys() -> None:
    data = full_result().to_dict()
    validate(full_result())
    assert list(data)[:3] == ["schema_version", "status", "reasons"]
    assert {"input", "bone_age", "estimates", "chronological", "bones", "joints", "labels"} <= set(data)
    assert {"quality", "software", "seconds"} <= set(data)
    assert data["bone_age"] == {"months": 123.0, "interval_95": [113.0, 133.0], "method": "combined"}
    assert data["labels"]["1"] == "metacarpal_1"
    assert data["bones"][0]["endpoints"] == [[10.0, 20.0], [11.0, 90.0]]
    assert "by_sex" not in data


def test_round_trip_gives_the_same_result() -> None:
    result = full_result()
    assert Result.from_dict(json.loads(result.to_json())) == result


def test_round_trip_with_both_sexes() -> None:
    full = full_result()
    answer = SexAnswer(full.bone_age, full.estimates, full.chronological)
    result = replace(full, bone_age=None, by_sex={"M": answer, "F": answer}, chronological=None)
    validate(result)
    assert Result.from_dict(json.loads(result.to_json())) == result
    assert list(result.answers()) == ["M", "F"]


def test_answers_of_a_known_sex_hold_one_entry() -> None:
    assert list(full_result().answers()) == ["F"]
    assert refused(Input("a"), Refusal("not_a_hand", "no hand")).answers() == {}


def test_not_finite_numbers_become_null() -> None:
    bone = BoneResult("ulna", ((0.0, 0.0), (1.0, 1.0)), math.nan, None, gap_px=math.inf)
    data = replace(full_result(), bones=(bone,)).to_dict()["bones"][0]
    assert data["length_px"] is None
    assert data["gap_px"] is None


def test_array_scalars_become_plain_numbers_of_six_digits() -> None:
    result = replace(full_result(), bone_age=BoneAge(np.float32(100 / 3), (np.float64(1.0), 2.0), "combined"))
    assert json.loads(result.to_json())["bone_age"]["months"] == 33.3333


def test_what_is_no_json_is_an_error() -> None:
    with pytest.raises(TypeError, match="complex has no place"):
        replace(full_result(), chronological=Chronological(complex(1, 2))).to_dict()  # type: ignore[arg-type]


def test_result_of_before_has_no_values() -> None:
    data = full_result().to_dict()
    assert data.pop("values") == {"metacarpal_3.length_ratio": 0.31}
    jsonschema.Draft202012Validator(load_schema()).validate(data)
    assert Result.from_dict(data) == replace(full_result(), values={})


def test_other_schema_version_is_refused() -> None:
    data = full_result().to_dict() | {"schema_version": "2.0"}
    with pytest.raises(ValueError, match=r"schema version '2\.0'"):
        Result.from_dict(data)


def test_missing_key_is_named() -> None:
    data = full_result().to_dict()
    del data["input"]["path"]
    with pytest.raises(ValueError, match="Input misses the key 'path'"):
        Result.from_dict(data)


@pytest.mark.parametrize(
    ("block", "key", "value"),
    [
        ("bone_age", "method", "guessed"),
        ("bone_age", "method", None),
        ("input", "sex", {"value": "X", "source": "user"}),
        ("input", "sha256", 7.0),
        ("chronological", "doubt", "some"),
    ],
)
def test_value_that_cannot_stand_there_is_refused(block: str, key: str, value: object) -> None:
    data = full_result().to_dict()
    data[block][key] = value
    with pytest.raises(ValueError, match="cannot stand for"):
        Result.from_dict(data)


def test_unknown_keys_of_a_newer_minor_version_are_ignored() -> None:
    data = full_result().to_dict() | {"schema_version": "1.7", "news": 1}
    assert Result.from_dict(data) == full_result()


def test_refused_and_errored() -> None:
    refusal = refused(Input("a.png"), Refusal("not_a_hand", "no hand found", remedy="check the file"))
    failure = errored("b.dcm", ReadError("truncated", "file ends early"))
    validate(refusal)
    validate(failure)
    assert (refusal.status, failure.status) == ("refused", "error")
    assert refusal.problems == (Reason("not_a_hand", "no hand found", "check the file"),)
    assert failure.input == Input("b.dcm")


def test_errored_with_a_refusal_is_a_refusal() -> None:
    assert errored("a.png", Refusal("not_a_hand", "no hand")).status == "refused"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "fine"},
        {"bone_age": None},
        {"bones": [{"bone": "femur"}]},
        {"schema_version": "2.0"},
        {"reasons": [{"code": "Has Blank", "message": "", "remedy": "", "severity": "error"}]},
        {"status": "refused"},
    ],
)
def test_schema_rejects_what_breaks_the_contract(change: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(load_schema()).validate(full_result().to_dict() | change)


def test_schema_knows_every_bone() -> None:
    assert load_schema()["$defs"]["bone"]["properties"]["bone"]["enum"] == list(BONES)


def test_notices_become_reasons() -> None:
    notices = (Notice("inverted", "grey levels inverted", severity="info"), Notice("mirrored", "a right hand"))
    assert [reason.severity for reason in result_reasons(notices)] == ["info", "warning"]


def test_input_of_a_radiograph() -> None:
    film = Radiograph(
        np.zeros((4, 3), np.float32), "PNG", "ab" * 32, Spacing(0.1, "user", True, "given"), sex="M", sex_source="user"
    )
    source = input_of("x.png", film)
    assert (source.rows, source.columns, source.sex, source.pixel_spacing.mm) == (4, 3, SexOfInput("M", "user"), 0.1)


def turned_frame() -> HandFrame:
    """Twice the size, mirrored, shifted by (10, 20)."""
    return HandFrame(np.array([[-2.0, 0.0, 10.0], [0.0, 2.0, 20.0]]), (50, 40))


def test_bones_are_carried_to_the_film() -> None:
    bone = BoneMeasurement(
        "radius", ((0.0, 0.0), (3.0, 4.0)), 5.0, 4.0, 1.0, math.nan, math.nan, 1.5, 0.5, 0.8, 6.0, math.nan
    )
    measurements = Measurements((bone,), CarpalMeasurement(7.0, 3, 9.0))
    (film,) = film_bones(measurements, turned_frame(), spacing_mm=0.5, z={"radius": 1.25})
    assert film.endpoints == ((10.0, 20.0), (4.0, 28.0))
    assert (film.length_px, film.length_mm, film.shaft_area_px2, film.plate_contrast) == (10.0, 5.0, 24.0, 0.8)
    assert film.epiphysis_width_px is None
    assert (film.z, film.partial) == (1.25, True)
    carpals = film_carpals(measurements.carpals, turned_frame())
    assert (carpals.area_px2, carpals.centres, carpals.region_area_px2) == (28.0, 3, 36.0)
    assert carpals.bones == ()


def test_named_carpals_are_carried_to_the_film() -> None:
    measured = CarpalMeasurement(7.0, 2, 9.0, bones=(CarpalBone("capitate", 4.0, (1.0, 2.0)),))
    carpals = film_carpals(measured, turned_frame(), z={"capitate": -0.5, "hamate": 1.0})
    assert carpals.bones == (CarpalResult("capitate", 16.0, (8.0, 24.0), -0.5),)
    result = replace(full_result(), carpals=carpals)
    validate(result)
    assert Result.from_dict(json.loads(result.to_json())) == result


def test_cortex_is_carried_to_the_film_and_makes_the_bone_health_index() -> None:
    bones = tuple(
        replace(metacarpal(ray), length_px=50.0, cortical_thickness_px=1.5, cortical_width_px=6.0, fusion=0.25)
        for ray in (2, 3, 4)
    )
    measurements = Measurements(bones, CarpalMeasurement(7.0, 3, 9.0))
    films = film_bones(measurements, turned_frame(), spacing_mm=0.5)
    assert (films[0].cortical_thickness_px, films[0].cortical_thickness_mm, films[0].cortical_index) == (3.0, 1.5, 0.5)
    assert (films[0].cortical_width_px, films[0].fusion, films[0].cortical_note) == (12.0, 0.25, "")
    index = film_bone_health(measurements, turned_frame(), PixelSpacing(0.5, "user", True, ""))
    assert index == pytest.approx(math.pi * 1.5 * (1 - 1.5 / 6.0) / (6.0 * 50.0) ** (1 / 3))
    assert film_bone_health(measurements, turned_frame(), PixelSpacing(0.5, "detector", False, "")) is None
    validate(replace(full_result(), bones=films, bone_health_index=index))


def metacarpal(ray: int) -> BoneMeasurement:
    nan = math.nan
    ends = ((0.0, 50.0), (0.0, 0.0))
    return BoneMeasurement(f"metacarpal_{ray}", ends, 50.0, 45.0, 6.0, nan, nan, 7.0, nan, nan, 300.0, nan)


def test_joints_are_carried_to_the_film() -> None:
    labels = np.zeros((50, 40), np.uint8)
    bones = BoneMap(labels, labels.astype(np.float32), {"wrist": (1.0, 2.0)}, {"wrist": 0.7}, turned_frame())
    assert film_joints(bones) == (JointResult("wrist", (8.0, 24.0), 0.7),)
    assert film_joints(replace(bones, joints={}, joint_confidence={})) == ()


def test_result_needs_no_arrays_and_no_networks() -> None:
    code = "import sys, boneage.result; print([m for m in ('numpy', 'torch', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
