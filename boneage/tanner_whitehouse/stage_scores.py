"""Tables of stage scores: how many points a bone has at a stage, by sex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from boneage.reference.published import read_published
from boneage.reference.rows import SEXES, Sex

GROUP: Final = "tanner_whitehouse"
PUBLISHED_NAMES: Final = {"triquetral": "triquetrum"}
"""What the publications call a bone, to its name here."""
"""A bone's name in the files to its name in `boneage.anatomy`, where they differ."""


@dataclass(frozen=True)
class StageTable:
    """Where a system's stage scores stand.

    Attributes
    ----------
    file, title:
        The CSV file, and the table in words.
    stage, score:
        Columns of the stage and of its points.
    groups:
        The groups of bones that are taken (column ``group``); empty takes all.
    absent:
        The stage of a centre that is not there yet, where the file does not list it; it has no points.
    """

    file: str
    title: str
    stage: str
    score: str
    groups: tuple[str, ...] = ()
    absent: str | None = None


Scores = Mapping[str, Mapping[str, int]]
"""Bone to stage to points, both in order."""


@lru_cache(maxsize=16)
def stage_scores(table: StageTable) -> dict[Sex, Scores]:
    """Load a table; stages that are flagged as none of the bone's own are left out.

    Raises
    ------
    TableError
        If the file is missing, changed or broken.
    """
    columns = read_published(GROUP, table.file, ("sex", "bone", table.stage, table.score), optional=("group", "flag"))
    sexes, points = columns.sexes(), columns.numbers(table.score)
    bones, stages = columns.text("bone"), columns.text(table.stage)
    groups, flags = columns.cells.get("group"), columns.cells.get("flag")
    found: dict[Sex, Scores] = {}
    for index, sex in enumerate(SEXES):
        scores: dict[str, dict[str, int]] = {}
        for row in range(columns.rows):
            skipped = (table.groups and groups is not None and groups[row] not in table.groups) or (
                flags and flags[row]
            )
            if sexes[row] != index or skipped:
                continue
            bone = PUBLISHED_NAMES.get(bones[row], bones[row])
            if bone not in scores:
                scores[bone] = {} if table.absent is None else {table.absent: 0}
            scores[bone][stages[row]] = int(points[row])
        found[sex] = scores
    return found
