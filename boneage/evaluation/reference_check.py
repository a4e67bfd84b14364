"""How well a reference table reads measured films of known age, by sex and age band (`boneage reference check`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from boneage.errors import TableError
from boneage.evaluation.groups import ALL
from boneage.evaluation.metrics import AGE_BANDS, Figure, Floats, bootstrap, wilson
from boneage.options import PriorName
from boneage.reference.calibrate import looked_up
from boneage.reference.left_out import looked_up_without
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import SEX_NAMES, SEXES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CheckedGroup:
    """The figures of one group of films.

    Attributes
    ----------
    sex:
        ``M``, ``F`` or ``all``.
    band:
        Name of the age band by the label, or ``all``.
    films, failed:
        Films with an age, and without one.
    mad, bias:
        Mean absolute and mean difference (looked up minus label) in months, with bootstrap intervals.
    coverage:
        Percentage of 95 % intervals that hold the label, with its Wilson interval.
    width:
        Mean width of those intervals in months.
    """

    sex: str
    band: str
    films: int
    failed: int
    mad: Figure
    bias: Figure
    coverage: Figure
    width: float


def check_reference(
    frame: pd.DataFrame, table: MeasurementTable, *, prior: PriorName = "flat", folds: int = 0
) -> tuple[CheckedGroup, ...]:
    """Look films up in a table that has not seen them and compare with their labels.

    Parameters
    ----------
    frame:
        Columns ``sex``, ``bone_age_months`` and measurements.
    table, prior:
        What they are looked up with.
    folds:
        For the films that the table was built from: into how many parts they are dealt, each looked up in a table
        fitted to the others. 0: the table as it is.

    Returns
    -------
    tuple of CheckedGroup
        All films first, then each sex, each band, and each band of each sex; groups without films are left out.

    Raises
    ------
    TableError
        ``nothing_to_evaluate`` if no film could be looked up.
    """
    found = looked_up_without(frame, table, folds=folds, prior=prior) if folds else looked_up(frame, table, prior=prior)
    if np.isnan(found[:, 0]).all():
        msg = "no film of the split has a measurement that the table knows"
        raise TableError("nothing_to_evaluate", msg, remedy="Check the split and the column names against the table.")
    known = frame["bone_age_months"].to_numpy(dtype=float)
    sexes = frame["sex"].to_numpy(dtype=str)
    groups = []
    for band in (ALL, *AGE_BANDS):
        low, high = AGE_BANDS.get(band, (0.0, np.inf))
        for sex in (ALL, *SEXES):
            chosen = (known >= low) & (known < high) & ((sexes == sex) | (sex == ALL))
            if np.isfinite(found[chosen, 0]).any():
                groups.append(_group(sex, band, known[chosen], found[chosen]))
    return tuple(sorted(groups, key=lambda group: group.band != ALL and group.sex != ALL))


def _group(sex: str, band: str, known: Floats, found: Floats) -> CheckedGroup:
    done = np.isfinite(found[:, 0])
    known, answers = known[done], found[done]
    error = answers[:, 0] - known
    held = int(np.sum((answers[:, 1] <= known) & (known <= answers[:, 2])))
    width = float(np.mean(answers[:, 2] - answers[:, 1]))
    coverage = wilson(held, known.size)
    return CheckedGroup(
        sex, band, known.size, int((~done).sum()), bootstrap(np.abs(error)), bootstrap(error), coverage, width
    )


def to_markdown(groups: tuple[CheckedGroup, ...], *, title: str, command: str) -> str:
    """Return the figures as a Markdown table under a title, with the command that made them."""
    lines = [
        f"# {title}", "", f"`{command}`", "",
        "MAD and bias (looked up minus label) in months with 95 % bootstrap intervals; coverage: share of 95 %",
        "intervals that hold the label, with 95 % Wilson intervals; width: mean width of these intervals, months.", "",
        "| sex | age | films | failed | MAD | bias | coverage % | width |", "|---|---|--:|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    lines += [
        f"| {SEX_NAMES.get(group.sex, group.sex)} | {group.band} | {group.films} | {group.failed} | {group.mad} "
        f"| {group.bias} | {group.coverage} | {group.width:.1f} |"
        for group in groups
    ]
    return "\n".join(lines) + "\n"


def to_csv(groups: tuple[CheckedGroup, ...]) -> str:
    """Return the figures as CSV, a row for each group."""
    figures = ("mad", "bias", "coverage")
    head = [f"{name}{end}" for name in figures for end in ("", "_low", "_high")]
    lines = [",".join(["sex", "band", "films", "failed", *head, "width"])]
    for group in groups:
        numbers = [
            f"{value:.4f}" for name in figures for value in (lambda f: (f.value, f.low, f.high))(getattr(group, name))
        ]
        lines.append(
            ",".join([group.sex, group.band, str(group.films), str(group.failed), *numbers, f"{group.width:.4f}"])
        )
    return "\n".join(lines) + "\n"
