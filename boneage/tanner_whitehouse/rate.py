"""A reader's stages, to a score and a bone age.

Examples
--------
>>> text = "radius=G,ulna=F," + ",".join(f"{bone}=F" for bone in find_system("tw3-rus").bones("M")[2:])
>>> rating = rate("tw3-rus", "M", parse_stages(text))
>>> rating.score, round(rating.bone_age_months)
(385, 136)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from boneage.errors import UsageError
from boneage.reference.published import Cell
from boneage.reference.rows import SEX_NAMES, SEXES, Sex
from boneage.tanner_whitehouse.score_age import Bound, age_of_score
from boneage.tanner_whitehouse.stage_scores import PUBLISHED_NAMES
from boneage.tanner_whitehouse.systems import System, find_system


@dataclass(frozen=True)
class RatedBone:
    """One bone: the stage picked and its points."""

    bone: str
    stage: str
    points: int


@dataclass(frozen=True)
class Rating:
    """What the stages give.

    Attributes
    ----------
    system, title, sex:
        By which system, for whom.
    status:
        ``ok``, or ``missing`` where bones were not rated: then there is no score.
    reference, population:
        The publications, and the children behind the ages.
    score_table:
        The table that the points come from.
    bones:
        The rated bones, in the system's order.
    missing:
        The bones that were not rated.
    score:
        Sum of the points, 0 to 1000, or ``None``.
    bone_age_months:
        Bone age in months, or ``None`` (outside the table, or no table).
    bound, bound_months:
        Where the score lies outside the table: ``below`` or ``at_or_above`` this age.
    cells:
        The cells of the age table used.
    notes:
        What must be known when the number is used.
    """

    system: str
    title: str
    sex: Sex
    status: Literal["ok", "missing"]
    reference: str
    population: str
    score_table: str
    bones: tuple[RatedBone, ...]
    missing: tuple[str, ...] = ()
    score: int | None = None
    bone_age_months: float | None = None
    bound: Bound | None = None
    bound_months: float | None = None
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types, field for field."""
        data = asdict(self)
        for name in ("bones", "missing", "cells", "notes"):
            data[name] = list(data[name])
        return data


def parse_stages(text: str) -> dict[str, str]:
    """Read stages as a user types them, ``radius=F, ulna=E``.

    Raises
    ------
    UsageError
        ``bad_stages`` if a part is not ``bone=stage``, or a bone is given twice.
    """
    stages: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        bone, equals, stage = (word.strip() for word in part.partition("="))
        bone = PUBLISHED_NAMES.get(bone.lower(), bone.lower())
        if not (bone and equals and stage) or bone in stages:
            msg = f"{part[:40]!r} is not a bone and its stage, or the bone is given twice"
            raise UsageError("bad_stages", msg, remedy="write radius=F,ulna=E,...; each bone once")
        stages[bone] = stage
    return stages


def rate(key: str, sex: Sex, stages: Mapping[str, str]) -> Rating:
    """Return score and bone age of a reader's stages.

    Parameters
    ----------
    key:
        A system of `boneage.tanner_whitehouse.systems.SYSTEMS`.
    sex:
        ``M`` or ``F``.
    stages:
        Bone to stage: a letter (in either case), or a grade as a number in RUS-CHN.

    Raises
    ------
    UsageError
        If the system, the sex, a bone or a stage is not one that it knows; a stage is never taken for another.
    """
    system = find_system(key)
    if sex not in SEXES:
        msg = "the sex is not M or F"
        raise UsageError("unknown_sex_word", msg, remedy="the scores of boys and girls differ: give M or F")
    known = system.bones(sex)
    strange = [bone for bone in stages if bone not in known]
    if strange:
        msg = f"{system.title} does not rate {strange[0][:40]!r}"
        raise UsageError("unknown_bone", msg, remedy=f"its bones: {', '.join(known)}")
    rated = tuple(_rated(system, bone, stages[bone], sex) for bone in known if bone in stages)
    missing = tuple(bone for bone in known if bone not in stages)
    head = (system.key, system.title, sex)
    sources = (system.reference, system.population, f"{system.stages.title}, {SEX_NAMES[sex]}")
    if missing:
        return Rating(*head, "missing", *sources, rated, missing)
    score = sum(bone.points for bone in rated)
    if system.ages is None:
        return Rating(*head, "ok", *sources, rated, score=score, notes=system.notes_for(sex))
    age = age_of_score(system.ages, sex, score)
    return Rating(
        *head,
        "ok",
        *sources,
        rated,
        score=score,
        bone_age_months=age.months,
        bound=age.bound,
        bound_months=age.bound_months,
        cells=age.cells,
        notes=(*age.notes, *system.notes_for(sex)),
    )


def _rated(system: System, bone: str, stage: str, sex: Sex) -> RatedBone:
    word = stage.strip().upper()
    allowed = system.allowed(bone, sex)
    if word not in allowed:
        msg = f"{bone} has no stage {stage[:20]!r} in {system.title}"
        raise UsageError("unknown_stage", msg, remedy=f"its stages: {', '.join(allowed)}")
    return RatedBone(bone, word, system.points(bone, word, sex))
