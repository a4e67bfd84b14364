"""The commands `adult-height` and `tanner-whitehouse`."""

from __future__ import annotations

import pytest
from cli_runs import Runner

from boneage.adult_height.methods import METHODS
from boneage.tanner_whitehouse.systems import SYSTEMS

GIRL = ("--sex", "F", "--bone-age", "10y6m", "--chronological-age", "10y", "--height-cm", "140")


def test_a_height_as_text(run: Runner) -> None:
    ran = run("adult-height", "--method", "bayley-pinneau", *GIRL)
    assert ran.code == 0
    assert ran.out.startswith("Bayley-Pinneau 1952: 158.4 cm (± 7.0 cm")
    assert "Table IIIA, row 10-6" in ran.out


def test_a_height_as_json(run: Runner) -> None:
    ran = run("adult-height", "--method", "bayley-pinneau", *GIRL, "--json")
    assert ran.code == 0
    assert ran.json["predicted_cm"] == pytest.approx(140 / 0.884)
    assert ran.json["inputs"]["bone_age_months"] == 126


def test_all_methods_at_once(run: Runner) -> None:
    ran = run("adult-height", "--method", "all", *GIRL)
    assert ran.code == 0
    assert all(method.title in ran.out for method in METHODS.values())


def test_what_is_missing_is_listed(run: Runner) -> None:
    ran = run("adult-height", "--method", "khamis-guo", *GIRL)
    assert ran.code == 2
    assert "weight_kg" in ran.out and "midparent_height_cm" in ran.out


def test_a_refusal_has_its_exit_code(run: Runner) -> None:
    ran = run("adult-height", "--method", "tanner-1975", *GIRL, "--json")
    assert ran.code == 3
    assert ran.json["reason"]["code"] == "wrong_bone_age_scale"


@pytest.mark.parametrize("words", [("--method", "other"), ("--height-cm", "1.4"), ("--bone-age-scale", "tw2")])
def test_wrong_usage_of_adult_height(run: Runner, words: tuple[str, str]) -> None:
    ran = run("adult-height", *GIRL, *words)
    assert (ran.code, ran.out) == (2, "")


def test_menarche_is_handed_on(run: Runner) -> None:
    words = ("adult-height", "--method", "tanner-1975", "--bone-age-scale", "tw2_rus", "--sex", "F", "--json")
    words += ("--bone-age", "12y", "--chronological-age", "12y", "--height-cm", "150")
    assert run(*words).json["missing"] == ["menarche"]
    before, after = (run(*words, flag).json["predicted_cm"] for flag in ("--no-menarche", "--menarche"))
    assert before > after


def _stages(key: str, sex: str, place: int) -> str:
    system = SYSTEMS[key]
    return ",".join(f"{bone}={system.allowed(bone, sex)[place]}" for bone in system.bones(sex))  # type: ignore[arg-type]


def test_stages_as_text_and_json(run: Runner) -> None:
    words = ("tanner-whitehouse", "--system", "tw3-rus", "--sex", "M", "--stages", _stages("tw3-rus", "M", 5))
    ran = run(*words)
    assert ran.code == 0
    assert ran.out.startswith("TW3 RUS: score 357, bone age 10 y")
    assert run(*words, "--json").json["score"] == 357


def test_bones_not_rated_are_listed(run: Runner) -> None:
    ran = run("tanner-whitehouse", "--system", "tw3-rus", "--sex", "M", "--stages", "radius=F,ulna=E")
    assert ran.code == 2
    assert "no score: 11 of 13" in ran.out and "distal_phalanx_5" in ran.out


@pytest.mark.parametrize(
    "words", [("--sex", "M", "--stages", "radius=Z"), ("--sex", "M", "--system", "x"), (), ("--sex", "unknown")]
)
def test_wrong_usage_of_tanner_whitehouse(run: Runner, words: tuple[str, ...]) -> None:
    ran = run("tanner-whitehouse", *words)
    assert (ran.code, ran.out) == (2, "")


def test_the_stages_of_a_system_are_listed(run: Runner) -> None:
    ran = run("tanner-whitehouse", "--system", "tw2-carpal", "--sex", "F", "--list")
    assert ran.code == 0
    assert "capitate: A B C D E F G H" in ran.out
    listed = run("tanner-whitehouse", "--system", "rus-chn", "--sex", "F", "--list", "--json").json["stages"]
    assert listed["ulna"][-1] == "12"
