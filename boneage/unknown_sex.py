"""The sex of the child is not known: both answers are given, neither is chosen, and each says for which sex it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from boneage.errors import Refusal
from boneage.result import Chronological, Estimates, Reason, SexAnswer
from boneage.walk import IF_SEX, Walk

if TYPE_CHECKING:
    from boneage.radiograph.radiograph import Sex

BOTH_SEXES: Final[tuple[Sex, ...]] = ("M", "F")


def both_answers(walk: Walk, find: Callable[[Sex], SexAnswer]) -> dict[str, SexAnswer]:
    """Return the answers under either sex; where one is refused, it holds what had been found, and a remark says why.

    Parameters
    ----------
    walk:
        Of the film; remarks and checks made on the way are kept as those of one sex.
    find:
        Finds the answer under one sex.

    Raises
    ------
    Refusal
        Where there is no answer under either.
    """
    answers: dict[str, SexAnswer] = {}
    refusals: dict[Sex, Refusal] = {}
    for sex in BOTH_SEXES:
        with walk.assuming(sex):
            try:
                answers[sex] = find(sex)
            except Refusal as refusal:
                answers[sex] = SexAnswer(None, walk.estimates.get(sex, Estimates()), own_age(walk))
                refusals[sex] = refusal
    if len(refusals) == len(BOTH_SEXES):
        raise _of_both(refusals)
    for sex, stopped in refusals.items():
        with walk.assuming(sex):
            walk.remark(Reason(stopped.code, stopped.message, stopped.remedy, "warning"))
    msg = "the sex of the child is not known, so both answers are given and neither is chosen"
    walk.remark(Reason("sex_unknown", msg, "give it with --sex M or --sex F", "warning"))
    return answers


def _of_both(refusals: dict[Sex, Refusal]) -> Refusal:
    """Return one refusal that says what stopped either answer; a code holds for what is said under it alone."""
    first, second = (refusals[sex] for sex in BOTH_SEXES)
    if first.message == second.message:
        return first
    said = [f"{IF_SEX[sex]}: {refusals[sex].message}" for sex in BOTH_SEXES]
    if first.code == second.code:
        return Refusal(first.code, "; ".join(said), remedy=first.remedy, checks=first.checks)
    other = Refusal(second.code, said[1], remedy=second.remedy)
    return Refusal(first.code, said[0], remedy=first.remedy, checks=first.checks + second.checks, others=(other,))


def own_age(walk: Walk) -> Chronological | None:
    """Return the child's own age where there is no single bone age to hold it against."""
    return None if walk.own_age is None else Chronological(walk.own_age, in_whole_years=walk.own_in_whole_years)
