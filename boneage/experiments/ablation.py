"""Which measurements carry the age: tables built from some of them, judged on the same films."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from boneage.evaluation.groups import ALL, cell_name
from boneage.evaluation.metrics import AGE_BANDS, RESAMPLES, AgeFigures, Figure, age_band, age_figures, bootstrap
from boneage.experiments.kind_groups import ALONE, LEFT_OUT, MeasurementSet
from boneage.experiments.measured_rows import MeasuredRows
from boneage.experiments.subsets import fingerprint
from boneage.outputs import make_folder, write_whole
from boneage.reference.build import DEFAULT_OPTIONS, BuildOptions, build_table
from boneage.reference.calibrate import looked_up
from boneage.reference.measurement_table import TableMetadata
from boneage.reference.rows import SEX_NAMES

LOGGER = logging.getLogger(__name__)

_LABELS = ("id", "sex", "bone_age_months")


@dataclass(frozen=True)
class AblationOptions:
    """What `boneage experiment ablation` is asked for.

    Attributes
    ----------
    run_dir:
        Keeps the answers of each set, which are not computed again from the same rows.
    leave_one_out:
        Whether all but one group is tried too.
    build:
        How tables are built.
    """

    run_dir: Path
    leave_one_out: bool = False
    build: BuildOptions = DEFAULT_OPTIONS

    @property
    def sets(self) -> tuple[MeasurementSet, ...]:
        """The sets of measurements to try."""
        return (*ALONE, *LEFT_OUT) if self.leave_one_out else ALONE


@dataclass(frozen=True)
class SetAnswers:
    """What a table of some of the measurements answers.

    Attributes
    ----------
    name:
        Of the set.
    inputs:
        Hash of what it was made from.
    measurements:
        Number of measurements in the table.
    answers:
        Film id to age and 95 % interval in months; films without an answer are left out.
    """

    name: str
    inputs: str
    measurements: int
    answers: dict[str, tuple[float, float, float]]


def run_ablation(rows: MeasuredRows, options: AblationOptions) -> Iterator[SetAnswers]:
    """Yield the answers of each set of measurements; a finished set is read from its file.

    Parameters
    ----------
    rows:
        Measured films: tables are built from ``rows.train``, settings cross-fitted there, ``rows.judged`` looked up.
    options:
        Sets and folder.
    """
    make_folder(options.run_dir)
    columns = [name for name in rows.train.columns if name not in _LABELS]
    for one in options.sets:
        chosen = one.columns(columns)
        if not chosen:
            LOGGER.warning("%s: none of these measurements was taken", one.name)
            continue
        inputs = fingerprint("ablation", rows.digest, chosen, one.presence, options.build)
        path = options.run_dir / f"{one.name.replace(' ', '-')}.json"
        done = _read(path)
        if done is None or done.inputs != inputs:
            done = _answers(rows, options.build, one, chosen, inputs)
            write_whole(path, (json.dumps(asdict(done), indent=1) + "\n").encode())
        yield done


def _read(path: Path) -> SetAnswers | None:
    if not path.is_file():
        return None
    data = json.loads(path.read_text())
    return SetAnswers(**{**data, "answers": {film: tuple(numbers) for film, numbers in data["answers"].items()}})


def _answers(
    rows: MeasuredRows, build: BuildOptions, one: MeasurementSet, chosen: list[str], inputs: str
) -> SetAnswers:
    LOGGER.info("%s: %d measurements", one.name, len(chosen))
    films, metadata = rows.train[[*_LABELS, *chosen]], TableMetadata(one.name, "1")
    table = build_table(films, metadata, options=replace(build, presence=one.presence))
    found = looked_up(rows.judged, table)
    answers = {
        film: (round(float(months), 3), round(float(low), 3), round(float(high), 3))
        for film, (months, low, high) in zip(rows.judged["id"], found, strict=True)
        if np.isfinite(months)
    }
    return SetAnswers(one.name, inputs, len(table.measurements), answers)


@dataclass(frozen=True)
class SetFigures:
    """The figures of a set on one group of films; ``beside_all`` is its MAD minus that of all measurements."""

    name: str
    measurements: int
    group: str
    figures: AgeFigures
    beside_all: Figure


@dataclass(frozen=True)
class Ablation:
    """All figures, on the ``films`` that every set answers; ``unanswered`` films by set stand beside them."""

    films: int
    unanswered: dict[str, int]
    rows: tuple[SetFigures, ...]

    def sets(self) -> list[str]:
        """Return the names of the sets in their order."""
        return list(dict.fromkeys(row.name for row in self.rows))

    def groups(self) -> list[str]:
        """Return the names of the groups of films in their order."""
        return list(dict.fromkeys(row.group for row in self.rows))

    def at(self, name: str, group: str) -> SetFigures:
        """Return the figures of one set on one group."""
        return next(row for row in self.rows if (row.name, row.group) == (name, group))


def film_groups(sexes: Sequence[str], ages: Sequence[float]) -> dict[str, list[int]]:
    """Return groups of films by name: all, sexes, age bands, and each sex in each band; empty ones are left out."""
    bands = [age_band(age) for age in ages]
    everyone = range(len(ages))
    groups = {ALL: list(everyone)}
    groups |= {name: [i for i in everyone if sexes[i] == sex] for sex, name in SEX_NAMES.items()}
    groups |= {band: [i for i in everyone if bands[i] == band] for band in AGE_BANDS}
    for band in AGE_BANDS:
        for sex, name in SEX_NAMES.items():
            groups[cell_name(name, band)] = [i for i in everyone if (sexes[i], bands[i]) == (sex, band)]
    return {name: members for name, members in groups.items() if members}


def ablation_figures(rows: MeasuredRows, answers: Iterable[SetAnswers], *, resamples: int = RESAMPLES) -> Ablation:
    """Compare the answers of sets, the one named ``all`` among them, on the films that every set answers."""
    every = list(answers)
    common = set.intersection(*(set(one.answers) for one in every))
    frame = rows.judged[rows.judged["id"].isin(common)]
    ids, ages = list(frame["id"]), [float(age) for age in frame["bone_age_months"]]
    groups = film_groups(list(frame["sex"]), ages)
    whole = next(one for one in every if one.name == "all")
    figures = []
    for one in every:
        for group, members in groups.items():
            labels = np.array([ages[i] for i in members])
            found, beside = (np.array([source.answers[ids[i]] for i in members]) for source in (one, whole))
            difference = np.abs(found[:, 0] - labels) - np.abs(beside[:, 0] - labels)
            intervals = [(float(low), float(high)) for low, high in found[:, 1:]]
            figures.append(
                SetFigures(
                    one.name,
                    one.measurements,
                    group,
                    age_figures(found[:, 0].tolist(), labels.tolist(), intervals, resamples=resamples),
                    bootstrap(difference, resamples=resamples),
                )
            )
    unanswered = {one.name: len(rows.judged) - len(one.answers) for one in every}
    return Ablation(len(ids), unanswered, tuple(figures))
