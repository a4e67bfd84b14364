"""Which results can stand as earlier visits, and why the others cannot."""

from __future__ import annotations

from dataclasses import replace

from fake_reading import fake_reading, fake_refusal, fake_unknown_sex

from boneage.earlier_visits import earlier_visits
from boneage.follow_up import visit_of
from boneage.result import Chronological, Result, SexOfInput

NOW = visit_of(fake_reading().result, name="now")


def result_at(own: float | None, sex: str = "F") -> Result:
    """A result of a film of its own."""
    result = fake_reading().result
    source = replace(result.input, sha256=f"{own}", sex=SexOfInput(sex, "user"))  # type: ignore[arg-type]
    return replace(result, input=source, chronological=None if own is None else Chronological(own))


def test_visits_come_in_the_order_of_age() -> None:
    found = earlier_visits([("b", result_at(100.0)), ("a", result_at(70.0))], NOW)
    assert [visit.name for visit in found.visits] == ["a", "b"]
    assert found.refused == ()


def test_what_cannot_stand_is_named_with_the_reason() -> None:
    results = [
        ("ageless", result_at(None)),
        ("later", result_at(130.0)),
        ("same", fake_reading().result),
        ("refused", fake_refusal().result),
    ]
    found = earlier_visits(results, NOW)
    assert found.visits == ()
    assert {name: refusal.code for name, refusal in found.refused} == {
        "ageless": "visit_age_missing",
        "later": "visit_is_later",
        "same": "visits_of_one_film",
        "refused": "visit_without_age",
    }


def test_of_an_unknown_sex_the_answer_for_that_of_this_film_is_taken() -> None:
    unknown = fake_unknown_sex().result
    both = {sex: replace(answer, chronological=Chronological(100.0)) for sex, answer in (unknown.by_sex or {}).items()}
    unknown = replace(unknown, by_sex=both, input=replace(unknown.input, sha256="other"))
    (visit,) = earlier_visits([("then", unknown)], NOW).visits
    assert (visit.sex, visit.bone_age.months) == ("F", 124.0)


def test_only_visits_of_one_sex_belong_on_its_chart() -> None:
    found = earlier_visits([("boy", result_at(70.0, "M")), ("girl", result_at(80.0))], NOW)
    assert len(found.visits) == 2
    assert [visit.name for visit in found.of_sex("F")] == ["girl"]


def test_a_visit_holds_what_was_measured() -> None:
    assert NOW.values["metacarpal_3.length_ratio"] == 0.3
