"""The systems: their bones, their stages, their sums, and who they are for."""

from __future__ import annotations

import pytest

from boneage.anatomy import BONES, CARPALS
from boneage.errors import UsageError
from boneage.tanner_whitehouse.stage_scores import stage_scores
from boneage.tanner_whitehouse.systems import SYSTEMS, find_system

LETTERS = "ABCDEFGHI"
RUS = (
    "radius",
    "ulna",
    *(f"metacarpal_{ray}" for ray in (1, 3, 5)),
    *(f"proximal_phalanx_{ray}" for ray in (1, 3, 5)),
    *(f"middle_phalanx_{ray}" for ray in (3, 5)),
    *(f"distal_phalanx_{ray}" for ray in (1, 3, 5)),
)
EACH = [(key, sex) for key in SYSTEMS for sex in ("M", "F")]


@pytest.mark.parametrize(("key", "sex"), EACH)
def test_the_bones_of_each_system(key: str, sex: str) -> None:
    expected = CARPALS if "carpal" in key else (*RUS, *CARPALS) if "20bone" in key else RUS
    assert SYSTEMS[key].bones(sex) == tuple(expected)  # type: ignore[arg-type]
    assert set(expected) <= {*BONES, *CARPALS}


@pytest.mark.parametrize(("key", "sex"), EACH)
def test_the_last_stages_sum_to_1000_and_the_first_to_0(key: str, sex: str) -> None:
    table = stage_scores(SYSTEMS[key].stages)[sex]  # type: ignore[index]
    assert sum(list(points.values())[-1] for points in table.values()) == 1000
    assert sum(next(iter(points.values())) for points in table.values()) == 0


@pytest.mark.parametrize(("key", "sex"), EACH)
def test_points_never_fall_from_stage_to_stage(key: str, sex: str) -> None:
    for bone, points in stage_scores(SYSTEMS[key].stages)[sex].items():  # type: ignore[index]
        values = list(points.values())
        assert values == sorted(values), bone
        assert values[0] < values[-1]


@pytest.mark.parametrize(("key", "sex"), EACH)
def test_stages_are_letters_from_a_or_grades_from_0(key: str, sex: str) -> None:
    system = SYSTEMS[key]
    for bone in system.bones(sex):  # type: ignore[arg-type]
        stages = system.allowed(bone, sex)  # type: ignore[arg-type]
        if key == "rus-chn":
            assert stages == tuple(str(grade) for grade in range(len(stages)))
        else:
            assert stages == tuple(LETTERS[: len(stages)])


def test_the_last_stage_of_each_bone() -> None:
    twenty = SYSTEMS["tw2-20bone"]
    for sex in ("M", "F"):
        last = {bone: twenty.allowed(bone, sex)[-1] for bone in twenty.bones(sex)}  # type: ignore[arg-type]
        ends_with_h = {"ulna", "capitate", "triquetrum", "lunate", "scaphoid", "trapezoid"}
        assert {bone for bone, stage in last.items() if stage == "H"} == ends_with_h
        assert {stage for bone, stage in last.items() if bone not in ends_with_h} == {"I"}


def test_the_grades_of_rus_chn() -> None:
    system = SYSTEMS["rus-chn"]
    last = {bone: int(system.allowed(bone, "M")[-1]) for bone in system.bones("M")}
    assert (last["radius"], last["ulna"], last["metacarpal_1"], last["metacarpal_3"]) == (14, 12, 11, 10)


@pytest.mark.parametrize(
    ("key", "sex", "bone", "stage", "points"),
    [
        ("tw3-rus", "M", "radius", "G", 87),
        ("tw3-rus", "F", "radius", "G", 114),
        ("tw2-rus", "F", "ulna", "H", 173),
        ("tw2-carpal", "M", "triquetrum", "E", 57),
        ("tw2-20bone", "M", "radius", "I", 106),
        ("tw2-20bone", "F", "hamate", "I", 109),
        ("rus-chn", "M", "radius", "14", 209),
        ("rus-chn", "F", "metacarpal_1", "1", 5),
        ("rus-chn", "F", "metacarpal_1", "0", 0),
    ],
)
def test_printed_points(key: str, sex: str, bone: str, stage: str, points: int) -> None:
    assert SYSTEMS[key].points(bone, stage, sex) == points  # type: ignore[arg-type]


def test_both_transcriptions_of_the_rus_scores_agree() -> None:
    twenty = SYSTEMS["tw2-20bone"].stages
    from dataclasses import replace

    second = stage_scores(replace(twenty, score="rus_or_carpal_score", groups=("RUS",)))
    assert second == stage_scores(SYSTEMS["tw3-rus"].stages)


@pytest.mark.parametrize("key", SYSTEMS)
def test_every_system_names_its_source_and_its_children(key: str) -> None:
    system = SYSTEMS[key]
    assert system.key == key
    assert system.reference and system.population
    assert (system.ages is None) == bool(system.no_age)
    if "japanese" in key or key == "jp-rus":
        assert "Japanese" in system.population and "Japanese" in system.title


def test_no_british_age_is_offered() -> None:
    assert [key for key, system in SYSTEMS.items() if system.ages is None] == ["tw2-rus", "tw2-carpal", "tw2-20bone"]


def test_an_unknown_system_is_an_error_that_names_the_others() -> None:
    with pytest.raises(UsageError) as caught:
        find_system("tw4")
    assert all(key in caught.value.remedy for key in SYSTEMS)
