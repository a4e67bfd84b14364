"""Khamis & Guo 1993, the modified Roche-Wainer-Thissen equations: stature, weight, mid-parent height, skeletal age."""

from __future__ import annotations

from typing import Final

from boneage.adult_height.answer import Computed
from boneage.adult_height.inputs import RegressionInputs
from boneage.adult_height.regression import PLAIN_MEAN, Doubt, Equations, solve
from boneage.adult_height.scales import Scale
from boneage.keyed_text import keyed

SCALES: Final[tuple[Scale, ...]] = ("fels", "greulich_pyle", "automatic")

EQUATIONS: Final = Equations(
    file="khamis_guo1993_modified_rwt_coefficients.csv",
    age_column="target_age_years",
    months_each=12,
    title="Khamis-Guo 1993",
    columns={
        "stature_cm": "coefficient of stature",
        "weight_kg": "coefficient of weight",
        "midparent_stature_cm": "coefficient of mid-parent height",
        "skeletal_age_years": "coefficient of skeletal age",
        "intercept_cm": "intercept",
    },
    doubts=(Doubt("M", 150, "weight_kg", 0.01995, "-0.05323, -0.03687, this one, -0.00337"),),
)

_ERROR: Final = keyed(
    "no_error_in_tables", "Not stated here: no error of these equations stands in the tables that could be checked."
)

_FELS: Final = keyed(
    "made_with_fels",
    "The equations were made with Fels skeletal ages; with a bone age of the Greulich-Pyle kind their error is not"
    " known.",
)


def compute(inputs: RegressionInputs) -> Computed:
    """Predict adult height from complete inputs.

    Raises
    ------
    Refusal
        ``age_outside_table``, ``unreliable_table_cell``.
    """
    assert inputs.sex is not None and inputs.height_cm is not None and inputs.weight_kg is not None
    assert inputs.midparent_height_cm is not None and inputs.bone_age_months is not None
    assert inputs.chronological_age_months is not None
    notes = [PLAIN_MEAN]
    if inputs.bone_age_scale != "fels":
        notes.append(_FELS)
    terms = {
        "stature_cm": inputs.height_cm,
        "weight_kg": inputs.weight_kg,
        "midparent_stature_cm": inputs.midparent_height_cm,
        "skeletal_age_years": inputs.bone_age_months / 12,
    }
    solved = solve(EQUATIONS, inputs.sex, inputs.chronological_age_months, terms)
    return Computed(solved.cm, solved.cells, None, _ERROR, (*notes, *solved.notes))
