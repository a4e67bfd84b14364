"""Short, usual, long: scores of a hand's lengths at one age of a table."""

from __future__ import annotations

import numpy as np
import pytest

from boneage.anatomy import TUBULAR_BONES
from boneage.reference.length_scores import FEWEST_BONES, LengthScores, score_lengths
from boneage.reference.measurement_table import MeasurementTable, SexTable, TableMetadata

NAMES = tuple(f"{bone}.joint_length_mm" for bone in TUBULAR_BONES)
M = len(NAMES)


def table(correlation: float = 0.0) -> MeasurementTable:
    """Mean 30 mm at 120 months and 40 mm at 144, SD 2 mm, all pairs equally correlated."""
    ages = np.array([120.0, 144.0])
    matrix = np.full((M, M), correlation) + (1 - correlation) * np.eye(M)
    cells = SexTable(
        ages=ages,
        mean=np.tile([30.0, 40.0], (M, 1)),
        sd=np.full((M, 2), 2.0),
        n=np.full((M, 2), 50.0),
        present=np.full((M, 2), np.nan),
        correlation_ages=ages[:1],
        correlation=matrix[None],
    )
    return MeasurementTable(TableMetadata("drawn", "1"), NAMES, ("mm",) * M, {"F": cells})


def scores(lengths: dict[str, float], *, correlation: float = 0.0, age: float = 132.0) -> LengthScores:
    found = score_lengths(lengths, age, "F", table(correlation))
    assert isinstance(found, LengthScores)
    return found


def test_each_bone_is_scored_at_the_age_between_the_rows() -> None:
    lengths = dict.fromkeys(NAMES, 35.0) | {NAMES[3]: 31.0}
    found = scores(lengths)
    assert found.z[NAMES[3]] == pytest.approx(-2.0)
    assert found.z[NAMES[0]] == pytest.approx(0.0)
    assert found.mean_z == pytest.approx(-2.0 / M)


@pytest.mark.parametrize(("correlation", "sd"), [(0.0, 1 / np.sqrt(M)), (1.0, 1.0), (0.5, np.sqrt(0.5 + 0.5 / M))])
def test_the_mean_is_judged_by_its_own_sd(correlation: float, sd: float) -> None:
    found = scores(dict.fromkeys(NAMES, 33.0), correlation=correlation)
    assert found.mean_z == pytest.approx(-1.0)
    assert found.sd_of_mean_z == pytest.approx(sd)
    assert found.sds == pytest.approx(-1.0 / sd)


@pytest.mark.parametrize(("length", "verdict"), [(30.8, "short"), (31.2, "usual"), (38.8, "usual"), (39.2, "long")])
def test_beyond_two_sds_it_is_called_so(length: float, verdict: str) -> None:
    assert scores(dict.fromkeys(NAMES, length), correlation=1.0).verdict == verdict


def test_bones_that_are_missing_do_not_count() -> None:
    some = dict.fromkeys(NAMES[:FEWEST_BONES], 33.0) | {NAMES[-1]: float("nan"), "radius.length_mm": 1.0}
    found = scores(some, correlation=0.0)
    assert len(found.z) == FEWEST_BONES
    assert found.sd_of_mean_z == pytest.approx(1 / np.sqrt(FEWEST_BONES))


@pytest.mark.parametrize(
    ("lengths", "age", "sex", "words"),
    [
        (dict.fromkeys(NAMES, 33.0), 119.9, "F", "covers 10 to 12 years"),
        (dict.fromkeys(NAMES, 33.0), 144.1, "F", "covers 10 to 12 years"),
        (dict.fromkeys(NAMES, 33.0), 130.0, "M", "no lengths for sex M"),
        (dict.fromkeys(NAMES[: FEWEST_BONES - 1], 33.0), 130.0, "F", "9 joint-to-joint lengths"),
    ],
)
def test_where_there_is_no_score_there_are_words(lengths: dict[str, float], age: float, sex: str, words: str) -> None:
    found = score_lengths(lengths, age, sex, table())  # type: ignore[arg-type]
    assert isinstance(found, str)
    assert words in found
