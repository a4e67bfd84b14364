"""Both answers where the sex is not known, and what is said where neither is given."""

from __future__ import annotations

import pytest

from boneage.errors import Refusal
from boneage.report.speech import Speech
from boneage.report.wording import headline
from boneage.result import Input, Result, SexAnswer, refused
from boneage.unknown_sex import both_answers
from boneage.walk import Walk

CONTRADICT = Refusal("bones_contradict", "60 % of the bones contradict the age", remedy="look at the outlines")
DISAGREE = Refusal("routes_disagree", "measured 120, regressed 170: 50 apart, more than 36", remedy="choose a route")


def stopped_by(boy: Refusal, girl: Refusal) -> Result:
    """The result of a film that was refused for either sex."""

    def find(sex: str) -> SexAnswer:
        raise boy if sex == "M" else girl

    with pytest.raises(Refusal) as caught:
        both_answers(Walk("film.png"), find)
    return refused(Input("film.png"), caught.value)


def test_one_cause_for_both_is_said_once() -> None:
    (problem,) = stopped_by(CONTRADICT, CONTRADICT).problems
    assert problem.message == CONTRADICT.message


def test_each_cause_has_its_own_code_and_remedy() -> None:
    result = stopped_by(CONTRADICT, DISAGREE)
    assert [(problem.code, problem.message, problem.remedy) for problem in result.problems] == [
        ("bones_contradict", f"if a boy: {CONTRADICT.message}", "look at the outlines"),
        ("routes_disagree", f"if a girl: {DISAGREE.message}", "choose a route"),
    ]
    assert headline(result) == f"Refused: if a boy: {CONTRADICT.message}; if a girl: {DISAGREE.message}"
    assert [Speech("zh").message(problem) for problem in result.problems] == [
        "若为男：有 60% 的骨与整体得出的年龄相矛盾",
        "若为女：骨骼测量为 120 个月，直接回归为 170 个月：相差 50 个月，超过可解释的 36 个月",
    ]
