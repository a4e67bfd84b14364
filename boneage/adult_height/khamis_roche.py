"""Khamis & Roche 1994, as corrected in 1995: stature, weight and mid-parent height, without a bone age.

Pediatrics 1994;94:504-507. The erratum, 1995;95:457, replaces both tables: in those of 1994 the coefficients of weight
are ten times too small.
"""

from __future__ import annotations

from typing import Final

from boneage.adult_height.answer import Computed
from boneage.adult_height.inputs import INCH_CM, POUND_KG, KhamisRocheInputs
from boneage.adult_height.regression import PLAIN_MEAN, Equations, solve
from boneage.keyed_text import keyed

EQUATIONS: Final = Equations(
    file="khamis_roche1994_erratum1995_coefficients.csv",
    age_column="age_years",
    months_each=12,
    title="Khamis-Roche 1994 (erratum 1995)",
    columns={
        "stature_in": "coefficient of stature (in)",
        "weight_lb": "coefficient of weight (lb)",
        "midparent_stature_in": "coefficient of mid-parent height (in)",
        "intercept_in": "intercept (in)",
    },
    intercept="intercept_in",
    length_cm=INCH_CM,
)

_ERROR: Final = keyed(
    "no_error_table",
    "Not stated in what could be checked. Commonly quoted, though not read in the article: nine of ten predictions"
    " within 5.3 cm for boys and 4.3 cm for girls.",
)

_NOTES: Final = (
    keyed("no_bone_age", "No bone age enters: whether the child is early or late is not known to this method."),
    PLAIN_MEAN,
    keyed("white_american", "Made for white American children free of disease."),
)


def compute(inputs: KhamisRocheInputs) -> Computed:
    """Predict adult height in cm from complete inputs in cm and kg; the equations are in inches and pounds.

    Raises
    ------
    Refusal
        ``age_outside_table``.
    """
    assert inputs.sex is not None and inputs.height_cm is not None and inputs.weight_kg is not None
    assert inputs.midparent_height_cm is not None and inputs.chronological_age_months is not None
    terms = {
        "stature_in": inputs.height_cm / INCH_CM,
        "weight_lb": inputs.weight_kg / POUND_KG,
        "midparent_stature_in": inputs.midparent_height_cm / INCH_CM,
    }
    solved = solve(EQUATIONS, inputs.sex, inputs.chronological_age_months, terms)
    return Computed(solved.cm, solved.cells, None, _ERROR, (*_NOTES, *solved.notes))
