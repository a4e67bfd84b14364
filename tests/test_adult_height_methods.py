"""The list of methods: what each needs, what is missing, what is refused, and what an answer carries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from boneage.adult_height.inputs import FIELDS, BayleyPinneauInputs, TannerInputs
from boneage.adult_height.methods import LEFT_OUT, METHODS, answer, find_method, predict
from boneage.adult_height.scales import SCALES
from boneage.adult_height.text import answer_lines
from boneage.errors import UsageError

CHILD: dict[str, Any] = {
    "sex": "M",
    "height_cm": 140.0,
    "weight_kg": 34.0,
    "midparent_height_cm": 172.0,
    "bone_age_months": 126.0,
    "chronological_age_months": 126.0,
}


def ask(key: str, **changed: Any) -> Any:
    return predict(key, **{**CHILD, "bone_age_scale": next(iter(METHODS[key].scales), None), **changed})


@pytest.mark.parametrize("key", METHODS)
def test_a_complete_child_has_a_height_its_cells_and_its_source(key: str) -> None:
    found = ask(key)
    assert found.status == "ok"
    assert 160 < found.predicted_cm < 195
    assert found.cells and found.notes and found.reference and found.population and found.error_words
    assert found.inputs["height_cm"] == 140.0


@pytest.mark.parametrize("key", METHODS)
def test_every_needed_input_is_missed_when_it_is_not_given(key: str) -> None:
    for name in METHODS[key].needed:
        found = ask(key, **{name: None})
        assert found.status == "missing", name
        assert found.missing == (name,)
        assert found.predicted_cm is None


@pytest.mark.parametrize("key", METHODS)
def test_with_nothing_given_everything_is_listed(key: str) -> None:
    assert predict(key).missing == METHODS[key].needed


@pytest.mark.parametrize("key", METHODS)
def test_every_input_has_words(key: str) -> None:
    assert set(METHODS[key].needed) <= set(METHODS[key].accepted) <= set(FIELDS)


def test_the_age_is_not_needed_where_the_table_is_chosen() -> None:
    assert BayleyPinneauInputs(maturity_group="average").missing() == (
        "sex",
        "height_cm",
        "bone_age_months",
        "bone_age_scale",
    )


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize("scale", SCALES)
def test_a_bone_age_of_another_scale_is_refused(key: str, scale: str) -> None:
    found = ask(key, bone_age_scale=scale)
    if scale in METHODS[key].scales or "bone_age_scale" not in METHODS[key].accepted:
        assert found.status == "ok"
    else:
        assert (found.status, found.reason.code) == ("refused", "wrong_bone_age_scale")


def test_the_scales_of_each_method() -> None:
    assert {key: method.scales for key, method in METHODS.items()} == {
        "bayley-pinneau": ("greulich_pyle", "automatic"),
        "roche-wainer-thissen": ("greulich_pyle", "automatic"),
        "khamis-guo": ("fels", "greulich_pyle", "automatic"),
        "khamis-roche": (),
        "tanner-1975": ("tw2_rus",),
    }


def test_the_automatic_bone_age_has_a_note() -> None:
    assert any("automatic" in note for note in ask("bayley-pinneau", bone_age_scale="automatic").notes)
    assert not any("automatic" in note for note in ask("bayley-pinneau").notes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("height_cm", 1.4),
        ("height_cm", 1400),
        ("height_cm", float("nan")),
        ("height_cm", True),
        ("height_cm", "140"),
        ("weight_kg", 34000.0),
        ("midparent_height_cm", 68.0),
        ("bone_age_months", -1.0),
        ("chronological_age_months", float("inf")),
        ("sex", "unknown"),
        ("bone_age_scale", "tw2"),
        ("menarche", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_meant_is_an_error(name: str, value: object) -> None:
    key = next(key for key, method in METHODS.items() if name in method.accepted)
    with pytest.raises(UsageError) as caught:
        ask(key, **{name: value})
    assert caught.value.code == "bad_height_input"


def test_no_group_is_the_rule() -> None:
    assert ask("bayley-pinneau", maturity_group=None) == ask("bayley-pinneau", maturity_group="auto")


def test_an_unknown_group_is_an_error() -> None:
    with pytest.raises(UsageError):
        ask("bayley-pinneau", maturity_group="early")


def test_an_unknown_method_is_an_error_that_names_the_others() -> None:
    with pytest.raises(UsageError) as caught:
        find_method("khamis")
    assert all(key in caught.value.remedy for key in METHODS)


def test_a_height_below_the_present_one_is_refused() -> None:
    found = ask("khamis-guo", height_cm=190.0, chronological_age_months=198.0, bone_age_months=216.0, weight_kg=60.0)
    assert (found.status, found.predicted_cm) == ("refused", None)
    assert found.reason.code == "below_present_height"


def test_so_is_one_below_what_the_length_alone_makes_standing() -> None:
    given = {"height_cm": None, "chronological_age_months": 189.0, "bone_age_months": 190.0, "sex": "M"}
    grown = ask("roche-wainer-thissen", **given, recumbent_length_cm=185.0, weight_kg=90.0, midparent_height_cm=155.0)
    assert grown.status == "refused"
    assert grown.reason.message == "the equation gives 182.5 cm, less than the present height of 183.8 cm"
    lying = ask("roche-wainer-thissen", **given, recumbent_length_cm=170.0, weight_kg=90.0, midparent_height_cm=155.0)
    assert lying.status == "ok"
    assert 170.0 - 1.25 < lying.predicted_cm < 171.0


@pytest.mark.parametrize(("height", "above"), [(154.0, False), (155.0, True), (200.0, True)])
def test_a_height_above_the_greatest_that_is_taken_is_refused(height: float, above: bool) -> None:
    girl = {"sex": "F", "chronological_age_months": 48.0, "weight_kg": 15.0, "midparent_height_cm": 165.0}
    found = predict("khamis-roche", height_cm=height, **girl)
    assert found.status == ("refused" if above else "ok")
    if above:
        assert found.predicted_cm is None
        assert found.reason is not None
        assert found.reason.code == "above_highest_height"
        assert f"({FIELDS['height_cm'].high:g} cm)" in found.reason.message


@pytest.mark.parametrize(
    ("height", "length", "taken"),
    [
        (150.0, 170.0, False),
        (150.0, 155.1, False),
        (150.0, 148.9, False),
        (140.3, 145.3, True),
        (150.0, 149.0, True),
        (150.0, 151.3, True),
    ],
)
def test_length_and_height_are_those_of_one_child(height: float, length: float, taken: bool) -> None:
    given = {"height_cm": height, "recumbent_length_cm": length}
    if taken:
        assert ask("roche-wainer-thissen", **given).status == "ok"
        return
    with pytest.raises(UsageError) as caught:
        ask("roche-wainer-thissen", **given)
    assert caught.value.code == "bad_height_input"
    assert f"{length - height:.1f} cm" in caught.value.message
    assert ask("khamis-guo", **given).status == "ok"  # takes no length


def test_the_inputs_of_another_method_are_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError):
        answer(METHODS["bayley-pinneau"], TannerInputs())


def test_an_answer_is_plain_json() -> None:
    for found in (ask("bayley-pinneau"), ask("tanner-1975"), predict("khamis-guo"), ask("tanner-1975", height_cm=None)):
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()
    error = ask("bayley-pinneau").to_dict()["error"]
    assert error["two_sd_cm"] == pytest.approx(2 * error["sd_cm"])


def test_the_lines_say_everything() -> None:
    found = ask("bayley-pinneau")
    text = "\n".join(answer_lines(found))
    assert f"{found.predicted_cm:.1f} cm (± {found.error.two_sd_cm:.1f} cm" in text
    assert all(note in text for note in found.notes)
    assert all(cell.words in text for cell in found.cells)
    assert found.reference in text
    assert "bone age: 10 y 6 mo" in text
    assert "Greulich-Pyle atlas, read by a person" in text


def test_the_lines_list_what_is_missing_and_why_it_is_refused() -> None:
    assert "weight (weight_kg)" in "\n".join(answer_lines(ask("khamis-guo", weight_kg=None)))
    refused = ask("tanner-1975", bone_age_scale="tw3_rus")
    text = "\n".join(answer_lines(refused))
    assert refused.reason.message in text
    assert refused.reason.remedy in text


def test_what_is_left_out_is_said() -> None:
    assert any("TW3" in name for name in LEFT_OUT)
    assert not set(LEFT_OUT) & {method.title for method in METHODS.values()}
