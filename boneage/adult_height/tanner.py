"""Tanner, Whitehouse, Marshall & Carter 1975: height, chronological age and TW2 RUS bone age, by band of age.

The bands are half years of chronological age (the first ones longer); a child belongs to the band that holds its age,
and nothing is interpolated. From 11 to below 15 years girls have two equations, before and after menarche. Only the
TW2 RUS bone age may be used: TW3 ages are younger for the same film.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from boneage.adult_height.answer import Computed, StatedError
from boneage.adult_height.inputs import TannerInputs
from boneage.adult_height.regression import NOT_EXTRAPOLATED
from boneage.adult_height.scales import Scale
from boneage.errors import Refusal
from boneage.keyed_text import ExactAge, keyed
from boneage.reference.published import Cell, read_published
from boneage.reference.rows import SEX_NAMES, SEXES, Sex

SCALES: Final[tuple[Scale, ...]] = ("tw2_rus",)
_FILE: Final = "tanner1975_tw2_adult_height_coefficients.csv"
_COLUMNS: Final = {
    "height_cm": "coefficient of height",
    "chronological_age_years": "coefficient of chronological age",
    "rus_tw2_bone_age_years": "coefficient of RUS (TW2) bone age",
    "constant_cm": "constant",
}
HALF_YEAR: Final = 6
"""Length of a band that names one age only, months."""

_NO_PARENTS: Final = keyed(
    "no_parents",
    "Without the allowance for the parents' heights: the mean mid-parent height that it needs was not found.",
)
_NO_MENARCHE: Final = keyed("no_menarche", "At this age the publication has one equation; menarche was not used.")


@dataclass(frozen=True)
class Band:
    """One equation: whom it is for, its coefficients, and the SD of what it leaves unexplained."""

    table: str
    label: str
    menarche: bool | None
    first: float
    end: float
    coefficients: dict[str, float]
    sd_cm: float
    note: str

    def cell(self, words: str, value: float) -> Cell:
        """Name a cell as a person finds it in the publication."""
        when = "" if self.menarche is None else (" postmenarcheal" if self.menarche else " premenarcheal")
        return Cell(f"Tanner 1975, Table {self.table}", f"{self.label}{when}", words, value)


@lru_cache(maxsize=1)
def bands() -> dict[Sex, tuple[Band, ...]]:
    """Load Tables V (boys) and VI (girls).

    Raises
    ------
    TableError
        If the file is missing, changed or broken.
    """
    needed = ("sex", "table", "menarche_group", "age_band_years", "residual_sd_cm", "note", *_COLUMNS)
    columns = read_published("adult_height", _FILE, needed)
    sexes, sds = columns.sexes(), columns.numbers("residual_sd_cm")
    numbers = {name: columns.numbers(name) for name in _COLUMNS}
    groups = {"all": None, "premenarcheal": False, "postmenarcheal": True}
    labels = columns.text("age_band_years")
    found: dict[Sex, tuple[Band, ...]] = {}
    for index, sex in enumerate(SEXES):
        rows = [row for row in range(columns.rows) if sexes[row] == index]
        found[sex] = tuple(
            Band(
                columns.text("table")[row],
                labels[row],
                groups[columns.text("menarche_group")[row]],
                *_span(labels[row]),
                {name: float(values[row]) for name, values in numbers.items()},
                float(sds[row]),
                columns.text("note")[row],
            )
            for row in rows
        )
    return found


def _span(label: str) -> tuple[float, float]:
    """Return the months that a band covers: ``8.5-`` is 8.5 to below 9 years, ``4,5+`` is 4 to below 6."""
    years = [float(word) for word in label.rstrip("-+").split(",")]
    return 12 * years[0], (12 * years[-1] + (12 if label.endswith("+") else HALF_YEAR))


def compute(inputs: TannerInputs) -> Computed:
    """Predict adult height from complete inputs.

    Raises
    ------
    Refusal
        ``age_outside_table``.
    """
    sex, age, bone_age = inputs.sex, inputs.chronological_age_months, inputs.bone_age_months
    assert sex is not None and age is not None and bone_age is not None and inputs.height_cm is not None
    table = bands()[sex]
    menarche = inputs.menarche if inputs.menarche_matters else None
    band = next((item for item in table if item.first <= age < item.end and item.menarche == menarche), None)
    if band is None:
        first, end = min(item.first for item in table), max(item.end for item in table)
        msg = keyed(
            "age_outside_bands",
            "the equations for {who} cover chronological ages from {first} to below {end}; this one is {age}",
            who=SEX_NAMES[sex],
            first=ExactAge(first),
            end=ExactAge(end),
            age=ExactAge(age),
        )
        raise Refusal("age_outside_table", msg, remedy=NOT_EXTRAPOLATED)
    terms = {
        "height_cm": inputs.height_cm,
        "chronological_age_years": age / 12,
        "rus_tw2_bone_age_years": bone_age / 12,
        "constant_cm": 1.0,
    }
    predicted = sum(band.coefficients[name] * value for name, value in terms.items())
    cells = tuple(band.cell(words, band.coefficients[name]) for name, words in _COLUMNS.items())
    words = keyed(
        "residual_sd", "Residual SD of the equation {sd:g} cm among the publication's children.", sd=band.sd_cm
    )
    if "estimated" in band.note:
        words = keyed("estimated_sd", "{error} The original marks this SD as estimated.", error=words)
    error = StatedError(band.sd_cm, words, (band.cell("residual SD, cm", band.sd_cm),))
    notes = [_NO_PARENTS]
    if inputs.menarche is not None and menarche is None:
        notes.append(_NO_MENARCHE)
    return Computed(predicted, cells, error, words, tuple(notes))
