"""A hand whose age a table lacks is refused, whatever age within the table explains it best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from stand_ins import StandInRooms

from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.quality.outside import check_outside
from boneage.reference.lookup import AgeLookup
from boneage.reference.posterior import AgePosterior
from boneage.reference.rows import SEXES, Sex
from boneage.reference.tables import load_reference

LENGTHS = AgeLookup(load_reference("dha_joint_mm"))


def looked_up(share: float, row: int, sex: Sex) -> AgePosterior:
    """Look up a hand whose lengths are a share of the means of one age of the table."""
    grid = LENGTHS.grid(sex)
    values = share * grid.mean[:, row]
    return LENGTHS.posterior(dict(zip(LENGTHS.table.measurements, values.tolist(), strict=True)), sex)


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize(
    ("share", "row", "verdict"), [(0.6, 0, "refused"), (0.75, 0, "refused"), (0.92, 0, "passed"), (1.0, 40, "passed")]
)
def test_hands_smaller_than_the_youngest(share: float, row: int, verdict: str, sex: Sex) -> None:
    (found,) = check_outside(looked_up(share, row, sex))
    assert found.verdict == verdict
    assert verdict == "passed" or "beyond those of the first age" in found.message


@pytest.mark.parametrize("sex", SEXES)
def test_hands_larger_than_the_oldest(sex: Sex) -> None:
    (found,) = check_outside(looked_up(1.25, -1, sex))
    assert (found.verdict, found.check.code) == ("refused", "outside_table")
    assert "beyond those of the last age" in found.message
    assert check_outside(looked_up(1.0, -1, sex))[0].verdict == "passed"


def test_the_table_of_all_ages_is_left_to_the_distance_from_its_films() -> None:
    table = load_reference("rsna")
    cells = table.sexes["M"]
    values = {name: mean - 9 for name, mean in zip(table.measurements, cells.mean[:, 5].tolist(), strict=True)}
    assert check_outside(AgeLookup(table).posterior(values, "M")) == ()


def test_such_a_film_has_no_age(tmp_path: Path) -> None:
    class SmallHands(StandInRooms):
        def look_up(self, values: object, sex: object, *, unseen: object = ()) -> AgePosterior:
            return replace(super().look_up({}, "M"), beyond_ends=(4.0, -9.0))

    film = tmp_path / "film.png"
    film.write_bytes(b"film")
    result = Estimator(EstimateOptions(method="measurement"), rooms=SmallHands()).estimate(film).result
    assert (result.status, [reason.code for reason in result.problems]) == ("refused", ["outside_table"])
    assert [check.value for check in result.quality.checks if check.name == "beyond_table"] == [4.0]
