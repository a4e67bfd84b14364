"""Bayley & Pinneau 1952: present height divided by the share of the adult height that this bone age has reached.

Three tables a sex. *Average* is for bone ages within a year of the chronological age, *accelerated* for those a year or
more ahead, *retarded* for those a year or more behind. Between the printed bone ages the percentage is interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from boneage.adult_height.answer import Computed, StatedError
from boneage.adult_height.inputs import INCH_CM, BayleyPinneauInputs
from boneage.adult_height.scales import Scale
from boneage.errors import Refusal
from boneage.keyed_text import ExactAge, KeyedText, keyed
from boneage.reference.age_words import row_words
from boneage.reference.published import Cell, bracket, read_published
from boneage.reference.rows import SEX_NAMES, SEXES, Sex

GROUP: Final = "adult_height"
SCALES: Final[tuple[Scale, ...]] = ("greulich_pyle", "automatic")
ONE_YEAR: Final = 12
NEAR_THE_RULE: Final = 3
"""Months within which the choice of table hangs on the reading; the neighbouring table's answer is then said too."""

Group = Literal["accelerated", "average", "retarded"]
_PERCENT: Final = "bp1952_percent_mature_height.csv"
_ERRORS: Final = "bp1952_tables4_5_prediction_error_inches.csv"
_ERROR_COLUMNS: Final = {"standardization": "standardization group", "validation": "validation group"}


@dataclass(frozen=True)
class PercentTable:
    """One table of Bayley and Pinneau (in two parts), by bone age in months, rising."""

    months: tuple[float, ...]
    percent: tuple[float, ...]
    parts: tuple[str, ...]

    def cell(self, row: int) -> Cell:
        """Name a row as a person finds it in the publication."""
        table = f"Bayley-Pinneau 1952, Table {self.parts[row]}"
        return Cell(table, row_words(self.months[row]), "% of mature height", self.percent[row])


@dataclass(frozen=True)
class ErrorColumn:
    """Mean and SD of the errors of one group of children, inches, by age in months."""

    table: str
    group: str
    months: tuple[float, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]


@lru_cache(maxsize=1)
def percent_tables() -> dict[tuple[Sex, Group], PercentTable]:
    """Load Tables II and III, by sex and group.

    Raises
    ------
    TableError
        If the file is missing, changed or broken.
    """
    needed = ("sex", "maturity_group", "table", "skeletal_age_months", "percent_of_mature_height")
    columns = read_published(GROUP, _PERCENT, needed)
    sexes, months = columns.sexes(), columns.numbers("skeletal_age_months")
    percent, groups = columns.numbers("percent_of_mature_height"), columns.text("maturity_group")
    tables: dict[tuple[Sex, Group], PercentTable] = {}
    for index, sex in enumerate(SEXES):
        for group in ("accelerated", "average", "retarded"):
            rows = [row for row in range(columns.rows) if sexes[row] == index and groups[row] == group]
            tables[sex, group] = PercentTable(
                tuple(float(months[row]) for row in rows),
                tuple(float(percent[row]) for row in rows),
                tuple(columns.text("table")[row] for row in rows),
            )
    return tables


@lru_cache(maxsize=1)
def error_columns() -> dict[Sex, tuple[ErrorColumn, ...]]:
    """Load Tables IV and V: for each sex the errors in the standardization group and in the validation group.

    Raises
    ------
    TableError
        If the file is missing, changed or broken.
    """
    numbers = [f"{name}_{what}" for name in _ERROR_COLUMNS for what in ("mean_error_in", "sd_in")]
    columns = read_published(GROUP, _ERRORS, ("sex", "table", "age_years_months", *numbers))
    sexes, ages = columns.sexes(), [_months(word) for word in columns.text("age_years_months")]
    found: dict[Sex, tuple[ErrorColumn, ...]] = {}
    for index, sex in enumerate(SEXES):
        both = []
        for name, words in _ERROR_COLUMNS.items():
            mean = columns.numbers(f"{name}_mean_error_in", blank_is_nan=True)
            sd = columns.numbers(f"{name}_sd_in", blank_is_nan=True)
            rows = [row for row in range(columns.rows) if sexes[row] == index and sd[row] == sd[row]]
            values = [tuple(float(column[row]) for row in rows) for column in (mean, sd)]
            both.append(ErrorColumn(columns.text("table")[rows[0]], words, tuple(ages[row] for row in rows), *values))
        found[sex] = tuple(both)
    return found


