"""Several films of one child: how far the bone age went from one to the next, for each year of the child's own age.

The error of such a change is not that of the population: much of what the tool reads too high or too low in a child it
reads so at both visits. Two parts are reckoned with. `REPEATABILITY_SD` is the standard deviation of the answer over
changes of the same film (docs/measurements.md, "How well it repeats"). `DRIFT_SD_PER_YEAR` is how far the mean error
moves while the child grows older. How far the answer moves when the hand is laid down and exposed anew is not measured,
so the interval is the least that must be reckoned with.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from boneage.errors import Refusal, UsageError
from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.result import BoneAge, Reason, Result, SexAnswer
from boneage.result.measured_values import measured_values

REPEATABILITY_SD: Final = {"combined": 0.6, "measurement": 1.6, "regression": 0.6}
"""Months, by method: SD of the answer within a film; 14 films of the split ``tune``, each in 15 versions."""

REPEATABILITY_SD_95: Final = {"combined": (0.3, 0.9), "measurement": (0.7, 2.3), "regression": (0.4, 0.8)}
"""95 % intervals of these SDs over the films."""

DRIFT_SD_PER_YEAR: Final = 0.7
"""Months for each year between the films: the bias of the answer goes from +6.7 months under 4 years to -2.9
from 16 on, over about 14 years (docs/devtest/results.md, by the label's age; a part of it is the label's own error)."""

LEAST_MONTHS: Final = 3.0
"""Visits closer than this give no rate: the error of the reading would be larger than any change."""

NORMAL_95: Final = 1.959964


@dataclass(frozen=True)
class ChildVisit:
    """One film of a child.

    Attributes
    ----------
    name:
        For people; of the file.
    age_months:
        The child's own age, ``None`` where it was not given.
    bone_age:
        The program's answer.
    sex:
        ``M`` or ``F``.
    sds:
        SD score of the answer, ``None`` without.
    age_in_whole_years:
        Whether the child's own age counts completed years alone.
    sha256:
        Of the file, so that one film is not taken for two visits.
    version, networks, references:
        What computed the answer.
    corrected:
        Whether a reader's corrections are in it.
    calibration:
        Hash of the site calibration that was applied; empty where none was.
    values:
        What was measured, by name (`boneage.result.measured_values`).
    """

    name: str
    age_months: float | None
    bone_age: BoneAge
    sex: str
    sds: float | None = None
    age_in_whole_years: bool = False
    sha256: str | None = None
    version: str = ""
    networks: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    corrected: bool = False
    calibration: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """How far the bone age went between two visits.

    Attributes
    ----------
    first, second:
        The visits, by the child's own age.
    own_months, bone_age_months:
        How far each age went.
    per_year:
        Years of bone age for each year of the child's own age.
    interval_95:
        Of ``per_year``, from the repeatability of the tool and the drift of its bias with age.
    sd_months:
        Standard deviation of ``bone_age_months``.
    warnings:
        Why the two may not be comparable.
    """

    first: ChildVisit
    second: ChildVisit
    own_months: float
    bone_age_months: float
    per_year: float
    interval_95: tuple[float, float]
    sd_months: float
    warnings: tuple[Reason, ...] = ()


def read_result(data: bytes) -> Result:
    """Read the JSON of an earlier result.

    Raises
    ------
    UsageError
        ``bad_result_json`` if it is not one.
    """
    try:
        content = json.loads(data)
        if not isinstance(content, dict):
            raise TypeError
        return Result.from_dict(content)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        msg = f"this is not the JSON of a result of this tool ({type(error).__name__})"
        raise UsageError("bad_result_json", msg, remedy="take the file that the export JSON has written") from error


def visit_of(result: Result, *, name: str, sex: str | None = None) -> ChildVisit:
    """Return a result as a visit.

    Parameters
    ----------
    result:
        Of one film.
    name:
        What to call it.
    sex:
        Which answer to take where the sex was not known then.

    Raises
    ------
    Refusal
        ``visit_without_age`` where there is no bone age; ``visit_sex_unknown`` where there are two and none is chosen.
    """
    answers = result.answers()
    own = result.input.sex.value or (sex if result.by_sex else None)
    if answers and own is None:
        msg = f"{name}: the sex was not known, so there are two answers"
        raise Refusal("visit_sex_unknown", msg, remedy="choose the sex of the child")
    answer: SexAnswer | None = answers.get(own)
    if answer is None or answer.bone_age is None or own is None:
        msg = f"{name}: no bone age was read from this film"
        raise Refusal("visit_without_age", msg, remedy="leave it out, or use another film of that visit")
    said, software = answer.chronological or result.chronological, result.software
    return ChildVisit(
        name,
        None if said is None else said.months,
        answer.bone_age,
        own,
        None if said is None else said.sds,
        said is not None and said.in_whole_years,
        result.input.sha256,
        software.version,
        tuple(sorted(f"{model.name} {model.sha256}" for model in software.models)),
        tuple(sorted(f"{table.name} {table.version}" for table in result.looked_up_in)),
        result.reader_correction is not None,
        stamp.sha256 if (stamp := result.calibration or answer.calibration) is not None else "",
        measured_values(result),
    )


def change(one: ChildVisit, other: ChildVisit) -> Change:
    """Return how far the bone age went between two visits of a child.

    Raises
    ------
    Refusal
        ``visit_age_missing``, ``visit_age_in_whole_years`` (it may be out by as much as lies between the films),
        ``visits_of_one_film``, ``visit_bound`` (a grown hand has no number), or
        ``visits_too_close`` under `LEAST_MONTHS`.
    """
    if one.age_months is None or other.age_months is None:
        name = one.name if one.age_months is None else other.name
        msg = f"{name}: the child's own age at the film is not known"
        raise Refusal("visit_age_missing", msg, remedy="give the age or the dates with that film")
    for visit in (one, other):
        if visit.age_in_whole_years:
            msg = f"{visit.name}: the child's own age at the film is known in whole years only"
            remedy = "give the age to the month, or the dates, with that film"
            raise Refusal("visit_age_in_whole_years", msg, remedy=remedy)
    if one.sha256 is not None and one.sha256 == other.sha256:
        msg = f"{one.name} and {other.name} are the same film"
        raise Refusal("visits_of_one_film", msg, remedy="take another film")
    for visit in (one, other):
        if visit.bone_age.bound is not None:
            msg = f"{visit.name}: of this grown hand no more than a bound is known"
            raise Refusal("visit_bound", msg, remedy="a change cannot be told once the hand is grown")
    first, second = sorted((one, other), key=lambda visit: visit.age_months or 0.0)
    assert first.age_months is not None
    assert second.age_months is not None
    own = second.age_months - first.age_months
    if own < LEAST_MONTHS:
        apart = math.floor(10 * own) / 10
        msg = f"the two films are {apart:.1f} months apart, and less than {LEAST_MONTHS:g} tell no change"
        raise Refusal("visits_too_close", msg, remedy="compare with an earlier film")
    months = second.bone_age.months - first.bone_age.months
    drift = DRIFT_SD_PER_YEAR * own / MONTHS_PER_YEAR
    sd = math.hypot(drift, *(REPEATABILITY_SD[visit.bone_age.method] for visit in (first, second)))
    half = NORMAL_95 * sd
    return Change(
        first, second, own, months, months / own, ((months - half) / own, (months + half) / own), sd,
        comparability(first, second),
    )  # fmt: skip


def comparability(first: ChildVisit, second: ChildVisit) -> tuple[Reason, ...]:
    """Return why two visits may not be comparable."""
    pairs = (
        ("visits_sex_differs", first.sex, second.sex, "the sex differs: are both films of the same child?"),
        (
            "visits_method_differs",
            first.bone_age.method,
            second.bone_age.method,
            "the two answers come from different methods, whose ages may lie apart",
        ),
        (
            "visits_reference_differs",
            first.references,
            second.references,
            "the two answers rest on different reference tables or versions of them",
        ),
        (
            "visits_networks_differ",
            first.networks,
            second.networks,
            "the two films were read with different networks",
        ),
        (
            "visits_calibration_differs",
            first.calibration,
            second.calibration,
            "the two answers have different site calibrations, or one of them has none",
        ),
        ("visits_version_differs", first.version, second.version, "the two films were read with different versions"),
    )
    remedy = "read both films with the same version and settings"
    found = [Reason(code, words, remedy, "warning") for code, a, b, words in pairs if a != b]
    if first.corrected or second.corrected:
        words = "a reader has corrected one of the two films; the stated error is that of the program alone"
        found.append(Reason("visits_corrected", words, "", "warning"))
    return tuple(found)


def in_order(visits: Sequence[ChildVisit]) -> tuple[ChildVisit, ...]:
    """Return the visits whose age is known, youngest first."""
    return tuple(sorted((one for one in visits if one.age_months is not None), key=lambda one: one.age_months or 0.0))


def changes(visits: Sequence[ChildVisit]) -> tuple[Change | Reason, ...]:
    """Return the change from each visit to the next; where there is none, the reason."""
    found: list[Change | Reason] = []
    for first, second in pairwise(in_order(visits)):
        try:
            found.append(change(first, second))
        except Refusal as refusal:
            found.append(Reason(refusal.code, refusal.message, refusal.remedy))
    return tuple(found)