def _months(word: str) -> float:
    years, _, months = word.partition("-")
    return 12 * int(years) + int(months)


def group_of(bone_age_months: float, chronological_age_months: float) -> Group:
    """Return the table by the rule of the publication: a year or more ahead or behind, else average.

    Examples
    --------
    >>> group_of(132, 120), group_of(131, 120), group_of(108, 120)
    ('accelerated', 'average', 'retarded')
    """
    difference = bone_age_months - chronological_age_months
    if difference >= ONE_YEAR:
        return "accelerated"
    return "retarded" if difference <= -ONE_YEAR else "average"


def bone_age_range(sex: Sex, group: Group) -> tuple[float, float]:
    """Return the first and last bone age of a table, months."""
    months = percent_tables()[sex, group].months
    return months[0], months[-1]


def compute(inputs: BayleyPinneauInputs) -> Computed:
    """Predict adult height from complete inputs.

    Raises
    ------
    Refusal
        ``bone_age_outside_table``.
    """
    sex, height, bone_age = inputs.sex, inputs.height_cm, inputs.bone_age_months
    assert sex is not None and height is not None and bone_age is not None  # `missing` has been asked
    age = inputs.chronological_age_months
    notes = []
    if inputs.maturity_group == "auto":
        assert age is not None
        group = group_of(bone_age, age)
        words = "Table for {group} children, by the rule: {difference}."
        notes.append(keyed("table_by_rule", words, group=group, difference=_difference(bone_age - age)))
        notes += _near_the_rule(sex, height, bone_age, age, group)
    else:
        group = inputs.maturity_group
        notes.append(keyed("table_by_user", "Table for {group} children, as chosen by the user.", group=group))
        if age is not None and group_of(bone_age, age) != group:
            words = "By the rule it would be the table for {group} children."
            notes.append(keyed("table_would_be", words, group=group_of(bone_age, age)))
    first, last = bone_age_range(sex, group)
    if not first <= bone_age <= last:
        msg = keyed(
            "bone_age_outside_table",
            "the table for {group} {who} covers bone ages from {first} to {last}; this one is {age}",
            group=group,
            who=SEX_NAMES[sex],
            first=ExactAge(first),
            last=ExactAge(last),
            age=ExactAge(bone_age),
        )
        remedy = keyed("not_extrapolated_here", "There is no prediction by this table; nothing is extrapolated.")
        if sex == "M" and group == "retarded" and bone_age > last:
            remedy = keyed(
                "no_retarded_boys",
                "The publication has no table for retarded boys of this bone age; choose the table for average boys"
                " only if you mean to.",
            )
        raise Refusal("bone_age_outside_table", msg, remedy=remedy)
    table = percent_tables()[sex, group]
    place = bracket(table.months, bone_age)
    error, words = stated_error(sex, age, bone_age)
    predicted = 100 * height / place.blend(table.percent)
    return Computed(predicted, tuple(table.cell(row) for row in place.rows), error, words, tuple(notes))


def _difference(months: float) -> KeyedText:
    if months == 0:
        return keyed("ages_equal", "bone age and chronological age are equal")
    if months > 0:
        return keyed("age_ahead", "bone age is {months:.1f} months ahead of chronological age", months=months)
    return keyed("age_behind", "bone age is {months:.1f} months behind chronological age", months=-months)


def _near_the_rule(sex: Sex, height: float, bone_age: float, age: float, group: Group) -> list[KeyedText]:
    ahead = bone_age - age
    if abs(abs(ahead) - ONE_YEAR) > NEAR_THE_RULE:
        return []
    outer: Group = "accelerated" if ahead > 0 else "retarded"
    other: Group = "average" if group == outer else outer
    table = percent_tables()[sex, other]
    if not table.months[0] <= bone_age <= table.months[-1]:
        words = "The limit of one year is near; the table for {group} children does not cover this bone age."
        return [keyed("limit_near_uncovered", words, group=other)]
    value = 100 * height / bracket(table.months, bone_age).blend(table.percent)
    words = "The limit of one year is near; by the table for {group} children it would be {cm:.1f} cm."
    return [keyed("limit_near", words, group=other, cm=value)]


def stated_error(
    sex: Sex, chronological_age_months: float | None, bone_age_months: float
) -> tuple[StatedError | None, str]:
    """Return the error that Tables IV and V print for a child, interpolated, in cm; of two groups the larger SD.

    The tables go by chronological age, among healthy children, most of whom have a bone age near it. How far a
    prediction may err hangs on the growth that is left, which the bone age tells: where it is a year or more from the
    chronological age, the larger of the SDs at the two ages is stated.

    Parameters
    ----------
    sex, chronological_age_months, bone_age_months:
        Of the child.

    Returns
    -------
    tuple
        The error, or ``None`` and why none is stated: without a chronological age, or where nothing is printed for an
        age that it takes.
    """
    age = chronological_age_months
    if age is None:
        words = "The publication states errors by age: give the chronological age to have them."
        return None, keyed("error_by_age", words)
    printed = []
    for one in (age,) if group_of(bone_age_months, age) == "average" else (age, bone_age_months):
        error = _printed_error(sex, one)
        if error is None:
            first, last = _error_range(sex)
            words = "The publication states no error for an age of {age} (it does from {first} to {last})."
            said = keyed("error_not_of_this_age", words, age=ExactAge(one), first=ExactAge(first), last=ExactAge(last))
            return None, said
        printed.append(error)
    if len(printed) == 1:
        return printed[0], printed[0].words
    by_age, by_bone_age = printed
    larger = max(printed, key=lambda error: error.sd_cm)
    text = keyed(
        "error_of_two_ages",
        "{error} As bone age and chronological age are a year or more apart, the SDs at both are compared and the"
        " larger is stated: at the chronological age {by_age:.1f} cm, at the bone age {by_bone_age:.1f} cm.",
        error=larger.words,
        by_age=by_age.sd_cm,
        by_bone_age=by_bone_age.sd_cm,
    )
    return StatedError(larger.sd_cm, text, by_age.cells + by_bone_age.cells), text


def _error_range(sex: Sex) -> tuple[float, float]:
    """Return the first and last age that an error is printed for, months."""
    columns = error_columns()[sex]
    return min(column.months[0] for column in columns), max(column.months[-1] for column in columns)


def _printed_error(sex: Sex, age: float) -> StatedError | None:
    """Return what Tables IV and V print at one age, or ``None`` where they print nothing."""
    covering = [column for column in error_columns()[sex] if column.months[0] <= age <= column.months[-1]]
    if not covering:
        return None
    said, sds, cells = [], [], []
    for column in covering:
        place = bracket(column.months, age)
        mean, sd = place.blend(column.mean) * INCH_CM, place.blend(column.sd) * INCH_CM
        sds.append(sd)
        words = "{group}: SD {sd:.1f} cm, mean {mean:+.1f} cm"
        said.append(keyed("error_of_group", words, group=column.group, sd=sd, mean=round(mean, 1) + 0.0))
        for row in place.rows:
            name, where = f"Bayley-Pinneau 1952, Table {column.table}", row_words(column.months[row])
            cells.append(Cell(name, where, f"SD of error, {column.group}, inches", column.sd[row]))
    both = said[0] if len(said) == 1 else keyed("errors", "{first}; {second}", first=said[0], second=said[1])
    text = keyed(
        "error_among_children",
        "Among the publication's children of {age}, {groups}. The larger SD is stated."
        " Tables IV and V, converted from inches, signs as printed; their age is taken as chronological age.",
        age=ExactAge(age),
        groups=both,
    )
    return StatedError(max(sds), text, tuple(cells))
